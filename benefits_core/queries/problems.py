"""What keeps a draft from being published, and what its editors should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benefits_core import flow
from benefits_core.enums import LinkKind, StepActor
from benefits_core.models import ProcedureVersion, Step, StepLink
from benefits_core.queries.words import LANGUAGES
from portal.foundation.ui import plain_language
from portal.foundation.ui.translated import localized

# Asked of every version in both languages; other texts only when one language has them.
NEEDED_TEXTS = ("name", "summary", "audience", "result")
OPTIONAL_TEXTS = ("cost", "legal_source", "change_note")
NEEDED_STEP_TEXTS = ("name", "what")
OPTIONAL_STEP_TEXTS = ("actor_name", "form", "letter", "term_note", "legal_source")


@dataclass(frozen=True)
class Problem:
    """One thing to mend: ``text`` says what, ``step`` where (None: the version itself), ``url`` leads there."""

    text: str
    url: str
    step: Step | None = None
    is_blocking: bool = True

    def __str__(self) -> str:
        return self.text


def version_problems(version: ProcedureVersion) -> list[Problem]:
    """Everything that the check finds, what blocks first; three queries."""
    stored = ProcedureVersion.objects.get(pk=version.pk)
    steps = list(stored.steps.order_by("position"))
    links = list(stored.links.all())
    found = [
        *_flow_problems(stored, steps, links),
        *_version_texts(stored),
        *(problem for step in steps for problem in _step_problems(step)),
        *_link_problems(steps, links),
        *_advice(stored, steps),
    ]
    return sorted(found, key=lambda problem: not problem.is_blocking)


def blocking_problems(version: ProcedureVersion) -> list[Problem]:
    return [problem for problem in version_problems(version) if problem.is_blocking]


def _flow_problems(version: ProcedureVersion, steps: list[Step], links: list[StepLink]) -> Iterator[Problem]:
    if not steps:
        yield Problem(_("The procedure has no steps."), _steps_url(version))
        return
    by_id = {step.pk: step for step in steps}
    pairs = [(link.source_id, link.target_id) for link in links]
    for pk in flow.unreachable(list(by_id), pairs):
        yield _at(by_id[pk], _("Nobody reaches this step: no other step leads to it."))
    if not flow.ends(list(by_id), pairs):
        yield Problem(_("The procedure has no end: after each step there is another one."), _steps_url(version))
        return
    for pk in flow.endless(list(by_id), pairs):
        yield _at(by_id[pk], _("From this step nobody ever reaches an end."))


def _version_texts(version: ProcedureVersion) -> Iterator[Problem]:
    url = reverse("benefits_core:version_edit", args=[version.pk])
    for name in (*NEEDED_TEXTS, *OPTIONAL_TEXTS):
        needed = name in NEEDED_TEXTS or (name == "change_note" and version.number > 1)
        label = ProcedureVersion._meta.get_field(name).verbose_name
        for text in _missing(getattr(version, name), label, needed=needed):
            yield Problem(text, url)


def _step_problems(step: Step) -> Iterator[Problem]:
    for name in (*NEEDED_STEP_TEXTS, *OPTIONAL_STEP_TEXTS):
        needed = name in NEEDED_STEP_TEXTS or (name == "actor_name" and step.actor == StepActor.OTHER)
        label = Step._meta.get_field(name).verbose_name
        for text in _missing(getattr(step, name), label, needed=needed):
            yield _at(step, text)
    for document in step.documents:
        for text in _missing(document, _("document “%(name)s”") % {"name": localized(document)}, needed=True):
            yield _at(step, text)
    if step.actor != StepActor.APPLICANT and step.term_amount is None:
        yield _at(step, _("The promised term is missing: an institution does this step."))


def _link_problems(steps: list[Step], links: list[StepLink]) -> Iterator[Problem]:
    by_id = {step.pk: step for step in steps}
    for link in links:
        if link.kind == LinkKind.ALTERNATIVE:
            label = _("in which case it goes on with “%(step)s”") % {"step": by_id[link.target_id]}
            for text in _missing(link.condition, label, needed=True):
                yield _at(by_id[link.source_id], text)


def _advice(version: ProcedureVersion, steps: list[Step]) -> Iterator[Problem]:
    url = reverse("benefits_core:version_edit", args=[version.pk])
    if not version.legal_source:
        yield Problem(_("No legal source is named."), url, is_blocking=False)
    elif not version.legal_confirmed:
        yield Problem(
            _("The legal source is still to be confirmed. The public page will say so."), url, is_blocking=False
        )
    for name in NEEDED_TEXTS:
        if hard := _hard(version, name):
            yield Problem(hard, url, is_blocking=False)
    for step in steps:
        for name in NEEDED_STEP_TEXTS:
            if hard := _hard(step, name):
                yield Problem(hard, _step_url(step), step, is_blocking=False)


def _hard(row: Any, name: str) -> str:
    """Why the Spanish of that field is hard to read; "" where it is plain."""
    found = plain_language.advice(getattr(row, name).get("es", ""))
    if not found:
        return ""
    label = row._meta.get_field(name).verbose_name
    return _("“%(label)s” is hard to read: %(details)s") % {
        "label": label,
        "details": " ".join(found),
    }


def _missing(texts: Mapping[str, str], label: Any, *, needed: bool) -> Iterator[str]:
    if not texts and not needed:
        return
    for language, name in LANGUAGES:
        if not texts.get(language):
            yield _("“%(label)s” is missing %(language)s.") % {"label": label, "language": name}


def _at(step: Step, text: str) -> Problem:
    return Problem(text, _step_url(step), step)


def _step_url(step: Step) -> str:
    return reverse("benefits_core:step_edit", args=[step.pk])


def _steps_url(version: ProcedureVersion) -> str:
    return reverse("benefits_core:version", args=[version.pk])
