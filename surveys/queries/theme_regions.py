"""Themes from above: closed searches of several municipalities, as counts without texts and without small cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold
from quality.models import Standard
from quality.queries.catalogue import latest_version
from surveys.models import ThemeRun
from surveys.statistics import SMALLEST_PUBLIC_CELL, suppressed

_WITHOUT = "without"


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty values ask for nothing."""

    text: str = ""
    year: int | None = None
    region: Territory | None = None


@dataclass(frozen=True)
class StandardCount:
    """Named themes of the searches shown that speak of a standard; ``texts`` is None where there are few."""

    code: str
    standard: Standard | None
    municipalities: int
    themes: int
    texts: int | None


def latest_runs(user: Any, wanted: Wanted) -> QuerySet[ThemeRun]:
    """The last closed search of each municipality that ``user`` sees, by name."""
    closed = ThemeRun.objects.closed().visible_to(user)
    if wanted.year:
        closed = closed.filter(ends_on__year=wanted.year)
    last = closed.filter(municipality=OuterRef("municipality")).order_by("-ends_on", "-pk").values("pk")[:1]
    found = closed.filter(pk=Subquery(last))
    if wanted.region is not None:
        found = found.filter(municipality__region=wanted.region)
    if wanted.text.strip():
        found = found.filter(municipality__search_name__contains=fold(wanted.text))
    return found.select_related("municipality__region").order_by("municipality__search_name", "pk")


def years(user: Any) -> list[int]:
    """Years in which a search that the user sees ended, newest first."""
    dates = ThemeRun.objects.closed().visible_to(user).order_by().dates("ends_on", "year", order="DESC")
    return [day.year for day in dates]


def by_standard(user: Any, wanted: Wanted) -> list[StandardCount]:
    """How many themes and texts speak of each standard, the most frequent first; two queries.

    A theme of two standards counts under both, so nothing here adds up to a total.
    """
    municipalities: defaultdict[str, set[int]] = defaultdict(set)
    themes: defaultdict[str, int] = defaultdict(int)
    texts: defaultdict[str, int] = defaultdict(int)
    for municipality, summary in latest_runs(user, wanted).values_list("municipality_id", "summary"):
        for theme in summary["themes"]:
            for code in theme["standards"]:
                municipalities[code].add(municipality)
                themes[code] += 1
                texts[code] += theme["texts"]
    named = _standards(themes)
    rows = [
        StandardCount(
            code,
            named.get(code),
            len(municipalities[code]),
            themes[code],
            texts[code] if texts[code] >= SMALLEST_PUBLIC_CELL else None,
        )
        for code in themes
    ]
    return sorted(rows, key=lambda row: (-texts[row.code], row.code))


def from_outside(summary: dict[str, Any]) -> dict[str, Any]:
    """The counts of one search as others than its municipality see them.

    Fewer than five texts are hidden, and where that would follow from the total, the next smallest
    number too. Nothing is shown by month, and what was masked is not counted out.
    """
    cells = {str(theme["id"]): theme["texts"] for theme in summary["themes"]}
    seen = suppressed({**cells, _WITHOUT: summary["read"] - summary["grouped"]})
    themes = [_seen_theme(theme, seen[str(theme["id"])]) for theme in summary["themes"]]
    grouped = summary["grouped"] if seen[_WITHOUT] is not None else None
    return {**summary, "themes": themes, "grouped": grouped, "months": [], "by_month": {}, "masked": {}}


def standards_of(summary: dict[str, Any] | None) -> dict[str, Standard]:
    """Code → standard of the latest catalogue, for the themes of one search."""
    return _standards(code for theme in (summary or {}).get("themes", []) for code in theme["standards"])


def _seen_theme(theme: dict[str, Any], texts: int | None) -> dict[str, Any]:
    if texts is not None:
        return {**theme, "by_month": {}}
    return {**theme, "texts": None, "share": None, "per_thousand": None, "by_month": {}}


def _standards(codes: Iterable[str]) -> dict[str, Standard]:
    wanted = set(codes)
    if not wanted:
        return {}
    return {each.code: each for each in Standard.objects.filter(version=latest_version(), code__in=wanted)}
