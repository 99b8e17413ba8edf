"""Template filters of the module."""
