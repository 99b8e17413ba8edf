"""What a municipality promises in the place of the national terms, and where it gives the procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from benefits_core.enums import TermsState
from benefits_core.models import MunicipalTerms, Procedure, Step, StepTerm
from benefits_core.models.procedures import LIVE_STATES
from benefits_core.queries.flows import Promise
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.territories.names import fold


@dataclass(frozen=True)
class OwnTerms:
    """``promises`` by step key; ``terms`` None where the national ones apply to everything."""

    terms: MunicipalTerms | None = None
    promises: Mapping[str, Promise] = field(default_factory=dict)
    service_points: list[ServicePoint] = field(default_factory=list)


def own_terms(procedure: Procedure, territory: Territory | None, at_day: date) -> OwnTerms:
    """The municipality's terms in force on that day; three queries, one where it has none."""
    if territory is None or procedure.territory_id is not None:
        return OwnTerms()
    in_force = MunicipalTerms.objects.current(at_day).filter(procedure=procedure, territory=territory)
    terms = in_force.order_by("-number").first()
    return terms_as_own(terms) if terms is not None else OwnTerms()


def terms_as_own(terms: MunicipalTerms) -> OwnTerms:
    """What those terms promise, and where; two queries."""
    promises = {term.step_key: Promise(term.amount, term.unit, is_own=True) for term in terms.step_terms.all()}
    return OwnTerms(terms, promises, list(terms.service_points.filter(is_active=True)))


def overview(user: Any, *, text: str = "", state: str = "") -> QuerySet[MunicipalTerms]:
    """The terms that the user sees, proposed ones first, each with how many steps it names (``step_count``).

    :param text: words that the municipality's or the procedure's name has.
    """
    rows = MunicipalTerms.objects.visible_to(user).select_related("procedure", "territory")
    for word in fold(text).split():
        rows = rows.filter(Q(territory__search_name__contains=word) | Q(procedure__search_name__contains=word))
    if state in TermsState.values:
        rows = rows.filter(state=state)
    is_proposed = Q(state=TermsState.PROPOSED)
    return rows.annotate(
        step_count=Count("step_terms", distinct=True), is_waiting=Count("pk", filter=is_proposed)
    ).order_by("-is_waiting", "territory__search_name", "procedure__search_name", "-number")


@dataclass(frozen=True)
class TermRow:
    """One promised step. ``step`` is the newest published one of that key, None where none has it."""

    terms: MunicipalTerms
    term: StepTerm
    step: Step | None


def term_rows(terms: QuerySet[MunicipalTerms]) -> list[TermRow]:
    """Every promised step of those terms, in their order; three queries."""
    found = list(terms.prefetch_related("step_terms"))
    steps = Step.objects.filter(
        version__procedure__in={row.procedure_id for row in found}, version__state__in=LIVE_STATES
    ).select_related("version")
    newest = {(step.version.procedure_id, step.key): step for step in steps.order_by("version__number")}
    return [
        TermRow(row, term, newest.get((row.procedure_id, term.step_key)))
        for row in found
        for term in row.step_terms.all()
    ]
