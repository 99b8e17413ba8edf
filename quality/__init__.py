"""The yardstick: catalogue, self-diagnosis, levels, gaps."""
