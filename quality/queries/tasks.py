"""What of the self-diagnosis waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.foundation.clocks.due import WorkItem
from portal.foundation.cycles.models import Participation
from portal.foundation.cycles.queries import open_cycles
from portal.foundation.people.roles import Role
from quality.enums import SELF_DIAGNOSIS_WINDOW, AssessmentState
from quality.queries.assessments import overview


def tasks_for(user: Any, today: date) -> list[WorkItem]:
    """The user's work on self-diagnoses of the open years that have begun; one query for each, however many places.

    A task is due on the last day of the cycle's window; what comes after it (corrections, reviews)
    has no term.
    """
    roles = (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM)
    if not user.scope.has(*roles):
        return []
    mine = Participation.objects.active().filter(closed_at=None).visible_to(user)
    found: list[WorkItem] = []
    for cycle in open_cycles(today):
        if cycle.has_begun(today):
            window = cycle.window(SELF_DIAGNOSIS_WINDOW)
            rows = overview(mine, cycle, today).order_by("municipality__search_name", "pk")
            found += [item for row in rows for item in _items(user, row, window[1] if window else None)]
    return found


def _items(user: Any, row: Any, closes: date | None) -> Iterator[WorkItem]:
    place = row.municipality
    if user.scope.has(Role.TEAM_MEMBER, Role.COORDINATOR, at=place):
        yield from _of_team(row, closes)
    if user.scope.has(Role.COORDINATOR, Role.DIDECO, at=place):
        yield from _of_submitter(row, closes)
    if user.scope.has(Role.REGIONAL_TEAM, at=place):
        yield from _of_region(row)


def _of_team(row: Any, closes: date | None) -> Iterator[WorkItem]:
    if row.assessment_id is None:
        yield _item(
            row,
            "open",
            _("Start the self-diagnosis"),
            ngettext("%(count)d standard to answer", "%(count)d standards to answer", row.total) % {"count": row.total},
            reverse("quality:assessment_open", args=[row.pk]),
            closes,
        )
    elif row.assessment_state == AssessmentState.DRAFT and row.done < row.total:
        left = row.total - row.done
        yield _item(
            row,
            "answer",
            _("Answer the self-diagnosis"),
            ngettext("%(count)d standard left", "%(count)d standards left", left) % {"count": left},
            reverse("quality:assessment_tasks", args=[row.assessment_id]),
            closes if row.assessment_number == 1 else None,
        )
    elif row.assessment_state == AssessmentState.RETURNED:
        yield _item(
            row,
            "correct",
            _("Correct the self-diagnosis"),
            _("The region returned it with remarks"),
            reverse("quality:assessment_correct", args=[row.assessment_id]),
            None,
        )
    elif row.assessment_state == AssessmentState.SUBMITTED and row.refused:
        yield _item(
            row,
            "refused",
            _("Answer what the region did not accept as «not applicable»"),
            ngettext("%(count)d standard", "%(count)d standards", row.refused) % {"count": row.refused},
            reverse("quality:assessment_correct", args=[row.assessment_id]),
            None,
        )


def _of_submitter(row: Any, closes: date | None) -> Iterator[WorkItem]:
    if row.assessment_state == AssessmentState.DRAFT and row.done >= row.total:
        yield _item(
            row,
            "submit",
            _("Submit the self-diagnosis"),
            _("Every standard is answered"),
            reverse("quality:assessment_check", args=[row.assessment_id]),
            closes if row.assessment_number == 1 else None,
        )


def _of_region(row: Any) -> Iterator[WorkItem]:
    if row.assessment_state != AssessmentState.SUBMITTED or (row.verified_at and not row.pending):
        return
    waiting = ngettext(
        "%(count)d «not applicable» to accept or refuse", "%(count)d «not applicable» to accept or refuse", row.pending
    ) % {"count": row.pending}
    yield _item(
        row,
        "review",
        _("Review «not applicable»") if row.pending else _("Verify the levels"),
        waiting if row.pending else _("The self-diagnosis was submitted"),
        reverse("quality:assessment_review", args=[row.assessment_id]),
        None,
    )


def _item(row: Any, kind: str, title: str, detail: str, url: str, due_on: date | None) -> WorkItem:
    return WorkItem(
        key=f"quality.{kind}:{row.municipality_id}:{row.cycle_id}:{row.assessment_number or 0}",
        title=title,
        detail=detail,
        url=url,
        due_on=due_on,
        territory_name=f"{row.municipality.name} {row.cycle.year}",
    )
