"""A person makes themes of the groups: names, maps to standards, merges, splits, moves texts, rejects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from quality.models import Standard
from surveys.domain.theme_checks import NAME_LENGTH, clean_line, clean_reason, lock_run, require_state
from surveys.enums import THEME_TRANSITIONS, RunState, TextDecision, ThemeState
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import Theme, ThemeRun, ThemeText

MOST_STANDARDS = 5
MOST_THEMES = 60
CHUNK = 500


@transaction.atomic
def name_theme(
    *,
    theme: Theme,
    name: str,
    standards: Iterable[Standard] = (),
    continues: Theme | None = None,
    by: Any,
    at: datetime,
) -> Theme:
    """Accept a theme under a name that citizens understand; a later call changes name and standards.

    :param standards: five at most; none where the matter belongs to no standard.
    :param continues: the theme of an earlier, closed search of the same municipality that this one goes on with.
    :raises InvalidContent: no name, the name of another theme, too many standards, or nothing to go on with.
    """
    theme = _lock(theme)
    _move(theme, ThemeState.ACCEPTED)
    theme.name = clean_line(name, label=_("Name"), field="name", limit=NAME_LENGTH)
    theme.continues = _continued(theme.run, theme, continues)
    _decide(theme, by, at)
    _save_named(theme)
    chosen = _checked_standards(standards)
    theme.standards.set(chosen)
    detail = {"standards": sorted(standard.code for standard in chosen)}
    return _recorded("surveys.name_theme", theme, by, at, detail)


@transaction.atomic
def add_theme(
    *,
    run: ThemeRun,
    name: str,
    standards: Iterable[Standard] = (),
    continues: Theme | None = None,
    by: Any,
    at: datetime,
) -> Theme:
    """A theme that a person makes by hand; texts are moved to it afterwards."""
    run = lock_run(run)
    require_state(run, RunState.NAMING)
    theme = Theme(run=run, number=_next_number(run), state=ThemeState.ACCEPTED, created_by=by, created_at=at)
    theme.name = clean_line(name, label=_("Name"), field="name", limit=NAME_LENGTH)
    theme.continues = _continued(run, theme, continues)
    _decide(theme, by, at)
    _save_named(theme)
    chosen = _checked_standards(standards)
    theme.standards.set(chosen)
    detail = {"standards": sorted(standard.code for standard in chosen)}
    return _recorded("surveys.add_theme", theme, by, at, detail)


@transaction.atomic
def merge_theme(*, theme: Theme, into: Theme, by: Any, at: datetime) -> Theme:
    """Move all its texts into another theme of the same search. Returns that one.

    :raises InvalidContent: into itself, or into one that is over.
    """
    theme = _lock(theme)
    target = Theme.objects.filter(pk=into.pk, run=theme.run).live().exclude(pk=theme.pk).first()
    if target is None:
        raise InvalidContent(_("Choose another theme of this search."), "into")
    _move(theme, ThemeState.MERGED)
    moved = theme.texts.update(theme=target, moved_by=by, moved_at=at)
    theme.merged_into = target
    _decide(theme, by, at)
    theme.save(by_verb=True)
    _recorded("surveys.merge_theme", theme, by, at, {"into": target.number, "texts": moved})
    return target


@transaction.atomic
def split_theme(*, theme: Theme, texts: Sequence[int], by: Any, at: datetime) -> tuple[Theme, Theme]:
    """Make two of one: the chosen texts, and the rest. Both wait for a name.

    :param texts: ids of its texts for the first part.
    :raises InvalidContent: one of the parts would be empty.
    """
    theme = _lock(theme)
    chosen = list(theme.texts.filter(pk__in=texts).values_list("pk", flat=True))
    if not chosen or len(chosen) == theme.texts.count():
        raise InvalidContent(_("Tick the texts of the first part. Some texts have to stay for the second."), "texts")
    _move(theme, ThemeState.SPLIT)
    parts = [_part(theme, _next_number(theme.run) + step, at) for step in range(2)]
    theme.texts.filter(pk__in=chosen).update(theme=parts[0], moved_by=by, moved_at=at)
    theme.texts.update(theme=parts[1])
    _decide(theme, by, at)
    theme.save(by_verb=True)
    _recorded("surveys.split_theme", theme, by, at, {"texts": len(chosen), "into": [part.number for part in parts]})
    return parts[0], parts[1]


@transaction.atomic
def reject_theme(*, theme: Theme, reason: str, by: Any, at: datetime) -> Theme:
    """It is no theme: its texts stay in the search, without one."""
    theme = _lock(theme)
    _move(theme, ThemeState.REJECTED)
    theme.reason = clean_reason(reason)
    left = theme.texts.update(theme=None, weight=None, moved_by=by, moved_at=at)
    _decide(theme, by, at)
    theme.save(by_verb=True)
    return _recorded("surveys.reject_theme", theme, by, at, {"texts": left})


@transaction.atomic
def move_texts(*, run: ThemeRun, texts: Sequence[int], into: Theme | None, by: Any, at: datetime) -> int:
    """Put texts that were read into a theme, or into none. Returns how many were moved.

    :param texts: ids; what ``by`` may not read, or was left out, is not moved.
    """
    run = lock_run(run)
    require_state(run, RunState.NAMING)
    if into is not None and not run.themes.live().filter(pk=into.pk).exists():
        raise InvalidContent(_("Choose another theme of this search."), "into")
    movable = run.texts.readable_by(by).filter(decision=TextDecision.READ).exclude(theme=into)
    ids = list(movable.filter(pk__in=list(texts)[:CHUNK]).values_list("pk", flat=True))
    if not ids:
        raise InvalidContent(_("Tick the texts that you want to move."), "texts")
    ThemeText.objects.filter(pk__in=ids).update(theme=into, weight=None, moved_by=by, moved_at=at)
    detail = {"texts": ids, "into": into.number if into else None}
    record(verb="surveys.move_theme_texts", object=run, by=by, at=at, territory=run.municipality, detail=detail)
    return len(ids)


def _lock(theme: Theme) -> Theme:
    """The stored theme under the lock of its run, which has to be at naming."""
    run = lock_run(theme.run)
    require_state(run, RunState.NAMING)
    held = Theme.objects.get(pk=theme.pk)
    held.run = run
    return held


def _move(theme: Theme, state: ThemeState) -> None:
    if state not in THEME_TRANSITIONS[ThemeState(theme.state)]:
        raise NotPossibleNow(
            _("The theme is “%(state)s”, so this is not possible now.") % {"state": theme.get_state_display()}
        )
    theme.state = state


def _decide(theme: Theme, by: Any, at: datetime) -> None:
    theme.decided_by, theme.decided_at = by, at


def _save_named(theme: Theme) -> None:
    if theme.number > MOST_THEMES:
        raise NotPossibleNow(_("This search has too many themes. Merge some of them."))
    twins = theme.run.themes.accepted().exclude(pk=theme.pk)
    if any(twin.name.casefold() == theme.name.casefold() for twin in twins):
        raise InvalidContent(_("Another theme has this name."), "name")
    try:
        with transaction.atomic():
            theme.save(by_verb=True)
    except IntegrityError as error:
        raise InvalidContent(_("Another theme has this name."), "name") from error


def _continued(run: ThemeRun, theme: Theme, earlier: Theme | None) -> Theme | None:
    if earlier is None:
        return None
    closed = Theme.objects.accepted().filter(
        run__municipality=run.municipality, run__state=RunState.CLOSED, run__ends_on__lte=run.ends_on
    )
    if earlier.run_id == run.pk or not closed.filter(pk=earlier.pk).exists():
        raise InvalidContent(_("Choose a theme of an earlier search."), "continues")
    if run.themes.live().exclude(pk=theme.pk).filter(continues=earlier).exists():
        raise InvalidContent(_("Another theme goes on with this one already."), "continues")
    return earlier


def _checked_standards(standards: Iterable[Standard]) -> list[Standard]:
    chosen = list({standard.pk: standard for standard in standards}.values())
    if len(chosen) > MOST_STANDARDS:
        raise InvalidContent(_("Choose five standards at most."), "standards")
    if len({standard.version_id for standard in chosen}) > 1:
        raise InvalidContent(_("Choose standards of one catalogue."), "standards")
    return chosen


def _part(theme: Theme, number: int, at: datetime) -> Theme:
    part = Theme(run=theme.run, number=number, words=theme.words, split_from=theme, created_at=at)
    part.save(by_verb=True)
    return part


def _next_number(run: ThemeRun) -> int:
    last = run.themes.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _recorded(verb: str, theme: Theme, by: Any, at: datetime, detail: dict[str, Any]) -> Theme:
    detail = {"number": theme.number, **detail}
    record(verb=verb, object=theme, by=by, at=at, territory=theme.run.municipality, detail=detail)
    return theme
