"""Slow work of the benefit core; importing a module registers what does it."""
