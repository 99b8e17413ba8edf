"""A person's contacts across channels: by permission, with a purpose, and told to the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits_core.queries import contacts as reads
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.domain import erasure
from portal.foundation.people.domain.persons import find_or_register
from portal.foundation.people.models import Person, User
from portal.foundation.people.privacy import Subject, load
from portal.foundation.people.queries.privacy import described_looks, looks_at, subject_of
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.territories.models import Territory
from surveys.domain.complaints import Named
from surveys.holdings import complaints_of
from tests.factories import attentions
from tests.factories import complaints as factory
from tests.factories.people import UserFactory, sign_in, user_with_role
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
RUN = "12.345.678-5"


@pytest.fixture
def place() -> Territory:
    return MunicipalityFactory(name="Villa Alegre", slug="villa-alegre")


@pytest.fixture
def rosa(place: Territory) -> Person:
    return find_or_register(scheme="cl_run", value=RUN, territory=place, purpose="", by=None, at=factory.NOW)


def complained(place: Territory, **changes: Any) -> Any:
    clerk = factory.worker(place)
    named = Named("Rosa", "Mira", RUN)
    return factory.complaint(place, channel="counter", by=clerk, named=named, contact="rosa@example.cl", **changes)


def everything(place: Territory, rosa: Person) -> None:
    """An attention, an appointment, a complaint and the message about it."""
    attentions.attention(municipality=place, person=rosa, at=factory.NOW)
    attentions.appointment(municipality=place, person=rosa)
    made = complained(place)
    receipt = receipt_of(made)
    assert receipt is not None
    receipts.notify(receipt=receipt, template="receipt_news", context={}, dedupe_key="x", at=factory.NOW)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def kinds_seen(person: Person, user: User, **kind: str) -> set[str]:
    return {row["contact_kind"] for row in reads.history(person, fresh(user), **kind)}


def opened(user: User, place: Territory, run: str = RUN, purpose: str = "attend") -> tuple[Client, Any]:
    client = sign_in(Client(), user)
    address = reverse("benefits_core:history", args=[place.slug])
    return client, client.post(address, {"identifier": run, "purpose": purpose})


ALL = {"benefits_core.attention", "benefits_core.appointment", "surveys.complaint", "messages.notice"}


def test_the_coordinator_sees_every_channel_and_a_colleague_no_names_of_who_complained(
    place: Territory, rosa: Person
) -> None:
    everything(place, rosa)

    assert kinds_seen(rosa, factory.worker(place, Role.COORDINATOR)) == ALL
    colleague = factory.worker(place, Role.TEAM_MEMBER)
    assert kinds_seen(rosa, colleague) == {"benefits_core.attention", "benefits_core.appointment"}
    assert kinds_seen(rosa, factory.worker(place, Role.COORDINATOR), kind="surveys.complaint") == {"surveys.complaint"}


def test_what_was_sent_signed_in_is_in_the_history_too(place: Territory, rosa: Person) -> None:
    account = UserFactory()
    Person.objects.filter(pk=rosa.pk).update(user=account)
    made = factory.complaint(place, author=account)
    factory.complaint(place, author=UserFactory())
    rosa.refresh_from_db()
    lead = fresh(factory.worker(place, Role.COORDINATOR))

    assert [row["contact_row"] for row in reads.history(rosa, lead, kind="surveys.complaint")] == [str(made.pk)]
    assert list(complaints_of(subject_of(account))) == [made]


def test_what_a_clerk_wrote_down_is_hers_when_she_signs_in(place: Territory, rosa: Person) -> None:
    account = UserFactory()
    made = complained(place)
    Person.objects.filter(pk=rosa.pk).update(user=account)
    sent = factory.complaint(place, author=account)

    assert set(complaints_of(subject_of(User.objects.get(pk=account.pk)))) == {made, sent}


def test_an_open_case_keeps_the_identity(place: Territory, rosa: Person) -> None:
    made = complained(place)
    subject = load("people.person", str(rosa.pk))
    assert subject is not None

    rows = {row["key"]: row["why"] for row in erasure.erase(subject=subject, by=None, at=factory.NOW)}

    why = f"El caso {made.shown_code} sigue abierto. Retírelo, o espere su respuesta."
    assert (rows["surveys.complaints"], rows["people.person"]) == (why, why)
    rosa.refresh_from_db()
    assert rosa.given_names == "Rosa"


def test_whoever_is_in_charge_sees_that_complaint_and_whom_it_is_about_never(place: Territory, rosa: Person) -> None:
    mine, meant = factory.worker(place), factory.worker(place, Role.COORDINATOR)
    made = factory.assigned(complained(place), to=mine)
    type(made).objects.filter(pk=made.pk).update(about_user=meant)

    assert "surveys.complaint" in kinds_seen(rosa, mine)
    assert "surveys.complaint" not in kinds_seen(rosa, meant)


def test_another_municipality_sees_nothing_of_it_not_even_that_there_is_something(
    place: Territory, rosa: Person
) -> None:
    everything(place, rosa)
    elsewhere = MunicipalityFactory()
    user = factory.worker(elsewhere, Role.COORDINATOR)

    assert kinds_seen(rosa, user) == set()
    _client, known = opened(user, elsewhere)
    _client, unknown = opened(user, elsewhere, run="11.111.111-1")

    assert known.context["form"].errors == unknown.context["form"].errors != {}
    # But Rosa can read that somebody there looked for her.
    assert AuditEvent.objects.filter(verb="look", object_id=str(rosa.pk), by_user_id=user.pk).count() == 1


@pytest.mark.parametrize("role", [Role.CLERK, Role.REGIONAL_TEAM, Role.NATIONAL_TEAM, Role.CITIZEN])
def test_others_do_not_open_it(place: Territory, rosa: Person, role: Role) -> None:
    everything(place, rosa)

    client, answer = opened(user_with_role(role, place), place)

    assert answer.status_code == 403
    assert client.get(reverse("benefits_core:history_show", args=[place.slug])).status_code == 403


def test_each_page_is_a_look_with_its_purpose_that_the_person_reads(place: Territory, rosa: Person) -> None:
    everything(place, rosa)
    client, answer = opened(factory.worker(place, Role.COORDINATOR), place, purpose="call")
    page = client.get(answer.url).content.decode()
    client.get(f"{answer.url}?tipo=benefits_core.attention")

    looks = described_looks(looks_at(Subject("people.person", str(rosa.pk), person=rosa)))
    assert [look.purpose for look in looks] == ["Para llamar a la persona"] * 2
    assert "5 contactos" in page  # the message that confirmed the complaint, too
    assert "rosa@example.cl" not in page
    assert answer["Cache-Control"] == "no-store"


def test_without_a_purpose_or_after_a_while_nothing_is_shown(place: Territory, rosa: Person) -> None:
    everything(place, rosa)
    user = factory.worker(place, Role.COORDINATOR)
    client, refused = opened(user, place, purpose="")
    show, search = (reverse(f"benefits_core:{name}", args=[place.slug]) for name in ("history_show", "history"))
    assert "purpose" in refused.context["form"].errors
    assert client.get(show).url == search

    client, _answer = opened(user, place)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, user).get(show).url == search

    client, _answer = opened(user, place)
    client.post(reverse("benefits_core:history_close", args=[place.slug]))
    assert client.get(show).url == search


def test_what_was_typed_where_attentions_are_recorded_is_brought_along(place: Territory) -> None:
    client = sign_in(Client(), factory.worker(place, Role.COORDINATOR))

    page = client.post(reverse("benefits_core:history", args=[place.slug]), {"identifier": RUN, "ask": "1"})

    assert page.context["form"]["identifier"].value() == RUN
    assert not page.context["form"].errors


def test_a_page_costs_the_same_however_long_the_history(place: Territory, rosa: Person) -> None:
    user = factory.worker(place, Role.COORDINATOR)
    counts = []
    for more in (1, 9):
        for number in range(more):
            attentions.attention(municipality=place, person=rosa, at=factory.NOW + timedelta(hours=number))
            complained(place, text=f"Vez {more} {number}")
        client, answer = opened(user, place)
        client.get(answer.url)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(f"{answer.url}?pagina=1")
        reading = [each["sql"] for each in queries if each["sql"].startswith("SELECT")]
        counts.append(len(reading))
    assert shown.context["page_obj"].paginator.count >= 20
    assert counts[0] == counts[1] <= 10, "\n".join(sql[:150] for sql in reading)


def test_the_pages_follow_one_another_by_day(place: Territory, rosa: Person) -> None:
    for number in range(30):
        attentions.attention(municipality=place, person=rosa, at=factory.NOW + timedelta(minutes=number))
    client, answer = opened(factory.worker(place), place)

    first = client.get(answer.url).context["contacts"]
    second = client.get(f"{answer.url}?pagina=2").context["contacts"]

    moments = [contact.at for contact in [*first, *second]]
    assert (len(first), len(second)) == (25, 5)
    assert moments == sorted(moments, reverse=True)


def test_whoever_tries_numbers_is_stopped(place: Territory, rosa: Person) -> None:
    everything(place, rosa)
    user = user_with_role(Role.COORDINATOR, place)
    client, address = sign_in(Client(), user), reverse("benefits_core:history", args=[place.slug])
    for _ in range(60):
        client.post(address, {"identifier": "11.111.111-1", "purpose": "attend"})

    answer = client.post(address, {"identifier": RUN, "purpose": "attend"})

    assert answer.status_code == 429 and "Demasiados intentos" in answer.content.decode()
    assert RUN in answer.content.decode()
