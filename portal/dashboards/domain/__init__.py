"""Verbs of the first screens."""
