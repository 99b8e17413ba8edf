"""What a self-diagnosis declares, and what the audit protects of it: plain values, read from the database each time."""

from __future__ import annotations

from typing import Any

from portal.foundation.audit.domain import digest_of
from quality.models import Answer, Assessment


def answer_content(answer: Answer) -> dict[str, Any]:
    """What is protected of an answer, its evidence included."""
    evidence = answer.evidence.order_by("id").values_list("file__sha256", "dated_on", "description")
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
        "evidence": [list(item) for item in evidence],
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
    declared = ("level", "not_applicable", "not_applicable_reason", "notes", "evidence")
    answers = assessment.answers.select_related("standard").order_by("standard__number")
    return digest_of(
        {
            "municipality": assessment.municipality.code,
            "cycle": assessment.cycle.year,
            "catalogue": assessment.catalogue.version,
            "number": assessment.number,
            "channel": assessment.channel,
            "strengths": assessment.strengths,
            "participants": assessment_content(assessment)["participants"],
            "answers": {
                answer.standard.code: {name: answer_content(answer)[name] for name in declared} for answer in answers
            },
        }
    )
