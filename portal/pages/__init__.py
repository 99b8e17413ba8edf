"""What people see first: content pages, municipality finder and public page."""
