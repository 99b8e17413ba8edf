from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from portal.foundation.cycles.models import CycleState, Participation
from portal.foundation.people.roles import Role
from quality.domain import assessments, levels
from quality.queries import assessments as assessment_reads
from quality.queries.tasks import tasks_for
from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import user_with_role
from tests.factories.quality import NOW, TODAY

pytestmark = pytest.mark.django_db


def told(user, today=TODAY):
    user.__dict__.pop("scope", None)
    return [(item.title, item.detail, item.url) for item in tasks_for(user, today)]


def test_a_team_is_asked_to_start_before_the_window_closes():
    cycle = CycleFactory(windows={"self_diagnosis": {"opens": "03-01", "closes": "03-31"}})
    factories.small_catalogue()
    municipality = ParticipationFactory(cycle=cycle).municipality
    member = user_with_role(Role.TEAM_MEMBER, municipality)

    [item] = tasks_for(member, TODAY)

    assert (item.title, item.detail) == ("Empezar el autodiagnóstico", "3 estándares por responder")
    assert (item.due_on, item.late(date(2026, 4, 1)), item.late(date(2026, 3, 31))) == (date(2026, 3, 31), True, False)


def test_a_team_sees_what_is_left_and_then_its_coordinator_is_asked_to_submit():
    draft = factories.assessment()
    coordinator = user_with_role(Role.COORDINATOR, draft.municipality)
    dideco = user_with_role(Role.DIDECO, draft.municipality)
    standards = list(draft.catalogue.standards.all())
    factories.answer(draft, standards[0], 2)

    # A level that needs evidence and has none is not ready.
    assert [item[1] for item in told(draft.opened_by)] == ["Faltan 3 estándares"]
    assert told(dideco) == []

    for standard in standards:
        factories.answer(draft, standard, 1)
    assert told(draft.opened_by) == []
    address = reverse("quality:assessment_check", args=[draft.pk])
    for submitter in (coordinator, dideco):
        assert told(submitter) == [("Enviar el autodiagnóstico", "Todos los estándares tienen respuesta", address)]


def test_evidence_that_grows_old_is_asked_for_again():
    draft = factories.answered_assessment(levels={"E01": 2})

    assert told(draft.opened_by, TODAY) == []
    assert [item[1] for item in told(draft.opened_by, date(2027, 3, 21))] == ["Falta 1 estándar"]


def test_what_was_submitted_stays_ready_when_its_evidence_grows_old():
    done = factories.submitted_assessment(levels={"E01": 2})
    later = date(2027, 6, 1)

    tasks = assessment_reads.tasks(done, later)
    [row] = assessment_reads.overview(Participation.objects.all(), done.cycle, later)

    assert [task.state for task in tasks] == ["done", "done", "done"]
    assert (row.done, row.total) == (3, 3)


def test_old_evidence_is_called_old_wherever_it_is_told():
    draft = factories.answered_assessment(levels={"E01": 2})

    task = assessment_reads.tasks(draft, date(2027, 6, 1))[0]

    assert (task.state_label, task.problem_label) == (
        "Antecedente demasiado antiguo",
        "Su antecedente es demasiado antiguo.",
    )


def test_the_region_is_asked_to_review_then_to_verify_and_a_team_to_correct():
    done = factories.submitted_assessment(levels={"E03": None})
    regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)
    address = reverse("quality:assessment_review", args=[done.pk])
    assert told(regional) == [("Revisar los «no aplica»", "1 «no aplica» por aceptar o rechazar", address)]

    assessments.review_not_applicable(answer=done.answers.get(not_applicable=True), accepted=True, by=regional, at=NOW)
    assert told(regional) == [("Verificar los niveles", "El autodiagnóstico fue enviado", address)]

    chosen = {answer.standard_id: answer.level for answer in done.answers.all()}
    levels.verify_levels(assessment=done, levels=chosen, by=regional, at=NOW)
    assert told(regional) == []

    assessments.return_assessment(assessment=done, remarks="Falta", by=regional, at=NOW)
    assert [item[0] for item in told(done.opened_by)] == ["Corregir el autodiagnóstico"]


def test_another_municipalitys_work_is_not_mine():
    draft = factories.assessment()
    former = CycleFactory(year=2025, state=CycleState.CLOSED)

    assert told(user_with_role(Role.TEAM_MEMBER, ParticipationFactory(cycle=former).municipality)) == []
    assert told(user_with_role(Role.REGIONAL_TEAM, ParticipationFactory(cycle=former).municipality.region)) == []
    assert told(user_with_role(Role.NATIONAL_TEAM, draft.municipality.region.parent)) == []


def test_many_municipalities_cost_no_more_queries(django_assert_max_num_queries):
    first = factories.submitted_assessment()
    region = first.municipality.region
    for _ in range(3):
        factories.submitted_assessment(
            municipality=ParticipationFactory(cycle=first.cycle, municipality__parent__parent=region).municipality
        )
    regional = user_with_role(Role.REGIONAL_TEAM, region)

    with django_assert_max_num_queries(3):
        assert len(tasks_for(regional, TODAY)) == 4
