"""The heatmap: who sees which rows, what a cell says, and its files."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from portal.dashboards.views import heatmap as heatmap_views
from portal.foundation.cycles.models import Cycle, CycleState, Stage
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.reporting import charts
from portal.foundation.territories.models import Territory
from quality.enums import Series
from quality.models import Standard
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import sign_in, user_with_role
from tests.factories.quality import level_record, small_catalogue, verified_assessment
from tests.factories.territories import CountryFactory, MunicipalityFactory, ProvinceFactory

pytestmark = pytest.mark.django_db
FILES = ("heatmap_csv", "heatmap_xlsx", "heatmap_png", "heatmap_overview")


@pytest.fixture
def standards() -> list[Standard]:
    return list(small_catalogue().standards.all())


@pytest.fixture
def province() -> Territory:
    return ProvinceFactory(parent__name="Región Propia", parent__parent=CountryFactory())


def take_part(province: Territory, name: str, *levels: int | None, stage: str = Stage.NEW, year: int = 2026):
    """A municipality of the year with its levels in the order of the standards; «...» leaves one out."""
    place = Territory.objects.filter(name=name).first() or MunicipalityFactory(
        parent=province, name=name, search_name=name.lower()
    )
    cycle = CycleFactory(year=year)
    ParticipationFactory(municipality=place, cycle=cycle, stage=stage)
    for standard, level in zip(Standard.objects.all(), levels, strict=False):
        if level is not ...:
            level_record(municipality=place, standard=standard, level=level, cycle=cycle)
    return place


@pytest.fixture
def regional(province: Territory) -> User:
    return user_with_role(Role.REGIONAL_TEAM, province.parent)


def rows(page: str) -> dict[str, list[str]]:
    """Name → the texts of its cells, tags and hidden words taken away."""
    found = {}
    for name, cells in re.findall(r'<tr><th scope="row"><a[^>]*>([^<]*)</a></th>(.*?)</tr>', page, re.S):
        without_hidden = re.sub(r'<span class="govuk-visually-hidden">.*?</span>', "", cells)
        found[name] = [re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", without_hidden)]
    return found


def open_map(client: Client, user: User, **query: str) -> str:
    sign_in(client, user)
    response = client.get(reverse("dashboards:heatmap"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_missing_is_blank_and_what_does_not_apply_says_so(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Alfa", 0, None, ...)
    take_part(province, "Beta")

    page = open_map(client, regional)

    assert rows(page) == {"Alfa": ["0/1", "0", "N/A", ""], "Beta": ["", "Sin datos"]}


def test_rows_are_in_order_of_stage_then_name_never_of_score(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Zeta", 3, 3, 3, stage=Stage.NEW)
    take_part(province, "Alfa", 0, 0, 0, stage=Stage.CONSOLIDATION)
    take_part(province, "Beta", 3, 3, 3, stage=Stage.CONSOLIDATION)
    MunicipalityFactory(parent=province, name="Ajena al Programa")

    assert list(rows(open_map(client, regional))) == ["Zeta", "Alfa", "Beta"]
    everybody = rows(open_map(client, regional, municipios="todas"))
    assert list(everybody) == ["Zeta", "Alfa", "Beta", "Ajena al Programa"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["2/3", "1", "2", "3"]),
        ({"medida": "gap"}, ["2/3", "1", "0", "0"]),
        ({"medida": "change"}, ["2/3", "−1", "0", "+3"]),
        ({"serie": "verified"}, ["0/1", "0", "", ""]),
        ({"componente": "C2"}, ["1/1", "3"]),
        ({"solo": "critical"}, ["1/1", "2"]),
        ({"solo": "transparency"}, ["1/1", "3"]),
        ({"ciclo": "2025"}, ["2/3", "2", "2", "0"]),
        ({"medida": "nada", "serie": "nada", "ciclo": "nunca"}, ["2/3", "1", "2", "3"]),
    ],
)
def test_what_a_cell_shows(
    client: Client,
    standards: list[Standard],
    province: Territory,
    regional: User,
    query: dict[str, str],
    expected: list[str],
) -> None:
    place = take_part(province, "Alfa", 2, 2, 0, year=2025)
    take_part(province, "Alfa", 1, 2, 3)
    level_record(municipality=place, standard=standards[0], level=0, series=Series.VERIFIED)

    assert rows(open_map(client, regional, **query)) == {"Alfa": expected}


def test_the_open_cycle_is_shown_and_stands_first_among_the_choices(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Alfa", 1, 2, 3)
    CycleFactory(year=2027, state=CycleState.DRAFT)

    page = open_map(client, regional)

    choices = re.search(r'<select name="ciclo".*?</select>', page, re.S)
    assert choices is not None
    assert re.findall(r'value="(\d+)"', choices[0]) == ["2026", "2027"]
    assert "Ciclo 2026</span>" in page


def test_the_stage_filter_leaves_the_others_out(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Alfa", 1, 1, 1, stage=Stage.NEW)
    take_part(province, "Beta", 1, 1, 1, stage=Stage.CONTINUITY)

    assert list(rows(open_map(client, regional, etapa="2"))) == ["Beta"]


def test_each_cell_leads_to_its_answer_in_the_self_diagnosis(client: Client) -> None:
    done = verified_assessment(levels={"E01": 2, "E02": 1, "E03": None})
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)

    links = re.findall(r'<td class="mj-at-[^"]*"><a href="([^"#]*)#([^"]*)"', open_map(client, regional))

    assert [anchor for _address, anchor in links] == ["E01", "E02", "E03"]
    for address, anchor in links:
        assert f' id="{anchor}"' in client.get(address).content.decode()


def test_each_cell_without_an_answer_leads_to_its_records(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    place = take_part(province, "Alfa", 1)

    page = open_map(client, regional)

    assert f'<td class="mj-at-1"><a href="/brechas/2026/{place.slug}/calculo/">1</a></td>' in page


def test_a_region_sees_its_own_rows_only(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Alfa", 1, 1, 1)
    other = ProvinceFactory(parent__parent=CountryFactory())
    take_part(other, "Intrusa", 3, 3, 3)

    sign_in(client, regional)
    assert "Intrusa" not in open_map(client, regional, municipios="todas")
    assert client.get(reverse("dashboards:heatmap"), {"region": other.parent.code}).status_code == 404
    assert client.get(reverse("dashboards:heatmap"), {"region": "pais"}).status_code == 200
    assert "Intrusa" not in client.get(reverse("dashboards:heatmap"), {"region": "pais"}).content.decode()


@pytest.mark.parametrize("name", FILES)
def test_files_keep_to_the_region_too(
    client: Client, standards: list[Standard], province: Territory, regional: User, name: str
) -> None:
    take_part(province, "Alfa", 1, 1, 1)
    other = ProvinceFactory(parent__parent=CountryFactory())
    take_part(other, "Intrusa", 3, 3, 3)
    address = reverse(f"dashboards:{name}")

    assert client.get(address).status_code == 302
    sign_in(client, user_with_role(Role.CITIZEN, province.parent))
    assert client.get(address).status_code == 403
    sign_in(client, regional)
    assert client.get(address, {"region": other.parent.code}).status_code == 404
    response = client.get(address, {"municipios": "todas"})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert b"Intrusa" not in content


def test_the_country_shows_each_region_in_its_own_table(
    client: Client, standards: list[Standard], province: Territory
) -> None:
    take_part(province, "Alfa", 1, 1, 1)
    take_part(ProvinceFactory(parent__parent=CountryFactory()), "Beta", 2, 2, 2)
    national = user_with_role(Role.NATIONAL_TEAM, CountryFactory())

    page = open_map(client, national)

    assert page.count('<table class="mj-heatmap">') == 2
    assert rows(page) == {"Alfa": ["0/3", "1", "1", "1"], "Beta": ["3/3", "2", "2", "2"]}
    assert "/region/panorama.png" not in page
    assert list(rows(open_map(client, national, region=province.parent.code))) == ["Alfa"]


def test_a_country_too_large_for_links_is_shown_as_a_picture_above_its_tables(
    client: Client, standards: list[Standard], province: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heatmap_views, "MOST_LINKED_CELLS", 2)
    take_part(province, "Alfa", 1, 1, 1)

    page = open_map(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))

    assert "/region/panorama.png" in page
    assert rows(page) == {"Alfa": ["0/3", "1", "1", "1"]}


def test_a_municipal_team_sees_its_row_and_no_neighbor(
    client: Client, standards: list[Standard], province: Territory
) -> None:
    own = take_part(province, "Alfa", 1, 2, 3)
    for number in range(8):
        take_part(province, f"Vecina {number}", 0, 0, 0)

    page = open_map(client, user_with_role(Role.COORDINATOR, own), municipios="todas")

    assert list(rows(page)) == ["Alfa"]
    assert "Vecina" not in page
    assert "desde 10 comunas" in page


def test_from_ten_municipalities_on_a_team_sees_the_regions_anonymous_counts(
    client: Client, standards: list[Standard], province: Territory
) -> None:
    own = take_part(province, "Alfa", 1, 2, 3)
    for number in range(9):
        take_part(province, f"Vecina {number}", 0, 0, None)

    page = open_map(client, user_with_role(Role.TEAM_MEMBER, own))

    counts = [re.findall(r'--numeric"[^>]*>(\d+)</td>', row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    assert [row for row in counts if row] == [
        ["9", "1", "0", "0", "0"],
        ["9", "0", "1", "0", "0"],
        ["0", "0", "0", "1", "9"],
    ]
    assert "Vecina" not in page


def test_the_csv_keeps_blank_what_was_not_measured(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    place = take_part(province, "Alfa", 2, None, ...)
    sign_in(client, regional)

    response = client.get(reverse("dashboards:heatmap_csv"))

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert line == {
        "Ciclo": "2026",
        "Serie": "Autodiagnóstico",
        "Qué muestra cada celda": "Nivel",
        "Código": place.code,
        "Municipalidad": "Alfa",
        "Región": "Región Propia",
        "Etapa": "Etapa 1: nueva",
        "Estándares que cumple": "1",
        "Estándares medidos": "1",
        "Cumplimiento (%)": "100.0",
        "E01": "2",
        "E02": "N/A",
        "E03": "",
        "Evidencia antigua": "",
    }


def test_old_evidence_is_not_lost_in_the_csv(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    place = take_part(province, "Alfa", 1, 2, ...)
    level_record(municipality=place, standard=standards[2], level=2, dated_on=date(2020, 1, 1))
    sign_in(client, regional)

    text = b"".join(client.get(reverse("dashboards:heatmap_csv")).streaming_content).decode("utf-8-sig")

    assert next(csv.DictReader(io.StringIO(text)))["Evidencia antigua"] == "E03"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "png"])
def test_the_name_of_a_file_tells_one_map_from_another(
    client: Client, standards: list[Standard], province: Territory, regional: User, ending: str
) -> None:
    take_part(province, "Alfa", 1, 2, 3)
    sign_in(client, regional)
    url = reverse(f"dashboards:heatmap_{ending}")

    names = [
        client.get(url, {"serie": series, "medida": measure})["Content-Disposition"].split("-2026-")[1].strip('"')
        for series, measure in (("self", "level"), ("verified", "gap"))
    ]

    assert names == [f"autodiagnostico-nivel.{ending}", f"verificado-brecha.{ending}"]


def test_the_spreadsheet_says_where_its_numbers_come_from(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Alfa", 1, 1, 1)
    sign_in(client, regional)

    response = client.get(reverse("dashboards:heatmap_xlsx"), {"serie": "self"})

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    about = dict(list(book.worksheets[1].values)[1:])
    assert about["Catálogo"] == "0.1.0"
    assert about["Cálculo"] == "quality.gaps/2"
    assert book.worksheets[0]["E2"].value == "Alfa"


def test_the_pictures_are_pictures(
    client: Client, standards: list[Standard], province: Territory, regional: User
) -> None:
    take_part(province, "Alfa", 1, None, ...)
    take_part(province, "Beta", 3, 0, 2, year=2025)
    sign_in(client, regional)

    overview = Image.open(io.BytesIO(client.get(reverse("dashboards:heatmap_overview")).content))
    picture = Image.open(io.BytesIO(client.get(reverse("dashboards:heatmap_png"), {"medida": "change"}).content))

    assert (overview.size, overview.mode) == ((1, 3), "P")
    assert picture.size > (300, 300)


def test_the_picture_tells_apart_what_the_page_tells_apart(
    client: Client,
    standards: list[Standard],
    province: Territory,
    regional: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(
        charts, "labelled_heatmap_png", lambda values, **words: given.update(words, values=values) or b""
    )
    place = take_part(province, "Alfa", None, ..., stage=Stage.CONTINUITY)
    take_part(province, "Beta", 1, 2, 3)
    level_record(municipality=place, standard=standards[2], level=2, dated_on=date(2020, 1, 1))
    sign_in(client, regional)

    client.get(reverse("dashboards:heatmap_png"))

    assert given["rows"] == ["Beta", "Alfa"]
    assert given["title"] == "Región Propia · Ciclo 2026 · Autodiagnóstico · Nivel"
    assert given["groups"] == [("Etapa 1: nueva", 1), ("Etapa 2: continuidad", 1)]
    not_applicable = given["looks"][-1]
    assert (not_applicable.mark, not_applicable.label) == ("N/A", "No aplica")
    assert [[str(value) for value in row] for row in given["values"]] == [["1.0", "2.0", "3.0"], ["4.0", "nan", "2.0"]]
    assert given["old"].tolist() == [[False] * 3, [False, False, True]]
    assert len({(look.color, look.hatch) for look in given["looks"]}) == len(given["looks"])


@pytest.mark.parametrize("name", ["heatmap_xlsx", "heatmap_csv"])
def test_files_of_a_demonstration_say_so_on_every_row(
    client: Client, standards: list[Standard], province: Territory, regional: User, name: str
) -> None:
    take_part(province, "Alfa", 1)
    Cycle.objects.update(is_demo=True)
    sign_in(client, regional)

    content = b"".join(client.get(reverse(f"dashboards:{name}")).streaming_content)

    if name == "heatmap_xlsx":
        lines = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    else:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["Datos", "DATOS DE DEMOSTRACIÓN"]


def test_an_absent_level_looks_alike_on_the_page_and_in_the_pictures() -> None:
    styles = Path(settings.BASE_DIR, "portal/foundation/ui/styles/_brand.scss").read_text()

    assert f"$level-0: {charts.LEVEL_COLORS[0]};" in styles


def test_nothing_to_show(client: Client, standards: list[Standard], province: Territory, regional: User) -> None:
    assert "Aún no hay un ciclo" in open_map(client, regional)
    CycleFactory()
    assert "Ninguna municipalidad o estándar coincide" in open_map(client, regional)
    assert client.get(reverse("dashboards:heatmap_png"))["Location"] == reverse("dashboards:heatmap")


def test_the_number_of_queries_does_not_grow(
    client: Client, standards: list[Standard], province: Territory, regional: User, constant_queries
) -> None:
    sign_in(client, regional)
    names = iter(["Alfa", "Beta", "Gama"])

    queries = constant_queries(
        client, reverse("dashboards:heatmap"), lambda: take_part(province, next(names), 1, None, 3)
    )

    assert queries <= 20


def test_a_full_region_stays_within_two_thousand_elements(client: Client, province: Territory, regional: User) -> None:
    small_catalogue()
    for number in range(52):
        take_part(province, f"Comuna {number:02}", 1, 2, 3)

    page = open_map(client, regional)

    assert len(re.findall(r"<[a-z]", page)) <= 2000
