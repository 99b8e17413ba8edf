"""How a country writes numbers and dates where it differs from Django's own formats of the language."""
