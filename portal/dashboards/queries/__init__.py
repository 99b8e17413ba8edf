"""Reads across the modules for the first screens."""
