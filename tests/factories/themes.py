"""Searches for themes at each point of their life, brought there by the real verbs and jobs, over made-up texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.foundation.jobs import domain as jobs
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys import sources
from surveys.domain import theme_naming, theme_reading, themes
from surveys.domain.theme_reading import Reading
from surveys.models import Theme, ThemeRun
from surveys.sources import SourceText, TextSource
from tests.factories.people import user_with_role
from tests.factories.territories import MunicipalityFactory
from tests.surveys.samples import texts_with_themes

NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
KEY = "tests.notes"
PERSONAL = "Soy Rosa Secreta, RUN 12.345.678-5, y esperé horas"

_SAID: dict[int, list[SourceText]] = {}


def _texts(territories: Sequence[Any], period: Any) -> Iterator[SourceText]:
    for territory in territories:
        for said in _SAID.get(territory.pk, []):
            if period.starts_on <= said.said_on <= period.ends_on:
                yield said


NOTES = TextSource(KEY, "Apuntes de prueba", _texts, url=lambda reference: f"/apuntes/{reference}/")


@contextmanager
def notes() -> Iterator[None]:
    """The made-up source is there, and empty at the start."""
    _SAID.clear()
    sources.register(NOTES)
    try:
        yield
    finally:
        sources.unregister(KEY)
        _SAID.clear()


def say(municipality: Territory, text: str, **fields: Any) -> SourceText:
    """Somebody says something there."""
    known = _SAID.setdefault(municipality.pk, [])
    said = SourceText(**{"reference": str(len(known) + 1), "text": text, "said_on": FIRST, **fields})
    known.append(said)
    return said


def say_many(municipality: Territory, count: int = 80, seed: int = 1) -> None:
    """So many texts about four matters, on different days of the half year."""
    for number, text in enumerate(texts_with_themes(count, seed)[0]):
        say(municipality, text, said_on=FIRST + timedelta(days=number % 181))


def leader(municipality: Territory, role: Role = Role.COORDINATOR) -> User:
    return user_with_role(role, municipality)


def started(
    municipality: Territory | None = None, *, by: User | None = None, at: datetime = NOW, **days: Any
) -> ThemeRun:
    """Ordered; its job has not run yet."""
    municipality = municipality or MunicipalityFactory()
    period = {"starts_on": FIRST, "ends_on": LAST, **days}
    return themes.start_run(
        municipality=municipality, source_keys=[KEY], by=by or leader(municipality), at=at, **period
    )


def work(run: ThemeRun, at: datetime = NOW) -> ThemeRun:
    """Let the job do what was ordered."""
    run.refresh_from_db()
    assert run.job_id is not None
    jobs.run(job_id=run.job_id, now=lambda: at)
    run.refresh_from_db()
    return run


def to_read(municipality: Territory | None = None, *, texts: int = 0, by: User | None = None, **days: Any) -> ThemeRun:
    """Collected and masked; :data:`PERSONAL` is among the texts."""
    municipality = municipality or MunicipalityFactory()
    if texts:
        say_many(municipality, texts)
    say(municipality, PERSONAL)
    return work(started(municipality, by=by, **days))


def read(run: ThemeRun | None = None, *, by: User | None = None, **fields: Any) -> ThemeRun:
    """Every text was read."""
    run = run or to_read(**fields)
    readings = [
        Reading(pk, hide=("Rosa Secreta",) if "Rosa Secreta" in text else ())
        for pk, text in run.texts.values_list("pk", "text")
    ]
    theme_reading.read_texts(run=run, readings=readings, by=by or leader(run.municipality), at=NOW)
    return run


def grouped(municipality: Territory | None = None, *, texts: int = 80, by: User | None = None, **days: Any) -> ThemeRun:
    """Groups are proposed; none has a name."""
    run = read(to_read(municipality, texts=texts, by=by, **days), by=by)
    themes.ask_for_groups(run=run, by=by or leader(run.municipality), at=NOW)
    return work(run)


def by_hand(municipality: Territory | None = None, *, by: User | None = None, **days: Any) -> ThemeRun:
    """Too few texts for groups: the quick way to a run whose themes are named. All its texts have no theme."""
    return grouped(municipality, texts=0, by=by, **days)


def named(run: ThemeRun, name: str = "Mucha espera", *, texts: Sequence[int] | None = None, **fields: Any) -> Theme:
    """A theme made by hand, with the run's texts in it unless others are given."""
    by = leader(run.municipality)
    theme = theme_naming.add_theme(run=run, name=name, by=by, at=NOW, **fields)
    ids = list(run.texts.values_list("pk", flat=True)) if texts is None else list(texts)
    if ids:
        theme_naming.move_texts(run=run, texts=ids, into=theme, by=by, at=NOW)
    return theme


def closed(municipality: Territory | None = None, *, counts: dict[str, int] | None = None, **fields: Any) -> ThemeRun:
    """A closed run whose themes (by name) have so many texts each, and one text has none."""
    municipality = municipality or MunicipalityFactory()
    wanted = counts or {"Mucha espera": 6, "Mal trato": 2}
    for name, count in wanted.items():
        for _number in range(count):
            say(municipality, f"Texto de {name}", said_on=fields.get("ends_on", LAST))
    run = by_hand(municipality, **fields)
    for name in wanted:
        ids = run.texts.filter(text=f"Texto de {name}").values_list("pk", flat=True)
        named(run, name, texts=list(ids))
    return themes.close_run(run=run, by=leader(municipality), at=NOW)
