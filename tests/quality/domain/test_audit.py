"""What is altered past the verbs is found, and named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from portal.foundation.audit.domain import seal
from portal.foundation.audit.verification import verify
from quality.domain import assessments
from tests.factories import quality as factories
from tests.factories.quality import NOW

pytestmark = pytest.mark.django_db

LEVEL = "quality.levelrecord"
LATER = NOW + timedelta(minutes=1)


def altered():
    """Type and id of every object of the diagnosis that ``verify`` finds altered; factories record no catalogue."""
    found = {tuple(finding.where.split(":")) for finding in verify(at=LATER)}
    return {(label, key) for label, key in found if label in {"quality.answer", "quality.assessment", LEVEL}}


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_whole_turn_by_the_verbs_is_clean():
    done = factories.verified_assessment(levels={"E01": 2, "E03": None}, verified={"E01": 1})
    done = assessments.return_assessment(assessment=done, remarks="Falta", by=done.submitted_by, at=NOW)
    draft = assessments.correct_assessment(assessment=done, by=done.opened_by, at=NOW)
    assessments.submit_assessment(assessment=draft, by=done.submitted_by, at=NOW)
    seal(at=NOW)

    assert altered() == set()


def test_the_last_thing_noted_of_a_verified_one_is_how_it_stands():
    factories.verified_assessment(levels={"E01": 2, "E03": None}, verified={"E01": 1})
    seal(at=NOW)

    assert altered() == set()


def test_an_answer_altered_by_sql_is_found():
    done = factories.submitted_assessment()
    given = done.answers.get(standard__code="E02")
    seal(at=NOW)

    run("UPDATE quality_answer SET level = 3 WHERE id = %s", given.pk)

    assert altered() == {("quality.answer", str(given.pk))}


def test_evidence_put_under_an_answer_by_sql_is_found():
    done = factories.submitted_assessment(levels={"E01": 2})
    given = done.answers.get(standard__code="E01")
    seal(at=NOW)

    run("DELETE FROM quality_answerevidence WHERE answer_id = %s", given.pk)

    assert altered() == {("quality.answer", str(given.pk))}


def test_a_level_and_a_participant_altered_by_sql_are_found():
    done = factories.submitted_assessment()
    record = done.municipality.level_records.first()
    seal(at=NOW)

    run("UPDATE quality_levelrecord SET level = 3, gap_to_met = 0 WHERE id = %s", record.pk)
    run("UPDATE quality_assessmentparticipant SET name = %s WHERE assessment_id = %s", "Otra persona", done.pk)

    assert altered() == {("quality.levelrecord", str(record.pk)), ("quality.assessment", str(done.pk))}
