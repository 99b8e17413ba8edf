"""The municipality's terms, and its templates of answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.territories.models import Territory
from surveys.domain.checks import TEXT_LENGTH, clean_text, local_day
from surveys.enums import ComplaintKind
from surveys.errors import InvalidContent
from surveys.models import AnswerTemplate, ComplaintTerms

TITLE_LENGTH = 100


@transaction.atomic
def set_terms(
    *,
    territory: Territory,
    starts_on: date,
    answer_days: int,
    internal_days: int,
    acknowledge_days: int,
    ordinance: str = "",
    by: Any,
    at: datetime,
) -> ComplaintTerms:
    """Terms in working days from that day on; what was received before keeps its own.

    :param territory: a municipality, or the country for those that set none.
    :raises InvalidContent: beyond the law, a target beyond the term, or a day in the past.
    """
    if starts_on < local_day(territory, at):
        raise InvalidContent(_("New terms begin today or later."), "starts_on")
    terms = ComplaintTerms(
        territory=territory,
        starts_on=starts_on,
        answer_days=answer_days,
        internal_days=internal_days,
        acknowledge_days=acknowledge_days,
        ordinance=clean_text(ordinance, label=_("Ordinance"), field="ordinance", limit=200, required=False),
        set_by=by,
        set_at=at,
    )
    for check, field in (
        ("term_within_the_law", "answer_days"),
        ("target_within_the_term", "internal_days"),
        ("acknowledgement_within_the_term", "acknowledge_days"),
    ):
        _check(terms, check, field)
    try:
        with transaction.atomic():
            terms.save(force_insert=True)
    except IntegrityError:
        raise InvalidContent(_("Other terms begin on that day already."), "starts_on") from None
    detail = {"answer": answer_days, "internal": internal_days, "acknowledge": acknowledge_days}
    record(verb="surveys.set_terms", object=terms, by=by, at=at, territory=territory, detail=detail)
    return terms


@transaction.atomic
def save_template(
    *,
    template: AnswerTemplate | None = None,
    territory: Territory | None,
    title: str,
    kind: str = "",
    found: str = "",
    action: str = "",
    next_step: str = "",
    by: Any,
    at: datetime,
) -> AnswerTemplate:
    """Write a template, or write it anew. ``{codigo}``, ``{municipalidad}`` and ``{fecha}`` are filled in on use.

    :raises InvalidContent: without a title or any text, or with another one's title.
    """
    if kind and kind not in ComplaintKind.values:
        raise InvalidContent(_("This kind does not exist."), "kind")
    held = template or AnswerTemplate(territory=territory)
    held.title = clean_text(title, label=_("Title"), field="title", limit=TITLE_LENGTH)
    held.kind = kind
    for name, value in (("found", found), ("action", action), ("next_step", next_step)):
        label = AnswerTemplate._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        setattr(held, name, clean_text(value, label=label, field=name, limit=TEXT_LENGTH, required=False))
    if not any((held.found, held.action, held.next_step)):
        raise InvalidContent(_("Write a text in one of the three parts at least."), "found")
    held.edited_by, held.edited_at = by, at
    others = AnswerTemplate.objects.filter(territory=held.territory, title=held.title, is_active=True)
    if others.exclude(pk=held.pk).exists():
        raise InvalidContent(_("Another template has this title."), "title")
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        raise InvalidContent(_("Another template has this title."), "title") from None
    record(verb="surveys.save_template", object=held, by=by, at=at, territory=held.territory)
    return held


@transaction.atomic
def retire_template(*, template: AnswerTemplate, by: Any, at: datetime) -> AnswerTemplate:
    """Nobody is offered it any more."""
    template.is_active = False
    template.edited_by, template.edited_at = by, at
    template.save(update_fields=["is_active", "edited_by", "edited_at"])
    record(verb="surveys.retire_template", object=template, by=by, at=at, territory=template.territory)
    return template


def _check(terms: ComplaintTerms, name: str, field: str) -> None:
    constraint = next(each for each in ComplaintTerms._meta.constraints if each.name == name)
    try:
        constraint.validate(ComplaintTerms, terms)
    except ValidationError as broken:
        raise InvalidContent(broken.messages[0], field) from None
