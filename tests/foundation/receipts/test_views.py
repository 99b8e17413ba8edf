"""The public door: one form, one receipt open at a time, nothing left behind on a shared computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.foundation.receipts import domain, registry, session
from portal.foundation.receipts.domain import Issued
from tests.factories.receipts import issued
from tests.factories.territories import ServicePointFactory

pytestmark = pytest.mark.django_db
DOOR = "/seguimiento/"
LABEL = "territories.servicepoint"


@pytest.fixture(autouse=True)
def page_of_the_subject() -> Iterator[None]:
    registry.register(LABEL, url=lambda subject: f"/mi-caso/?de={subject.pk}", name="Caso")
    yield
    registry.unregister(LABEL)


def request_of(client: Client) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = client.session
    return request


def sign_in(client: Client, given: Issued) -> None:
    client.post(DOOR, {"code": given.receipt.shown_code, "secret": given.secret})


def test_whoever_knows_code_and_words_is_led_to_the_subject() -> None:
    given, client = issued(), Client()

    answer = client.post(DOOR, {"code": given.receipt.shown_code.lower(), "secret": given.secret.upper()})

    assert answer.url == f"/mi-caso/?de={given.receipt.subject_id}"
    assert session.opened(request_of(client), given.receipt.subject) == given.receipt
    assert session.opened(request_of(client), ServicePointFactory()) is None


def test_the_form_keeps_what_was_typed_and_says_nothing_of_what_was_wrong() -> None:
    given, client = issued(), Client()

    wrong_code = client.post(DOOR, {"code": "AAAAA BBBBB", "secret": given.secret})
    wrong_words = client.post(DOOR, {"code": given.receipt.code, "secret": "uno dos tres cuatro"})

    texts = [
        answer.content.decode().replace(typed, "").replace(said, "")
        for answer, typed, said in (
            (wrong_code, "AAAAA BBBBB", given.secret),
            (wrong_words, given.receipt.code, "uno dos tres cuatro"),
        )
    ]
    assert "no coinciden" in texts[0]
    assert "AAAAA BBBBB" in wrong_code.content.decode()
    assert without_tokens(texts[0]) == without_tokens(texts[1])
    assert (wrong_code.status_code, wrong_code["Cache-Control"]) == (wrong_words.status_code, "no-store")


def without_tokens(text: str) -> str:

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize(
    "sent",
    [{}, {"code": "", "secret": ""}, {"code": "a\x00b", "secret": "x"}, {"code": "9" * 5000, "secret": "é" * 5000}],
)
def test_hostile_input_gets_the_form_again(sent: dict[str, str]) -> None:
    assert Client().post(DOOR, sent).status_code == 200


def test_a_flood_of_guesses_is_stopped_with_the_same_words() -> None:
    given, client = issued(), Client()
    for _attempt in range(domain.TRIES_PER_CODE):
        client.post(DOOR, {"code": given.receipt.code, "secret": "otra cosa"})

    answer = client.post(DOOR, {"code": given.receipt.code, "secret": given.secret})

    assert "no coinciden" in answer.content.decode()


def test_the_code_of_a_message_s_link_stands_in_the_form() -> None:
    page = Client().get(DOOR, {"codigo": "7K3M2 0X910<b>"}).content.decode()

    assert "7K3M2 0X910&lt;b&gt;" in page


def test_it_closes_by_itself_when_nobody_uses_it() -> None:
    given, client = issued(), Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, given)
        for _step in range(3):  # use keeps it open
            clock.shift(session.IDLE - timedelta(minutes=1))
            assert client.get(reverse("receipts:show")).status_code == 200
        clock.shift(session.IDLE + timedelta(seconds=1))
        late = client.get(reverse("receipts:show"))

    assert late.url == DOOR
    assert session.OPENED not in client.session


def test_closing_leaves_nothing_on_the_device() -> None:
    given, client = issued(), Client()
    sign_in(client, given)
    shown = client.get(reverse("receipts:show"))

    closed = client.post(reverse("receipts:close"))

    assert (shown["Cache-Control"], given.receipt.shown_code in shown.content.decode()) == ("no-store", True)
    assert closed["Clear-Site-Data"] == '"cache"'
    assert client.get(reverse("receipts:show")).url == DOOR


def test_opening_another_closes_the_first_and_renews_the_session() -> None:
    first, second, client = issued(), issued(), Client()
    sign_in(client, first)
    key = client.session.session_key

    sign_in(client, second)

    assert client.session.session_key != key
    assert session.opened(request_of(client), first.receipt.subject) is None
    assert session.opened(request_of(client), second.receipt.subject) == second.receipt


def test_a_subject_that_has_no_page_leads_to_the_receipt_itself() -> None:
    registry.unregister(LABEL)
    given, client = issued(contact="rosa@example.cl"), Client()

    answer = client.post(DOOR, {"code": given.receipt.code, "secret": given.secret}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("receipts:show")
    assert ("r•••@example.cl" in page, "rosa@" in page) == (True, False)


def test_the_words_are_shown_until_they_are_noted_and_not_for_long() -> None:
    given, client = issued(), Client()
    client.get(DOOR)
    request = request_of(client)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        session.hand_over(request, given)
        stored = str(dict(request.session))
        first, again = (session.to_show(request, given.receipt) for _load in range(2))
        other = session.to_show(request, issued().receipt)
        session.hand_over(request, given)
        clock.shift(session.SHOWN_FOR + timedelta(seconds=1))
        late = session.to_show(request, given.receipt)

    assert (first.words, again.words) == (given.secret, given.secret)
    assert (other.words, late.words, late.code) == ("", "", given.receipt.shown_code)
    assert [word for word in given.secret.split() if word in stored] == []
