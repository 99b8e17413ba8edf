"""How steps lead to one another, and what becomes of a step through the versions. Pure.

A flow begins at its first step and ends wherever nothing follows. Two things must never be: a step
that nobody reaches, and a step from which nobody ever reaches an end (a loop without a way out).
A loop with a way out, such as "send the documents again", is fine.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

S = TypeVar("S", bound=Hashable)


def reachable(start: S, links: Iterable[tuple[S, S]]) -> set[S]:
    """Every step that can be reached from ``start``, itself included."""
    following = _following(links)
    found, waiting = {start}, [start]
    while waiting:
        for step in following.get(waiting.pop(), ()):
            if step not in found:
                found.add(step)
                waiting.append(step)
    return found


def unreachable(steps: Sequence[S], links: Iterable[tuple[S, S]]) -> list[S]:
    """The steps that nobody reaches from the first one, in order."""
    if not steps:
        return []
    found = reachable(steps[0], links)
    return [step for step in steps if step not in found]


def ends(steps: Sequence[S], links: Iterable[tuple[S, S]]) -> list[S]:
    """The steps after which nothing follows, in order."""
    following = _following(links)
    return [step for step in steps if not following.get(step)]


def endless(steps: Sequence[S], links: Iterable[tuple[S, S]]) -> list[S]:
    """The steps from which no end can be reached, in order."""
    links = list(links)
    backwards = [(target, source) for source, target in links]
    ending: set[S] = set()
    for end in ends(steps, links):
        ending |= reachable(end, backwards)
    return [step for step in steps if step not in ending]


def _following(links: Iterable[tuple[S, S]]) -> dict[S, list[S]]:
    following: dict[S, list[S]] = {}
    for source, target in links:
        following.setdefault(source, []).append(target)
    return following


# --- Through the versions


@dataclass(frozen=True)
class Lineage:
    """What each step of the versions so far is in the last of them.

    ``heirs`` step → the step of the last version that took its place (of the last version's own: itself);
    ``orphans`` step → the last step of its line, which has no place in the last version and waits for
    a decision; ``ended`` the steps that were decided to apply no longer.
    """

    heirs: dict[int, int] = field(default_factory=dict)
    orphans: dict[int, int] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)

    def behind(self, step: int) -> list[int]:
        """The steps whose place ``step`` took, itself included."""
        return [earlier for earlier, heir in self.heirs.items() if heir == step]


def lineage(versions: Sequence[Mapping[str, int]], mapped: Mapping[tuple[int, int], int | None]) -> Lineage:
    """Follow every step to the last version.

    A step is the same one where a later version has its key. Where it has not, an entry of the ledger
    says which step took its place, or that none did.

    :param versions: key → step of each version, oldest first.
    :param mapped: (step, place of the version in ``versions``) → the step there, or None for «none any more».
    """
    keys = {step: key for version in versions for key, step in version.items()}
    found = Lineage()
    for place, version in enumerate(versions):
        for step in version.values():
            current: int | None = step
            for later in range(place + 1, len(versions)):
                if current is not None:
                    current = _in_version(current, versions[later], mapped, later, keys)
            if current is None:
                found.ended.add(step)
            elif versions[-1].get(keys[current]) == current:
                found.heirs[step] = current
            else:
                found.orphans[step] = current
    return found


def _in_version(
    step: int,
    version: Mapping[str, int],
    mapped: Mapping[tuple[int, int], int | None],
    place: int,
    keys: Mapping[int, str],
) -> int | None:
    """``step`` in that version; the step itself where that version has no place for it."""
    if (step, place) in mapped:
        return mapped[(step, place)]
    return version.get(keys[step], step)
