"""From a gap of the report to a line of the plan, whatever the region has verified and the plan has come to."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from plans.domain import plans
from plans.enums import PlanState
from portal.foundation.people.roles import Role
from quality.models import LevelRecord
from tests.factories import plans as factory
from tests.factories.people import user_with_role
from tests.factories.quality import verified_assessment
from tests.plans.views.clients import signed_in
from tests.plans.views.test_screens import line_data

pytestmark = pytest.mark.django_db


def links(client: Client, plan, series: str) -> list[str]:
    """The addresses that the gap report offers for a line, in its order."""
    report = reverse("quality:gap_report", args=[plan.cycle.year, plan.municipality.slug])
    return re.findall(r'href="(/plan/desde-brecha/\d+/)"', client.get(report, {"serie": series}).content.decode())


def verified_draft(**levels: int):
    """A draft of a municipality whose levels (1 each) the region verified, as ``levels`` say."""
    done = verified_assessment(levels={"E01": 1, "E02": 1, "E03": 1}, verified=levels)
    return factory.draft_plan(municipality=done.municipality, cycle=done.cycle)


@pytest.mark.parametrize("series", ["self", "verified"])
def test_every_gap_leads_to_its_line_once_the_region_has_verified(series: str) -> None:
    plan = verified_draft(E02=0)
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)

    offered = links(client, plan, series)
    forms = [client.get(link, follow=True) for link in offered]

    assert len(offered) == 3
    assert [form.status_code for form in forms] == [200, 200, 200]
    assert {form.context["form"].initial["standard_1"] for form in forms} == set(
        LevelRecord.objects.values_list("standard_id", flat=True)
    )


def test_the_line_keeps_the_verified_gap_that_it_was_drawn_from() -> None:
    plan = verified_draft(E01=0)
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    of_team = LevelRecord.objects.in_force().get(standard__code="E01", series="self")
    of_region = LevelRecord.objects.in_force().get(standard__code="E01", series="verified")
    form = f"{reverse('plans:action_add', args=[plan.pk])}?kind=quality.gap&reference={of_team.pk}"

    client.post(form, line_data(plan, standard_1=of_region.standard_id, standard_1_target="1"))

    assert plan.actions.get().sources.get().reference == str(of_region.pk)


def test_a_gap_that_the_region_found_closed_is_not_offered_and_says_so() -> None:
    plan = verified_draft(E01=3)
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    of_team = LevelRecord.objects.in_force().get(standard__code="E01", series="self")
    address = reverse("plans:draw_from_gap", args=[of_team.pk])

    page = client.get(address, follow=True).content.decode()

    assert address not in links(client, plan, "self")
    assert "Este estándar ya no tiene brecha" in page


@pytest.mark.parametrize("state", [PlanState.PROPOSED, PlanState.IN_FORCE])
def test_nothing_is_offered_that_the_plan_cannot_take(state: str) -> None:
    plan = factory.proposed_plan() if state == PlanState.PROPOSED else factory.plan_in_force()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    gap = LevelRecord.objects.in_force().filter(municipality=plan.municipality).first()

    offered = links(client, plan, "self")
    answer = client.get(reverse("plans:draw_from_gap", args=[gap.pk]), follow=True)

    said = {PlanState.PROPOSED: "El plan fue propuesto", PlanState.IN_FORCE: "Solo cambia con una nueva versión"}
    assert offered == []
    assert answer.redirect_chain[-1][0] == plan.get_absolute_url()
    assert said[state] in answer.content.decode()


def test_a_new_version_takes_lines_again() -> None:
    plan = factory.plan_in_force()
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    lead = user_with_role(Role.COORDINATOR, plan.municipality)
    version = plans.amend_plan(plan=plan, reason="Cambia el costo", by=lead, at=factory.NOW)

    offered = links(client, plan, "self")

    assert client.get(offered[0]).url.startswith(reverse("plans:action_add", args=[version.pk]))
