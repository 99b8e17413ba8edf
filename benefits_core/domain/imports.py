"""A procedure's file becomes a draft: of a new procedure, or of a new version of one that is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from benefits_core.domain.checks import lock_procedure, touch
from benefits_core.domain.procedure_file import FileLink, ProcedureFile, read_procedure
from benefits_core.domain.procedures import create_procedure, edit_version, open_draft
from benefits_core.enums import VersionState
from benefits_core.errors import ImportRefused, InvalidContent
from benefits_core.models import Procedure, ProcedureVersion, Step, StepLink
from benefits_core.queries.content import as_file
from portal.foundation.audit.domain import record
from portal.foundation.territories.models import Territory


@transaction.atomic
def import_procedure(*, content: bytes, territory: Territory | None, by: Any, at: datetime) -> ProcedureVersion:
    """Store the file of a procedure as a draft; nothing is published by it.

    :param territory: who gives it: the municipality, or None for a national one.
    :returns: the draft; the same file again gives the same one.
    :raises ImportRefused: naming the place in the file and the reason, or because a draft is open.
    """
    file = read_procedure(content)
    known = Procedure.objects.filter(key=file.key).select_related("territory").first()
    if known is not None:
        known = lock_procedure(known)
        if known.territory != territory:
            raise ImportRefused("key", _("this procedure is given by somebody else"))
        open_already = known.versions.filter(state=VersionState.DRAFT).first()
        if open_already is not None:
            if _same(open_already, file):
                return open_already
            raise ImportRefused("key", _("this procedure has a draft already; publish or discard it first"))
    try:
        version = _draft(known, file, territory, by, at)
    except InvalidContent as refused:
        raise ImportRefused(refused.field, str(refused)) from None
    _write_steps(version, file, by, at)
    touch(version, by, at)
    record(
        verb="benefits_core.import_procedure",
        object=version,
        by=by,
        at=at,
        territory=territory,
        detail={"key": file.key, "steps": len(file.steps)},
    )
    return version


def _draft(
    known: Procedure | None, file: ProcedureFile, territory: Territory | None, by: Any, at: datetime
) -> ProcedureVersion:
    if known is not None:
        version = open_draft(procedure=known, by=by, at=at)
        version.links.all().delete()
        version.steps.all().delete()
    else:
        version = create_procedure(
            key=file.key, kind=file.kind, name=file.content.name, territory=territory, by=by, at=at
        )
    return edit_version(version=version, content=file.content, revision=version.revision, by=by, at=at)


def _write_steps(version: ProcedureVersion, file: ProcedureFile, by: Any, at: datetime) -> None:
    steps: dict[str, Step] = {}
    for position, (key, values) in enumerate(file.steps, 1):
        steps[key] = Step(version=version, key=key, position=position, created_by=by, created_at=at, **values)
        steps[key].save(by_verb=True)
    StepLink.objects.bulk_create(
        StepLink(
            version=version,
            source=steps[link.source],
            target=steps[link.target],
            kind=link.kind,
            condition=link.condition,
        )
        for link in file.links
    )


def _same(version: ProcedureVersion, file: ProcedureFile) -> bool:
    stored = read_procedure(as_file(version))
    texts = (stored.key, stored.kind, stored.content, stored.steps) == (file.key, file.kind, file.content, file.steps)
    return texts and sorted(stored.links, key=_ends) == sorted(file.links, key=_ends)


def _ends(link: FileLink) -> tuple[str, str]:
    return link.source, link.target
