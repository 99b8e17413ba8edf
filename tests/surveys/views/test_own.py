"""The own case by its receipt: status in plain words, thread, reply, rating, reopening, withdrawal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.foundation.people.roles import Role
from surveys.domain import answers, complaints, thread
from surveys.domain.complaints import Received
from surveys.enums import ComplaintRoute, ComplaintState
from surveys.models import Complaint
from tests.factories import complaints as factory
from tests.factories.complaints import NOW, TEXT, received, worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(datetime(2026, 3, 3, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def given() -> Received:
    return received(contact="vecina@example.cl")


@pytest.fixture
def browser(given: Received) -> Client:
    """A browser that has opened the receipt."""
    client = Client()
    answer = client.post(reverse("receipts:open"), {"code": given.receipt.code, "secret": given.secret})
    assert answer.url == reverse("surveys:own")
    return client


def page(browser: Client) -> str:
    return browser.get(reverse("surveys:own")).content.decode()


def test_its_state_is_told_in_plain_words(given: Received, browser: Client) -> None:
    made = given.complaint
    team = worker(made.territory, Role.COORDINATOR)
    seen = [page(browser)]
    thread.ask_person(complaint=made, text="¿Qué día vino usted?", by=team, at=NOW)
    seen.append(page(browser))
    complaints.lead_elsewhere(
        complaint=made, route=ComplaintRoute.MINISTRY, explanation="Llame al centro nacional.", by=team, at=NOW
    )
    seen.append(page(browser))

    assert "14 de abril" in seen[0]
    assert "¿Qué día vino usted?" in seen[1]
    assert "Llame al centro nacional." in seen[2]
    assert all(TEXT in each for each in seen)
    assert team.get_full_name() not in "".join(seen)


def test_what_was_said_is_told_to_the_person(given: Received, browser: Client) -> None:
    made = given.complaint
    thread.ask_person(complaint=made, text="¿Qué día vino usted?", by=worker(made.territory), at=NOW)
    thread.reply(complaint=made, text="El lunes", at=NOW)

    shown = page(browser)

    assert "Lo que le preguntamos" in shown
    assert "Lo que usted dijo" in shown
    assert "de la persona" not in shown
    assert "a la persona" not in shown


@pytest.mark.parametrize("name", ["own_rate", "own_reopen"])
def test_what_cannot_be_done_now_is_said_before_anything_is_written(browser: Client, name: str) -> None:
    answer = browser.get(reverse(f"surveys:{name}"))

    assert answer.url == reverse("surveys:own")


def test_reopened_once_the_form_is_not_given_again(given: Received, browser: Client) -> None:
    factory.answered(given.complaint)
    asked = browser.get(reverse("surveys:own_reopen"))
    answers.reopen(complaint=given.complaint, reason="No estoy de acuerdo", at=NOW)

    again = browser.get(reverse("surveys:own_reopen"), follow=True)

    assert asked.status_code == 200
    assert "ya se reabrió" in again.content.decode().lower()


def test_the_own_data_are_one_link_away(browser: Client) -> None:
    shown = page(browser)

    assert f'href="{reverse("receipts:own_data")}"' in shown
    assert browser.get(reverse("receipts:own_data")).status_code == 200


def test_the_team_sends_files_that_the_person_reads(given: Received, browser: Client) -> None:
    made = given.complaint
    team = worker(made.territory, Role.COORDINATOR)
    sent = [
        thread.write_to_person(
            complaint=made, text="Va", uploads=[SimpleUploadedFile("carta.txt", b"1")], by=team, at=NOW
        ),
        thread.ask_person(
            complaint=made, text="¿Firma?", uploads=[SimpleUploadedFile("formulario.txt", b"2")], by=team, at=NOW
        ),
    ]
    made.refresh_from_db()
    answers.answer(
        complaint=made,
        content=factory.answer_content(),
        revision=made.revision,
        uploads=[SimpleUploadedFile("foto.txt", b"3")],
        by=team,
        at=NOW,
    )

    shown = page(browser)

    assert all(name in shown for name in ("carta.txt", "formulario.txt", "foto.txt"))
    assert browser.get(reverse("surveys:own_file", args=[sent[0].files.get().pk])).status_code == 200


def test_late_it_says_so(browser: Client) -> None:
    with time_machine.travel(datetime(2026, 4, 20, 15, tzinfo=UTC)):
        browser.get(reverse("receipts:open"))
        # The receipt lay idle meanwhile: the code is asked for again.
        assert browser.get(reverse("surveys:own")).url == reverse("receipts:open")


def test_internal_notes_and_their_files_are_not_there(given: Received, browser: Client) -> None:
    made = given.complaint
    note = thread.add_note(
        complaint=made,
        text="Nota reservada",
        uploads=[SimpleUploadedFile("interno.txt", b"uno")],
        by=worker(made.territory),
        at=NOW,
    )

    shown = page(browser)

    assert "Nota reservada" not in shown
    assert "interno.txt" not in shown
    assert browser.get(reverse("surveys:own_file", args=[note.files.get().pk])).status_code == 404


def test_a_reply_with_a_file_is_in_the_thread(given: Received, browser: Client) -> None:
    answer = browser.post(
        reverse("surveys:own_reply"), {"text": "Fue el lunes", "files": [SimpleUploadedFile("foto.txt", b"uno")]}
    )

    kept = given.complaint.entries.get().files.get()
    assert answer.url == reverse("surveys:own")
    assert "Fue el lunes" in page(browser)
    assert b"".join(browser.get(reverse("surveys:own_file", args=[kept.pk])).streaming_content) == b"uno"


def test_it_is_rated_and_reopened_once(given: Received, browser: Client) -> None:
    factory.answered(given.complaint, at=NOW)

    browser.post(reverse("surveys:own_rate"), {"satisfaction": "2", "comment": "No me escucharon"})
    browser.post(reverse("surveys:own_reopen"), {"reason": "No es así"})
    again = browser.post(reverse("surveys:own_reopen"), {"reason": "Otra vez"})

    made = Complaint.objects.get()
    assert (made.satisfaction, made.state) == (2, ComplaintState.IN_STUDY)
    assert "Ya se reabrió una vez" in again.content.decode()
    assert "Otra vez" in again.content.decode()  # what was typed stays


def test_it_can_be_taken_back(browser: Client) -> None:
    browser.post(reverse("surveys:own_withdraw"), {"reason": ""})

    assert Complaint.objects.get().state == ComplaintState.WITHDRAWN
    assert "Usted lo retiró" in page(browser)


def test_another_receipt_opens_nothing_of_this_one(given: Received) -> None:
    other = received()
    client = Client()
    client.post(reverse("receipts:open"), {"code": other.receipt.code, "secret": other.secret})

    assert client.get(reverse("surveys:own")).context["complaint"] == other.complaint


@pytest.mark.parametrize("name", ["own", "own_reply", "own_rate", "own_reopen", "own_withdraw"])
def test_without_a_receipt_nothing_opens(name: str, given: Received) -> None:
    client = Client()

    assert client.get(reverse(f"surveys:{name}")).url == reverse("receipts:open")
    assert client.post(reverse(f"surveys:{name}"), {"reason": "x", "text": "x"}).url == reverse("receipts:open")
    assert given.complaint.entries.count() == 0


def test_guessed_receipts_open_nothing_and_are_counted(given: Received) -> None:
    client = Client()
    guesses = [("0000000000", given.secret), (given.receipt.code, "sol luna mar rio"), ("", "")]
    bodies = set()
    for code, secret in [*guesses * 4, (given.receipt.code, "otra cosa mal dicha")]:
        answer = client.post(reverse("receipts:open"), {"code": code, "secret": secret})
        assert answer.status_code == 200
        if code:
            bodies.add(str(answer.context["form"].non_field_errors()))

    assert len(bodies) == 1  # the same words for a wrong code and a wrong secret
    assert client.get(reverse("surveys:own")).url == reverse("receipts:open")
