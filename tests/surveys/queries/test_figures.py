"""Figures in SQL: terms, days, reopenings, what is counted apart, and what the public may read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Period
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain import answers, coding, complaints, thread
from surveys.enums import ComplaintKind, ComplaintRoute, Outcome, RootCause
from surveys.models import Complaint, ComplaintMonth
from surveys.queries import figures as reads
from surveys.queries import months
from surveys.queries.public import public_figures
from tests.factories import benefits
from tests.factories import complaints as factory
from tests.factories.benefits import published_step
from tests.factories.complaints import NOW, complaint, worker
from tests.factories.people import UserFactory
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 5, 4)


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 15, tzinfo=UTC)


def figures(place: Territory, **changes: Any) -> reads.Figures:
    return reads.cohort(place, YEAR, TODAY).figures(**changes)


def answered_in(place: Territory, at: datetime, **changes: Any) -> Complaint:
    return factory.answered(complaint(place, **changes), at=at)


def test_in_term_counts_what_had_to_be_answered_by_now() -> None:
    place = MunicipalityFactory()
    answered_in(place, day(3, 10))
    answered_in(place, day(4, 20))  # late
    complaint(place)  # due on 14 April: open and late
    complaint(place, at=day(4, 30))  # not due yet
    complaints.withdraw(complaint=complaint(place), at=NOW)

    found = figures(place)

    assert (found.in_term.n, found.in_term.of) == (1, 3)
    assert (found.received, found.open, found.overdue) == (5, 2, 1)
    assert found.overdue_by_age == [0, 1, 0, 0]


def test_days_reopenings_and_first_contacts() -> None:
    place = MunicipalityFactory()
    asked = factory.asked(complaint(place))
    thread.reply(complaint=asked, text="El lunes", at=NOW)
    factory.answered(asked, at=day(3, 4))
    again = answered_in(place, day(3, 6))
    answers.reopen(complaint=again, reason="No es así", at=day(3, 9))
    answered_in(place, day(3, 16))

    found = figures(place)

    assert (found.median_days, found.p90_days, found.days) == (4, 10, {2: 1, 4: 1, 10: 1})
    assert (found.reopened.n, found.first_contact.n, found.first_contact.of) == (1, 1, 3)
    # Answered once in term, and late now with its second answer: counted by the first.
    assert (found.in_term.n, found.in_term.of) == (3, 3)


def test_founded_satisfied_and_anonymous() -> None:
    place = MunicipalityFactory()
    for outcome, grade in ((Outcome.FOUNDED, 7), (Outcome.PARTLY, 5), (Outcome.NOT_FOUNDED, 3)):
        made = complaint(place, author=UserFactory() if outcome == Outcome.FOUNDED else None)
        answers.answer(
            complaint=made,
            content=factory.answer_content(outcome=outcome),
            revision=made.revision,
            by=worker(place),
            at=NOW,
        )
        answers.rate(complaint=made, satisfaction=grade, at=NOW)

    found = figures(place)

    assert (found.founded.n, found.founded.of) == (2, 3)
    assert (found.satisfaction_mean, found.rated) == (5, 3)
    assert (found.anonymous.n, found.anonymous.of) == (2, 3)


def test_bracket_and_national_platform_are_counted_apart() -> None:
    place = MunicipalityFactory()
    for code in ("R09", "R09", "R06", "R14", "R15", "R16"):
        complaint(place, category=factory.category(code))
    complaint(place)
    complaint(place, kind=ComplaintKind.COMPLIMENT)
    complaints.lead_elsewhere(
        complaint=complaint(place),
        route=ComplaintRoute.INFORMATION,
        explanation="Use el otro camino.",
        by=worker(place, Role.COORDINATOR),
        at=NOW,
    )

    found = figures(place, services=2000)

    assert {each.code: each.count for each in found.by_category} == {"R09": 2, "R06": 1, "R16": 1}
    assert found.apart == {"R14": 1, "R15": 1, "information": 1}
    assert (found.without_category, found.complaints, found.per_thousand) == (2, 6, 3)
    assert found.by_category[0].per_thousand == 1
    assert not found.asks_for_categories


def test_too_many_others_ask_for_a_category() -> None:
    place = MunicipalityFactory()
    for number in range(20):
        complaint(place, category=factory.category("R16" if number < 3 else "R09"))

    assert figures(place).asks_for_categories


def test_a_region_and_the_country_count_what_lies_below() -> None:
    here, there = MunicipalityFactory(), MunicipalityFactory()
    complaint(here)
    complaint(there)

    counts = [figures(place).received for place in (here, here.region, CountryFactory())]

    assert counts == [1, 1, 2]
    rows = reads.cohort(CountryFactory(), YEAR, TODAY).by_municipality([here, there])
    assert [(row.territory, row.received, row.overdue) for row in rows] == [(here, 1, 1), (there, 1, 1)]


def test_the_figures_cost_the_same_however_many_there_are() -> None:
    place = MunicipalityFactory()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures(place)
        return len(captured)

    factory.coded(complaint(place, category=factory.category()))
    one = queries()
    for _number in range(4):
        factory.coded(complaint(place, category=factory.category("R06")))

    assert queries() == one <= 10


def test_what_is_written_is_counted_by_the_next_who_asks() -> None:
    place = MunicipalityFactory()
    first, _second = complaint(place), complaint(place, at=day(4, 2))
    assert (figures(place).received, figures(place).open) == (2, 2)

    factory.answered(first)
    complaint(place)

    found = figures(place)
    assert (found.received, found.open, sum(found.days.values())) == (3, 2, 1)
    assert not ComplaintMonth.objects.stale().exists()
    assert ComplaintMonth.objects.count() == 2


def test_what_is_written_while_the_month_is_counted_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    place = MunicipalityFactory()
    complaint(place)
    names, written = months._names, []

    def write_meanwhile(row: dict[str, Any]) -> Any:
        if not written:
            written.append(complaint(place))
        return names(row)

    monkeypatch.setattr(months, "_names", write_meanwhile)
    figures(place)

    assert ComplaintMonth.objects.stale().exists()
    assert figures(place).received == 2


def test_the_agreement_of_two_coders_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)
    place = MunicipalityFactory()
    for first, second in ((RootCause.STAFFING, RootCause.STAFFING), (RootCause.SYSTEM, RootCause.TRAINING)) * 2:
        made = factory.coded(complaint(place), cause=first)
        coding.code_again(complaint=made, cause=second, by=worker(place), at=NOW)

    found = reads.cohort(place, YEAR, TODAY).agreement()

    assert (found.pairs, found.observed) == (4, 0.5)
    assert found.kappa is not None


def test_a_question_does_not_undo_that_it_is_late() -> None:
    place = MunicipalityFactory()
    for day in (datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 30, 15, tzinfo=UTC)):
        complaint(place, at=day)  # the terms end on 14 April and 12 May
    late, running = Complaint.objects.order_by("pk")
    today = date(2026, 6, 1)
    for made in (late, running):
        factory.asked(made, at=datetime(2026, 4, 20, 15, tzinfo=UTC))

    found = reads.cohort(place, YEAR, today).figures()

    assert [made.is_late(today) for made in Complaint.objects.order_by("pk")] == [True, False]
    assert list(Complaint.objects.overdue(today)) == [late]
    assert (found.overdue, found.in_term.n, found.in_term.of) == (1, 0, 1)
    assert measure("surveys.complaints_in_term", place)[0].denominator == 1


# --- What the public reads


def test_few_cases_are_not_shown_to_the_public() -> None:
    place = MunicipalityFactory()
    for _number in range(4):
        answered_in(place, NOW)

    shown = public_figures(figures(place))

    assert (shown.received, shown.in_term, shown.median_days) == (None, None, None)


def test_small_cells_and_the_next_one_are_hidden() -> None:
    place = MunicipalityFactory()
    for code, count in (("R09", 12), ("R06", 2), ("R10", 6)):
        for _number in range(count):
            answered_in(place, NOW, category=factory.category(code))

    shown = public_figures(figures(place))

    assert {cell.name: cell.count for cell in shown.by_category} == {
        "Categoría R09": 12,
        "Categoría R06": None,
        "Categoría R10": None,
    }
    assert shown.in_term is not None
    assert (shown.in_term.n, shown.received) == (20, 20)
    assert shown.satisfaction_mean is None


def test_no_share_is_told_of_fewer_than_twenty_cases() -> None:
    place = MunicipalityFactory()
    for _number in range(19):
        answered_in(place, NOW)
    few = public_figures(figures(place))
    answered_in(place, NOW)

    enough = public_figures(figures(place))

    assert (few.received, few.in_term, few.median_days) == (19, None, None)
    assert enough.in_term is not None
    assert measure("surveys.complaints_in_term", place, audience="public")[0].value == 100


def test_two_hidden_cells_never_add_up_to_what_gives_them_away() -> None:
    place = MunicipalityFactory()
    for code, count in (("R09", 12), ("R06", 1), ("R10", 1), ("R01", 7)):
        for _number in range(count):
            complaint(place, category=factory.category(code))

    shown = public_figures(figures(place))

    assert {cell.name: cell.count for cell in shown.by_category} == {
        "Categoría R09": 12,
        "Categoría R01": None,
        "Categoría R06": None,
        "Categoría R10": None,
    }


# --- Indicators


def measure(key: str, *places: Territory, audience: str = "staff") -> list[registry.Measurement]:
    indicator = registry.get(key)
    assert indicator is not None
    return indicator.measure(territories=list(places), period=YEAR, audience=audience)


def test_the_indicators_reach_their_standard() -> None:
    keys = {indicator.key for indicator in registry.for_standard("E29")}

    assert keys >= {
        "surveys.complaints_in_term",
        "surveys.complaints_per_thousand",
        "surveys.complaints_reopened",
        "surveys.causes_with_line",
    }


def test_answered_in_term_is_measured_for_many_places_at_once() -> None:
    here, there, empty = MunicipalityFactory(), MunicipalityFactory(), MunicipalityFactory()
    answered_in(here, day(3, 10))
    answered_in(here, day(4, 20))
    complaint(there)

    with CaptureQueriesContext(connection) as captured:
        found = measure("surveys.complaints_in_term", here, there, empty, here.region)

    assert [(each.n, each.denominator, each.value) for each in found] == [
        (1, 2, 50),
        (0, 1, 0),
        (0, 0, None),
        (1, 2, 50),
    ]
    assert len(captured) == 1
    assert measure("surveys.complaints_in_term", here, audience="public")[0].suppressed


def test_reopened_and_per_thousand_say_nothing_of_nobody() -> None:
    place = MunicipalityFactory()
    again = answered_in(place, NOW)
    answers.reopen(complaint=again, reason="No es así", at=NOW)

    assert measure("surveys.complaints_reopened", place)[0].value == 100
    rate = measure("surveys.complaints_per_thousand", place)[0]
    assert (rate.n, rate.denominator, rate.value) == (1, 0, None)


@pytest.mark.parametrize("url", ["/reclamos/cifras/?anio={year}", "/reclamos/cifras/{slug}/?anio={year}"])
def test_the_pages_of_figures_cost_the_same(client: Any, url: str, constant_queries: Callable[..., int]) -> None:
    from tests.factories.people import sign_in

    place = MunicipalityFactory()
    sign_in(client, worker(place, Role.COORDINATOR))

    def make() -> None:
        factory.coded(complaint(place, category=factory.category("R06")))
        figures(place)  # whoever asks first counts the month

    assert constant_queries(client, url.format(year=2026, slug=place.slug), make) <= 13


# --- At a step


def test_what_is_pinned_to_a_step_is_measured_there_and_nothing_else() -> None:
    step, place = published_step(), MunicipalityFactory()
    for number in range(20):
        factory.answered(complaint(place, step=step), at=NOW + timedelta(days=1 if number < 12 else 7))
    factory.answered(complaint(place), at=NOW + timedelta(days=10))
    factory.answered(complaint(MunicipalityFactory(), step=step))

    in_term, days = measure_at(step, place, "public")

    assert (in_term.n, in_term.denominator, in_term.value) == (20, 20, 100.0)
    assert (days.value, days.n) == (1, 20)
    assert "sobre este paso" in str(days.source.name)
    [whole] = registry.get("surveys.days_to_answer").measure(territories=[place], period=YEAR, audience="staff")
    assert whole.n == 21


def test_of_few_pinned_to_a_step_the_public_reads_nothing() -> None:
    step, place = published_step(), MunicipalityFactory()
    factory.answered(complaint(place, step=step))

    shown, known = measure_at(step, place, "public"), measure_at(step, place, "staff")

    assert [(each.value, each.n, each.suppressed) for each in shown] == [(None, 0, True)] * 2
    assert [(each.denominator, each.suppressed) for each in known] == [(1, False)] * 2
    assert [each.value for each in measure_at(step, MunicipalityFactory(), "public")] == [None, None]


def test_what_was_pinned_before_a_new_version_counts_at_its_heir() -> None:
    step, place = published_step(), MunicipalityFactory()
    factory.answered(complaint(place, step=step))
    new = benefits.published(benefits.draft_version(of=step.version.procedure), starts_on=date(2026, 4, 1))
    heir = new.steps.select_related("version__procedure").get(key=step.key)

    assert [each.denominator for each in measure_at(heir, place, "staff")] == [1, 1]


def measure_at(step: Any, place: Territory, audience: str) -> list[registry.Measurement]:
    found = []
    for key in ("surveys.complaints_in_term", "surveys.days_to_answer"):
        indicator = registry.get(key)
        assert indicator is not None
        found += indicator.measure(territories=[place], period=YEAR, audience=audience, subject=step)
    return found
