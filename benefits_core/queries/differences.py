"""What changes from one version to another, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from benefits_core.enums import LinkKind, StepActor
from benefits_core.models import ProcedureVersion, Step
from benefits_core.models.procedures import STEP_TEXTS
from benefits_core.queries.content import VERSION_TEXTS
from benefits_core.queries.flows import DrawnStep, drawn
from benefits_core.queries.words import channels_in_words, term_in_words
from portal.foundation.ui.translated import localized

# What is said about one version alone is no difference.
COMPARED_TEXTS = tuple(name for name in VERSION_TEXTS if name != "change_note")


@dataclass(frozen=True)
class Change:
    """One difference: what, how it was and how it is; "" where there was or is nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class StepChange:
    """A step that is ``new``, ``gone``, ``changed`` or ``moved``; a moved one may have changes too."""

    kind: str
    step: Step
    changes: list[Change]


@dataclass(frozen=True)
class Difference:
    old: ProcedureVersion
    new: ProcedureVersion
    texts: list[Change]
    steps: list[StepChange]

    @property
    def is_empty(self) -> bool:
        return not self.texts and not self.steps


def difference(old: ProcedureVersion, new: ProcedureVersion) -> Difference:
    """Texts, steps and links of ``new`` against those of ``old``; steps are the same by key. Four queries."""
    before = {row.step.key: row for row in drawn(old)}
    after = {row.step.key: row for row in drawn(new)}
    places = _places_of_the_same(list(before), list(after))
    steps = [StepChange("gone", row.step, []) for key, row in before.items() if key not in after]
    for key, row in after.items():
        if key not in before:
            steps.append(StepChange("new", row.step, list(_step_changes(None, row))))
            continue
        changes = list(_step_changes(before[key], row))
        if key in places:
            steps.append(StepChange("moved", row.step, [_place(before[key].step, row.step), *changes]))
        elif changes:
            steps.append(StepChange("changed", row.step, changes))
    # Where a step was, or is; what is gone comes before what stands there now.
    steps.sort(key=lambda change: (change.step.position, change.kind != "gone"))
    return Difference(old, new, list(_text_changes(old, new, COMPARED_TEXTS)), steps)


def _places_of_the_same(before: list[str], after: list[str]) -> set[str]:
    """Keys whose order among the steps of both versions is another; a removal above moves nobody."""
    kept_before = [key for key in before if key in after]
    kept_after = [key for key in after if key in before]
    return {key for one, key in zip(kept_before, kept_after, strict=True) if one != key}


def _place(before: Step, after: Step) -> Change:
    return Change(_("Place in the order"), str(before.position), str(after.position))


def _step_changes(before: DrawnStep | None, after: DrawnStep) -> Iterator[Change]:
    old = before.step if before else None
    # The name of a new step is its heading already.
    yield from _text_changes(old, after.step, STEP_TEXTS if before else STEP_TEXTS[1:])
    pairs = [
        (_label("actor"), _actor(old), _actor(after.step)),
        (_label("channels"), _channels(old), _channels(after.step)),
        (_label("documents"), _documents(old), _documents(after.step)),
        (_label("term_amount"), _term(old), _term(after.step)),
        (_("What follows"), _links(before), _links(after)),
    ]
    yield from (Change(label, was, now) for label, was, now in pairs if was != now)


def _text_changes(old: Any, new: Any, names: tuple[str, ...]) -> Iterator[Change]:
    for name in names:
        was: Mapping[str, str] = getattr(old, name) if old is not None else {}
        now: Mapping[str, str] = getattr(new, name)
        if was != now:
            label = capfirst(new._meta.get_field(name).verbose_name)
            shown_was, shown_now = localized(was), localized(now)
            if shown_was == shown_now:
                # Only the other language changed, so both are shown.
                shown_was, shown_now = " / ".join(was.values()), " / ".join(now.values())
            yield Change(label, shown_was, shown_now)


def _label(name: str) -> str:
    return str(capfirst(Step._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _actor(step: Step | None) -> str:
    return str(StepActor(step.actor).label) if step else ""


def _channels(step: Step | None) -> str:
    return channels_in_words(step.channels) if step else ""


def _documents(step: Step | None) -> str:
    return "; ".join(localized(document) for document in step.documents) if step else ""


def _term(step: Step | None) -> str:
    return term_in_words(step.term_amount, step.term_unit) if step else ""


def _links(row: DrawnStep | None) -> str:
    if row is None:
        return ""
    links = [row.goes_on] if row.goes_on else []
    return "; ".join(
        localized(link.target.name)
        if link.kind == LinkKind.NEXT
        else f"{localized(link.target.name)} ({localized(link.condition)})"
        for link in [*links, *row.alternatives]
    )
