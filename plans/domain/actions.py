"""Verbs on the lines of a draft. What is done with a signed line is in ``plans.domain.execution``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from plans import sources as source_registry
from plans.domain.checks import (
    LONG_TEXT,
    SHORT_TEXT,
    add_author,
    check_amount,
    clean_text,
    local_day,
    lock_action,
    lock_plan,
    require_draft,
)
from plans.enums import ActionKind, ActionState, Judgement
from plans.errors import ActionConflict, AddedAlready, InvalidContent, PlanClosedToChange, TargetNotAbove
from plans.models import Action, ActionSource, ActionStandard, ImprovementPlan, Milestone
from plans.queries.gaps import HIGHEST_LEVEL, level_in_force
from plans.queries.people import is_possible_owner
from portal.foundation.audit.domain import record
from portal.foundation.indicators import registry as indicators
from quality.models import Standard

MAX_WHYS = 5
MAX_STANDARDS = 8
MAX_MILESTONES = 20
BASELINE_PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class ActionContent:
    """What is planned in a line (``programme.md``, "Fields of a PLM line").

    The three judgements go from 1 to 3, each with its reason. ``amount`` is in ``currency`` (ISO 4217)
    with no more decimals than that currency has. Where ``indicator_key`` names a registered indicator
    that can be measured, ``baseline`` is replaced by its measurement.
    """

    title: str
    problem: str
    root_cause: str
    improvement: str
    public_summary: str
    pertinence: int
    pertinence_reason: str
    incidence: int
    incidence_reason: str
    feasibility: int
    feasibility_reason: str
    owner: Any
    starts_on: date
    ends_on: date
    indicator: str
    baseline: str
    goal: str
    data_source: str
    kind: str = ActionKind.PRIORITIZED
    whys: tuple[str, ...] = ()
    stand_in: Any = None
    resources: str = ""
    amount: Decimal | None = None
    currency: str = "CLP"
    funding_source: str = ""
    indicator_key: str = ""
    risk: str = ""
    depends_on_national: bool = False
    dependency: str = ""
    effect_check_on: date | None = None


CONTENT_FIELDS = tuple(field.name for field in fields(ActionContent))
_LONG = {
    "problem": True,
    "root_cause": True,
    "improvement": True,
    "public_summary": True,
    "pertinence_reason": True,
    "incidence_reason": True,
    "feasibility_reason": True,
    "resources": False,
    "risk": False,
    "dependency": False,
}
_SHORT = {"title": (True, SHORT_TEXT), "funding_source": (False, 150), "goal": (True, 100), "data_source": (True, 150)}


@transaction.atomic
def add_action(
    *,
    plan: ImprovementPlan,
    content: ActionContent,
    standards: Sequence[tuple[Standard, int]],
    sources: Iterable[tuple[str, str]] = (),
    form_token: str = "",
    by: Any,
    at: datetime,
) -> Action:
    """Write a line into the draft. The same line sent again from the same page is the first one.

    :param standards: one at least, each with its target level (1-3), above today's level.
    :param sources: (kind, reference) of what the line answers, each among what its kind offers here.
    :param form_token: names the page that the line was written on; "" where it came from none.
    :raises AddedAlready: another line was written on that page; ``action`` is it.
    :raises InvalidContent: something is missing or contradicts itself; ``field`` names it.
    :raises PlanClosedToChange: the plan is not a draft.
    """
    plan = lock_plan(plan)
    require_draft(plan)
    sent = plan.actions.filter(form_token=form_token).first() if form_token else None
    values = _checked(plan, content, at, before=sent)
    if sent is not None:
        return _same_line(sent, values, standards)
    last = plan.actions.aggregate(last=Max("number"))["last"] or 0
    action = Action.objects.create(
        plan=plan,
        number=last + 1,
        form_token=form_token,
        created_by=by,
        created_at=at,
        edited_by=by,
        edited_at=at,
        **values,
    )
    _write_standards(action, standards)
    _write_sources(action, sources)
    add_author(plan, by)
    record(verb="plans.add_action", object=action, by=by, at=at, territory=plan.municipality)
    return action


@transaction.atomic
def edit_action(
    *,
    action: Action,
    content: ActionContent,
    standards: Sequence[tuple[Standard, int]] | None = None,
    revision: int,
    by: Any,
    at: datetime,
) -> Action:
    """Rewrite a line of the draft.

    :param standards: the new standards and targets; None leaves them.
    :param revision: the revision that the person had on the screen.
    :raises ActionConflict: another member saved the line since; nothing is written.
    :raises InvalidContent, PlanClosedToChange: as :func:`add_action`.
    """
    action = lock_action(action)
    require_draft(action.plan)
    if action.revision != revision:
        raise ActionConflict(
            _("%(person)s saved this line while you were writing.") % {"person": action.edited_by}, action
        )
    values = _checked(action.plan, content, at, before=action)
    changed = sorted(name for name, value in values.items() if getattr(action, name) != value)
    for name, value in values.items():
        setattr(action, name, value)
    action.revision += 1
    action.edited_by, action.edited_at = by, at
    action.save()
    if standards is not None:
        _write_standards(action, standards)
    add_author(action.plan, by)
    record(
        verb="plans.edit_action",
        object=action,
        by=by,
        at=at,
        territory=action.plan.municipality,
        detail={"fields": changed},
    )
    return action


@transaction.atomic
def remove_action(*, action: Action, by: Any, at: datetime) -> None:
    """Take a line out of the draft.

    :raises PlanClosedToChange: not a draft, or an amendment's line whose work has begun already.
    """
    action = lock_action(action)
    require_draft(action.plan)
    if action.carried_from_id and action.plan.amends_id:
        original = Action.objects.select_for_update(of=("self",)).get(pk=action.carried_from_id)
        if original.plan_id == action.plan.amends_id and original.state != ActionState.VALIDATED:
            raise PlanClosedToChange(_("Work on this line has begun, so the new version has to keep it."))
    record(
        verb="plans.remove_action",
        object=action,
        by=by,
        at=at,
        territory=action.plan.municipality,
        detail={"number": action.number, "deleted": True},
    )
    add_author(action.plan, by)
    action.evidence.all().delete()
    action.delete()


@transaction.atomic
def add_milestone(*, action: Action, name: str, due_on: date, by: Any, at: datetime) -> Milestone:
    """Add a dated step to a line of the draft; the same step twice is one.

    :raises InvalidContent: the day lies outside the line's dates, or there are too many steps.
    """
    action = lock_action(action)
    require_draft(action.plan)
    name = clean_text(name, label=_("Milestone"), field="name", limit=SHORT_TEXT)
    if not action.starts_on <= due_on <= action.ends_on:
        raise InvalidContent(_("The milestone's date has to lie between the line's start and end."), "due_on")
    sent = action.milestones.filter(name=name, due_on=due_on).first()
    if sent is not None:
        return sent
    if action.milestones.count() >= MAX_MILESTONES:
        raise InvalidContent(_("A line has at most %(count)s milestones.") % {"count": MAX_MILESTONES}, "name")
    milestone = Milestone.objects.create(action=action, name=name, due_on=due_on)
    add_author(action.plan, by)
    record(verb="plans.add_milestone", object=action, by=by, at=at, territory=action.plan.municipality)
    return milestone


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: Any, at: datetime) -> None:
    """Take a step out of a line of the draft."""
    action = lock_action(milestone.action)
    require_draft(action.plan)
    milestone.delete()
    add_author(action.plan, by)
    record(verb="plans.remove_milestone", object=action, by=by, at=at, territory=action.plan.municipality)


def check_dates(plan: ImprovementPlan, starts_on: date, ends_on: date) -> None:
    """:raises InvalidContent: reversed dates, or a line that has nothing of the plan's year."""
    if ends_on < starts_on:
        raise InvalidContent(_("The end cannot be before the start."), "ends_on")
    if ends_on < plan.cycle.starts_on or starts_on > plan.cycle.ends_on:
        raise InvalidContent(_("The line's dates lie outside the plan's year."), "starts_on")


def _checked(
    plan: ImprovementPlan, content: ActionContent, at: datetime, before: Action | None = None
) -> dict[str, Any]:
    """The values to store, cleaned; raises InvalidContent."""
    # asdict would copy the users too, which are rows and not values.
    values = {name: getattr(content, name) for name in CONTENT_FIELDS}
    for name, required in _LONG.items():
        values[name] = clean_text(values[name], label=_label(name), field=name, limit=LONG_TEXT, required=required)
    for name, (required, limit) in _SHORT.items():
        values[name] = clean_text(values[name], label=_label(name), field=name, limit=limit, required=required)
    whys = [clean_text(why, label=_("Why?"), field="whys", limit=500, required=False) for why in values["whys"]]
    values["whys"] = [why for why in whys if why][:MAX_WHYS]
    _check_judgements(values)
    check_dates(plan, values["starts_on"], values["ends_on"])
    check_amount(values["amount"], values["currency"])
    _check_people(plan, values, at)
    values.update(_measured(plan, values, at, before))
    if values["depends_on_national"] and not values["dependency"]:
        raise InvalidContent(_("Say on what of the national level this line depends."), "dependency")
    if values["kind"] not in ActionKind.values:
        raise InvalidContent(_("This type of line does not exist."), "kind")
    if values["effect_check_on"] and values["effect_check_on"] < values["starts_on"]:
        raise InvalidContent(_("The effect cannot be checked before the line begins."), "effect_check_on")
    return values


def _same_line(sent: Action, values: dict[str, Any], standards: Sequence[tuple[Standard, int]]) -> Action:
    """The line that was sent before, where it says the same; raises AddedAlready."""
    parts = set(sent.standards.values_list("standard_id", "target"))
    is_same = parts == {(standard.pk, target) for standard, target in standards}
    if is_same and all(getattr(sent, name) == value for name, value in values.items()):
        return sent
    raise AddedAlready(_("On this page you added the line “%(line)s” already.") % {"line": sent}, sent)


def _check_judgements(values: dict[str, Any]) -> None:
    for name in ("pertinence", "incidence", "feasibility"):
        if values[name] not in Judgement.values:
            raise InvalidContent(_("Judge “%(label)s” from 1 to 3.") % {"label": _label(name)}, name)
    values["priority"] = values["pertinence"] * values["incidence"] * values["feasibility"]


def _check_people(plan: ImprovementPlan, values: dict[str, Any], at: datetime) -> None:
    today = local_day(plan, at)
    for name in ("owner", "stand_in"):
        person = values[name]
        if person is not None and not is_possible_owner(person, plan.municipality, today):
            raise InvalidContent(_("This person is not in the municipality's team."), name)
    if values["owner"] is None:
        raise InvalidContent(_("Say who is in charge of the line."), "owner")
    if values["stand_in"] is not None and values["stand_in"] == values["owner"]:
        raise InvalidContent(_("The stand-in has to be another person."), "stand_in")


def _measured(plan: ImprovementPlan, values: dict[str, Any], at: datetime, before: Action | None) -> dict[str, Any]:
    """Indicator and baseline. A registered indicator is measured once, when it is chosen, and frozen."""
    key = values["indicator_key"]
    if before is not None and key and before.indicator_key == key and before.baseline_measurement:
        return {
            "indicator": before.indicator,
            "baseline": before.baseline,
            "baseline_measurement": before.baseline_measurement,
        }
    indicator = indicators.get(key) if key else None
    if key and indicator is None:
        raise InvalidContent(_("This indicator does not exist."), "indicator_key")
    chosen = {"indicator": values["indicator"], "baseline": values["baseline"], "baseline_measurement": None}
    if indicator is not None:
        chosen |= {"indicator": str(indicator.label)} | _baseline(plan, indicator, at)
    for name, limit in (("indicator", 200), ("baseline", 100)):
        chosen[name] = clean_text(chosen[name], label=_label(name), field=name, limit=limit)
    return chosen


def _baseline(plan: ImprovementPlan, indicator: indicators.Indicator, at: datetime) -> dict[str, Any]:
    today = local_day(plan, at)
    period = indicators.Period(today - BASELINE_PERIOD, today)
    found = indicator.measure(territories=[plan.municipality], period=period, audience="municipality")
    measurement = found[0] if found else None
    if measurement is None or measurement.value is None:
        return {}  # nothing measured yet: the baseline that the team wrote stands
    kept = asdict(measurement)
    kept["period"] = [period.starts_on.isoformat(), period.ends_on.isoformat()]
    kept["taken_at"] = measurement.taken_at.isoformat()
    kept["source"] = measurement.source.key
    value = number_format(round(measurement.value, 2))
    return {"baseline": f"{value} {indicator.unit}", "baseline_measurement": kept}


def _write_standards(action: Action, standards: Sequence[tuple[Standard, int]]) -> None:
    if not standards:
        raise InvalidContent(_("A line improves one standard at least."), "standards")
    if len({standard.pk for standard, _target in standards}) < len(standards):
        raise InvalidContent(_("A standard is there twice."), "standards")
    if len(standards) > MAX_STANDARDS:
        raise InvalidContent(_("A line improves at most %(count)s standards.") % {"count": MAX_STANDARDS}, "standards")
    cycle = action.plan.cycle
    levels = level_in_force(action.plan.municipality, cycle)
    # A new version of a signed plan keeps the level from which a line began, whatever was reached since.
    kept = action.standards.all() if action.plan.amends_id else []
    as_signed = {(part.standard_id, part.target): part for part in kept}
    rows = []
    for standard, target in standards:
        level, series = levels.get(standard.pk, (None, ""))
        if standard.version.version != cycle.catalogue_version:
            raise InvalidContent(_("The standard is not in the catalogue of this year."), "standards")
        if signed := as_signed.get((standard.pk, target)):
            level, series = signed.level_before, signed.before_series
        elif not 1 <= target <= HIGHEST_LEVEL:
            raise InvalidContent(
                _("The target of %(standard)s goes from 1 to 3.") % {"standard": standard.code}, "standards"
            )
        elif level is not None and target <= level:
            raise TargetNotAbove(_not_above(standard, level), standard)
        rows.append(
            ActionStandard(action=action, standard=standard, level_before=level, before_series=series, target=target)
        )
    action.standards.all().delete()
    ActionStandard.objects.bulk_create(rows)


def _not_above(standard: Standard, level: int) -> str:
    if level == HIGHEST_LEVEL:
        text = _("%(standard)s is at the highest level already, so it cannot be improved. Choose another standard.")
    else:
        text = _("%(standard)s is at level %(level)s today. Choose a higher target.")
    return text % {"standard": standard.code, "level": level}


def _write_sources(action: Action, sources: Iterable[tuple[str, str]]) -> None:
    known = [(source_registry.get(kind), kind, reference) for kind, reference in sources]
    current = dict.fromkeys((key, kind.current(given) if kind else given) for kind, key, given in known)
    for kind_key, reference in current:
        kind = source_registry.get(kind_key)
        offered = kind.choices(action.plan.municipality, action.plan.cycle) if kind else []
        label = next((choice.label for choice in offered if choice.reference == reference), None)
        if label is None:
            raise InvalidContent(_("What this line was drawn from is not there any more."), "sources")
        ActionSource.objects.create(action=action, kind=kind_key, reference=reference, label=label[:300])


def _label(name: str) -> Any:
    return Action._meta.get_field(name).verbose_name  # type: ignore[union-attr]
