"""The same figures for different people: by bracket, by how they were served, by what they say of themselves. Pure.

In prose: ``docs/algorithms/survey-bracket.md`` and ``survey-groups.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from surveys.questionnaire.model import OUTSIDE, Channel, Kind, Question, Questionnaire, Role
from surveys.statistics.answered import MARKED, Group
from surveys.statistics.estimates import Tally, share, top_two
from surveys.statistics.standardized import standardize
from surveys.statistics.tallies import ABSENT

if TYPE_CHECKING:
    import numpy as np

# Who answered the mark and not the question on the bracket.
NOT_SAID = ""
CHANNEL = "channel"
NO_MIX = "no_mix"


# --- The bracket


def by_bracket(questionnaire: Questionnaire, group: Group, mix: Mapping[str, float] | None) -> dict[str, Any] | None:
    """The overall mark in each bracket, raw and standardized to ``mix``; None where the bracket is not asked.

    Without a mix only the raw figure is given, and says so.
    """
    overall, bracket = questionnaire.of_role(Role.OVERALL), bracket_question(questionnaire, mix)
    if not overall or bracket is None or not group.people:
        return None
    names = [*bracket.codes, NOT_SAID]
    codes = group.codes(bracket)
    places = codes.copy()
    places[codes == ABSENT] = len(bracket.codes)
    tallies = dict(zip(names, group.tallies_by(overall[0], places, len(names)), strict=True))
    found: dict[str, Any] = {
        "question": bracket.code,
        "mix": dict(mix) if mix else None,
        "rows": {name: group.shown(top_two(tally)) for name, tally in tallies.items()},
        "raw": group.shown(top_two(_sum(tallies))),
        "standardized": None,
        "unknown": None,
        "only_raw": NO_MIX,
    }
    if not mix:
        return found
    adjusted = standardize(tallies, mix)
    standardized = adjusted.standardized
    return found | {
        "standardized": group.shown(standardized) if standardized else None,
        "unknown": adjusted.unknown,
        "only_raw": adjusted.only_raw.value if adjusted.only_raw else None,
    }


def bracket_question(questionnaire: Questionnaire, mix: Mapping[str, float] | None) -> Question | None:
    """The adjuster whose options the mix names; without a mix, the last one that is asked."""
    singles = [one for one in questionnaire.of_role(Role.ADJUSTER) if one.kind is Kind.SINGLE]
    if mix:
        return next((one for one in singles if set(mix) <= set(one.codes)), None)
    return singles[-1] if singles else None


def _sum(tallies: Mapping[str, Tally]) -> Tally:
    whole = Tally()
    for tally in tallies.values():
        whole = whole + tally
    return whole


# --- What each group finds hard


def served(questionnaire: Questionnaire, group: Group) -> tuple[np.ndarray, list[str]]:
    """(people,) place of the channel through which each was served, and the channels' names; :data:`ABSENT` where
    neither the answer nor the stratum says it."""
    import numpy as np

    names = [one.value for one in Channel]
    found = np.array([names.index(one.channel) if one.channel in names else ABSENT for one in group.people], np.int64)
    for question in questionnaire.questions:
        if question.kind is Kind.SINGLE and any(option.channel for option in question.options):
            lookup = [names.index(option.channel.value) if option.channel else ABSENT for option in question.options]
            said = np.array([*lookup, ABSENT])[group.codes(question)]
            found = np.where(said != ABSENT, said, found)
    return found, names


def by_group(questionnaire: Questionnaire, group: Group) -> list[dict[str, Any]]:
    """For each thing that people are told apart by: what each group says was easy, whether it met a problem, and
    every mark.

    People are told apart by how they were served, and by the questions of context with one answer, such as how
    they manage on the internet. Never by two at once.
    """
    if not group.people:
        return []
    places, names = served(questionnaire, group)
    found = [_crossed(CHANNEL, names, places, questionnaire, group)]
    for question in questionnaire.of_role(Role.CONTEXT):
        if question.kind is Kind.SINGLE:
            found.append(_crossed(question.code, question.codes, group.codes(question), questionnaire, group))
    return found


def _crossed(
    by: str, names: Sequence[str], places: np.ndarray, questionnaire: Questionnaire, group: Group
) -> dict[str, Any]:
    count = len(names)
    marks = [one for one in questionnaire.questions if one.kind in MARKED]
    found: dict[str, Any] = {
        "by": by,
        "people": {name: int((places == place).sum()) for place, name in enumerate(names)},
        "items": {one.code: _rows(names, group.tallies_by(one, places, count), group) for one in marks},
        "problem": None,
    }
    for question in questionnaire.of_role(Role.PROBLEM):
        none = [option.value for option in question.options if option.is_exclusive and option.value not in OUTSIDE]
        if question.kind is Kind.MULTI and none:
            # Several problems of one person are one person with a problem: the first answer tells which.
            tallies = group.tallies_by(question, places, count)
            some = [code for code in question.codes if code not in none]
            found["problem"] = {
                name: group.shown(share(tally, some)) | {"count": tally.part(some).count}
                for name, tally in zip(names, tallies, strict=True)
            }
    return found


def _rows(names: Sequence[str], tallies: Sequence[Tally], group: Group) -> dict[str, Any]:
    return {name: group.shown(top_two(tally)) for name, tally in zip(names, tallies, strict=True)}
