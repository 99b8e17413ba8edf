"""Verbs on the plan: open, propose, return, sign, amend, carry over. Comments and accounts beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.domain import notices
from plans.domain.checks import (
    add_author,
    clean_text,
    local_day,
    lock_plan,
    move_plan,
    require_draft,
    require_in_force,
    require_proposed,
    require_unsigned,
    require_waiting,
)
from plans.enums import ActionState, PlanState, SignatureRole, Standing
from plans.errors import ContentChanged, Obstacles, PlanClosedToChange, PlansError, SignatureRefused
from plans.models import (
    Action,
    ActionEvidence,
    ActionProgress,
    ActionSource,
    ActionStandard,
    ActionVerification,
    ExecutionReport,
    ImprovementPlan,
    Milestone,
    PlanReturn,
    PlanSignature,
)
from plans.models.actions import PLANNED_FIELDS
from plans.queries.content import content_hash, planned_content
from plans.queries.gaps import level_in_force
from plans.queries.obstacles import proposal_obstacles
from plans.queries.people import SigningGround, signing_grounds
from plans.queries.plans import LineLeft, lines_left
from plans.queries.signing import signing_of
from portal.foundation.audit.domain import digest_of, record
from portal.foundation.cycles.models import CycleState, Participation
from portal.foundation.territories.models import Territory

_EXECUTION_FIELDS = (
    "state",
    "progress",
    "lesson",
    "missed_reason",
    "spent",
    "effect",
    "effect_checked_by_id",
    "effect_checked_at",
    "deferral_reason",
    "started_by_id",
    "started_at",
    "done_by_id",
    "done_at",
)


@transaction.atomic
def open_plan(*, municipality: Territory, cycle: Any, by: Any, at: datetime) -> ImprovementPlan:
    """Open the draft of the municipality's plan of that year.

    :raises PlansError: the cycle is not open or has not begun, the municipality does not take part in
        it, or it has a plan of that year already.
    """
    if cycle.state != CycleState.OPEN:
        raise PlansError(_("The year %(year)s is not open.") % {"year": cycle.year})
    if not cycle.has_begun(at.astimezone(municipality.zone).date()):
        raise PlansError(_("The year begins on %(day)s.") % {"day": date_format(cycle.starts_on)})
    if not Participation.objects.active().filter(municipality=municipality, cycle=cycle).exists():
        raise PlansError(_("This municipality does not take part in the programme this year."))
    try:
        with transaction.atomic():
            plan = ImprovementPlan.objects.create(municipality=municipality, cycle=cycle, created_by=by, created_at=at)
    except IntegrityError:
        raise PlansError(_("This municipality has a plan of this year already.")) from None
    return _recorded("plans.open_plan", plan, by, at)


@transaction.atomic
def edit_summary(*, plan: ImprovementPlan, summary: str, by: Any, at: datetime) -> ImprovementPlan:
    """Write what citizens read first of the plan."""
    plan = lock_plan(plan)
    require_draft(plan)
    plan.summary = clean_text(summary, label=_("Summary for citizens"), field="summary", required=False)
    plan.save(update_fields=["summary"])
    add_author(plan, by)
    return _recorded("plans.edit_summary", plan, by, at)


@transaction.atomic
def propose_plan(*, plan: ImprovementPlan, no_comment_reason: str = "", by: Any, at: datetime) -> ImprovementPlan:
    """Freeze the draft's content and hand it to the validators.

    :param no_comment_reason: why people could not comment on this version; needed then only. It is part
        of what is signed, and public.
    :raises Obstacles: no self-diagnosis, no line, comments that are open, unread or unanswered; says which.
    :raises InvalidContent: not open to comment, and no reason. :raises PlanClosedToChange: it is not a draft.
    """
    plan = lock_plan(plan)
    require_draft(plan)
    missing = proposal_obstacles(plan, local_day(plan, at))
    if missing:
        raise Obstacles(_("The plan cannot be proposed yet."), missing)
    _settle_levels(plan)
    plan.no_comment_reason = ""
    if not plan.was_open_to_comment():
        label = _("Why people could not comment on the draft")
        plan.no_comment_reason = clean_text(no_comment_reason, label=label, field="no_comment_reason", limit=500)
    plan.save(update_fields=["no_comment_reason"])
    plan.signed_content = planned_content(plan)
    plan.content_hash = digest_of(plan.signed_content)
    plan.proposed_by, plan.proposed_at = by, at
    move_plan(plan, PlanState.PROPOSED)
    plan.save()
    plan.actions.update(state=ActionState.PROPOSED)
    detail = {"hash": plan.content_hash}
    if plan.no_comment_reason:
        detail["no_comment_reason"] = plan.no_comment_reason
    _recorded("plans.propose_plan", plan, by, at, detail=detail)
    notices.plan_proposed(plan, by=by, at=at)
    return plan


@transaction.atomic
def return_plan(*, plan: ImprovementPlan, remarks: str, by: Any, at: datetime) -> PlanReturn:
    """Send a proposed plan back to the team with remarks; the signatures so far are revoked.

    :raises PlanClosedToChange: it has not been proposed.
    :raises InvalidContent: no remarks.
    """
    plan = lock_plan(plan)
    remarks = clean_text(remarks, label=_("Remarks"), field="remarks")
    require_waiting(plan)
    returned = PlanReturn.objects.create(plan=plan, remarks=remarks, returned_by=by, returned_at=at)
    plan.signatures.filter(revoked_at__isnull=True).update(revoked_at=at)
    move_plan(plan, PlanState.DRAFT)
    plan.save(update_fields=["state"])
    plan.content_hash, plan.signed_content, plan.no_comment_reason = "", None, ""
    plan.save(update_fields=["content_hash", "signed_content", "no_comment_reason"])
    plan.actions.update(state=ActionState.DRAFT)
    _recorded("plans.return_plan", plan, by, at)
    notices.plan_returned(plan, remarks, by=by, at=at)
    return returned


@transaction.atomic
def sign_plan(
    *, plan: ImprovementPlan, role: str, content_hash: str, reason: str = "", by: Any, at: datetime
) -> PlanSignature:
    """Sign the proposed plan as coordinator or as DIDECO; with the second signature it is in force.

    Not a qualified electronic signature: signed in with a second factor, and the hash of what was read.

    :param content_hash: the hash that the person saw beside the content.
    :param reason: why the regional team signs; needed then only.
    :raises ContentChanged: what is stored is not what the person saw, or not what was proposed.
    :raises SignatureRefused: no standing for that role, the sole author, signed already (by this
        person, or in this role), a second regional signature, or a regional one where somebody of the
        municipality can sign.
    :raises PlanClosedToChange: the plan is not waiting for signatures.
    """
    plan = lock_plan(plan)
    require_proposed(plan)
    _require_same_content(plan, content_hash)
    ground = _ground(plan, role, by, at)
    if refusal := signing_of(plan, local_day(plan, at)).refusal(by, ground):
        raise SignatureRefused(refusal)
    if ground.standing == Standing.REGIONAL:
        reason = clean_text(reason, label=_("Reason"), field="reason", limit=200)
    signature = PlanSignature.objects.create(
        plan=plan,
        role=ground.role,
        signed_by=by,
        signed_at=at,
        standing=ground.standing,
        standing_reason=reason if ground.standing == Standing.REGIONAL else ground.reason,
        content_hash=plan.content_hash,
    )
    if plan.signatures.filter(revoked_at__isnull=True).count() == len(SignatureRole):
        _put_in_force(plan, by, at)
    _recorded("plans.sign_plan", plan, by, at, detail={"role": ground.role, "standing": ground.standing})
    notices.plan_signed(plan, signature, by=by, at=at)
    return signature


@transaction.atomic
def amend_plan(*, plan: ImprovementPlan, reason: str, by: Any, at: datetime) -> ImprovementPlan:
    """Prepare a new version of the plan in force: a draft with a copy of every line.

    The plan in force stays so, and work on it goes on, until the new version has its two signatures.

    :raises PlansError: not in force, a new version is being prepared already, or the execution report
        has been sent.
    """
    plan = lock_plan(plan)
    require_in_force(plan)
    reason = clean_text(reason, label=_("Reason"), field="reason")
    if ExecutionReport.objects.filter(plan=plan).exists():
        raise PlansError(_("The execution report has been sent, so this year's plan does not change any more."))
    siblings = ImprovementPlan.objects.filter(municipality=plan.municipality, cycle=plan.cycle)
    if siblings.in_preparation().exists():
        raise PlansError(_("A new version of this plan is being prepared already."))
    last = siblings.aggregate(last=Max("number"))["last"]
    amendment = ImprovementPlan.objects.create(
        municipality=plan.municipality,
        cycle=plan.cycle,
        number=last + 1,
        amends=plan,
        amendment_reason=reason,
        summary=plan.summary,
        created_by=by,
        created_at=at,
    )
    for action in plan.actions.prefetch_related("standards", "sources", "milestones"):
        copy = _copy_action(action, amendment, by, at)
        Milestone.objects.bulk_create(
            Milestone(action=copy, name=milestone.name, due_on=milestone.due_on)
            for milestone in action.milestones.all()
        )
        _copy_standards(action.standards.all(), copy)
        record(verb="plans.amend_plan", object=copy, by=by, at=at, territory=plan.municipality)
    add_author(amendment, by)
    return _recorded("plans.amend_plan", amendment, by, at)


@transaction.atomic
def discard_amendment(*, plan: ImprovementPlan, by: Any, at: datetime) -> ImprovementPlan:
    """Give up a new version that is still a draft; the plan in force goes on.

    :raises PlansError: it is the year's first version, or not a draft.
    """
    plan = lock_plan(plan)
    require_unsigned(plan)
    if plan.amends_id is None:
        raise PlansError(_("The first version of a plan is not given up."))
    move_plan(plan, PlanState.DISCARDED)
    plan.save(update_fields=["state"])
    return _recorded("plans.discard_amendment", plan, by, at)


@transaction.atomic
def carry_over(
    *, plan: ImprovementPlan, into: ImprovementPlan, chosen: Collection[int] | None = None, by: Any, at: datetime
) -> list[Action]:
    """Copy the lines that an earlier year left open into a draft; there they are marked carried over.

    Lines left for later are copied too, each once. Dates are moved into the new year, and the levels
    before are those of the new year: a standard that has reached its target is left out, unless the
    whole line has; then the team that chose it has to give it a new target before it proposes the plan.

    :param plan: the earlier year's plan, in force or closed.
    :param chosen: numbers (pk) of the lines to copy; None copies those that have not reached their targets.
    :param into: the draft of a later year of the same municipality.
    :returns: the new lines, perhaps none.
    :raises PlansError: another municipality, not a later year, or not a draft.
    """
    plan, into = lock_plan(plan), lock_plan(into)
    require_draft(into)
    if plan.municipality_id != into.municipality_id or plan.cycle.year >= into.cycle.year:
        raise PlansError(_("Lines are carried over into a later year of the same municipality."))
    if plan.state not in (PlanState.IN_FORCE, PlanState.CLOSED):
        raise PlanClosedToChange(_("Lines are carried over from a plan that was in force."))
    copies = []
    for line in lines_left(into):
        action = line.action
        if action.plan_id != plan.pk or not _is_wanted(line, chosen):
            continue
        copies.append(_carry_line(line, into, by, at))
        if plan.state == PlanState.IN_FORCE and action.state != ActionState.CARRIED_OVER:
            action.state = ActionState.CARRIED_OVER
            action.save(update_fields=["state"])
            record(verb="plans.carry_over", object=action, by=by, at=at, territory=plan.municipality)
    if copies:
        add_author(into, by)
    _recorded("plans.carry_over", into, by, at, detail={"lines": len(copies)})
    return copies


def _require_same_content(plan: ImprovementPlan, seen: str) -> None:
    stored = content_hash(plan)
    if seen != plan.content_hash:
        raise ContentChanged(
            _("The plan has changed since you opened this page, so nothing was signed. Read it again.")
        )
    if stored != plan.content_hash:
        raise ContentChanged(
            _("What is stored is not what was proposed, so nothing was signed. Return the plan to its team.")
        )


def _settle_levels(plan: ImprovementPlan) -> None:
    """Lines written before the self-diagnosis take their level before from it, so that what is signed has it."""
    levels = level_in_force(plan.municipality, plan.cycle)
    for part in ActionStandard.objects.filter(action__plan=plan, level_before=None, standard_id__in=levels):
        part.level_before, part.before_series = levels[part.standard_id]
        part.save(update_fields=["level_before", "before_series"])


def _ground(plan: ImprovementPlan, role: str, by: Any, at: datetime) -> SigningGround:
    for ground in signing_grounds(by, plan.municipality, local_day(plan, at)):
        if ground.role == role:
            return ground
    raise SignatureRefused(_("You do not hold this role in this municipality."))


def _put_in_force(plan: ImprovementPlan, by: Any, at: datetime) -> None:
    if plan.amends is not None:
        replaced = lock_plan(plan.amends)
        move_plan(replaced, PlanState.SUPERSEDED)
        replaced.save(update_fields=["state"])
        _recorded("plans.supersede_plan", replaced, by, at)
    move_plan(plan, PlanState.IN_FORCE)
    plan.in_force_at = at
    plan.save(update_fields=["state", "in_force_at"])
    plan.actions.update(state=ActionState.VALIDATED)
    if plan.amends is not None:
        _carry_execution(plan, by, at)


def _carry_execution(plan: ImprovementPlan, by: Any, at: datetime) -> None:
    """What was done under the replaced version goes on under this one, line by line."""
    for action in plan.actions.filter(carried_from__plan=plan.amends).select_related("carried_from"):
        original = action.carried_from
        for name in _EXECUTION_FIELDS:
            setattr(action, name, getattr(original, name))
        action.save(update_fields=[name.removesuffix("_id") for name in _EXECUTION_FIELDS])
        _copy_history(original, action)
        record(verb="plans.carry_execution", object=action, by=by, at=at, territory=plan.municipality)


def _copy_history(original: Action, action: Action) -> None:
    before = {part.standard_id: part for part in original.standards.all()}
    for part in action.standards.filter(standard_id__in=before):
        part.claimed_level = before[part.standard_id].claimed_level
        part.level_after = before[part.standard_id].level_after
        part.save(update_fields=["claimed_level", "level_after"])
    reached = {milestone.name: milestone for milestone in original.milestones.filter(reached_on__isnull=False)}
    for milestone in action.milestones.filter(name__in=reached):
        milestone.reached_on = reached[milestone.name].reached_on
        milestone.reached_by_id = reached[milestone.name].reached_by_id
        milestone.save(update_fields=["reached_on", "reached_by"])
    shown_already = set(action.evidence.values_list("file_id", flat=True))
    evidence = [row for row in original.evidence.all() if row.file_id not in shown_already]
    for model, rows in (
        (ActionEvidence, evidence),
        (ActionProgress, original.reports.all()),
        (ActionVerification, original.verifications.all()),
    ):
        model.objects.bulk_create(_copies(rows, action))


def _copies(rows: Iterable[Any], action: Action) -> list[Any]:
    copies = []
    for row in sorted(rows, key=lambda row: row.pk):
        row.pk, row.action = None, action
        row._state.adding = True
        copies.append(row)
    return copies


def _copy_action(
    action: Action, into: ImprovementPlan, by: Any, at: datetime, number: int | None = None, **changes: Any
) -> Action:
    values = {name: getattr(action, name) for name in PLANNED_FIELDS} | changes
    values["number"] = number or action.number
    copy = Action.objects.create(
        plan=into, carried_from=action, created_by=by, created_at=at, edited_by=by, edited_at=at, **values
    )
    ActionSource.objects.bulk_create(
        ActionSource(action=copy, kind=source.kind, reference=source.reference, label=source.label)
        for source in action.sources.all()
    )
    return copy


def _copy_standards(parts: Iterable[ActionStandard], copy: Action) -> None:
    ActionStandard.objects.bulk_create(
        ActionStandard(
            action=copy,
            standard_id=part.standard_id,
            level_before=part.level_before,
            before_series=part.before_series,
            target=part.target,
        )
        for part in parts
    )


def _is_wanted(line: LineLeft, chosen: Collection[int] | None) -> bool:
    if chosen is None:
        return not line.is_reached
    return line.action.pk in chosen and not line.is_at_top


def _carry_line(line: LineLeft, into: ImprovementPlan, by: Any, at: datetime) -> Action:
    action, year = line.action, into.cycle
    starts_on = min(max(local_day(into, at), year.starts_on), year.ends_on)
    ends_on = max(action.ends_on, year.ends_on)
    last = into.actions.aggregate(last=Max("number"))["last"] or 0
    copy = _copy_action(action, into, by, at, last + 1, starts_on=starts_on, ends_on=ends_on, effect_check_on=None)
    ActionStandard.objects.bulk_create(
        ActionStandard(
            action=copy,
            standard=part.standard,
            level_before=part.level,
            before_series=part.series,
            target=part.target,
        )
        for part in line.parts
        if line.is_reached or not part.is_reached
    )
    Milestone.objects.bulk_create(
        Milestone(action=copy, name=milestone.name, due_on=_due_in(year.year, milestone.due_on, starts_on, ends_on))
        for milestone in action.milestones.all()
        if milestone.reached_on is None
    )
    record(verb="plans.carry_over", object=copy, by=by, at=at, territory=into.municipality)
    return copy


def _due_in(year: int, due_on: date, starts_on: date, ends_on: date) -> date:
    """The same day of the new year; where that is no day after the start any more, the line's last day."""
    day = 28 if (due_on.month, due_on.day) == (2, 29) else due_on.day
    moved = due_on.replace(year=max(year, due_on.year), day=day)
    return moved if starts_on < moved <= ends_on else ends_on


def _recorded(
    verb: str, plan: ImprovementPlan, by: Any, at: datetime, detail: dict[str, Any] | None = None
) -> ImprovementPlan:
    record(verb=verb, object=plan, by=by, at=at, territory=plan.municipality, detail=detail)
    return plan
