"""Spanish as Chile writes it: 1.500.000,5; and one way to write a day, so that screens side by side agree."""

DATE_FORMAT = r"j \d\e F \d\e Y"
DATETIME_FORMAT = rf"{DATE_FORMAT}, H:i"
SHORT_DATE_FORMAT = DATE_FORMAT
SHORT_DATETIME_FORMAT = DATETIME_FORMAT
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
