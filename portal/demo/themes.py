"""A municipality looks for themes in what people say, half a year after the other; a neighbor begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from portal.demo import notes
from portal.demo.accounts import Team
from portal.demo.timeline import ZONE, Timeline
from portal.foundation.jobs import domain as jobs
from portal.foundation.people.models import User
from quality.models import CatalogueVersion, Standard
from surveys import masking
from surveys.domain import open311, theme_naming, theme_reading, themes
from surveys.domain.theme_reading import Reading
from surveys.models import Theme, ThemeRun
from surveys.queries import complaint_texts
from surveys.queries.themes import themes_to_continue

# A word that a group holds, what the coordinator calls it, and the standards that it speaks of.
NAMES = (
    ({"espera", "fila", "turno"}, "Me hicieron esperar mucho", ("E02", "E21")),
    ({"trato", "grosero", "funcionaria", "mesón"}, "Me trataron mal", ("E11",)),
    ({"página", "clave", "sistema"}, "La página y la clave no funcionan", ("E26",)),
    ({"certificado", "documento", "solicitud"}, "Piden papeles distintos cada vez", ("E16",)),
)
NOT_A_THEME = "Solo comparten palabras sueltas"
APPLICATION = {"name": "Barrio al Día", "holder": "Junta de Vecinos de Quillota", "email": "barrio@demo.example"}


@dataclass(frozen=True)
class Search:
    """One search: its days, the working day on which it is done, and how far it goes (closed, or read in part)."""

    starts_on: date
    ends_on: date
    looked_on: date
    is_closed: bool = True


def search(*, team: Team, searches: list[Search], catalogue: CatalogueVersion) -> None:
    """Each search in its order; the notes of the counter are read beside the complaints."""
    standards = {standard.code: standard for standard in catalogue.standards.all()}
    with notes.registered():
        for wanted in searches:
            _search(team, wanted, standards)


def _search(team: Team, wanted: Search, standards: dict[str, Standard]) -> None:
    at, by = datetime.combine(wanted.looked_on, time(15), tzinfo=ZONE), team.coordinator
    run = themes.start_run(
        municipality=team.municipality,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        source_keys=[complaint_texts.KEY, notes.KEY],
        by=by,
        at=at,
    )
    run = _work(run, at)
    _read(run, by, at, half=not wanted.is_closed)
    if wanted.is_closed:
        themes.ask_for_groups(run=run, by=by, at=at)
        run = _work(run, at)
        _name(run, standards, by, at)
        themes.close_run(run=run, by=by, at=at)


def halves(year: int, now: datetime) -> list[Search]:
    """The searches of a municipality that looks twice a year: those that are over, and the one begun."""
    worked = [day for each in (year - 1, year) for day in Timeline(each, now).worked]
    spans = [
        (date(year - 1, 7, 1), date(year - 1, 12, 31)),
        (date(year, 1, 1), date(year, 6, 30)),
        (date(year, 7, 1), date(year, 12, 31)),
    ]
    found = []
    for first, last in spans:
        after = [day for day in worked if day > last]
        within = [day for day in worked if first < day <= last]
        if after:
            found.append(Search(first, last, after[0]))
        elif within:
            found.append(Search(first, within[-1], within[-1], is_closed=False))
    return found


def give_key(*, national: User, at: datetime) -> None:
    """An application may send complaints by Open311. Nobody has its secret, so it sends none."""
    open311.issue_key(**APPLICATION, by=national, at=at)


def _work(run: ThemeRun, at: datetime) -> ThemeRun:
    """What the worker would do."""
    run.refresh_from_db()
    if run.job_id is not None:
        jobs.run(job_id=run.job_id, now=lambda: at)
    run.refresh_from_db()
    return run


def _read(run: ThemeRun, by: User, at: datetime, *, half: bool) -> None:
    texts = list(run.texts.readable_by(by).order_by("pk").values_list("pk", "text"))
    chosen = texts[: len(texts) // 2] if half else texts
    name = "Juana Pérez"
    readings = [Reading(pk, hide=() if masking.missing(text, [name]) else (name,)) for pk, text in chosen]
    theme_reading.read_texts(run=run, readings=readings, by=by, at=at)


def _name(run: ThemeRun, standards: dict[str, Standard], by: User, at: datetime) -> None:
    """Give each group the name that its words ask for; two of one matter are merged."""
    earlier = {theme.name: theme for theme in themes_to_continue(run)}
    named: dict[str, Theme] = {}
    for theme in run.themes.live().order_by("number"):
        found = _name_for(theme)
        if found is None:
            theme_naming.reject_theme(theme=theme, reason=NOT_A_THEME, by=by, at=at)
            continue
        name, codes = found
        if name in named:
            theme_naming.merge_theme(theme=theme, into=named[name], by=by, at=at)
            continue
        named[name] = theme_naming.name_theme(
            theme=theme,
            name=name,
            standards=[standards[code] for code in codes if code in standards],
            continues=earlier.get(name),
            by=by,
            at=at,
        )


def _name_for(theme: Theme) -> tuple[str, tuple[str, ...]] | None:
    best: Any = max(NAMES, key=lambda one: len(one[0] & set(theme.words)))
    return (best[1], best[2]) if best[0] & set(theme.words) else None
