"""Reading searches for themes: lists, what was counted, and what changed since the last one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from portal.foundation.indicators.intervals import wilson_difference
from portal.foundation.people.roles import MUNICIPAL_ROLES
from portal.foundation.territories.models import Territory
from surveys.enums import RunState, TextDecision
from surveys.models import Theme, ThemeRun, ThemeText
from surveys.queries.services import services
from surveys.statistics import per_thousand


def runs_of(user: Any) -> QuerySet[ThemeRun]:
    """The searches of the user's own municipalities, newest first, with how many texts wait and were read."""
    own = user.scope.territories("municipality_id", "municipality__path", MUNICIPAL_ROLES)
    pending, read = Q(texts__decision=TextDecision.PENDING), Q(texts__decision=TextDecision.READ)
    return (
        ThemeRun.objects.filter(own)
        .exclude(state=RunState.DISCARDED)
        .select_related("municipality", "created_by")
        .annotate(
            text_count=Count("texts"),
            pending_count=Count("texts", filter=pending),
            read_count=Count("texts", filter=read),
        )
        .order_by("-ends_on", "-pk")
    )


def own_municipalities(user: Any, roles: frozenset[Any]) -> QuerySet[Territory]:
    """The municipalities where the user holds one of ``roles``, by name."""
    return (
        Territory.objects.municipalities().filter(user.scope.territories("pk", "path", roles)).order_by("search_name")
    )


def latest_closed(municipality: Territory, *, before: ThemeRun | None = None) -> ThemeRun | None:
    """The closed search that ended last; earlier than ``before``, where given."""
    closed = ThemeRun.objects.closed().filter(municipality=municipality)
    if before is not None:
        closed = closed.filter(ends_on__lte=before.ends_on).exclude(pk=before.pk)
    return closed.order_by("-ends_on", "-pk").first()


def reading_counts(run: ThemeRun, user: Any) -> dict[str, int]:
    """How many texts are to be read, read and left out; and how many of the first this person may not read."""
    counts = dict(run.texts.order_by().values_list("decision").annotate(n=Count("pk")))
    pending = counts.get(TextDecision.PENDING, 0)
    withheld = run.texts.filter(withheld_from=user.pk, decision=TextDecision.PENDING).count()
    return {
        "total": sum(counts.values()),
        "pending": pending,
        "read": counts.get(TextDecision.READ, 0),
        "left_out": counts.get(TextDecision.LEFT_OUT, 0),
        "withheld": withheld,
        "done": sum(counts.values()) - pending,
    }


def texts_to_read(run: ThemeRun, user: Any, decision: str) -> QuerySet[ThemeText]:
    return (
        run.texts.readable_by(user).filter(decision=decision).select_related("step__version", "read_by").order_by("pk")
    )


def live_themes(run: ThemeRun) -> QuerySet[Theme]:
    """Proposed and named themes with their texts counted, the largest first."""
    return (
        run.themes.live()
        .annotate(text_count=Count("texts"))
        .select_related("continues", "decided_by")
        .prefetch_related("standards")
        .order_by("-text_count", "number")
    )


def texts_of(run: ThemeRun, theme: Theme | None, user: Any) -> QuerySet[ThemeText]:
    """The texts of a theme, the most typical first; of none, those that were read and belong to no theme."""
    texts = run.texts.readable_by(user).filter(decision=TextDecision.READ, theme=theme)
    return texts.select_related("step__version").order_by(F("weight").desc(nulls_last=True), "pk")


def typical_texts(theme: Theme, user: Any) -> list[ThemeText]:
    """The texts to read first, as they were proposed, without what has left the theme since."""
    places = {pk: place for place, pk in enumerate(theme.typical)}
    texts = ThemeText.objects.readable_by(user).filter(theme=theme, pk__in=places)
    return sorted(texts, key=lambda text: places[text.pk])


def themes_to_continue(run: ThemeRun) -> QuerySet[Theme]:
    """Named themes of the last closed search before this one."""
    previous = latest_closed(run.municipality, before=run)
    return Theme.objects.accepted().filter(run=previous).order_by("name") if previous else Theme.objects.none()


# --- What is counted


def counted(run: ThemeRun) -> dict[str, Any]:
    """The counts of a search as they are now, as JSON holds them; no text is in them. Constant queries.

    ``share`` is of the texts read, all of them counted; ``per_thousand`` of the attentions in the
    period, None where nobody registered any. Months go from the first to the last of the period.
    """
    by_decision = dict(run.texts.order_by().values_list("decision").annotate(n=Count("pk")))
    read = by_decision.get(TextDecision.READ, 0)
    months = months_between(run.starts_on, run.ends_on)
    by_theme = _by_month(run)
    masked: Counter[str] = Counter()
    for found in run.texts.exclude(found={}).values_list("found", flat=True):
        masked.update(found)
    attentions = services([run.municipality], run.period)[run.municipality_id]
    themes = [
        _counted_theme(theme, by_theme[theme.pk], read, months, attentions)
        for theme in run.themes.accepted().prefetch_related("standards").order_by("number")
    ]
    themes.sort(key=lambda theme: (-theme["texts"], theme["name"]))
    return {
        "texts": sum(by_decision.values()),
        "read": read,
        "left_out": by_decision.get(TextDecision.LEFT_OUT, 0),
        "pending": by_decision.get(TextDecision.PENDING, 0),
        "grouped": sum(theme["texts"] for theme in themes),
        "attentions": attentions or None,
        "months": months,
        "by_month": {month: sum(counts[month] for counts in by_theme.values()) for month in months},
        "masked": dict(sorted(masked.items())),
        "themes": themes,
    }


def months_between(first: date, last: date) -> list[str]:
    """``["2026-01", "2026-02"]``: every month that has a day of the period."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [f"{index // 12}-{index % 12 + 1:02}" for index in range(start, end + 1)]


def _by_month(run: ThemeRun) -> defaultdict[int | None, Counter[str]]:
    """Theme id (None: without) → month → texts read."""
    found: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    rows = (
        run.texts.filter(decision=TextDecision.READ)
        .order_by()
        .annotate(month=TruncMonth("said_on"))
        .values_list("theme_id", "month")
        .annotate(n=Count("pk"))
    )
    for theme, month, count in rows:
        found[theme][f"{month:%Y-%m}"] += count
    return found


def _counted_theme(
    theme: Theme, by_month: Counter[str], read: int, months: list[str], attentions: int
) -> dict[str, Any]:
    texts = sum(by_month.values())
    return {
        "id": theme.pk,
        "number": theme.number,
        "name": theme.name,
        "standards": sorted(standard.code for standard in theme.standards.all()),
        "words": theme.words,
        "stability": theme.stability,
        "texts": texts,
        "share": texts / read if read else None,
        "per_thousand": per_thousand(texts, attentions),
        "by_month": {month: by_month[month] for month in months},
        "continues": theme.continues_id,
    }


@dataclass(frozen=True)
class Change:
    """A theme now and in the search before; ``verdict``: more, less, unclear, new or gone."""

    name: str
    now: dict[str, Any] | None
    before: dict[str, Any] | None
    verdict: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None


def changes(run: ThemeRun) -> list[Change]:
    """What a closed search says beside the one before it; empty where there is none."""
    if run.previous is None or not run.summary or not run.previous.summary:
        return []
    before = {theme["id"]: theme for theme in run.previous.summary["themes"]}
    read, read_before = run.summary["read"], run.previous.summary["read"]
    found = []
    for now in run.summary["themes"]:
        earlier = before.pop(now["continues"], None)
        if earlier is None or not read or not read_before:
            found.append(Change(now["name"], now, earlier, "new" if earlier is None else "unclear"))
            continue
        low, high = wilson_difference(now["texts"], read, earlier["texts"], read_before)
        verdict = "more" if low > 0 else "less" if high < 0 else "unclear"
        found.append(Change(now["name"], now, earlier, verdict, now["share"] - earlier["share"], low, high))
    return found + [Change(theme["name"], None, theme, "gone") for theme in before.values()]
