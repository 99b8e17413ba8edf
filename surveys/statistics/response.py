"""Who answered, and how they differ from whom was asked. Pure. Nothing is imputed.

In prose: ``docs/algorithms/survey-weights.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.statistics.comparison import Change, share_change
from surveys.statistics.estimates import NOTHING, Estimate, Tally, top_two
from surveys.statistics.intervals import wilson


def response_rate(answered: int, invited: int) -> Estimate:
    """Share of the invited who answered (RR1 of AAPOR's Standard Definitions, without partial answers)."""
    if not 0 <= answered <= invited:
        raise ValueError(f"{answered} of {invited} answered")
    if invited == 0:
        return NOTHING
    return Estimate(answered / invited, invited, float(invited), wilson(answered / invited, invited))


def response_rates(answered: Mapping[str, int], invited: Mapping[str, int]) -> dict[str, Estimate]:
    """The same for each channel."""
    return {channel: response_rate(answered.get(channel, 0), count) for channel, count in invited.items()}


def late_against_early(early: Tally, late: Tally) -> Change:
    """Do those who answered after the reminder say something else? They stand in for those who never
    answered (Armstrong and Overton, Journal of Marketing Research 14 (1977) 396-402)."""
    return share_change(top_two(early), top_two(late))


@dataclass(frozen=True)
class Distance:
    """Answers against the record of attentions.

    ``gaps``: share among the answers minus share in the record, by category; ``moved``: half the sum of
    their sizes, the share of answers that would have to belong to another category (dissimilarity
    index). Both None where one of the two is empty.
    """

    gaps: dict[str, float] | None
    moved: float | None


def against_record(answers: Mapping[str, float], record: Mapping[str, float]) -> Distance:
    """How far the mix of ``answers`` lies from that of the ``record``; counts or weights by category."""
    said, known = sum(answers.values()), sum(record.values())
    if said <= 0 or known <= 0:
        return Distance(None, None)
    names = [*record, *(name for name in answers if name not in record)]
    gaps = {name: answers.get(name, 0.0) / said - record.get(name, 0.0) / known for name in names}
    return Distance(gaps, sum(abs(gap) for gap in gaps.values()) / 2)
