"""A page whose verb makes no sense now says so before anybody writes on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plans.domain import execution
from plans.models import Action, ImprovementPlan
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.people import sign_in, user_with_role
from tests.plans.views.clients import signed_in

pytestmark = pytest.mark.django_db

OF_A_DRAFT = ["plans:summary", "plans:action_add", "plans:propose", "plans:comments_open", "plans:discard"]
OF_A_LINE_OF_A_DRAFT = ["plans:action_edit", "plans:action_remove", "plans:milestone_add"]
OF_A_PLAN_IN_FORCE = ["plans:amend", "plans:report_submit", "plans:publication_add", "plans:close"]
OF_A_LINE_IN_FORCE = ["plans:action_start", "plans:action_progress", "plans:action_finish", "plans:action_defer"]


def everybody(plan: ImprovementPlan) -> Client:
    """A client of somebody who holds every municipal role."""
    user = user_with_role(Role.COORDINATOR, plan.municipality)
    user_with_role(Role.TEAM_MEMBER, plan.municipality, user=user)
    return sign_in(Client(), user_with_role(Role.DIDECO, plan.municipality, user=user))


def turned_away(client: Client, name: str, row: Any) -> bool:
    """Does the page lead away, with a notice, instead of showing its form?"""
    answer = client.get(reverse(name, args=[row.pk]), follow=True)
    assert answer.status_code == 200
    return bool(answer.redirect_chain) and "mj-banner" in answer.content.decode()


@pytest.mark.parametrize("make", [factory.proposed_plan, factory.plan_in_force])
def test_the_content_of_a_plan_that_is_no_draft_is_not_written(make: Callable[[], ImprovementPlan]) -> None:
    plan = make()
    client, line = everybody(plan), plan.actions.get()

    rows = [*((name, plan) for name in OF_A_DRAFT), *((name, line) for name in OF_A_LINE_OF_A_DRAFT)]

    assert [name for name, row in rows if not turned_away(client, name, row)] == []


def test_a_draft_is_neither_signed_nor_carried_out() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    client = everybody(plan)

    rows = [*((name, plan) for name in OF_A_PLAN_IN_FORCE), *((name, line) for name in OF_A_LINE_IN_FORCE)]
    rows += [("plans:sign", plan), ("plans:return", plan)]

    assert [name for name, row in rows if not turned_away(client, name, row)] == []


def test_a_line_takes_only_the_steps_that_follow_its_state() -> None:
    line: Action = factory.plan_in_force().actions.get()
    team = everybody(line.plan)
    region = signed_in(Role.REGIONAL_TEAM, line.plan.municipality.region)

    not_begun = [name for name in ("plans:action_progress", "plans:action_finish") if turned_away(team, name, line)]
    not_done = turned_away(region, "plans:action_verify", line), turned_away(team, "plans:action_effect", line)
    factory.finished_action(line)
    once_done = [name for name in OF_A_LINE_IN_FORCE if turned_away(team, name, line)]

    assert not_begun == ["plans:action_progress", "plans:action_finish"]
    assert not_done == (True, True)
    assert once_done == OF_A_LINE_IN_FORCE
    assert turned_away(team, "plans:evidence_add", line)
    assert not turned_away(region, "plans:action_verify", line)


def test_a_milestone_left_open_is_asked_about_before_the_line_is_finished() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    factory.milestone_of(line)
    factory.plan_in_force(plan=plan, lines=0)
    line = execution.start_action(action=plan.actions.get(), by=line.owner, at=factory.NOW + factory.HOUR * 3)
    factory.add_evidence(line)
    team, region = everybody(plan), signed_in(Role.REGIONAL_TEAM, plan.municipality.region)
    address = reverse("plans:action_finish", args=[line.pk])
    told = {"lesson": "Avisar antes", f"level_{line.standards.get().standard_id}": "2"}

    asked = team.get(address).content.decode()
    without = team.post(address, told)
    finished = team.post(address, told | {"missed_reason": "El proveedor quebró"})
    shown = region.get(reverse("plans:action_verify", args=[line.pk])).content.decode()

    assert "Hitos sin cumplir: Comprar el tótem" in asked
    assert "missed_reason" in without.context["form"].errors
    assert finished.status_code == 302, finished.context["form"].errors
    assert ("No se cumplió" in shown, "El proveedor quebró" in shown) == (True, True)


def test_nothing_is_asked_about_milestones_where_all_are_reached() -> None:
    line = factory.plan_in_force().actions.get()
    execution.start_action(action=line, by=line.owner, at=factory.NOW + factory.HOUR * 3)

    form = everybody(line.plan).get(reverse("plans:action_finish", args=[line.pk])).context["form"]

    assert "missed_reason" not in form.fields
