from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from portal.foundation.audit.guarded import BareWrite
from portal.foundation.audit.models import AuditEvent
from portal.foundation.cycles.models import CycleState, ParticipationStatus
from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from quality.domain import assessments
from quality.domain.errors import (
    AlreadySubmitted,
    AnswerConflict,
    CatalogueNotLoaded,
    CycleNotOpen,
    EvidenceInFuture,
    InvalidAnswer,
    InvalidLevel,
    NotComplete,
    NotInProgress,
    NotParticipating,
    NotUnderReview,
    ReasonNeeded,
    WindowClosed,
)
from quality.enums import AssessmentState, NotApplicableReview, ProblemKind, Series
from quality.models import Answer, AnswerEvidence, Assessment, LevelRecord
from quality.queries import assessments as reads
from tests.factories import quality as factories
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import user_with_role
from tests.factories.quality import NOW, TODAY

MARCH = {"self_diagnosis": {"opens": "03-01", "closes": "03-31"}}


def standard_of(draft: Assessment, code: str = "E01"):
    return draft.catalogue.standards.get(code=code)


def outcome_of(function):
    try:
        function()
    except Exception as error:
        return type(error)
    finally:
        connection.close()
    return None


def at_once(*functions):
    """Run the functions in threads that start together; what each raised, or None."""
    barrier, outcomes = threading.Barrier(len(functions)), [None] * len(functions)

    def run(index, function):
        barrier.wait()
        outcomes[index] = outcome_of(function)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db
class TestOpening:
    def test_opens_with_the_catalogue_of_the_cycle(self):
        draft = factories.assessment()

        assert (draft.number, draft.state, draft.catalogue.version) == (1, AssessmentState.DRAFT, "0.1.0")

    def test_opening_twice_gives_the_same_one(self):
        draft = factories.assessment()

        again = factories.assessment(municipality=draft.municipality, cycle=draft.cycle)

        assert again.pk == draft.pk

    def test_a_paused_municipality_is_refused(self):
        participation = ParticipationFactory(status=ParticipationStatus.PAUSED, status_reason="Incendio")

        with pytest.raises(NotParticipating):
            factories.assessment(municipality=participation.municipality, cycle=participation.cycle)

    def test_a_cycle_that_is_not_open_is_refused(self):
        with pytest.raises(CycleNotOpen):
            factories.assessment(cycle=CycleFactory(state=CycleState.CLOSED))

    def test_a_cycle_without_a_loaded_catalogue_is_refused(self):
        participation = ParticipationFactory(cycle=CycleFactory(catalogue_version="9.9.9"))

        with pytest.raises(CatalogueNotLoaded):
            assessments.open_assessment(
                municipality=participation.municipality, cycle=participation.cycle, by=None, at=NOW
            )

    @pytest.mark.parametrize(
        ("at", "is_open"),
        [
            (datetime(2026, 3, 1, 2, 59, tzinfo=UTC), False),  # still February in Santiago
            (datetime(2026, 3, 1, 3, 0, tzinfo=UTC), True),
            (datetime(2026, 4, 1, 2, 59, tzinfo=UTC), True),
            (datetime(2026, 4, 1, 3, 0, tzinfo=UTC), False),
        ],
    )
    def test_the_window_counts_in_the_municipalitys_own_time(self, at, is_open):
        cycle = CycleFactory(windows=MARCH)

        if is_open:
            assert factories.assessment(cycle=cycle, at=at).pk
        else:
            with pytest.raises(WindowClosed) as refused:
                factories.assessment(cycle=cycle, at=at)
            assert (refused.value.opens, refused.value.closes) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.django_db
class TestAnswering:
    def test_saves_the_level_with_who_and_when(self):
        draft = factories.assessment()

        given = factories.answer(draft, standard_of(draft), 1)

        given.refresh_from_db()
        assert (given.level, given.revision, given.answered_by, given.answered_at) == (1, 1, draft.opened_by, NOW)

    def test_not_applicable_waits_for_the_region(self):
        draft = factories.assessment()

        given = factories.answer(draft, standard_of(draft), None, reason="Sin oficina propia")

        assert (given.level, given.not_applicable_review) == (None, NotApplicableReview.PENDING)

    @pytest.mark.parametrize("level", [7, -1, None])
    def test_a_level_outside_the_scale_is_refused(self, level):
        draft = factories.assessment()

        with pytest.raises(InvalidLevel):
            assessments.answer_standard(
                assessment=draft, standard=standard_of(draft), level=level, revision=None, by=draft.opened_by, at=NOW
            )
        assert Answer.objects.count() == 0

    def test_not_applicable_without_a_reason_is_refused(self):
        draft = factories.assessment()

        with pytest.raises(ReasonNeeded):
            factories.answer(draft, standard_of(draft), None, reason="  ")

    def test_a_standard_of_another_catalogue_is_refused(self):
        draft = factories.assessment()
        foreign = factories.small_catalogue("0.2.0").standards.first()

        with pytest.raises(InvalidAnswer):
            factories.answer(draft, foreign, 1)

    def test_fifty_kilobytes_of_notes_are_kept_up_to_the_limit(self):
        draft = factories.assessment()

        given = assessments.answer_standard(
            assessment=draft,
            standard=standard_of(draft),
            level=1,
            notes="ñ" * 50_000,
            revision=None,
            by=draft.opened_by,
            at=NOW,
        )

        assert len(given.notes) == assessments.TEXT_LENGTH

    def test_the_second_of_two_members_sees_the_first_ones_answer(self):
        draft = factories.assessment()
        other = user_with_role(Role.TEAM_MEMBER, draft.municipality)
        factories.answer(draft, standard_of(draft), 1)

        with pytest.raises(AnswerConflict) as conflict:
            assessments.answer_standard(
                assessment=draft, standard=standard_of(draft), level=0, revision=None, by=other, at=NOW
            )

        stands = Answer.objects.get()
        assert (conflict.value.theirs, stands.level, stands.answered_by) == (stands, 1, draft.opened_by)

    def test_the_same_answer_sent_twice_changes_nothing(self):
        draft = factories.assessment()
        sent = {"assessment": draft, "standard": standard_of(draft), "level": 1, "revision": None, "at": NOW}

        first = assessments.answer_standard(**sent, by=draft.opened_by)
        second = assessments.answer_standard(**sent, by=draft.opened_by)

        assert (second.pk, second.revision) == (first.pk, 1)

    def test_evidence_sent_with_a_conflicting_answer_is_kept(self):
        from django.core.files.uploadedfile import SimpleUploadedFile

        draft = factories.assessment()
        other = user_with_role(Role.TEAM_MEMBER, draft.municipality)
        factories.answer(draft, standard_of(draft), 1)
        upload = SimpleUploadedFile("acta.txt", b"Acta de la reunion", "text/plain")

        with pytest.raises(AnswerConflict):
            assessments.answer_standard(
                assessment=draft,
                standard=standard_of(draft),
                level=2,
                revision=None,
                by=other,
                at=NOW,
                evidence=assessments.NewEvidence(upload, TODAY, "Acta"),
            )

        assert [item.file.name for item in AnswerEvidence.objects.all()] == ["acta.txt"]

    def test_evidence_of_tomorrow_is_refused(self):
        draft = factories.assessment()
        given = factories.answer(draft, standard_of(draft), 2)

        with pytest.raises(EvidenceInFuture):
            factories.evidence(given, dated_on=TODAY + timedelta(days=1))

    def test_evidence_is_removed_once(self):
        draft = factories.assessment()
        given = factories.answer(draft, standard_of(draft), 2, evidence_on=TODAY)
        item = given.evidence.get()

        assessments.remove_evidence(evidence=given.evidence.get(), by=draft.opened_by, at=NOW)
        assessments.remove_evidence(evidence=item, by=draft.opened_by, at=NOW)

        assert AnswerEvidence.objects.count() == 0

    def test_the_history_says_who_gave_which_level(self):
        draft = factories.assessment()
        other = user_with_role(Role.TEAM_MEMBER, draft.municipality)
        factories.answer(draft, standard_of(draft), 1)
        given = factories.answer(draft, standard_of(draft), 0, by=other)

        history = reads.answer_history(given)

        assert [(change.by, change.level) for change in history] == [(other, 0), (draft.opened_by, 1)]

    def test_whoever_adds_a_file_is_not_said_to_have_given_the_level(self):
        draft = factories.assessment()
        other = user_with_role(Role.TEAM_MEMBER, draft.municipality)
        given = factories.answer(draft, standard_of(draft), 1)
        factories.evidence(given, by=other)

        history = reads.answer_history(given)

        assert [(change.by, change.label, change.gives_level) for change in history] == [
            (other, "Se agregó un antecedente", False),
            (draft.opened_by, "Respuesta guardada", True),
        ]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_members_answer_the_same_standard(self):
        draft = factories.assessment()
        standard = standard_of(draft)
        members = [user_with_role(Role.TEAM_MEMBER, draft.municipality) for _ in range(2)]

        def give(level):
            return lambda: assessments.answer_standard(
                assessment=draft, standard=standard, level=level, revision=None, by=members[level], at=NOW
            )

        outcomes = at_once(give(0), give(1))

        assert sorted(outcomes, key=str) == sorted([None, AnswerConflict], key=str)
        assert Answer.objects.get().level == outcomes.index(None)

    def test_two_people_add_evidence(self):
        draft = factories.assessment()
        given = factories.answer(draft, standard_of(draft), 2)

        outcomes = at_once(lambda: factories.evidence(given), lambda: factories.evidence(given))

        assert (outcomes, AnswerEvidence.objects.count()) == ([None, None], 2)

    def test_two_people_submit(self):
        draft = factories.answered_assessment()
        people = [user_with_role(Role.COORDINATOR, draft.municipality), user_with_role(Role.DIDECO, draft.municipality)]

        def submit(by):
            return lambda: assessments.submit_assessment(assessment=draft, by=by, at=NOW)

        outcomes = at_once(*[submit(person) for person in people])

        assert sorted(outcomes, key=str) == sorted([None, AlreadySubmitted], key=str)
        assert LevelRecord.objects.count() == 3
        assert AuditEvent.objects.filter(verb="quality.submit_assessment").count() == 1


@pytest.mark.django_db
class TestSubmission:
    def test_freezes_and_appends_the_levels(self):
        done = factories.submitted_assessment(levels={"E01": 2, "E02": 0, "E03": None})

        records = LevelRecord.objects.order_by("standard__number")
        assert (done.state, len(done.content_hash)) == (AssessmentState.SUBMITTED, 64)
        assert [(r.series, r.level, r.gap_to_met, r.gap_to_consolidated, r.is_baseline) for r in records] == [
            (Series.SELF_ASSESSED, 2, 0, 1, True),
            (Series.SELF_ASSESSED, 0, 2, 3, True),
            (Series.SELF_ASSESSED, None, None, None, False),
        ]

    def test_tells_the_regional_team_of_that_region_only(self):
        draft = factories.answered_assessment()
        regional = user_with_role(Role.REGIONAL_TEAM, draft.municipality.region)
        user_with_role(Role.REGIONAL_TEAM, ParticipationFactory().municipality.region)

        assessments.submit_assessment(assessment=draft, by=draft.opened_by, at=NOW)

        assert list(Message.objects.values_list("recipient", flat=True)) == [regional.pk]

    def test_submitting_twice_is_told_apart(self):
        done = factories.submitted_assessment()

        with pytest.raises(AlreadySubmitted):
            assessments.submit_assessment(assessment=done, by=done.submitted_by, at=NOW)

    def test_says_all_that_is_missing(self):
        draft = factories.assessment()
        factories.answer(draft, standard_of(draft, "E01"), 2)
        factories.answer(draft, standard_of(draft, "E02"), 3, evidence_on=date(2025, 3, 19))

        with pytest.raises(NotComplete) as refused:
            assessments.submit_assessment(assessment=draft, by=draft.opened_by, at=NOW)

        assert [(problem.kind, problem.standard and problem.standard.code) for problem in refused.value.problems] == [
            (ProblemKind.EVIDENCE_MISSING, "E01"),
            (ProblemKind.EVIDENCE_OLD, "E02"),
            (ProblemKind.NOT_ANSWERED, "E03"),
            (ProblemKind.NO_PARTICIPANTS, None),
        ]

    @pytest.mark.parametrize(("dated_on", "is_fresh"), [(date(2025, 3, 20), True), (date(2025, 3, 19), False)])
    def test_evidence_of_exactly_twelve_months_still_counts(self, dated_on, is_fresh):
        draft = factories.answered_assessment()
        factories.answer(draft, standard_of(draft), 2, evidence_on=dated_on)

        assert (reads.problems(draft, TODAY) == []) is is_fresh

    def test_nothing_changes_afterwards_through_any_door(self):
        done = factories.submitted_assessment(levels={"E01": 2})
        given = done.answers.get(standard__code="E01")
        item, participant = given.evidence.get(), done.participants.get()
        by = done.submitted_by

        attempts = [
            lambda: factories.answer(done, given.standard, 1),
            lambda: factories.evidence(given),
            lambda: assessments.remove_evidence(evidence=item, by=by, at=NOW),
            lambda: assessments.set_context(assessment=done, channel="both", strengths="x", by=by, at=NOW),
            lambda: assessments.remove_participant(participant=participant, by=by, at=NOW),
        ]

        for attempt in attempts:
            with pytest.raises(NotInProgress):
                attempt()
        for row in (given, item, participant):
            with pytest.raises(BareWrite):
                row.save(by_verb=True)
            with pytest.raises(BareWrite):
                row.delete(by_verb=True)

    def test_a_bare_save_is_refused_even_of_a_draft(self):
        draft = factories.assessment()
        given = factories.answer(draft, standard_of(draft), 1)

        for row in (draft, given):
            with pytest.raises(BareWrite):
                row.save()

    def test_the_window_closes_on_submission_too(self):
        draft = factories.answered_assessment(cycle=CycleFactory(windows=MARCH))

        with pytest.raises(WindowClosed):
            assessments.submit_assessment(assessment=draft, by=draft.opened_by, at=datetime(2026, 4, 2, 12, tzinfo=UTC))


@pytest.mark.django_db
class TestCorrection:
    def test_copies_everything_and_takes_over_when_submitted(self):
        done = factories.submitted_assessment(levels={"E01": 2})
        draft = assessments.correct_assessment(assessment=done, reason="Faltó un acta", by=done.opened_by, at=NOW)
        factories.answer(draft, standard_of(draft, "E02"), 0)

        again = assessments.submit_assessment(assessment=draft, by=done.submitted_by, at=NOW + timedelta(hours=1))

        done.refresh_from_db()
        in_force = LevelRecord.objects.in_force().order_by("standard__number")
        assert (done.state, again.number, again.participants.count()) == (AssessmentState.SUPERSEDED, 2, 1)
        assert [(record.level, record.is_baseline) for record in in_force] == [(2, True), (0, True), (1, True)]
        assert LevelRecord.objects.count() == 6
        assert [change.standard.code for change in reads.differences(done, again)] == ["E02"]

    def test_needs_a_reason(self):
        done = factories.submitted_assessment()

        with pytest.raises(ReasonNeeded):
            assessments.correct_assessment(assessment=done, reason=" ", by=done.opened_by, at=NOW)

    def test_begun_twice_is_one_correction(self):
        done = factories.submitted_assessment()

        first = assessments.correct_assessment(assessment=done, reason="Una", by=done.opened_by, at=NOW)
        second = assessments.correct_assessment(assessment=done, reason="Otra", by=done.submitted_by, at=NOW)

        assert (second.pk, second.correction_reason) == (first.pk, "Una")

    def test_is_not_held_by_the_window(self):
        done = factories.submitted_assessment(cycle=CycleFactory(windows=MARCH))
        june = datetime(2026, 6, 1, 12, tzinfo=UTC)

        draft = assessments.correct_assessment(assessment=done, reason="Error", by=done.opened_by, at=june)

        assert assessments.submit_assessment(assessment=draft, by=done.submitted_by, at=june).counts

    def test_a_draft_is_not_corrected(self):
        draft = factories.assessment()

        with pytest.raises(NotUnderReview):
            assessments.correct_assessment(assessment=draft, reason="Error", by=draft.opened_by, at=NOW)


@pytest.mark.django_db
class TestReview:
    def test_a_returned_version_keeps_its_levels_and_its_remarks_become_the_reason(self):
        done = factories.submitted_assessment()
        regional = user_with_role(Role.REGIONAL_TEAM, done.municipality.region)

        returned = assessments.return_assessment(assessment=done, remarks="Revise E02", by=regional, at=NOW)
        draft = assessments.correct_assessment(assessment=returned, by=done.opened_by, at=NOW)

        assert (returned.state, draft.correction_reason) == (AssessmentState.RETURNED, "Revise E02")
        assert LevelRecord.objects.in_force().count() == 3

    def test_returning_twice_or_without_remarks_is_refused(self):
        done = factories.submitted_assessment()
        with pytest.raises(ReasonNeeded):
            assessments.return_assessment(assessment=done, remarks=" ", by=done.submitted_by, at=NOW)
        assessments.return_assessment(assessment=done, remarks="Falta", by=done.submitted_by, at=NOW)

        with pytest.raises(NotUnderReview):
            assessments.return_assessment(assessment=done, remarks="Falta", by=done.submitted_by, at=NOW)


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_submitted_version():
    done = factories.submitted_assessment()
    draft = assessments.correct_assessment(assessment=done, reason="Error", by=done.opened_by, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=draft.pk).update(state=AssessmentState.SUBMITTED)
