"""The screens by which a file of a queue machine enters the register."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from benefits_core.models import Attention, AttentionImport
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import ServicePoint
from tests.benefits_core.views.clients import signed_in, url
from tests.factories import attentions as factory
from tests.factories.territories import ServicePointFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
CONTENT = (
    "Turno;Llegada;Llamada;Servicio;Nombre\n"
    "A1;27-02-2026 09:00;27-02-2026 09:12;Caja;Rosa Reservada\n"
    "A2;mañana;;Caja;Rosa Reservada\n"
)


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def uploaded(point: ServicePoint) -> dict[str, Any]:
    return {"service_point": point.pk, "file": SimpleUploadedFile("turnos.csv", CONTENT.encode("cp1252"))}


def test_a_file_goes_from_upload_to_register_and_back(django_capture_on_commit_callbacks: Any) -> None:
    point, matter = ServicePointFactory(), factory.matter(name="Cartola")
    client = signed_in(Role.TEAM_MEMBER, point.territory)

    def post(name: str, data: dict[str, Any], *args: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url(name, *args), data)

    sent = post("import_upload", uploaded(point), point.territory.slug)
    batch = AttentionImport.objects.get()
    assert sent.url == url("import", batch.pk)
    assert "El archivo tiene 2 filas y 5 columnas" in client.get(sent.url).content.decode()
    page = client.get(url("import_columns", batch.pk)).content.decode()
    assert "Rosa Reservada" in page  # the sample, so that columns are told apart
    mapped = post(
        "import_columns",
        {
            "number": "Turno",
            "arrived_at": "Llegada",
            "called_at": "Llamada",
            "matter": "Servicio",
            "date_order": "dmy",
        },
        batch.pk,
    )
    assert mapped.url == url("import_values", batch.pk)
    assert "«Caja», 2 veces" in client.get(mapped.url).content.decode()
    post("import_values", {"matter_0": matter.pk}, batch.pk)

    page = client.get(url("import", batch.pk)).content.decode()
    assert "De 2 filas, 1 se puede registrar" in page
    assert "«mañana» no es una hora" in page
    post("import_run", {}, batch.pk)
    page = client.get(url("import", batch.pk)).content.decode()
    assert Attention.objects.get().wait_minutes == 12
    rejected = b"".join(client.get(url("import_rejected", batch.pk)).streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(rejected))
    assert (row["Turno"], row["Llegada"], "Nombre" in row) == ("A2", "mañana", False)
    post("import_undo", {}, batch.pk)
    assert Attention.objects.count() == 0
    assert "No queda nada de él en el registro" in client.get(url("import", batch.pk)).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("turnos.exe", b"MZ", "No aceptamos este tipo"),
        ("turnos.csv", b"", "archivo"),
        ("turnos.pdf", b"%PDF", "csv o xlsx"),
    ],
)
def test_a_file_that_is_not_accepted_is_told_beside_its_field(name: str, content: bytes, words: str) -> None:
    point = ServicePointFactory()

    answer = signed_in(Role.TEAM_MEMBER, point.territory).post(
        url("import_upload", point.territory.slug),
        {"service_point": point.pk, "file": SimpleUploadedFile(name, content)},
    )

    page = answer.content.decode()
    assert (answer.status_code, words in page, 'id="id_file_error"' in page) == (200, True, True)


def test_columns_that_do_not_serve_are_told() -> None:
    batch = factory.batch(municipality=ServicePointFactory().territory, state="read")
    client = signed_in(Role.COORDINATOR, batch.territory)

    answer = client.post(url("import_columns", batch.pk), {"number": "", "arrived_at": "Hora", "date_order": "dmy"})

    assert "Elija la columna del número" in answer.content.decode()


def test_a_file_of_another_municipality_is_not_found() -> None:
    batch = factory.batch(municipality=ServicePointFactory().territory)

    answer = signed_in(Role.COORDINATOR, ServicePointFactory().territory).get(url("import", batch.pk))

    assert answer.status_code == 404


def test_the_list_of_files_costs_the_same_with_more(constant_queries: Callable[..., int]) -> None:
    place = ServicePointFactory().territory
    client = signed_in(Role.TEAM_MEMBER, place)

    assert constant_queries(client, url("imports", place.slug), lambda: factory.batch(municipality=place)) <= 10
