"""The whole demonstration, built by calling the product's own verbs in the order of real life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

import quality
from plans.models import ImprovementPlan
from portal.demo import (
    agenda,
    attentions,
    complaints,
    diagnosis,
    planning,
    privacy,
    procedures,
    queues,
    surveys,
    texts,
    themes,
)
from portal.demo.accounts import Accounts, Team
from portal.demo.diagnosis import Year
from portal.demo.hashing import cheap_hashing
from portal.demo.levels import LevelDraw
from portal.demo.sizes import MAIN_MUNICIPALITY, STORIES, SURVEYED, SURVEYED_TWICE, THEMES_NEIGHBOR, Size
from portal.demo.timeline import ZONE, Timeline
from portal.foundation.cycles.domain import close_cycle, create_cycle, enroll, open_cycle
from portal.foundation.cycles.models import Cycle, Stage
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.domain import load_territories
from portal.foundation.territories.models import Territory
from portal.pages.domain import set_up_site
from portal.pages.models import NewsIndexPage, NewsPage
from quality.domain.catalogue import load_catalogue
from quality.models import CatalogueVersion

CATALOGUE = Path(quality.__file__).parent / "data" / "catalogue-cl-rsh-0.1.0.yaml"
WINDOWS = {
    "self_diagnosis": {"opens": "01-01", "closes": "12-31"},
    "improvement_plan": {"opens": "03-01", "closes": "12-15"},
    "accountability": {"opens": "11-01", "closes": "12-31"},
}
END_OF_YEAR = "Termina el año. Lo que quedó abierto pasa al plan del año siguiente."
EARLIER_STAGES = {
    Stage.NEW: (),
    Stage.CONTINUITY: (Stage.NEW,),
    Stage.CONSOLIDATION: (Stage.CONTINUITY, Stage.NEW),
}


@dataclass(frozen=True)
class Place:
    """A municipality of the demonstration: this year's stage, and how far it has come."""

    municipality: Territory
    stage: Stage
    story: str

    def stage_years_ago(self, years: int) -> Stage | None:
        """Its stage ``years`` before this one; None before it took part."""
        if years == 0:
            return self.stage
        earlier = EARLIER_STAGES[self.stage]
        return earlier[years - 1] if years <= len(earlier) else None


class DemoCountry:
    """Builds the demonstration of ``size`` as seen at ``now``; the same ``seed`` gives the same country."""

    def __init__(self, *, size: Size, seed: int, now: datetime, tell: Callable[[str], None]) -> None:
        self.size = size
        self.rng = Random(seed)  # noqa: S311  (a repeatable story, not a secret)
        self.now = now.astimezone(ZONE)
        self.tell = tell
        self.last_plans: dict[int, ImprovementPlan] = {}

    @cheap_hashing()
    @transaction.atomic
    def build(self) -> None:
        """All or nothing: a seed that is killed leaves the database empty, and can be run again."""
        first_year = self.now.year - self.size.years + 1
        self.since = Timeline(first_year, self.now).moment(0)
        self.tell("Territories, pages and catalogue…")
        load_territories(by=None, at=self.since)
        set_up_site(address=settings.SITE_URL)
        self.catalogue = load_catalogue(content=CATALOGUE.read_bytes(), by=None, at=self.since)
        self.places = self._choose_places()
        surveys.publish(timeline=Timeline(first_year, self.now))
        self._create_people()
        self._publish_procedures()
        self._attend()
        self._listen()
        self._look_for_themes()
        for year in range(first_year, self.now.year + 1):
            self._live_year(year)
        self._write_news()
        self.tell("Personal data…")
        privacy.seed(team=self.teams[self._main().pk], national=self.national, now=self.now)

    def _choose_places(self) -> list[Place]:
        by_code = {territory.code: territory for territory in Territory.objects.municipalities()}
        places = [Place(by_code[code], stage, story) for code, (stage, story) in self.size.named.items()]
        others = [territory for code, territory in sorted(by_code.items()) if code not in self.size.named]
        for stage, count in self.size.drawn.items():
            for territory in self.rng.sample(others, count):
                others.remove(territory)
                places.append(Place(territory, stage, STORIES[len(places) % len(STORIES)]))
        return places

    def _create_people(self) -> None:
        accounts = Accounts(since=date(self.since.year, 1, 1), at=self.since)
        country = Territory.objects.get(level="country")
        self.national = accounts.others(country=country, municipality=self._main())
        regions = {place.municipality.region_id: place.municipality.region for place in self.places}
        self.regional: dict[int, User] = {pk: accounts.region(region) for pk, region in sorted(regions.items())}
        self.teams: dict[int, Team] = {
            place.municipality.pk: accounts.team(place.municipality) for place in self.places
        }
        # Whoever writes a procedure does not publish it.
        self.second_national = accounts.create("nacional2", Role.NATIONAL_TEAM, country).user
        self.draws = {
            place.municipality.pk: LevelDraw(Random(self.rng.random()), may_not_apply=texts.NOT_APPLICABLE_REASONS)  # noqa: S311
            for place in self.places
        }

    def _publish_procedures(self) -> None:
        self.tell("Procedures…")
        first, last = Timeline(self.since.year, self.now), Timeline(self.now.year, self.now)
        procedures.publish_national(writer=self.national, publisher=self.second_national, first=first, last=last)
        named = [
            self.teams[place.municipality.pk] for place in self.places if place.municipality.code in self.size.named
        ]
        procedures.publish_local(teams=named, first=first, last=last)

    def _attend(self) -> None:
        """The counters are open while the years of the programme go by."""
        rng = Random(self.rng.random())  # noqa: S311
        attentions.set_up_country(country=Territory.objects.get(level="country"), since=self.since)
        for place in self.places:
            self.tell(f"Attentions of {place.municipality.name}…")
            office = attentions.open_office(team=self.teams[place.municipality.pk], since=self.since, rng=rng)
            attentions.attend(office=office, now=self.now, rng=rng)
            agenda.open_agenda(office=office, since=self.since)
            is_main = place.municipality.code == MAIN_MUNICIPALITY
            agenda.book(office=office, at=Timeline(self.now.year, self.now).moment(1), rng=rng, is_main=is_main)
            if is_main:
                queues.open_queue(office=office, now=self.now, rng=rng)

    def _main(self) -> Territory:
        """The municipality in which there is somebody of every role."""
        return next(place.municipality for place in self.places if place.municipality.code == MAIN_MUNICIPALITY)

    def _listen(self) -> None:
        """People complain and suggest, and are answered, where the programme is shown in full."""
        rng = Random(self.rng.random())  # noqa: S311
        for place in self.places:
            code = place.municipality.code
            if code in self.size.named:
                self.tell(f"Complaints of {place.municipality.name}…")
                complaints.listen(
                    team=self.teams[place.municipality.pk],
                    catalogue=self.catalogue,
                    now=self.now,
                    rng=rng,
                    many=code == MAIN_MUNICIPALITY,
                )

    def _look_for_themes(self) -> None:
        """Where most is said; a neighbor looks for the first time."""
        self.tell("Themes…")
        themes.give_key(national=self.national, at=self.since)
        searches = themes.halves(self.now.year, self.now)
        closed = [search for search in searches if search.is_closed]
        chosen = {MAIN_MUNICIPALITY: searches, THEMES_NEIGHBOR: closed[-1:]}
        for place in self.places:
            if place.municipality.code in chosen:
                themes.search(
                    team=self.teams[place.municipality.pk],
                    searches=chosen[place.municipality.code],
                    catalogue=self.catalogue,
                )

    def _live_year(self, year: int) -> None:
        timeline = Timeline(year, self.now)
        cycle = self._open_cycle(timeline)
        taking_part = [
            (place, stage)
            for place in self.places
            if (stage := place.stage_years_ago(self.now.year - year)) is not None
        ]
        for place, stage in taking_part:
            self.tell(f"{year} · {place.municipality.name}…")
            enroll(municipality=place.municipality, cycle=cycle, stage=stage, by=self.national, at=timeline.moment(0))
            self._live(place, cycle, timeline)
            self._ask(place, cycle, timeline)
        if not timeline.is_current:
            close_cycle(cycle=cycle, reason=END_OF_YEAR, by=self.national, at=timeline.moment(1))

    def _open_cycle(self, timeline: Timeline) -> Cycle:
        cycle = create_cycle(
            year=timeline.year,
            name=f"Ciclo {timeline.year}",
            starts_on=timeline.starts_on,
            ends_on=timeline.ends_on,
            catalogue_version=self.catalogue.version,
            windows=WINDOWS,
            reference_mix=surveys.MIX,
            is_demo=True,
            by=self.national,
            at=timeline.moment(0),
        )
        return open_cycle(cycle=cycle, by=self.national, at=timeline.moment(0))

    def _live(self, place: Place, cycle: Cycle, timeline: Timeline) -> None:
        pk = place.municipality.pk
        year = Year(
            team=self.teams[pk],
            regional=self.regional[place.municipality.region_id],
            cycle=cycle,
            timeline=timeline,
            rng=self.rng,
            standards=list(CatalogueVersion.objects.get(pk=self.catalogue.pk).standards.order_by("number")),
            draw=self.draws[pk],
        )
        story = place.story if timeline.is_current else "closed"
        plan = live(year, story, self.last_plans.get(pk))
        if plan is not None:
            self.last_plans[pk] = plan

    def _ask(self, place: Place, cycle: Cycle, timeline: Timeline) -> None:
        """Where most is said, enough answer for every figure; a neighbor's survey is a small one.

        This year's is open where it is shown, and closed where two years are compared.
        """
        people = SURVEYED.get(place.municipality.code)
        if people is None or timeline.year < self.now.year - 1:
            return
        ends = not timeline.is_current or place.municipality.code in SURVEYED_TWICE
        asked, volunteers = (people, 12) if ends else (people // 4, 3)
        team = self.teams[place.municipality.pk]
        rng = Random(self.rng.random())  # noqa: S311
        surveys.ask(team=team, cycle=cycle, timeline=timeline, rng=rng, people=asked, volunteers=volunteers, ends=ends)

    def _write_news(self) -> None:
        for language, (title, introduction) in texts.NEWS.items():
            parent = NewsIndexPage.objects.filter(locale=Locale.objects.get(language_code=language)).first()
            if parent is not None:
                parent.add_child(
                    instance=NewsPage(
                        title=title, introduction=introduction, date=self.now.date(), locale=parent.locale
                    )
                )


def live(year: Year, story: str, previous: ImprovementPlan | None) -> ImprovementPlan | None:
    """One municipality's year, as far as its story goes; returns its plan where it has one."""
    if story == "diagnosing":
        diagnosis.answer_all(year, until=22)
        return None
    # Where the region has still to look, it also has a «not applicable» to decide.
    waits = story == "submitted"
    assessment = diagnosis.submit(year, diagnosis.answer_all(year, not_applicable=("E05",) if waits else ()))
    if waits:
        return None
    diagnosis.review(year, assessment)
    plan = planning.write_plan(year, previous, is_signed=story not in ("commenting", "proposed"))
    planning.take_comments(year, plan, close=story != "commenting")
    if story == "commenting":
        return plan
    plan = planning.propose(year, plan)
    if story == "proposed":
        return plan
    plan = planning.sign(year, plan)
    planning.execute(year, plan, is_over=story != "executing")
    if story != "executing":
        planning.give_account(year, plan, close=story == "closed")
    return plan
