"""The demonstration contradicts neither itself nor the rules that it shows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benefits_core.queries.contacts import history, person_named
from plans.enums import ActionState
from plans.models import Action, PlanComment
from portal.demo import texts
from portal.demo.names import FAMILIES, MEN, WOMEN, Names
from portal.demo.timeline import ZONE, Timeline, working_days
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import User
from quality.models import Answer, AssessmentParticipant, LevelRecord
from tests.demo.country.conftest import NOW, told

pytestmark = pytest.mark.xdist_group("demo")  # one worker builds it for all
QUEUE = ("benefits_core.ticket", "benefits_core.desk", "benefits_core.attention")


@pytest.mark.usefixtures("small_country")
def test_each_person_has_a_name_of_her_own_and_works_in_office_hours() -> None:
    names = list(User.objects.values_list("name", flat=True))
    women = User.objects.filter(email__startswith="encargada.") | User.objects.filter(email__startswith="editora")

    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [user.name for user in women if user.name.split()[0] not in WOMEN] == []
    titles = {
        (participant.position, participant.name.split()[0] in WOMEN)
        for participant in AssessmentParticipant.objects.all()
    }
    assert titles == {("Encargada comunal", True), ("Ejecutiva de atención", True), ("Ejecutivo de atención", False)}
    # Whoever has no account writes when there is time for it: in the evening, on a Sunday.
    # And the queue works in the hour before somebody starts the demonstration, whenever that is.
    queue = {"object_type__in": QUEUE, "at__gte": NOW - timedelta(hours=1)}
    noted = AuditEvent.objects.filter(by_user_id__isnull=False).exclude(**queue)
    acts = [at.astimezone(ZONE) for at in noted.values_list("at", flat=True)]
    assert [act for act in acts if not 8 <= act.hour < 18 or act.date() not in working_days(act.year)] == []


@pytest.mark.usefixtures("small_country")
def test_what_people_wrote_fits_what_they_did() -> None:
    answers = {said.text: said.answer for said in texts.COMMENTS}
    subjects = {said.text: said.standard for said in texts.COMMENTS}
    for comment in PlanComment.objects.select_related("action"):
        assert comment.answer in ("", answers[comment.text])
        codes = [part.standard.code for part in comment.action.standards.all()] if comment.action else [""]
        assert subjects[comment.text] in codes
    for answer in Answer.objects.select_related("standard"):
        if answer.level is None:
            assert answer.not_applicable_reason == texts.NOT_APPLICABLE_REASONS[answer.standard.code]
        else:
            assert answer.notes in texts.NOTES[answer.level]
    said_by_the_region = LevelRecord.objects.exclude(remarks="").values_list("level", "remarks")
    assert {remarks for level, remarks in said_by_the_region if level == 3} <= {texts.review_remark(2, 3)}
    for line in Action.objects.prefetch_related("milestones"):
        is_finished = line.state in (ActionState.DONE, ActionState.VERIFIED)
        left = [milestone.name for milestone in line.milestones.all() if milestone.reached_on is None]
        assert not (is_finished and left), (line.title, left)
        assert is_finished == (line.progress == 100), (line.title, line.state, line.progress)
        assert line.feasibility_reason == texts.FEASIBILITY_REASONS[line.feasibility]


@pytest.mark.usefixtures("small_country")
def test_the_same_seed_tells_the_same_story(told_before: dict[str, Any]) -> None:
    assert told() == told_before


def test_no_name_comes_twice_before_the_lists_are_exhausted() -> None:
    names = Names()

    given = [str(names.give(is_woman=True)) for _time in range(len(WOMEN) * len(FAMILIES))]

    assert len(set(given)) == len(given)
    assert len(WOMEN) == len(MEN)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 1, 1, 3, tzinfo=UTC),
        datetime(2026, 1, 3, 15, tzinfo=UTC),
        datetime(2027, 1, 1, 1, tzinfo=UTC),
    ],
)
def test_moments_keep_their_order_and_never_lie_ahead(now: datetime) -> None:
    timeline = Timeline(2026, now)

    moments = [timeline.moment(share / 500) for share in range(501)]

    assert moments == sorted(moments)
    assert moments[-1] <= now
    if timeline.worked:
        assert {moment.astimezone(ZONE).weekday() for moment in moments} <= set(range(5))
        assert moments[-1] - moments[0] >= timedelta(hours=8)


@pytest.mark.usefixtures("small_country")
def test_the_contacts_of_one_person_can_be_seen_together() -> None:
    coordinator = User.objects.get(email="encargada.quillota@demo.example")
    person = person_named("cl_run", "7.654.321-6")
    assert person is not None

    seen = [row["contact_kind"] for row in history(person, coordinator)]

    assert seen.count("benefits_core.attention") == 2 and "benefits_core.appointment" in seen
