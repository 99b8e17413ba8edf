"""Who takes part in a cycle, and reading a pasted list of who shall."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.foundation.cycles.models import Cycle, ParticipationQuerySet, Stage
from portal.foundation.cycles.queries import participations
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold

CODE_LENGTH = 5
MOST_LINES = 1000
SHOWN_OF_A_LINE = 60
HEADINGS = {"etapa", "stage"}
STAGES = {stage.value: stage for stage in Stage if stage != Stage.GRADUATED}


@dataclass(frozen=True)
class ParticipantFilter:
    """What the reader of a cycle looks for; "" asks for nothing."""

    region: str = ""
    stage: str = ""
    status: str = ""
    text: str = ""


def participants(user: Any, cycle: Cycle, wanted: ParticipantFilter) -> ParticipationQuerySet:
    """The participations of ``cycle`` that ``user`` sees, by name of municipality."""
    found = participations(cycle).visible_to(user)
    asked = {
        "municipality__region__code": wanted.region,
        "stage": wanted.stage,
        "status": wanted.status,
    }
    found = found.filter(**{name: value for name, value in asked.items() if value})
    words = Q()
    for word in fold(wanted.text).split():
        words &= Q(municipality__search_name__contains=word)
    return found.filter(words)


def not_enrolled(cycle: Cycle) -> Any:
    """The municipalities that could still be enrolled, by name."""
    taken = cycle.participations.values("municipality")
    return Territory.objects.municipalities().exclude(pk__in=taken).order_by("search_name", "code")


@dataclass
class ReadLines:
    """What a pasted list says: the enrollments in its order, and what is wrong, line by line."""

    enrollments: list[tuple[Territory, Stage]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class _Places:
    """Municipalities by code and by folded name, in one query."""

    def __init__(self) -> None:
        self.by_code: dict[str, Territory] = {}
        self.by_name: dict[str, list[Territory]] = defaultdict(list)
        for place in Territory.objects.municipalities():
            self.by_code[place.code] = place
            self.by_name[place.search_name].append(place)

    def named(self, text: str) -> list[Territory]:
        """A spreadsheet drops the zero that a code begins with."""
        code = text.upper()
        found = self.by_code.get(code) or self.by_code.get(code.zfill(CODE_LENGTH))
        return [found] if found else self.by_name.get(fold(text), [])


def read_lines(text: str, cycle: Cycle) -> ReadLines:
    """Read lines «code or name;stage» (a tab counts as «;»), in two queries however many they are.

    Empty lines and a first line of headings count for nothing. A line that names no municipality,
    or several, or one that takes part or was named above, or no stage from 1 to 3, is an error.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if lines and fold(_cells(lines[0][1])[1]) in HEADINGS:
        lines = lines[1:]
    if len(lines) > MOST_LINES:
        return ReadLines(errors=[_("The list has more than %(most)s lines.") % {"most": MOST_LINES}])
    read, places = ReadLines(), _Places()
    taken = dict.fromkeys(cycle.participations.values_list("municipality_id", flat=True), 0)
    for number, line in lines:
        result = _read_line(line, places, taken)
        if isinstance(result, str):
            read.errors.append(_("Line %(number)s: %(problem)s") % {"number": number, "problem": result})
        else:
            taken[result[0].pk] = number
            read.enrollments.append(result)
    return read


def _read_line(line: str, places: _Places, taken: dict[int, int]) -> tuple[Territory, Stage] | str:
    """The enrollment, or what is wrong with the line."""
    name, stage = _cells(line)
    shown = {"name": name[:SHOWN_OF_A_LINE], "stage": stage[:SHOWN_OF_A_LINE]}
    found = places.named(name)
    if not found:
        return _("no municipality is called «%(name)s».") % shown
    if len(found) > 1:
        return _("several municipalities are called «%(name)s». Write the code.") % shown
    if found[0].pk in taken:
        above = taken[found[0].pk]
        repeated = _("«%(name)s» is already in line %(above)s.") % {**shown, "above": above}
        return repeated if above else _("«%(name)s» takes part already.") % shown
    if stage not in STAGES:
        return _("write the stage after «;»: 1, 2 or 3. It says «%(stage)s».") % shown
    return found[0], STAGES[stage]


def _cells(line: str) -> tuple[str, str]:
    name, _separator, stage = line.replace("\t", ";").partition(";")
    return name.strip().strip('"'), stage.strip().strip('"').rstrip("; ")
