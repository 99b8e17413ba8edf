"""The report of a self-diagnosis (programme.md, H1b): levels, evidence, who took part, channel, date, strengths."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foundation.documents.registry import DocumentKind
from portal.foundation.ui.translated import localized
from quality import rules
from quality.domain.assessments import local_date
from quality.domain.notices import REPORT
from quality.models import Assessment, LevelRecord
from quality.queries import assessments as reads
from quality.queries import levels as level_reads


def report_data(assessment: Assessment, language: str) -> dict[str, Any]:
    """What the layout draws; of a draft as it is now, and then it says that it was not submitted."""
    if assessment.submitted_at:
        on = local_date(assessment, assessment.submitted_at)
        date, heading = date_format(on, "DATE_FORMAT"), _("Self-diagnosis %(year)s")
    else:
        on, date, heading = assessment.opened_at.date(), "", _("Self-diagnosis %(year)s (not submitted)")
    verified = level_reads.verified_of(assessment)
    groups = reads.by_component(reads.tasks(assessment, on))
    return {
        "title": heading % {"year": assessment.cycle.year},
        "subtitle": _("Version %(number)s") % {"number": assessment.number},
        "municipality": assessment.municipality.name,
        "cycle": str(assessment.cycle.year),
        "date": date,
        "status": localized(assessment.catalogue.status),
        "is_demo": assessment.cycle.is_demo,
        "sections": [_about(assessment), *(_component(group, verified) for group in groups), *_details(groups)],
    }


def _about(assessment: Assessment) -> dict[str, Any]:
    people = [", ".join(filter(None, (item.name, item.position))) for item in assessment.participants.all()]
    paragraphs = [
        _("Strengths: %(text)s") % {"text": assessment.strengths or _("Nothing written.")},
        _("Ways of attention: %(text)s") % {"text": assessment.get_channel_display()},
    ]
    if assessment.submitted_by:
        paragraphs.append(_("Submitted by %(who)s.") % {"who": assessment.submitted_by})
        paragraphs.append(_("Code of the answers: %(code)s") % {"code": assessment.content_hash})
    if assessment.correction_reason:
        paragraphs.append(_("Reason of the correction: %(text)s") % {"text": assessment.correction_reason})
    return {"heading": _("Who took part"), "bullets": people, "paragraphs": paragraphs}


def _component(group: reads.ComponentTasks, verified: dict[str, LevelRecord]) -> dict[str, Any]:
    rows = [
        [
            task.standard.code,
            localized(task.standard.name),
            _answered(task),
            _level(verified.get(task.standard.code)),
            str(len(task.evidence)),
        ]
        for task in group.tasks
    ]
    headers = [_("Code"), _("Standard"), _("Level"), _("Verified level"), _("Files")]
    return {
        "heading": localized(group.component.name),
        "table": {"headers": headers, "rows": rows, "widths": [2, 8, 3, 4, 3]},
    }


def _details(groups: list[reads.ComponentTasks]) -> list[dict[str, Any]]:
    """Notes, reasons and evidence of each standard that has any."""
    found = []
    for task in (task for group in groups for task in group.tasks if task.answer):
        lines = [
            _("%(description)s (%(date)s)")
            % {"description": item.description, "date": date_format(item.dated_on, "SHORT_DATE_FORMAT")}
            for item in task.evidence
        ]
        paragraphs = [text for text in (task.answer.not_applicable_reason, task.answer.notes) if text]
        if lines or paragraphs:
            found.append({"heading": str(task.standard), "paragraphs": paragraphs, "bullets": lines})
    return found


def _answered(task: reads.StandardTask) -> str:
    if task.answer is None:
        return _("No answer")
    return _("Does not apply") if task.answer.not_applicable else str(task.answer.level)


def _level(record: LevelRecord | None) -> str:
    if record is None:
        return "–"
    return _("Does not apply") if record.level is None else str(record.level)


REPORT_KIND = DocumentKind(
    key=REPORT,
    title=gettext_lazy("Report of the self-diagnosis"),
    template="report.typ",
    data=report_data,
    can_read=rules.can_read_assessment,
    file_name=lambda assessment: (
        f"autodiagnostico-{assessment.municipality.slug}-{assessment.cycle.year}-v{assessment.number}"
    ),
)
