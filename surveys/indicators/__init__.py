"""What this module measures: complaints and how they are handled, and the yearly survey."""

from surveys.indicators import complaints, rounds


def register() -> None:
    complaints.register()
    rounds.register()
