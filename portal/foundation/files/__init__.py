"""Private uploads, checked by content."""
