"""The team's screens: who finds what, each look recorded, two who answer, and the list with its filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain import coding, complaints, thread
from surveys.domain.complaints import Named
from surveys.enums import ComplaintAbout, ComplaintKind, ComplaintState, EntryKind, Escalation, RootCause
from surveys.models import AnswerTemplate, Complaint
from tests.factories import complaints as factory
from tests.factories.benefits import published_step
from tests.factories.complaints import NOW, TEXT, complaint, worker
from tests.factories.people import sign_in
from tests.factories.quality import small_catalogue
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(datetime(2026, 3, 3, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def municipality() -> Territory:
    return MunicipalityFactory(name="Villa Alegre")


@pytest.fixture
def lead(municipality: Territory) -> User:
    return worker(municipality, Role.COORDINATOR)


@pytest.fixture
def screen(lead: User) -> Client:
    return sign_in(Client(), lead)


def url(name: str, made: Complaint) -> str:
    return reverse(f"surveys:{name}", args=[made.pk])


# --- One complaint


def test_its_page_shows_what_was_said_and_records_the_look(screen: Client, municipality: Territory, lead: User) -> None:
    made = complaint(municipality, category=factory.category("R09"), about_words="")

    page = screen.get(made.get_absolute_url()).content.decode()

    assert TEXT in page
    assert "14 de abril" in page
    look = AuditEvent.objects.get(verb="look", object_type="surveys.complaint")
    assert (look.by_user_id, look.object_id, look.purpose) == (lead.pk, str(made.pk), "Para ver el caso")


def test_the_person_it_is_about_finds_neither_page_nor_row_nor_file_nor_name(
    municipality: Territory, lead: User
) -> None:
    meant = worker(municipality)
    made = complaint(
        municipality,
        about=ComplaintAbout.STAFF,
        channel="counter",
        by=worker(municipality),
        named=Named("Rosa", "Reclama"),
    )
    complaints.settle_about(complaint=made, person=meant, by=lead, at=NOW)
    client = sign_in(Client(), meant)

    names = ("complaint", "complaint_who", "complaint_answer", "complaint_note", "complaint_assign", "complaint_code")
    answers = {name: client.get(url(name, made)).status_code for name in names}
    lists = [client.get(reverse(f"surveys:{name}")) for name in ("inbox", "inbox_csv")]

    assert set(answers.values()) <= {403, 404}
    bodies = [lists[0].content.decode(), b"".join(lists[1].streaming_content).decode()]
    assert all(made.shown_code not in body and str(made.code) not in body for body in bodies)


def test_who_complained_is_shown_for_a_purpose_that_is_recorded(screen: Client, municipality: Territory) -> None:
    made = complaint(municipality, channel="counter", by=worker(municipality), named=Named("Rosa", "Reclama"))
    page = screen.get(made.get_absolute_url()).content.decode()

    asked = screen.get(url("complaint_who", made)).content.decode()
    shown = screen.post(url("complaint_who", made), {"purpose": "call"})

    assert "Rosa Reclama" not in page + asked
    assert "Rosa Reclama" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    look = AuditEvent.objects.get(verb="look", object_type="people.person")
    assert look.purpose == "Para llamar a la persona por este caso"


def test_a_colleague_who_does_not_look_after_it_does_not_see_who_complained(municipality: Territory) -> None:
    made = complaint(municipality, channel="counter", by=worker(municipality), named=Named("Rosa", "Reclama"))
    client = sign_in(Client(), worker(municipality))

    assert client.get(url("complaint_who", made)).status_code == 403
    assert "Rosa Reclama" not in client.get(made.get_absolute_url()).content.decode()
    assert codes(client, q="Rosa Reclama", estado="todos") == set()


def test_each_verb_has_its_screen(screen: Client, municipality: Territory) -> None:
    made, to = complaint(municipality), worker(municipality)
    category, step = factory.category("R10"), published_step()
    posts: list[tuple[str, dict[str, Any]]] = [
        ("complaint_assign", {"to": to.pk}),
        ("complaint_classify", {"kind": "complaint", "category": category.pk, "step": step.pk, "preferential": "on"}),
        ("complaint_settle", {"person": ""}),
        ("complaint_note", {"text": "Hablé con el equipo"}),
        ("complaint_message", {"text": "La vamos a visitar"}),
        ("complaint_ask", {"text": "¿Qué día?"}),
        ("complaint_reply_for", {"text": "Dice que el lunes"}),
    ]
    for name, values in posts:
        assert screen.get(url(name, made)).status_code == 200, name
        assert screen.post(url(name, made), values).url == made.get_absolute_url(), name

    made.refresh_from_db()
    assert (made.owner, made.category, made.step, made.preferential) == (to, category, step, True)
    assert [entry.kind for entry in made.entries.all()] == [
        EntryKind.NOTE,
        EntryKind.MESSAGE,
        EntryKind.QUESTION,
        EntryKind.REPLY,
    ]
    page = screen.get(made.get_absolute_url()).content.decode()
    assert all(words in page for words in ("Hablé con el equipo", "La vamos a visitar", "Dice que el lunes"))


def answer_values(made: Complaint, **changes: Any) -> dict[str, Any]:
    made.refresh_from_db()
    content = factory.answer_content()
    return {
        "outcome": content.outcome,
        "found": content.found,
        "action": content.action,
        "next_step": content.next_step,
        "revision": made.revision,
        **changes,
    }


def test_the_answer_is_looked_at_and_then_sent(screen: Client, municipality: Territory) -> None:
    made = complaint(municipality)
    hard = (
        "Habiéndose procedido a la verificación de los antecedentes administrativos pertinentes, corresponde señalar."
    )

    seen = screen.post(url("complaint_answer", made), answer_values(made, found=hard, ver="1")).content.decode()
    before = Complaint.objects.get().state
    sent = screen.post(url("complaint_answer", made), answer_values(made))

    assert "Así la lee la persona" in seen
    assert "Cuesta leerla" in seen
    assert (before, Complaint.objects.get().state) == (ComplaintState.RECEIVED, ComplaintState.ANSWERED)
    assert sent.url == made.get_absolute_url()


def test_of_two_who_answer_the_second_sees_both_texts_and_may_go_on(screen: Client, municipality: Territory) -> None:
    made = complaint(municipality)
    read = answer_values(made)
    thread.reply(complaint=made, text="Se me olvidaba algo", at=NOW)

    refused = screen.post(url("complaint_answer", made), read)
    page = refused.content.decode()

    assert "Se me olvidaba algo" in page
    assert read["found"] in page
    assert made.entries.filter(kind=EntryKind.UNSENT).count() == 1
    again = screen.post(
        url("complaint_answer", made), {**read, "revision": refused.context["form"]["revision"].value()}
    )
    assert again.url == made.get_absolute_url()


def test_of_two_who_answer_the_second_reads_only_what_happened_meanwhile(
    screen: Client, municipality: Territory, lead: User
) -> None:
    made = complaint(municipality)
    thread.write_to_person(complaint=made, text="Lo visitaremos el lunes", by=lead, at=NOW)
    opened = screen.get(url("complaint_answer", made)).context["form"].initial
    read = {**answer_values(Complaint.objects.get()), **opened}
    thread.reply(complaint=made, text="Se me olvidaba algo", at=NOW)

    page = screen.post(url("complaint_answer", made), read).content.decode()

    assert "Se me olvidaba algo" in page
    assert "Lo visitaremos el lunes" not in page


def test_what_cannot_be_done_now_is_said_before_anything_is_written(screen: Client, municipality: Territory) -> None:
    made = factory.answered(complaint(municipality))

    answer = screen.get(url("complaint_answer", made), follow=True)

    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert "así que ahora no se puede" in answer.content.decode()


def test_to_agree_on_a_cause_both_codings_are_there_and_neither_is_chosen(
    screen: Client, municipality: Territory, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)
    small_catalogue()
    made = factory.coded(factory.answered(complaint(municipality)), cause=RootCause.PREMISES)
    coding.code_again(complaint=made, cause=RootCause.STAFFING, by=lead, at=NOW)

    answer = screen.get(url("complaint_agree_coding", made))
    page = answer.content.decode()

    assert page.count("El lugar de atención") == 2
    assert "checked" not in page
    assert "Acordar la causa" in screen.get(made.get_absolute_url()).content.decode()


def test_two_codings_alike_leave_nothing_to_agree_on(
    screen: Client, municipality: Territory, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)
    made = factory.coded(factory.answered(complaint(municipality)), cause=RootCause.PREMISES)
    coding.code_again(complaint=made, cause=RootCause.PREMISES, by=lead, at=NOW)

    page = screen.get(made.get_absolute_url()).content.decode()

    assert "Acordar la causa" not in page
    assert "no hay nada que acordar" in page


@pytest.mark.parametrize("name", ["complaint_answer", "complaint_ask", "complaint_message"])
def test_files_go_to_the_person_with_what_is_written(screen: Client, municipality: Territory, name: str) -> None:
    made = complaint(municipality)
    form = screen.get(url(name, made)).content.decode()
    said = {**answer_values(made), "text": "Aquí va", "files": [SimpleUploadedFile("carta.txt", b"uno")]}

    sent = screen.post(url(name, made), said)

    assert 'enctype="multipart/form-data"' in form
    assert sent.url == made.get_absolute_url()
    [kept] = made.files.all()
    assert (kept.file.name, kept.entry.is_internal) == ("carta.txt", False)


def test_how_far_it_was_escalated_is_on_its_page(screen: Client, municipality: Territory) -> None:
    made = complaint(municipality)
    before = screen.get(made.get_absolute_url()).content.decode()
    Complaint.objects.filter(pk=made.pk).update(escalation=Escalation.DIDECO)

    after = screen.get(made.get_absolute_url()).content.decode()

    assert "ya avisamos hasta" not in before
    assert "ya avisamos hasta: DIDECO" in after


def test_one_entry_of_the_menu_is_the_present_one(screen: Client) -> None:
    page = screen.get(reverse("surveys:inbox"))

    assert page.content.decode().count('aria-current="page"') + page.content.decode().count('aria-current="true"') == 1


def test_a_template_begins_the_answer(screen: Client, municipality: Territory) -> None:
    made = complaint(municipality)
    template = AnswerTemplate.objects.create(
        territory=municipality, title="Espera", found="Sobre {codigo} en {municipalidad}", edited_at=NOW
    )
    other = AnswerTemplate.objects.create(territory=MunicipalityFactory(), title="Otra", found="Ajena", edited_at=NOW)

    page = screen.get(url("complaint_answer", made), {"plantilla": template.pk}).content.decode()
    foreign = screen.get(url("complaint_answer", made), {"plantilla": other.pk}).content.decode()

    assert f"Sobre {made.shown_code} en Villa Alegre" in page
    assert "Ajena" not in foreign
    assert screen.get(url("complaint_answer", made), {"plantilla": "x"}).status_code == 200


def test_the_second_coder_is_not_shown_the_first_coding(
    screen: Client, municipality: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "is_sampled", lambda code: True)
    small_catalogue()
    made = factory.coded(factory.answered(complaint(municipality)), cause=RootCause.PREMISES)

    page = screen.get(made.get_absolute_url()).content.decode()
    form = screen.get(url("complaint_code_again", made)).content.decode()
    sheet = b"".join(screen.get(reverse("surveys:inbox_csv"), {"estado": "todos"}).streaming_content).decode()
    screen.post(url("complaint_code_again", made), {"cause": RootCause.STAFFING})

    assert "El lugar de atención" not in page + sheet
    assert "checked" not in form
    assert made.codings.count() == 2
    assert "El lugar de atención" in screen.get(made.get_absolute_url()).content.decode()


def test_a_verb_that_is_refused_says_why_and_keeps_what_was_typed(screen: Client, municipality: Territory) -> None:
    made = factory.closed(complaint(municipality))

    refused = screen.post(url("complaint_ask", made), {"text": "¿Qué día vino?"})

    assert refused.status_code == 200
    assert "ahora no se puede" in refused.content.decode()
    assert "¿Qué día vino?" in refused.content.decode()


# --- The list


def codes(client: Client, **filters: str) -> set[str]:
    return {made.code for made in client.get(reverse("surveys:inbox"), filters).context["complaints"]}


def test_the_list_is_narrowed_by_each_filter(screen: Client, municipality: Territory, lead: User) -> None:
    point = ServicePointFactory(territory=municipality)
    small_catalogue()
    plain = complaint(municipality, text="Cañería rota en el baño")
    late = complaint(municipality, at=datetime(2026, 1, 5, 15, tzinfo=UTC), category=factory.category("R09"))
    mine = factory.assigned(
        complaint(municipality, service_point=point, kind=ComplaintKind.SUGGESTION), to=lead, by=lead
    )
    waiting = factory.asked(complaint(municipality, category=factory.category("R11")))
    over = factory.answered(complaint(municipality))
    complaint(MunicipalityFactory())
    found = {
        "open": codes(screen),
        "all": codes(screen, estado="todos"),
        "answered": codes(screen, estado="answered"),
        "late": codes(screen, plazo="late"),
        "paused": codes(screen, plazo="paused"),
        "alert": codes(screen, plazo="alert"),
        "uncoded": codes(screen, plazo="uncoded", estado="todos"),
        "mine": codes(screen, mios="on"),
        "kind": codes(screen, clase="suggestion"),
        "category": codes(screen, categoria="R09"),
        "no category": codes(screen, categoria="none"),
        "point": codes(screen, punto=str(point.pk)),
        "words": codes(screen, q="caneria BANO"),
        "code": codes(screen, q=f" {plain.shown_code.lower()} "),
        "nothing": codes(screen, q="%_%"),
        "wrong": codes(screen, estado="x", punto="x"),
    }

    assert found == {
        "open": {made.code for made in (plain, late, mine, waiting)},
        "all": {made.code for made in (plain, late, mine, waiting, over)},
        "answered": {over.code},
        "late": {late.code},
        "paused": {waiting.code},
        "alert": {waiting.code},
        "uncoded": {over.code},
        "mine": {mine.code},
        "kind": {mine.code},
        "category": {late.code},
        "no category": {plain.code, mine.code},
        "point": {mine.code},
        "words": {plain.code},
        "code": {plain.code},
        "nothing": set(),
        "wrong": {made.code for made in (plain, late, mine, waiting)},
    }


def test_the_open_ones_come_by_their_term(screen: Client, municipality: Territory) -> None:
    later = complaint(municipality)
    sooner = complaint(municipality, at=datetime(2026, 2, 2, 15, tzinfo=UTC))

    shown = screen.get(reverse("surveys:inbox")).context["complaints"]

    assert [made.pk for made in shown] == [sooner.pk, later.pk]


def test_the_list_costs_the_same_however_long_it_is(
    screen: Client, municipality: Territory, constant_queries: Callable[..., int]
) -> None:
    count = constant_queries(
        screen, reverse("surveys:inbox"), lambda: factory.assigned(complaint(municipality, category=factory.category()))
    )

    assert count <= 10


def test_a_page_costs_the_same_however_long_its_thread_is(
    screen: Client, municipality: Territory, constant_queries: Callable[..., int]
) -> None:
    made = complaint(municipality)

    constant_queries(screen, made.get_absolute_url(), lambda: thread.reply(complaint=made, text="Más", at=NOW))


def test_the_table_to_take_away_names_and_quotes_nobody(screen: Client, municipality: Territory) -> None:
    made = complaint(
        municipality,
        channel="counter",
        by=worker(municipality),
        named=Named("Rosa", "Reclama"),
        contact="rosa@example.cl",
    )
    factory.answered(made, at=NOW)

    sheet = b"".join(screen.get(reverse("surveys:inbox_csv"), {"estado": "todos"}).streaming_content).decode()

    assert str(made.code) in sheet
    assert all(words not in sheet for words in ("Rosa", "rosa@", TEXT, factory.answer_content().found))
    assert screen.get(reverse("surveys:inbox_xlsx")).status_code == 200


def test_an_empty_list_says_why_it_is_empty(screen: Client, municipality: Territory) -> None:
    complaint(municipality)
    regional = sign_in(Client(), worker(municipality.region, Role.REGIONAL_TEAM))

    assert "Aquí llega solo lo que debe ver la región" in regional.get(reverse("surveys:inbox")).content.decode()
    other = screen.get(reverse("surveys:inbox"), {"q": "nada así"}).content.decode()
    assert "cumple estos filtros" in other and "debe ver la región" not in other


def test_the_region_finds_what_reached_it_and_nothing_else(municipality: Territory) -> None:
    worker(municipality, Role.COORDINATOR)
    client = sign_in(Client(), worker(municipality.region, Role.REGIONAL_TEAM))
    reached, other = complaint(municipality), complaint(municipality)
    Complaint.objects.filter(pk=reached.pk).update(reaches_region=True)

    assert codes(client) == {reached.code}
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(reached.get_absolute_url()).status_code == 200
    assert reached.received_on == date(2026, 3, 2)
