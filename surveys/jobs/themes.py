"""The slow work of a search for themes: collecting and masking texts, and grouping them.

Both prepare everything first and write it in one transaction at the end, so a worker that is killed
leaves either nothing or all of it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from portal.foundation.jobs import domain as jobs
from surveys import masking, sources, topics
from surveys.domain import themes
from surveys.enums import RunState, TextDecision
from surveys.models import ThemeRun
from surveys.sources import SourceText

TELL_EVERY = 200

Collected = list[tuple[str, SourceText, masking.Masked]]


def _collect(job: jobs.Job) -> Collected | None:
    """Read the sources and mask what they give; at most so many texts, the latest."""
    run = _run(job, RunState.COLLECTING)
    if run is None:
        return None
    found: list[tuple[str, SourceText]] = []
    for key in run.sources:
        source = sources.get(key)
        if source is None:
            raise LookupError(f"text source {key} is gone")
        found += [(key, said) for said in source.texts([run.municipality], run.period) if said.text.strip()]
    found.sort(key=lambda one: (one[1].said_on, one[0], one[1].reference))
    found = found[-themes.MOST_TEXTS :]
    collected = []
    for done, (key, said) in enumerate(found, start=1):
        collected.append((key, said, masking.mask(said.text)))
        if done % TELL_EVERY == 0:
            jobs.report_progress(job, done, len(found))
    return collected


@jobs.handler(
    themes.JOBS[themes.COLLECT],
    prepare=_collect,
    on_failed=lambda job, at: _failed(job, themes.COLLECT, at),
)
def _store_texts(job: jobs.Job, collected: Collected | None) -> None:
    if collected is not None:
        themes.store_texts(run=_stored(job), texts=collected, by=None, at=job.moment)


def _group(job: jobs.Job) -> tuple[list[int], topics.Grouping] | None:
    run = _run(job, RunState.GROUPING)
    if run is None:
        return None
    read = run.texts.filter(decision=TextDecision.READ).order_by("said_on", "source", "reference", "pk")
    rows = list(read.values_list("pk", "text"))
    names = {each.name for each in fields(topics.Parameters)}
    parameters = topics.Parameters(**{name: value for name, value in run.parameters.items() if name in names})
    found = topics.group(
        [text for _pk, text in rows],
        parameters,
        progress=lambda done, total: jobs.report_progress(job, done, total),
    )
    return [pk for pk, _text in rows], found


@jobs.handler(
    themes.JOBS[themes.GROUP],
    prepare=_group,
    on_failed=lambda job, at: _failed(job, themes.GROUP, at),
)
def _store_groups(job: jobs.Job, grouped: tuple[list[int], topics.Grouping] | None) -> None:
    if grouped is not None:
        texts, found = grouped
        themes.store_groups(run=_stored(job), texts=texts, found=found, by=None, at=job.moment)


def _run(job: jobs.Job, state: str) -> ThemeRun | None:
    """The run, where it still waits for this very job."""
    return (
        ThemeRun.objects.filter(pk=job.payload["run"], works=job.payload["works"], state=state)
        .select_related("municipality")
        .first()
    )


def _stored(job: jobs.Job) -> ThemeRun:
    return ThemeRun.objects.get(pk=job.payload["run"])


def _failed(job: jobs.Job, work: str, at: datetime) -> Any:
    run = ThemeRun.objects.filter(pk=job.payload["run"], works=job.payload["works"]).first()
    if run is not None:
        themes.give_up(run=run, work=work, by=None, at=at)
