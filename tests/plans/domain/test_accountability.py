"""Comments before the signature, and the accounts of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plans.domain import accountability, comments, plans
from plans.enums import CommentState, PlanState
from plans.errors import CommentRefused, InvalidContent, Obstacles, PlanClosedToChange, PlansError
from plans.models import ImprovementPlan, PublicationLink
from portal.foundation.audit.models import AuditEvent
from portal.foundation.cycles.models import Participation
from tests.factories import plans as factory

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=1)


def obstacles(plan: ImprovementPlan, *, days: int = 0) -> list[str]:
    with pytest.raises(Obstacles) as refused:
        plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=plan.created_by, at=AT + timedelta(days=days))
    return [str(missing) for missing in refused.value.missing]


def test_a_draft_is_not_proposed_while_people_may_still_comment() -> None:
    plan = factory.plan_open_to_comment()

    assert obstacles(plan) == [
        "El borrador recibe opiniones hasta el 20 de abril de 2026. Espere a ese día o ciérrelas antes."
    ]


def test_a_draft_is_not_proposed_with_comments_unread_or_unanswered() -> None:
    plan = factory.plan_open_to_comment()
    unread, unanswered = factory.comment_on(plan), factory.comment_on(plan, "Falta un baño")
    comments.publish_comment(comment=unanswered, by=plan.created_by, at=AT)

    assert obstacles(plan, days=20) == ["Comentarios sin revisar: 1.", "Comentarios publicados sin respuesta: 1."]
    comments.hide_comment(comment=unread, reason="Insulto", by=plan.created_by, at=AT)
    comments.answer_comment(comment=unanswered, answer="La pondremos", by=plan.created_by, at=AT)
    proposed = plans.propose_plan(
        plan=plan, no_comment_reason=factory.HASTE, by=plan.created_by, at=AT + timedelta(days=20)
    )

    assert (proposed.state, proposed.no_comment_reason) == (PlanState.PROPOSED, "")


@pytest.mark.parametrize("opened_for", [None, timedelta(minutes=1)])
def test_a_plan_that_nobody_could_comment_on_is_proposed_with_a_reason_only(opened_for) -> None:
    plan = factory.draft_plan()
    factory.add_line(plan)
    at = AT
    if opened_for:
        comments.open_comments(plan=plan, until=date(2026, 4, 20), by=plan.created_by, at=AT)
        at += opened_for
        comments.close_comments(plan=plan, by=plan.created_by, at=at)

    with pytest.raises(InvalidContent) as refused:
        plans.propose_plan(plan=plan, no_comment_reason=" ", by=plan.created_by, at=at)
    proposed = plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=plan.created_by, at=at)

    audited = AuditEvent.objects.get(verb="plans.propose_plan").detail
    assert refused.value.field == "no_comment_reason"
    assert proposed.signed_content["no_comment_reason"] == audited["no_comment_reason"] == factory.HASTE


def test_moving_the_last_day_keeps_the_days_that_people_had() -> None:
    plan = factory.plan_open_to_comment()

    moved = comments.open_comments(plan=plan, until=date(2026, 4, 12), by=plan.created_by, at=AT + timedelta(days=2))

    assert (moved.comments_opened_at, moved.was_open_to_comment()) == (factory.NOW, True)


def test_comments_end_with_their_day_their_closing_and_the_proposal() -> None:
    plan = factory.plan_open_to_comment()

    with pytest.raises(CommentRefused):
        factory.comment_on(plan, at=AT + timedelta(days=11))
    comments.close_comments(plan=plan, by=plan.created_by, at=AT)
    with pytest.raises(CommentRefused):
        factory.comment_on(plan, at=AT)
    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=plan.created_by, at=AT)
    with pytest.raises(CommentRefused):
        factory.comment_on(plan, at=AT)

    assert plan.comments.count() == 0


def test_a_comment_is_about_a_line_of_the_same_plan() -> None:
    plan, other = factory.plan_open_to_comment(), factory.plan_open_to_comment()

    with pytest.raises(CommentRefused):
        comments.comment(plan=plan, action=other.actions.get(), text="Hola", at=AT)


def test_a_term_is_not_opened_in_the_past_nor_for_an_empty_draft() -> None:
    empty = factory.draft_plan()

    with pytest.raises(InvalidContent):
        comments.open_comments(plan=empty, until=date(2026, 5, 1), by=empty.created_by, at=AT)
    factory.add_line(empty)
    with pytest.raises(InvalidContent):
        comments.open_comments(plan=empty, until=date(2026, 4, 9), by=empty.created_by, at=AT)
    with pytest.raises(InvalidContent, match="con el año del plan"):
        comments.open_comments(plan=empty, until=date(2029, 4, 9), by=empty.created_by, at=AT)


def test_a_comment_is_hidden_with_a_reason_and_answered_when_published() -> None:
    comment = factory.comment_on(factory.plan_open_to_comment())
    by = comment.plan.created_by

    with pytest.raises(InvalidContent):
        comments.hide_comment(comment=comment, reason=" ", by=by, at=AT)
    with pytest.raises(PlanClosedToChange):
        comments.answer_comment(comment=comment, answer="Gracias", by=by, at=AT)

    comment.refresh_from_db()
    assert (comment.state, comment.answer) == (CommentState.PENDING, "")


@pytest.mark.parametrize(
    "link",
    [
        {"kind": "website"},
        {"kind": "website", "url": "javascript:alert(1)"},
        {"kind": "otro", "place": "Plaza"},
        {"kind": "panel", "place": "Oficina", "published_on": date(2027, 1, 1)},
        {"kind": "panel", "place": "Oficina", "published_on": date(2025, 12, 31)},
        {"kind": "panel", "place": "a" * 100_000},
    ],
)
def test_a_publication_that_is_not_right_is_refused(link: dict[str, object]) -> None:
    plan = factory.plan_in_force()

    with pytest.raises(InvalidContent):
        accountability.record_publication(
            plan=plan, by=plan.created_by, at=AT, **{"published_on": date(2026, 4, 10), **link}
        )

    assert PublicationLink.objects.count() == 0


def test_the_execution_report_keeps_the_lines_of_that_day() -> None:
    plan = factory.plan_in_force()
    factory.finished_action(plan.actions.get())

    report = accountability.submit_execution_report(plan=plan, achievements="Se hizo", by=plan.created_by, at=AT)
    with pytest.raises(PlansError):
        accountability.submit_execution_report(plan=plan, achievements="Otra vez", by=plan.created_by, at=AT)

    line = report.content["lines"][0]
    assert (line["state"], line["progress"], line["levels"]) == (
        "done",
        100,
        [{"code": "E01", "before": 1, "target": 2, "claimed": 2, "after": None}],
    )


def test_a_publication_counts_for_every_version_of_the_year_s_plan() -> None:
    plan = factory.plan_in_force()
    accountability.record_publication(
        plan=plan, kind="panel", place="Oficina", published_on=date(2026, 4, 10), by=plan.created_by, at=AT
    )
    amendment = plans.amend_plan(plan=plan, reason="Cambia el costo", by=plan.created_by, at=AT)
    with pytest.raises(PlansError, match="nueva versión"):
        accountability.submit_execution_report(plan=plan, achievements="Se hizo", by=plan.created_by, at=AT)
    factory.plan_in_force(plan=amendment, at=AT)

    assert [link.place for link in amendment.publications] == ["Oficina"]


def test_a_plan_whose_report_was_sent_is_not_amended() -> None:
    plan = factory.plan_in_force()
    accountability.submit_execution_report(plan=plan, achievements="Se hizo", by=plan.created_by, at=AT)

    with pytest.raises(PlansError, match="informe de ejecución"):
        plans.amend_plan(plan=plan, reason="Tarde", by=plan.created_by, at=AT)


def test_the_year_closes_when_nothing_is_missing() -> None:
    plan = factory.plan_in_force(lines=2)
    first, second = plan.actions.all()
    with pytest.raises(Obstacles) as refused:
        accountability.close_year(plan=plan, by=plan.created_by, at=AT)
    missing = len(refused.value.missing)
    factory.verified_action(first)
    factory.execution.defer_action(action=second, reason="Sin fondos", by=second.owner, at=AT)
    accountability.submit_execution_report(plan=plan, achievements="Se hizo", by=plan.created_by, at=AT)
    accountability.record_publication(
        plan=plan, kind="panel", place="Oficina", published_on=date(2026, 4, 10), by=plan.created_by, at=AT
    )

    closed = accountability.close_year(plan=plan, by=plan.created_by, at=AT)

    participation = Participation.objects.get(municipality=plan.municipality)
    assert (missing, closed.state) == (4, PlanState.CLOSED)
    assert (participation.closed_at, participation.closed_by_id) == (AT, plan.created_by.pk)
    with pytest.raises(PlanClosedToChange):
        accountability.close_year(plan=plan, by=plan.created_by, at=AT)


def test_a_comment_sent_twice_is_kept_once() -> None:
    plan = factory.plan_open_to_comment()

    first = comments.comment(plan=plan, text="Falta una rampa", at=AT)
    again = comments.comment(plan=plan, text=" Falta una rampa ", at=AT + timedelta(minutes=1))
    other = comments.comment(plan=plan, text="Falta un baño", at=AT + timedelta(minutes=1))
    later = comments.comment(plan=plan, text="Falta una rampa", at=AT + timedelta(minutes=11))

    assert again == first
    assert sorted(plan.comments.values_list("pk", flat=True)) == [first.pk, other.pk, later.pk]
