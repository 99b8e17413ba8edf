"""Template tags of this module."""
