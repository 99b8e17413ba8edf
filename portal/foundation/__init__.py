"""What every module shares; nothing here imports the rest of portal or a feature module."""
