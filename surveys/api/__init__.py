"""What other programs ask of this module."""
