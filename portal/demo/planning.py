"""A municipality writes its plan, has it commented and signed, carries it out and gives account."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from plans.domain import accountability, actions, comments, execution, plans
from plans.domain.actions import ActionContent
from plans.enums import ActionKind, ActionState, EvidenceMoment, SignatureRole
from plans.models import Action, ImprovementPlan
from plans.queries.gaps import gap_records
from portal.demo import texts
from portal.demo.diagnosis import Year, evidence_file
from portal.demo.texts import Comment, Improvement
from portal.demo.timeline import Timeline
from quality.models import LevelRecord

LINES = 6
COMMENT_DAYS_AHEAD = 20
COMMENTS = 4


def write_plan(year: Year, previous: ImprovementPlan | None, *, is_signed: bool) -> ImprovementPlan:
    """Open the plan, carry last year's open lines over, and draw lines from the largest gaps.

    :param is_signed: whether the story goes on to the signatures; else its work still lies ahead.
    """
    at = year.timeline.moment(0.32)
    team = year.team
    plan = plans.open_plan(municipality=team.municipality, cycle=year.cycle, by=team.member, at=at)
    plans.edit_summary(plan=plan, summary=texts.PLAN_SUMMARY, by=team.member, at=at)
    if previous is not None:
        plans.carry_over(plan=previous, into=plan, by=team.member, at=at)
    covered = set(plan.actions.values_list("standards__standard__code", flat=True))
    gaps = {
        record.standard.code: record
        for record in gap_records(team.municipality, year.cycle)
        if record.standard.code not in covered
    }
    written = 0
    for improvement in texts.IMPROVEMENTS:
        record = gaps.get(improvement.standard)
        if record is not None and written < LINES:
            _write_line(year, plan, improvement, record, 0.33 + 0.01 * written, is_signed=is_signed)
            written += 1
    plan.refresh_from_db()
    return plan


def _write_line(
    year: Year, plan: ImprovementPlan, improvement: Improvement, record: LevelRecord, share: float, *, is_signed: bool
) -> Action:
    team, timeline = year.team, year.timeline
    starts_on, due = _dates(timeline, is_signed=is_signed)
    at = timeline.moment(share)
    pertinence, incidence = year.rng.choice((2, 3, 3)), year.rng.choice((2, 2, 3))
    feasibility = texts.feasibility(improvement.amount)
    action = actions.add_action(
        plan=plan,
        content=ActionContent(
            kind=improvement.kind,
            title=improvement.title,
            problem=improvement.problem,
            root_cause=improvement.root_cause,
            improvement=improvement.improvement,
            public_summary=improvement.public_summary,
            pertinence=pertinence,
            pertinence_reason=texts.PERTINENCE_REASONS[pertinence],
            incidence=incidence,
            incidence_reason=texts.INCIDENCE_REASONS[incidence],
            feasibility=feasibility,
            feasibility_reason=texts.FEASIBILITY_REASONS[feasibility],
            owner=year.rng.choice((team.member, team.coordinator)),
            stand_in=None,
            starts_on=starts_on,
            ends_on=timeline.ends_on,
            amount=Decimal(improvement.amount) if improvement.amount else None,
            funding_source="Presupuesto municipal" if improvement.amount else "",
            indicator=improvement.indicator,
            baseline=improvement.baseline,
            goal=improvement.goal,
            data_source=improvement.data_source,
            effect_check_on=timeline.ends_on,
        ),
        standards=[(record.standard, min(3, (record.level or 0) + 1))],
        sources=[("quality.gap", str(record.pk))],
        by=team.member,
        at=at,
    )
    for name, due_on in zip(improvement.milestones, due, strict=True):
        actions.add_milestone(action=action, name=name, due_on=due_on, by=team.member, at=at)
    return action


def _dates(timeline: Timeline, *, is_signed: bool) -> tuple[date, tuple[date, date]]:
    """The first day of a line, and the days of its two milestones. A plan not signed yet begins after today."""
    last = timeline.ends_on - timedelta(days=20)
    if is_signed:
        starts_on = timeline.day(0.5)
        return starts_on, (max(timeline.day(0.7), starts_on), max(last, starts_on))
    starts_on = timeline.day(1, shift=5)
    first = min(starts_on + timedelta(days=21), timeline.ends_on)
    return starts_on, (first, max(last, min(first + timedelta(days=7), timeline.ends_on)))


def take_comments(year: Year, plan: ImprovementPlan, *, close: bool) -> None:
    """Open the draft to the neighbors; where ``close``, answer what they wrote and close."""
    team, timeline = year.team, year.timeline
    opened = timeline.moment(0.4)
    until = timeline.day(0.43) if close else timeline.moment(1).date() + timedelta(days=COMMENT_DAYS_AHEAD)
    comments.open_comments(plan=plan, until=until, by=team.coordinator, at=opened)
    neighbors = year.rng.sample(texts.NEIGHBORS, COMMENTS)
    for index, ((action, said), (name, organization)) in enumerate(
        zip(_comments_on(year, plan), neighbors, strict=False)
    ):
        share = 0.002 * index
        comment = comments.comment(
            plan=plan,
            action=action,
            name=name,
            organization=organization,
            text=said.text,
            at=timeline.moment(0.41 + share),
        )
        if close:
            comments.publish_comment(comment=comment, by=team.coordinator, at=timeline.moment(0.42 + share))
            comments.answer_comment(
                comment=comment, answer=said.answer, by=team.coordinator, at=timeline.moment(0.425 + share)
            )


def _comments_on(year: Year, plan: ImprovementPlan) -> list[tuple[Action | None, Comment]]:
    """What the neighbors say of lines of this plan, and of the whole plan."""
    lines = {
        code: action
        for action in plan.actions.all()
        for code in action.standards.values_list("standard__code", flat=True)
    }
    on_lines = [(lines[said.standard], said) for said in texts.COMMENTS if said.standard in lines]
    on_plan = [(None, said) for said in texts.COMMENTS if not said.standard]
    return [*year.rng.sample(on_lines, min(len(on_lines), COMMENTS - len(on_plan))), *on_plan]


def propose(year: Year, plan: ImprovementPlan) -> ImprovementPlan:
    return plans.propose_plan(plan=plan, by=year.team.coordinator, at=year.timeline.moment(0.45))


def sign(year: Year, plan: ImprovementPlan) -> ImprovementPlan:
    """Both validators sign what was proposed."""
    team = year.team
    for role, user, share in (
        (SignatureRole.COORDINATOR, team.coordinator, 0.46),
        (SignatureRole.DIDECO, team.dideco, 0.48),
    ):
        plan.refresh_from_db()
        plans.sign_plan(plan=plan, role=role, content_hash=plan.content_hash, by=user, at=year.timeline.moment(share))
    plan.refresh_from_db()
    return plan


def execute(year: Year, plan: ImprovementPlan, *, is_over: bool) -> None:
    """Carry the lines out. One is sent back by the region, and the last one is not finished in time.

    :param is_over: every other line is verified; otherwise two still run and one waits for the region.
    """
    lines = list(plan.actions.order_by("-priority", "number"))
    finished = lines[:-1] if is_over else lines[:-2]
    verified = finished if is_over else finished[:-1]
    for index, action in enumerate(lines):
        _start(year, action)
        if action in finished:
            _finish(year, action, texts.LESSONS[index % len(texts.LESSONS)], 0.75 + 0.01 * index)
        if action in verified:
            _verify(year, action, accepted=index != 1)


def _start(year: Year, action: Action) -> None:
    team = year.team
    at = year.timeline.moment(0.52)
    execution.start_action(action=action, by=team.member, at=at)
    first = action.milestones.first()
    if first is not None and first.reached_on is None:
        execution.reach_milestone(
            milestone=first, reached_on=year.timeline.day(0.65), by=team.member, at=year.timeline.moment(0.66)
        )
    execution.report_progress(
        action=action,
        progress=year.rng.choice((40, 50, 60)),
        note="Se cumplió el primer hito y el equipo ya trabaja así.",
        by=team.member,
        at=year.timeline.moment(0.67),
    )


def _finish(year: Year, action: Action, lesson: str, share: float) -> None:
    team = year.team
    for milestone in action.milestones.filter(reached_on=None):
        execution.reach_milestone(
            milestone=milestone,
            reached_on=year.timeline.day(share - 0.02),
            by=team.member,
            at=year.timeline.moment(share - 0.015),
        )
    for moment, title, when in (
        (EvidenceMoment.BEFORE, "Así era antes", 0.5),
        (EvidenceMoment.AFTER, "Así quedó", share - 0.01),
    ):
        execution.add_evidence(
            action=action,
            file=evidence_file(year, title, when),
            moment=moment,
            dated_on=year.timeline.day(when),
            description=f"{title}: {action.title}"[:200],
            by=team.member,
            at=year.timeline.moment(share - 0.005),
        )
    execution.finish_action(
        action=action,
        claimed_levels={part.standard_id: part.target for part in action.standards.all()},
        lesson=lesson,
        spent=action.amount,
        by=team.member,
        at=year.timeline.moment(share),
    )


def _verify(year: Year, action: Action, *, accepted: bool) -> None:
    execution.verify_action(
        action=action,
        accepted=accepted,
        levels={part.standard_id: part.target for part in action.standards.all()} if accepted else {},
        remarks="" if accepted else texts.REJECTION_REMARKS,
        by=year.regional,
        at=year.timeline.moment(0.9),
    )
    if not accepted:
        execution.report_progress(
            action=action,
            progress=90,
            note=texts.AFTER_REJECTION,
            by=year.team.member,
            at=year.timeline.moment(0.915),
        )


def give_account(year: Year, plan: ImprovementPlan, *, close: bool) -> None:
    """Report, publish and, where ``close``, close the year."""
    team, timeline = year.team, year.timeline
    for action in plan.actions.exclude(state__in=("verified", "carried_over")):
        execution.defer_action(
            action=action,
            reason=texts.DEFERRAL_REASONS[action.state],
            by=team.coordinator,
            at=timeline.moment(0.93),
        )
    lines = list(plan.actions.all())
    verified = sum(action.state == ActionState.VERIFIED for action in lines)
    has_works = any(action.kind == ActionKind.INFRASTRUCTURE for action in lines)
    accountability.submit_execution_report(
        plan=plan,
        achievements=texts.ACHIEVEMENTS % {"lines": len(lines), "verified": verified},
        deviations=texts.DEVIATION_OF_WORKS if has_works else texts.DEVIATIONS % {"left": len(lines) - verified},
        lessons=texts.LESSONS[0],
        by=team.coordinator,
        at=timeline.moment(0.95),
    )
    accountability.record_publication(
        plan=plan,
        kind="panel",
        url="",
        place="Panel de la oficina del Registro Social de Hogares",
        published_on=timeline.day(0.96),
        by=team.coordinator,
        at=timeline.moment(0.965),
    )
    if close:
        accountability.close_year(plan=plan, by=team.coordinator, at=timeline.moment(0.98))
