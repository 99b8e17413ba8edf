"""The gap report's screens."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.foundation.cycles.models import Cycle
from portal.foundation.documents.models import Document, DocumentState
from portal.foundation.offers import registry as offers
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.documents.gaps import KIND_OF
from quality.models import Assessment, Standard
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import sign_in, user_with_role
from tests.factories.quality import level_record, small_catalogue, verified_assessment
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
SCREENS = ("gap_report", "gap_trace", "gap_csv", "gap_xlsx")


@pytest.fixture
def place() -> Territory:
    return verified_assessment(levels={"E01": 0, "E02": 3, "E03": None}).municipality


def address(name: str, place: Territory, year: int = 2026) -> str:
    return reverse(f"quality:{name}", args=[year, place.slug])


def test_the_team_reads_its_gaps(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    page = client.get(address("gap_report", place)).content.decode()

    assert "E01 Estándar 1" in page
    assert "E02 Estándar 2" not in page.split("Qué ha cambiado")[0]
    assert "de 2 se cumple; 1 de ellos está consolidado" in page
    assert "no aplica; 0 no se midieron" in page


def test_a_first_year_says_how_many_are_met_once(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    page = client.get(address("gap_report", place)).content.decode()

    assert page.count("se cumple") == 1


def test_one_municipality_leads_straight_to_its_report(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.COORDINATOR, place))

    response = client.get(reverse("quality:gap_list"))

    assert response["Location"] == address("gap_report", place)


def test_the_region_lists_its_municipalities_and_no_other(client: Client, place: Territory, constant_queries) -> None:
    other = ParticipationFactory(cycle=CycleFactory(), municipality__name="Otra Parte").municipality
    sign_in(client, user_with_role(Role.REGIONAL_TEAM, place.region))

    def another() -> None:
        neighbor = MunicipalityFactory(parent=place.parent)
        ParticipationFactory(cycle=CycleFactory(), municipality=neighbor)
        level_record(municipality=neighbor, standard=Standard.objects.first(), level=1)

    constant_queries(client, reverse("quality:gap_list"), another)
    page = client.get(reverse("quality:gap_list")).content.decode()
    assert place.name in page
    assert other.name not in page


@pytest.mark.parametrize("screen", SCREENS)
def test_nobody_reads_the_gaps_of_another_place(client: Client, place: Territory, screen: str) -> None:
    elsewhere = MunicipalityFactory()
    sign_in(client, user_with_role(Role.COORDINATOR, elsewhere))
    assert client.get(address(screen, place)).status_code == 404
    sign_in(client, user_with_role(Role.REGIONAL_TEAM, elsewhere.region))
    assert client.get(address(screen, place)).status_code == 404
    sign_in(client, user_with_role(Role.CITIZEN, place))
    assert client.get(address(screen, place)).status_code == 403
    client.logout()
    assert client.get(address(screen, place)).status_code == 302


@pytest.mark.parametrize("screen", SCREENS)
def test_a_year_or_a_commune_that_is_not_there(client: Client, place: Territory, screen: str) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    assert client.get(address(screen, place, year=1999)).status_code == 404
    assert client.get(address(screen, place).replace(place.slug, "no-existe")).status_code == 404


def test_without_levels_the_report_says_what_is_awaited(client: Client) -> None:
    small_catalogue()
    place = ParticipationFactory(cycle=CycleFactory()).municipality
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    page = client.get(address("gap_report", place)).content.decode()

    assert "Aparecerán cuando el equipo envíe su autodiagnóstico." in page


def test_every_number_names_its_records_and_its_computation(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    page = client.get(address("gap_trace", place), {"serie": "verified"}).content.decode()

    assert "quality.gaps/2" in page
    assert "Verificado por la región" in page
    (assessment,) = Assessment.objects.filter(municipality=place)
    link = f'href="{reverse("quality:assessment_show", args=[assessment.pk])}"'
    assert f"{link}>Autodiagnóstico 2026, versión 1</a>" in page
    assert f'href="{reverse("quality:standard", args=["E01"])}"' in page
    assert "Cumple desde el nivel 2; consolidado desde el nivel 3" in page


def test_offers_of_upper_modules_stand_beside_their_gap(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))
    offer = offers.Offer(
        key="test.draw",
        subject_type="quality.gap",
        label="Dibujar una línea",
        offered=lambda user, records: [each for each in records if each.standard.code == "E01"],
        url=lambda record: f"/linea/{record.standard.code}/",
    )
    offers.register(offer)
    try:
        page = client.get(address("gap_report", place)).content.decode()
    finally:
        offers.unregister("test.draw")

    assert page.count("/linea/E01/") == 1
    assert "/linea/E02/" not in page


def test_the_csv_leaves_blank_what_was_not_measured(client: Client) -> None:
    first, second, _third = small_catalogue().standards.all()
    place = ParticipationFactory(cycle=CycleFactory()).municipality
    level_record(municipality=place, standard=first, level=0)
    level_record(municipality=place, standard=second, level=None)
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    text = b"".join(client.get(address("gap_csv", place)).streaming_content).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    shown = [(row["Código"], row["Nivel"], row["Para cumplir"], row["Para consolidar"]) for row in rows]
    assert shown == [("E01", "0", "2", "3"), ("E02", "N/A", "", ""), ("E03", "", "", "")]


def test_the_spreadsheet_says_where_its_numbers_come_from(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.DIDECO, place))

    response = client.get(address("gap_xlsx", place), {"serie": "verified"})

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    about = dict(list(book.worksheets[3].values)[1:])
    assert (about["Municipalidad"], about["Serie"]) == (place.name, "Verificado por la región")
    assert (about["Catálogo"], about["Cálculo"]) == ("0.1.0", "quality.gaps/2")
    names, first, *_others = book.worksheets[0].values
    assert dict(zip(names, first, strict=True))["Fuente"] == "Autodiagnóstico 2026, versión 1"


def test_every_sheet_of_a_demonstration_says_so(client: Client, place: Territory) -> None:
    Cycle.objects.update(is_demo=True)
    sign_in(client, user_with_role(Role.DIDECO, place))

    response = client.get(address("gap_xlsx", place))

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert {sheet["A2"].value for sheet in book.worksheets if sheet.max_row > 1} == {"DATOS DE DEMOSTRACIÓN"}


@pytest.mark.parametrize("series", ["self", "verified"])
def test_the_report_is_made_as_a_pdf(
    client: Client, place: Territory, series: str, django_capture_on_commit_callbacks
) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, place))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{address('gap_document', place)}?serie={series}")

    document = Document.objects.get(kind=KIND_OF[series])
    assert response["Location"] == reverse("documents:show", args=[document.pk])
    assert document.state == DocumentState.READY
    assert document.name == f"brechas-{place.slug}-2026.pdf"


def test_nobody_makes_the_report_of_another_place(client: Client, place: Territory) -> None:
    sign_in(client, user_with_role(Role.COORDINATOR, MunicipalityFactory()))

    assert client.post(address("gap_document", place)).status_code == 404
    assert not Document.objects.filter(kind__in=KIND_OF.values()).exists()


def test_the_number_of_queries_does_not_grow_with_the_gaps(client: Client, constant_queries) -> None:
    small_catalogue()
    place = ParticipationFactory(cycle=CycleFactory()).municipality
    sign_in(client, user_with_role(Role.COORDINATOR, place))
    standards = iter(Standard.objects.all())

    constant_queries(
        client,
        address("gap_report", place),
        lambda: level_record(municipality=place, standard=next(standards), level=0),
    )
