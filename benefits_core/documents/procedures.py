"""The printed sheet of a procedure: what it is for, its steps, terms and documents, and where it comes from."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits_core import rules
from benefits_core.models import MunicipalTerms, ProcedureVersion
from benefits_core.queries.flows import DrawnStep, drawn
from benefits_core.queries.procedures import current_version
from benefits_core.queries.terms import OwnTerms, terms_as_own
from benefits_core.queries.words import channels_in_words, term_in_words
from portal.foundation.documents.registry import DocumentKind
from portal.foundation.ui.context import is_demo
from portal.foundation.ui.translated import localized


def sheet_data(version: ProcedureVersion, language: str, own: OwnTerms | None = None) -> dict[str, Any]:
    """What the layout draws; ``own`` are a municipality's terms and places."""
    own = own or OwnTerms()
    place = own.terms.territory if own.terms else version.procedure.territory
    rows = drawn(version, own.promises)
    standing = [] if version.is_official else [_("Drafted, not official")]
    if not version.legal_confirmed:
        standing.append(_("Legal source to be confirmed"))
    return {
        "title": localized(version.name),
        "subtitle": localized(version.summary),
        "municipality": str(place) if place else "",
        "date": _date(version),
        "status": ". ".join(standing),
        "is_demo": is_demo(),
        "sections": [*_about(version, own), *(_step(row) for row in rows), _source(version)],
    }


def _date(version: ProcedureVersion) -> str:
    number = _("version %(number)s") % {"number": version.number}
    if version.starts_on is None:
        return _("%(version)s, draft") % {"version": number}
    day = date_format(version.starts_on, "DATE_FORMAT")
    return _("%(version)s, in force since %(day)s") % {"version": number, "day": day}


def _about(version: ProcedureVersion, own: OwnTerms) -> list[dict[str, Any]]:
    points = [", ".join(filter(None, (point.name, point.address))) for point in own.service_points]
    parts = [
        (_("Who can ask for it"), [localized(version.audience)], []),
        (_("What you get"), [localized(version.result)], []),
        (_("Cost"), [localized(version.cost)], []),
        (_("Where"), [], points),
        (_("Good to know"), [localized(own.terms.note) if own.terms else ""], []),
    ]
    return [
        {"heading": heading, "paragraphs": [text for text in paragraphs if text], "bullets": bullets}
        for heading, paragraphs, bullets in parts
        if any(paragraphs) or bullets
    ]


def _step(row: DrawnStep) -> dict[str, Any]:
    step = row.step
    who = step.get_actor_display()
    if step.actor_name:
        who = f"{who} ({localized(step.actor_name)})"
    lines = [_("Who does it: %(who)s") % {"who": who}]
    if step.channels:
        lines.append(_("Where: %(where)s") % {"where": channels_in_words(step.channels)})
    if row.promise:
        term = term_in_words(row.promise.amount, row.promise.unit)
        lines.append(_("Promised term: %(term)s") % {"term": f"{term}. {localized(step.term_note)}".strip(". ")})
    if step.documents:
        names = "; ".join(localized(document) for document in step.documents)
        lines.append(_("Take with you: %(documents)s") % {"documents": names})
    if step.form:
        lines.append(_("Form: %(form)s") % {"form": localized(step.form)})
    if step.letter:
        lines.append(_("What you receive: %(letter)s") % {"letter": localized(step.letter)})
    return {"heading": str(step), "paragraphs": [localized(step.what)], "bullets": [*lines, *_leads(row)]}


def _leads(row: DrawnStep) -> list[str]:
    if row.is_end:
        return [_("Here the procedure ends.")]
    lines = [_("Then: %(step)s") % {"step": row.goes_on.target}] if row.goes_on else []
    lines += [f"{localized(link.condition)} → {link.target}" for link in row.alternatives]
    return [*lines, _("Otherwise the procedure ends here.")] if row.can_end else lines


def _source(version: ProcedureVersion) -> dict[str, Any]:
    text = localized(version.legal_source) or _("none is named")
    if not version.legal_confirmed:
        text = f"{text} {_('(to be confirmed)')}"
    return {"heading": _("Legal source"), "paragraphs": [text]}


def local_sheet_data(terms: MunicipalTerms, language: str) -> dict[str, Any]:
    """The version in force on the terms' first day, with the municipality's own terms."""
    version = current_version(terms.procedure, terms.starts_on) if terms.starts_on else None
    if version is None:
        version = terms.procedure.versions.latest("number")
    return sheet_data(version, language, terms_as_own(terms))


SHEET = DocumentKind(
    key="benefits_core.procedure",
    title=gettext_lazy("Sheet of the procedure"),
    template="report.typ",
    data=sheet_data,
    can_read=rules.can_read_version,
    file_name=lambda version: f"{version.procedure.key}-v{version.number}",
    territory=lambda version: version.procedure.territory,
)
LOCAL_SHEET = DocumentKind(
    key="benefits_core.local_procedure",
    title=gettext_lazy("Sheet of the procedure"),
    template="report.typ",
    data=local_sheet_data,
    can_read=rules.can_read_terms,
    file_name=lambda terms: f"{terms.procedure.key}-{terms.territory.slug}",
)
