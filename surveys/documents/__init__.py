"""Sheets of this module: the receipt of a complaint, and the report of a survey's results."""
