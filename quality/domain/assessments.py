"""The self-diagnosis: opened, answered by several people, submitted, reviewed by the region, corrected.

Decisions: ``docs/adr/0010-self-diagnosis.md``. The first version is answered and submitted within
the cycle's window; a correction, which the team or the region asks for later, while the cycle is
open. A returned version keeps its levels in force until its correction is submitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.foundation.audit import domain as audit
from portal.foundation.cycles.models import Cycle, CycleState, Participation
from portal.foundation.files import domain as files
from portal.foundation.files.models import StoredFile
from portal.foundation.territories.models import Territory
from quality.domain import levels as level_verbs
from quality.domain import notices
from quality.domain.errors import (
    AlreadySubmitted,
    AnswerConflict,
    CatalogueNotLoaded,
    CycleNotBegun,
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
from quality.enums import (
    ASSESSMENT_TRANSITIONS,
    SELF_DIAGNOSIS_WINDOW,
    AssessmentChannel,
    AssessmentState,
    NotApplicableReview,
    Series,
)
from quality.models import (
    Answer,
    AnswerEvidence,
    Assessment,
    AssessmentParticipant,
    CatalogueVersion,
    LevelRecord,
    Standard,
)
from quality.models.assessments import REVIEW_FIELDS
from quality.queries import assessments as reads
from quality.queries.content import content_hash

TEXT_LENGTH = 5000


@dataclass(frozen=True)
class NewEvidence:
    """An upload that comes with an answer: the file, the day of what it shows, and what it is."""

    upload: UploadedFile
    dated_on: date
    description: str


@transaction.atomic
def open_assessment(*, municipality: Territory, cycle: Cycle, by: Any, at: datetime) -> Assessment:
    """Start the self-diagnosis of a municipality that takes part in ``cycle``.

    Opening again gives the last version that there is.

    :raises NotParticipating: the municipality is not active in the cycle.
    :raises CycleNotOpen, CatalogueNotLoaded: in preparation or closed; without a loaded catalogue.
    :raises CycleNotBegun, WindowClosed: before its first day, or outside its window.
    """
    participation = Participation.objects.select_for_update().active().filter(municipality=municipality, cycle=cycle)
    if not participation.first():
        raise NotParticipating
    existing = reads.latest_of(municipality, cycle)
    if existing is not None:
        return existing
    require_open(municipality=municipality, cycle=cycle, at=at, first=True)
    catalogue = CatalogueVersion.objects.filter(version=cycle.catalogue_version).first()
    if catalogue is None:
        raise CatalogueNotLoaded
    assessment = Assessment(municipality=municipality, cycle=cycle, catalogue=catalogue, opened_by=by, opened_at=at)
    assessment.save(by_verb=True)
    _record("quality.open_assessment", assessment, assessment, by, at)
    return assessment


@transaction.atomic
def set_context(*, assessment: Assessment, channel: str, strengths: str, by: Any, at: datetime) -> Assessment:
    """Which channels the self-diagnosis covers, and what the team does well."""
    assessment = _open_draft(assessment, at)
    if channel not in AssessmentChannel.values:
        raise InvalidAnswer
    assessment.channel, assessment.strengths = channel, strengths[:TEXT_LENGTH]
    assessment.save(by_verb=True, update_fields=["channel", "strengths"])
    _record("quality.set_context", assessment, assessment, by, at)
    return assessment


@transaction.atomic
def add_participant(
    *, assessment: Assessment, name: str, position: str, kind: str, by: Any, at: datetime
) -> AssessmentParticipant:
    """Name somebody who took part. The same person named twice with the same position stays once."""
    assessment = _open_draft(assessment, at)
    fields = {"name": name.strip(), "position": position.strip(), "kind": kind}
    existing = assessment.participants.filter(**fields).first()
    if existing is not None:
        return existing
    participant = AssessmentParticipant(assessment=assessment, **fields)
    participant.save(by_verb=True)
    _record("quality.add_participant", assessment, assessment, by, at)
    return participant


@transaction.atomic
def remove_participant(*, participant: AssessmentParticipant, by: Any, at: datetime) -> None:
    """Take a participant out; one who is out already stays out."""
    assessment = _open_draft(participant.assessment, at)
    if assessment.participants.filter(pk=participant.pk).exists():
        participant.delete(by_verb=True)
        _record("quality.remove_participant", assessment, assessment, by, at)


def answer_standard(
    *,
    assessment: Assessment,
    standard: Standard,
    level: int | None,
    not_applicable: bool = False,
    not_applicable_reason: str = "",
    notes: str = "",
    revision: int | None,
    by: Any,
    at: datetime,
    evidence: NewEvidence | None = None,
) -> Answer:
    """Give a standard its level, or say with a reason that it does not apply.

    :param level: 0-3; None with ``not_applicable``.
    :param revision: the revision that the person saw; None where nobody had answered yet.
    :param evidence: an upload sent with the answer; it is kept even where the answer conflicts.
    :raises AnswerConflict: somebody saved another answer meanwhile; it stands, and is carried along.
    :raises InvalidLevel, InvalidAnswer, ReasonNeeded: what is given is not an answer.
    :raises FileRefused: the upload is not accepted; nothing is saved.
    :raises NotInProgress, CycleNotOpen, WindowClosed: it cannot be answered now.
    """
    _check_answer(level, not_applicable, not_applicable_reason)
    content = {
        "level": None if not_applicable else level,
        "not_applicable": not_applicable,
        "not_applicable_reason": not_applicable_reason.strip()[:TEXT_LENGTH] if not_applicable else "",
        "notes": notes.strip()[:TEXT_LENGTH],
    }
    with transaction.atomic():
        answer, conflict = _save_answer(assessment, standard, content, revision, by, at)
        if evidence is not None:
            _attach_evidence(answer, evidence, by, at)
    if conflict:
        raise AnswerConflict(answer)
    return answer


@transaction.atomic
def add_evidence(
    *, answer: Answer, file: StoredFile, dated_on: date, description: str, by: Any, at: datetime
) -> AnswerEvidence:
    """Add a kept file to an answer. Two people who add at once both keep theirs; the same one sent twice is one.

    :param dated_on: the day of what the file shows, in the municipality's zone.
    :raises EvidenceInFuture: the day has not come yet.
    """
    assessment = _open_draft(answer.assessment, at)
    return _add_evidence(assessment, answer, file, dated_on, description, by, at)


@transaction.atomic
def remove_evidence(*, evidence: AnswerEvidence, by: Any, at: datetime) -> None:
    """Take a piece of evidence off its answer; one that is off already stays off."""
    answer = evidence.answer
    assessment = _open_draft(answer.assessment, at)
    if answer.evidence.filter(pk=evidence.pk).exists():
        evidence.delete(by_verb=True)
        _record("quality.remove_evidence", answer, assessment, by, at, _detail(answer))


@transaction.atomic
def submit_assessment(*, assessment: Assessment, by: Any, at: datetime) -> Assessment:
    """Freeze the answers, stamp their hash, and append them to the self-assessed series.

    A correction supersedes the version that it corrects. The regional team is told, and the
    report is ordered.

    :raises AlreadySubmitted: by the same person twice or by two at once; nothing is done again.
    :raises NotComplete: with what is missing.
    :raises CycleNotOpen, WindowClosed: it is not the time.
    """
    fresh = _locked(assessment)
    if fresh.state != AssessmentState.DRAFT:
        raise AlreadySubmitted(fresh)
    require_open(municipality=fresh.municipality, cycle=fresh.cycle, at=at, first=fresh.number == 1)
    on = local_date(fresh, at)
    missing = reads.problems(fresh, on)
    if missing:
        raise NotComplete(missing)
    if fresh.corrects is not None:
        _move(fresh.corrects, AssessmentState.SUPERSEDED, by, at, "quality.supersede_assessment")
    answers = list(fresh.answers.select_related("standard").order_by("standard__number"))
    fresh.submitted_by, fresh.submitted_at = by, at
    fresh.content_hash = content_hash(fresh)
    _move(fresh, AssessmentState.SUBMITTED, by, at, "quality.submit_assessment")
    level_verbs.append_levels(
        municipality=fresh.municipality,
        cycle=fresh.cycle,
        series=Series.SELF_ASSESSED,
        levels=[level_verbs.NewLevel(answer.standard, answer.level) for answer in answers],
        dated_on=on,
        source=fresh,
        by=by,
        at=at,
    )
    notices.submitted(assessment=fresh, by=by, at=at)
    return fresh


@transaction.atomic
def return_assessment(*, assessment: Assessment, remarks: str, by: Any, at: datetime) -> Assessment:
    """Send a submitted self-diagnosis back to its team, with remarks. Its levels stay in force.

    :raises ReasonNeeded: without remarks.
    :raises NotUnderReview: it is not the submitted version, or it was returned before.
    """
    if not remarks.strip():
        raise ReasonNeeded
    assessment = _locked(assessment)
    if assessment.state != AssessmentState.SUBMITTED:
        raise NotUnderReview
    assessment.returned_by, assessment.returned_at = by, at
    assessment.return_remarks = remarks.strip()[:TEXT_LENGTH]
    _move(assessment, AssessmentState.RETURNED, by, at, "quality.return_assessment")
    notices.returned(assessment=assessment, at=at)
    return assessment


@transaction.atomic
def correct_assessment(*, assessment: Assessment, reason: str = "", by: Any, at: datetime) -> Assessment:
    """Begin a new version with the same answers and evidence. A correction begun before is given back.

    :param reason: may stay empty where the region returned the version: then its remarks are the reason.
    :raises ReasonNeeded: without any reason.
    :raises NotUnderReview: it was neither submitted nor returned, or another version replaced it.
    """
    assessment = _locked(assessment)
    begun = Assessment.objects.filter(corrects=assessment).first()
    if begun is not None:
        return begun
    require_correctable(assessment, at)
    reason = reason.strip() or assessment.return_remarks
    if not reason:
        raise ReasonNeeded
    correction = Assessment(
        municipality=assessment.municipality,
        cycle=assessment.cycle,
        catalogue=assessment.catalogue,
        number=assessment.number + 1,
        corrects=assessment,
        correction_reason=reason[:TEXT_LENGTH],
        channel=assessment.channel,
        strengths=assessment.strengths,
        opened_by=by,
        opened_at=at,
    )
    correction.save(by_verb=True)
    _copy_answers(assessment, correction, by, at)
    _record("quality.correct_assessment", correction, correction, by, at, {"corrects": assessment.number})
    return correction


@transaction.atomic
def review_not_applicable(*, answer: Answer, accepted: bool, remarks: str = "", by: Any, at: datetime) -> Answer:
    """The region accepts or refuses that a standard does not apply.

    Refused, the standard counts as unanswered: it is blank in both series, is listed as a problem of
    the correction, and the region may return the whole or give a level itself. The team is told.

    :raises ReasonNeeded: a refusal without remarks.
    :raises NotUnderReview: not submitted, or the answer is a level.
    """
    if not accepted and not remarks.strip():
        raise ReasonNeeded
    assessment = _locked(answer.assessment)
    answer = Answer.objects.select_for_update().get(pk=answer.pk)
    if assessment.state != AssessmentState.SUBMITTED or not answer.not_applicable:
        raise NotUnderReview
    answer.not_applicable_review = NotApplicableReview.ACCEPTED if accepted else NotApplicableReview.REFUSED
    answer.review_remarks = remarks.strip()[:TEXT_LENGTH]
    answer.reviewed_by, answer.reviewed_at = by, at
    answer.save(by_verb=True, update_fields=sorted(REVIEW_FIELDS))
    if accepted:
        _note_not_applicable(answer, assessment, by, at)
    else:
        level_verbs.withdraw_not_applicable(assessment=assessment, standard=answer.standard, by=by, at=at)
        notices.not_applicable_refused(answer=answer, at=at)
    _record("quality.review_not_applicable", answer, assessment, by, at, {**_detail(answer), "accepted": accepted})
    return answer


def _note_not_applicable(answer: Answer, assessment: Assessment, by: Any, at: datetime) -> None:
    """Said again after a refusal that is taken back; submission said it the first time."""
    said = LevelRecord.objects.in_force().filter(series=Series.SELF_ASSESSED, standard=answer.standard)
    if not said.filter(municipality=assessment.municipality, cycle=assessment.cycle).exists():
        level_verbs.append_level(
            municipality=assessment.municipality,
            cycle=assessment.cycle,
            standard=answer.standard,
            series=Series.SELF_ASSESSED,
            level=None,
            dated_on=local_date(assessment, at),
            source=assessment,
            by=by,
            at=at,
        )


def require_open(*, municipality: Territory, cycle: Cycle, at: datetime, first: bool) -> None:
    """Can the municipality work on its self-diagnosis of that cycle now?

    :param first: the first version of the year, which is bound to the cycle's window.
    :raises CycleNotOpen, CycleNotBegun, WindowClosed: it cannot.
    """
    if cycle.state != CycleState.OPEN:
        raise CycleNotOpen(cycle)
    today = at.astimezone(municipality.zone).date()
    if not cycle.has_begun(today):
        raise CycleNotBegun(cycle.starts_on)
    window = cycle.window(SELF_DIAGNOSIS_WINDOW)
    if first and window and not window[0] <= today <= window[1]:
        raise WindowClosed(*window)


def require_answerable(assessment: Assessment, at: datetime) -> None:
    """Can it be worked on now, whatever is written?

    :raises NotInProgress: it was submitted. :raises CycleNotOpen, CycleNotBegun, WindowClosed: it is not the time.
    """
    if assessment.state != AssessmentState.DRAFT:
        raise NotInProgress
    require_open(municipality=assessment.municipality, cycle=assessment.cycle, at=at, first=assessment.number == 1)


def require_correctable(assessment: Assessment, at: datetime) -> None:
    """Can a correction of it begin now, whatever its reason?

    :raises NotUnderReview: it does not count. :raises CycleNotOpen, CycleNotBegun: it is not the time.
    """
    if not assessment.counts:
        raise NotUnderReview
    require_open(municipality=assessment.municipality, cycle=assessment.cycle, at=at, first=False)


def local_date(assessment: Assessment, at: datetime) -> date:
    """The day of ``at`` where the municipality is."""
    return at.astimezone(assessment.municipality.zone).date()


def _locked(assessment: Assessment) -> Assessment:
    """The row as it is now, held until the transaction ends: writers of one self-diagnosis queue up."""
    Assessment.objects.select_for_update().filter(pk=assessment.pk).first()
    return Assessment.objects.select_related("municipality", "cycle", "catalogue", "corrects").get(pk=assessment.pk)


def _open_draft(assessment: Assessment, at: datetime) -> Assessment:
    assessment = _locked(assessment)
    require_answerable(assessment, at)
    return assessment


def _check_answer(level: int | None, not_applicable: bool, reason: str) -> None:
    if not_applicable:
        if level is not None:
            raise InvalidLevel
        if not reason.strip():
            raise ReasonNeeded
    elif level not in level_verbs.SCALE:
        raise InvalidLevel


def _save_answer(
    assessment: Assessment, standard: Standard, content: dict[str, Any], revision: int | None, by: Any, at: datetime
) -> tuple[Answer, bool]:
    """The answer that now stands, and whether it is somebody else's."""
    assessment = _open_draft(assessment, at)
    if standard.version_id != assessment.catalogue_id:
        raise InvalidAnswer
    answer = Answer.objects.filter(assessment=assessment, standard=standard).first()
    if answer is None:
        answer = Answer(assessment=assessment, standard=standard, revision=0)
    elif all(getattr(answer, name) == value for name, value in content.items()) and not _is_refused(answer):
        return answer, False
    elif answer.revision != revision:
        return answer, True
    for name, value in content.items():
        setattr(answer, name, value)
    answer.not_applicable_review = NotApplicableReview.PENDING if answer.not_applicable else NotApplicableReview.NONE
    answer.review_remarks, answer.reviewed_by, answer.reviewed_at = "", None, None
    answer.revision += 1
    answer.answered_by, answer.answered_at = by, at
    answer.save(by_verb=True)
    _record("quality.answer_standard", answer, assessment, by, at, _detail(answer))
    return answer, False


def _is_refused(answer: Answer) -> bool:
    return answer.not_applicable_review == NotApplicableReview.REFUSED


def _attach_evidence(answer: Answer, new: NewEvidence, by: Any, at: datetime) -> AnswerEvidence:
    assessment = answer.assessment
    if new.dated_on > local_date(assessment, at):
        raise EvidenceInFuture
    stored = files.attach(upload=new.upload, territory=assessment.municipality, by=by, at=at)
    return _add_evidence(assessment, answer, stored, new.dated_on, new.description, by, at)


def _add_evidence(
    assessment: Assessment, answer: Answer, file: StoredFile, dated_on: date, description: str, by: Any, at: datetime
) -> AnswerEvidence:
    if dated_on > local_date(assessment, at):
        raise EvidenceInFuture
    shown = {"dated_on": dated_on, "description": description.strip()}
    sent = answer.evidence.filter(**shown, file__sha256=file.sha256).first()
    if sent is not None:
        return sent
    evidence = AnswerEvidence(answer=answer, file=file, **shown)
    evidence.save(by_verb=True)
    _record("quality.add_evidence", answer, assessment, by, at, _detail(answer))
    return evidence


def _copy_answers(old: Assessment, new: Assessment, by: Any, at: datetime) -> None:
    """Answers keep who gave them and when; a refused «not applicable» stays refused until answered."""
    for participant in old.participants.order_by("id"):
        participant.pk, participant._state.adding, participant.assessment = None, True, new
        participant.save(by_verb=True)
    for answer in old.answers.select_related("standard").prefetch_related("evidence"):
        evidence = list(answer.evidence.all())
        answer.pk, answer._state.adding, answer.assessment = None, True, new
        answer._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # Django's own, not in its types
        answer.save(by_verb=True)
        for item in evidence:
            item.pk, item._state.adding, item.answer = None, True, answer
        AnswerEvidence.objects.bulk_create(evidence)
        _record("quality.copy_answer", answer, new, by, at, _detail(answer))


def _move(assessment: Assessment, state: AssessmentState, by: Any, at: datetime, verb: str) -> None:
    if state not in ASSESSMENT_TRANSITIONS[assessment.state]:
        raise NotUnderReview
    assessment.state = state
    assessment.save(by_verb=True)
    _record(verb, assessment, assessment, by, at, {"number": assessment.number})


def _detail(answer: Answer) -> dict[str, Any]:
    return {
        "standard": answer.standard.code,
        "level": answer.level,
        "not_applicable": answer.not_applicable,
        "revision": answer.revision,
    }


def _record(
    verb: str,
    object: Assessment | Answer,
    assessment: Assessment,
    by: Any,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(verb=verb, object=object, by=by, at=at, territory=assessment.municipality, detail=detail)
