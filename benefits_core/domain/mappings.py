"""Verbs of the ledger: an orphan step is that step now, or none any more; and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from benefits_core import anchors
from benefits_core.domain.checks import clean_text, lock_procedure
from benefits_core.errors import ClosedToChange, InvalidContent
from benefits_core.models import ProcedureVersion, Step, StepMapping
from benefits_core.queries.anchors import line_of
from portal.foundation.audit.domain import record


@transaction.atomic
def map_step(
    *, step: Step, version: ProcedureVersion, to_step: Step | None, reason: str = "", by: Any, at: datetime
) -> StepMapping:
    """Decide what an orphan step is in a newer version. What is pinned keeps its own step; reads follow.

    :param to_step: a step of ``version``, or None where the step applies no longer; then ``reason`` says why.
    :returns: the entry; the same decision again gives the first one.
    :raises ClosedToChange: the step has a place in that version, or a decision already.
    :raises InvalidContent: a step of another version, or no reason.
    """
    procedure = lock_procedure(version.procedure)
    reason = clean_text(reason, label=_("Reason"), field="reason", limit=1000, required=to_step is None)
    if to_step is not None and to_step.version_id != version.pk:
        raise InvalidContent(_("This step is not of this version."), "to_step")
    decided = StepMapping.objects.active().filter(from_step=step, to_version=version).first()
    if decided is not None:
        if decided.to_step_id == (to_step.pk if to_step else None) and decided.reason == reason:
            return decided
        raise ClosedToChange(_("There is a decision on this step already. Undo it before you take another."))
    line = line_of(version)
    if version.is_draft or line.up_to(version.pk).orphans.get(step.pk) != step.pk:
        raise ClosedToChange(_("This step has its place in this version."))
    made = StepMapping(from_step=step, to_version=version, to_step=to_step, reason=reason, made_by=by, made_at=at)
    made.save(by_verb=True)
    record(
        verb="benefits_core.map_step",
        object=made,
        by=by,
        at=at,
        territory=procedure.territory,
        detail={"step": step.key, "to": to_step.key if to_step else ""},
    )
    _tell(step, to_step)
    return made


@transaction.atomic
def undo_mapping(*, mapping: StepMapping, reason: str, by: Any, at: datetime) -> StepMapping:
    """Undo a decision: the step is an orphan again. The entry stays in the ledger.

    :raises InvalidContent: no reason.
    """
    procedure = lock_procedure(mapping.to_version.procedure)
    stored = StepMapping.objects.select_for_update(of=("self",)).get(pk=mapping.pk)
    if stored.undone_at is not None:
        return stored
    stored.undo_reason = clean_text(reason, label=_("Reason"), field="reason", limit=1000)
    stored.undone_by, stored.undone_at = by, at
    stored.save(by_verb=True, update_fields=["undo_reason", "undone_by", "undone_at"])
    record(
        verb="benefits_core.undo_mapping",
        object=stored,
        by=by,
        at=at,
        territory=procedure.territory,
        detail={"step": stored.from_step.key},
    )
    _tell(stored.from_step, None)
    return stored


def _tell(step: Step, to_step: Step | None) -> None:
    for source in anchors.sources():
        if source.remapped is not None:
            source.remapped(step, to_step)
