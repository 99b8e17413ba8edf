"""Tables, charts and spreadsheets from frames."""
