"""What waits for each person, and what citizens and the region read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.domain import comments, execution, plans
from plans.enums import SignatureRole
from plans.queries.plans import public_plan, regional_progress
from plans.queries.tasks import tasks_for
from portal.foundation.cycles.models import Cycle, CycleState
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.cycles import ParticipationFactory
from tests.factories.people import user_with_role

pytestmark = pytest.mark.django_db
TODAY = factory.TODAY


def titles(user: User, today: date = TODAY) -> list[str]:
    user.__dict__.pop("scope", None)
    return [str(item.title) for item in tasks_for(user, today)]


def test_the_coordinator_proposes_and_each_validator_signs() -> None:
    plan = factory.draft_plan()
    lead, dideco = (user_with_role(role, plan.municipality) for role in (Role.COORDINATOR, Role.DIDECO))
    factory.add_line(plan)

    as_draft = titles(lead), titles(dideco)
    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=lead, at=factory.NOW)
    as_proposed = titles(lead), titles(dideco)
    factory.sign(plan, SignatureRole.COORDINATOR, by=lead)
    signed_once = titles(lead), titles(dideco)

    assert as_draft == (["Proponer el plan de mejora"], [])
    assert as_proposed == (
        ["Validar el plan de mejora como Encargado o Encargada Comunal"],
        ["Validar el plan de mejora como DIDECO"],
    )
    assert signed_once == ([], ["Validar el plan de mejora como DIDECO"])


def test_the_plan_is_to_be_opened_once_the_gaps_are_known_and_until_it_is() -> None:
    measured = factory.measured_municipality()
    Cycle.objects.update(windows={"improvement_plan": {"opens": "04-01", "closes": "05-15"}})
    member, dideco = (user_with_role(role, measured) for role in (Role.TEAM_MEMBER, Role.DIDECO))
    not_measured = user_with_role(Role.COORDINATOR, ParticipationFactory().municipality)

    waiting = {
        person: [(str(item.title), item.due_on) for item in tasks_for(person, TODAY)]
        for person in (member, dideco, not_measured)
    }
    factory.draft_plan(municipality=measured, by=member)

    assert waiting == {member: [("Abrir el plan de mejora", date(2026, 5, 15))], dideco: [], not_measured: []}
    assert titles(member) == []


def test_no_plan_is_asked_of_a_year_that_has_not_begun_or_is_closed() -> None:
    lead = user_with_role(Role.COORDINATOR, factory.measured_municipality())

    early = titles(lead, date(2025, 12, 31))
    Cycle.objects.update(state=CycleState.CLOSED)

    assert (early, titles(lead)) == ([], [])


def test_whoever_left_the_team_has_no_tasks_of_its_lines() -> None:
    plan = factory.draft_plan()
    owner = factory.member(plan.municipality)
    line = factory.add_line(plan, owner=owner)
    factory.milestone_of(line, due_on=date(2026, 6, 1))
    factory.plan_in_force(plan=plan, lines=0)

    owner.role_assignments.all().delete()

    assert titles(owner) == []


def test_whoever_is_in_charge_has_the_line_and_its_milestones_with_their_days() -> None:
    plan = factory.draft_plan()
    owner = factory.member(plan.municipality)
    line = factory.add_line(plan, owner=owner)
    factory.milestone_of(line, due_on=date(2026, 6, 1))
    factory.plan_in_force(plan=plan, lines=0)

    found = tasks_for(owner, TODAY)

    assert [(str(item.title), item.due_on, item.late(date(2026, 7, 1))) for item in found] == [
        (f"Mejora {line}", date(2026, 10, 30), False),
        ("Hito: Comprar el tótem", date(2026, 6, 1), True),
    ]


def test_comments_wait_for_review_and_then_for_an_answer() -> None:
    plan = factory.plan_open_to_comment()
    lead, member = user_with_role(Role.COORDINATOR, plan.municipality), factory.member(plan.municipality)
    comment, _second = factory.comment_on(plan), factory.comment_on(plan, "Falta agua")

    pending = [title for title in titles(lead) if "comentario" in title], titles(member)
    comments.publish_comment(comment=comment, by=lead, at=factory.NOW)
    published = [title for title in titles(lead) if "comentario" in title], titles(member)

    assert pending == (["Revisar 2 comentarios del plan"], [])
    answer = "Responder 1 comentario del plan"
    assert published == ([answer, "Revisar 1 comentario del plan"], [answer])


def test_a_returned_plan_says_that_there_are_remarks() -> None:
    plan = factory.proposed_plan()
    lead = user_with_role(Role.COORDINATOR, plan.municipality)
    dideco = user_with_role(Role.DIDECO, plan.municipality)

    plans.return_plan(plan=plan, remarks="Falta un plazo", by=dideco, at=factory.NOW + timedelta(days=1))

    assert "Atender las observaciones y volver a proponer el plan" in titles(lead)


def test_the_region_verifies_only_its_own() -> None:
    line, other = (factory.plan_in_force().actions.get() for _ in range(2))
    factory.finished_action(line)
    factory.finished_action(other)
    regional = user_with_role(Role.REGIONAL_TEAM, line.plan.municipality.region)

    assert titles(regional) == [f"Verificar la mejora {line}"]


def test_the_year_asks_to_be_closed_once_it_has_ended() -> None:
    plan = factory.plan_in_force()
    lead = user_with_role(Role.COORDINATOR, plan.municipality)

    assert titles(lead, date(2026, 12, 30)) == []
    assert titles(lead, date(2026, 12, 31)) == ["Rendir cuentas y cerrar el año"]


def test_tasks_cost_the_same_with_one_plan_and_with_three() -> None:
    plan = factory.plan_in_force(lines=1)
    lead = user_with_role(Role.COORDINATOR, plan.municipality)

    def cost() -> int:
        user = User.objects.get(pk=lead.pk)
        with CaptureQueriesContext(connection) as captured:
            tasks_for(user, date(2026, 12, 31))
        return len(captured)

    with_one = cost()
    for _ in range(2):
        more = factory.plan_in_force(lines=2)
        user_with_role(Role.COORDINATOR, more.municipality, user=lead)

    assert cost() == with_one


def test_the_public_reads_the_plan_in_three_queries() -> None:
    plan = factory.plan_in_force(lines=3)
    factory.verified_action(plan.actions.first())
    municipality, cycle = plan.municipality, plan.cycle

    with CaptureQueriesContext(connection) as captured:
        shown = public_plan(municipality, cycle)
        read: list[Any] = [
            (line.title, line.public_summary, line.state, line.progress, line.evidence_count, part.level_after)
            for line in shown.public_actions
            for part in line.standards.all()
            if part.standard.code
        ]

    assert len(captured) == 3
    assert read[0] == ("Mejora 1", "Usted sabrá su turno y esperará sentado.", "verified", 100, 1, 2)


def test_the_public_does_not_read_a_draft_that_is_not_open() -> None:
    closed, opened = factory.draft_plan(), factory.plan_open_to_comment()

    assert public_plan(closed.municipality, closed.cycle) is None
    assert public_plan(opened.municipality, opened.cycle) == opened


def test_the_public_reads_the_signed_plan_while_a_new_version_is_prepared() -> None:
    plan = factory.plan_in_force()
    amendment = plans.amend_plan(plan=plan, reason="Cambia el costo", by=plan.created_by, at=factory.NOW)
    comments.open_comments(plan=amendment, until=TODAY + timedelta(days=9), by=plan.created_by, at=factory.NOW)

    assert public_plan(plan.municipality, plan.cycle) == plan


def test_regional_progress_counts_in_one_query() -> None:
    plan = factory.plan_in_force(lines=2)
    factory.verified_action(plan.actions.first())
    execution.start_action(action=plan.actions.last(), by=plan.created_by, at=factory.NOW)

    region, cycle = plan.municipality.region, plan.cycle

    with CaptureQueriesContext(connection) as captured:
        rows = regional_progress(region, cycle, date(2026, 11, 30))

    assert len(captured) == 1
    assert rows == [
        {
            "municipality_id": plan.municipality_id,
            "name": plan.municipality.name,
            "stage": "1",
            "plan_id": plan.pk,
            "state": "in_force",
            "lines": 2,
            "verified": 1,
            "waiting": None,
            "late": 1,
            "progress": 50.0,
        }
    ]
