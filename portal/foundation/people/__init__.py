"""Users, persons, households, organizations, roles with stand-ins, and what each may do."""
