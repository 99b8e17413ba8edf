"""What the editors' screens list: procedures with their versions, former steps, who may do what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import DateField, Exists, IntegerField, OuterRef, Q, Subquery

from benefits_core.enums import VersionState
from benefits_core.models import Procedure, ProcedureVersion, Step
from benefits_core.models.procedures import ProcedureQuerySet
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold
from portal.foundation.ui.translated import localized

SCOPES = {"nacional": Q(territory__isnull=True), "municipal": Q(territory__isnull=False)}


def overview(user: Any, today: date, *, text: str = "", scope: str = "", state: str = "") -> ProcedureQuerySet:
    """The procedures that the user sees, by name.

    Each has the number and id of its version in force and of its draft, and the day on which one begins:
    ``current_number``, ``current_id``, ``draft_number``, ``draft_id``, ``coming_on``; None where there is none.

    :param text: words, each of which the name or the short name has.
    :param scope: «nacional» or «municipal».
    :param state: «vigente», «borrador», «por-comenzar» or «sin-vigencia».
    """
    of_procedure = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number")
    current = of_procedure.current(today)
    drafts = of_procedure.filter(state=VersionState.DRAFT)
    coming = of_procedure.filter(state=VersionState.PUBLISHED, starts_on__gt=today)
    procedures = Procedure.objects.visible_to(user).select_related("territory")
    for word in fold(text).split():
        procedures = procedures.filter(Q(search_name__contains=word) | Q(key__contains=word))
    procedures = procedures.filter(SCOPES.get(scope, Q()))
    chosen = {
        "vigente": Exists(current),
        "borrador": Exists(drafts),
        "por-comenzar": Exists(coming),
        "sin-vigencia": ~Exists(current),
    }.get(state)
    if chosen is not None:
        procedures = procedures.filter(chosen)
    return procedures.annotate(
        current_number=Subquery(current.values("number")[:1], IntegerField()),
        current_id=Subquery(current.values("pk")[:1], IntegerField()),
        draft_number=Subquery(drafts.values("number")[:1], IntegerField()),
        draft_id=Subquery(drafts.values("pk")[:1], IntegerField()),
        coming_on=Subquery(coming.values("starts_on")[:1], DateField()),
    )


def former_steps(version: ProcedureVersion) -> list[tuple[str, str]]:
    """Key and newest name of the steps that other versions have and this one has not, for a form's choices."""
    here = version.steps.values("key")
    others = Step.objects.filter(version__procedure=version.procedure_id).exclude(key__in=here)
    names = {step.key: localized(step.name) for step in others.order_by("version__number")}
    return sorted(names.items(), key=lambda item: item[1])


def places_to_create(user: Any) -> list[Any]:
    """For whom the user may create procedures: None is the country, and municipalities of a coordinator."""
    places: list[Any] = [None] if user.scope.has(Role.NATIONAL_TEAM) else []
    own = user.scope.territories("pk", "path", roles=frozenset({Role.COORDINATOR}))
    return [*places, *Territory.objects.municipalities().filter(own).order_by("search_name")]
