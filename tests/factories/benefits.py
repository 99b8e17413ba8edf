"""Procedures at each point of their life, brought there by the real verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from benefits_core import anchors
from benefits_core.domain import procedures, steps, terms
from benefits_core.domain.procedures import VersionContent
from benefits_core.domain.steps import StepContent
from benefits_core.enums import StepActor, TermUnit
from benefits_core.models import MunicipalTerms, Procedure, ProcedureVersion, Step
from benefits_core.queries.content import content_hash
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import MunicipalityFactory

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LONG_AGO = date(2020, 1, 2)
THREE_STEPS = ("pedir", "revisar", "responder")
_numbers = count(1)


def texts(spanish: str, english: str = "") -> dict[str, str]:
    return {"es": spanish, "en": english or f"{spanish} (en)"}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(15, 0), UTC)


def version_content(name: str = "Actualizar sus datos", **changes: Any) -> VersionContent:
    """Everything that the check asks for, in both languages."""
    values: dict[str, Any] = {
        "name": texts(name),
        "summary": texts("Sirve para tener sus datos al día."),
        "audience": texts("Toda persona de la comuna."),
        "result": texts("Su registro con los datos nuevos."),
        "cost": texts("No cuesta nada."),
        "legal_source": texts("Ley 19.949"),
        "legal_confirmed": True,
        "change_note": texts("Menos pasos."),
    }
    return VersionContent(**values | changes)


def step_content(title: str = "Pedir", /, **changes: Any) -> StepContent:
    """A complete step of the municipality, with five working days."""
    values: dict[str, Any] = {
        "name": texts(title),
        "what": texts("Se hace esto."),
        "actor": StepActor.MUNICIPALITY,
        "term_amount": 5,
        "term_unit": TermUnit.WORKING_DAYS,
    }
    return StepContent(**values | changes)


def empty_draft(
    *, key: str = "", name: str = "", territory: Territory | None = None, by: User | None = None, at: datetime = NOW
) -> ProcedureVersion:
    """The first draft of a new procedure, without steps; national unless given a municipality."""
    number = next(_numbers)
    return procedures.create_procedure(
        key=key or f"tramite-{number}",
        name=texts(name or f"Trámite {number}"),
        territory=territory,
        by=by or UserFactory(),
        at=at,
    )


def draft_version(
    *,
    of: Procedure | None = None,
    steps: Sequence[str] = THREE_STEPS,
    territory: Territory | None = None,
    by: User | None = None,
    at: datetime = NOW,
) -> ProcedureVersion:
    """A draft that could be published: its steps one after the other, named by their keys."""
    by = by or UserFactory()
    draft = procedures.open_draft(procedure=of, by=by, at=at) if of else empty_draft(territory=territory, by=by, at=at)
    draft = procedures.edit_version(
        version=draft, content=version_content(draft.name["es"]), revision=draft.revision, by=by, at=at
    )
    for step in draft.steps.exclude(key__in=steps):
        draft.refresh_from_db()
        remove_step(step, by=by, at=at)
    for key in steps:
        if not draft.steps.filter(key=key).exists():
            add_step(draft, key.capitalize(), by=by, at=at)
    draft.refresh_from_db()
    return draft


def add_step(
    version: ProcedureVersion, title: str, /, *, by: User | None = None, at: datetime = NOW, **changes: Any
) -> Step:
    return steps.add_step(
        version=version, content=step_content(**{"name": texts(title)} | changes), by=by or UserFactory(), at=at
    )


def remove_step(step: Step, *, by: User | None = None, at: datetime = NOW) -> None:
    revision = ProcedureVersion.objects.get(pk=step.version_id).revision
    steps.remove_step(step=step, revision=revision, by=by or UserFactory(), at=at)


def published(version: ProcedureVersion, *, starts_on: date = TODAY, at: datetime = NOW) -> ProcedureVersion:
    """The draft, put in force by a second person."""
    return procedures.publish_version(
        version=version, starts_on=starts_on, seen=content_hash(version), by=UserFactory(), at=at
    )


def published_version(
    *,
    of: Procedure | None = None,
    steps: Sequence[str] = THREE_STEPS,
    territory: Territory | None = None,
    starts_on: date = LONG_AGO,
) -> ProcedureVersion:
    """A version in force since long ago, its steps one after the other, named by their keys.

    :param of: its procedure; a second version ends the first on the day it starts.
    """
    at = noon(starts_on)
    return published(draft_version(of=of, steps=steps, territory=territory, at=at), starts_on=starts_on, at=at)


def published_step(*, territory: Territory | None = None, **fields: Any) -> Step:
    """The first step of a version in force."""
    return published_version(territory=territory, **fields).steps.select_related("version__procedure").first()


def draft_terms(
    *, of: Procedure | None = None, territory: Territory | None = None, by: User | None = None, at: datetime = NOW
) -> MunicipalTerms:
    """A municipality's draft terms of a national procedure in force: two days for its second step."""
    of = of or published_version().procedure
    territory = territory or MunicipalityFactory()
    by = by or user_with_role(Role.TEAM_MEMBER, territory)
    made = terms.open_terms(procedure=of, territory=territory, by=by, at=at)
    return terms.edit_terms(
        terms=made, promised={"revisar": (2, TermUnit.WORKING_DAYS)}, revision=made.revision, by=by, at=at
    )


def proposed_terms(*, at: datetime = NOW, **fields: Any) -> MunicipalTerms:
    made = draft_terms(at=at, **fields)
    return terms.propose_terms(terms=made, by=user_with_role(Role.COORDINATOR, made.territory), at=at)


def terms_in_force(*, starts_on: date = TODAY, at: datetime = NOW, **fields: Any) -> MunicipalTerms:
    made = proposed_terms(at=at, **fields)
    dideco = user_with_role(Role.DIDECO, made.territory)
    return terms.publish_terms(terms=made, starts_on=starts_on, revision=made.revision, by=dideco, at=at)


class FakeSource:
    """Something pinned to steps: ``pin(step, territory)``; registered while a test lasts (see ``anchor_source``)."""

    def __init__(self, key: str = "test.pinned") -> None:
        self.pinned: list[tuple[int, Any, str]] = []
        self.told: list[tuple[Step, Step | None]] = []
        self.source = anchors.AnchorSource(
            key,
            "Reclamos",
            counts=self.counts,
            items=self.items,
            remapped=lambda step, to: self.told.append((step, to)),
        )

    def pin(self, step: Step, *, territory: Any = None, label: str = "Nadie contesta", times: int = 1) -> None:
        self.pinned += [(step.pk, territory, label)] * times

    def counts(self, steps: Sequence[Any], *, territory: Any = None) -> dict[int, int]:
        wanted = {step.pk for step in steps}
        found: dict[int, int] = {}
        for step, place, _label in self.pinned:
            if step in wanted and (territory is None or place == territory):
                found[step] = found.get(step, 0) + 1
        return found

    def items(self, steps: Sequence[Any], user: Any, *, limit: int) -> list[anchors.AnchoredItem]:
        wanted = {step.pk for step in steps}
        return [
            anchors.AnchoredItem(label, NOW)
            for step, place, label in self.pinned
            if step in wanted and (place is None or user.scope.has(*Role, at=place))
        ][:limit]
