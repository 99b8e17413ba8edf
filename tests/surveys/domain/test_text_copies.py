"""Copies of what people wrote go with the original, and when their term has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from portal.foundation.people import privacy
from portal.foundation.people.privacy import Subject
from portal.foundation.people.roles import Role
from surveys.domain import complaints, senders, text_copies
from surveys.domain import open311 as open311_domain
from surveys.domain import themes as runs
from surveys.models import PublicText, SentByApplication, ThemeRun, ThemeText
from surveys.queries import complaint_texts
from tests.factories import themes as factory
from tests.factories.complaints import NOW, answered, category, complaint, worker
from tests.factories.open311 import sent
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
YEARS_LATER = factory.NOW + timedelta(days=731)


@pytest.fixture(autouse=True)
def in_july() -> Iterator[None]:
    with time_machine.travel(factory.NOW, tick=False):
        yield


def test_erasing_a_sender_erases_every_copy() -> None:
    here = MunicipalityFactory()
    made = answered(sent(here, "Texto propio").complaint)
    other = complaint(here, text="Texto ajeno")
    open311_domain.publish_text(complaint=made, by=worker(here, Role.COORDINATOR), at=NOW)
    run = runs.start_run(
        municipality=here,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        source_keys=[complaint_texts.KEY],
        by=factory.leader(here),
        at=factory.NOW,
    )
    factory.work(run)
    assert ThemeText.objects.count() == 2

    senders.erase_sender(complaint=made, by=None, at=NOW)

    assert dict(ThemeText.objects.values_list("reference", "text")) == {str(made.pk): "", str(other.pk): "Texto ajeno"}
    assert (PublicText.objects.get().text, PublicText.objects.get().is_shown) == ("", False)
    assert SentByApplication.objects.get().address == ""
    assert text_copies.erase_copies(complaint=made, by=None, at=NOW) == 0
    again = complaint_texts.texts([here], run.period)
    assert [text.text for text in again] == ["Texto ajeno"]


def test_copies_are_shown_to_whoever_wrote_them() -> None:
    here, person = MunicipalityFactory(), worker(MunicipalityFactory(), Role.CITIZEN)
    made = complaint(here, text="Texto propio", author=person, category=category())
    complaint(here, text="Texto ajeno")
    run = runs.start_run(
        municipality=here,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        source_keys=[complaint_texts.KEY],
        by=factory.leader(here),
        at=factory.NOW,
    )
    factory.work(run)
    kind = privacy.kind("surveys.theme_texts")
    assert kind is not None
    subject = Subject("people.user", str(person.pk), user=person)

    assert [kind.export(row)["text"] for row in kind.of_person(subject)] == ["Texto propio"]

    complaints.withdraw(complaint=made, at=NOW)
    assert kind.erase is not None
    assert kind.erase(subject=subject, by=None, at=NOW).erased == 1
    assert list(kind.of_person(subject)) == []


@pytest.mark.usefixtures("notes")
def test_texts_are_forgotten_two_years_after_their_search_was_closed() -> None:
    closed, still_open = factory.closed(), factory.to_read()
    summary = closed.summary
    assert text_copies.texts_due(YEARS_LATER - timedelta(days=2)).count() == 0

    assert text_copies.forget_texts(at=YEARS_LATER, limit=5) == 5
    assert text_copies.forget_texts(at=YEARS_LATER, limit=50) == 4

    assert set(closed.texts.values_list("text", flat=True)) == {""}
    assert "" not in still_open.texts.values_list("text", flat=True)
    assert ThemeRun.objects.get(pk=closed.pk).summary == summary
