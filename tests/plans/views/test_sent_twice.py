"""Pages sent again, and two members on one page: nothing twice, nothing lost, nothing overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from plans.domain import accountability, actions, execution
from plans.models import Action, ImprovementPlan
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.plans.views.clients import signed_in
from tests.plans.views.test_screens import line_data

pytestmark = pytest.mark.django_db
AT = factory.NOW + factory.HOUR * 5


@pytest.fixture
def plan() -> ImprovementPlan:
    return factory.draft_plan()


def test_a_line_sent_again_after_going_back_is_the_first_one(plan: ImprovementPlan) -> None:
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    address = reverse("plans:action_add", args=[plan.pk])
    typed = line_data(plan, token=client.get(address).context["form"]["token"].value())

    first, again = client.post(address, typed), client.post(address, typed)

    line = Action.objects.get()
    assert (first.url, again.url) == (line.get_absolute_url(), line.get_absolute_url())


def test_another_line_written_on_the_same_page_is_asked_about_and_kept(plan: ImprovementPlan) -> None:
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    address = reverse("plans:action_add", args=[plan.pk])
    typed = line_data(plan, token=client.get(address).context["form"]["token"].value())

    client.post(address, typed)
    asked = client.post(address, typed | {"title": "Otra mejora"})
    before = Action.objects.count()
    form = asked.context["form"]
    client.post(address, typed | {"title": form["title"].value(), "token": form["token"].value()})

    page = asked.content.decode()
    assert ("ya agregó la mejora “1. Sala con turnos”" in page, before) == (True, 1)
    assert list(Action.objects.values_list("title", flat=True)) == ["Sala con turnos", "Otra mejora"]


def test_each_page_for_a_new_line_gives_its_own(plan: ImprovementPlan) -> None:
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    address = reverse("plans:action_add", args=[plan.pk])
    typed = line_data(plan)

    for _ in range(2):
        client.post(address, typed | {"token": client.get(address).context["form"]["token"].value()})

    assert Action.objects.count() == 2


def test_steps_reports_evidence_and_publications_are_kept_once(plan: ImprovementPlan) -> None:
    line = factory.add_line(plan)
    for _ in range(2):
        factory.milestone_of(line)
    factory.plan_in_force(plan=plan, lines=0)
    line = execution.start_action(action=plan.actions.get(), by=line.owner, at=AT)
    stored = factory.add_evidence(line).file
    for _ in range(2):
        execution.report_progress(action=line, progress=20, note="Se compró", by=line.owner, at=AT)
        execution.add_evidence(
            action=line,
            file=stored,
            moment="after",
            dated_on=AT.date(),
            description="Fotografía de la sala",
            by=line.owner,
            at=AT,
        )
        accountability.record_publication(
            plan=line.plan, kind="panel", place="Sala de espera", published_on=AT.date(), by=line.owner, at=AT
        )

    kept = line.milestones.count(), line.reports.count(), line.evidence.count(), line.plan.publications.count()

    assert kept == (1, 1, 1, 1)


def test_an_edit_conflict_overwrites_nothing_that_one_did_not_touch(plan: ImprovementPlan) -> None:
    line = factory.add_line(plan)
    address = reverse("plans:action_edit", args=[line.pk])
    first, second = (signed_in(Role.TEAM_MEMBER, plan.municipality) for _ in range(2))

    def shown(client: Any) -> dict[str, Any]:
        """What a browser would post back of the page as it is shown."""
        return posted(client.get(address).context["form"])

    of_first, of_second = shown(first), shown(second)
    first.post(
        address, of_first | {"problem": "Lo que vio la primera", "goal": "15 minutos", "owner": of_first["owner"]}
    )
    conflict = second.post(address, of_second | {"title": "Del segundo"})
    saved = second.post(address, posted(conflict.context["form"]))

    line.refresh_from_db()
    assert (conflict.status_code, saved.status_code) == (409, 302)
    assert (line.title, line.problem, line.goal) == ("Del segundo", "Lo que vio la primera", "15 minutos")
    assert [row[1:] for row in conflict.context["differing"]] == [("Sala de espera con turnos", "Del segundo")]


def test_where_two_changed_the_same_both_texts_are_shown(plan: ImprovementPlan) -> None:
    line = factory.add_line(plan)
    address = reverse("plans:action_edit", args=[line.pk])
    client = signed_in(Role.TEAM_MEMBER, plan.municipality)
    typed = posted(client.get(address).context["form"])
    content = factory.content(plan, owner=line.owner, title="Del otro")
    actions.edit_action(action=line, content=content, revision=line.revision, by=line.owner, at=AT)

    conflict = client.post(address, typed | {"title": "Mío"})

    assert [row[1:] for row in conflict.context["differing"]] == [("Del otro", "Mío")]
    assert conflict.context["form"]["title"].value() == "Mío"


def posted(form: Any) -> dict[str, Any]:
    """The fields of a form as its page shows them, ready to be sent."""
    found: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False):
            found[field.html_name] = "on" if value is True else value
    return found
