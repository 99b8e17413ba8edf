"""Verbs on what a municipality promises in a national procedure: write, propose, return, publish, end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from benefits_core.domain import notices
from benefits_core.domain.checks import clean_term, clean_text, clean_texts, lock_procedure
from benefits_core.enums import TERMS_TRANSITIONS, TermsState
from benefits_core.errors import ClosedToChange, EditConflict, InvalidContent, SecondPersonNeeded
from benefits_core.models import MunicipalTerms, Procedure, StepTerm
from benefits_core.queries.procedures import current_version
from portal.foundation.audit.domain import record
from portal.foundation.territories.models import ServicePoint, Territory

NOTE_LENGTH = 500


@transaction.atomic
def open_terms(*, procedure: Procedure, territory: Territory, by: Any, at: datetime) -> MunicipalTerms:
    """Open the draft of a municipality's own terms: a copy of those in force, where there are any.

    :returns: the draft; the one in preparation already where there is one.
    :raises InvalidContent: the procedure is not national, or the place has no municipality.
    """
    procedure = lock_procedure(procedure)
    if procedure.territory_id is not None or not territory.has_municipality:
        raise InvalidContent(_("A municipality states its own terms in national procedures only."))
    of_municipality = MunicipalTerms.objects.filter(procedure=procedure, territory=territory)
    in_preparation = of_municipality.in_preparation().select_related("territory").first()
    if in_preparation is not None:
        return in_preparation
    in_force = of_municipality.filter(state=TermsState.PUBLISHED, ends_on__isnull=True).first()
    last = of_municipality.aggregate(last=Max("number"))["last"] or 0
    terms = MunicipalTerms(
        procedure=procedure,
        territory=territory,
        number=last + 1,
        note=in_force.note if in_force else {},
        created_by=by,
        created_at=at,
        edited_by=by,
        edited_at=at,
    )
    terms.save(by_verb=True)
    if in_force is not None:
        terms.service_points.set(in_force.service_points.all())
        known = _known_steps(terms, at)
        kept = in_force.step_terms.filter(step_key__in=known)
        _write(terms, {term.step_key: (term.amount, term.unit) for term in kept})
    return _recorded("benefits_core.open_terms", terms, by, at)


@transaction.atomic
def edit_terms(
    *,
    terms: MunicipalTerms,
    promised: Mapping[str, tuple[int, str]],
    service_points: Iterable[ServicePoint] = (),
    note: Mapping[str, str] | None = None,
    revision: int,
    by: Any,
    at: datetime,
) -> MunicipalTerms:
    """Write the municipality's terms; steps that are not named keep the national ones.

    :param promised: step key → (amount, unit).
    :param service_points: where the municipality gives this procedure.
    :param revision: the revision that the person had on the screen.
    :raises EditConflict: another person saved since; nothing is written.
    :raises InvalidContent: an unknown step, an impossible term, or another municipality's service point.
    :raises ClosedToChange: they are not a draft.
    """
    terms = lock_terms(terms)
    _require_draft(terms)
    points = sorted(service_points, key=lambda point: point.pk)
    if any(point.territory_id != terms.territory_id for point in points):
        raise InvalidContent(_("This service point is of another municipality."), "service_points")
    words = clean_texts(note, label=_("Note for citizens"), field="note", limit=NOTE_LENGTH)
    checked = _checked(terms, promised, at)
    if _says(terms, checked, points, words):
        return terms
    if terms.revision != revision:
        raise EditConflict(
            _("%(person)s saved these terms while you were writing.") % {"person": terms.edited_by}, terms
        )
    terms.note = words
    terms.revision += 1
    terms.edited_by, terms.edited_at = by, at
    terms.save(by_verb=True, update_fields=["note", "revision", "edited_by", "edited_at"])
    terms.service_points.set(points)
    terms.step_terms.all().delete()
    _write(terms, checked)
    return _recorded("benefits_core.edit_terms", terms, by, at, steps=len(checked), service_points=len(points))


@transaction.atomic
def propose_terms(*, terms: MunicipalTerms, by: Any, at: datetime) -> MunicipalTerms:
    """Hand the draft to whoever publishes.

    :raises ClosedToChange: not a draft.
    :raises InvalidContent: it says nothing yet, or its note is in one language only.
    """
    terms = lock_terms(terms)
    if terms.state == TermsState.PROPOSED and terms.proposed_by_id == by.pk:
        return terms
    _require_draft(terms)
    if not terms.step_terms.exists() and not terms.service_points.exists():
        raise InvalidContent(_("Write one term at least, or choose a service point, before you propose."))
    if len(terms.note) == 1:
        raise InvalidContent(_("Write the note for citizens in Spanish and in English, or leave both empty."))
    _move(terms, TermsState.PROPOSED)
    terms.proposed_by, terms.proposed_at, terms.remarks = by, at, ""
    terms.save(by_verb=True, update_fields=["state", "proposed_by", "proposed_at", "remarks"])
    notices.terms_proposed(terms, by=by, at=at)
    return _recorded("benefits_core.propose_terms", terms, by, at)


@transaction.atomic
def return_terms(*, terms: MunicipalTerms, remarks: str, by: Any, at: datetime) -> MunicipalTerms:
    """Send proposed terms back to the communal team with remarks.

    :raises ClosedToChange: they have not been proposed.
    :raises InvalidContent: no remarks.
    """
    terms = lock_terms(terms)
    remarks = clean_text(remarks, label=_("Remarks"), field="remarks")
    if terms.state != TermsState.PROPOSED:
        raise ClosedToChange(_("Only terms that have been proposed are returned."))
    notices.terms_returned(terms, remarks, by=by, at=at)
    _move(terms, TermsState.DRAFT)
    terms.remarks, terms.proposed_by, terms.proposed_at = remarks, None, None
    terms.save(by_verb=True, update_fields=["state", "remarks", "proposed_by", "proposed_at"])
    return _recorded("benefits_core.return_terms", terms, by, at)


@transaction.atomic
def publish_terms(*, terms: MunicipalTerms, starts_on: date, revision: int, by: Any, at: datetime) -> MunicipalTerms:
    """Put proposed terms in force from a day on; those before them end on that day.

    :param revision: the revision that the person read.
    :raises SecondPersonNeeded: who wrote last or proposed does not publish.
    :raises EditConflict: they changed since the person read them.
    :raises InvalidContent: the day has passed.
    :raises ClosedToChange: not proposed, or published terms have not begun yet.
    """
    terms = lock_terms(terms)
    today = _today(terms, at)
    if terms.state == TermsState.PUBLISHED and terms.published_by_id == by.pk and terms.starts_on == starts_on:
        return terms
    if terms.state != TermsState.PROPOSED:
        raise ClosedToChange(_("Only terms that have been proposed are published."))
    if by.pk in (terms.edited_by_id, terms.proposed_by_id):
        raise SecondPersonNeeded(_("You wrote or proposed these terms, so another person has to publish them."))
    if terms.revision != revision:
        raise EditConflict(_("The terms changed while you had them open. Read them again."), terms)
    if starts_on < today:
        raise InvalidContent(_("The first day cannot have passed."), "starts_on")
    still_open = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    before = _siblings(terms).filter(still_open, state=TermsState.PUBLISHED).first()
    if before is not None:
        if before.starts_on and before.starts_on > today:
            raise ClosedToChange(_("Published terms have not begun yet. They begin first."))
        _end(before, starts_on, today, by, at)
    _move(terms, TermsState.PUBLISHED)
    terms.starts_on, terms.published_by, terms.published_at = starts_on, by, at
    terms.save(by_verb=True, update_fields=["state", "starts_on", "published_by", "published_at"])
    return _recorded("benefits_core.publish_terms", terms, by, at, starts_on=starts_on.isoformat())


@transaction.atomic
def end_terms(*, terms: MunicipalTerms, ends_on: date, by: Any, at: datetime) -> MunicipalTerms:
    """End the municipality's own terms: from that day the national ones apply again.

    :raises ClosedToChange: they are not in force without an end, or have not begun.
    :raises InvalidContent: the day has passed.
    """
    terms = lock_terms(terms)
    today = _today(terms, at)
    if terms.state == TermsState.PUBLISHED and terms.ends_on == ends_on:
        return terms
    if terms.state != TermsState.PUBLISHED or terms.ends_on is not None or (terms.starts_on or today) > today:
        raise ClosedToChange(_("Only terms in force are ended."))
    if ends_on < today:
        raise InvalidContent(_("The last day cannot have passed."), "ends_on")
    _end(terms, ends_on, today, by, at)
    return terms


@transaction.atomic
def discard_terms(*, terms: MunicipalTerms, by: Any, at: datetime) -> None:
    """Throw a draft away; the terms in force go on."""
    terms = lock_terms(terms)
    _require_draft(terms)
    record(
        verb="benefits_core.discard_terms",
        object=terms,
        by=by,
        at=at,
        territory=terms.territory,
        detail={"number": terms.number, "deleted": True},
    )
    terms.delete(by_verb=True)


@transaction.atomic
def retire_ended_terms(*, by: Any = None, at: datetime) -> int:
    """Give the state «replaced» to terms whose last day has passed; run each night. Returns how many."""
    count = 0
    ended = MunicipalTerms.objects.filter(state=TermsState.PUBLISHED, ends_on__isnull=False)
    for terms in ended.select_related("territory", "procedure"):
        if terms.ends_on > _today(terms, at):
            continue
        terms = lock_terms(terms)
        if terms.state == TermsState.PUBLISHED:
            _move(terms, TermsState.RETIRED)
            terms.save(by_verb=True, update_fields=["state"])
            _recorded("benefits_core.retire_terms", terms, by, at)
            count += 1
    return count


def lock_terms(terms: MunicipalTerms) -> MunicipalTerms:
    """The stored terms, after their procedure.

    :raises ClosedToChange: the draft has been discarded meanwhile.
    """
    lock_procedure(terms.procedure)
    stored = (
        MunicipalTerms.objects.select_for_update(of=("self",))
        .select_related("procedure", "territory")
        .filter(pk=terms.pk)
        .first()
    )
    if stored is None:
        raise ClosedToChange(_("This draft has been discarded."))
    return stored


def _checked(
    terms: MunicipalTerms, promised: Mapping[str, tuple[int, str]], at: datetime
) -> dict[str, tuple[int, str]]:
    known = _known_steps(terms, at)
    checked = {}
    for key, (amount, unit) in promised.items():
        if key not in known:
            raise InvalidContent(_("The procedure in force has no such step."), f"term_{key}")
        whole, kind = clean_term(amount, unit, field=f"term_{key}")
        if whole is not None:
            checked[key] = (whole, kind)
    return checked


def _known_steps(terms: MunicipalTerms, at: datetime) -> set[str]:
    version = current_version(terms.procedure, _today(terms, at))
    return set(version.steps.values_list("key", flat=True)) if version else set()


def _says(
    terms: MunicipalTerms, promised: dict[str, tuple[int, str]], points: list[ServicePoint], note: dict[str, str]
) -> bool:
    stored = {term.step_key: (term.amount, term.unit) for term in terms.step_terms.all()}
    chosen = list(terms.service_points.order_by("pk"))
    return stored == promised and chosen == points and terms.note == note


def _write(terms: MunicipalTerms, promised: Mapping[str, tuple[int, str]]) -> None:
    StepTerm.objects.bulk_create(
        StepTerm(terms=terms, step_key=key, amount=amount, unit=unit) for key, (amount, unit) in promised.items()
    )


def _siblings(terms: MunicipalTerms) -> Any:
    of_municipality = MunicipalTerms.objects.filter(procedure=terms.procedure_id, territory=terms.territory_id)
    return of_municipality.select_related("territory").order_by("-number")


def _end(terms: MunicipalTerms, ends_on: date, today: date, by: Any, at: datetime) -> None:
    terms.ends_on = ends_on
    if ends_on <= today:
        _move(terms, TermsState.RETIRED)
    terms.save(by_verb=True, update_fields=["ends_on", "state"])
    _recorded("benefits_core.end_terms", terms, by, at, ends_on=ends_on.isoformat())


def _move(terms: MunicipalTerms, state: str) -> None:
    if state not in TERMS_TRANSITIONS[terms.state]:
        raise ClosedToChange(
            _("The terms are “%(state)s”, so this is not possible now.") % {"state": terms.get_state_display()}
        )
    terms.state = state


def _require_draft(terms: MunicipalTerms) -> None:
    if terms.state != TermsState.DRAFT:
        raise ClosedToChange(_("These terms are not a draft, so they do not change."))


def _today(terms: MunicipalTerms, at: datetime) -> date:
    return at.astimezone(terms.territory.zone).date()


def _recorded(verb: str, terms: MunicipalTerms, by: Any, at: datetime, **detail: Any) -> MunicipalTerms:
    record(verb=verb, object=terms, by=by, at=at, territory=terms.territory, detail=detail)
    return terms
