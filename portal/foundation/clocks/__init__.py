"""Legal terms in working days."""
