"""Keys of applications, and the decision to let everybody read a complaint's text."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connections

from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import verify
from portal.foundation.people.roles import Role
from surveys.domain import complaints
from surveys.domain import open311 as domain
from surveys.errors import InvalidContent, NotAllowed, NotPossibleNow
from surveys.models import ApiKey, Complaint, PublicText
from tests.factories.complaints import category, complaint, worker
from tests.factories.open311 import NOW, issued_key, sent
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# --- Keys


def test_a_key_is_known_by_its_secret_which_is_kept_nowhere() -> None:
    issued = issued_key()

    assert domain.key_with(issued.secret) == issued.key
    assert domain.key_with(issued.secret.swapcase()) is None
    assert domain.key_with("") is None
    assert len(issued.secret) >= 40
    stored = str(list(ApiKey.objects.values())) + str(list(AuditEvent.objects.values()))
    assert issued.secret not in stored
    assert issued.secret not in repr(issued)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"holder": ""}, "holder"),
        ({"email": "nadie"}, "email"),
        ({"hourly_limit": 0}, "hourly_limit"),
        ({"hourly_limit": 10_001}, "hourly_limit"),
    ],
)
def test_a_key_needs_somebody_who_answers_for_it(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        issued_key(**changes)

    assert refused.value.field == field


def test_an_application_has_one_key_at_a_time() -> None:
    first = issued_key()
    with pytest.raises(InvalidContent):
        issued_key()

    domain.revoke_key(key=first.key, reason="Se perdió", by=first.key.created_by, at=NOW)
    second = issued_key()

    assert domain.key_with(first.secret) is None
    assert domain.key_with(second.secret) == second.key
    with pytest.raises(NotPossibleNow):
        domain.revoke_key(key=first.key, reason="Otra vez", by=first.key.created_by, at=NOW)
    with pytest.raises(InvalidContent):
        domain.revoke_key(key=second.key, reason="  ", by=first.key.created_by, at=NOW)


def test_the_day_of_last_use_is_noted_and_no_moment() -> None:
    issued = issued_key()
    sent(MunicipalityFactory(), key=issued)

    issued.key.refresh_from_db()
    assert issued.key.last_used_on == NOW.date()


@pytest.mark.django_db(transaction=True)
def test_the_same_sent_at_once_is_one_complaint() -> None:
    municipality, issued = MunicipalityFactory(), issued_key()
    category()
    barrier = Barrier(3)

    def send() -> bool:
        try:
            barrier.wait(timeout=10)
            return bool(sent(municipality, key=issued).secret)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=3) as pool:
        told = sorted(pool.map(lambda _number: send(), range(3)))

    assert told == [False, False, True]
    assert Complaint.objects.count() == 1


# --- Texts that everybody may read


def test_a_published_text_is_masked_and_can_be_replaced() -> None:
    made = complaint(text="Soy Rosa Díaz, 9 8765 4321. Esperé de pie.")
    leader = worker(made.territory, Role.COORDINATOR)

    domain.publish_text(complaint=made, by=leader, at=NOW)
    text = domain.publish_text(complaint=made, hide=["Rosa Díaz"], by=leader, at=NOW + timedelta(minutes=1))

    assert PublicText.objects.get() == text
    assert (text.text, text.found) == ("Soy [OCULTO], [TELÉFONO]. Esperé de pie.", {"phone": 1, "word": 1})
    assert "Rosa" not in str(list(PublicText.objects.values()))


def test_a_withdrawn_text_is_emptied() -> None:
    made = complaint()
    leader = worker(made.territory, Role.COORDINATOR)
    domain.publish_text(complaint=made, by=leader, at=NOW)

    domain.withdraw_text(complaint=made, by=leader, at=NOW)

    text = PublicText.objects.get()
    assert (text.text, text.is_shown, text.withdrawn_by) == ("", False, leader)
    with pytest.raises(NotPossibleNow):
        domain.withdraw_text(complaint=made, by=leader, at=NOW)
    assert domain.publish_text(complaint=made, by=leader, at=NOW).is_shown


def test_what_is_about_somebody_or_serious_or_withdrawn_is_not_published() -> None:
    about, serious, withdrawn = complaint(about="staff"), complaint(category=category("R11")), complaint()
    complaints.withdraw(complaint=withdrawn, at=NOW)

    for made in (about, serious, withdrawn):
        with pytest.raises(NotPossibleNow):
            domain.publish_text(complaint=made, by=worker(made.territory, Role.DIDECO), at=NOW)
    assert not PublicText.objects.exists()


def test_nobody_publishes_what_is_about_himself() -> None:
    made = complaint()
    meant = worker(made.territory, Role.COORDINATOR)
    complaints.settle_about(complaint=made, person=meant, by=worker(made.territory, Role.DIDECO), at=NOW)

    with pytest.raises(NotAllowed):
        domain.publish_text(complaint=made, by=meant, at=NOW)


def test_a_text_altered_past_the_verbs_is_found() -> None:
    made = complaint()
    domain.publish_text(complaint=made, by=worker(made.territory, Role.COORDINATOR), at=NOW)
    before = verify(at=NOW)

    PublicText.objects.update(text="Otra cosa")

    assert len(verify(at=NOW)) == len(before) + 1
