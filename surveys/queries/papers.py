"""How far the papers of a round are: how many wait, which ones one has to decide on, how well typings agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from surveys.models import PaperEntry, PaperTally, Round


@dataclass(frozen=True)
class Papers:
    """``waiting``: typed once; ``undecided``: typed twice and not alike; ``mine``: those that the reader may decide.
    ``agreement``: share (0-100) of items that both read alike, None without any."""

    waiting: int
    undecided: int
    mine: list[PaperEntry]
    tally: PaperTally | None

    @property
    def agreement(self) -> float | None:
        return 100 * self.tally.agreed / self.tally.items if self.tally and self.tally.items else None

    @property
    def left(self) -> int:
        return self.waiting + self.undecided


def papers_of(round: Round, user: Any) -> Papers:
    """Three queries."""
    entries = list(round.papers.values_list("pk", "second_by"))
    return Papers(
        waiting=sum(second is None for _pk, second in entries),
        undecided=sum(second is not None for _pk, second in entries),
        mine=list(to_decide(user).filter(round=round)),
        tally=PaperTally.objects.filter(round=round).first(),
    )


def to_decide(user: Any) -> QuerySet[PaperEntry]:
    """Papers that ``user`` typed, the first time or the second, and on which the two differ."""
    mine = PaperEntry.objects.filter(Q(first_by=user) | Q(second_by=user)).exclude(second_by=None)
    return mine.select_related("round__territory__region", "round__cycle", "round__instrument")
