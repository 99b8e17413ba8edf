"""Every figure that this module publishes, as pure functions (docs/adr/0050-survey-statistics.md).

``counts``: complaints and suggestions, which are counted, not sampled. The others serve the yearly survey:
``sampling`` (before), ``weighting`` and ``response`` (who answered), ``tallies`` and ``estimates`` (what
they said), ``pooling`` and ``comparison`` (two years, two places), ``standardized`` (the bracket),
``drivers`` and ``ordinal`` (what moves the overall mark), ``disclosure`` (what may be shown).

Nothing here gives NaN or infinity as a figure: what cannot be said is None, and a reason beside it says why.
"""

from surveys.statistics.counts import (
    SMALLEST_PUBLIC_CELL,
    Quarter,
    mean,
    per_thousand,
    quantile,
    suppressed,
)

__all__ = ["SMALLEST_PUBLIC_CELL", "Quarter", "mean", "per_thousand", "quantile", "suppressed"]
