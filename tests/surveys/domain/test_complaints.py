"""A complaint comes in, is acknowledged, classified, led elsewhere or withdrawn; and about whom it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from portal.foundation.audit.models import AuditEvent
from portal.foundation.clocks.models import Clock
from portal.foundation.files.domain import FileRefused
from portal.foundation.files.models import StoredFile
from portal.foundation.messages.models import Message
from portal.foundation.people.domain.persons import find_or_register
from portal.foundation.people.models import Person
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.queries import receipt_of
from surveys.domain import assignments, complaints
from surveys.domain.complaints import Named
from surveys.enums import ComplaintAbout, ComplaintChannel, ComplaintRoute, ComplaintState
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow
from surveys.indicators.complaints import complaints_in_term
from surveys.models import Complaint
from surveys.queries.figures import Period, cohort
from tests.factories import complaints as factory
from tests.factories.benefits import published_step
from tests.factories.complaints import NOW, TODAY, category, complaint, received, worker
from tests.factories.territories import CountryFactory, MunicipalityFactory, RegionFactory, ServicePointFactory

pytestmark = pytest.mark.django_db


def told(template: str) -> list[str]:
    return sorted(Message.objects.filter(template=template).values_list("address", flat=True))


# --- Received


def test_it_has_a_code_a_term_and_an_acknowledgement_at_once() -> None:
    municipality = MunicipalityFactory()
    coordinator = worker(municipality, Role.COORDINATOR)

    given = received(municipality, contact="vecina@example.cl")

    made = given.complaint
    assert (len(made.code or ""), made.code) == (10, given.receipt.code)
    assert receipts.open(code=given.receipt.code, secret=given.secret, address="1.1.1.1", at=NOW).subject == made
    assert (made.state, made.received_on, made.acknowledged_at) == (ComplaintState.RECEIVED, TODAY, NOW)
    assert (made.term_days, made.due_on) == (30, date(2026, 4, 14))
    clock = Clock.objects.of(made).get()
    assert (clock.kind, clock.due_on, clock.steps) == ("surveys.answer", made.due_on, [-20, -2, 1, 5])
    assert told("complaint_received") == ["vecina@example.cl"]
    assert told("complaint_arrived") == [coordinator.email]
    assert AuditEvent.objects.get(verb="surveys.receive").detail["code"] == made.code


def test_nothing_that_was_said_is_in_the_messages() -> None:
    municipality = MunicipalityFactory()
    worker(municipality, Role.COORDINATOR)

    given = received(municipality, contact="vecina@example.cl", category=factory.category("R11"))

    bodies = "".join(Message.objects.values_list("body", flat=True))
    assert "mesón" not in bodies
    assert given.secret not in bodies


def test_sent_twice_with_one_key_it_is_one() -> None:
    municipality = MunicipalityFactory()

    first = received(municipality, dedupe_key="draft:1")
    again = received(municipality, dedupe_key="draft:1")

    assert (again.complaint, again.receipt, again.secret) == (first.complaint, first.receipt, "")
    assert Complaint.objects.count() == 1


def test_a_letter_counts_from_its_day_and_waits_for_its_acknowledgement() -> None:
    municipality = MunicipalityFactory()
    clerk = worker(municipality)

    made = complaint(
        municipality, channel=ComplaintChannel.LETTER, received_on=date(2026, 2, 26), handed=False, by=clerk
    )

    assert (made.received_on, made.due_on) == (date(2026, 2, 26), date(2026, 4, 10))
    assert made.acknowledged_at is None
    assert Clock.objects.of(made).get(kind="surveys.acknowledge").due_on == date(2026, 2, 27)
    complaints.acknowledge(complaint=made, by=clerk, at=NOW)
    made.refresh_from_db()
    assert made.acknowledged_at == NOW
    with pytest.raises(NotPossibleNow):
        complaints.acknowledge(complaint=made, by=clerk, at=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a" * 4001}, "text"),
        ({"text": "a\x00"}, "text"),
        ({"kind": "shout"}, "kind"),
        ({"channel": "counter"}, "channel"),
        ({"happened_on": date(2026, 3, 3)}, "happened_on"),
        ({"happened_on": date(2020, 3, 3)}, "happened_on"),
        ({"received_on": date(2026, 3, 3)}, "received_on"),
        ({"about_words": "a" * 201}, "about_words"),
        ({"contact": "no es"}, "contact"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(changes: dict, field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        received(**changes)

    assert refused.value.field == field
    assert Complaint.objects.count() == 0


def test_places_and_steps_of_others_are_refused() -> None:
    municipality = MunicipalityFactory()

    with pytest.raises(InvalidContent):
        received(municipality, service_point=ServicePointFactory())
    with pytest.raises(InvalidContent):
        received(municipality, step=published_step(territory=MunicipalityFactory()))
    with pytest.raises(InvalidContent):
        received(RegionFactory())
    own = complaint(municipality, step=published_step(), service_point=ServicePointFactory(territory=municipality))
    assert own.step_id and own.service_point_id


def upload(name: str = "foto.txt", content: bytes = b"uno") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_files_are_guarded_and_five_at_most() -> None:
    made = complaint(uploads=[upload(f"{number}.txt") for number in range(5)])

    assert made.files.count() == 5
    assert not StoredFile.objects.filter(is_guarded=False).exists()
    with pytest.raises(InvalidContent):
        complaint(uploads=[upload()] * 6)
    with pytest.raises(FileRefused):
        complaint(uploads=[upload("guion.svg", b"<script>alert(1)</script>")])
    assert Complaint.objects.count() == 1


def test_a_script_is_kept_as_the_text_that_it_is() -> None:
    assert complaint(text="<script>alert('hola')</script>").text == "<script>alert('hola')</script>"


def test_a_clerk_writes_it_down_for_somebody_with_a_name() -> None:
    municipality = MunicipalityFactory()
    clerk = worker(municipality)
    named = Named("Rosa", "Pérez", "12.345.678-5")

    first = complaint(municipality, channel=ComplaintChannel.COUNTER, by=clerk, named=named)
    second = complaint(municipality, channel=ComplaintChannel.TELEPHONE, by=clerk, named=named)

    assert first.person == second.person
    assert (str(first.person), first.recorded_by, first.is_anonymous) == ("Rosa Pérez", clerk, False)
    with pytest.raises(InvalidContent):
        complaint(municipality, channel=ComplaintChannel.COUNTER, by=clerk, named=Named("Rosa", run="12.345.678-0"))


def test_whoever_was_known_by_a_number_alone_gets_the_name_and_keeps_it() -> None:
    municipality = MunicipalityFactory()
    clerk = worker(municipality)
    run = "12.345.678-5"
    nameless = find_or_register(
        scheme="cl_run", value=run, territory=municipality, purpose="attention", by=clerk, at=NOW
    )

    for given, family in (("Rosa", "Pérez"), ("Rosita", "")):
        complaint(municipality, channel=ComplaintChannel.COUNTER, by=clerk, named=Named(given, family, run))

    nameless.refresh_from_db()
    assert (Person.objects.get(), str(nameless)) == (nameless, "Rosa Pérez")
    assert AuditEvent.objects.get(verb="people.name_person").object_id == str(nameless.pk)


def test_a_number_known_elsewhere_tells_this_clerk_nothing() -> None:
    here, there = MunicipalityFactory(), MunicipalityFactory()
    complaint(there, channel=ComplaintChannel.COUNTER, by=worker(there), named=Named("Rosa", "Pérez", "12.345.678-5"))

    made = complaint(here, channel=ComplaintChannel.COUNTER, by=worker(here), named=Named("Rosita", run="12.345.678-5"))

    assert str(made.person) == "Rosita"
    assert Person.objects.count() == 2


# --- Classified


@pytest.mark.parametrize("code", ["R11", "R13"])
def test_discrimination_and_breach_of_data_reach_the_dideco_at_once(code: str) -> None:
    municipality = MunicipalityFactory()
    dideco = worker(municipality, Role.DIDECO)

    chosen = complaint(municipality, category=factory.category(code))
    later = complaint(municipality)
    complaints.classify(
        complaint=later,
        kind="complaint",
        category=factory.category(code),
        preferential=False,
        by=worker(municipality),
        at=NOW,
    )

    later.refresh_from_db()
    assert (chosen.alerted_at, later.alerted_at) == (NOW, NOW)
    assert told("complaint_alert") == [dideco.email] * 2


def test_an_alert_about_the_dideco_goes_to_the_region() -> None:
    municipality = MunicipalityFactory()
    dideco = worker(municipality, Role.DIDECO)
    regional = worker(municipality.region, Role.REGIONAL_TEAM)
    made = complaint(municipality, about=ComplaintAbout.LEAD)
    complaints.settle_about(complaint=made, person=dideco, by=worker(municipality, Role.COORDINATOR), at=NOW)

    complaints.classify(
        complaint=made,
        kind="complaint",
        category=factory.category("R11"),
        preferential=True,
        by=worker(municipality, Role.COORDINATOR),
        at=NOW,
    )

    made.refresh_from_db()
    assert told("complaint_alert") == [regional.email]
    assert list(Complaint.objects.visible_to(regional)) == [made]
    assert list(Complaint.objects.visible_to(dideco)) == []


def test_what_the_person_chose_stays_beside_the_category() -> None:
    said, found = factory.category("R06"), factory.category("R09")
    made = complaint(category=said)

    complaints.classify(
        complaint=made, kind="complaint", category=found, preferential=True, by=worker(made.territory), at=NOW
    )

    made.refresh_from_db()
    assert (made.category_said, made.category, made.preferential) == (said, found, True)


# --- About whom


def test_it_is_never_assigned_to_the_person_it_is_about_nor_read_by_that_person() -> None:
    municipality = MunicipalityFactory()
    meant, lead = worker(municipality), worker(municipality, Role.COORDINATOR)
    made = complaint(municipality, about=ComplaintAbout.STAFF, about_words="El joven del mesón 3")

    before = list(Complaint.objects.visible_to(meant))
    complaints.settle_about(complaint=made, person=meant, by=lead, at=NOW)

    assert before == []  # nobody but who leads reads it until it is settled
    assert list(Complaint.objects.visible_to(meant)) == []
    assert list(Complaint.objects.visible_to(worker(municipality))) == [made]
    with pytest.raises(NotAllowed):
        assignments.assign(complaint=made, to=meant, by=lead, at=NOW)
    with pytest.raises(NotAllowed):
        complaints.acknowledge(complaint=made, by=meant, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=made.pk).update(owner=meant)


def test_whoever_was_in_charge_is_not_any_more_once_it_is_about_that_person() -> None:
    made = factory.assigned()
    owner, lead = made.owner, worker(made.territory, Role.COORDINATOR)

    complaints.settle_about(complaint=made, person=owner, by=lead, at=NOW)

    made.refresh_from_db()
    assert (made.owner, made.assignments.get().ended_at) == (None, NOW)
    assert owner.email not in told("complaint_arrived")


def test_while_it_may_be_about_the_coordinator_the_dideco_alone_reads_it() -> None:
    municipality = MunicipalityFactory()
    people = {role: worker(municipality, role) for role in (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO)}

    made = complaint(municipality, about=ComplaintAbout.LEAD)

    readers = [role for role, user in people.items() if Complaint.objects.visible_to(user).exists()]
    assert readers == [Role.DIDECO]
    assert told("complaint_arrived") == [people[Role.DIDECO].email]
    with pytest.raises(InvalidContent):
        assignments.assign(complaint=made, to=people[Role.COORDINATOR], by=people[Role.DIDECO], at=NOW)
    with pytest.raises(NotAllowed):
        complaints.settle_about(complaint=made, person=people[Role.DIDECO], by=people[Role.DIDECO], at=NOW)


def test_about_nobody_everybody_of_the_team_reads_it_and_nobody_else() -> None:
    municipality = MunicipalityFactory()
    made = complaint(municipality)
    readers = [worker(municipality, role) for role in (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO)]
    others = [
        worker(municipality.region, Role.REGIONAL_TEAM),
        worker(CountryFactory(), Role.NATIONAL_TEAM),
        worker(MunicipalityFactory(), Role.DIDECO),
        worker(municipality, Role.CLERK),
    ]

    assert [list(Complaint.objects.visible_to(user)) for user in readers] == [[made]] * 3
    assert [list(Complaint.objects.visible_to(user)) for user in others] == [[]] * 4


def test_whoever_is_put_in_charge_is_of_the_team_and_is_told() -> None:
    municipality = MunicipalityFactory()
    made, lead, to = complaint(municipality), worker(municipality, Role.COORDINATOR), worker(municipality)

    assignments.assign(complaint=made, to=to, by=lead, at=NOW)

    made.refresh_from_db()
    assert (made.owner, made.state) == (to, ComplaintState.IN_STUDY)
    assert told("complaint_assigned") == [to.email]
    with pytest.raises(InvalidContent):
        assignments.assign(complaint=made, to=worker(MunicipalityFactory()), by=lead, at=NOW)


# --- Led elsewhere, withdrawn


def test_led_elsewhere_it_ends_with_an_explanation_and_is_counted_apart() -> None:
    made = complaint(category=factory.category("R14"), contact="vecina@example.cl")

    complaints.lead_elsewhere(
        complaint=made,
        route=ComplaintRoute.RECTIFICATION,
        explanation="Pida la rectificación con su cédula.",
        by=worker(made.territory, Role.COORDINATOR),
        at=NOW,
    )

    made.refresh_from_db()
    assert (made.state, made.route) == (ComplaintState.ROUTED, ComplaintRoute.RECTIFICATION)
    assert not Clock.objects.of(made).filter(stopped_on=None).exists()
    assert receipt_of(made).contact_delete_on == TODAY + timedelta(days=90)
    assert not Complaint.objects.of_service().exists()
    assert told("complaint_routed") == ["vecina@example.cl"]


def test_withdrawn_it_is_over() -> None:
    made = factory.assigned()

    complaints.withdraw(complaint=made, reason="Ya se arregló", at=NOW)

    made.refresh_from_db()
    assert (made.state, made.closed_at) == (ComplaintState.WITHDRAWN, NOW)
    assert told("complaint_withdrawn") == [made.owner.email]
    with pytest.raises(NotPossibleNow):
        complaints.withdraw(complaint=made, at=NOW)


# --- The clock


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "days", "due"),
    [
        ((2025, 12, 1), 20, (2025, 12, 31)),  # 8 and 25 December are holidays
        ((2025, 12, 1), 30, (2026, 1, 15)),
        ((2026, 9, 16), 1, (2026, 9, 17)),
        ((2026, 9, 17), 1, (2026, 9, 21)),  # Friday 18 and Saturday 19 September
        ((2025, 9, 17), 1, (2025, 9, 22)),  # Thursday 18, Friday 19, then the weekend
        ((2025, 12, 24), 1, (2025, 12, 26)),
        ((2026, 12, 24), 1, (2026, 12, 28)),
    ],
)
def test_the_term_jumps_over_september_and_christmas(on: tuple, days: int, due: tuple) -> None:
    municipality = MunicipalityFactory()
    terms(municipality, date(2025, 1, 1), days)

    assert complaint(municipality, at=at(*on)).due_on == date(*due)


def terms(municipality, starts_on: date, days: int) -> None:
    from surveys.domain.terms import set_terms

    set_terms(
        territory=municipality,
        starts_on=starts_on,
        answer_days=days,
        internal_days=1,
        acknowledge_days=1,
        ordinance="Ordenanza 1",
        by=worker(municipality, Role.DIDECO),
        at=datetime.combine(starts_on, NOW.time(), tzinfo=UTC),
    )


def test_a_changed_ordinance_holds_for_what_comes_after_it() -> None:
    municipality = MunicipalityFactory()
    terms(municipality, date(2026, 1, 5), 20)
    terms(municipality, date(2026, 3, 2), 10)

    before, after = complaint(municipality, at=at(2026, 2, 27)), complaint(municipality, at=at(2026, 3, 2))

    assert [(made.term_days, made.due_on) for made in (before, after)] == [
        (20, date(2026, 3, 27)),
        (10, date(2026, 3, 16)),
    ]


def test_a_municipality_without_terms_has_its_countrys() -> None:
    municipality = MunicipalityFactory()
    terms(CountryFactory(), date(2026, 1, 5), 15)

    assert complaint(municipality).term_days == 15


# --- Led elsewhere


def led(made: Complaint, by: Any, route: str = ComplaintRoute.MINISTRY, at: datetime = NOW) -> Complaint:
    return complaints.lead_elsewhere(complaint=made, route=route, explanation="Llame al centro.", by=by, at=at)


def test_what_is_classified_as_serious_is_answered_here() -> None:
    made = complaint(category=category("R11"))
    dideco = worker(made.territory, Role.DIDECO)

    with pytest.raises(NotPossibleNow):
        led(made, dideco)

    made.refresh_from_db()
    assert made.is_open


def test_an_alerted_case_is_led_elsewhere_by_the_dideco_alone() -> None:
    made = complaint(category=category("R11"))
    lead, dideco = worker(made.territory, Role.COORDINATOR), worker(made.territory, Role.DIDECO)
    complaints.classify(complaint=made, kind=made.kind, category=category("R09"), preferential=False, by=lead, at=NOW)

    with pytest.raises(NotAllowed):
        led(made, lead)

    assert led(made, dideco).state == ComplaintState.ROUTED


@pytest.mark.parametrize(
    ("route", "code"),
    [(ComplaintRoute.MINISTRY, "R15"), (ComplaintRoute.RECTIFICATION, "R14"), (ComplaintRoute.INFORMATION, "R09")],
)
def test_what_is_led_elsewhere_has_the_category_that_is_counted_apart(route: str, code: str) -> None:
    for each in ("R14", "R15"):
        category(each)
    made = complaint(category=category("R09"))

    done = led(made, worker(made.territory, Role.COORDINATOR), route)

    assert (done.category.code, done.category_said.code, done.in_term) == (code, "R09", None)


def test_what_was_late_when_it_was_led_elsewhere_stays_late() -> None:
    made = complaint(category=category("R09"))
    place = made.territory
    at = datetime(2026, 5, 4, 15, tzinfo=UTC)

    led(made, worker(place, Role.COORDINATOR), at=at)

    found = cohort(place, Period(date(2026, 1, 1), date(2026, 12, 31)), at.date()).figures()
    [measured] = complaints_in_term(
        territories=[place], period=Period(date(2026, 1, 1), date(2026, 12, 31)), audience="staff"
    )
    assert (found.in_term.n, found.in_term.of, found.overdue) == (0, 1, 0)
    assert (measured.n, measured.denominator) == (0, 1)
