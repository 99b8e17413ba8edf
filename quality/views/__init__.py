"""Screens of the module, one file per noun."""
