"""Which cells may be shown, so that nobody is found, by looking or by subtracting. Pure.

A cell of fewer than k people is hidden, an empty one like any other: else who is missing would follow by
elimination. Then others are hidden with it, until what a reader can subtract from what is shown always
speaks of k people or more. In tables of two variables by rectangles, the hypercube method: Repsilber, in
Hundepool et al., Statistical Disclosure Control (2012) 4.4.4. Proof and limits in prose:
``docs/algorithms/survey-disclosure.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

PUBLIC, INSIDE, TEAM = 10, 5, 5
# A figure may be broken down by this many variables at most.
MOST_FILTERS = 2

Counts = Sequence[Sequence[int]]
Place = tuple[int, int]


def hidden_cells(counts: Sequence[int], k: int = PUBLIC) -> set[int]:
    """Places of the cells to hide beside a total that is shown.

    Those under ``k``, and where they are one, or fewer than ``k`` people together, the next smallest ones
    until they are neither. Every count that follows from the total and the shown cells is then of ``k`` or
    more. A total under ``k`` is not shown at all: see :func:`release`.
    """
    _check(k, counts)
    hidden = {place for place, count in enumerate(counts) if count < k}
    if not hidden:
        return hidden
    rest = sorted((count, place) for place, count in enumerate(counts) if place not in hidden)
    for _count, place in rest:
        if len(hidden) > 1 and sum(counts[each] for each in hidden) >= k:
            break
        hidden.add(place)
    return hidden


def hidden_options(counts: Sequence[int], whole: int, alone: set[int], k: int = PUBLIC) -> set[int]:
    """Places of the options to hide in a question with several answers, beside the number who answered it.

    Every option parts the people in those who chose it and those who did not, and both are told with it. Those
    that stand ``alone`` («no problem») also tell how many chose any other: an option that nearly all of those
    chose would tell of the few who did not.

    :param counts: people who chose each option; a person may be in several, but for those ``alone``.
    """
    _check(k, [*counts, whole - max(counts, default=0)])
    singles = sorted(alone)
    parts = [counts[place] for place in singles]
    cells = [*parts, whole - sum(parts)] if singles else [whole]
    covered = hidden_cells(cells, k) if singles else set()
    hidden = {singles[place] for place in covered if place < len(singles)}
    # Who may be in an option, as far as a reader knows.
    around = whole - sum(counts[place] for place in singles if place not in hidden)
    for place, count in enumerate(counts):
        if place not in alone and (count < k or around - count < k):
            hidden.add(place)
    several = [place for place in range(len(counts)) if place not in alone]
    if len(several) == 2 and not hidden & set(several) and sum(counts[place] for place in several) - around < k:
        # Everybody chose one of the two: whoever chose both follows from their sum.
        hidden.add(min(several, key=counts.__getitem__))
    return hidden


def hidden_in_table(counts: Counts, k: int = PUBLIC) -> set[Place]:
    """Cells to hide in a table whose row and column totals are all shown, each of ``k`` people or more.

    For each hidden cell under ``k`` a rectangle of hidden cells is made, such that people could be moved
    around it, at least so many that the cell would reach ``k``, without a total noticing. A set of hidden
    cells whose sum follows from the totals then never holds that cell without one of its neighbors in
    the rectangle, and has ``k`` people or more. Where no rectangle will do, the whole table is hidden.
    """
    rows, columns = len(counts), len(counts[0]) if counts else 0
    _check(k, [count for row in counts for count in row])
    small = [place for place in product(range(rows), range(columns)) if counts[place[0]][place[1]] < k]
    hidden = set(small)
    for place in sorted(small, key=lambda one: (-counts[one[0]][one[1]], one)):
        corners = _rectangle(counts, place, hidden, k)
        if corners is None:
            return set(product(range(rows), range(columns)))
        hidden |= corners
    return hidden


def _rectangle(counts: Counts, place: Place, hidden: set[Place], k: int) -> set[Place] | None:
    """The other corners of the rectangle that hides the fewest people more; None where none protects."""
    i, j = place
    best: tuple[int, int, int] | None = None
    for row, column in product(range(len(counts)), range(len(counts[0]))):
        if row == i or column == j:
            continue
        beside, below = counts[i][column], counts[row][j]
        if counts[i][j] + min(beside, below) < k:
            continue
        corners = ((i, column), (row, j), (row, column))
        cost = sum(counts[one[0]][one[1]] + 1 for one in corners if one not in hidden)
        if best is None or (cost, row, column) < best:
            best = (cost, row, column)
    return None if best is None else {(i, best[2]), (best[1], j), (best[1], best[2])}


# --- A whole publication


@dataclass(frozen=True)
class Release:
    """What may be shown of one figure. Categories and pairs that are missing are hidden.

    ``total``: whether the figure of all may be; ``single``: variable → categories; ``double``: variable →
    (category of the common variable, category of this one).
    """

    total: bool
    single: dict[str, frozenset[str]] = field(default_factory=dict)
    double: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def shows(self, chosen: Mapping[str, str], common: str) -> bool:
        """Whether the figure with these filters may be shown; never with more than :data:`MOST_FILTERS`, nor
        with two of which none is the ``common`` one."""
        if not chosen:
            return self.total
        if len(chosen) == 1:
            ((name, category),) = chosen.items()
            return category in self.single.get(name, frozenset())
        if len(chosen) > MOST_FILTERS or common not in chosen:
            return False
        ((other, category),) = ((name, value) for name, value in chosen.items() if name != common)
        return (chosen[common], category) in self.double.get(other, frozenset())


def release(
    common: Mapping[str, int],
    crossed: Mapping[str, Mapping[tuple[str, str], int]],
    k: int = PUBLIC,
    name: str = "channel",
) -> Release:
    """What may be shown of a figure by one variable, and by two of which one is always the common one.

    Every table shares the common variable and no other, which leaves nothing to gain from laying two of
    them over each other. A table whose people are not those of the common variable is refused.

    :param common: category of the common variable → people with an answer; all categories, empty ones too.
    :param crossed: variable → (common category, own category) → people; a missing pair has nobody.
    :raises ValueError: for a table whose sums disagree with ``common``.
    """
    if sum(common.values()) < k:
        return Release(False)
    axis = list(common)
    shown_axis = [axis[place] for place in range(len(axis)) if place not in hidden_cells(list(common.values()), k)]
    found = Release(True, {name: frozenset(shown_axis)})
    for variable, pairs in crossed.items():
        table, categories = _table(axis, pairs, common)
        sums = [sum(row[place] for row in table) for place in range(len(categories))]
        hidden = hidden_cells(sums, k)
        shown = [category for place, category in enumerate(categories) if place not in hidden]
        found.single[variable] = frozenset(shown)
        found.double[variable] = _shown_pairs(axis, shown_axis, categories, shown, table, k)
    return found


def _table(
    axis: Sequence[str], pairs: Mapping[tuple[str, str], int], common: Mapping[str, int]
) -> tuple[list[list[int]], list[str]]:
    categories = list(dict.fromkeys(category for _one, category in pairs))
    table = [[pairs.get((one, category), 0) for category in categories] for one in axis]
    if [sum(row) for row in table] != [common[one] for one in axis] or {one for one, _ in pairs} - set(axis):
        raise ValueError("a table of other people than those of the common variable")
    return table, categories


def _shown_pairs(
    axis: Sequence[str],
    shown_axis: Sequence[str],
    categories: Sequence[str],
    shown: Sequence[str],
    table: Counts,
    k: int,
) -> frozenset[tuple[str, str]]:
    """Cells of two variables to show. Categories whose own figure is hidden are taken as one, since only
    their sum follows from the totals; of that one no cell is shown."""
    rows = _merged(axis, shown_axis)
    columns = _merged(categories, shown)
    merged = [[sum(table[i][j] for i, j in product(row, column)) for column in columns] for row in rows]
    hidden = hidden_in_table(merged, k)
    open_rows, open_columns = len(shown_axis), len(shown)
    return frozenset(
        (shown_axis[i], shown[j]) for i, j in product(range(open_rows), range(open_columns)) if (i, j) not in hidden
    )


def _merged(names: Sequence[str], shown: Sequence[str]) -> list[list[int]]:
    """Places of each shown name, and of all the others together last."""
    apart = [[names.index(name)] for name in shown]
    rest = [place for place, name in enumerate(names) if name not in shown]
    return [*apart, rest] if rest else apart


def shown_among(counts: Mapping[str, int], k: int = PUBLIC) -> set[str]:
    """Names (municipalities of a region, teams) whose figure may stand beside that of all of them."""
    if sum(counts.values()) < k:
        return set()
    hidden = hidden_cells(list(counts.values()), k)
    return {name for place, name in enumerate(counts) if place not in hidden}


def _check(k: int, counts: Iterable[int]) -> None:
    if k < 1 or any(count < 0 for count in counts):
        raise ValueError("a threshold or a count below what can be")
