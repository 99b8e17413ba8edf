"""A municipality answers its self-diagnosis, and the region looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.formats import date_format
from django.utils.text import slugify

from portal.demo import texts
from portal.demo.accounts import Team
from portal.demo.levels import LevelDraw
from portal.demo.timeline import Timeline
from portal.foundation.cycles.models import Cycle
from portal.foundation.documents.render import render_pdf
from portal.foundation.files.domain import attach
from portal.foundation.files.models import StoredFile
from portal.foundation.people.models import User
from quality.domain import assessments, levels
from quality.enums import AssessmentChannel, NotApplicableReview
from quality.models import Answer, Assessment, Standard

EVIDENCE_FROM = 2


@dataclass(frozen=True)
class Year:
    """One municipality's year: who, when, and the dice."""

    team: Team
    regional: User
    cycle: Cycle
    timeline: Timeline
    rng: Random
    standards: list[Standard]
    draw: LevelDraw


def evidence_file(year: Year, title: str, share: float) -> StoredFile:
    """A one-page PDF that says it is demonstration data, uploaded by the team."""
    content = render_pdf(
        "report.typ",
        {
            "language": "es",
            "title": title,
            "municipality": year.team.municipality.name,
            "cycle": str(year.cycle),
            "date": date_format(year.timeline.day(share), "DATE_FORMAT"),
            "is_demo": True,
            "sections": [{"paragraphs": [texts.EVIDENCE_PARAGRAPH]}],
        },
    )
    upload = SimpleUploadedFile(f"{slugify(title)}.pdf", content, content_type="application/pdf")
    return attach(upload=upload, territory=year.team.municipality, by=year.team.member, at=year.timeline.moment(share))


def answer_all(year: Year, *, until: int | None = None, not_applicable: tuple[str, ...] = ()) -> Assessment:
    """Open the self-diagnosis and answer its standards (the first ``until`` of them).

    :param not_applicable: codes of standards that the team says do not apply.
    """
    at = year.timeline.moment(0.1)
    team = year.team
    assessment = assessments.open_assessment(municipality=team.municipality, cycle=year.cycle, by=team.member, at=at)
    assessments.set_context(
        assessment=assessment,
        channel=AssessmentChannel.BOTH,
        strengths=year.rng.choice(texts.STRENGTHS),
        by=team.member,
        at=at,
    )
    position_of_member = "Ejecutiva de atención" if team.member_is_woman else "Ejecutivo de atención"
    for user, position in ((team.member, position_of_member), (team.coordinator, "Encargada comunal")):
        assessments.add_participant(
            assessment=assessment, name=user.get_full_name(), position=position, kind="team", by=team.member, at=at
        )
    file = evidence_file(year, "Acta de reunión de equipo", 0.09)
    given = year.draw.year([standard.code for standard in year.standards]) | dict.fromkeys(not_applicable)
    for index, standard in enumerate(year.standards[:until]):
        _answer(year, assessment, standard, given[standard.code], file, 0.11 + 0.1 * index / len(year.standards))
    return assessment


def _answer(
    year: Year, assessment: Assessment, standard: Standard, level: int | None, file: StoredFile, share: float
) -> None:
    at = year.timeline.moment(share)
    answer = assessments.answer_standard(
        assessment=assessment,
        standard=standard,
        level=level,
        not_applicable=level is None,
        not_applicable_reason=texts.NOT_APPLICABLE_REASONS[standard.code] if level is None else "",
        notes="" if level is None else year.rng.choice(texts.NOTES[level]),
        revision=None,
        by=year.team.member,
        at=at,
    )
    if level is not None and level >= EVIDENCE_FROM:
        assessments.add_evidence(
            answer=answer,
            file=file,
            dated_on=at.date() - timedelta(days=year.rng.randrange(1, 90)),
            description=standard.evidence[0]["es"][:200] if standard.evidence else file.name,
            by=year.team.member,
            at=at,
        )


def submit(year: Year, assessment: Assessment) -> Assessment:
    return assessments.submit_assessment(assessment=assessment, by=year.team.coordinator, at=year.timeline.moment(0.24))


def review(year: Year, assessment: Assessment) -> None:
    """The region answers each «not applicable» and verifies the levels."""
    at = year.timeline.moment(0.3)
    answers = list(Answer.objects.filter(assessment=assessment).select_related("standard", "assessment"))
    for answer in answers:
        if answer.not_applicable_review == NotApplicableReview.PENDING:
            assessments.review_not_applicable(answer=answer, accepted=True, remarks="", by=year.regional, at=at)
    found = {answer.standard_id: year.draw.verified(answer.level) for answer in answers}
    levels.verify_levels(
        assessment=assessment,
        levels=found,
        remarks={
            answer.standard_id: texts.review_remark(answer.level or 0, found[answer.standard_id] or 0)
            for answer in answers
        },
        by=year.regional,
        at=at,
    )
