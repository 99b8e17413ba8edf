"""Names beside comments have a term; lines and signatures are shown to whoever they name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plans.domain import comments
from plans.models import PlanComment
from portal.foundation.audit.domain import seal
from portal.foundation.audit.verification import Problem, verify
from portal.foundation.people import privacy
from portal.foundation.people.queries.privacy import subject_of
from tests.factories import plans as factory

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(days=800)


def test_a_name_goes_after_two_years_and_the_comment_stays() -> None:
    plan = factory.plan_open_to_comment()
    old = comments.comment(plan=plan, name="Rosa", organization="Junta 4", text="Falta una rampa", at=factory.NOW)
    PlanComment.objects.create(plan=plan, name="Eva", text="Otra", created_at=AT - timedelta(days=30))

    forgotten = [comments.forget_names(at=AT, limit=10) for _time in range(2)]

    old.refresh_from_db()
    assert forgotten == [1, 0]
    assert (old.name, old.organization, old.text) == ("", "", "Falta una rampa")
    assert PlanComment.objects.get(text="Otra").name == "Eva"
    seal(at=AT)
    assert {finding.problem for finding in verify(at=AT)} <= {Problem.OBJECT_UNRECORDED}


def test_whoever_carries_out_or_signs_reads_it_among_the_own_data() -> None:
    plan = factory.plan_in_force()
    line, signature = plan.actions.first(), plan.signatures.first()
    assert line is not None
    assert signature is not None

    found = {
        key: [row.pk for row in kind.of_person(subject_of(user))]
        for key, user in (("plans.lines", line.owner), ("plans.signatures", signature.signed_by))
        if (kind := privacy.kind(key))
    }

    assert (line.pk in found["plans.lines"], found["plans.signatures"]) == (True, [signature.pk])
    for key in found:
        kind = privacy.kind(key)
        assert kind is not None
        row = kind.of_person(subject_of(line.owner if key == "plans.lines" else signature.signed_by)).first()
        assert set(kind.export(row)) == set(kind.fields)
