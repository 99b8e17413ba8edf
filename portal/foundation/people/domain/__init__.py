"""What people of the programme do with accounts, roles, persons and households."""
