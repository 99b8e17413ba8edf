"""A code and a secret for whoever has no account: one door back to what one sent."""
