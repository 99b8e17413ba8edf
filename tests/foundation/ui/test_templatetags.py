from __future__ import annotations

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation


def _render(source: str, path: str = "/", **context: object) -> str:
    request = RequestFactory().get(path)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context})).strip()


@pytest.mark.parametrize(
    ("value", "text"), [(0, "Inexistente"), (1, "Definido o parcial"), (2, "Aplicado"), (3, "Medido y mejorado")]
)
def test_a_level_is_shown_by_number_pattern_and_words(value: int, text: str) -> None:
    page = _render("{% level value %}", value=value)

    assert f'<text class="{"mj-on-dark" if value == 3 else ""}" x="15" y="21">{value}</text>' in page
    assert text in page


def test_a_missing_level_is_never_zero() -> None:
    page = _render("{% level value %}", value=None)

    assert page == '<span class="mj-level mj-level--none">Sin datos</span>'


def test_not_applicable_says_so() -> None:
    assert "No aplica" in _render("{% level None is_not_applicable=True %}")


def test_a_cell_without_data_stays_blank() -> None:
    assert _render("{% heat None %}") == '<td><span class="govuk-visually-hidden">Sin datos</span></td>'
    assert _render("{% heat 0 %}") == '<td class="mj-at-0">0</td>'
    assert _render('{% heat 2 "/x/" "Alhué, A1: 2" %}') == (
        '<td class="mj-at-2"><a href="/x/" aria-label="Alhué, A1: 2">2</a></td>'
    )


@pytest.mark.parametrize(("value", "width"), [(62.5, "62.5%"), (0, "0.0%"), (140, "100.0%"), (-3, "0.0%")])
def test_a_bar_is_a_drawing_beside_its_number(value: float, width: str) -> None:
    with translation.override("es"):
        page = _render("{% bar value 100 %}", value=value)

    assert f'class="mj-bar__fill" width="{width}"' in page


def test_a_bar_of_nothing_says_so() -> None:
    assert "Sin datos" in _render("{% bar None %}")


@pytest.mark.parametrize(("part", "whole", "percent"), [(12, 31, 38), (30, 31, 96), (31, 31, 100), (0, 0, None)])
def test_a_share_is_all_only_when_it_is_all(part: int, whole: int, percent: int | None) -> None:
    assert _render("{% share part whole as p %}{{ p }}", part=part, whole=whole) == str(percent)


def test_a_query_string_keeps_the_filters() -> None:
    assert _render("{% query_string pagina=3 %}", "/?region=13&pagina=2") == "?region=13&amp;pagina=3"
    assert _render("{% query_string pagina=None %}", "/?region=13&pagina=2") == "?region=13"


def test_pages_keep_the_filters_and_mark_the_current_one() -> None:
    page = _render("{% pagination p %}", "/?region=13", p=Paginator(range(50), 10).page(2))

    assert 'href="?region=13&amp;pagina=3"' in page
    assert page.count('aria-current="page"') == 1


def test_one_page_needs_no_links() -> None:
    assert _render("{% pagination p %}", p=Paginator(range(5), 10).page(1)) == ""


def test_localized_texts_follow_the_language() -> None:
    texts = {"es": "Estándar", "en": "Standard"}

    with translation.override("en"):
        assert _render("{{ t|localized }}", t=texts) == "Standard"
    assert _render("{{ t|localized }}", t=texts) == "Estándar"


def test_the_language_switch_leads_to_the_same_page() -> None:
    source = "{% language_links as links %}{% for l in links %}{{ l.url }} {% endfor %}"

    assert _render(source, "/estilo/?a=1") == "/estilo/?a=1 /en/estilo/?a=1"
    assert _render(source, "/cms/") == "/cms/ /en/"


def test_the_twin_of_a_page_that_is_being_answered_is_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("portal.foundation.ui.templatetags.ui.translate_url")
    template = Template("{% load ui %}{% language_links as links %}{{ links.1.url|safe }}")

    for here, twin in (("/estilo/?a=%C3%B1&b=%20", "/en/estilo/?a=%C3%B1&b=%20"), ("/cms/", "/en/")):
        request = RequestFactory().get(here)
        request.resolver_match = resolve(request.path)
        assert template.render(Context({"request": request})) == twin


def test_words_of_the_installation_name_their_language_on_a_page_in_another() -> None:
    with translation.override("en"):
        assert _render("<p {% as_written %}>") == '<p lang="es">'
    assert _render("<p {% as_written %}>") == "<p >"


def test_a_stacked_table_names_the_column_on_each_cell_and_keeps_its_roles() -> None:
    page = _render(
        '{% stacked %}<table class="govuk-table"><thead><tr><th scope="col">Estándar</th>'
        '<th scope="col" class="x">Nivel <span class="y">"de hoy"</span></th><th scope="col">Fecha</th></tr></thead>'
        '<tbody><tr><th scope="row">E01</th><td class="z">{{ value }}</td><td></td></tr>'
        '<tr><th scope="row">E02</th><td colspan="2">Sin datos</td></tr></tbody></table>{% endstacked %}',
        value='<td data-label="x">',
    )

    assert page == (
        '<table role="table" class="mj-stacked govuk-table"><thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">Estándar</th>'
        '<th role="columnheader" scope="col" class="x">Nivel <span class="y">"de hoy"</span></th>'
        '<th role="columnheader" scope="col">Fecha</th></tr></thead><tbody role="rowgroup"><tr role="row">'
        '<th role="rowheader" scope="row">E01</th>'
        '<td role="cell" class="z" data-label="Nivel &quot;de hoy&quot;">&lt;td data-label=&quot;x&quot;&gt;</td>'
        '<td role="cell" data-label="Fecha"></td></tr><tr role="row"><th role="rowheader" scope="row">E02</th>'
        '<td role="cell" colspan="2">Sin datos</td></tr></tbody></table>'
    )
