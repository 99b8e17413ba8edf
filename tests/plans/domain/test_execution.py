"""From the start of a line to its verification: only the region changes a verified level."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from plans.domain import execution
from plans.enums import ActionState, EvidenceMoment
from plans.errors import InvalidContent, PlanClosedToChange, PlansError
from plans.models import Action
from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from quality.enums import Series
from quality.models import LevelRecord
from tests.factories import plans as factory
from tests.factories.people import user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=5)


@pytest.fixture
def line() -> Action:
    return factory.plan_in_force().actions.get()


def levels(line: Action, level: int = 2) -> dict[int, int]:
    return {part.standard_id: level for part in line.standards.all()}


def started(line: Action) -> Action:
    return execution.start_action(action=line, by=line.owner, at=AT)


def test_a_line_of_a_draft_does_not_start() -> None:
    line = factory.add_line(factory.draft_plan())

    with pytest.raises(PlanClosedToChange):
        started(line)


def test_a_line_starts_once(line: Action) -> None:
    started(line)

    with pytest.raises(PlanClosedToChange):
        started(line)


@pytest.mark.parametrize("progress", [-1, 100, 1000])
def test_progress_goes_from_0_to_99(line: Action, progress: int) -> None:
    started(line)

    with pytest.raises(InvalidContent):
        execution.report_progress(action=line, progress=progress, note="Algo", by=line.owner, at=AT)


def test_progress_is_told_with_what_was_done(line: Action) -> None:
    started(line)

    execution.report_progress(action=line, progress=40, note="Se compró", by=line.owner, at=AT)

    line.refresh_from_db()
    assert (line.progress, line.reports.get().note) == (40, "Se compró")


def test_a_milestone_is_reached_once_and_not_tomorrow() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    milestone = factory.milestone_of(line)
    factory.plan_in_force(plan=plan, lines=0)
    line.refresh_from_db()
    started(line)

    with pytest.raises(InvalidContent):
        execution.reach_milestone(milestone=milestone, reached_on=date(2026, 4, 11), by=line.owner, at=AT)
    reached = execution.reach_milestone(milestone=milestone, by=line.owner, at=AT)
    with pytest.raises(PlanClosedToChange):
        execution.reach_milestone(milestone=milestone, by=line.owner, at=AT)

    assert (reached.reached_on, reached.reached_by) == (date(2026, 4, 10), line.owner)


def test_a_line_is_not_finished_without_evidence_of_the_state_after(line: Action) -> None:
    started(line)
    factory.add_evidence(line, EvidenceMoment.DURING)

    with pytest.raises(InvalidContent, match="estado posterior"):
        execution.finish_action(action=line, claimed_levels=levels(line), lesson="Algo", by=line.owner, at=AT)


def test_a_line_is_not_finished_without_lesson_levels_or_with_a_negative_amount(line: Action) -> None:
    started(line)
    factory.add_evidence(line)
    whole = {"action": line, "claimed_levels": levels(line), "lesson": "Algo", "by": line.owner, "at": AT}

    for broken in (
        {"lesson": " "},
        {"claimed_levels": {}},
        {"claimed_levels": levels(line, 4)},
        {"spent": Decimal(-1)},
    ):
        with pytest.raises(InvalidContent):
            execution.finish_action(**{**whole, **broken})

    line.refresh_from_db()
    assert line.state == ActionState.IN_PROGRESS


def test_finishing_tells_the_region_and_changes_no_verified_level(line: Action) -> None:
    regional = user_with_role(Role.REGIONAL_TEAM, line.plan.municipality.region)
    elsewhere = user_with_role(Role.REGIONAL_TEAM, MunicipalityFactory().region)

    factory.finished_action(line)

    told = {message.recipient for message in Message.objects.filter(template="action_finished")}
    assert told == {regional}
    assert elsewhere not in told
    assert LevelRecord.objects.filter(series=Series.VERIFIED).count() == 0


def test_the_region_verifies_and_the_verified_series_says_where_from(line: Action) -> None:
    factory.verified_action(line, level=3)

    line.refresh_from_db()
    record = LevelRecord.objects.in_force().get(series=Series.VERIFIED)
    assert (line.state, line.standards.get().level_after) == (ActionState.VERIFIED, 3)
    assert (record.level, record.source_type, record.source_id) == (3, "plans.action", str(line.pk))
    assert {message.recipient for message in Message.objects.filter(template="action_verified")} == {line.owner}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DIDECO, Role.NATIONAL_TEAM])
def test_nobody_but_the_region_verifies(line: Action, role: Role) -> None:
    factory.finished_action(line)
    region = line.plan.municipality.region
    place = region.parent if role == Role.NATIONAL_TEAM else line.plan.municipality
    stranger = user_with_role(Role.REGIONAL_TEAM, MunicipalityFactory().region)

    for by in (user_with_role(role, place), stranger):
        with pytest.raises(PlansError):
            execution.verify_action(action=line, accepted=True, levels=levels(line), by=by, at=AT)

    assert LevelRecord.objects.filter(series=Series.VERIFIED).count() == 0


def test_a_rejection_has_remarks_and_the_work_goes_on(line: Action) -> None:
    factory.finished_action(line)
    regional = user_with_role(Role.REGIONAL_TEAM, line.plan.municipality.region)

    with pytest.raises(InvalidContent):
        execution.verify_action(action=line, accepted=False, by=regional, at=AT)
    execution.verify_action(action=line, accepted=False, remarks="Falta la foto", by=regional, at=AT)
    again = started(line)

    assert (again.state, again.verifications.get().remarks) == (ActionState.IN_PROGRESS, "Falta la foto")
    assert LevelRecord.objects.filter(series=Series.VERIFIED).count() == 0


def test_a_verdict_is_given_once(line: Action) -> None:
    factory.verified_action(line)
    regional = user_with_role(Role.REGIONAL_TEAM, line.plan.municipality.region)

    with pytest.raises(PlanClosedToChange):
        execution.verify_action(action=line, accepted=True, levels=levels(line), by=regional, at=AT)


def test_the_effect_is_checked_after_the_end(line: Action) -> None:
    with pytest.raises(PlanClosedToChange):
        execution.check_effect(action=line, effect="Bajó", by=line.owner, at=AT)
    factory.verified_action(line)

    checked = execution.check_effect(action=line, effect="La espera bajó", by=line.owner, at=AT)

    assert (checked.effect, checked.effect_checked_by) == ("La espera bajó", line.owner)


def test_what_waits_for_the_region_is_not_left_for_later(line: Action) -> None:
    factory.finished_action(line)

    with pytest.raises(PlanClosedToChange):
        execution.defer_action(action=line, reason="No alcanza", by=line.owner, at=AT)
