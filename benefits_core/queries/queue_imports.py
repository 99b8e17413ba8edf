"""Reading a file of a queue machine row by row: what each says, and what is wrong with it, in plain words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits_core.enums import Outcome
from benefits_core.models import AttentionImport, ImportMapping, Matter
from benefits_core.queue_files import Moment, UnreadableCell, folded, is_yes, minutes, moment, order_of
from portal.foundation.territories.models import ServicePoint, Territory

# What a column may be, in the order of the form.
FIELDS = {
    "number": gettext_lazy("Number of the ticket"),
    "day": gettext_lazy("Day"),
    "arrived_at": gettext_lazy("Arrival"),
    "called_at": gettext_lazy("Call to the counter"),
    "ended_at": gettext_lazy("End of the service"),
    "wait": gettext_lazy("Time of wait"),
    "service": gettext_lazy("Time of service"),
    "matter": gettext_lazy("Matter"),
    "outcome": gettext_lazy("Outcome"),
    "preferential": gettext_lazy("Preferential"),
}
# By these words a heading is guessed, folded; the first field that matches takes it.
GUESSES = {
    "number": ("ticket", "turno", "numero", "folio", "correlativo", "nro", "n"),
    "day": ("fecha", "dia", "date"),
    "arrived_at": ("emision", "llegada", "creacion", "ingreso", "arrival", "impresion", "hora ticket"),
    "called_at": ("llamada", "llamado", "inicio", "called", "start"),
    "ended_at": ("termino", "fin", "cierre", "finalizacion", "end"),
    "wait": ("espera", "wait"),
    "service": ("duracion", "tiempo atencion", "tiempo de atencion", "service time"),
    "matter": ("materia", "servicio", "tramite", "motivo", "serie", "cola", "fila"),
    "outcome": ("resultado", "estado", "outcome"),
    "preferential": ("preferente", "preferencial", "prioridad", "prioritario"),
}
MOST_VALUES = 60
LONGEST = timedelta(hours=12)
OLDEST_YEARS = 5
EXTERNAL_LENGTH = 60
PREVIEW_ROWS = 2000
SHOWN_ROWS = 10
SHOWN_PROBLEMS = 50


@dataclass(frozen=True)
class ReadRow:
    """What a good row says; times in the municipality's own zone, minutes None where unknown."""

    external_id: str
    arrived_at: datetime | None
    ended_at: datetime
    wait_minutes: float | None
    service_minutes: float | None
    matter_id: int
    outcome: str
    preferential: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, for the person who has to mend it."""

    field: str
    text: str

    @property
    def label(self) -> str:
        return str(FIELDS[self.field])


@dataclass(frozen=True)
class Line:
    """A row of the file: its number as a spreadsheet counts it, its cells, and what came of it."""

    number: int
    cells: list[str]
    read: ReadRow | None
    problems: list[Problem] = field(default_factory=list)


class Reader:
    """Reads the rows of one import by the columns and values that were chosen.

    :param at: now, since nothing lies in the future.
    """

    def __init__(self, batch: AttentionImport, at: datetime) -> None:
        self.zone = batch.territory.zone
        self.at = at
        self.order = batch.date_order
        self.outcomes = batch.outcomes
        self.positions = {name: batch.header.index(column) for name, column in batch.columns.items()}
        offered = set(Matter.objects.offered_in(batch.territory).values_list("pk", flat=True))
        self.matters = {text: pk for text, pk in batch.matters.items() if pk in offered}

    def read(self, number: int, cells: list[str]) -> Line:
        problems: list[Problem] = []
        texts = {name: cells[position] for name, position in self.positions.items()}
        day = self._day(texts, problems)
        moments = {name: self._moment(name, texts, day, problems) for name in ("arrived_at", "called_at", "ended_at")}
        spans = {name: self._minutes(name, texts, problems) for name in ("wait", "service")}
        matter = self.matters.get(texts.get("matter", ""))
        if matter is None:
            said = texts.get("matter", "")
            problems.append(Problem("matter", _("No matter was chosen for «%(text)s».") % {"text": said}))
        if not texts["number"]:
            problems.append(Problem("number", _("The number is missing.")))
        read = None if problems else self._whole(texts, moments, spans, matter, problems)
        return Line(number, cells, None if problems else read, problems)

    def mapped(self, cells: list[str]) -> dict[str, str]:
        """The cells of the chosen columns, by field."""
        return {name: cells[position] for name, position in self.positions.items()}

    def _day(self, texts: dict[str, str], problems: list[Problem]) -> date | None:
        if "day" not in texts:
            return None
        try:
            found = moment(texts["day"], self.order).day
        except UnreadableCell:
            found = None
        if found is None:
            problems.append(Problem("day", _not_a_day(texts["day"])))
        return found

    def _moment(self, name: str, texts: dict[str, str], day: date | None, problems: list[Problem]) -> datetime | None:
        text = texts.get(name, "")
        if not text:
            return None
        try:
            found: Moment = moment(text, self.order)
        except UnreadableCell:
            problems.append(
                Problem(name, _("«%(text)s» is not a time. Write it like 27-11-2026 09:15.") % {"text": text})
            )
            return None
        whole = found.on(day)
        if whole is None and "day" not in texts and found.day is None:
            problems.append(Problem(name, _("«%(text)s» has no day.") % {"text": text}))
        elif whole is None and found.hour is None:
            problems.append(Problem(name, _("«%(text)s» has no hour.") % {"text": text}))
        return whole.replace(tzinfo=self.zone) if whole else None

    def _minutes(self, name: str, texts: dict[str, str], problems: list[Problem]) -> float | None:
        text = texts.get(name, "")
        if not text:
            return None
        try:
            return minutes(text)
        except UnreadableCell:
            problems.append(
                Problem(name, _("«%(text)s» is not a duration. Write it like 0:12:30 or 12.") % {"text": text})
            )
            return None

    def _whole(
        self,
        texts: dict[str, str],
        moments: dict[str, datetime | None],
        spans: dict[str, float | None],
        matter: int | None,
        problems: list[Problem],
    ) -> ReadRow | None:
        arrived, called, ended = (moments[name] for name in ("arrived_at", "called_at", "ended_at"))
        first = arrived or called
        if first is None:
            problems.append(Problem("arrived_at", _("Neither the arrival nor the call is known.")))
            return None
        for name, earlier, later in (("called_at", arrived, called), ("ended_at", called or arrived, ended)):
            if earlier and later and later < earlier:
                problems.append(Problem(name, _("It comes before the time that goes first.")))
            elif earlier and later and later - earlier > LONGEST:
                problems.append(Problem(name, _("More than twelve hours passed. Is the day right?")))
        if (ended or called or first) > self.at + timedelta(minutes=2):
            problems.append(Problem("arrived_at", _("It lies in the future.")))
        if first.year < self.at.year - OLDEST_YEARS:
            problems.append(Problem("arrived_at", _("It is more than five years old.")))
        wait = _between(arrived, called) if arrived and called else spans["wait"]
        service = _between(called, ended) if called and ended else spans["service"]
        for name, span in (("wait", wait), ("service", service)):
            if span is not None and span > LONGEST.total_seconds() / 60:
                problems.append(Problem(name, _("More than twelve hours passed. Is the day right?")))
        if problems or matter is None:
            return None
        begun = called or first + timedelta(minutes=wait or 0)
        return ReadRow(
            # A machine gives the same numbers again each day.
            external_id=f"{first:%Y-%m-%d} {texts['number']}"[:EXTERNAL_LENGTH],
            arrived_at=arrived,
            ended_at=max(ended or begun + timedelta(minutes=service or 0), first),
            wait_minutes=wait,
            service_minutes=service,
            matter_id=matter,
            outcome=self.outcomes.get(texts.get("outcome", ""), Outcome.NOT_RECORDED),
            preferential=is_yes(texts.get("preferential", "")),
        )


def rows_from(batch: AttentionImport, offset: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The rows of the file from a byte on, each with the byte at which the next begins."""
    with batch.content.open("rb") as file:
        file.seek(offset)
        while line := file.readline():
            yield file.tell(), json.loads(line)


@dataclass(frozen=True)
class Preview:
    """What would come of the first rows: how many are good, some of them, and what is wrong with the others."""

    looked_at: int
    good: int
    sample: list[Line]
    problems: list[Line]

    @property
    def bad(self) -> int:
        return self.looked_at - self.good


def preview(batch: AttentionImport, at: datetime) -> Preview:
    """Look at the first :data:`PREVIEW_ROWS` rows; nothing is written."""
    reader = Reader(batch, at)
    sample: list[Line] = []
    problems: list[Line] = []
    looked_at = good = 0
    for number, (_offset, cells) in enumerate(islice(rows_from(batch), PREVIEW_ROWS), start=2):
        line = reader.read(number, cells)
        looked_at += 1
        good += line.read is not None
        if line.read and len(sample) < SHOWN_ROWS:
            sample.append(line)
        if line.problems and len(problems) < SHOWN_PROBLEMS:
            problems.append(line)
    return Preview(looked_at, good, sample, problems)


def guessed_columns(header: list[str]) -> dict[str, str]:
    """Field → heading, as the words of the headings suggest."""
    names = {heading: folded(heading) for heading in header}
    found: dict[str, str] = {}
    for name, words in GUESSES.items():
        for word in words:
            match = next(
                (
                    heading
                    for heading, plain in names.items()
                    if heading not in found.values() and (plain == word or (len(word) > 3 and word in plain))
                ),
                None,
            )
            if match:
                found[name] = match
                break
    return found


def guessed_order(batch: AttentionImport, columns: dict[str, str]) -> str:
    """Days or months first, told by the first rows of the columns with times."""
    chosen = [batch.header.index(columns[name]) for name in ("day", "arrived_at", "called_at") if name in columns]
    rows = islice(rows_from(batch), PREVIEW_ROWS)
    return order_of(cells[position] for _offset, cells in rows for position in chosen)


def values_of(batch: AttentionImport, columns: dict[str, str]) -> dict[str, dict[str, int]]:
    """Field → the different texts of its column, the most frequent first; of matter and outcome alone."""
    positions = {name: batch.header.index(columns[name]) for name in ("matter", "outcome") if name in columns}
    counts: dict[str, Counter[str]] = {name: Counter() for name in positions}
    for _offset, cells in rows_from(batch):
        for name, position in positions.items():
            counts[name][cells[position]] += 1
    return {name: dict(count.most_common(MOST_VALUES)) for name, count in counts.items()}


def guessed_matters(texts: dict[str, int], territory: Territory) -> dict[str, int]:
    """Text → the matter that is called so, in whatever language and accents."""
    names = {
        folded(name): matter.pk
        for matter in Matter.objects.offered_in(territory)
        for name in (*matter.name.values(), matter.key)
    }
    return {text: names[folded(text)] for text in texts if folded(text) in names}


def guessed_outcomes(texts: dict[str, int]) -> dict[str, str]:
    """Text → the outcome that is called so."""
    names = {folded(str(label)): value for value, label in Outcome.choices}
    return {text: names[folded(text)] for text in texts if folded(text) in names}


def mapping_of(point: ServicePoint) -> ImportMapping | None:
    """How the last file of this service point was read."""
    return ImportMapping.objects.filter(service_point=point).first()


def imports_of(territory: Territory) -> QuerySet[AttentionImport]:
    """The files of ``territory``, the newest first."""
    return AttentionImport.objects.filter(territory=territory).select_related("service_point", "uploaded_by")


def _between(first: datetime | None, last: datetime | None) -> float | None:
    return (last - first).total_seconds() / 60 if first and last else None


def _not_a_day(text: str) -> str:
    return _("«%(text)s» is not a day. Write it like 27-11-2026.") % {"text": text}
