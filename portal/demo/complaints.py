"""Two years of complaints, suggestions, compliments and enquiries, handled by the real verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from benefits_core.queries.procedures import steps_to_choose
from portal.demo import complaint_texts as texts
from portal.demo.accounts import Team
from portal.demo.complaint_texts import Story
from portal.demo.timeline import Timeline
from portal.foundation.clocks.working_days import add_working_days
from portal.foundation.territories.models import ServicePoint
from quality.models import CatalogueVersion, ComplaintCategory, Standard
from surveys.domain import answers, assignments, coding, complaints, reviews, terms, thread
from surveys.domain.answers import AnswerContent
from surveys.domain.complaints import Complained, Named
from surveys.enums import ComplaintChannel, ComplaintRoute
from surveys.models import Complaint, QuarterlyReview
from surveys.statistics import Quarter

YEARS = 2
MANY, SOME = 30, 10
# Working days back from today that the last cases came in, and how far each has come.
UNFINISHED = (
    (44, "overdue"),
    (26, "reopened"),
    (13, "answered"),
    (9, "waiting"),
    (7, "in_study"),
    (6, "unsettled"),
    (5, "withdrawn"),
    (3, "alert"),
    (1, "received"),
)
CHANNELS = (
    (ComplaintChannel.WEB, 0.4),
    (ComplaintChannel.COUNTER, 0.3),
    (ComplaintChannel.TELEPHONE, 0.12),
    (ComplaintChannel.KIOSK, 0.08),
    (ComplaintChannel.LETTER, 0.06),
    (ComplaintChannel.OUTREACH, 0.04),
)
FOUND = {story.category: story for story in reversed(texts.STORIES) if story.kind == "complaint"}


@dataclass(frozen=True)
class Desk:
    """Where the complaints of one municipality are seen to."""

    team: Team
    rng: Random
    now: datetime
    categories: dict[str, ComplaintCategory]
    standards: dict[str, Standard]
    points: list[ServicePoint]

    def moment(self, day: date, hour: int = 11) -> datetime:
        at = datetime.combine(day, time(hour, self.rng.randrange(60)), tzinfo=self.team.municipality.zone)
        return min(at, self.now)

    def later(self, day: date, days: int) -> date:
        return add_working_days(day, days, self.team.municipality)


def listen(*, team: Team, catalogue: CatalogueVersion, now: datetime, rng: Random, many: bool) -> None:
    """Everything that was said to one municipality, and what it did with it, up to ``now``."""
    place = team.municipality
    desk = Desk(
        team=team,
        rng=rng,
        now=now,
        categories={each.code: each for each in ComplaintCategory.objects.filter(version=catalogue)},
        standards={each.code: each for each in catalogue.standards.all()},
        points=list(ServicePoint.objects.filter(territory=place)),
    )
    first = Timeline(now.year - YEARS + 1, now)
    _set_up(desk, first)
    days = [day for year in range(first.year, now.year + 1) for day in Timeline(year, now).worked]
    if len(days) <= UNFINISHED[0][0]:
        return
    over = days[: -UNFINISHED[0][0] - 1]
    count = MANY if many else SOME
    stories = list(texts.STORIES)
    for index in range(count):
        day = over[min(len(over) - 1, int(len(over) * (index + rng.random()) / count))]
        if index % len(stories) == 0:
            rng.shuffle(stories)
        _finish(desk, stories[index % len(stories)], day)
    for back, state in UNFINISHED:
        _begin(desk, state, days[-back])
    _review(desk, Quarter.of(now.date()).previous)


def _set_up(desk: Desk, first: Timeline) -> None:
    """Terms of the ordinance, and templates."""
    at = first.moment(0)
    place, lead = desk.team.municipality, desk.team.coordinator
    terms.set_terms(
        territory=place,
        starts_on=at.astimezone(place.zone).date(),
        answer_days=desk.rng.choice((20, 20, 30)),
        internal_days=10,
        acknowledge_days=1,
        ordinance="Ordenanza de participación ciudadana, artículo 14",
        by=desk.team.dideco,
        at=at,
    )
    for title, found, action, next_step in texts.TEMPLATES:
        terms.save_template(
            territory=place, title=title, found=found, action=action, next_step=next_step, by=lead, at=at
        )


def _receive(desk: Desk, story: Story, day: date, **changes: Any) -> Complaint:
    rng, place = desk.rng, desk.team.municipality
    channel = rng.choices([channel for channel, _share in CHANNELS], [share for _channel, share in CHANNELS])[0]
    assisted = channel not in (ComplaintChannel.WEB, ComplaintChannel.KIOSK)
    at = desk.moment(day, rng.choice((9, 10, 11, 12)))
    step = None
    if story.in_a_step:
        offered = [each for choice in steps_to_choose(place, day) for each in choice.steps]
        step = rng.choice(offered) if offered else None
    content = Complained(
        kind=story.kind,
        channel=channel,
        text=changes.pop("text", story.text),
        category=desk.categories.get(story.category) if rng.random() < 0.9 else None,
        happened_on=day - timedelta(days=rng.randrange(0, 4)),
        service_point=rng.choice(desk.points) if desk.points and rng.random() < 0.8 else None,
        step=step,
        about=story.about,
        about_words=story.about_words,
        preferential=story.preferential,
    )
    named = Named("Rosa", "Fuentes") if assisted and rng.random() < 0.4 else None
    return complaints.receive(
        territory=place,
        content=content,
        named=named,
        contact="vecina@demo.example" if rng.random() < 0.3 else "",
        by=desk.team.member if assisted else None,
        at=at,
    ).complaint


def _look_after(desk: Desk, made: Complaint, story: Story, day: date) -> None:
    """Settled about whom it is, classified, and put in somebody's hands."""
    at, lead = desk.moment(day, 13), desk.team.coordinator
    about_member = story.about == "staff"
    if about_member:
        complaints.settle_about(complaint=made, person=desk.team.member, by=lead, at=at)
    category = desk.categories.get(story.category) or desk.categories["R16"]
    made.refresh_from_db()
    complaints.classify(
        complaint=made,
        kind=story.kind,
        category=category,
        preferential=story.preferential,
        step=made.step,
        by=lead,
        at=at,
    )
    made.refresh_from_db()
    assignments.assign(complaint=made, to=lead if about_member else desk.team.member, by=lead, at=at)
    made.refresh_from_db()


def _finish(desk: Desk, story: Story, day: date) -> None:
    """A case of the past, from its receipt to its close and its cause."""
    rng, lead = desk.rng, desk.team.coordinator
    made = _receive(desk, story, day)
    if story.category in ("R14", "R15"):
        route = ComplaintRoute.RECTIFICATION if story.category == "R14" else ComplaintRoute.MINISTRY
        at = desk.moment(desk.later(day, 1))
        complaints.lead_elsewhere(complaint=made, route=route, explanation=story.action, by=lead, at=at)
        return
    _look_after(desk, made, story, desk.later(day, 1))
    took = 31 + rng.randrange(3) if rng.random() < 0.07 else rng.randrange(3, 15)
    if rng.random() < 0.2:
        made = _ask_and_reply(desk, made, desk.later(day, 2))
    answered = desk.later(day, took)
    _answer(desk, made, story, answered)
    if rng.random() < 0.55:
        grade = rng.choices((2, 3, 4, 5, 6, 7), (1, 1, 2, 4, 6, 5))[0]
        answers.rate(
            complaint=made, satisfaction=grade, comment=rng.choice(texts.COMMENTS), at=desk.moment(answered, 17)
        )
    if rng.random() < 0.06:
        answers.reopen(complaint=made, reason=texts.REOPENED, at=desk.moment(desk.later(answered, 3)))
        answered = desk.later(answered, 8)
        _answer(desk, made, story, answered)
    answers.close(complaint=made, by=None, at=desk.moment(desk.later(answered, 11)))
    _code(desk, made, story, desk.later(answered, 12))


def _ask_and_reply(desk: Desk, made: Complaint, day: date) -> Complaint:
    number = desk.rng.randrange(len(texts.QUESTIONS))
    by = made.owner or desk.team.coordinator
    thread.add_note(complaint=made, text=texts.NOTES[number], by=by, at=desk.moment(day, 10))
    thread.ask_person(complaint=made, text=texts.QUESTIONS[number], by=by, at=desk.moment(day, 12))
    thread.reply(complaint=made, text=texts.REPLIES[number], at=desk.moment(desk.later(day, 2), 17))
    made.refresh_from_db()
    return made


def _answer(desk: Desk, made: Complaint, story: Story, day: date) -> None:
    made.refresh_from_db()
    content = AnswerContent(found=story.found, action=story.action, next_step=story.next_step, outcome=story.outcome)
    by = made.owner or desk.team.coordinator
    answers.answer(complaint=made, content=content, revision=made.revision, by=by, at=desk.moment(day, 16))
    made.refresh_from_db()


def _code(desk: Desk, made: Complaint, story: Story, day: date) -> None:
    made.refresh_from_db()
    standards = [desk.standards[code] for code in story.standards if code in desk.standards]
    first = made.owner or desk.team.coordinator
    coding.code(complaint=made, cause=story.cause, standards=standards, by=first, at=desk.moment(day))
    made.refresh_from_db()
    if made.needs_second_coding:
        second = desk.team.dideco if first == desk.team.coordinator else desk.team.coordinator
        cause = story.cause if desk.rng.random() < 0.8 else "information"
        coding.code_again(complaint=made, cause=cause, standards=standards, by=second, at=desk.moment(day, 15))


def _begin(desk: Desk, state: str, day: date) -> None:
    """One of the cases that are still on the table, as far as its state says."""
    after = desk.later(day, 1)
    story = FOUND[{"alert": "R11", "unsettled": "R06", "overdue": "R10", "reopened": "R12"}.get(state, "R09")]
    made = _receive(desk, story, day)
    if state in ("received", "alert", "unsettled"):
        return
    _look_after(desk, made, story, after)
    if state == "waiting":
        thread.ask_person(
            complaint=made, text=texts.QUESTIONS[0], by=desk.team.member, at=desk.moment(desk.later(day, 3))
        )
    elif state == "withdrawn":
        complaints.withdraw(complaint=made, reason=texts.WITHDRAWN, at=desk.moment(desk.later(day, 2)))
    elif state in ("answered", "reopened"):
        answered = desk.later(day, 6)
        _answer(desk, made, story, answered)
        if state == "reopened":
            answers.rate(complaint=made, satisfaction=3, at=desk.moment(desk.later(answered, 4)))
            answers.reopen(complaint=made, reason=texts.REOPENED, at=desk.moment(desk.later(answered, 4), 12))


def _review(desk: Desk, quarter: Quarter) -> QuarterlyReview:
    """The last quarter that ended was looked at with the team."""
    lead = desk.team.coordinator
    held_on = desk.later(quarter.ends_on, 6)
    return reviews.record_review(
        territory=desk.team.municipality,
        quarter=quarter,
        held_on=min(held_on, desk.now.date()),
        participants=f"{lead.get_full_name()}, {desk.team.member.get_full_name()}, {desk.team.dideco.get_full_name()}",
        notes=texts.REVIEW_NOTES,
        agreements=[
            reviews.Agreed(text=text, cause=cause, owner=lead, due_on=held_on + timedelta(days=45))
            for text, cause in texts.AGREEMENTS
        ],
        by=lead,
        at=desk.moment(held_on, 17),
    )
