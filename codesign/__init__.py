"""Imagines: challenges, proposals, deliberation, prototypes."""
