"""Verbs on procedures and their versions: create, draft, edit, discard, publish, call back, end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from benefits_core.domain import notices
from benefits_core.domain.checks import (
    SHORT_TEXT,
    clean_text,
    clean_texts,
    label_of,
    local_day,
    lock_procedure,
    lock_version,
    move_version,
    require_draft,
    require_revision,
    touch,
)
from benefits_core.enums import ProcedureKind, VersionState
from benefits_core.errors import (
    ClosedToChange,
    EditConflict,
    InvalidContent,
    NotReady,
    SecondPersonNeeded,
)
from benefits_core.models import Procedure, ProcedureVersion, Step, StepLink
from benefits_core.models.procedures import STEP_FIELDS
from benefits_core.queries.content import VERSION_TEXTS, content_hash
from benefits_core.queries.problems import blocking_problems
from portal.foundation.audit.domain import record
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold

Texts = Mapping[str, str]
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY_LENGTH = 60


@dataclass(frozen=True)
class VersionContent:
    """What a version says beside its steps. Texts are ``{"es": …, "en": …}``; a draft needs the Spanish name."""

    name: Texts
    summary: Texts = field(default_factory=dict)
    audience: Texts = field(default_factory=dict)
    result: Texts = field(default_factory=dict)
    cost: Texts = field(default_factory=dict)
    legal_source: Texts = field(default_factory=dict)
    legal_confirmed: bool = False
    is_official: bool = False
    change_note: Texts = field(default_factory=dict)


CONTENT_FIELDS = tuple(entry.name for entry in fields(VersionContent))
_SHORT = ("name", "cost")


@transaction.atomic
def create_procedure(
    *,
    key: str,
    name: Texts,
    kind: str = ProcedureKind.TRAMITE,
    territory: Territory | None = None,
    by: Any,
    at: datetime,
) -> ProcedureVersion:
    """Create a procedure with an empty first draft.

    :param key: short name for addresses: lower-case letters, digits and hyphens; unique in the country.
    :param territory: the municipality that gives it; None for a national one.
    :returns: the draft. The button pressed twice gives the same one.
    :raises InvalidContent: a key taken or of other characters, no Spanish name, or no municipality.
    """
    key = clean_text(key, label=_("Short name for addresses"), field="key", limit=KEY_LENGTH)
    if not KEY.fullmatch(key):
        raise InvalidContent(_("Use lower-case letters without accents, digits and hyphens."), "key")
    if kind not in ProcedureKind.values:
        raise InvalidContent(_("This kind is not known."), "kind")
    if territory is not None and not territory.has_municipality:
        raise InvalidContent(_("A procedure of one place needs a municipality."), "territory")
    names = clean_texts(name, label=_("Name"), field="name", limit=SHORT_TEXT, required=True)
    made = Procedure(
        key=key, territory=territory, kind=kind, name=names, search_name=_folded(names), created_by=by, created_at=at
    )
    try:
        with transaction.atomic():
            made.save(by_verb=True)
    except IntegrityError:
        return _created_already(made, by)
    version = ProcedureVersion(
        procedure=made, number=1, name=names, created_by=by, created_at=at, edited_by=by, edited_at=at
    )
    version.save(by_verb=True)
    record(verb="benefits_core.create_procedure", object=made, by=by, at=at, territory=territory)
    return _recorded("benefits_core.open_draft", version, by, at)


@transaction.atomic
def open_draft(*, procedure: Procedure, by: Any, at: datetime) -> ProcedureVersion:
    """Open the draft of a new version: a copy of the newest one, its steps under the same keys.

    :returns: the draft; the one that is open already where there is one.
    """
    procedure = lock_procedure(procedure)
    versions = procedure.versions.select_related("edited_by")
    open_already = versions.filter(state=VersionState.DRAFT).first()
    if open_already is not None:
        return open_already
    source = versions.order_by("-number").first()
    last = versions.aggregate(last=Max("number"))["last"] or 0
    draft = ProcedureVersion(
        procedure=procedure,
        number=last + 1,
        name=source.name if source else procedure.name,
        copied_from=source,
        created_by=by,
        created_at=at,
        edited_by=by,
        edited_at=at,
    )
    if source is not None:
        for name in CONTENT_FIELDS:
            setattr(draft, name, {} if name == "change_note" else getattr(source, name))
    draft.save(by_verb=True)
    if source is not None:
        copy_steps(source, draft, by=by, at=at)
    return _recorded("benefits_core.open_draft", draft, by, at, detail={"steps": draft.steps.count()})


@transaction.atomic
def edit_version(
    *, version: ProcedureVersion, content: VersionContent, revision: int, by: Any, at: datetime
) -> ProcedureVersion:
    """Rewrite what the draft says beside its steps.

    :param revision: the revision that the person had on the screen.
    :raises EditConflict: another person changed the draft since; nothing is written.
    :raises InvalidContent: a text too long, or no Spanish name.
    :raises ClosedToChange: it is not a draft.
    """
    version = lock_version(version)
    require_draft(version)
    values = _checked(content)
    changed = sorted(name for name, value in values.items() if getattr(version, name) != value)
    if not changed:
        return version
    require_revision(version, revision)
    for name, value in values.items():
        setattr(version, name, value)
    version.save(by_verb=True, update_fields=[*CONTENT_FIELDS])
    touch(version, by, at)
    if version.number == 1:
        _take_name(version, by, at)
    return _recorded("benefits_core.edit_version", version, by, at, detail={"fields": changed})


@transaction.atomic
def discard_draft(*, version: ProcedureVersion, by: Any, at: datetime) -> None:
    """Throw a draft away; the version in force goes on.

    :raises ClosedToChange: it is not a draft, or the only version, or something already points at it.
    """
    version = lock_version(version)
    require_draft(version)
    if not version.procedure.versions.exclude(pk=version.pk).exists():
        raise ClosedToChange(_("This is the only version of the procedure. Change it instead."))
    if version.mappings.exists():
        raise ClosedToChange(_("The record of steps names this version, so it is kept. Change it instead."))
    record(
        verb="benefits_core.discard_draft",
        object=version,
        by=by,
        at=at,
        territory=version.procedure.territory,
        detail={"number": version.number, "deleted": True},
    )
    version.delete(by_verb=True)


@transaction.atomic
def hand_over(*, version: ProcedureVersion, by: Any, at: datetime) -> ProcedureVersion:
    """Tell those who publish that the draft is ready; any change takes it back.

    :returns: the version; handed over already, nobody is told again.
    :raises NotReady: the check finds something that has to be mended first.
    :raises ClosedToChange: it is not a draft.
    """
    version = lock_version(version)
    require_draft(version)
    if version.ready_at is not None:
        return version
    if problems := blocking_problems(version):
        raise NotReady(_("The draft cannot be published yet."), problems)
    version.ready_by, version.ready_at = by, at
    version.save(by_verb=True, update_fields=["ready_by", "ready_at"])
    notices.version_ready(version, by=by, at=at)
    return _recorded("benefits_core.hand_over", version, by, at)


@transaction.atomic
def publish_version(
    *, version: ProcedureVersion, starts_on: date, seen: str, by: Any, at: datetime
) -> ProcedureVersion:
    """Put a checked draft in force from a day on; the version before it ends on that day.

    :param seen: the hash of the content that the person read (``queries.content.content_hash``).
    :returns: the version; the button pressed twice publishes once.
    :raises SecondPersonNeeded: who wrote last does not publish.
    :raises NotReady: the check finds something that has to be mended first.
    :raises EditConflict: the draft changed since the person read it.
    :raises InvalidContent: the day has passed, or is not after the beginning of the version in force.
    :raises ClosedToChange: another published version has not begun yet.
    """
    version = lock_version(version)
    procedure, today = version.procedure, local_day(version.procedure, at)
    if version.state == VersionState.PUBLISHED and version.published_by_id == by.pk and version.starts_on == starts_on:
        return version
    require_draft(version)
    if version.edited_by_id == by.pk:
        raise SecondPersonNeeded(_("You wrote last in this draft, so another person has to publish it."))
    if content_hash(version) != seen:
        raise EditConflict(
            _("%(person)s changed this draft while you had it open. Look at it again before you go on.")
            % {"person": version.edited_by},
            version,
        )
    if problems := blocking_problems(version):
        raise NotReady(_("The draft cannot be published yet."), problems)
    if starts_on < today:
        raise InvalidContent(_("The first day cannot have passed."), "starts_on")
    # A planned end of the procedure yields to the new version.
    still_open = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    before = procedure.versions.filter(still_open, state=VersionState.PUBLISHED).order_by("-number").first()
    if before is not None:
        _end(before, starts_on, today, "", by, at)
    move_version(version, VersionState.PUBLISHED)
    version.starts_on, version.published_by, version.published_at = starts_on, by, at
    version.save(by_verb=True, update_fields=["state", "starts_on", "published_by", "published_at"])
    _take_name(version, by, at)
    return _recorded(
        "benefits_core.publish_version", version, by, at, detail={"starts_on": starts_on.isoformat(), "content": seen}
    )


@transaction.atomic
def call_back(*, version: ProcedureVersion, by: Any, at: datetime) -> ProcedureVersion:
    """Take back a publication that has not begun: it is a draft again, and the version in force goes on.

    :raises ClosedToChange: it has begun, is not published, a new draft is open, or steps were mapped to it.
    """
    version = lock_version(version)
    today = local_day(version.procedure, at)
    if not version.is_coming(today):
        raise ClosedToChange(_("Only a version that has not begun can be called back."))
    if version.procedure.versions.filter(state=VersionState.DRAFT).exists():
        raise ClosedToChange(_("A new draft is open. Discard it before you call this version back."))
    if version.mappings.active().exists():
        raise ClosedToChange(_("Steps were moved to this version. Undo that before you call it back."))
    first_day = version.starts_on
    move_version(version, VersionState.DRAFT)
    version.starts_on = version.ends_on = version.published_by = version.published_at = None
    version.save(by_verb=True, update_fields=["state", "starts_on", "ends_on", "published_by", "published_at"])
    before = version.procedure.versions.filter(state=VersionState.PUBLISHED, ends_on=first_day, end_reason="").first()
    if before is not None:
        before.ends_on = before.ended_by = before.ended_at = None
        before.save(by_verb=True, update_fields=["ends_on", "ended_by", "ended_at"])
        _recorded("benefits_core.continue_version", before, by, at)
    return _recorded("benefits_core.call_back", version, by, at)


@transaction.atomic
def retire_procedure(*, procedure: Procedure, ends_on: date, reason: str, by: Any, at: datetime) -> ProcedureVersion:
    """End the procedure: its version in force is the last until somebody publishes another.

    :param ends_on: the first day on which it can no longer be asked for.
    :raises ClosedToChange: no version is in force, or one is published that has not begun.
    :raises InvalidContent: no reason, or a day that has passed.
    """
    procedure = lock_procedure(procedure)
    today = local_day(procedure, at)
    reason = clean_text(reason, label=_("Reason"), field="reason")
    if ends_on < today:
        raise InvalidContent(_("The last day cannot have passed."), "ends_on")
    version = procedure.versions.filter(state=VersionState.PUBLISHED, ends_on__isnull=True).first()
    if version is None:
        raise ClosedToChange(_("No version of this procedure is in force without an end."))
    if version.is_coming(today):
        raise ClosedToChange(_("A published version has not begun yet. Call it back first."))
    version.procedure = procedure
    _end(version, ends_on, today, reason, by, at)
    return version


@transaction.atomic
def retire_ended(*, by: Any = None, at: datetime) -> int:
    """Give the state «retired» to the versions whose last day has passed; run each night. Returns how many."""
    count = 0
    ended = ProcedureVersion.objects.filter(state=VersionState.PUBLISHED, ends_on__isnull=False)
    for version in ended.select_related("procedure__territory"):
        if version.ends_on > local_day(version.procedure, at):
            continue
        version = lock_version(version)
        if version.state == VersionState.PUBLISHED and version.ends_on is not None:
            move_version(version, VersionState.RETIRED)
            version.save(by_verb=True, update_fields=["state"])
            _recorded("benefits_core.retire_version", version, by, at)
            count += 1
    return count


def copy_steps(source: ProcedureVersion, draft: ProcedureVersion, *, by: Any, at: datetime) -> None:
    """Copy steps and links of a version into an empty draft, keys kept."""
    copies: dict[int, Step] = {}
    for step in source.steps.order_by("position"):
        copy = Step(version=draft, key=step.key, position=step.position, created_by=by, created_at=at)
        for name in STEP_FIELDS:
            setattr(copy, name, getattr(step, name))
        copy.save(by_verb=True)
        copies[step.pk] = copy
    StepLink.objects.bulk_create(
        StepLink(
            version=draft,
            source=copies[link.source_id],
            target=copies[link.target_id],
            kind=link.kind,
            condition=link.condition,
        )
        for link in source.links.order_by("id")
    )


def _created_already(made: Procedure, by: Any) -> ProcedureVersion:
    stored = Procedure.objects.filter(key=made.key, created_by=by, name=made.name).first()
    versions = list(stored.versions.all()) if stored else []
    if len(versions) != 1 or not versions[0].is_draft or versions[0].steps.exists():
        raise InvalidContent(_("Another procedure has this short name already."), "key")
    return versions[0]


def _end(version: ProcedureVersion, ends_on: date, today: date, reason: str, by: Any, at: datetime) -> None:
    assert version.starts_on is not None
    if version.is_coming(today):
        raise ClosedToChange(_("A published version has not begun yet. Call it back first."))
    version.ends_on, version.end_reason, version.ended_by, version.ended_at = ends_on, reason, by, at
    if ends_on <= today:
        move_version(version, VersionState.RETIRED)
    version.save(by_verb=True, update_fields=["state", "ends_on", "end_reason", "ended_by", "ended_at"])
    _recorded("benefits_core.end_version", version, by, at, detail={"ends_on": ends_on.isoformat()})


def _take_name(version: ProcedureVersion, by: Any, at: datetime) -> None:
    """The procedure is called as its newest published version, or its first draft, is."""
    procedure = version.procedure
    if procedure.name == version.name:
        return
    procedure.name, procedure.search_name = version.name, _folded(version.name)
    procedure.save(by_verb=True, update_fields=["name", "search_name"])
    record(verb="benefits_core.rename_procedure", object=procedure, by=by, at=at, territory=procedure.territory)


def _checked(content: VersionContent) -> dict[str, Any]:
    labels = {name: label_of(ProcedureVersion, name) for name in VERSION_TEXTS}
    values: dict[str, Any] = {
        name: clean_texts(
            getattr(content, name),
            label=labels[name],
            field=name,
            required=name == "name",
            **({"limit": SHORT_TEXT} if name in _SHORT else {}),
        )
        for name in VERSION_TEXTS
    }
    return values | {"legal_confirmed": content.legal_confirmed, "is_official": content.is_official}


def _folded(names: Texts) -> str:
    """Spanish first, whatever order the database keeps the languages in (PostgreSQL sorts the keys of a document)."""
    return fold(" ".join(names[code] for code in sorted(names, key=lambda code: (code != "es", code))))[:320]


def _recorded(
    verb: str, version: ProcedureVersion, by: Any, at: datetime, detail: dict[str, Any] | None = None
) -> ProcedureVersion:
    record(verb=verb, object=version, by=by, at=at, territory=version.procedure.territory, detail=detail)
    return version
