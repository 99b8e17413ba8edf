"""Invited by lot, reminded without knowing who answered, forgotten at closing; and no more messages if wished."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core import mail
from django.db import connection

from benefits_core.enums import Channel as Served
from benefits_core.models import Attention
from portal.foundation.audit.models import AuditEvent
from portal.foundation.jobs.domain import run, run_due
from portal.foundation.jobs.models import Job, JobState
from portal.foundation.messages import domain as messages
from portal.foundation.messages.models import Message, MessageState
from portal.foundation.people.models import Person
from portal.foundation.people.privacy import Subject
from surveys import holdings
from surveys.domain import contacts, mailings, responses, rounds
from surveys.enums import Audience
from surveys.errors import InvalidContent, NotPossibleNow, TokenGone
from surveys.models import Invitation, Round, RoundResponse, Stratum, SurveyContact, SurveyMailing, SurveyOptOut
from tests.factories import contacts as factory
from tests.factories import rounds as round_factory
from tests.factories.attentions import attention
from tests.factories.people import UserFactory
from tests.factories.rounds import CONTENT, NOW

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=1)
LATER = NOW + timedelta(days=6)


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are run by the test, when it says so."""
    monkeypatch.setattr("portal.foundation.jobs.domain._dispatch", lambda _job_id: None)


def room_for(round: Round, count: int, channel: str = "in_person") -> None:
    Stratum.objects.filter(round=round, channel=channel).update(to_invite=count)


# --- Contacts


def test_contacts_are_added_once_and_told_apart() -> None:
    round = round_factory.planned()
    content = b"contacto;canal\na@example.cl;presencial\nb@example.cl;web\n12;web\n"

    first = factory.add(round, content=content)
    again = factory.add(round, content=content)

    assert (first.added, first.known, len(first.errors)) == (2, 0, 1)
    assert (again.added, again.known) == (0, 2)
    assert SurveyContact.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM surveys_surveycontact")
        assert "example" not in repr(cursor.fetchall())
    events = AuditEvent.objects.filter(verb="surveys.add_contacts")
    assert "example" not in repr(list(events.values_list("detail", flat=True)))


def test_a_channel_that_nobody_was_served_by_has_no_contacts() -> None:
    round = round_factory.planned()
    round.strata.filter(channel="virtual").delete()

    assert factory.add(round, 2, "virtual").elsewhere == 2
    assert not SurveyContact.objects.exists()


def test_a_round_that_ended_takes_no_contacts_and_neither_does_a_team() -> None:
    closed = rounds.close_round(round=round_factory.opened(), by=None, at=NOW)
    for round in (closed, round_factory.planned(closed.territory, audience=Audience.TEAM)):
        with pytest.raises(NotPossibleNow):
            factory.add(round)


def test_the_register_gives_who_has_an_account_by_their_last_attention() -> None:
    round = round_factory.planned()
    users = [UserFactory(email="clara@example.cl", language="en"), UserFactory(is_active=False), None]
    known, closed, nobody = (
        Person.objects.create(given_names="Clara", territory=round.territory, user=user) for user in users
    )
    for person, channel, days in (
        (known, Served.COUNTER, 60),
        (known, Served.TELEPHONE, 20),
        (closed, Served.COUNTER, 20),
        (nobody, Served.COUNTER, 20),
        (known, Served.OUTREACH, 500),
    ):
        at = NOW - timedelta(days=days)
        made = attention(municipality=round.territory, at=at, channel=channel)
        Attention.objects.filter(pk=made.pk).update(person=person)

    added = contacts.add_known_contacts(round=round, by=round.created_by, at=NOW)

    assert added.added == 1
    contact = SurveyContact.objects.select_related("stratum").get()
    assert (contact.address, contact.stratum.channel, contact.language) == ("clara@example.cl", "virtual", "en")


# --- Drawing and sending


def test_people_are_drawn_up_to_how_many_are_to_be_asked() -> None:
    round = round_factory.opened()
    room_for(round, 3)
    factory.add(round, 10)

    factory.invite(round)
    factory.work()

    stratum = round.strata.get(channel="in_person")
    assert (len(mail.outbox), stratum.invited, Invitation.objects.count()) == (3, 3, 3)
    assert SurveyContact.objects.filter(wave=1).count() == 3
    with pytest.raises(NotPossibleNow):
        factory.invite(round, SOON)


def test_slips_count_among_those_who_are_asked() -> None:
    round = round_factory.opened()
    room_for(round, 3)
    round_factory.token(round)
    factory.add(round, 10)

    assert factory.invite(round).total == 2


def test_the_draw_is_a_lot_and_every_link_is_another() -> None:
    round = round_factory.opened()
    room_for(round, 20)
    factory.add(round, 60)

    factory.invite(round)
    factory.work()

    drawn = {int(address.removeprefix("vecina").partition("@")[0]) for address in factory.codes()}
    assert len(drawn) == len(set(factory.codes().values())) == 20
    assert drawn != set(range(20))


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_text_message_takes_one_segment(language: str, settings) -> None:
    settings.SITE_URL = "https://mejora.gob.cl"
    round = round_factory.opened()
    shown = {"round": round, "kind": "sms", "language": language, "code": "A1B2C3D4E5", "stop": "A1B2C3D4E5"}
    round.territory.name = "Pedro Aguirre Cerda"

    for is_reminder in (False, True):
        _subject, text = mailings.text_of(is_reminder=is_reminder, **shown)
        assert messages.segments.is_gsm(text)
        assert messages.segments.segments(text) == 1, text
        assert "/encuesta/A1B2C3D4E5/" in text and "/encuesta/no/A1B2C3D4E5/" in text


def test_each_reads_their_own_language() -> None:
    round = round_factory.opened()
    factory.add(round, content=b"contacto;canal;idioma\na@example.cl;web;en\nb@example.cl;web;es\n")

    factory.invite(round)
    factory.work()

    assert {message.to[0]: message.subject[:3] for message in mail.outbox} == {
        "a@example.cl": "How",
        "b@example.cl": "¿Có",
    }


def test_a_telephone_gets_a_text_message(settings) -> None:
    settings.SITE_URL = "https://mejora.gob.cl"
    round = round_factory.opened()
    factory.add(round, content=b"celular;canal\n987654321;terreno\n")
    mailing = factory.invite(round)
    run(job_id=mailing.job_id, now=lambda: NOW)

    message = Message.objects.get()
    assert (message.channel, message.address) == ("sms", "+56987654321")
    code = factory.LINK.search(message.body)
    assert code is not None
    assert responses.find_door(code[1], at=NOW).channel == "outreach"


def test_a_button_pressed_twice_writes_once() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    factory.invite(round)

    with pytest.raises(NotPossibleNow):
        factory.invite(round)
    with pytest.raises(NotPossibleNow):
        mailings.send_invitations(round=round, revision=1, by=round.created_by, at=NOW)
    factory.work()
    assert len(mail.outbox) == 3


def test_nothing_is_sent_before_it_opens_or_after_it_closed() -> None:
    round = round_factory.planned()
    factory.add(round, 3)
    with pytest.raises(NotPossibleNow):
        factory.invite(round)

    opened = rounds.open_round(round=round, open_link=False, revision=1, by=round.created_by, at=NOW)
    factory.invite(opened)
    rounds.close_round(round=opened, by=None, at=NOW)
    factory.work()

    assert mail.outbox == []
    assert not SurveyMailing.objects.filter(finished_at=None).exists()
    assert not SurveyContact.objects.exists()


@pytest.mark.parametrize("seed", range(6))
def test_whenever_the_job_breaks_off_nobody_is_lost_and_nobody_is_written_to_twice(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    monkeypatch.setattr(mailings, "WRITTEN_AT_ONCE", random.randint(2, 9))
    round = round_factory.opened()
    factory.add(round, 40)
    mailing = factory.invite(round)
    real = messages.send

    def breaks(**said):
        if random.random() < 0.08:
            raise ConnectionError("the worker died")
        return real(**said)

    monkeypatch.setattr(mailings.messages, "send", breaks)
    at = NOW
    while not SurveyMailing.objects.get(pk=mailing.pk).finished_at:
        run(job_id=mailing.job_id, now=lambda: at)  # noqa: B023  called at once
        at += timedelta(hours=1)
        # Tokens, messages and marks of a batch stand or fall together.
        written = SurveyContact.objects.filter(wave=1).count()
        assert Message.objects.count() == Invitation.objects.count() == written
        if at > NOW + timedelta(days=4):
            break

    stopped = Job.objects.get(pk=mailing.job_id).state == JobState.FAILED
    monkeypatch.setattr(mailings.messages, "send", real)
    if stopped:  # given up: whoever is left is drawn again
        factory.invite(round, at)
    factory.work(at)

    assert Counter(message.to[0] for message in mail.outbox) == {
        f"vecina{number}@example.cl": 1 for number in range(40)
    }
    assert round.strata.get(channel="in_person").invited == Invitation.objects.count() == 40


# --- Anonymous


def test_the_outbox_keeps_neither_text_nor_address_of_what_it_sent() -> None:
    round = round_factory.opened()
    factory.add(round, 2)
    factory.invite(round)
    factory.work()

    assert set(Message.objects.values_list("state", "subject", "body", "address_index")) == {("sent", "", "", "")}
    assert {message.address for message in Message.objects.all()} == {""}


def test_what_never_went_loses_its_text_too(monkeypatch: pytest.MonkeyPatch) -> None:
    round = round_factory.opened()
    factory.add(round, 1)
    factory.invite(round)
    run(job_id=SurveyMailing.objects.get().job_id, now=lambda: NOW)
    Job.objects.filter(kind=messages.DELIVER).update(max_attempts=1)
    monkeypatch.setattr(messages.gateways, "deliver", lambda _message: 1 / 0)
    run_due(now=lambda: NOW)

    assert Message.objects.values_list("state", "body").get() == (MessageState.FAILED, "")


def test_a_used_code_is_in_no_table_and_no_row_of_a_contact_leads_to_its_token() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    factory.invite(round)
    factory.work()
    address, code = next(iter(factory.codes().items()))

    responses.respond(code=code, given=CONTENT, at=NOW)

    hashes = set(Invitation.objects.values_list("token_hash", flat=True))
    fields = {field.name for field in SurveyContact._meta.get_fields()}
    assert fields == {"id", "stratum", "kind", "address", "address_index", "language", "lot", "wave", "mailing"}
    kept: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  our own tables' names
            kept[table] = repr(cursor.fetchall())
    assert [table for table, rows in kept.items() if code in rows or address in rows] == []
    assert not any(one in kept["surveys_surveycontact"] for one in hashes)
    # Who answered and who did not look alike.
    assert set(SurveyContact.objects.values_list("wave", "mailing")) == {(1, None)}


def test_numbers_of_tokens_say_nothing_of_the_order_of_contacts(monkeypatch: pytest.MonkeyPatch) -> None:
    round = round_factory.opened()
    factory.add(round, 30)
    factory.invite(round)
    factory.work()

    in_order = list(Invitation.objects.order_by("pk").values_list("token_hash", flat=True))
    assert in_order == sorted(in_order)


def test_closing_erases_contacts_and_what_still_waits_in_the_outbox() -> None:
    round = round_factory.opened()
    factory.add(round, 3)
    mailing = factory.invite(round)
    run(job_id=mailing.job_id, now=lambda: NOW)
    assert Message.objects.filter(state=MessageState.QUEUED).exclude(body="").count() == 3

    rounds.close_round(round=round, by=None, at=SOON)
    factory.work(SOON)

    assert not SurveyContact.objects.exists()
    assert set(Message.objects.values_list("body", "address_index")) == {("", "")}
    assert mail.outbox == []


def test_calling_it_off_erases_contacts_too() -> None:
    round = round_factory.planned()
    factory.add(round, 3)
    rounds.call_off(round=round, reason="Se hará con la región", revision=1, by=round.created_by, at=NOW)
    assert not SurveyContact.objects.exists()


# --- Reminders


def test_a_reminder_goes_to_who_has_not_answered_with_the_same_link() -> None:
    round = round_factory.opened()
    factory.add(round, 4)
    factory.invite(round)
    factory.work()
    first = factory.codes()
    answered, other = list(first)[:2]
    responses.respond(code=first[answered], given=CONTENT, at=SOON)
    mail.outbox.clear()

    factory.remind(round, LATER)
    factory.work(LATER)

    assert factory.codes() == {address: code for address, code in first.items() if address != answered}
    responses.respond(code=first[other], given=CONTENT, at=LATER)
    assert sorted(RoundResponse.objects.values_list("wave", flat=True)) == [1, 2]
    # Whoever had answered is known no more.
    assert SurveyContact.objects.count() == 3


def test_there_are_two_reminders_and_days_between_them() -> None:
    round = round_factory.opened()
    factory.add(round, 1)
    factory.invite(round)
    factory.work()

    with pytest.raises(NotPossibleNow):
        factory.remind(round, SOON)
    for number in (1, 2):
        at = NOW + timedelta(days=6 * number)
        factory.remind(round, at)
        factory.work(at)
    with pytest.raises(NotPossibleNow):
        factory.remind(round, NOW + timedelta(days=20))
    assert len(mail.outbox) == 3


def test_nobody_is_reminded_at_an_address_that_does_not_exist() -> None:
    round = round_factory.opened()
    factory.add(round, 2)
    factory.invite(round)
    factory.work()
    lost = Message.objects.first()
    messages.note_receipt(message_id=lost.pk, sending=0, state="undeliverable", reason="smtp_550", at=NOW)
    mail.outbox.clear()

    for number in (1, 2):
        factory.remind(round, NOW + timedelta(days=6 * number))
        factory.work(NOW + timedelta(days=6 * number))

    assert len(mail.outbox) == 2
    assert len({message.to[0] for message in mail.outbox}) == 1


# --- No more messages


def test_whoever_wants_no_more_is_not_written_to_again() -> None:
    round = round_factory.opened()
    factory.add(round, 2)
    factory.invite(round)
    factory.work()
    address, stop = next(iter(factory.stops().items()))
    code = factory.codes()[address]
    mail.outbox.clear()

    contacts.opt_out(code=f" {stop[:5].lower()} {stop[5:]}", by=None, at=NOW)
    contacts.opt_out(code=stop, by=None, at=NOW)
    subject = Subject("people.user", "1", user=UserFactory(email=address))
    assert [holdings.WISHES.export(one) for one in holdings.WISHES.of_person(subject)] == [{"since": NOW.date()}]
    factory.remind(round, LATER)
    factory.work(LATER)

    assert len(mail.outbox) == 1 and mail.outbox[0].to != [address]
    assert SurveyOptOut.objects.count() == 1
    # They may still answer, and no list brings them back.
    assert responses.find_door(code, at=NOW).round == round
    assert factory.add(round, content=f"contacto;canal\n{address.upper()};web\n".encode()).unwanted == 1


@pytest.mark.parametrize("code", ["", "A", "x" * 5000, "\x00", "' OR 1=1 --"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidContent):
        contacts.opt_out(code=code, by=None, at=NOW)
    assert not SurveyOptOut.objects.exists()


def test_a_wish_is_no_invitation() -> None:
    round = round_factory.opened()
    factory.add(round, 1)
    factory.invite(round)
    factory.work()
    with pytest.raises(TokenGone):
        responses.find_door(next(iter(factory.stops().values())), at=NOW)


# --- Data protection


def test_a_person_sees_and_erases_where_they_can_be_asked() -> None:
    round = round_factory.opened()
    factory.add(round, content=b"contacto;canal\nclara@example.cl;web\notra@example.cl;web\n")
    factory.invite(round)
    run(job_id=SurveyMailing.objects.get().job_id, now=lambda: NOW)
    user = UserFactory(email="Clara@example.cl")
    subject = Subject("people.user", str(user.pk), user=user)

    shown = [holdings.CONTACTS.export(one) for one in holdings.CONTACTS.of_person(subject)]
    erased = holdings.CONTACTS.erase(subject=subject, by=user, at=NOW)
    factory.work()

    assert [one["address"] for one in shown] == ["clara@example.cl"]
    assert erased.erased == 1
    assert [message.to[0] for message in mail.outbox] == ["otra@example.cl"]
    assert not holdings.CONTACTS.of_person(subject).exists()


def test_contacts_of_a_round_that_never_opened_go_after_its_last_day() -> None:
    round = round_factory.planned()
    factory.add(round, 3)
    rule = holdings.OLD_CONTACTS

    assert rule.due(NOW + timedelta(days=30)) == 0
    late = NOW + timedelta(days=33)
    assert (rule.due(late), rule.apply(at=late, limit=2), rule.apply(at=late, limit=2)) == (3, 2, 1)
    assert not SurveyContact.objects.exists()
