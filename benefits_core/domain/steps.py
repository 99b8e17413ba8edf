"""Verbs on the steps of a draft and on what leads from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from benefits_core import flow
from benefits_core.domain.checks import (
    SHORT_TEXT,
    clean_term,
    clean_texts,
    label_of,
    lock_version,
    require_draft,
    require_revision,
    touch,
)
from benefits_core.enums import Channel, LinkKind, StepActor
from benefits_core.errors import ClosedToChange, EditConflict, InvalidContent
from benefits_core.models import ProcedureVersion, Step, StepLink
from benefits_core.models.procedures import STEP_TEXTS
from portal.foundation.audit.domain import record

Texts = Mapping[str, str]
MAX_STEPS = 40
MAX_DOCUMENTS = 20
MAX_LINKS_OUT = 8
KEY_LENGTH = 50
# The button pressed twice: one step.
SENT_TWICE_WITHIN = timedelta(minutes=10)
_LONG = {"what", "term_note", "legal_source"}
# Renumbering goes through numbers that no step has, since two steps never share one.
_OUT_OF_THE_WAY = 1000


@dataclass(frozen=True)
class StepContent:
    """What a step says. Texts are ``{"es": …, "en": …}``; a draft asks only for the Spanish name and who does it.

    ``documents`` is a list of such texts, ``term_amount`` a whole number of ``term_unit``
    (:class:`~benefits_core.enums.TermUnit`), or None where nothing is promised.
    """

    name: Texts
    actor: str = StepActor.APPLICANT
    what: Texts = field(default_factory=dict)
    actor_name: Texts = field(default_factory=dict)
    channels: Sequence[str] = ()
    form: Texts = field(default_factory=dict)
    letter: Texts = field(default_factory=dict)
    documents: Sequence[Texts] = ()
    term_amount: int | None = None
    term_unit: str = ""
    term_note: Texts = field(default_factory=dict)
    legal_source: Texts = field(default_factory=dict)


CONTENT_FIELDS = tuple(entry.name for entry in fields(StepContent))


@transaction.atomic
def add_step(*, version: ProcedureVersion, content: StepContent, same_as: str = "", by: Any, at: datetime) -> Step:
    """Add a step at the end of the draft; the last one before it leads to it where nothing followed.

    :param same_as: the key of a step that an earlier version had and this one has not, where this is
        that step again; otherwise it gets a key that the procedure never had.
    :returns: the step; the button pressed twice adds one.
    :raises InvalidContent: a text missing or too long, an impossible term, an unknown key, or too many steps.
    :raises ClosedToChange: it is not a draft.
    """
    version = lock_version(version)
    require_draft(version)
    values = checked_step(content)
    steps = list(version.steps.order_by("position"))
    for step in steps:
        if step.created_by_id == by.pk and step.created_at > at - SENT_TWICE_WITHIN and _says(step, values):
            return step
    if len(steps) >= MAX_STEPS:
        raise InvalidContent(_("A procedure has %(count)s steps at most.") % {"count": MAX_STEPS})
    step = Step(
        version=version,
        key=_key(version, values["name"]["es"], same_as),
        position=steps[-1].position + 1 if steps else 1,
        created_by=by,
        created_at=at,
        **values,
    )
    step.save(by_verb=True)
    if steps and not steps[-1].links_out.exists():
        StepLink(version=version, source=steps[-1], target=step, kind=LinkKind.NEXT).save(by_verb=True)
    touch(version, by, at)
    _recorded("benefits_core.add_step", version, by, at, step=step.key)
    return step


@transaction.atomic
def edit_step(*, step: Step, content: StepContent, revision: int, by: Any, at: datetime) -> Step:
    """Rewrite a step of the draft.

    :param revision: the step's revision that the person had on the screen.
    :raises EditConflict: another person saved the step since; nothing is written.
    :raises InvalidContent, ClosedToChange: as :func:`add_step`.
    """
    step = _lock(step)
    values = checked_step(content)
    if _says(step, values):
        return step
    if step.revision != revision:
        raise EditConflict(
            _("%(person)s saved this step while you were writing.") % {"person": step.version.edited_by}, step
        )
    changed = sorted(name for name, value in values.items() if getattr(step, name) != value)
    for name, value in values.items():
        setattr(step, name, value)
    step.revision += 1
    step.save(by_verb=True, update_fields=[*CONTENT_FIELDS, "revision"])
    touch(step.version, by, at, revise=False)
    _recorded("benefits_core.edit_step", step.version, by, at, step=step.key, fields=changed)
    return step


@transaction.atomic
def move_step(*, step: Step, to: int, revision: int, by: Any, at: datetime) -> Step:
    """Give a step another place in the order; the first one is where the procedure begins.

    :param to: the place, from 1; beyond the ends it is the nearest one.
    :param revision: the version's revision that the person had on the screen.
    :raises EditConflict: the order or the links changed since.
    """
    step = _lock(step)
    steps = list(step.version.steps.order_by("position"))
    to = max(1, min(to, len(steps)))
    before = step.position
    if to == before:
        return step
    require_revision(step.version, revision)
    steps.remove(step)
    steps.insert(to - 1, step)
    _renumber(step.version, steps)
    touch(step.version, by, at)
    _recorded("benefits_core.move_step", step.version, by, at, step=step.key, before=before, after=to)
    step.position = to
    return step


@transaction.atomic
def remove_step(*, step: Step, revision: int, by: Any, at: datetime) -> None:
    """Take a step out of the draft; those that led to it lead to what usually came after it.

    :raises EditConflict: the order or the links changed since.
    :raises ClosedToChange: not a draft, or something points at the step already.
    """
    step = _lock(step)
    require_revision(step.version, revision)
    version, key = step.version, step.key
    following = step.links_out.filter(kind=LinkKind.NEXT).first()
    if following is not None:
        _lead_on(step, following.target)
    try:
        with transaction.atomic():
            step.delete(by_verb=True)
    except ProtectedError:
        raise ClosedToChange(_("Something is pinned to this step, so it stays.")) from None
    _renumber(version, list(version.steps.order_by("position")))
    touch(version, by, at)
    _recorded("benefits_core.remove_step", version, by, at, step=key)


@transaction.atomic
def link_steps(
    *,
    source: Step,
    target: Step,
    kind: str = LinkKind.NEXT,
    condition: Texts | None = None,
    revision: int,
    by: Any,
    at: datetime,
) -> StepLink:
    """Say what follows a step: the usual next one (which replaces the one before), or an alternative.

    :param condition: of an alternative, in which case; the Spanish is asked for at once.
    :returns: the link; the same again changes nothing.
    :raises InvalidContent: steps of two versions, a step to itself, a second link to the same step, no
        condition, or a loop that nobody would ever leave.
    :raises EditConflict: the order or the links changed since.
    """
    source = _lock(source)
    version = source.version
    if target.version_id != version.pk or kind not in LinkKind.values:
        raise InvalidContent(_("This step is not of this version."), "target")
    if target.pk == source.pk:
        raise InvalidContent(_("A step does not lead to itself."), "target")
    words = clean_texts(
        condition if kind == LinkKind.ALTERNATIVE else None,
        label=_("In which case"),
        field="condition",
        limit=300,
        required=kind == LinkKind.ALTERNATIVE,
    )
    links = list(version.links.all())
    same = next((link for link in links if (link.source_id, link.target_id) == (source.pk, target.pk)), None)
    if same is not None:
        if same.kind == kind and same.condition == words:
            return same
        raise InvalidContent(_("This step leads there already. Remove that first."), "target")
    require_revision(version, revision)
    kept = [link for link in links if not (kind == LinkKind.NEXT and link.source_id == source.pk and link.kind == kind)]
    if len([link for link in kept if link.source_id == source.pk]) >= MAX_LINKS_OUT:
        raise InvalidContent(_("A step leads to %(count)s others at most.") % {"count": MAX_LINKS_OUT}, "target")
    _refuse_endless(version, links, [*((link.source_id, link.target_id) for link in kept), (source.pk, target.pk)])
    for link in links:
        if link not in kept:
            link.delete(by_verb=True)
    made = StepLink(version=version, source=source, target=target, kind=kind, condition=words)
    made.save(by_verb=True)
    touch(version, by, at)
    _recorded("benefits_core.link_steps", version, by, at, source=source.key, target=target.key, kind=kind)
    return made


@transaction.atomic
def unlink_steps(*, link: StepLink, revision: int, by: Any, at: datetime) -> None:
    """Remove what leads from one step to another.

    :raises EditConflict: the order or the links changed since.
    :raises InvalidContent: a loop would be left that nobody ever leaves.
    :raises ClosedToChange: not a draft.
    """
    source = _lock(link.source)
    version = source.version
    links = list(version.links.select_related("source", "target"))
    stored = next((each for each in links if each.pk == link.pk), None)
    if stored is None:
        return
    require_revision(version, revision)
    _refuse_endless(version, links, [(each.source_id, each.target_id) for each in links if each != stored])
    record_keys = {"source": stored.source.key, "target": stored.target.key}
    stored.delete(by_verb=True)
    touch(version, by, at)
    _recorded("benefits_core.unlink_steps", version, by, at, **record_keys)


def _lock(step: Step) -> Step:
    """The stored step after its version, which has to be a draft."""
    version = lock_version(step.version)
    require_draft(version)
    stored = Step.objects.select_for_update(of=("self",)).filter(pk=step.pk).first()
    if stored is None:
        raise ClosedToChange(_("This step has been removed."))
    stored.version = version
    return stored


def _refuse_endless(version: ProcedureVersion, links: list[StepLink], pairs: list[tuple[int, int]]) -> None:
    """Of a change of links: no step that reached an end before may lose it."""
    steps = list(version.steps.order_by("position").values_list("pk", flat=True))
    lost_before = set(flow.endless(steps, [(link.source_id, link.target_id) for link in links]))
    lost = [step for step in flow.endless(steps, pairs) if step not in lost_before]
    if lost:
        names = [str(step) for step in version.steps.filter(pk__in=lost).order_by("position")]
        raise InvalidContent(
            _("This would be a loop that nobody ever leaves: %(steps)s. Give one of them another way out first.")
            % {"steps": " → ".join(names)},
            "target",
        )


def _lead_on(step: Step, target: Step) -> None:
    """What led to ``step`` leads to ``target``, where it does not already."""
    for link in step.links_in.select_related("source"):
        if link.source_id == target.pk or link.source.links_out.filter(target=target).exists():
            continue
        link.target = target
        link.save(by_verb=True, update_fields=["target"])


def _renumber(version: ProcedureVersion, steps: Sequence[Step]) -> None:
    wanted = {step.pk: position for position, step in enumerate(steps, 1)}
    version.steps.update(position=F("position") + _OUT_OF_THE_WAY)
    for pk, position in wanted.items():
        version.steps.filter(pk=pk).update(position=position)


def _key(version: ProcedureVersion, name: str, same_as: str) -> str:
    known = set(Step.objects.filter(version__procedure=version.procedure_id).values_list("key", flat=True))
    if same_as:
        if same_as not in known or version.steps.filter(key=same_as).exists():
            raise InvalidContent(_("Earlier versions have no such step, or this one has it already."), "same_as")
        return same_as
    base = slugify(name)[:KEY_LENGTH].strip("-") or "paso"
    number, key = 1, base
    while key in known:
        number += 1
        key = f"{base}-{number}"
    return key


def _says(step: Step, values: Mapping[str, Any]) -> bool:
    return all(getattr(step, name) == value for name, value in values.items())


def checked_step(content: StepContent) -> dict[str, Any]:
    """The values of a step as they are stored.

    :raises InvalidContent: a text missing or too long, an unknown actor or channel, or an impossible term.
    """
    labels = {name: label_of(Step, name) for name in STEP_TEXTS}
    values: dict[str, Any] = {
        name: clean_texts(
            getattr(content, name),
            label=labels[name],
            field=name,
            required=name == "name",
            **({} if name in _LONG else {"limit": SHORT_TEXT}),
        )
        for name in STEP_TEXTS
    }
    if content.actor not in StepActor.values:
        raise InvalidContent(_("Say who does the step."), "actor")
    if unknown := set(content.channels) - set(Channel.values):
        raise InvalidContent(_("Unknown: %(names)s.") % {"names": ", ".join(sorted(map(str, unknown)))}, "channels")
    documents = [clean_texts(text, label=_("Document"), field="documents", limit=300) for text in content.documents]
    documents = [text for text in documents if text]
    if len(documents) > MAX_DOCUMENTS:
        raise InvalidContent(_("A step asks for %(count)s documents at most.") % {"count": MAX_DOCUMENTS}, "documents")
    amount, unit = clean_term(content.term_amount, content.term_unit)
    return values | {
        "actor": content.actor,
        "channels": [channel for channel in Channel.values if channel in content.channels],
        "documents": documents,
        "term_amount": amount,
        "term_unit": unit,
    }


def _recorded(verb: str, version: ProcedureVersion, by: Any, at: datetime, **detail: Any) -> None:
    record(verb=verb, object=version, by=by, at=at, territory=version.procedure.territory, detail=detail)
