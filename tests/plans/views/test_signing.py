"""Proposing and signing a plan through its screens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from plans.enums import SignatureRole
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.plans.views.clients import signed_in

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=5)


def test_the_reason_why_nobody_could_comment_is_asked_and_shown_to_signers() -> None:
    plan = factory.draft_plan()
    factory.add_line(plan)
    client = signed_in(Role.COORDINATOR, plan.municipality)
    address = reverse("plans:propose", args=[plan.pk])

    page = client.get(address).content.decode()
    refused = client.post(address, {"no_comment_reason": ""})
    client.post(address, {"no_comment_reason": "Vence la subvención"})
    signer = signed_in(Role.DIDECO, plan.municipality)

    assert reverse("plans:comments_open", args=[plan.pk]) in page
    assert list(refused.context["form"].errors) == ["no_comment_reason"]
    for screen in ("plans:sign", "plans:plan"):
        assert "Vence la subvención" in signer.get(reverse(screen, args=[plan.pk])).content.decode(), screen


def test_a_plan_that_was_commented_is_proposed_without_a_reason() -> None:
    plan = factory.plan_open_to_comment(at=AT - timedelta(days=12))
    client = signed_in(Role.COORDINATOR, plan.municipality)

    answer = client.post(reverse("plans:propose", args=[plan.pk]))

    assert answer.url == plan.get_absolute_url()


def test_the_page_of_signature_shows_all_that_is_signed_and_its_hash() -> None:
    plan = factory.proposed_plan()
    client = signed_in(Role.DIDECO, plan.municipality)
    address = reverse("plans:sign", args=[plan.pk])

    page = client.get(address).content.decode()
    signed = client.post(address, {"role": "dideco", "content_hash": plan.content_hash, "agree": "on"})

    line = plan.actions.get()
    shown = [
        plan.content_hash,
        line.title,
        line.problem,
        line.root_cause,
        line.goal,
        "No es una firma electrónica avanzada",
    ]
    assert [text for text in shown if text not in page] == []
    assert (signed.status_code, plan.signatures.get().role) == (302, "dideco")


def test_a_signature_for_an_older_text_is_refused_with_its_reason() -> None:
    plan = factory.proposed_plan()
    client = signed_in(Role.DIDECO, plan.municipality)

    answer = client.post(
        reverse("plans:sign", args=[plan.pk]), {"role": "dideco", "content_hash": "0" * 64, "agree": "on"}
    )

    assert "El plan cambió desde que usted abrió esta página" in answer.content.decode()
    assert plan.signatures.count() == 0


def test_a_signature_from_a_second_tab_is_told_that_the_plan_is_signed_by_whom_and_when() -> None:
    plan = factory.proposed_plan()
    dideco = user_with_role(Role.DIDECO, plan.municipality, user=UserFactory(name="Rosa Díaz"))
    second_tab = sign_in(Client(), dideco)
    data = {"role": "dideco", "content_hash": plan.content_hash, "agree": "on"}
    address = reverse("plans:sign", args=[plan.pk])

    second_tab.post(address, data)
    half = second_tab.post(address, data, follow=True).content.decode()
    factory.sign(plan, SignatureRole.COORDINATOR)
    whole = second_tab.post(address, data, follow=True).content.decode()

    assert "Usted ya firmó este plan" in half
    assert ("El plan ya tiene las dos firmas" in whole, "Rosa Díaz (DIDECO), el 10 de abril" in whole) == (True, True)
    assert plan.signatures.count() == 2


def test_both_signatures_are_asked_of_two_people_on_the_page() -> None:
    plan = factory.proposed_plan()
    lead = user_with_role(Role.COORDINATOR, plan.municipality)
    factory.sign(plan, SignatureRole.COORDINATOR, by=lead)
    user_with_role(Role.DIDECO, plan.municipality, user=lead)

    data = {"role": "dideco", "content_hash": plan.content_hash, "agree": "on"}
    page = sign_in(Client(), lead).post(reverse("plans:sign", args=[plan.pk]), data, follow=True)

    assert "La otra firma debe ser de otra persona" in page.content.decode()
    assert plan.signatures.count() == 1
