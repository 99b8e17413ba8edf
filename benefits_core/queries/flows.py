"""A version as it is drawn: its steps in order, and what follows each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benefits_core.enums import LinkKind
from benefits_core.models import ProcedureVersion, Step, StepLink


@dataclass(frozen=True)
class Promise:
    """What is promised for a step: the municipality's own term (``is_own``) or the procedure's."""

    amount: int
    unit: str
    is_own: bool = False


@dataclass
class DrawnStep:
    """A step with its links out. ``goes_on`` is the usual next step, ``is_direct`` when it is simply the next one."""

    step: Step
    promise: Promise | None = None
    national: Promise | None = None
    goes_on: StepLink | None = None
    alternatives: list[StepLink] = field(default_factory=list)
    comes_from: list[StepLink] = field(default_factory=list)

    @property
    def is_direct(self) -> bool:
        return self.goes_on is not None and self.goes_on.target.position == self.step.position + 1

    @property
    def is_end(self) -> bool:
        return self.goes_on is None and not self.alternatives

    @property
    def can_end(self) -> bool:
        """Nothing follows as a rule, though something does in some cases."""
        return self.goes_on is None and bool(self.alternatives)


def drawn(version: ProcedureVersion, own_terms: Mapping[str, Promise] | None = None) -> list[DrawnStep]:
    """The steps in order with their links; two queries.

    :param own_terms: a municipality's promises by step key, which take the place of the procedure's.
    """
    rows: dict[int, DrawnStep] = {}
    for step in version.steps.order_by("position"):
        step.version = version
        national = Promise(step.term_amount, step.term_unit) if step.term_amount is not None else None
        own = (own_terms or {}).get(step.key)
        rows[step.pk] = DrawnStep(step, own or national, national if own else None)
    for link in version.links.order_by("id"):
        link.source, link.target = rows[link.source_id].step, rows[link.target_id].step
        if link.kind == LinkKind.NEXT:
            rows[link.source_id].goes_on = link
        else:
            rows[link.source_id].alternatives.append(link)
        rows[link.target_id].comes_from.append(link)
    return list(rows.values())


def drawn_step(step: Step, own_terms: Mapping[str, Promise] | None = None) -> DrawnStep:
    """One step of its version as it is drawn."""
    return next(row for row in drawn(step.version, own_terms) if row.step.pk == step.pk)


def neighbors(rows: list[DrawnStep], step: Step) -> tuple[Any, Any]:
    """The steps before and after, in the order of the list."""
    place = next(place for place, row in enumerate(rows) if row.step.pk == step.pk)
    before = rows[place - 1].step if place else None
    after = rows[place + 1].step if place + 1 < len(rows) else None
    return before, after
