"""Screens of one's own account and of the people of a place."""
