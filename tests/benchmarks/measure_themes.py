"""Themes of ten thousand texts: how long a worker groups them, and what their pages cost."""

from __future__ import annotations

import time
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.benchmarks import registers
from tests.benchmarks.framework import Bench, at_most, measure
from tests.benchmarks.measure_lists import rows

FEW, MANY = 1_000, 10_000
THEMES = 8
FIRST = date(2026, 1, 1)


@measure(f"Themes: grouping {MANY:,} texts", at_most(300, "s"))
def group_texts(_bench: Bench) -> float:
    from surveys.topics import group
    from tests.surveys.samples import texts_with_themes

    texts, _matters = texts_with_themes(MANY)
    begin = time.perf_counter()
    group(texts)
    return time.perf_counter() - begin


def search() -> Any:
    """The measure's own search, whose themes are being named."""
    from django.utils import timezone

    from portal.foundation.people.models import User
    from surveys.models import Theme, ThemeRun

    known = ThemeRun.objects.filter(sources=["bench"]).first()
    if known is not None:
        return known
    now, by, territory = timezone.now(), User.objects.order_by("pk").first(), registers.place()
    ThemeRun.objects.open().filter(municipality=territory).update(
        state="discarded", discarded_by=by, discarded_at=now, discard_reason="bench"
    )
    [run] = ThemeRun.objects.bulk_create(
        [
            ThemeRun(
                municipality=territory,
                starts_on=FIRST,
                ends_on=date(2026, 6, 30),
                sources=["bench"],
                state="naming",
                outcome="grouped",
                created_by=by,
                created_at=now,
            )
        ]
    )
    Theme.objects.bulk_create(
        Theme(
            run=run,
            number=number,
            state="accepted",
            name=f"Tema {number}",
            words=["espera", "fila"],
            created_at=now,
            decided_by=by,
            decided_at=now,
        )
        for number in range(1, THEMES + 1)
    )
    return run


def make_texts(begin: int, count: int) -> None:
    """Texts that were read, one in ten of them without a theme."""
    from surveys.models import ThemeText

    run = search()
    themes = [*run.themes.order_by("number"), None]
    ThemeText.objects.bulk_create(
        ThemeText(
            run=run,
            source="bench",
            reference=str(number),
            said_on=FIRST + timedelta(days=number % 181),
            text=f"Esperé horas en la fila y nadie me atendió. Texto {number}.",
            found={},
            decision="read",
            read_by=run.created_by,
            read_at=run.created_at,
            theme=themes[number % len(themes)],
            weight=0.8,
        )
        for number in range(begin, begin + count)
    )


@cache
def costs(bench: Bench, count: int) -> dict[str, tuple[float, int]]:
    """Milliseconds and queries of each page."""
    with rows(make_texts, count):
        run = search()
        client = registers.client_of("coordinator", run.municipality)
        pages = {
            "the search": run.get_absolute_url(),
            "a theme": run.themes.order_by("number")[0].get_absolute_url(),
            "all searches": registers.url("surveys:themes"),
        }
        found = {}
        for name, address in pages.items():

            def ask(address: str = address) -> None:
                response = client.get(address)
                assert response.status_code == 200, f"{address}: {response.status_code}"

            found[name] = bench.milliseconds(ask), bench.queries(ask)
        return found


def register(page: str) -> None:
    @measure(f"Themes, {page}: time at {MANY:,} texts", at_most(200, "ms"))
    def milliseconds(bench: Bench) -> float:
        return costs(bench, MANY)[page][0]

    @measure(f"Themes, {page}: time at {MANY:,} texts over time at {FEW:,}", at_most(1.3, "×"))
    def ratio(bench: Bench) -> float:
        return costs(bench, MANY)[page][0] / costs(bench, FEW)[page][0]

    @measure(f"Themes, {page}: queries at {MANY:,} texts", at_most(10, "queries"))
    def queries(bench: Bench) -> float:
        return costs(bench, MANY)[page][1]


for each in ("the search", "a theme", "all searches"):
    register(each)
