"""A search for themes is begun, collected, grouped, closed or discarded. Reading and naming are their own verbs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.foundation.audit.domain import record
from portal.foundation.jobs import domain as jobs
from portal.foundation.territories.models import Territory
from surveys import masking, sources, topics
from surveys.domain.theme_checks import clean_reason, lock_run, move_run, require_state, store_run
from surveys.enums import RunState, TextDecision, ThemeState
from surveys.errors import InvalidContent, NotPossibleNow
from surveys.models import Theme, ThemeRun, ThemeText
from surveys.queries import themes as reads
from surveys.sources import SourceText

COLLECT, GROUP = "collect", "group"
JOBS = {COLLECT: "surveys.collect_texts", GROUP: "surveys.group_texts"}
WORK_STATES = {COLLECT: RunState.COLLECTING, GROUP: RunState.GROUPING}
LONGEST_PERIOD = timedelta(days=366)
MOST_TEXTS = 50_000
CHUNK = 500


@transaction.atomic
def start_run(
    *, municipality: Territory, starts_on: date, ends_on: date, source_keys: Sequence[str], by: Any, at: datetime
) -> ThemeRun:
    """Begin a search: a job collects the texts of those days and masks them.

    :param source_keys: of registered text sources.
    :raises InvalidContent: the days or the sources do not do; NotPossibleNow: a search is open.
    """
    _check_period(municipality, starts_on, ends_on, at)
    known = {source.key for source in sources.all_sources()}
    chosen = sorted(set(source_keys))
    if not chosen or not set(chosen) <= known:
        raise InvalidContent(_("Choose at least one kind of text."), "sources")
    run = ThemeRun(
        municipality=municipality,
        starts_on=starts_on,
        ends_on=ends_on,
        sources=chosen,
        parameters=asdict(topics.Parameters()),
        versions={"masking": masking.VERSION, "topics": topics.VERSION},
        created_by=by,
        created_at=at,
    )
    try:
        with transaction.atomic():
            run.save(by_verb=True, force_insert=True)
    except IntegrityError as error:
        raise NotPossibleNow(_("A search for themes is open already. Close or discard it first.")) from error
    detail = {"sources": chosen, "from": starts_on.isoformat(), "until": ends_on.isoformat()}
    record(verb="surveys.start_theme_run", object=run, by=by, at=at, territory=municipality, detail=detail)
    _order(run, COLLECT, at)
    return run


@transaction.atomic
def store_texts(
    *, run: ThemeRun, texts: Iterable[tuple[str, SourceText, masking.Masked]], by: Any, at: datetime
) -> int:
    """Keep the masked texts; from now on they wait for a reader. Returns how many.

    :param texts: key of the source, the text as it came, and what was left of it after masking.
    """
    run = lock_run(run)
    if run.state != RunState.COLLECTING:
        return 0
    rows = [
        ThemeText(
            run=run,
            source=key,
            reference=said.reference,
            said_on=said.said_on,
            text=masked.text,
            found=masked.found,
            standard_codes=list(said.standard_codes),
            step_id=said.step_id,
            withheld_from_id=said.withheld_from,
        )
        for key, said, masked in texts
    ]
    ThemeText.objects.bulk_create(rows, batch_size=CHUNK)
    move_run(run, RunState.READING)
    run.collected_at = at
    store_run(run, "state", "collected_at")
    detail = {"texts": len(rows)}
    record(verb="surveys.store_theme_texts", object=run, by=by, at=at, territory=run.municipality, detail=detail)
    return len(rows)


@transaction.atomic
def ask_for_groups(*, run: ThemeRun, by: Any, at: datetime) -> ThemeRun:
    """Have the texts that were read grouped, by a job.

    :raises NotPossibleNow: nothing was read yet, or it is not the moment.
    """
    run = lock_run(run)
    require_state(run, RunState.READING)
    read = run.texts.filter(decision=TextDecision.READ).count()
    if not read:
        raise NotPossibleNow(_("Read some texts first: only what was read is grouped."))
    move_run(run, RunState.GROUPING)
    store_run(run, "state")
    detail = {"read": read}
    record(verb="surveys.ask_for_groups", object=run, by=by, at=at, territory=run.municipality, detail=detail)
    _order(run, GROUP, at)
    return run


@transaction.atomic
def store_groups(*, run: ThemeRun, texts: Sequence[int], found: topics.Grouping, by: Any, at: datetime) -> ThemeRun:
    """Keep what was proposed: one theme for each group, which a person has still to name.

    :param texts: ids of the texts in the order in which they were grouped.
    """
    run = lock_run(run)
    if run.state != RunState.GROUPING:
        return run
    first = _next_number(run)
    for number, group in enumerate(found.groups, start=first):
        theme = Theme(
            run=run,
            number=number,
            words=list(group.words),
            typical=[texts[index] for index in group.typical],
            stability=group.stability,
            created_at=at,
        )
        theme.save(by_verb=True)
        _place(theme, [(texts[index], share) for index, share in group.members])
    move_run(run, RunState.NAMING)
    run.outcome, run.grouped_at = found.outcome.value, at
    run.trials = _account(found)
    run.versions = {**run.versions, **_versions()}
    store_run(run, "state", "outcome", "grouped_at", "trials", "versions")
    detail = {"outcome": run.outcome, "groups": len(found.groups), "texts": len(texts)}
    record(verb="surveys.store_groups", object=run, by=by, at=at, territory=run.municipality, detail=detail)
    return run


@transaction.atomic
def give_up(*, run: ThemeRun, work: str, by: Any, at: datetime) -> ThemeRun:
    """The job failed again and again: somebody may try again or discard the search."""
    run = lock_run(run)
    if run.state != WORK_STATES[work]:
        return run
    move_run(run, RunState.FAILED)
    run.failed_work = work
    store_run(run, "state", "failed_work")
    detail = {"work": work}
    record(verb="surveys.give_up_themes", object=run, by=by, at=at, territory=run.municipality, detail=detail)
    return run


@transaction.atomic
def try_again(*, run: ThemeRun, by: Any, at: datetime) -> ThemeRun:
    """Order the work that failed once more."""
    run = lock_run(run)
    require_state(run, RunState.FAILED)
    work = run.failed_work
    move_run(run, WORK_STATES[work])
    run.failed_work = ""
    store_run(run, "state", "failed_work")
    record(verb="surveys.try_themes_again", object=run, by=by, at=at, territory=run.municipality)
    _order(run, work, at)
    return run


@transaction.atomic
def read_more(*, run: ThemeRun, by: Any, at: datetime) -> ThemeRun:
    """Go back to reading, to have more texts grouped. What was proposed is dropped; what was named forbids it.

    :raises NotPossibleNow: a theme was named already: its texts would be dealt out anew.
    """
    run = lock_run(run)
    require_state(run, RunState.NAMING)
    if run.themes.exclude(state=ThemeState.PROPOSED).exists():
        raise NotPossibleNow(_("You have worked on these themes already. Close this search and begin another."))
    run.texts.filter(theme__isnull=False).update(theme=None, weight=None, moved_by=None, moved_at=None)
    run.themes.all().delete()
    move_run(run, RunState.READING)
    run.outcome, run.trials, run.grouped_at = "", {}, None
    store_run(run, "state", "outcome", "trials", "grouped_at")
    record(verb="surveys.read_more_texts", object=run, by=by, at=at, territory=run.municipality)
    return run


@transaction.atomic
def close_run(*, run: ThemeRun, by: Any, at: datetime) -> ThemeRun:
    """End the search: what is counted now stays as it is, without any text in it.

    :raises NotPossibleNow: a proposed theme waits for a name, or for being rejected.
    """
    run = lock_run(run)
    require_state(run, RunState.NAMING)
    waiting = run.themes.filter(state=ThemeState.PROPOSED).count()
    if waiting:
        raise NotPossibleNow(
            _("Name, merge or reject every proposed theme first. %(count)s wait.") % {"count": waiting}
        )
    run.previous = reads.latest_closed(run.municipality, before=run)
    run.summary = reads.counted(run)
    move_run(run, RunState.CLOSED)
    run.closed_by, run.closed_at = by, at
    store_run(run, "previous", "summary", "state", "closed_by", "closed_at")
    detail = {"themes": len(run.summary["themes"]), "texts": run.summary["read"]}
    record(verb="surveys.close_theme_run", object=run, by=by, at=at, territory=run.municipality, detail=detail)
    return run


@transaction.atomic
def discard_run(*, run: ThemeRun, reason: str, by: Any, at: datetime) -> ThemeRun:
    """Give the search up: its masked texts and its themes are deleted, its reason stays."""
    run = lock_run(run)
    text = clean_reason(reason)
    move_run(run, RunState.DISCARDED)
    run.texts.all().delete()
    run.themes.all().delete()
    run.discarded_by, run.discarded_at, run.discard_reason = by, at, text
    store_run(run, "state", "discarded_by", "discarded_at", "discard_reason")
    record(verb="surveys.discard_theme_run", object=run, by=by, at=at, territory=run.municipality)
    return run


def _check_period(municipality: Territory, starts_on: date, ends_on: date, at: datetime) -> None:
    if not municipality.has_municipality:
        raise InvalidContent(_("Choose a municipality."), "municipality")
    if ends_on < starts_on:
        raise InvalidContent(_("The last day comes before the first."), "ends_on")
    if ends_on > at.astimezone(municipality.zone).date():
        raise InvalidContent(_("The date cannot be in the future."), "ends_on")
    if ends_on - starts_on > LONGEST_PERIOD:
        raise InvalidContent(_("Choose one year at most."), "ends_on")


def _order(run: ThemeRun, work: str, at: datetime) -> None:
    """A job for each time that it is asked for; the key keeps one order from being given twice."""
    run.works += 1
    job = jobs.enqueue(
        kind=JOBS[work],
        payload={"run": run.pk, "works": run.works},
        at=at,
        dedupe_key=f"surveys.themes:{run.pk}:{run.works}",
        max_attempts=3,
    )
    run.job_id = job.pk
    store_run(run, "works", "job_id")


def _next_number(run: ThemeRun) -> int:
    last = run.themes.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _place(theme: Theme, members: list[tuple[int, float]]) -> None:
    """Write the texts of a new theme, those of one weight at once."""
    by_weight: dict[float, list[int]] = {}
    for text, share in members:
        by_weight.setdefault(round(share, 2), []).append(text)
    for weight, ids in by_weight.items():
        for start in range(0, len(ids), CHUNK):
            ThemeText.objects.filter(pk__in=ids[start : start + CHUNK]).update(theme=theme, weight=weight)


def _account(found: topics.Grouping) -> dict[str, Any]:
    """What the groups were judged by, as JSON holds it."""
    return {
        "used": found.used,
        "vocabulary": found.vocabulary,
        "stability": found.stability,
        "chance": found.chance,
        "trials": [asdict(trial) for trial in found.trials],
    }


def _versions() -> dict[str, str]:
    import numpy
    import sklearn

    return {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
