"""What a self-diagnosis declares, and what the audit protects of it: plain values, read from the database each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from portal.foundation.audit.domain import digest_of
from quality.models import Answer, AnswerEvidence, Assessment

DECLARED = ("level", "not_applicable", "not_applicable_reason", "notes", "evidence")


def answer_content(answer: Answer) -> dict[str, Any]:
    """What is protected of an answer, its evidence included."""
    return _answer_content(answer, answer.evidence.order_by("id").select_related("file"))


def _answer_content(answer: Answer, evidence: Iterable[AnswerEvidence]) -> dict[str, Any]:
    return {
        "assessment": answer.assessment_id,
        "standard": answer.standard_id,
        "level": answer.level,
        "not_applicable": answer.not_applicable,
        "not_applicable_reason": answer.not_applicable_reason,
        "not_applicable_review": answer.not_applicable_review,
        "review_remarks": answer.review_remarks,
        "reviewed_by": answer.reviewed_by_id,
        "notes": answer.notes,
        "revision": answer.revision,
        "answered_by": answer.answered_by_id,
        "evidence": [[item.file.sha256, item.dated_on, item.description] for item in evidence],
    }


def assessment_content(assessment: Assessment) -> dict[str, Any]:
    """What is protected of a self-diagnosis itself; its answers are protected each by itself."""
    participants = assessment.participants.order_by("id").values_list("name", "position", "kind")
    return {
        "municipality": assessment.municipality_id,
        "cycle": assessment.cycle_id,
        "catalogue": assessment.catalogue_id,
        "number": assessment.number,
        "corrects": assessment.corrects_id,
        "correction_reason": assessment.correction_reason,
        "state": assessment.state,
        "channel": assessment.channel,
        "strengths": assessment.strengths,
        "participants": [list(item) for item in participants],
        "submitted_by": assessment.submitted_by_id,
        "content_hash": assessment.content_hash,
        "returned_by": assessment.returned_by_id,
        "return_remarks": assessment.return_remarks,
        "verified_by": assessment.verified_by_id,
    }


def content_hash(assessment: Assessment) -> str:
    """SHA-256 (hex) of what the team declares: answers with evidence, participants, channel, strengths."""
    evidence = AnswerEvidence.objects.order_by("id").select_related("file")
    answers = assessment.answers.select_related("standard").prefetch_related(Prefetch("evidence", evidence))
    contents = {answer.standard.code: _answer_content(answer, answer.evidence.all()) for answer in answers}
    return digest_of(
        {
            "municipality": assessment.municipality.code,
            "cycle": assessment.cycle.year,
            "catalogue": assessment.catalogue.version,
            "number": assessment.number,
            "channel": assessment.channel,
            "strengths": assessment.strengths,
            "participants": assessment_content(assessment)["participants"],
            "answers": {code: {name: content[name] for name in DECLARED} for code, content in contents.items()},
        }
    )
