"""Reading procedures: which version is in force, and which steps can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from benefits_core.models import Procedure, ProcedureVersion, Step


@dataclass(frozen=True)
class ProcedureChoice:
    """A procedure that a person of a territory can ask for, and the steps of its version in force."""

    procedure: Procedure
    version: ProcedureVersion
    steps: list[Step]


def current_version(procedure: Procedure, at_day: date) -> ProcedureVersion | None:
    """The version in force on that day."""
    return ProcedureVersion.objects.current(at_day).filter(procedure=procedure).order_by("-number").first()


def steps_to_choose(territory: Any, at_day: date) -> list[ProcedureChoice]:
    """What can be chosen in ``territory`` on that day, by name; two queries.

    :param territory: a municipality, or None for the national procedures alone.
    """
    versions = (
        ProcedureVersion.objects.current(at_day)
        .filter(procedure__in=Procedure.objects.for_territory(territory))
        .select_related("procedure")
        .prefetch_related(Prefetch("steps", queryset=Step.objects.order_by("position")))
        .order_by("procedure__search_name", "procedure_id", "-number")
    )
    newest: dict[int, ProcedureChoice] = {}
    for version in versions:
        steps = list(version.steps.all())
        for step in steps:
            step.version = version
        newest.setdefault(version.procedure_id, ProcedureChoice(version.procedure, version, steps))
    return list(newest.values())


def procedure_choices(territory: Any, at_day: date) -> list[tuple[int, str]]:
    """Procedures in force, as the choices of a form field."""
    current = Procedure.objects.for_territory(territory).current(at_day)
    return [(procedure.pk, str(procedure)) for procedure in current]


def step_choices(territory: Any, at_day: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """Steps in force grouped by procedure, as the choices of a form field."""
    return [
        (str(choice.procedure), [(step.pk, str(step)) for step in choice.steps])
        for choice in steps_to_choose(territory, at_day)
    ]
