"""One year's round beside the year before, from the figures that were frozen. Pure.

The overall mark is tested by itself, since it is what the survey is held for. All the others are looked at together,
so their p values are corrected for being many. In prose: ``docs/algorithms/survey-comparison.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.statistics.answered import stored
from surveys.statistics.comparison import (
    Basis,
    Change,
    Obstacle,
    Verdict,
    beside_the_mix,
    corrected,
    obstacles_between,
    share_change,
)

Figures = Mapping[str, Any]


def basis_of(found: Figures) -> Basis:
    """What a round's figures stand on."""
    weights = found["weights"]
    return Basis(
        wording=found["questionnaire"],
        channels=frozenset(found["strata"]),
        weighted_by=frozenset(weights.get("by", ["channel"] if weights["used"] else [])),
        is_voluntary=found["basis"] != "sample",
    )


def changes(before: Figures, after: Figures) -> dict[str, Any]:
    """Change of the share of marks 6 and 7 from ``before`` to ``after``, of each item and component.

    ``before`` also says which ``year`` it is of. Where the two are no comparison, ``obstacles`` says every reason
    and no figure is given.
    """
    against = obstacles_between(basis_of(before), basis_of(after))
    found: dict[str, Any] = {"year": before.get("year"), "obstacles": [one.value for one in against]}
    if against:
        return found | {"items": {}, "components": {}, "standardized": None}
    tops = {code: item["top"] for code, item in after["items"].items() if "top" in item}
    olds = {code: item["top"] for code, item in before["items"].items() if "top" in item}
    headline = _headline(after)
    raw = {("items", code): share_change(stored(olds.get(code)), stored(top)) for code, top in tops.items()}
    raw |= {
        ("components", code): share_change(stored(before["components"].get(code)), stored(top))
        for code, top in after["components"].items()
    }
    judged = corrected({key: one for key, one in raw.items() if key != ("items", headline)})
    standardized = _standardized(before, after)
    if headline in tops:
        alone = raw["items", headline]
        judged["items", headline] = beside_the_mix(alone, standardized) if standardized else alone
    return found | {
        "items": {code: _plain(judged["items", code], olds.get(code)) for code in tops},
        "components": {
            code: _plain(judged["components", code], before["components"].get(code)) for code in after["components"]
        },
        "standardized": _plain(standardized, before["bracket"]["standardized"]) if standardized else None,
    }


def _headline(found: Figures) -> str:
    """The overall mark, whose code the questionnaire gives; "" where there is none."""
    return str(found.get("overall") or "")


def _standardized(before: Figures, after: Figures) -> Change | None:
    """Both years with the same mix of brackets; None where one of them was not, or with another mix."""
    old, new = before.get("bracket"), after.get("bracket")
    if not old or not new or old["mix"] != new["mix"] or not old["standardized"] or not new["standardized"]:
        return None
    return share_change(stored(old["standardized"]), stored(new["standardized"]))


def _plain(change: Change, old: Figures | None) -> dict[str, Any]:
    interval = change.interval
    return {
        "verdict": change.verdict.value,
        "difference": change.difference,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "p": change.p,
        "adjusted": change.adjusted,
        "obstacles": [one.value for one in change.obstacles],
        "before": dict(old) if old else None,
    }


def told_again(found: Figures) -> Change:
    """A stored change, to be judged together with others."""
    from surveys.statistics.intervals import Interval

    interval = None if found["low"] is None else Interval(found["low"], found["high"])
    return Change(
        Verdict(found["verdict"]),
        found["difference"],
        interval,
        found["p"],
        obstacles=tuple(Obstacle(one) for one in found["obstacles"]),
    )
