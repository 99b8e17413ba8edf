"""A clerk writes it down at the counter, on the telephone or from a letter, and gives the receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.foundation.clocks.models import Clock
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.territories.models import Territory
from surveys.enums import ComplaintChannel
from surveys.models import Complaint
from surveys.queries.tasks import tasks_for
from surveys.queries.terms import ACKNOWLEDGE_CLOCK
from tests.factories import complaints as factory
from tests.factories.complaints import TEXT, worker
from tests.factories.people import sign_in
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/reclamos/anotar/"


@pytest.fixture
def municipality() -> Territory:
    return MunicipalityFactory(name="Villa Alegre")


@pytest.fixture
def clerk(municipality: Territory) -> Client:
    return sign_in(Client(), worker(municipality, Role.CLERK))


def values(client: Client, **changes: Any) -> dict[str, Any]:
    token = client.get(ADDRESS).context["form"]["token"].value()
    return {
        "channel": "counter",
        "kind": "complaint",
        "category": "",
        "text": TEXT,
        "about": "nobody",
        "handed": "si",
        "token": token,
        **changes,
    }


def test_the_receipt_has_the_words_on_paper_and_not_on_the_screen(clerk: Client, municipality: Territory) -> None:
    category = factory.category("R09")

    answer = clerk.post(ADDRESS, values(clerk, category=str(category.pk), given_names="Rosa", run="12.345.678-5"))

    made = Complaint.objects.get()
    page = clerk.get(answer.url)
    shown = page.context["shown"]
    opened = receipts.open(code=shown.code, secret=shown.words, address="1.1.1.1", at=made.received_at)
    assert (made.territory, made.channel, str(made.person)) == (municipality, ComplaintChannel.COUNTER, "Rosa")
    assert opened.subject == made
    assert f'<strong class="mj-print-only">{shown.words}</strong>' in page.content.decode()
    assert page.content.decode().count(shown.words) == 1
    assert page["Cache-Control"] == "no-store"
    # The clerk does not hold the person's key: the case does not open in this browser.
    assert clerk.get(reverse("surveys:own")).url == reverse("receipts:open")


def test_handed_over_the_words_are_gone(clerk: Client) -> None:
    answer = clerk.post(ADDRESS, values(clerk))
    words = clerk.get(answer.url).context["shown"].words

    clerk.post(reverse("surveys:handed", args=[Complaint.objects.get().pk]))

    assert words
    assert words not in clerk.get(answer.url).content.decode()


def test_pressed_twice_it_is_one(clerk: Client) -> None:
    said = values(clerk)

    first, again = clerk.post(ADDRESS, said), clerk.post(ADDRESS, said)

    assert first.url == again.url
    assert Complaint.objects.count() == 1


def test_saved_again_by_the_way_back_it_is_asked_about(clerk: Client) -> None:
    clerk.post(ADDRESS, values(clerk))
    made = Complaint.objects.get()
    back = values(clerk)
    assert 'name="another"' not in clerk.get(ADDRESS).content.decode()

    asked = clerk.post(ADDRESS, back)

    assert Complaint.objects.count() == 1
    assert f"Usted ya anotó lo mismo: {made.shown_code}" in asked.content.decode()
    clerk.post(ADDRESS, {**back, "another": "on"})
    assert Complaint.objects.count() == 2
    assert clerk.post(ADDRESS, values(clerk, text="Otra cosa")).status_code == 302


def test_on_the_telephone_the_words_can_be_read(clerk: Client) -> None:
    page = clerk.get(clerk.post(ADDRESS, values(clerk, channel="telephone")).url)

    assert page.content.decode().count(page.context["shown"].words) == 2


def test_a_letter_of_another_day_waits_for_its_receipt(clerk: Client) -> None:
    from datetime import timedelta

    from django.utils import timezone

    day = timezone.localdate() - timedelta(days=5)

    clerk.post(ADDRESS, values(clerk, channel="letter", handed="no", received_on=day.isoformat()))

    made = Complaint.objects.get()
    assert (made.received_on, made.acknowledged_at) == (day, None)


def test_printed_after_all_and_handed_over_nothing_waits_to_be_sent(clerk: Client, municipality: Territory) -> None:
    lead = worker(municipality, Role.COORDINATOR)
    page = clerk.get(clerk.post(ADDRESS, values(clerk, handed="no")).url)
    made = Complaint.objects.get()
    waiting = [item.key for item in tasks_for(lead, made.received_on)]
    assert "Se enviará después: terminar" in page.content.decode()

    clerk.post(reverse("surveys:handed", args=[made.pk]))

    made.refresh_from_db()
    later = [item.key for item in tasks_for(User.objects.get(pk=lead.pk), made.received_on)]
    assert made.acknowledged_at is not None
    assert (f"surveys.acknowledge:{made.pk}" in waiting, f"surveys.acknowledge:{made.pk}" in later) == (True, False)
    assert not Clock.objects.running().filter(kind=ACKNOWLEDGE_CLOCK).exists()


def test_what_is_sent_later_keeps_its_term(clerk: Client) -> None:
    page = clerk.get(clerk.post(ADDRESS, values(clerk, handed="no")).url)
    made = Complaint.objects.get()

    clerk.post(reverse("surveys:handed", args=[made.pk]), {"enviar": "1"})

    made.refresh_from_db()
    assert made.acknowledged_at is None
    assert page.context["shown"].words not in clerk.get(reverse("surveys:recorded", args=[made.pk])).content.decode()
    assert Clock.objects.running().filter(kind=ACKNOWLEDGE_CLOCK).count() == 1


def test_nobody_notes_the_hand_over_of_what_another_clerk_wrote_down(clerk: Client, municipality: Territory) -> None:
    clerk.post(ADDRESS, values(clerk, handed="no"))
    made = Complaint.objects.get()
    other = sign_in(Client(), worker(municipality, Role.CLERK))

    assert other.post(reverse("surveys:handed", args=[made.pk])).status_code == 404
    made.refresh_from_db()
    assert made.acknowledged_at is None


def test_what_is_wrong_is_said_and_stays(clerk: Client) -> None:
    page = clerk.post(ADDRESS, values(clerk, text="", run="12.345.678-0", contact="no es")).content.decode()

    assert "Este número no es válido" in page or "no es válido" in page
    assert "Escriba también el nombre" in page
    assert 'value="12.345.678-0"' in page
    assert Complaint.objects.count() == 0


def test_nobody_prints_the_receipt_of_another_clerk(clerk: Client, municipality: Territory) -> None:
    clerk.post(ADDRESS, values(clerk))
    other = sign_in(Client(), worker(municipality, Role.CLERK))

    assert other.get(reverse("surveys:recorded", args=[Complaint.objects.get().pk])).status_code == 404
    assert receipt_of(Complaint.objects.get()) is not None


def test_a_clerk_of_one_municipality_writes_down_nothing_for_another(clerk: Client) -> None:
    other = MunicipalityFactory()

    assert clerk.get(ADDRESS, {"municipalidad": other.slug}).status_code == 404
    assert clerk.get(reverse("surveys:inbox")).status_code == 403
