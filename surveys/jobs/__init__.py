"""The slow work of this module; importing it makes its jobs known."""

from surveys.jobs import mailings, rounds, themes

__all__ = ["mailings", "rounds", "themes"]
