"""Reports that this module makes as PDF, one file per noun."""
