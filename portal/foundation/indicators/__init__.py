"""The registry of numbers that each module can measure."""
