"""Plans at each point of their life, brought there by the real verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plans.domain import actions, comments, execution, plans
from plans.domain.actions import ActionContent
from plans.enums import ActionState, EvidenceMoment, SignatureRole
from plans.models import Action, ImprovementPlan, Milestone, PlanComment
from portal.foundation.cycles.models import Cycle, Participation
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality.models import Assessment, Standard
from tests.factories.people import user_with_role
from tests.factories.quality import StoredFileFactory, submitted_assessment

NOW = datetime(2026, 4, 10, 15, 0, tzinfo=UTC)
TODAY = date(2026, 4, 10)
HASTE = "La subvención vence esta semana."
HOUR = timedelta(hours=1)


def member(municipality: Territory) -> User:
    """A new member of the municipality's team."""
    return user_with_role(Role.TEAM_MEMBER, municipality)


def measured_municipality(*, cycle: Cycle | None = None, levels: Mapping[str, int | None] | None = None) -> Any:
    """A municipality that takes part and has submitted its self-diagnosis (small catalogue, levels 1)."""
    return submitted_assessment(cycle=cycle, levels=dict(levels or {})).municipality


def draft_plan(
    *, municipality: Territory | None = None, cycle: Cycle | None = None, by: User | None = None, at: datetime = NOW
) -> ImprovementPlan:
    """An open draft without lines; the municipality has measured itself."""
    if municipality is None:
        municipality = measured_municipality(cycle=cycle)
    cycle = cycle or Participation.objects.filter(municipality=municipality).latest("cycle__year").cycle
    if not Assessment.objects.filter(municipality=municipality, cycle=cycle).exists():
        submitted_assessment(municipality=municipality, cycle=cycle, at=at)
    return plans.open_plan(municipality=municipality, cycle=cycle, by=by or member(municipality), at=at)


def content(plan: ImprovementPlan, *, owner: User | None = None, **changes: Any) -> ActionContent:
    """A complete line; ``changes`` replace fields of :class:`ActionContent`."""
    year = plan.cycle.year
    values: dict[str, Any] = {
        "title": "Sala de espera con turnos",
        "problem": "Las personas esperan de pie y sin saber cuánto falta.",
        "root_cause": "No hay sistema de turnos ni responsable de la sala.",
        "whys": ("No hay sillas", "Nadie las pidió"),
        "improvement": "Instalar un tótem de turnos y nombrar a una persona responsable.",
        "public_summary": "Usted sabrá su turno y esperará sentado.",
        "pertinence": 3,
        "pertinence_reason": "Es lo que más piden las personas.",
        "incidence": 2,
        "incidence_reason": "Afecta a cada atención.",
        "feasibility": 3,
        "feasibility_reason": "Hay presupuesto.",
        "owner": owner or member(plan.municipality),
        "starts_on": date(year, 5, 1),
        "ends_on": date(year, 10, 30),
        "indicator": "Minutos de espera",
        "baseline": "45 minutos",
        "goal": "20 minutos",
        "data_source": "Registro de turnos",
    }
    return ActionContent(**values | changes)


def standard_of(plan: ImprovementPlan, number: int = 1) -> Standard:
    return Standard.objects.select_related("version").get(version__version=plan.cycle.catalogue_version, number=number)


def add_line(
    plan: ImprovementPlan,
    *,
    standards: Sequence[tuple[Standard, int]] | None = None,
    sources: Sequence[tuple[str, str]] = (),
    by: User | None = None,
    at: datetime = NOW,
    **changes: Any,
) -> Action:
    """A line that improves E01 to level 2 unless told otherwise."""
    return actions.add_action(
        plan=plan,
        content=content(plan, **changes),
        standards=standards or [(standard_of(plan), 2)],
        sources=sources,
        by=by or member(plan.municipality),
        at=at,
    )


def milestone_of(line: Action, *, due_on: date | None = None, at: datetime = NOW) -> Milestone:
    """A step of a line of a draft, due on the line's last day unless told otherwise."""
    return actions.add_milestone(
        action=line, name="Comprar el tótem", due_on=due_on or line.ends_on, by=line.owner, at=at
    )


def plan_open_to_comment(*, plan: ImprovementPlan | None = None, at: datetime = NOW) -> ImprovementPlan:
    """A draft with a line, which takes comments for ten days."""
    plan = plan or draft_plan(at=at)
    add_line(plan, at=at)
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)
    return comments.open_comments(plan=plan, until=at.date() + timedelta(days=10), by=coordinator, at=at)


def comment_on(plan: ImprovementPlan, text: str = "Falta una rampa", *, at: datetime = NOW) -> PlanComment:
    """What a visitor wrote; it waits for review."""
    return comments.comment(plan=plan, text=text, at=at)


def proposed_plan(*, lines: int = 1, at: datetime = NOW, plan: ImprovementPlan | None = None, **fields: Any) -> Any:
    """A plan that waits for its two signatures, with lines by members who are not its validators."""
    plan = plan or draft_plan(at=at, **fields)
    for number in range(lines):
        add_line(plan, title=f"Mejora {number + 1}", at=at)
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)
    return plans.propose_plan(plan=plan, no_comment_reason=HASTE, by=coordinator, at=at + HOUR)


def sign(plan: ImprovementPlan, role: SignatureRole, *, by: User | None = None, at: datetime = NOW + 2 * HOUR) -> User:
    """Sign what is proposed now, by a new holder of the role unless given; returns who signed."""
    by = by or user_with_role(Role(role.value), plan.municipality)
    plan.refresh_from_db()
    plans.sign_plan(plan=plan, role=role, content_hash=plan.content_hash, by=by, at=at)
    return by


def plan_in_force(*, lines: int = 1, at: datetime = NOW, **fields: Any) -> ImprovementPlan:
    """A plan with both signatures; ``fields`` as of :func:`proposed_plan`."""
    plan = proposed_plan(lines=lines, at=at, **fields)
    for role in SignatureRole:
        sign(plan, role, at=at + 2 * HOUR)
    plan.refresh_from_db()
    return plan


def add_evidence(
    action: Action, moment: str = EvidenceMoment.AFTER, *, by: User | None = None, at: datetime = NOW + 3 * HOUR
) -> Any:
    """A kept file of the same municipality."""
    by = by or action.owner
    return execution.add_evidence(
        action=action,
        file=StoredFileFactory(territory=action.plan.municipality, uploaded_by=by),
        moment=moment,
        dated_on=at.date(),
        description="Fotografía de la sala",
        by=by,
        at=at,
    )


def finished_action(action: Action, *, level: int = 2, at: datetime = NOW + 3 * HOUR) -> Action:
    """Start, show and finish a line of a plan in force, claiming ``level`` for each standard."""
    if action.state != ActionState.IN_PROGRESS:
        action = execution.start_action(action=action, by=action.owner, at=at)
    add_evidence(action, at=at)
    return execution.finish_action(
        action=action,
        claimed_levels={part.standard_id: level for part in action.standards.all()},
        lesson="Conviene avisar antes a las personas.",
        by=action.owner,
        at=at,
    )


def verified_action(action: Action, *, level: int = 2, at: datetime = NOW + 4 * HOUR) -> Action:
    """A finished line that the region accepted at ``level``."""
    action = finished_action(action, level=level, at=at)
    regional = user_with_role(Role.REGIONAL_TEAM, action.plan.municipality.region)
    execution.verify_action(
        action=action,
        accepted=True,
        levels={part.standard_id: level for part in action.standards.all()},
        by=regional,
        at=at,
    )
    action.refresh_from_db()
    return action
