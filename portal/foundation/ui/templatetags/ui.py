"""Template tags where a component needs a little logic. ``{% load ui %}``."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail.models import Page as EditablePage

from portal.foundation.ui import levels, navigation, tables, translated

register = template.Library()

TAG_TONES = {
    "good": "good",
    "attention": "attention",
    "bad": "bad",
    "info": "info",
    "neutral": "",
}

# A language is called by its own name, whatever the page's language.
LANGUAGE_NAMES = {"es": "Español", "en": "English"}


@register.filter
def localized(texts: dict[str, str] | None) -> str:
    """``{{ standard.name|localized }}``: the text of a {"es", "en"} value in the active language."""
    return translated.localized(texts)


@register.filter
def as_lines(value: Any) -> list[Any]:
    """The lines of a text, or the items of a list, one below the other."""
    if isinstance(value, list | tuple):
        return list(value)
    return str(value).splitlines() if isinstance(value, str) else [value]


@register.simple_block_tag
def stacked(content: str) -> str:
    """``{% stacked %}<table …>…</table>{% endstacked %}``: on a telephone each row is a small list."""
    return tables.stacked(content)


@register.simple_tag
def error_list(
    *,
    form: Any = None,
    formset: Any = None,
    errors: Any = None,
    non_field_errors: Any = None,
) -> list[dict[str, str]]:
    """Lines of an error summary: text, and the id of the element to mend ("" where there is none)."""
    lines = [{"text": str(text), "target": ""} for text in (non_field_errors or errors or [])]
    for each in [form] if form else []:
        lines += _field_lines(each)
    for each in formset or []:
        lines += [{"text": str(text), "target": ""} for text in each.non_field_errors()]
        lines += _field_lines(each)
    if formset:
        lines = [{"text": str(text), "target": ""} for text in formset.non_form_errors()] + lines
    return lines


def _field_lines(form: forms.BaseForm) -> list[dict[str, str]]:
    return [
        {"text": _with_label(field.label, text), "target": getattr(field, "error_target", "") or field.id_for_label}
        for field in form.visible_fields()
        for text in field.errors
    ]


def _with_label(label: Any, text: Any) -> str:
    """«Full name: write an answer.» — away from its field an error has to name it."""
    label, text = str(label).strip(), str(text)
    if label.endswith(("?", ".", "!", ":")):
        return f"{label} {text}"
    is_plain_word = text[1:2].islower() or text[1:2] == " "  # «PDF…» keeps its capitals
    return f"{label}: {text[:1].lower() if is_plain_word else text[:1]}{text[1:]}"


@register.simple_tag(takes_context=True)
def navigation_links(context: RequestContext) -> list[navigation.Link]:
    """Entries of the main navigation for the signed-in user; none for a visitor."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return navigation.links_for(user, request.path)


@register.simple_tag(takes_context=True)
def footer_links(context: RequestContext) -> list[navigation.Link]:
    """Links at the foot of the page; none where there is no request: the page of a failure asks nothing of anybody."""
    return navigation.footer_links() if context.get("request") else []


@register.simple_tag
def citizen_doors() -> list[navigation.Link]:
    """What citizens come for, for the start page."""
    return navigation.doors()


@register.simple_tag(takes_context=True)
def language_links(context: RequestContext) -> list[dict[str, Any]]:
    """The same page in each language: code, name, url, is_current. The start page where it has no twin."""
    request: HttpRequest | None = context.get("request")
    active = (get_language() or settings.LANGUAGE_CODE)[:2]
    here = request.get_full_path() if request else "/"
    twins = _page_twins(context.get("page"), request)
    links = []
    for code, _name in settings.LANGUAGES:
        url = here if code == active else _twin(request, here, code, twins)
        links.append({"code": code, "name": LANGUAGE_NAMES.get(code, code), "url": url, "is_current": code == active})
    return links


def _twin(request: HttpRequest | None, here: str, code: str, twins: dict[str, str]) -> str:
    url = twins.get(code, "") if twins else _translated(request, here, code)
    return _start_page(code) if url in ("", here) else url


def _translated(request: HttpRequest | None, here: str, code: str) -> str:
    """The address of the same view. It was resolved to get here: resolving it again costs milliseconds of each page."""
    match = request.resolver_match if request else None
    if match is None:
        return translate_url(here, code)
    try:
        with override(code):
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    except NoReverseMatch:
        return ""
    _path, mark, query = here.partition("?")
    return path + mark + query


def _page_twins(page: Any, request: HttpRequest | None) -> dict[str, str]:
    """Address by language of an editable page, whose path differs in each; empty for any other view.

    What follows the page's own path (a municipality, a question) is the same in all.
    """
    if request is None or not isinstance(page, EditablePage) or not page.pk:
        return {}
    rest = request.get_full_path().removeprefix(page.get_url(request) or "")
    twins = page.get_translations(inclusive=True).live().select_related("locale")
    return {twin.locale.language_code: f"{twin.get_url(request) or ''}{rest}" for twin in twins}


@register.simple_tag
def as_written() -> str:
    """``lang="…"`` for words that people of the installation wrote; nothing where the page is in that language."""
    active = (get_language() or settings.LANGUAGE_CODE)[:2]
    return "" if active == settings.LANGUAGE_CODE else format_html('lang="{}"', settings.LANGUAGE_CODE)


def _start_page(code: str) -> str:
    with override(code):
        return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


@register.simple_tag(takes_context=True)
def query_string(context: RequestContext, **changes: Any) -> str:
    """``?…`` of this page with some parameters changed (None removes one): keeps the filters in a link."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/tag.html")
def tag(text: Any, tone: str = "neutral") -> dict[str, str]:
    """``{% tag plan.get_state_display "good" %}``: a state in words.

    :param tone: good, attention, bad, info or neutral; colour only repeats what the words say.
    """
    return {"text": str(text), "modifier": TAG_TONES[tone]}


@register.inclusion_tag("components/level_badge.html")
def level(value: int | None, is_not_applicable: bool = False, names: Any = None) -> dict[str, Any]:
    """``{% level 2 %}``: number, pattern and words. None is «no data», never 0."""
    return levels.badge(value, is_not_applicable=is_not_applicable, names=names)


@register.inclusion_tag("components/bar.html")
def bar(value: Any, maximum: Any = 100, unit: str = "%", label: str = "") -> dict[str, Any]:
    """``{% bar 62 100 %}``: a horizontal bar beside its number; an empty value says «no data»."""
    if value is None:
        return {"is_empty": True, "label": label}
    share = 100 * float(value) / float(maximum) if float(maximum) else 0.0
    return {
        "value": value,
        "unit": unit,
        "label": label,
        # SVG lengths are not localised numbers.
        "width": f"{min(100.0, max(0.0, share)):.1f}%",
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Page[Any], parameter: str = "pagina") -> dict[str, Any]:
    """``{% pagination page_obj %}``: links that keep the filters; nothing where there is one page.

    The list view sets ``page_kwarg = "pagina"`` (or names its own parameter here).
    """
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)

    def link(number: int) -> str:
        return query_string(context, **{parameter: number})

    return {
        "page": page,
        "links": [
            {
                "number": number,
                "url": link(number) if isinstance(number, int) else "",
                "is_current": number == page.number,
            }
            for number in numbers
        ],
        "previous_url": link(page.previous_page_number()) if page.has_previous() else "",
        "next_url": link(page.next_page_number()) if page.has_next() else "",
        "label": _("Pages"),
    }


@register.simple_tag
def share(part: Any, whole: Any) -> int | None:
    """Whole per cent of ``part`` in ``whole``, rounded down so that 100 means all; None of nothing."""
    return int(100 * float(part) // float(whole)) if whole else None


@register.inclusion_tag("components/heat_cell.html")
def heat(value: Any, url: str = "", title: str = "") -> dict[str, Any]:
    """``{% heat 2 url title %}``: one ``<td>`` of a heatmap.

    :param value: 0 to 3; "na" where it does not apply; None where nothing is known (stays blank);
        :param title: what the link is called by a screen reader.
    """
    is_not_applicable = value == "na"
    return {
        "kind": "" if value is None else str(value),
        "text": _("N/A") if is_not_applicable else value,
        "is_blank": value is None,
        "url": url,
        "title": title,
    }


@register.simple_tag(takes_context=True)
def came_from(context: template.Context) -> str:
    """``{% came_from as address %}``: the page of this site that led here; "" where it was none, or is not told."""
    request = context["request"]
    address = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else ""
