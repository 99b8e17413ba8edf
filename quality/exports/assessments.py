"""A self-diagnosis as spreadsheet frames."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.foundation.ui.translated import localized
from quality.models import Assessment
from quality.queries import assessments as assessment_reads
from quality.queries import levels as level_reads

if TYPE_CHECKING:
    from pandas import DataFrame


def assessment_frames(assessment: Assessment, today: date) -> dict[str, DataFrame]:
    """Sheet name → frame of one self-diagnosis, in the active language: answers, evidence, participants.

    :param today: in the municipality's zone; evidence of a draft is judged by it.
    """
    import pandas as pd

    tasks = assessment_reads.tasks(assessment, today)
    verified = level_reads.verified_of(assessment)
    evidence = [
        (task.standard.code, item.description, item.dated_on.isoformat(), item.file.name, item.file.sha256)
        for task in tasks
        for item in task.evidence
    ]
    people = [(item.name, item.position, item.get_kind_display()) for item in assessment.participants.all()]
    answers = pd.DataFrame([_answer_row(task, verified.get(task.standard.code)) for task in tasks])
    levels = [_("Level"), _("Verified level")]
    return {
        _("Answers"): answers.astype(dict.fromkeys(levels, "Int64")),
        _("Evidence"): pd.DataFrame(
            evidence, columns=[_("Code"), _("Description"), _("Date"), _("File"), _("SHA-256 of the file")]
        ),
        _("Participants"): pd.DataFrame(people, columns=[_("Name"), _("Position"), _("Takes part as")]),
    }


def _answer_row(task: Any, verified: Any) -> dict[str, Any]:
    answer = task.answer
    return {
        _("Code"): task.standard.code,
        _("Standard"): localized(task.standard.name),
        _("Component"): localized(task.standard.component.name),
        _("Level"): answer.level if answer else None,
        _("State"): str(task.state_label),
        _("Reason"): answer.not_applicable_reason if answer else "",
        _("Notes"): answer.notes if answer else "",
        _("Verified level"): verified.level if verified else None,
        _("Remarks of the region"): (verified.remarks if verified else "") or (answer.review_remarks if answer else ""),
        _("Answered by"): str(answer.answered_by) if answer else "",
    }
