"""What this module gives away as files, one file per noun."""
