"""The slow work of this module; importing it makes its jobs known."""

from surveys.jobs import rounds, themes

__all__ = ["rounds", "themes"]
