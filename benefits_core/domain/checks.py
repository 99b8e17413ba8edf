"""Checks that every verb of this module shares: texts in two languages, states from the tables, locks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits_core.enums import VERSION_TRANSITIONS, TermUnit
from benefits_core.errors import ClosedToChange, EditConflict, InvalidContent
from benefits_core.models import Procedure, ProcedureVersion

LANGUAGES = ("es", "en")
LONG_TEXT = 2000
SHORT_TEXT = 150
LONGEST_TERM = {TermUnit.MINUTES: 480, TermUnit.WORKING_DAYS: 250}


def clean_text(value: Any, *, label: Any, field: str = "", limit: int = LONG_TEXT, required: bool = True) -> str:
    """The text without outer spaces.

    :raises InvalidContent: no text, empty where required, longer than ``limit`` characters, or with a NUL.
    """
    if value is not None and not isinstance(value, str):
        raise InvalidContent(_("“%(label)s” must be a text.") % {"label": label}, field)
    text = (value or "").strip()
    if required and not text:
        raise InvalidContent(_("“%(label)s” is missing.") % {"label": label}, field)
    if len(text) > limit:
        raise InvalidContent(
            _("“%(label)s” has %(length)s characters. Shorten it to %(limit)s.")
            % {"label": label, "length": len(text), "limit": limit},
            field,
        )
    if "\x00" in text:
        raise InvalidContent(_("“%(label)s” holds a character that cannot be stored.") % {"label": label}, field)
    return text


def clean_texts(
    values: Mapping[str, str] | None, *, label: Any, field: str = "", limit: int = LONG_TEXT, required: bool = False
) -> dict[str, str]:
    """``{"es", "en"}`` without empty ones; a draft may lack a language, which the check then names.

    :param required: the Spanish text has to be there.
    """
    values = values or {}
    cleaned = {}
    for language in LANGUAGES:
        must = required and language == LANGUAGES[0]
        text = clean_text(
            values.get(language), label=label, field=f"{field}_{language}" if field else "", limit=limit, required=must
        )
        if text:
            cleaned[language] = text
    return cleaned


def clean_term(amount: int | None, unit: str, *, field: str = "term_amount") -> tuple[int | None, str]:
    """A promised term: both, or neither.

    :raises InvalidContent: not a positive whole number, an unknown unit, or longer than anybody could mean.
    """
    if amount is None:
        return None, ""
    if unit not in TermUnit.values:
        raise InvalidContent(
            _("Say whether the term is in minutes or in working days."), field.replace("amount", "unit")
        )
    longest = LONGEST_TERM[TermUnit(unit)]
    if isinstance(amount, bool) or not isinstance(amount, int) or not 1 <= amount <= longest:
        raise InvalidContent(_("The term is a whole number between 1 and %(longest)s.") % {"longest": longest}, field)
    return amount, unit


def label_of(model: type[models.Model], name: str) -> Any:
    """What a field is called on the screen."""
    return model._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def local_day(procedure: Procedure, at: datetime) -> date:
    """The day of ``at`` where the procedure is given: the municipality's zone, else the country's."""
    zone = procedure.territory.zone if procedure.territory else timezone.get_default_timezone()
    return at.astimezone(zone).date()


def lock_procedure(procedure: Procedure) -> Procedure:
    """The stored procedure, locked until the transaction ends."""
    return Procedure.objects.select_for_update(of=("self",)).select_related("territory").get(pk=procedure.pk)


def lock_version(version: ProcedureVersion) -> ProcedureVersion:
    """The stored version, after its procedure: both locked, always in that order.

    :raises ClosedToChange: the draft has been discarded meanwhile.
    """
    procedure = lock_procedure(version.procedure)
    stored = ProcedureVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk).first()
    if stored is None:
        raise ClosedToChange(_("This draft has been discarded."))
    stored.procedure = procedure
    return stored


def require_draft(version: ProcedureVersion) -> None:
    if not version.is_draft:
        raise ClosedToChange(_("This version is published, so it does not change. Open a new draft."))


def require_revision(version: ProcedureVersion, revision: int) -> None:
    """:raises EditConflict: another person changed the version since that revision was read."""
    if version.revision != revision:
        raise EditConflict(
            _("%(person)s changed this draft while you had it open. Look at it again before you go on.")
            % {"person": version.edited_by},
            version,
        )


def touch(version: ProcedureVersion, by: Any, at: datetime, *, revise: bool = True) -> None:
    """Note who wrote last, and that the draft is no longer handed over.

    :param revise: texts of the version, or order or links of its steps changed.
    """
    version.edited_by, version.edited_at = by, at
    version.ready_by = version.ready_at = None
    version.revision += 1 if revise else 0
    version.save(by_verb=True, update_fields=["edited_by", "edited_at", "ready_by", "ready_at", "revision"])


def move_version(version: ProcedureVersion, state: str) -> None:
    if state not in VERSION_TRANSITIONS[version.state]:
        raise ClosedToChange(
            _("The version is “%(state)s”, so this is not possible now.") % {"state": version.get_state_display()}
        )
    version.state = state
