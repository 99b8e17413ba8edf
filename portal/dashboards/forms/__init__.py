"""Filters of the first screens, one file per noun."""
