"""Spanish as Chile writes it: 1.500.000,5."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
