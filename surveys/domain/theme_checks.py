"""What the verbs on themes share: the run's lock, its states, a reason that says something."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.enums import RUN_TRANSITIONS, RunState
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import ThemeRun

NAME_LENGTH = 100
REASON_LENGTH = 300


def lock_run(run: ThemeRun) -> ThemeRun:
    """The stored run, locked until the transaction ends; everything in it is changed under this lock."""
    return ThemeRun.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=run.pk)


def require_state(run: ThemeRun, *states: str) -> None:
    if run.state not in states:
        raise _not_now(run)


def move_run(run: ThemeRun, state: str) -> None:
    """:raises NotPossibleNow: the table has no such step."""
    if state not in RUN_TRANSITIONS[RunState(run.state)]:
        raise _not_now(run)
    run.state = state


def store_run(run: ThemeRun, *fields: str) -> None:
    run.save(by_verb=True, update_fields=fields)


def clean_reason(value: str, field: str = "reason") -> str:
    """:raises InvalidContent: empty, too long, or with a NUL."""
    return clean_line(value, label=_("Reason"), field=field, limit=REASON_LENGTH)


def clean_line(value: str, *, label: str, field: str, limit: int) -> str:
    text = " ".join((value or "").split())
    if not text:
        raise InvalidContent(_("“%(label)s” is missing.") % {"label": label}, field)
    if len(text) > limit:
        raise InvalidContent(
            _("“%(label)s” has %(length)s characters. Shorten it to %(limit)s.")
            % {"label": label, "length": len(text), "limit": limit},
            field,
        )
    if "\x00" in text:
        raise InvalidContent(_("“%(label)s” holds a character that cannot be stored.") % {"label": label}, field)
    return text


def _not_now(run: ThemeRun) -> NotPossibleNow:
    return NotPossibleNow(
        _("The search is “%(state)s”, so this is not possible now.") % {"state": run.get_state_display()}
    )
