"""The public's comments on the draft, and what the team does with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from plans.domain import comments
from plans.enums import CommentState
from plans.models import ImprovementPlan, PlanComment
from plans.views import comments as comment_views
from portal.foundation.cycles.domain import close_cycle
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.people import user_with_role
from tests.plans.views.clients import signed_in

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=5)


def commented_plan() -> ImprovementPlan:
    plan = factory.draft_plan()
    factory.add_line(plan)
    return comments.open_comments(
        plan=plan, until=date(2026, 4, 20), by=user_with_role(Role.COORDINATOR, plan.municipality), at=AT
    )


def published_comment(plan: ImprovementPlan, text: str = "Bien") -> PlanComment:
    written = comments.comment(plan=plan, text=text, at=AT)
    return comments.publish_comment(comment=written, by=plan.created_by, at=AT)


def test_anybody_comments_without_saying_who_they_are() -> None:
    plan = commented_plan()
    address = reverse("plans:comment", args=[plan.pk])

    page = Client().get(address).content.decode()
    sent = Client().post(address, {"text": "Falta una rampa", "line": plan.actions.get().pk})

    comment = PlanComment.objects.get()
    assert plan.actions.get().public_summary in page
    assert sent.url == reverse("plans:comment_sent", args=[plan.pk])
    assert Client().get(sent.url).status_code == 200
    assert (comment.text, comment.name, comment.state) == ("Falta una rampa", "", CommentState.PENDING)


def test_what_is_done_with_a_comment_is_named_by_its_first_words() -> None:
    plan = commented_plan()
    comments.comment(plan=plan, text="Falta una rampa en la entrada del edificio consistorial", at=AT)
    client = signed_in(Role.COORDINATOR, plan.municipality)

    page = client.get(reverse("plans:comments", args=[plan.pk])).content.decode()

    assert 'Publicar<span class="govuk-visually-hidden">: «Falta una rampa en la entrada del edificio …»' in page


def test_closing_the_cycle_ends_the_comments_and_what_was_typed_is_not_lost() -> None:
    plan = commented_plan()
    address = reverse("plans:comment", args=[plan.pk])
    close_cycle(cycle=plan.cycle, reason="Se acabó el convenio", by=None, at=AT)

    page = Client().get(address).content.decode()
    refused = Client().post(address, {"text": "Falta una rampa", "line": plan.actions.get().pk})

    assert ('name="text"' in page, PlanComment.objects.count()) == (False, 0)
    assert "Falta una rampa" in refused.content.decode()


def test_a_draft_of_a_closed_cycle_says_so_and_offers_no_form() -> None:
    plan = commented_plan()
    client = signed_in(Role.COORDINATOR, plan.municipality)
    close_cycle(cycle=plan.cycle, reason="Se acabó el convenio", by=None, at=AT)

    page = client.get(plan.get_absolute_url()).content.decode()
    summary = client.get(reverse("plans:summary", args=[plan.pk]))

    assert ("Se acabó el convenio" in page, reverse("plans:sources", args=[plan.pk]) in page) == (True, False)
    assert summary.url == plan.get_absolute_url()


def test_the_page_of_a_signed_plan_says_so_and_leads_to_it() -> None:
    plan = commented_plan()
    comments.close_comments(plan=plan, by=plan.created_by, at=AT)
    factory.plan_in_force(plan=plan, lines=0)

    page = Client().get(reverse("plans:comment", args=[plan.pk])).content.decode()

    assert "Este plan ya se firmó y no recibe más comentarios." in page
    assert "Este es el borrador" not in page


def test_a_comment_is_not_shown_before_it_is_published() -> None:
    plan = commented_plan()
    address = reverse("plans:comment", args=[plan.pk])
    waiting = comments.comment(plan=plan, text="<script>alert(1)</script>", at=AT)

    before = Client().get(address).content.decode()
    comments.publish_comment(comment=waiting, by=plan.created_by, at=AT)
    after = Client().get(address).content.decode()

    assert ("alert(1)" in before, "&lt;script&gt;alert(1)" in after, "<script>alert" in after) == (False, True, False)


def test_a_robot_that_fills_the_trap_leaves_nothing() -> None:
    plan = commented_plan()

    answer = Client().post(reverse("plans:comment", args=[plan.pk]), {"text": "Compre", "website": "spam"})

    assert (answer.status_code, PlanComment.objects.count()) == (302, 0)


def test_a_meeting_of_neighbors_comments_from_one_address() -> None:
    plan = commented_plan()
    address = reverse("plans:comment", args=[plan.pk])

    answers = {Client().post(address, {"text": f"Comentario {n}"}).status_code for n in range(40)}

    assert answers == {302}
    assert PlanComment.objects.count() == 40


@pytest.mark.parametrize("limit", ["FROM_A_NETWORK", "ON_A_PLAN_FROM_A_NETWORK"])
def test_a_flood_of_comments_is_stopped(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(comment_views, limit, 3)
    address = reverse("plans:comment", args=[commented_plan().pk])

    answers = [Client().post(address, {"text": f"Comentario {n}"}).status_code for n in range(5)]

    assert answers == [302] * 3 + [429] * 2
    assert PlanComment.objects.count() == 3


def test_the_plan_counts_the_comments_that_were_not_hidden() -> None:
    plan = commented_plan()
    for text in ("Falta una rampa", "Compre aquí"):
        written = comments.comment(plan=plan, text=text, at=AT)
    comments.hide_comment(comment=written, reason="Publicidad", by=plan.created_by, at=AT)

    page = signed_in(Role.TEAM_MEMBER, plan.municipality).get(plan.get_absolute_url()).text

    assert "1 comentario de la ciudadanía" in page


@pytest.mark.parametrize("text", ["", "   ", "a" * 100_000])
def test_a_comment_that_is_empty_or_endless_is_not_taken(text: str) -> None:
    plan = commented_plan()

    answer = Client().post(reverse("plans:comment", args=[plan.pk]), {"text": text})

    assert (answer.status_code, PlanComment.objects.count()) == (200, 0)


def test_no_comment_after_the_term() -> None:
    plan = commented_plan()
    address = reverse("plans:comment", args=[plan.pk])

    with time_machine.travel(datetime(2026, 4, 21, 12, tzinfo=UTC)):
        page = Client().get(address).content.decode()
        Client().post(address, {"text": "Tarde"})

    assert ("El plazo para comentar terminó" in page, "<form method" in page) == (True, False)
    assert PlanComment.objects.count() == 0


def test_a_draft_that_is_not_open_is_not_public() -> None:
    plan = factory.draft_plan()

    assert Client().get(reverse("plans:comment", args=[plan.pk])).status_code == 404


def test_the_team_reviews_hides_and_answers() -> None:
    plan = commented_plan()
    first, second = (comments.comment(plan=plan, text=text, at=AT) for text in ("Una rampa", "Un insulto"))
    client = signed_in(Role.COORDINATOR, plan.municipality)

    client.post(reverse("plans:comment_publish", args=[first.pk]))
    client.post(reverse("plans:comment_hide", args=[second.pk]), {"reason": "Insulto"})
    client.post(reverse("plans:comment_answer", args=[first.pk]), {"answer": "La pondremos"})

    public = Client().get(reverse("plans:comment", args=[plan.pk])).content.decode()
    listed = client.get(reverse("plans:comments", args=[plan.pk])).content.decode()
    assert ("Una rampa" in public, "La pondremos" in public, "Un insulto" in public) == (True, True, False)
    assert ("Un insulto" in listed, "Insulto" in listed) == (True, True)


def test_the_comments_page_costs_the_same_with_one_and_with_three(constant_queries: Callable[..., int]) -> None:
    plan = commented_plan()
    client = signed_in(Role.COORDINATOR, plan.municipality)

    constant_queries(
        client,
        reverse("plans:comments", args=[plan.pk]),
        lambda: comments.comment(plan=plan, text="Bien", at=AT),
    )
    constant_queries(Client(), reverse("plans:comment", args=[plan.pk]), lambda: published_comment(plan))
