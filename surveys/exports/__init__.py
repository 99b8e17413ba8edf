"""Tables to take away, one file per noun."""
