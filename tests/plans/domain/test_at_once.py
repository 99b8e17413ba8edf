"""Several people at the same moment, in threads of their own and on committed rows; and a row altered by SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import translation

from plans.domain import accountability, actions, execution, plans
from plans.enums import PlanState, SignatureRole
from plans.errors import ActionConflict, PlanClosedToChange, PlansError
from plans.models import Action, ImprovementPlan
from plans.queries.content import content_hash
from portal.foundation.audit.verification import verify
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.people import user_with_role

pytestmark = pytest.mark.django_db(transaction=True)
AT = factory.NOW + timedelta(hours=5)


def at_once(*calls: Callable[[], Any]) -> Counter[str]:
    """Run ``calls`` in as many threads that start together; counts how they ended, by name of the refusal."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            barrier.wait(timeout=10)
            with translation.override("es"):
                call()
        except PlansError as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return Counter(pool.map(run, calls))


def test_members_who_edit_different_lines_lose_nothing() -> None:
    plan = factory.draft_plan()
    lines = [factory.add_line(plan) for _ in range(4)]
    contents = [factory.content(plan, title=f"De {number}") for number in range(4)]

    ended = at_once(
        *(
            lambda line=line, content=content: actions.edit_action(
                action=line, content=content, revision=line.revision, by=line.owner, at=AT
            )
            for line, content in zip(lines, contents, strict=True)
        )
    )

    assert ended == {"done": 4}
    assert sorted(Action.objects.values_list("title", flat=True)) == ["De 0", "De 1", "De 2", "De 3"]


def test_of_members_who_edit_the_same_line_one_writes_and_the_others_are_told() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    contents = [factory.content(plan, title=f"De {number}") for number in range(3)]

    ended = at_once(
        *(
            lambda content=content: actions.edit_action(
                action=line, content=content, revision=line.revision, by=line.owner, at=AT
            )
            for content in contents
        )
    )

    assert ended == {"done": 1, ActionConflict.__name__: 2}
    assert Action.objects.get().revision == 2


def test_lines_added_at_once_get_numbers_of_their_own() -> None:
    plan = factory.draft_plan()
    content, standard = factory.content(plan), factory.standard_of(plan)

    ended = at_once(
        *(
            lambda: actions.add_action(plan=plan, content=content, standards=[(standard, 2)], by=content.owner, at=AT)
            for _ in range(4)
        )
    )

    assert ended == {"done": 4}
    assert sorted(plan.actions.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_plan_opened_or_proposed_twice_at_once_is_so_once() -> None:
    municipality = factory.measured_municipality()
    cycle, by = municipality.participations.get().cycle, factory.member(municipality)

    opened = at_once(*[lambda: plans.open_plan(municipality=municipality, cycle=cycle, by=by, at=AT)] * 3)
    plan = ImprovementPlan.objects.get()
    factory.add_line(plan)
    proposed = at_once(*[lambda: plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=by, at=AT)] * 3)

    assert opened == {"done": 1, PlansError.__name__: 2}
    assert proposed == {"done": 1, PlanClosedToChange.__name__: 2}


def test_one_person_who_signs_twice_at_once_signs_once() -> None:
    plan = factory.proposed_plan()
    both = user_with_role(Role.DIDECO, plan.municipality, user=user_with_role(Role.COORDINATOR, plan.municipality))

    def sign(role: str) -> Callable[[], Any]:
        return lambda: plans.sign_plan(plan=plan, role=role, content_hash=plan.content_hash, by=both, at=AT)

    ended = at_once(sign("coordinator"), sign("dideco"), sign("coordinator"), sign("dideco"))

    plan.refresh_from_db()
    assert ended == {"done": 1, "SignatureRefused": 3}
    assert (plan.state, plan.signatures.count()) == (PlanState.PROPOSED, 1)


def test_what_is_signed_is_what_was_read_while_a_line_is_being_edited() -> None:
    """Both validators sign; at the same moment one returns the plan, and a member edits and proposes it again."""
    plan = factory.proposed_plan()
    line = plan.actions.get()
    lead, dideco = (user_with_role(role, plan.municipality) for role in (Role.COORDINATOR, Role.DIDECO))
    read = plan.content_hash
    changed = factory.content(plan, title="Cambiada")

    def edit() -> None:
        plans.return_plan(plan=plan, remarks="Un momento", by=lead, at=AT)
        actions.edit_action(action=line, content=changed, revision=line.revision, by=line.owner, at=AT)
        plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=lead, at=AT)

    at_once(
        edit,
        lambda: plans.sign_plan(plan=plan, role="coordinator", content_hash=read, by=lead, at=AT),
        lambda: plans.sign_plan(plan=plan, role="dideco", content_hash=read, by=dideco, at=AT),
    )

    plan.refresh_from_db()
    standing = plan.signatures.filter(revoked_at__isnull=True)
    assert {signature.content_hash for signature in standing} <= {plan.content_hash}
    assert content_hash(plan) == plan.content_hash
    assert plan.state == (PlanState.IN_FORCE if standing.count() == len(SignatureRole) else PlanState.PROPOSED)


def altered() -> list[tuple[str, str]]:
    return [
        (str(finding.where), str(finding.detail))
        for finding in verify(at=AT + timedelta(days=1))
        if finding.where.startswith("plans.")
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plans_action SET goal = 'otra meta'",
        "UPDATE plans_actionstandard SET target = 1",
        "UPDATE plans_actionsource SET label = 'otro origen'",
        "UPDATE plans_milestone SET due_on = '2026-07-01'",
        "UPDATE plans_improvementplan SET summary = 'otro resumen'",
        "UPDATE plans_improvementplan SET state = 'draft'",
        "DELETE FROM plans_plansignature",
    ],
)
def test_a_signed_plan_altered_by_sql_is_found(statement: str) -> None:
    plan = factory.draft_plan()
    gap = plan.municipality.level_records.first()
    factory.milestone_of(factory.add_line(plan, sources=[("quality.gap", str(gap.pk))]))
    factory.plan_in_force(plan=plan, lines=0)
    intact = altered()

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert intact == []
    assert f"plans.improvementplan:{plan.pk}" in {where for where, _detail in altered()}


def test_no_verb_leaves_a_trace_that_looks_like_an_alteration() -> None:
    plan = factory.plan_in_force(lines=3)
    verified, begun, deferred = plan.actions.all()
    factory.verified_action(verified)
    execution.start_action(action=begun, by=begun.owner, at=AT)
    execution.defer_action(action=deferred, reason="Sin fondos", by=deferred.owner, at=AT)
    amendment = plans.amend_plan(plan=plan, reason="Cambia el costo", by=plan.created_by, at=AT)
    other = [(factory.standard_of(plan, 2), 2)]  # E01 has reached its target meanwhile
    actions.remove_action(action=factory.add_line(amendment, standards=other), by=plan.created_by, at=AT)
    factory.add_line(amendment, standards=other, at=AT)
    factory.proposed_plan(plan=amendment, lines=0, at=AT)
    plans.return_plan(plan=amendment, remarks="Otra vez", by=plan.created_by, at=AT)
    plans.propose_plan(plan=amendment, no_comment_reason=factory.HASTE, by=plan.created_by, at=AT)
    for role in SignatureRole:
        factory.sign(amendment, role, at=AT)
    amendment.refresh_from_db()
    accountability.submit_execution_report(plan=amendment, achievements="Se hizo", by=plan.created_by, at=AT)

    assert altered() == []
