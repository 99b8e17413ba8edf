"""What a person is asked while writing, in which order, and how the answers read before they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from benefits_core.models import Step
from benefits_core.queries.procedures import steps_to_choose
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.translated import localized
from quality.models import ComplaintCategory
from quality.queries.catalogue import latest_version
from surveys.enums import ROUTE_CATEGORIES, ComplaintAbout, ComplaintKind, ComplaintRoute
from surveys.models import ComplaintDraft
from surveys.queries.complaints import categories

KIND, TOPIC, OTHER_WAY, TEXT = "tipo", "tema", "otro-camino", "que-paso"
PLACE, STEP, ABOUT, PRIORITY, FILES, CONTACT = "donde", "tramite", "sobre-quien", "preferencia", "archivos", "contacto"
ORDER = (KIND, TOPIC, OTHER_WAY, TEXT, PLACE, STEP, ABOUT, PRIORITY, FILES, CONTACT)
# What a field of the draft is asked by: where a refusal of the verb leads.
QUESTION_OF = {
    "kind": KIND,
    "category": TOPIC,
    "text": TEXT,
    "happened_on": PLACE,
    "service_point": PLACE,
    "step": STEP,
    "about": ABOUT,
    "about_words": ABOUT,
    "preferential": PRIORITY,
    "files": FILES,
    "contact": CONTACT,
}


@dataclass(frozen=True)
class Row:
    """One line of «check your answers»: the question's slug leads back to it."""

    label: str | Promise
    value: Any
    question: str


@dataclass(frozen=True)
class Writing:
    """A draft with the rows that its answers name."""

    draft: ComplaintDraft
    answers: Mapping[str, Any]
    territory: Territory
    today: date
    category: ComplaintCategory | None = None
    service_point: ServicePoint | None = None
    step: Step | None = None
    has_points: bool = False
    has_steps: bool = False
    files: list[Any] = field(default_factory=list)

    @property
    def questions(self) -> list[str]:
        """What is asked of this one, in order: what cannot matter is left out."""
        left_out = set()
        kind = self.answers.get("kind")
        if kind in (ComplaintKind.COMPLIMENT, ComplaintKind.ENQUIRY):
            left_out |= {TOPIC}
        if kind != ComplaintKind.COMPLAINT:
            left_out |= {ABOUT}
        if self.other_way is None or TOPIC in left_out:
            left_out |= {OTHER_WAY}
        if not self.has_steps:
            left_out |= {STEP}
        return [question for question in ORDER if question not in left_out]

    @property
    def other_way(self) -> ComplaintRoute | None:
        """Where what is chosen is solved in truth, when it is no matter of the service."""
        return ROUTE_CATEGORIES.get(self.category.code) if self.category else None

    def after(self, question: str) -> str | None:
        """The question that follows; None where the answers are checked next."""
        asked = self.questions
        place = asked.index(question) if question in asked else -1
        return asked[place + 1] if place + 1 < len(asked) else None

    def before(self, question: str) -> str | None:
        asked = self.questions
        place = asked.index(question) if question in asked else 0
        return asked[place - 1] if place > 0 else None

    @property
    def missing(self) -> str | None:
        """The first question that has to be answered and was not."""
        if not self.answers.get("kind"):
            return KIND
        return None if self.answers.get("text") else TEXT

    def rows(self, *, is_signed_in: bool) -> list[Row]:
        """What was answered, as the person reads it before sending; whoever is signed in chose about the name."""
        said = self.answers
        day = date_format(date.fromisoformat(said["happened_on"])) if said.get("happened_on") else ""
        about = ComplaintAbout(said.get("about") or ComplaintAbout.NOBODY)
        values: dict[str, tuple[str | Promise, Any]] = {
            KIND: (_("What it is"), ComplaintKind(said["kind"]).label if said.get("kind") else ""),
            TOPIC: (_("What it is about"), localized(self.category.name) if self.category else _("I do not know")),
            TEXT: (_("What happened"), said.get("text", "")),
            PLACE: (_("Where and when"), [str(part) for part in (self.service_point, day) if part] or ""),
            STEP: (_("Procedure"), f"{self.step.version.procedure}: {self.step}" if self.step else ""),
            ABOUT: (
                _("Is it about a person?"),
                [str(about.label), *([said["about_words"]] if said.get("about_words") else [])],
            ),
            PRIORITY: (_("Right to preferential attention"), _("Yes") if said.get("preferential") else _("No")),
            FILES: (_("Files"), [kept.file.name for kept in self.files] or ""),
            CONTACT: (_("Where we tell you"), said.get("contact") or _("Nowhere: I will look with my code")),
        }
        rows = [Row(*values[question], question) for question in self.questions if question in values]
        if is_signed_in:
            name = _("With my name") if said.get("as_me") else _("Without my name")
            rows.append(Row(_("With your name?"), name, CONTACT))
        return rows


def writing(draft: ComplaintDraft, answers: Mapping[str, Any], today: date) -> Writing | None:
    """The draft with its rows; None where its municipality is gone. Constant queries."""
    territory = Territory.objects.municipalities().filter(pk=answers.get("territory") or 0).first()
    if territory is None:
        return None
    points = ServicePoint.objects.filter(territory=territory, is_active=True)
    return Writing(
        draft=draft,
        answers=answers,
        territory=territory,
        today=today,
        category=ComplaintCategory.objects.filter(pk=answers.get("category") or 0).first(),
        service_point=points.filter(pk=answers.get("service_point") or 0).first(),
        step=Step.objects.filter(pk=answers.get("step") or 0).select_related("version__procedure").first(),
        has_points=points.exists(),
        has_steps=bool(steps_to_choose(territory, today)),
        files=list(draft.files.select_related("file")),
    )


def step_in_force(number: str, territory: Territory | None, today: date) -> Step | None:
    """The step of that number where it can be chosen: in the procedures of ``territory``, or in any without one.

    A step's page invites to write about it before anybody said to which municipality.
    """
    if not number.isdecimal() or len(number) > 18:
        return None
    step = Step.objects.filter(pk=int(number)).select_related("version__procedure__territory").first()
    if step is None:
        return None
    where = territory or step.version.procedure.territory
    offered = (each for choice in steps_to_choose(where, today) for each in choice.steps)
    return next((each for each in offered if each.pk == step.pk), None)


def topics() -> list[ComplaintCategory]:
    """What people can say it is about: the categories of the newest catalogue."""
    return list(categories(latest_version()))
