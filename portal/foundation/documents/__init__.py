"""Accessible PDF reports."""
