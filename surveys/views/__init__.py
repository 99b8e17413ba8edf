"""Screens of what is listened to."""
