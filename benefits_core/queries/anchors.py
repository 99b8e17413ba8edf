"""What is pinned to steps, followed through the versions of their procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benefits_core import anchors, flow
from benefits_core.anchors import SMALLEST_PUBLIC_COUNT, AnchoredItem, AnchorSource
from benefits_core.models import ProcedureVersion, Step, StepMapping
from benefits_core.models.procedures import LIVE_STATES

ITEMS_SHOWN = 20


@dataclass(frozen=True)
class Pinned:
    """What one source has pinned to a step. ``count`` None: none, or too few to be told to everybody."""

    source: AnchorSource
    count: int | None
    items: Sequence[AnchoredItem] = ()


@dataclass(frozen=True)
class Orphan:
    """A step of an earlier version that this version has no place for, and what is pinned to its line.

    ``mapping`` is the decision of the ledger, where one was taken for this version.
    """

    step: Step
    counts: Sequence[tuple[AnchorSource, int]]
    mapping: StepMapping | None = None

    @property
    def total(self) -> int:
        return sum(count for _source, count in self.counts)


@dataclass(frozen=True)
class Line:
    """The published steps of a procedure up to one version, and how they follow one another.

    ``keys`` is key → step of each of ``versions``, oldest first; ``mapped`` the entries of the ledger.
    """

    versions: list[ProcedureVersion]
    steps: Mapping[int, Step]
    keys: list[dict[str, int]]
    mapped: Mapping[tuple[int, int], int | None]

    def up_to(self, version: int) -> flow.Lineage:
        """What became of each step in the version of that id."""
        place = [each.pk for each in self.versions].index(version)
        return flow.lineage(self.keys[: place + 1], self.mapped)


def line_of(version: ProcedureVersion) -> Line:
    """Every published version up to this one; three queries."""
    return lines_of([version])[version.pk]


def lines_of(newest: Sequence[ProcedureVersion]) -> dict[int, Line]:
    """Version id → its line, for one version each of several procedures; three queries, whatever their number."""
    until = {version.procedure_id: version for version in newest}
    live: dict[int, list[ProcedureVersion]] = {pk: [] for pk in until}
    found = ProcedureVersion.objects.filter(procedure__in=until, state__in=LIVE_STATES)
    for each in found.order_by("number").select_related("procedure"):
        if each.number <= until[each.procedure_id].number:
            live[each.procedure_id].append(each)
    versions = {each.pk: each for members in live.values() for each in members}
    steps: dict[int, list[Step]] = {pk: [] for pk in versions}
    for step in Step.objects.filter(version__in=versions).order_by("version__number", "position"):
        step.version = versions[step.version_id]
        steps[step.version_id].append(step)
    entries = StepMapping.objects.active().filter(to_version__in=versions)
    mappings: dict[int, list[tuple[int, int | None]]] = {pk: [] for pk in versions}
    for from_step, to_version, to_step in entries.values_list("from_step", "to_version", "to_step"):
        mappings[to_version].append((from_step, to_step))
    return {version.pk: _line(live[version.procedure_id], steps, mappings) for version in newest}


def _line(
    versions: list[ProcedureVersion],
    steps: Mapping[int, list[Step]],
    mappings: Mapping[int, list[tuple[int, int | None]]],
) -> Line:
    return Line(
        versions,
        {step.pk: step for each in versions for step in steps[each.pk]},
        [{step.key: step.pk for step in steps[each.pk]} for each in versions],
        {
            (from_step, place): to_step
            for place, each in enumerate(versions)
            for from_step, to_step in mappings[each.pk]
        },
    )


def steps_behind(step: Step) -> list[Step]:
    """The step and those of earlier versions whose place it took: where its pinned things may hang.

    A draft's step has only itself, with nothing pinned to it.
    """
    if step.version.is_draft:
        return [step]
    line = line_of(step.version)
    return [line.steps[pk] for pk in line.up_to(step.version_id).behind(step.pk)]


def heir_of(step: Step, version: ProcedureVersion) -> Step | None:
    """The step of ``version`` that took the place of an earlier one; None where none did."""
    line = line_of(version)
    heir = line.up_to(version.pk).heirs.get(step.pk)
    return line.steps[heir] if heir is not None else None


def public_counts(step: Step, territory: Any = None) -> list[Pinned]:
    """For everybody: how many of each source; fewer than five as None, none at all too.

    Were nothing told apart from few, one could find the municipalities in which somebody is alone.
    """
    return [
        Pinned(source, total if total >= SMALLEST_PUBLIC_COUNT else None)
        for source, total in _totals(steps_behind(step), territory)
    ]


def pinned_for(step: Step, user: Any, territory: Any = None) -> list[Pinned]:
    """For staff: each source's newest things that ``user`` may see; sources with nothing are left out.

    :param territory: a place of which ``user`` may know every number; its exact count comes with each source.
    """
    behind = steps_behind(step)
    totals = {source.key: total for source, total in _totals(behind, territory)} if territory is not None else {}
    found = [
        Pinned(source, totals.get(source.key), source.items(behind, user, limit=ITEMS_SHOWN))
        for source in anchors.sources()
    ]
    return [pinned for pinned in found if pinned.items or pinned.count]


def orphans(version: ProcedureVersion) -> list[Orphan]:
    """Steps without a place in this version, and those for which the ledger decided; most pinned first.

    What waits for a decision comes before what has one.
    """
    line = line_of(version)
    members: dict[int, list[int]] = {}
    for step, last in line.up_to(version.pk).orphans.items():
        members.setdefault(last, []).append(step)
    entries = StepMapping.objects.active().filter(to_version=version).select_related("to_step", "made_by")
    decided = {entry.from_step_id: entry for entry in entries}
    for step in decided:
        members[step] = line.up_to(line.steps[step].version_id).behind(step)
    counted = _counts_of(line, members)
    found = [Orphan(line.steps[last], counted[last], decided.get(last)) for last in members]
    return sorted(found, key=lambda orphan: (orphan.mapping is not None, -orphan.total, orphan.step.position))


def orphans_waiting(version: ProcedureVersion) -> int:
    """How many steps have something pinned, no place in this version and no decision yet."""
    return sum(1 for orphan in orphans(version) if orphan.mapping is None and orphan.total)


def orphans_waiting_in(versions: Sequence[ProcedureVersion]) -> dict[int, int]:
    """Version id → how many steps with something pinned wait for a decision; those with none are left out.

    Constant queries: three, and one for each source.
    """
    lines = lines_of(versions) if versions else {}
    # Version → the last step of each line without a place → every step behind it, itself included.
    waiting: dict[int, dict[int, list[int]]] = {pk: {} for pk in lines}
    for pk, line in lines.items():
        for step, last in line.up_to(pk).orphans.items():
            waiting[pk].setdefault(last, []).append(step)
    every = [lines[pk].steps[each] for pk, groups in waiting.items() for steps in groups.values() for each in steps]
    counts: Counter[int] = Counter()
    for source in anchors.sources() if every else []:
        counts.update(source.counts(every))
    found = {
        pk: sum(any(counts[each] for each in steps) for steps in groups.values()) for pk, groups in waiting.items()
    }
    return {pk: total for pk, total in found.items() if total}


def _totals(steps: Sequence[Step], territory: Any) -> list[tuple[AnchorSource, int]]:
    return [(source, sum(source.counts(steps, territory=territory).values())) for source in anchors.sources()]


def _counts_of(line: Line, members: Mapping[int, Sequence[int]]) -> dict[int, list[tuple[AnchorSource, int]]]:
    counted: dict[int, list[tuple[AnchorSource, int]]] = {last: [] for last in members}
    steps = [line.steps[pk] for each in members.values() for pk in each]
    for source in anchors.sources() if steps else []:
        counts = source.counts(steps)
        for last, each in members.items():
            if total := sum(counts.get(pk, 0) for pk in each):
                counted[last].append((source, total))
    return counted
