"""A file of a queue machine from upload to register: read, mapped, recorded once, undone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from benefits_core.domain import attentions, queue_imports
from benefits_core.domain.tallies import rebuild
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import Attention, AttentionImport, AttentionMonth, ImportMapping, Matter
from benefits_core.queries.queue_imports import preview
from benefits_core.queries.statistics import count_by
from portal.foundation.files.domain import FileRefused
from portal.foundation.indicators.registry import Period
from portal.foundation.territories.models import ServicePoint
from tests.factories import attentions as factory
from tests.factories.territories import ServicePointFactory
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
HEADER = "N° Turno;Emisión;Llamada;Término;Servicio;Estado;Preferente;RUT"
GOOD = [
    "A01;27-02-2026 09:00;27-02-2026 09:10:30;27-02-2026 09:20;Cartola;Atendido;si;12.345.678-5",
    "A02;27/02/2026 9:05;2026-02-27 09:12;27-02-2026 09:30;Ingreso;Atendido;no;1-9",
    "A03;27-02-2026 09:06;;;Cartola;Abandonado;;",
]
BAD = [
    ";27-02-2026 09:06;;;Cartola;;;",
    "A05;31-02-2026 09:06;;;Cartola;;;",
    "A06;27-02-2026 09:06;27-02-2026 09:01;;Cartola;;;",
    "A07;27-02-2030 09:06;;;Cartola;;;",
    "A08;27-02-2026;;;Cartola;;;",
]


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def point() -> ServicePoint:
    return ServicePointFactory()


@pytest.fixture
def cartola() -> Matter:
    return factory.matter(name="Cartola")


@pytest.fixture
def ingreso() -> Matter:
    return factory.matter(name="Ingreso")


def csv_file(*rows: str, encoding: str = "cp1252", name: str = "turnos.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\r\n".join([HEADER, *rows]).encode(encoding))


class Work:
    """Runs the jobs of a file as a worker does."""

    def __init__(self, capture: Any) -> None:
        self.capture = capture

    def upload(self, point: ServicePoint, upload: Any) -> AttentionImport:
        by = factory.clerk(point.territory)
        with self.capture(execute=True):
            batch = queue_imports.upload_file(service_point=point, upload=upload, by=by, at=NOW)
        batch.refresh_from_db()
        return batch

    def map(self, batch: AttentionImport, **matters: Matter) -> AttentionImport:
        by = batch.uploaded_by
        queue_imports.choose_columns(batch=batch, columns=batch.columns, date_order=batch.date_order, by=by, at=NOW)
        batch.refresh_from_db()
        known = Matter.objects.in_bulk(batch.matters.values())
        texts = {text: known[pk] for text, pk in batch.matters.items()} | matters
        queue_imports.choose_values(batch=batch, matters=texts, outcomes=batch.outcomes, by=by, at=NOW)
        batch.refresh_from_db()
        return batch

    def run(self, batch: AttentionImport) -> AttentionImport:
        with self.capture(execute=True):
            queue_imports.run_import(batch=batch, by=batch.uploaded_by, at=NOW)
        batch.refresh_from_db()
        return batch

    def undo(self, batch: AttentionImport) -> AttentionImport:
        with self.capture(execute=True):
            queue_imports.undo_import(batch=batch, by=batch.uploaded_by, at=NOW)
        batch.refresh_from_db()
        return batch


@pytest.fixture
def work(django_capture_on_commit_callbacks: Any) -> Work:
    return Work(django_capture_on_commit_callbacks)


def test_a_file_is_read_and_its_columns_are_guessed(work: Work, point: ServicePoint) -> None:
    batch = work.upload(point, csv_file(*GOOD))

    assert (batch.state, batch.encoding, batch.separator, batch.rows) == ("read", "cp1252", ";", 3)
    assert batch.columns == {
        "number": "N° Turno",
        "arrived_at": "Emisión",
        "called_at": "Llamada",
        "ended_at": "Término",
        "matter": "Servicio",
        "outcome": "Estado",
        "preferential": "Preferente",
    }


def test_good_rows_are_recorded_and_bad_ones_are_told(
    work: Work, point: ServicePoint, cartola: Matter, ingreso: Matter
) -> None:
    batch = work.map(work.upload(point, csv_file(*GOOD, *BAD)))
    looked = preview(batch, NOW)
    assert (looked.looked_at, looked.good, looked.bad) == (8, 3, 5)

    batch = work.run(batch)

    assert (batch.state, batch.recorded, batch.repeated, batch.rejected) == ("done", 3, 0, 5)
    first, second, third = Attention.objects.order_by("external_id")
    assert (first.wait_minutes, first.service_minutes, first.matter, first.preferential) == (11, 10, cartola, True)
    assert (first.external_id, first.source, first.day) == ("2026-02-27 A01", "import", date(2026, 2, 27))
    assert (second.wait_minutes, second.matter, second.outcome) == (7, ingreso, "not_recorded")
    assert (third.wait_minutes, third.arrived_at) == (None, datetime(2026, 2, 27, 12, 6, tzinfo=UTC))
    told = {row.number: [(each["field"], each["text"]) for each in row.problems] for row in batch.rejected_rows.all()}
    assert told == {
        5: [("number", "Falta el número.")],
        6: [("arrived_at", "«31-02-2026 09:06» no es una hora. Escríbala como 27-11-2026 09:15.")],
        7: [("called_at", "Es anterior a la hora que va antes.")],
        8: [("arrived_at", "Está en el futuro.")],
        9: [("arrived_at", "«27-02-2026» no tiene hora.")],
    }
    assert all("RUT" not in row.cells and "12.345.678-5" not in str(row.cells) for row in batch.rejected_rows.all())
    assert not batch.content
    kept = AttentionMonth.objects.get(preferential=False).waits
    rebuild(territory=point.territory, month=date(2026, 2, 1))
    assert AttentionMonth.objects.get(preferential=False).waits == kept == {"7": 1}


def test_a_file_sent_twice_records_nothing_twice(work: Work, point: ServicePoint, cartola: Matter) -> None:
    factory.matter(name="Ingreso")
    work.run(work.map(work.upload(point, csv_file(*GOOD))))

    again = work.run(work.map(work.upload(point, csv_file(*GOOD, GOOD[0], encoding="utf-8"))))

    assert (again.recorded, again.repeated, Attention.objects.count()) == (0, 4, 3)


def test_the_next_file_begins_with_what_was_chosen(work: Work, point: ServicePoint, cartola: Matter) -> None:
    rows = [row.replace("Ingreso", "Caja 3") for row in GOOD]
    batch = work.upload(point, csv_file(*rows))
    batch.columns = {**batch.columns, "arrived_at": "Emisión"}
    work.run(work.map(batch, **{"Caja 3": cartola}))

    following = work.upload(point, csv_file(*(row.replace("A0", "B0") for row in rows)))

    assert following.columns == batch.columns
    queue_imports.choose_columns(
        batch=following, columns=following.columns, date_order="dmy", by=following.uploaded_by, at=NOW
    )
    following.refresh_from_db()
    assert following.matters == {"Cartola": cartola.pk, "Caja 3": cartola.pk}
    assert ImportMapping.objects.count() == 1


def test_a_spreadsheet_is_read_with_its_own_dates(work: Work, point: ServicePoint, cartola: Matter) -> None:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Turno", "Fecha", "Hora llegada", "Hora llamada", "Servicio"])
    sheet.append([7, datetime(2026, 2, 27), datetime(2026, 2, 27, 9, 0).time(), "09:04", "Cartola"])
    content = io.BytesIO()
    workbook.save(content)

    batch = work.upload(point, SimpleUploadedFile("turnos.xlsx", content.getvalue()))
    batch = work.run(work.map(batch))

    made = Attention.objects.get()
    assert (batch.recorded, made.external_id, made.wait_minutes) == (1, "2026-02-27 7", 4)


def test_an_import_is_undone_whole(work: Work, point: ServicePoint, cartola: Matter) -> None:
    factory.matter(name="Ingreso")
    kept = factory.attention(service_point=point, matter=cartola, at=NOW)
    batch = work.run(work.map(work.upload(point, csv_file(*GOOD, *BAD))))

    batch = work.undo(batch)

    assert (batch.state, list(Attention.objects.all()), batch.rejected_rows.count()) == ("undone", [kept], 0)
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert count_by([point.territory], year) == {point.territory_id: 1}
    again = work.run(work.map(work.upload(point, csv_file(*GOOD))))
    assert again.recorded == 3


@pytest.mark.parametrize("use", ["correct", "void"])
def test_an_import_that_somebody_leans_on_is_not_undone(
    use: str, work: Work, point: ServicePoint, cartola: Matter, ingreso: Matter
) -> None:
    batch = work.run(work.map(work.upload(point, csv_file(*GOOD))))
    made = Attention.objects.order_by("external_id")[0]
    by = factory.clerk(point.territory)
    if use == "void":
        attentions.void_attention(attention=made, reason="Era prueba", by=by, at=NOW)
    else:
        said = factory.content(service_point=point, matter=ingreso, ended_at=made.ended_at)
        attentions.correct_attention(attention=made, content=said, reason="Otra materia", by=by, at=NOW)

    with pytest.raises(ClosedToChange):
        queue_imports.undo_import(batch=batch, by=by, at=NOW)

    assert Attention.objects.count() == 3


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"arrived_at": "Emisión"}, "number"),
        ({"number": "N° Turno"}, "arrived_at"),
        ({"number": "N° Turno", "arrived_at": "N° Turno"}, "number"),
        ({"number": "N° Turno", "arrived_at": "Otra"}, ""),
        ({"number": "N° Turno", "arrived_at": "Emisión", "hack": "RUT"}, ""),
    ],
)
def test_columns_that_do_not_serve_are_refused(
    columns: dict[str, str], field: str, work: Work, point: ServicePoint
) -> None:
    batch = work.upload(point, csv_file(*GOOD))

    with pytest.raises(InvalidContent) as refused:
        queue_imports.choose_columns(batch=batch, columns=columns, date_order="dmy", by=batch.uploaded_by, at=NOW)

    assert refused.value.field == field


def test_a_discarded_file_goes_and_does_nothing_more(work: Work, point: ServicePoint) -> None:
    batch = work.upload(point, csv_file(*GOOD))

    queue_imports.discard_import(batch=batch, by=batch.uploaded_by, at=NOW)

    batch.refresh_from_db()
    assert not batch.content
    for verb in (queue_imports.run_import, queue_imports.undo_import, queue_imports.discard_import):
        with pytest.raises(ClosedToChange):
            verb(batch=batch, by=batch.uploaded_by, at=NOW)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a;b\n1;\x00", "tabla de texto"),
        (b"a;b\n1;=cmd|' /C calc'!A0", "fórmula"),
        (b"a;b\n", "no tiene filas"),
        (b"\x7fELF" + b"\x00" * 50, "tabla de texto"),
    ],
)
def test_a_hostile_csv_is_refused_in_plain_words(content: bytes, words: str, work: Work, point: ServicePoint) -> None:
    batch = work.upload(point, SimpleUploadedFile("turnos.csv", content))

    assert batch.state == "refused"
    assert words in batch.problem
    assert not batch.content


def test_a_formula_in_a_spreadsheet_is_refused(work: Work, point: ServicePoint) -> None:
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.active.append(["Turno", "Hora"])
    workbook.active.append(["A1", "=NOW()"])
    content = io.BytesIO()
    workbook.save(content)

    batch = work.upload(point, SimpleUploadedFile("turnos.xlsx", content.getvalue()))

    assert (batch.state, "fórmula" in batch.problem) == ("refused", True)


def test_what_is_no_file_of_a_machine_is_refused_at_once(point: ServicePoint, settings: Any) -> None:
    settings.FILE_MAX_BYTES = 1000
    by = factory.clerk(point.territory)

    for upload in (
        SimpleUploadedFile("turnos.pdf", samples.pdf()),
        SimpleUploadedFile("turnos.csv", b""),
        SimpleUploadedFile("turnos.csv", b"a;b\n" * 1000),
        SimpleUploadedFile("turnos.xlsx", b"not a zip"),
        SimpleUploadedFile("turnos.exe", b"MZ"),
    ):
        with pytest.raises(FileRefused):
            queue_imports.upload_file(service_point=point, upload=upload, by=by, at=NOW)

    assert AttentionImport.objects.count() == 0


def test_a_bomb_in_a_spreadsheet_is_refused_at_once(point: ServicePoint) -> None:
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 250_000_000)

    with pytest.raises(FileRefused):
        queue_imports.upload_file(
            service_point=point,
            upload=SimpleUploadedFile("turnos.xlsx", content.getvalue()),
            by=factory.clerk(point.territory),
            at=NOW,
        )


def test_files_and_rejected_rows_are_forgotten_after_a_month(work: Work, point: ServicePoint, cartola: Matter) -> None:
    factory.matter(name="Ingreso")
    waiting = work.upload(point, csv_file(*GOOD))
    done = work.run(work.map(work.upload(point, csv_file(*GOOD, *BAD))))

    assert queue_imports.purge_imports(at=NOW + timedelta(days=29), limit=10) == 0
    assert queue_imports.count_due(NOW + timedelta(days=31)) == 6
    counts = [queue_imports.purge_imports(at=NOW + timedelta(days=31), limit=4) for _ in range(3)]
    assert counts == [4, 2, 0]

    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (bool(waiting.content), waiting.sample, done.rejected_rows.count(), done.rejected) == (False, [], 0, 5)


def test_more_rows_than_a_chunk_are_recorded_with_progress(work: Work, point: ServicePoint, cartola: Matter) -> None:
    rows = [f"A{number:04d};27-02-2026 09:{number % 60:02d};;;Cartola;;;" for number in range(1203)]

    batch = work.run(work.map(work.upload(point, csv_file(*rows))))

    assert (batch.state, batch.recorded) == ("done", 1203)
    assert sum(AttentionMonth.objects.values_list("count", flat=True)) == 1203
    assert work.undo(batch).state == "undone"
    assert Attention.objects.count() == 0
