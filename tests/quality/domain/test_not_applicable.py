"""The region accepts or refuses that a standard does not apply."""

from __future__ import annotations

import pytest

from portal.foundation.messages.models import Message
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from quality.domain import assessments
from quality.domain.errors import NotUnderReview, ReasonNeeded
from quality.enums import ProblemKind
from quality.models import LevelRecord
from quality.queries import assessments as reads
from quality.queries.tasks import tasks_for
from tests.factories import quality as factories
from tests.factories.people import user_with_role
from tests.factories.quality import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_a_refused_not_applicable_must_be_answered_in_the_correction():
    done = factories.submitted_assessment(levels={"E03": None})
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    assessments.review_not_applicable(
        answer=done.answers.get(not_applicable=True), accepted=False, remarks="Sí aplica", by=regional, at=NOW
    )

    draft = assessments.correct_assessment(assessment=done, reason="Responder E03", by=done.opened_by, at=NOW)

    assert [problem.kind for problem in reads.problems(draft, TODAY)] == [ProblemKind.NOT_APPLICABLE_REFUSED]
    factories.answer(draft, draft.catalogue.standards.get(code="E03"), 0)
    assert reads.problems(draft, TODAY) == []


def test_a_refused_not_applicable_is_blank_and_its_team_is_told():
    done = factories.submitted_assessment(levels={"E03": None})
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    answer, in_force = done.answers.get(not_applicable=True), LevelRecord.objects.in_force()
    member = user_with_role(Role.TEAM_MEMBER, done.municipality)

    assessments.review_not_applicable(answer=answer, accepted=False, remarks="Sí aplica", by=regional, at=NOW)
    refused = in_force.filter(standard=answer.standard).count()
    told = Message.objects.filter(template="quality_not_applicable_refused", recipient=member).count()
    tasks = [str(item.title) for item in tasks_for(User.objects.get(pk=member.pk), TODAY)]
    assessments.review_not_applicable(answer=answer, accepted=True, by=regional, at=NOW)

    assert (refused, told) == (0, 1)
    assert "Responder lo que la región no aceptó como «no aplica»" in tasks
    assert [record.level for record in in_force.filter(standard=answer.standard)] == [None]


def test_a_refusal_needs_remarks_and_a_level_is_not_reviewed():
    done = factories.submitted_assessment(levels={"E03": None})

    with pytest.raises(ReasonNeeded):
        assessments.review_not_applicable(
            answer=done.answers.get(not_applicable=True), accepted=False, by=done.opened_by, at=NOW
        )
    with pytest.raises(NotUnderReview):
        assessments.review_not_applicable(
            answer=done.answers.filter(not_applicable=False).first(), accepted=True, by=done.opened_by, at=NOW
        )
