"""Who did what, when; sealed in order so that an alteration shows."""
