"""The screens of the register: entry, list, day, figures, copies, and what a municipality sets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from benefits_core.domain import attentions, exports
from benefits_core.enums import Channel
from benefits_core.models import Attention, AttentionExport, Matter
from benefits_core.queries.attentions import COUNTED_UP_TO, PAGE_SIZE
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import Identifier
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import ServicePoint
from tests.benefits_core.views.clients import signed_in, url
from tests.factories import attentions as factory
from tests.factories.people import sign_in
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def entry(point: ServicePoint, matter: Matter, **changes: Any) -> dict[str, Any]:
    """What a clerk posts."""
    return {
        "matter": matter.pk,
        "outcome": "resolved",
        "channel": "counter",
        "service_point": point.pk,
        "wait_minutes": "12",
        "token": str(uuid4()),
        **changes,
    }


# --- Entry


def test_a_clerk_records_and_comes_back_to_the_first_field() -> None:
    point, matter = ServicePointFactory(), factory.matter()
    client = signed_in(Role.CLERK, point.territory)
    address = url("attention_record", point.territory.slug)

    answer = client.post(address, entry(point, matter, preferential="on"))

    made = Attention.objects.get()
    assert answer.url == address
    assert (made.matter, made.wait_minutes, made.preferential, made.ended_at) == (matter, 12, True, NOW)
    page = client.get(address).content.decode()
    assert f"Quedó registrada la atención {made.pk}" in page
    assert page.count("autofocus") == 1


def test_the_next_entry_begins_as_the_last_one() -> None:
    place = MunicipalityFactory()
    ServicePointFactory(territory=place, name="A primera")
    last = ServicePointFactory(territory=place, name="Z última")
    client = signed_in(Role.TEAM_MEMBER, place)
    client.post(url("attention_record", place.slug), entry(last, factory.matter(), channel="outreach"))

    initial = client.get(url("attention_record", place.slug)).context["form"].initial

    assert (initial["service_point"], initial["channel"]) == (last.pk, Channel.OUTREACH)
    assert "matter" not in initial and "outcome" not in initial


def test_the_button_pressed_twice_records_once() -> None:
    point, matter = ServicePointFactory(), factory.matter()
    client = signed_in(Role.TEAM_MEMBER, point.territory)
    data = entry(point, matter)

    for _ in range(2):
        client.post(url("attention_record", point.territory.slug), data)

    assert Attention.objects.count() == 1


def test_an_entry_of_another_moment_is_in_the_municipality_s_time() -> None:
    place = MunicipalityFactory(time_zone="Pacific/Easter")
    point = ServicePointFactory(territory=place)
    client = signed_in(Role.TEAM_MEMBER, place)

    client.post(
        url("attention_record", place.slug),
        entry(point, factory.matter(), wait_minutes="", ended_on="2026-02-27", ended_at="09:15"),
    )

    assert Attention.objects.get().ended_at == datetime(2026, 2, 27, 14, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"matter": ""}, "Elija una opción"),
        ({"outcome": "not_recorded"}, "Elija una de las opciones"),
        ({"wait_minutes": "doce"}, "número entero"),
        ({"identifier": "12.345.678-9"}, "Este número no es válido"),
        ({"ended_on": "2026-02-27"}, "Escriba el día y la hora"),
        ({"ended_on": "2026-03-27", "ended_at": "10:00"}, "no puede estar en el futuro"),
        ({"token": "no-es"}, ""),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(changes: dict[str, Any], words: str) -> None:
    point, matter = ServicePointFactory(), factory.matter(name="Cartola")
    client = signed_in(Role.TEAM_MEMBER, point.territory)

    answer = client.post(
        url("attention_record", point.territory.slug), entry(point, matter, wait_minutes="34") | changes
    )

    page = answer.content.decode()
    assert (answer.status_code, Attention.objects.count()) == (200, 0)
    assert words in page
    assert "wait_minutes" in changes or 'value="34"' in page


def test_a_hostile_entry_breaks_nothing() -> None:
    point, other = ServicePointFactory(), ServicePointFactory()
    matter, foreign = factory.matter(), factory.matter(territory=other.territory)
    client = signed_in(Role.TEAM_MEMBER, point.territory)

    for changes in (
        {"service_point": other.pk},
        {"matter": foreign.pk},
        {"matter": "9" * 40},
        {"wait_minutes": "9" * 40},
        {"channel": "<script>"},
        {"identifier": "\u202e" * 20},
    ):
        answer = client.post(url("attention_record", point.territory.slug), entry(point, matter) | changes)
        assert (answer.status_code, "<script>" in answer.content.decode()) == (200, False)

    assert Attention.objects.count() == 0


def test_a_run_is_kept_encrypted_and_not_shown() -> None:
    point = ServicePointFactory()
    client = signed_in(Role.TEAM_MEMBER, point.territory)

    client.post(
        url("attention_record", point.territory.slug), entry(point, factory.matter(), identifier="12.345.678-5")
    )

    made = Attention.objects.get()
    assert made.person == Identifier.objects.get().person
    page = client.get(url("attention", made.pk)).content.decode()
    assert ("anotada" in page, "12345678" in page) == (True, False)


def test_an_attention_is_begun_and_finished() -> None:
    point, matter = ServicePointFactory(), factory.matter(name="Cartola")
    client = signed_in(Role.TEAM_MEMBER, point.territory)
    address = url("attention_record", point.territory.slug)

    client.post(address, entry(point, matter, outcome="", wait_minutes="4", start=""))
    begun = Attention.objects.get()
    assert (begun.is_open, begun.wait_minutes) == (True, 4)
    assert "Usted está atendiendo" in client.get(address).content.decode()
    with time_machine.travel(NOW + timedelta(minutes=9), tick=False):
        done = client.post(url("attention_finish", begun.pk), {"outcome": "informed", "matter": matter.pk})

    begun.refresh_from_db()
    assert (done.url, begun.outcome, begun.service_minutes) == (address, "informed", 9)


def test_a_place_without_service_points_says_what_to_do() -> None:
    place = MunicipalityFactory()

    page = signed_in(Role.COORDINATOR, place).get(url("attention_record", place.slug)).content.decode()

    assert "No hay un punto de atención abierto" in page
    assert url("service_point_add", place.slug) in page


# --- Start


def test_a_municipal_user_goes_straight_to_the_entry() -> None:
    place = MunicipalityFactory()

    assert signed_in(Role.CLERK, place).get(url("attention_start")).url == url("attention_record", place.slug)
    assert signed_in(Role.DIDECO, place).get(url("attention_start")).url == url("attention_list", place.slug)


def test_those_above_find_their_municipalities_with_the_month_s_count(
    constant_queries: Callable[..., int],
) -> None:
    own = factory.attention(municipality=MunicipalityFactory(name="Ñuñoa", search_name="nunoa")).territory
    client = signed_in(Role.NATIONAL_TEAM, CountryFactory())

    found = client.get(url("attention_start"), {"q": "ñuñ"}).context["rows"]

    assert found == [(own, 1)]
    cost = constant_queries(client, url("attention_start"), lambda: factory.attention(at=NOW))
    assert cost <= 10


# --- List and day


def test_the_list_filters_by_everything() -> None:
    place = MunicipalityFactory()
    one, two = ServicePointFactory(territory=place), ServicePointFactory(territory=place)
    ingreso, cartola = factory.matter(), factory.matter()
    rosa, juan = factory.clerk(place), factory.clerk(place)
    first = factory.attention(service_point=one, matter=ingreso, by=rosa, at=NOW)
    second = factory.attention(
        service_point=two, matter=cartola, by=juan, channel="virtual", outcome="informed", at=NOW
    )
    old = factory.attention(service_point=one, matter=ingreso, by=rosa, at=NOW - timedelta(days=60))
    client = signed_in(Role.TEAM_MEMBER, place)

    def found(**query: Any) -> set[int]:
        page = client.get(url("attention_list", place.slug), query).context["page"]
        return {row.pk for row in page.rows}

    assert found() == {first.pk, second.pk}
    assert found(desde="2025-12-01") == {first.pk, second.pk, old.pk}
    assert found(hasta="2026-01-15") == {old.pk}
    assert found(punto=two.pk) == found(canal="virtual") == found(materia=cartola.pk) == {second.pk}
    assert found(persona=rosa.pk) == {first.pk}
    assert found(resultado="informed") == found(numero=str(second.pk)) == {second.pk}
    assert found(numero="no hay") == set()
    attentions.void_attention(attention=first, reason="Doble", by=rosa, at=NOW)
    assert found() == {second.pk}
    assert found(anuladas="on") == {first.pk, second.pk}


@pytest.mark.parametrize(
    "query",
    [
        {"desde": "ayer"},
        {"desde": "2026-03-01", "hasta": "2026-01-01"},
        {"desde": "2020-01-01", "hasta": "2026-01-01"},
        {"punto": "x", "materia": "-1", "persona": "9" * 30},
        {"despues": "2026-99-99~1"},
        {"despues": "2026-01-01T00:00:00+00:00~99999999999999999999999"},
        {"numero": "9" * 60},
    ],
)
def test_a_filter_that_makes_no_sense_breaks_nothing(query: dict[str, str]) -> None:
    made = factory.attention(at=NOW)

    answer = signed_in(Role.TEAM_MEMBER, made.territory).get(url("attention_list", made.territory.slug), query)

    assert answer.status_code == 200


def test_the_list_goes_on_by_key_and_shows_each_once() -> None:
    point, matter = ServicePointFactory(), factory.matter()
    contents = [
        factory.content(service_point=point, matter=matter, ended_at=NOW - timedelta(hours=number // 3))
        for number in range(PAGE_SIZE * 2 + 7)
    ]
    attentions.record_many(territory=point.territory, contents=contents, source="import", by=None, at=NOW)
    client = signed_in(Role.TEAM_MEMBER, point.territory)
    seen: list[int] = []
    after: str | None = ""

    while after is not None:
        page = client.get(url("attention_list", point.territory.slug), {"despues": after}).context["page"]
        seen += [row.pk for row in page.rows]
        after = page.older

    assert len(seen) == len(set(seen)) == PAGE_SIZE * 2 + 7


def test_the_list_costs_the_same_with_more_rows(constant_queries: Callable[..., int]) -> None:
    point, matter = ServicePointFactory(), factory.matter()
    client = signed_in(Role.TEAM_MEMBER, point.territory)

    def make() -> None:
        factory.attention(service_point=point, matter=matter, at=NOW)

    ServicePointFactory(territory=point.territory)

    for name in ("attention_list", "attention_day", "attention_statistics", "attention_record"):
        assert constant_queries(client, url(name, point.territory.slug), make) <= 10, name


def test_the_count_stops_where_it_would_cost() -> None:
    point, matter = ServicePointFactory(), factory.matter()
    contents = [factory.content(service_point=point, matter=matter)] * (COUNTED_UP_TO + 5)
    attentions.record_many(territory=point.territory, contents=contents, source="import", by=None, at=NOW)

    page = signed_in(Role.TEAM_MEMBER, point.territory).get(url("attention_list", point.territory.slug))

    assert "más de 1.000 atenciones" in page.content.decode()


def test_a_day_is_summed_up_and_leads_to_its_neighbors() -> None:
    point, matter = ServicePointFactory(name="Central"), factory.matter(name="Cartola")
    for minutes in (4, 10, 30):
        factory.attention(service_point=point, matter=matter, wait_minutes=minutes, at=NOW)
    factory.attention(service_point=point, matter=matter, at=NOW - timedelta(days=4))
    client = signed_in(Role.REGIONAL_TEAM, point.territory.region)

    context = client.get(url("attention_day", point.territory.slug)).context

    summary = context["summary"]
    assert (summary.total.count, summary.total.median, summary.total.percentile_90) == (3, 10, 30)
    assert [(group.label, group.count) for group in summary.by_point] == [("Central", 3)]
    assert (context["before"], context["after"]) == (date(2026, 2, 26), None)
    empty = client.get(url("attention_day", point.territory.slug), {"dia": "2026-01-01"}).content.decode()
    assert "No hay atenciones ese día" in empty


# --- One attention


def test_a_correction_is_asked_for_and_told() -> None:
    made = factory.attention(at=NOW, wait_minutes=12)
    client = sign_in(Client(), made.recorded_by)
    data = {
        **entry(made.service_point, made.matter, outcome="informed", wait_minutes="12", service_minutes="8"),
        "ended_on": "2026-03-02",
        "ended_at": "12:30",
        "reason": "Sólo preguntó",
    }

    answer = client.post(url("attention_correct", made.pk), data)

    assert answer.url == url("attention", made.pk)
    page = client.get(answer.url).content.decode()
    assert "Sólo preguntó" in page
    assert "Resultado: Resuelta en el momento → Sólo se entregó información" in page
    assert "Llegada:" not in page


def test_a_colleague_reads_and_does_not_correct() -> None:
    made = factory.attention(at=NOW)
    colleague = signed_in(Role.TEAM_MEMBER, made.territory)

    page = colleague.get(url("attention", made.pk)).content.decode()

    assert url("attention_correct", made.pk) not in page
    assert colleague.post(url("attention_void", made.pk), {"reason": "No"}).status_code == 403


def test_the_person_stays_with_a_correction_unless_taken_out() -> None:
    made = factory.attention(at=NOW)
    person = attentions.person_for(
        identifier="12.345.678-5", scheme="cl_run", territory=made.territory, by=made.recorded_by, at=NOW
    )
    Attention.objects.filter(pk=made.pk).update(person=person)
    client = sign_in(Client(), made.recorded_by)
    data = {
        **entry(made.service_point, made.matter, outcome="informed", wait_minutes="12", service_minutes="8"),
        "ended_on": "2026-03-02",
        "ended_at": "12:30",
        "reason": "Sólo preguntó",
    }

    client.post(url("attention_correct", made.pk), data)
    made.refresh_from_db()
    assert made.person == person
    client.post(url("attention_correct", made.pk), {**data, "forget_person": "on"})
    made.refresh_from_db()
    assert made.person is None


# --- Figures and copies


def test_the_figures_are_shown_and_downloaded() -> None:
    made = factory.attention(at=NOW, wait_minutes=12)
    client = signed_in(Role.COORDINATOR, made.territory)

    page = client.get(url("attention_statistics", made.territory.slug)).content.decode()
    sheet = client.get(url("attention_csv", made.territory.slug))

    assert "12 min" in page
    rows = list(csv.DictReader(io.StringIO(b"".join(sheet.streaming_content).decode("utf-8-sig"))))
    march = next(row for row in rows if row["Nombre"] == "marzo 2026")
    assert (march["Atenciones"], march["Espera mediana (minutos)"]) == ("1", "12")


@pytest.mark.parametrize(
    "query", [{"desde": "2026-13"}, {"desde": "2026-03", "hasta": "2025-01"}, {"hasta": "2099-01"}]
)
def test_months_that_make_no_sense_break_nothing(query: dict[str, str]) -> None:
    made = factory.attention(at=NOW)

    answer = signed_in(Role.COORDINATOR, made.territory).get(url("attention_statistics", made.territory.slug), query)

    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_copy_is_written_by_a_job_and_handed_to_who_asked(kind: str, django_capture_on_commit_callbacks: Any) -> None:
    made = factory.attention(at=NOW, matter=factory.matter(name="=cmd|' /C calc'!A0"))
    factory.attention(municipality=MunicipalityFactory(), at=NOW)
    client = signed_in(Role.COORDINATOR, made.territory)

    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(url("attention_request_export", made.territory.slug), {"format": kind})

    export = AttentionExport.objects.get()
    assert (asked.url, export.state, export.rows) == (url("attention_export", export.pk), "ready", 1)
    got = client.get(url("attention_export_download", export.pk))
    content = b"".join(got.streaming_content)
    if kind == "csv":
        [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        assert row["Número"] == str(made.pk)
        assert row["Materia"].startswith("'=")
    else:
        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet["A2"].value == made.pk
    assert AuditEvent.objects.filter(verb="benefits_core.download_export").count() == 1
    other = signed_in(Role.COORDINATOR, made.territory)
    assert other.get(url("attention_export_download", export.pk)).status_code == 404


def test_a_copy_is_deleted_after_a_week(django_capture_on_commit_callbacks: Any) -> None:
    made = factory.attention(at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        export = exports.request_export(
            territory=made.territory,
            wanted={"first": "2026-03-01", "last": "2026-03-02"},
            format="csv",
            language="es",
            by=made.recorded_by,
            at=NOW,
        )
    export.refresh_from_db()
    storage, name = export.content.storage, export.content.name

    assert exports.purge_exports(at=NOW + timedelta(days=6)) == 0
    assert exports.purge_exports(at=NOW + timedelta(days=8)) == 1
    assert (storage.exists(name), AttentionExport.objects.count()) == (False, 0)
