"""Who is asked to sign: not the only author, and the region only where nobody of the municipality can."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.domain import plans
from plans.enums import PlanState, SignatureRole, Standing
from plans.errors import SignatureRefused
from plans.models import ImprovementPlan
from plans.queries.signing import signings
from plans.queries.tasks import tasks_for
from portal.foundation.messages.models import Message
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.people import sign_in, user_with_role

pytestmark = pytest.mark.django_db
AT = factory.NOW + factory.HOUR * 5
AS_COORDINATOR = "Validar el plan de mejora como Encargado o Encargada Comunal"
AS_DIDECO = "Validar el plan de mejora como DIDECO"


def titles(user: User) -> list[str]:
    user.__dict__.pop("scope", None)
    return [str(item.title) for item in tasks_for(user, factory.TODAY)]


@pytest.fixture
def people() -> dict[str, Any]:
    """A plan that its only coordinator wrote alone and proposed; a DIDECO and a regional person."""
    plan = factory.draft_plan()
    place = plan.municipality
    RoleAssignment.objects.filter(territory=place, role=Role.COORDINATOR).delete()
    found = {
        "lead": user_with_role(Role.COORDINATOR, place),
        "dideco": user_with_role(Role.DIDECO, place),
        "regional": user_with_role(Role.REGIONAL_TEAM, place.region),
    }
    factory.add_line(plan, by=found["lead"])
    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=found["lead"], at=AT)
    return found | {"plan": ImprovementPlan.objects.get()}


def sign(plan: ImprovementPlan, role: SignatureRole, by: User, reason: str = "") -> Any:
    plan.refresh_from_db()
    return plans.sign_plan(plan=plan, role=role, content_hash=plan.content_hash, reason=reason, by=by, at=AT)


def test_the_only_author_is_not_asked_and_the_region_is(people: dict[str, Any]) -> None:
    asked = {name: titles(people[name]) for name in ("lead", "dideco", "regional")}

    assert asked == {"lead": [], "dideco": [AS_DIDECO], "regional": [AS_COORDINATOR]}


def test_those_who_can_sign_are_told_and_nobody_else(people: dict[str, Any]) -> None:
    told = {message.recipient for message in Message.objects.filter(template="plan_proposed")}

    assert told == {people["dideco"], people["regional"]}


def test_a_dated_stand_in_spares_the_region(people: dict[str, Any]) -> None:
    plan = people["plan"]
    stand_in = user_with_role(
        Role.COORDINATOR, plan.municipality, stand_in_for=people["lead"], ends_on=date(2030, 1, 1), reason="Ausente"
    )

    assert (titles(stand_in), titles(people["regional"])) == ([AS_COORDINATOR], [])
    with pytest.raises(SignatureRefused, match=str(stand_in)):
        sign(plan, SignatureRole.COORDINATOR, people["regional"], "Apoyo")


def test_the_region_does_not_sign_where_the_municipality_can(people: dict[str, Any]) -> None:
    plan = people["plan"]

    with pytest.raises(SignatureRefused, match="Aquí puede firmar"):
        sign(plan, SignatureRole.DIDECO, people["regional"], "Apoyo")
    signed = sign(plan, SignatureRole.COORDINATOR, people["regional"], "La escribió sola")
    sign(plan, SignatureRole.DIDECO, people["dideco"])

    plan.refresh_from_db()
    assert (signed.standing, plan.state) == (Standing.REGIONAL, PlanState.IN_FORCE)


def test_whoever_gave_one_signature_leaves_the_other_to_the_region() -> None:
    plan = factory.proposed_plan()
    RoleAssignment.objects.filter(territory=plan.municipality, role=Role.COORDINATOR).delete()
    both = user_with_role(Role.DIDECO, plan.municipality, user=user_with_role(Role.COORDINATOR, plan.municipality))
    regional = user_with_role(Role.REGIONAL_TEAM, plan.municipality.region)
    before = titles(both), titles(regional)

    sign(plan, SignatureRole.DIDECO, both)

    assert before == ([AS_COORDINATOR, AS_DIDECO], [])
    assert (titles(both), titles(regional)) == ([], [AS_COORDINATOR])
    assert regional in {message.recipient for message in Message.objects.filter(template="plan_proposed")}


def test_the_page_says_to_the_only_author_who_signs_instead_of_a_form(people: dict[str, Any]) -> None:
    address = reverse("plans:sign", args=[people["plan"].pk])

    own = sign_in(Client(), people["lead"]).get(address).content.decode()
    regional = sign_in(Client(), people["regional"]).get(address)

    assert ("única persona" in own, 'name="agree"' in own) == (True, False)
    assert f"puede firmar: {people['dideco']}" in own
    assert "firma el equipo regional, porque nadie del municipio puede" in own
    assert [choice for choice, _label in regional.context["form"].fields["role"].choices] == ["coordinator"]


def test_the_plan_s_page_offers_no_signature_that_is_refused(people: dict[str, Any]) -> None:
    plan = people["plan"]
    sign_link = reverse("plans:sign", args=[plan.pk])

    pages = {
        name: sign_in(Client(), people[name]).get(plan.get_absolute_url()).content.decode()
        for name in ("lead", "dideco", "regional")
    }

    assert {name: sign_link in page for name, page in pages.items()} == {
        "lead": False,
        "dideco": True,
        "regional": True,
    }


def test_the_validation_of_three_plans_costs_as_much_as_of_one() -> None:
    made = [factory.proposed_plan() for _ in range(3)]

    def cost(plans: list[ImprovementPlan]) -> int:
        with CaptureQueriesContext(connection) as captured:
            signings(plans, factory.TODAY)
        return len(captured)

    assert cost(made[:1]) == cost(made) == 3
