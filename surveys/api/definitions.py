"""The questions that each service asks, and what is made of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from benefits_core.models import Step
from benefits_core.queries.procedures import steps_to_choose
from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized
from quality.models import ComplaintCategory
from surveys.api import reading
from surveys.enums import ComplaintAbout, ComplaintKind

KIND, HAPPENED, STEP, ABOUT, PREFERENTIAL, PROMISE = (
    "kind",
    "happened_on",
    "step",
    "about",
    "preferential",
    "promise",
)


def service(category: ComplaintCategory) -> dict[str, Any]:
    """One entry of the list of services; every one asks the same questions."""
    return {
        "service_code": category.code,
        "service_name": localized(category.name),
        "description": localized(category.name),
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(str(kind.label) for kind in ComplaintKind),
        "group": _("Quality of the service") if category.counts_as_service_quality else _("Led to another service"),
    }


def definition(category: ComplaintCategory, territory: Territory, today: date) -> dict[str, Any]:
    """The questions of a service in a municipality, none of them required."""
    rows = [
        _information(PROMISE, _("It costs nothing, and nobody may treat you worse for it. No name is needed.")),
        _choice(KIND, _("What is it?"), [(kind.value, str(kind.label)) for kind in ComplaintKind]),
        _question(HAPPENED, "datetime", _("When did it happen?"), _("A day of the last three years.")),
        _choice(
            ABOUT,
            _("Is it about a person who works there? That person will not read it."),
            [(about.value, str(about.label)) for about in ComplaintAbout],
        ),
        _choice(
            PREFERENTIAL,
            _("May you be served first? So may older people, people with a disability, pregnant women and carers."),
            [("true", _("Yes")), ("false", _("No"))],
        ),
    ]
    steps = [
        (str(step.pk), f"{choice.procedure}: {step}")
        for choice in steps_to_choose(territory, today)
        for step in choice.steps
    ]
    if steps:
        rows.append(_choice(STEP, _("In which step of a procedure did it happen?"), steps))
    numbered = [{**row, "order": order} for order, row in enumerate(rows, start=1)]
    return {"service_code": category.code, "attributes": numbered}


def answers(given: Mapping[str, Sequence[str]], territory: Territory, today: date) -> tuple[dict[str, Any], list[str]]:
    """Fields of a complaint from the answers, and what is wrong with these; unknown questions are a fault."""
    unknown = sorted(set(given) - {KIND, HAPPENED, STEP, ABOUT, PREFERENTIAL, PROMISE})
    faults = [_("attribute[%(code)s] is not a question of this service.") % {"code": code} for code in unknown]
    first = {code: values[0].strip() for code, values in given.items()}
    fields: dict[str, Any] = {
        "kind": _one_of(first, KIND, ComplaintKind.values, ComplaintKind.COMPLAINT, faults),
        "about": _one_of(first, ABOUT, ComplaintAbout.values, ComplaintAbout.NOBODY, faults),
        "preferential": _one_of(first, PREFERENTIAL, ["true", "false"], "false", faults) == "true",
    }
    if text := first.get(HAPPENED):
        fields["happened_on"] = reading.day(text, territory)
        if fields["happened_on"] is None:
            faults.append(_("attribute[happened_on] is a day or a time with its zone."))
    if text := first.get(STEP):
        fields["step"] = _step(text, territory, today)
        if fields["step"] is None:
            faults.append(_("attribute[step] is not a step in force there."))
    return fields, faults


def _one_of(first: Mapping[str, str], code: str, values: Sequence[str], default: str, faults: list[str]) -> str:
    chosen = first.get(code, default)
    if chosen not in values:
        faults.append(
            _("attribute[%(code)s] is one of: %(values)s.") % {"code": code, "values": ", ".join(map(str, values))}
        )
        return default
    return chosen


def _step(text: str, territory: Territory, today: date) -> Step | None:
    offered = {str(step.pk): step for choice in steps_to_choose(territory, today) for step in choice.steps}
    return offered.get(text)


def _question(code: str, datatype: str, description: str, explanation: str | None = None) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": explanation,
        "order": 0,
        "description": description,
    }


def _information(code: str, text: str) -> dict[str, Any]:
    return {**_question(code, "string", text), "variable": False}


def _choice(code: str, description: str, values: Sequence[tuple[str, str]]) -> dict[str, Any]:
    listed = [{"key": str(key), "name": str(name)} for key, name in values]
    return {**_question(code, "singlevaluelist", description), "values": listed}
