"""The public pages of the catalogue."""

from __future__ import annotations

import copy
import io
import re

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.foundation.people.roles import Role
from quality.domain.catalogue import load_catalogue
from quality.models import CatalogueVersion
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory
from tests.quality.domain.test_catalogue import AT, CONTENT, DATA, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> CatalogueVersion:
    return load_catalogue(content=CONTENT, by=None, at=AT)


def codes(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("quality:catalogue"), query)
    assert response.status_code == 200
    return re.findall(r'<th scope="row" class="govuk-table__header">(E\d\d)</th>', response.content.decode())


def test_without_a_catalogue_the_page_says_so(client: Client) -> None:
    page = client.get(reverse("quality:catalogue")).content.decode()

    assert "Aún no hay un catálogo" in page


def test_staff_find_the_standards_in_the_navigation(client: Client, version: CatalogueVersion) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, MunicipalityFactory()))

    page = client.get(reverse("quality:catalogue")).content.decode()

    assert 'class="mj-nav__link" href="/estandares/" aria-current="page"' in page


def test_the_list_groups_all_standards_by_component(client: Client, version: CatalogueVersion) -> None:
    page = client.get(reverse("quality:catalogue")).content.decode()

    assert codes(client) == [row["code"] for row in DATA["standards"]]
    assert re.findall(r'<h2 class="govuk-heading-m" id="(C\d)">', page) == ["C1", "C2", "C3", "C4", "C5"]
    assert DATA["meta"]["status"]["es"][:60] in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"componente": "C5"}, [row["code"] for row in DATA["standards"] if row["component"] == "C5"]),
        ({"atributo": "A18"}, [row["code"] for row in DATA["standards"] if "A18" in row["attributes"]]),
        ({"critico": "on"}, [row["code"] for row in DATA["standards"] if row["critical"]]),
        ({"transparencia": "on"}, [row["code"] for row in DATA["standards"] if row["transparency"] != "none"]),
        ({"origen": "quoted"}, ["E28", "E29"]),
        ({"q": "DOTACION segun"}, ["E01"]),
        ({"q": "e28"}, ["E28"]),
        ({"q": "zzz"}, []),
    ],
)
def test_filters_and_search(
    client: Client, version: CatalogueVersion, query: dict[str, str], expected: list[str]
) -> None:
    assert codes(client, **query) == expected


def test_a_filter_that_does_not_exist_is_ignored(client: Client, version: CatalogueVersion) -> None:
    assert len(codes(client, componente="C9", q="x" * 500)) == 31


def test_a_standard_shows_everything_that_is_known_of_it(client: Client, version: CatalogueVersion) -> None:
    response = client.get(reverse("quality:standard", args=["E01"]))
    page = response.content.decode()

    row = DATA["standards"][0]
    shown = [
        row["name"]["es"],
        row["statement"]["es"],
        row["rationale"]["es"],
        *(level["descriptor"]["es"] for level in row["levels"]),
        *(item["es"] for item in row["evidence"]),
        row["indicator"]["es"],
        "Planificación según demanda",
        "CAF 2",
        "R09",
        "P02, P03",
        "Redactado, no oficial",
        "Aún no hay mediciones",
        DATA["meta"]["status"]["es"][:60],
    ]
    assert [text for text in shown if text not in page] == []


def test_frameworks_and_source_are_told_in_the_readers_words(client: Client, version: CatalogueVersion) -> None:
    pages = {
        code: client.get(reverse("quality:standard", args=[code])).content.decode()
        for code in (row["code"] for row in DATA["standards"])
    }

    assert "Las palabras son de la fuente: compromiso CL0078 de Chile, Alianza para el Gobierno Abierto" in pages["E28"]
    read = " ".join(re.sub("<[^>]*>", " ", page) for page in pages.values())
    left = r"CL0078 \(fr\)|d\.iii|Citado de la fuente ·|tangibles,|assurance|empathy|Annex|criteria|service charters"
    assert re.findall(left, read) == []
    assert re.findall(r"\b(?:CAF|A11|CMT|UKSS|UNE93200|ISO18091|L\d{5}) ?\d?:", read) == []


def test_english_readers_get_the_english_texts(client: Client, version: CatalogueVersion) -> None:
    page = client.get("/en/estandares/E01/").content.decode()

    assert DATA["standards"][0]["statement"]["en"] in page
    assert DATA["standards"][0]["statement"]["es"] not in page


def test_an_earlier_edition_can_still_be_read(client: Client, version: CatalogueVersion) -> None:
    changed = copy.deepcopy(DATA)
    changed["meta"].update(version="0.2.0", date="2027-01-01")
    changed["standards"][0]["statement"]["es"] = "Un texto nuevo."
    load(changed)

    url = "/estandares/E01/"
    assert "Un texto nuevo." in client.get(url).content.decode()
    assert "Un texto nuevo." not in client.get(url, {"version": "0.1.0"}).content.decode()


@pytest.mark.parametrize(
    "path", ["/estandares/E99/", "/estandares/E01/?version=9", "/estandares/catalogo.yaml?version=9"]
)
def test_what_is_not_there_is_not_found(client: Client, version: CatalogueVersion, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_yaml_can_be_loaded_again(client: Client, version: CatalogueVersion) -> None:
    response = client.get(reverse("quality:catalogue_yaml"))

    exported = yaml.safe_load(response.content)
    exported["meta"]["version"] = "0.1.1"
    assert response["Content-Disposition"] == 'attachment; filename="catalogo-0.1.0.yaml"'
    assert load(exported).standards.count() == 31


def test_the_spreadsheet_says_first_how_far_it_can_be_trusted(client: Client, version: CatalogueVersion) -> None:
    response = client.get(reverse("quality:catalogue_xlsx"))

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == ["Acerca del catálogo", "Estándares", "Componentes", "Atributos"]
    assert dict(list(book.worksheets[0].values)[1:])["Estado"] == DATA["meta"]["status"]["es"]
    assert [row[0] for row in list(book.worksheets[1].values)[1:]] == [row["code"] for row in DATA["standards"]]


def test_the_number_of_queries_does_not_depend_on_the_standards(
    client: Client, version: CatalogueVersion, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(10):
        client.get(reverse("quality:catalogue"))
    with django_assert_max_num_queries(10):
        client.get(reverse("quality:standard", args=["E01"]))
