"""Reads of self-diagnoses: what is answered, what is missing, what changed, who said what when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from portal.foundation.audit.models import AuditEvent
from portal.foundation.cycles.models import Cycle, Participation
from portal.foundation.people.models import User
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold
from quality.enums import AnswerState, AssessmentState, NotApplicableReview, ProblemKind, Series
from quality.freshness import is_fresh, oldest_accepted
from quality.models import Answer, AnswerEvidence, Assessment, AssessmentParticipant, Component, LevelRecord, Standard


@dataclass(frozen=True)
class StandardTask:
    """One standard of a self-diagnosis with its answer, None where nobody answered yet."""

    standard: Standard
    answer: Answer | None
    evidence: Sequence[AnswerEvidence]
    problem: str

    @property
    def state(self) -> str:
        if self.answer is None:
            return AnswerState.NOT_STARTED
        if self.answer.not_applicable:
            return _NOT_APPLICABLE[self.answer.not_applicable_review]
        return _OF_EVIDENCE.get(self.problem, AnswerState.DONE)

    @property
    def state_label(self) -> str:
        return str(AnswerState(self.state).label)

    @property
    def problem_label(self) -> str:
        return str(ProblemKind(self.problem).label) if self.problem else ""

    @property
    def complete(self) -> bool:
        return not self.problem


_OF_EVIDENCE: dict[str, AnswerState] = {
    ProblemKind.EVIDENCE_MISSING: AnswerState.EVIDENCE_MISSING,
    ProblemKind.EVIDENCE_OLD: AnswerState.EVIDENCE_OLD,
}
_NOT_APPLICABLE = {
    NotApplicableReview.NONE: AnswerState.NOT_APPLICABLE_PENDING,
    NotApplicableReview.PENDING: AnswerState.NOT_APPLICABLE_PENDING,
    NotApplicableReview.ACCEPTED: AnswerState.NOT_APPLICABLE,
    NotApplicableReview.REFUSED: AnswerState.NOT_APPLICABLE_REFUSED,
}


@dataclass(frozen=True)
class Problem:
    """Why the self-diagnosis cannot be submitted; ``standard`` is None for what concerns the whole."""

    kind: str
    standard: Standard | None = None

    @property
    def message(self) -> str:
        return str(ProblemKind(self.kind).label)


@dataclass(frozen=True)
class ComponentTasks:
    """The tasks of one component, in the catalogue's order."""

    component: Component
    tasks: list[StandardTask] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(task.complete for task in self.tasks)


@dataclass(frozen=True)
class AnswerChange:
    """One save of an answer, read from the audit trail: who, when, and the level that it had then."""

    at: Any
    by: User | None
    verb: str
    level: int | None
    not_applicable: bool

    @property
    def gives_level(self) -> bool:
        """Whether the person said the level then; whoever adds or removes a file leaves it as it is."""
        return self.verb not in ("quality.add_evidence", "quality.remove_evidence")

    @property
    def label(self) -> str:
        return {
            "quality.answer_standard": _("Answer saved"),
            "quality.add_evidence": _("Evidence added"),
            "quality.remove_evidence": _("Evidence removed"),
            "quality.copy_answer": _("Copied from the version before"),
            "quality.review_not_applicable": _("Reviewed by the region"),
        }.get(self.verb, self.verb)


@dataclass(frozen=True)
class AnswerDifference:
    """One standard answered otherwise in two versions."""

    standard: Standard
    before: StandardTask
    after: StandardTask


@dataclass(frozen=True)
class Drift:
    """How many standards both series have, and to how many the region gave a lower or a higher level."""

    compared: int
    lowered: int
    raised: int


def drift(items: Sequence[StandardTask], verified: Mapping[str, LevelRecord]) -> Drift:
    """Compare the team's answers with the verified records (standard code → record)."""
    pairs = [
        (task.answer.level, record.level)
        for task in items
        if task.answer is not None and (record := verified.get(task.standard.code)) is not None
    ]
    steps = [theirs - ours for ours, theirs in pairs if ours is not None and theirs is not None]
    return Drift(len(steps), sum(step < 0 for step in steps), sum(step > 0 for step in steps))


def judged_on(assessment: Assessment, today: date) -> date:
    """The day by which evidence is fresh or old: once submitted, that of submission, for good; before it, today.

    :param today: in the municipality's zone.
    """
    submitted = assessment.submitted_at
    return submitted.astimezone(assessment.municipality.zone).date() if submitted else today


def tasks(assessment: Assessment, today: date) -> list[StandardTask]:
    """Every standard of the catalogue with its answer, by number; four queries, however many answers.

    :param today: in the municipality's zone; see :func:`judged_on`.
    """
    on = judged_on(assessment, today)
    standards = Standard.objects.filter(version=assessment.catalogue_id).select_related("component").order_by("number")
    answers = _answers(assessment)
    return [_task(standard, answers.get(standard.pk), assessment.cycle, on) for standard in standards]


def by_component(items: Sequence[StandardTask]) -> list[ComponentTasks]:
    """The same tasks, grouped by component in the catalogue's order."""
    groups: dict[int, ComponentTasks] = {}
    for task in sorted(items, key=lambda item: (item.standard.component.order, item.standard.number)):
        groups.setdefault(task.standard.component_id, ComponentTasks(task.standard.component)).tasks.append(task)
    return list(groups.values())


def problems(assessment: Assessment, today: date) -> list[Problem]:
    """What is missing before submission today; empty when nothing is."""
    found = [Problem(task.problem, task.standard) for task in tasks(assessment, today) if task.problem]
    if not AssessmentParticipant.objects.filter(assessment=assessment).exists():
        found.append(Problem(ProblemKind.NO_PARTICIPANTS))
    return found


def needs_evidence(level: int | None, cycle: Cycle) -> bool:
    """Does the level claim that the standard is met, and so ask for evidence?"""
    return level is not None and level >= cycle.met_at


def answer_history(answer: Answer) -> list[AnswerChange]:
    """The saves of one answer, newest first; two queries."""
    events = list(
        AuditEvent.objects.filter(object_type=Answer._meta.label_lower, object_id=str(answer.pk)).order_by("-id")
    )
    users = User.objects.in_bulk({event.by_user_id for event in events if event.by_user_id})
    return [
        AnswerChange(
            at=event.at,
            by=users.get(event.by_user_id),
            verb=event.verb,
            level=event.detail.get("level"),
            not_applicable=bool(event.detail.get("not_applicable")),
        )
        for event in events
    ]


def versions(assessment: Assessment) -> list[Assessment]:
    """Every version of the same municipality and cycle, newest first."""
    return list(
        Assessment.objects.filter(municipality=assessment.municipality_id, cycle=assessment.cycle_id)
        .select_related("submitted_by", "returned_by", "verified_by")
        .order_by("-number")
    )


def differences(before: Assessment, after: Assessment) -> list[AnswerDifference]:
    """Standards whose level, reason, notes or evidence differ between two versions of one self-diagnosis."""
    old, new = _answers(before), _answers(after)
    standards = Standard.objects.filter(version=after.catalogue_id).select_related("component").order_by("number")
    return [
        AnswerDifference(standard, _read_only(standard, old), _read_only(standard, new))
        for standard in standards
        if _comparable(old.get(standard.pk)) != _comparable(new.get(standard.pk))
    ]


def overview(participations: QuerySet[Participation], cycle: Cycle, on: date) -> QuerySet[Participation]:
    """The municipalities of ``cycle`` with how far their self-diagnosis has come; one query.

    Adds, of the last version: ``assessment_id``, ``assessment_state``, ``assessment_number``,
    ``verified_at`` (all None before it is opened); and counts: ``total`` standards, ``answered``,
    ``done`` (answered with all that they need: on the day ``on``, or on that of submission once
    submitted), ``pending`` («not applicable» that wait for the region), ``refused`` (those that it did
    not accept, and gave no level of its own).
    """
    last = Assessment.objects.filter(municipality=OuterRef("municipality"), cycle=cycle).order_by("-number")
    answers = Answer.objects.filter(assessment=OuterRef("assessment_id"))
    return (
        participations.filter(cycle=cycle)
        .select_related("municipality__region", "cycle")
        .annotate(
            assessment_id=Subquery(last.values("pk")[:1]),
            assessment_state=Subquery(last.values("state")[:1]),
            assessment_number=Subquery(last.values("number")[:1]),
            verified_at=Subquery(last.values("verified_at")[:1]),
        )
        .annotate(
            total=_count(Standard.objects.filter(version__version=cycle.catalogue_version), "version"),
            answered=_count(answers, "assessment"),
            done=_count(_complete(answers, cycle, on), "assessment"),
            pending=_count(answers.filter(not_applicable_review=NotApplicableReview.PENDING), "assessment"),
            refused=_count(_refused(answers), "assessment"),
        )
    )


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    """Rows counted in a subquery; 0 where there are none."""
    counted = rows.order_by().values(group).annotate(counted=Count("pk")).values("counted")
    return Coalesce(Subquery(counted), 0)


def _complete(answers: QuerySet[Answer], cycle: Cycle, on: date) -> QuerySet[Answer]:
    """Answers without a problem, in SQL: the same rule as :func:`_problem`."""
    oldest = oldest_accepted(on, cycle.evidence_freshness_months)
    fresh = AnswerEvidence.objects.filter(answer=OuterRef("pk"), dated_on__range=(oldest, on))
    applies_not = Q(not_applicable=True) & ~Q(not_applicable_review=NotApplicableReview.REFUSED)
    # What was submitted had fresh evidence then, or it could not have been submitted.
    shown = Exists(fresh) | ~Q(assessment__state=AssessmentState.DRAFT)
    return answers.filter(applies_not | Q(level__lt=cycle.met_at) | (Q(level__isnull=False) & shown))


def _refused(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    verified = LevelRecord.objects.in_force().filter(
        series=Series.VERIFIED,
        municipality=OuterRef("assessment__municipality"),
        cycle=OuterRef("assessment__cycle"),
        standard=OuterRef("standard"),
    )
    return answers.filter(~Exists(verified), not_applicable_review=NotApplicableReview.REFUSED)


def filter_overview(
    rows: QuerySet[Participation], *, search: str = "", state: str = "", stage: str = ""
) -> QuerySet[Participation]:
    """Narrow an :func:`overview`.

    :param state: a state of a self-diagnosis, ``"none"`` for not opened, or ``"verified"``;
        ``"submitted"`` is what still waits for verification.
    """
    if search:
        rows = rows.filter(municipality__search_name__contains=fold(search))
    if stage:
        rows = rows.filter(stage=stage)
    if state == "none":
        rows = rows.filter(assessment_id__isnull=True)
    elif state == "verified":
        rows = rows.filter(verified_at__isnull=False)
    elif state:
        rows = rows.filter(assessment_state=state, verified_at__isnull=True)
    return rows.order_by("municipality__search_name", "municipality_id")


def history_of(municipalities: QuerySet[Territory], besides: Sequence[Cycle]) -> list[Assessment]:
    """The last version of other cycles than ``besides``, newest year first; one query."""
    past = Assessment.objects.current().filter(municipality__in=municipalities).exclude(cycle__in=besides)
    return list(past.select_related("municipality", "cycle").order_by("-cycle__year", "municipality__search_name"))


def latest_of(municipality: Territory, cycle: Cycle) -> Assessment | None:
    """The last version of a municipality's self-diagnosis of one cycle, whatever its state."""
    return Assessment.objects.filter(municipality=municipality, cycle=cycle).order_by("-number").first()


def _answers(assessment: Assessment) -> dict[int, Answer]:
    evidence = Prefetch("evidence", AnswerEvidence.objects.select_related("file"))
    return {
        answer.standard_id: answer
        for answer in Answer.objects.filter(assessment=assessment)
        .select_related("answered_by", "reviewed_by")
        .prefetch_related(evidence)
    }


def _task(standard: Standard, answer: Answer | None, cycle: Cycle, on: date) -> StandardTask:
    evidence = list(answer.evidence.all()) if answer else []
    return StandardTask(standard, answer, evidence, _problem(answer, evidence, cycle, on))


def _problem(answer: Answer | None, evidence: Sequence[AnswerEvidence], cycle: Cycle, on: date) -> str:
    if answer is None:
        return ProblemKind.NOT_ANSWERED
    if answer.not_applicable:
        refused = answer.not_applicable_review == NotApplicableReview.REFUSED
        return ProblemKind.NOT_APPLICABLE_REFUSED if refused else ""
    if not needs_evidence(answer.level, cycle):
        return ""
    if not evidence:
        return ProblemKind.EVIDENCE_MISSING
    fresh = any(is_fresh(item.dated_on, on, cycle.evidence_freshness_months) for item in evidence)
    return "" if fresh else ProblemKind.EVIDENCE_OLD


def _read_only(standard: Standard, answers: dict[int, Answer]) -> StandardTask:
    answer = answers.get(standard.pk)
    return StandardTask(standard, answer, list(answer.evidence.all()) if answer else [], "")


def _comparable(answer: Answer | None) -> tuple[Any, ...] | None:
    if answer is None:
        return None
    evidence = sorted((str(item.file_id), item.dated_on, item.description) for item in answer.evidence.all())
    return (answer.level, answer.not_applicable, answer.not_applicable_reason, answer.notes, evidence)
