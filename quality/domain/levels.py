"""Writing the two series of levels. Append-only: the record in force is superseded, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from portal.foundation.audit import domain as audit
from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.models import Territory
from quality import rules, scoring
from quality.domain import notices
from quality.domain.errors import (
    InvalidLevel,
    NothingVerified,
    NotTheRegion,
    NotUnderReview,
    ReviewPending,
    VerificationNeedsRemarks,
)
from quality.enums import AssessmentState, NotApplicableReview, Series
from quality.models import Answer, Assessment, LevelRecord, Standard
from quality.queries import levels as reads

SCALE = range(4)


@dataclass(frozen=True)
class NewLevel:
    """One level to record: 0-3, or None where the standard does not apply."""

    standard: Standard
    level: int | None
    remarks: str = ""


def append_level(
    *,
    municipality: Territory,
    cycle: Cycle,
    standard: Standard,
    series: str,
    level: int | None,
    dated_on: date,
    source: models.Model,
    by: Any,
    at: datetime,
    remarks: str = "",
) -> LevelRecord:
    """Record a level from ``dated_on`` on, and supersede the one in force of the same cycle and series.

    :param source: what the level comes from: an assessment, or a plan's action from above.
    :raises InvalidLevel: outside the scale.
    :raises NotTheRegion: the verified series by anybody but the regional team of the place.
    """
    return append_levels(
        municipality=municipality,
        cycle=cycle,
        series=series,
        levels=[NewLevel(standard, level, remarks)],
        dated_on=dated_on,
        source=source,
        by=by,
        at=at,
    )[0]


@transaction.atomic
def append_levels(
    *,
    municipality: Territory,
    cycle: Cycle,
    series: str,
    levels: Sequence[NewLevel],
    dated_on: date,
    source: models.Model,
    by: Any,
    at: datetime,
) -> list[LevelRecord]:
    """Record several levels of one source at once; see :func:`append_level`."""
    if any(new.level is not None and new.level not in SCALE for new in levels):
        raise InvalidLevel
    if series == Series.VERIFIED and not rules.can_verify_levels_of(by, municipality):
        raise NotTheRegion
    in_force = (
        LevelRecord.objects.select_for_update()
        .in_force()
        .filter(municipality=municipality, cycle=cycle, series=series, standard__in=[new.standard for new in levels])
    )
    LevelRecord.objects.filter(pk__in=[record.pk for record in in_force]).update(superseded_at=at)
    baselines = _standards_with_baseline(municipality) if series == Series.SELF_ASSESSED else None
    records = LevelRecord.objects.bulk_create(
        LevelRecord(
            municipality=municipality,
            cycle=cycle,
            standard=new.standard,
            series=series,
            level=new.level,
            gap_to_met=scoring.gap(new.level, cycle.met_at),
            gap_to_consolidated=scoring.gap(new.level, cycle.consolidated_at),
            is_baseline=baselines is not None and new.level is not None and new.standard.code not in baselines,
            dated_on=dated_on,
            source_type=source._meta.label_lower,
            source_id=str(source.pk),
            remarks=new.remarks,
            recorded_by=by,
            recorded_at=at,
        )
        for new in levels
    )
    for record, new in zip(records, levels, strict=True):
        audit.record(
            verb="quality.append_level",
            object=record,
            by=by,
            at=at,
            territory=municipality,
            detail={"standard": new.standard.code, "series": series, "level": new.level},
        )
    return records


@transaction.atomic
def withdraw_not_applicable(*, assessment: Assessment, standard: Standard, by: Any, at: datetime) -> None:
    """Nothing follows the record that says that ``standard`` does not apply: it has no level any more."""
    record = (
        LevelRecord.objects.select_for_update()
        .in_force()
        .filter(municipality=assessment.municipality, cycle=assessment.cycle, standard=standard, level=None)
        .filter(series=Series.SELF_ASSESSED)
        .first()
    )
    if record is None:
        return
    LevelRecord.objects.filter(pk=record.pk).update(superseded_at=at)
    audit.record(
        verb="quality.withdraw_level",
        object=record,
        by=by,
        at=at,
        territory=assessment.municipality,
        detail={"standard": standard.code},
    )


@transaction.atomic
def verify_levels(
    *,
    assessment: Assessment,
    levels: Mapping[int, int | None],
    remarks: str | Mapping[int, str] = "",
    is_last: bool = True,
    by: Any,
    at: datetime,
) -> list[LevelRecord]:
    """The region's own levels of a submitted self-diagnosis, appended to the verified series.

    They stand at once. The review is over with the last of them, or with :func:`finish_review`; only
    then is the team told, and again where a level changes later.

    :param levels: standard id → 0-3, or None where the region accepted that it does not apply. A
        standard left out stays unverified: blank, never 0.
    :param remarks: why a level differs from the self-assessed one: one text for all that differ, or
        a text per standard id.
    :param is_last: whether no more follow in this review. It is over, too, once no standard is left.
    :raises NotTheRegion: by anybody but the regional team of the place.
    :raises NotUnderReview: not the submitted version.
    :raises ReviewPending: a «not applicable» still waits for the region's answer.
    :raises VerificationNeedsRemarks: a level differs without a reason.

    Repeating the call with the same levels appends nothing.
    """
    if not rules.can_verify_levels_of(by, assessment.municipality):
        raise NotTheRegion
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.state != AssessmentState.SUBMITTED:
        raise NotUnderReview
    answers = {answer.standard_id: answer for answer in assessment.answers.select_related("standard")}
    if any(answer.not_applicable_review == NotApplicableReview.PENDING for answer in answers.values()):
        raise ReviewPending
    news = [_verified(answers.get(standard_id), level, remarks) for standard_id, level in sorted(levels.items())]
    news = _without_repeated(assessment, news)
    records = append_levels(
        municipality=assessment.municipality,
        cycle=assessment.cycle,
        series=Series.VERIFIED,
        levels=news,
        dated_on=at.astimezone(assessment.municipality.zone).date(),
        source=assessment,
        by=by,
        at=at,
    )
    if records:
        is_over = is_last or assessment.verified_at is not None
        if is_over or reads.reviewed(assessment).keys() >= {answer.standard.code for answer in answers.values()}:
            _finish(assessment, by, at)
        audit.record(
            verb="quality.verify_levels",
            object=assessment,
            by=by,
            at=at,
            territory=assessment.municipality,
            detail={"levels": len(records)},
        )
    return records


@transaction.atomic
def finish_review(*, assessment: Assessment, by: Any, at: datetime) -> Assessment:
    """End a review that leaves standards without a verified level: they stay blank. The team is told.

    :raises NotTheRegion, NotUnderReview: as :func:`verify_levels`.
    :raises NothingVerified: no level was verified yet.
    """
    if not rules.can_verify_levels_of(by, assessment.municipality):
        raise NotTheRegion
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.state != AssessmentState.SUBMITTED:
        raise NotUnderReview
    if not reads.reviewed(assessment):
        raise NothingVerified
    if assessment.verified_at is None:
        _finish(assessment, by, at)
        audit.record(verb="quality.finish_review", object=assessment, by=by, at=at, territory=assessment.municipality)
    return assessment


def _finish(assessment: Assessment, by: Any, at: datetime) -> None:
    assessment.verified_by, assessment.verified_at = by, at
    assessment.save(by_verb=True, update_fields=["verified_by", "verified_at"])
    notices.verified(assessment=assessment, at=at)


def _verified(answer: Answer | None, level: int | None, remarks: str | Mapping[int, str]) -> NewLevel:
    """The new verified level beside the team's own answer, with the reason where they differ."""
    if answer is None:
        raise InvalidLevel
    if level is None and answer.not_applicable_review != NotApplicableReview.ACCEPTED:
        raise InvalidLevel
    if level == answer.level:
        return NewLevel(answer.standard, level)
    reason = remarks if isinstance(remarks, str) else remarks.get(answer.standard_id, "")
    if not reason.strip():
        raise VerificationNeedsRemarks
    return NewLevel(answer.standard, level, reason.strip())


def _without_repeated(assessment: Assessment, news: list[NewLevel]) -> list[NewLevel]:
    """Leave out what the verified series already says of this very assessment (a form sent twice)."""
    known = {record.standard_id: (record.level, record.remarks) for record in reads.reviewed(assessment).values()}
    return [new for new in news if known.get(new.standard.pk, ()) != (new.level, new.remarks)]


def _standards_with_baseline(municipality: Territory) -> set[str]:
    """Codes of the standards whose baseline stands (a record just superseded does not)."""
    return set(
        LevelRecord.objects.in_force()
        .filter(municipality=municipality, series=Series.SELF_ASSESSED, is_baseline=True)
        .values_list("standard__code", flat=True)
    )


def level_content(record: LevelRecord) -> dict[str, Any]:
    """What is protected of a level; that a later record supersedes it is not an alteration."""
    return {
        "municipality": record.municipality_id,
        "cycle": record.cycle_id,
        "standard": record.standard_id,
        "series": record.series,
        "level": record.level,
        "gap_to_met": record.gap_to_met,
        "gap_to_consolidated": record.gap_to_consolidated,
        "is_baseline": record.is_baseline,
        "dated_on": record.dated_on,
        "source": [record.source_type, record.source_id],
        "remarks": record.remarks,
    }
