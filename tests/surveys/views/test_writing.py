"""Writing to a municipality without a script and without an account: question by question, sent once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.foundation.documents.models import Document
from portal.foundation.documents.render import render_pdf
from portal.foundation.receipts import domain as receipts
from portal.foundation.receipts.domain import read_contact
from portal.foundation.receipts.queries import receipt_of
from portal.foundation.territories.models import Territory
from surveys.documents.receipts import receipt_data
from surveys.enums import ComplaintAbout, ComplaintChannel, ComplaintKind
from surveys.models import Complaint, ComplaintDraft, ComplaintTerms
from surveys.queries import writing as asked
from tests.factories import complaints as factory
from tests.factories.benefits import published_step
from tests.factories.people import UserFactory, sign_in
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
TEXT = "Esperé dos horas en el mesón y nadie me atendió."


def begin(client: Client, municipality: Territory | None = None, **extra: str) -> Territory:
    municipality = municipality or MunicipalityFactory()
    answer = client.post(reverse("surveys:begin"), {"municipalidad": municipality.slug, **extra})
    assert answer.url == reverse("surveys:question", args=[asked.KIND])
    return municipality


def ask(client: Client, question: str, **values: Any) -> Any:
    return client.post(reverse("surveys:question", args=[question]), values)


def write(client: Client, **extra: Any) -> None:
    """Every question that an ordinary complaint is asked."""
    ask(client, asked.KIND, kind="complaint")
    ask(client, asked.TOPIC, category=extra.pop("category", "no-se"))
    ask(client, asked.TEXT, text=extra.pop("text", TEXT))
    ask(client, asked.PLACE, happened_on_0="", happened_on_1="", happened_on_2="")
    ask(client, asked.ABOUT, about="nobody")
    ask(client, asked.PRIORITY, preferential="no")
    ask(client, asked.FILES)
    ask(client, asked.CONTACT, contact="", **extra)


def send(client: Client) -> str:
    """Press the button; the page with code and words."""
    answer = client.post(reverse("surveys:send"))
    assert answer.url == reverse("surveys:sent")
    return client.get(answer.url).content.decode()


def test_from_the_start_to_the_receipt(client: Client) -> None:
    municipality = MunicipalityFactory(name="Villa Alegre")
    point = ServicePointFactory(territory=municipality, name="Oficina central")
    step = published_step()
    category = factory.category("R09")
    assert client.get(reverse("surveys:start")).status_code == 200
    assert "Villa Alegre" in client.get(reverse("surveys:begin"), {"q": "villa"}).content.decode()
    begin(client, municipality)
    order = [
        (asked.KIND, {"kind": "complaint"}),
        (asked.TOPIC, {"category": category.pk}),
        (asked.TEXT, {"text": TEXT}),
        (asked.PLACE, {"service_point": point.pk, "happened_on_0": "2", "happened_on_1": "3", "happened_on_2": "2026"}),
        (asked.STEP, {"step": step.pk}),
        (asked.ABOUT, {"about": "staff", "about_words": "El joven del mesón 3"}),
        (asked.PRIORITY, {"preferential": "si"}),
        (asked.FILES, {"files": [SimpleUploadedFile("foto.txt", b"uno")]}),
        (asked.CONTACT, {"contact": "vecina@example.cl"}),
    ]
    for (question, values), following in zip(order, [*[each for each, _values in order[1:]], None], strict=True):
        assert client.get(reverse("surveys:question", args=[question])).status_code == 200
        expected = reverse("surveys:question", args=[following]) if following else reverse("surveys:check")
        assert ask(client, question, **values).url == expected
    check = client.get(reverse("surveys:check")).content.decode()
    assert all(words in check for words in (TEXT, "Oficina central", "El joven del mesón 3", "foto.txt"))

    page = send(client)

    made = Complaint.objects.get()
    assert (made.kind, made.channel, made.category, made.step, made.service_point) == (
        ComplaintKind.COMPLAINT,
        ComplaintChannel.WEB,
        category,
        step,
        point,
    )
    assert (made.about, made.preferential, made.files.count(), made.is_anonymous) == (
        ComplaintAbout.STAFF,
        True,
        1,
        True,
    )
    receipt = receipt_of(made)
    assert receipt.shown_code in page
    assert receipt.address == read_contact("vecina@example.cl").address
    own = client.get(reverse("surveys:own"))
    assert (own.status_code, TEXT in own.content.decode(), own["Cache-Control"]) == (200, True, "no-store")


def test_the_shown_words_open_it_from_another_device(client: Client) -> None:
    begin(client)
    write(client)

    answer = client.post(reverse("surveys:send"))
    shown = client.get(answer.url).context["shown"]

    opened = receipts.open(code=shown.code, secret=shown.words, address="1.1.1.1", at=timezone.now())
    assert opened.subject == Complaint.objects.get()


def test_pressed_twice_it_is_one_and_shows_the_same_receipt(client: Client) -> None:
    begin(client)
    write(client)
    another_tab = Client()
    another_tab.cookies = client.cookies.copy()
    another_tab.cookies.pop("sessionid", None)

    pages = [client.get(client.post(reverse("surveys:send")).url).context["shown"] for _time in range(2)]
    lost = another_tab.get(another_tab.post(reverse("surveys:send")).url).context["shown"]

    assert Complaint.objects.count() == 1
    assert pages[0] == pages[1] == lost
    assert lost.words


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(client: Client) -> None:
    begin(client)
    ask(client, asked.KIND, kind="complaint")

    empty = ask(client, asked.TEXT, text="").content.decode()
    long = ask(client, asked.TEXT, text="a" * 4001 + "fin").content.decode()
    day = ask(client, asked.PLACE, happened_on_0="31", happened_on_1="2", happened_on_2="2026").content.decode()
    contact = ask(client, asked.CONTACT, contact="vecina arroba").content.decode()

    assert "Escriba qué pasó" in empty
    assert "4004" in long
    assert "aaafin" in long
    assert "ese mes no lo tiene" in day
    assert 'value="vecina arroba"' in contact


def test_thirty_files_five_megabytes_and_scripts_are_refused_in_plain_words(client: Client) -> None:
    begin(client)
    many = [SimpleUploadedFile(f"{number}.txt", b"uno") for number in range(30)]

    answers = [
        ask(client, asked.FILES, files=many),
        ask(client, asked.TEXT, text="a" * 5_000_000),
        ask(client, asked.FILES, files=many[:6]),
        ask(client, asked.FILES, files=[SimpleUploadedFile("a.html", b"<script>alert(1)</script>")]),
        ask(client, asked.TEXT, text="<script>alert(1)</script>"),
    ]

    bodies = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [413, 413, 200, 200, 302]
    assert "Hay demasiados archivos" in bodies[0]
    assert "El texto es demasiado largo" in bodies[1]
    assert "Envíe 5 archivos como máximo" in bodies[2]
    assert "No aceptamos este tipo de archivo" in bodies[3]
    check = client.get(reverse("surveys:check")).content.decode()
    assert "<script>alert" not in check


def test_files_can_be_added_and_removed(client: Client) -> None:
    begin(client)
    added = ask(client, asked.FILES, files=[SimpleUploadedFile("uno.txt", b"uno")], otro="1")
    ask(client, asked.FILES, files=[SimpleUploadedFile("dos.txt", b"dos")], otro="1")
    page = client.get(added.url).content.decode()
    first = ComplaintDraft.objects.get().files.first()

    client.post(reverse("surveys:remove_file", args=[first.pk]))

    assert "uno.txt" in page
    left = [kept.file.name for kept in ComplaintDraft.objects.get().files.all()]
    assert left == ["dos.txt"]


def test_nobody_removes_the_file_of_another(client: Client) -> None:
    begin(client)
    ask(client, asked.FILES, files=[SimpleUploadedFile("uno.txt", b"uno")])
    stranger = Client()
    begin(stranger)

    stranger.post(reverse("surveys:remove_file", args=[ComplaintDraft.objects.first().files.get().pk]))

    assert ComplaintDraft.objects.first().files.count() == 1


def test_who_disagrees_with_the_bracket_is_told_the_other_way_first(client: Client) -> None:
    category = factory.category("R14")
    begin(client)
    ask(client, asked.KIND, kind="complaint")

    answer = ask(client, asked.TOPIC, category=category.pk)

    assert answer.url == reverse("surveys:question", args=[asked.OTHER_WAY])
    assert "rectificación" in client.get(answer.url).content.decode()
    assert ask(client, asked.OTHER_WAY).url == reverse("surveys:question", args=[asked.TEXT])


def test_a_compliment_is_asked_less(client: Client) -> None:
    begin(client)

    answer = ask(client, asked.KIND, kind="compliment")

    assert answer.url == reverse("surveys:question", args=[asked.TEXT])
    assert client.get(reverse("surveys:question", args=[asked.ABOUT])).status_code == 404


def test_changing_an_answer_leads_back_to_the_check(client: Client) -> None:
    begin(client)
    write(client)

    answer = client.post(f"{reverse('surveys:question', args=[asked.TEXT])}?volver=1", {"text": "Otra cosa"})

    assert answer.url == reverse("surveys:check")
    assert "Otra cosa" in client.get(answer.url).content.decode()


def test_without_its_key_there_is_no_draft(client: Client) -> None:
    addresses = [reverse("surveys:check"), reverse("surveys:question", args=[asked.TEXT])]

    assert {client.get(address).url for address in addresses} == {reverse("surveys:start")}
    assert client.post(reverse("surveys:send")).url == reverse("surveys:start")
    client.cookies["reclamo"] = "inventada"
    assert client.get(addresses[0]).url == reverse("surveys:start")


def test_what_is_missing_is_asked_before_it_is_sent(client: Client) -> None:
    begin(client)

    assert client.get(reverse("surveys:check")).url == reverse("surveys:question", args=[asked.KIND])
    ask(client, asked.KIND, kind="complaint")
    assert client.post(reverse("surveys:send")).url == reverse("surveys:question", args=[asked.TEXT])
    assert Complaint.objects.count() == 0


def test_a_robot_is_shown_the_same_address_and_nothing_is_kept(client: Client) -> None:
    begin(client)
    write(client)

    answer = client.post(reverse("surveys:send"), {"website": "https://spam.example"})

    assert answer.url == reverse("surveys:sent")
    assert Complaint.objects.count() == 0


def test_many_from_one_connection_wait_and_lose_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.views.writing.SENT_PER_HOUR", 0)
    begin(client)
    write(client)

    answer = client.post(reverse("surveys:send"), follow=True)

    assert "una hora" in answer.content.decode()
    assert TEXT in answer.content.decode()
    assert Complaint.objects.count() == 0


def test_a_shared_connection_is_no_reason_to_refuse_and_one_browser_that_sends_without_end_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    municipality = MunicipalityFactory()
    monkeypatch.setattr("surveys.views.writing.SENT_BY_ONE_PER_HOUR", 1)
    tireless = Client()
    for client in (tireless, Client(), Client()):
        begin(client, municipality)
        write(client)
        send(client)

    begin(tireless, municipality)
    write(tireless, text="La segunda vez.")
    answer = tireless.post(reverse("surveys:send"), follow=True)

    assert "una hora" in answer.content.decode()
    assert "La segunda vez." in answer.content.decode()
    assert Complaint.objects.count() == 3


def test_the_place_that_was_chosen_can_be_taken_back(client: Client) -> None:
    municipality = begin(client)
    point = ServicePointFactory(territory=municipality, name="Oficina central")
    ask(client, asked.PLACE, service_point=point.pk)

    page = client.get(reverse("surveys:question", args=[asked.PLACE]))
    ask(client, asked.PLACE, service_point="")

    assert page.context["form"]["service_point"].subwidgets[0].data["value"] == ""
    write(client)
    send(client)
    assert Complaint.objects.get().service_point is None


@pytest.mark.parametrize("number", ["x", "0", "99999999", "9" * 40, "-1"])
def test_an_address_with_a_step_that_does_not_exist_is_no_fault(client: Client, number: str) -> None:
    published_step()
    begin(client, paso=number)

    assert client.get(reverse("surveys:start"), {"paso": number}).status_code == 200
    assert client.get(reverse("surveys:question", args=["tramite"])).context["form"]["step"].value() in ("", None)


def test_a_step_of_another_municipality_s_own_procedure_is_not_kept(client: Client) -> None:
    step = published_step(territory=MunicipalityFactory(name="Otra"))
    published_step()

    begin(client, paso=str(step.pk))

    assert client.get(reverse("surveys:question", args=["tramite"])).context["form"]["step"].value() in ("", None)


def test_leaving_erases_it_from_the_device(client: Client) -> None:
    begin(client)
    write(client)
    send(client)

    answer = client.post(reverse("surveys:leave"))

    assert answer["Clear-Site-Data"] == '"cache"'
    assert answer.cookies["reclamo"].value == ""
    assert ComplaintDraft.objects.count() == 0
    assert client.get(reverse("surveys:own")).url == reverse("receipts:open")
    assert "ya no se muestran" in client.get(reverse("surveys:sent")).content.decode()


def test_on_a_shared_screen_it_does_not_wait_long(client: Client) -> None:
    begin(client, kiosco="1")
    ask(client, asked.KIND, kind="complaint")

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get(reverse("surveys:question", args=[asked.TEXT])).url == reverse("surveys:start")


def test_a_kiosk_leaves_no_file_goes_back_by_itself_and_stays_a_kiosk(client: Client) -> None:
    municipality = MunicipalityFactory()
    home = f"{reverse('surveys:start')}?municipalidad={municipality.slug}&kiosco=1"
    begin(client, municipality, kiosco="1")
    question = client.get(reverse("surveys:question", args=[asked.KIND]))
    write(client)

    client.post(reverse("surveys:send"))
    sent = client.get(reverse("surveys:sent"))
    left = client.post(reverse("surveys:leave"))

    assert question["Refresh"] == f"900; url={home}"
    assert sent["Refresh"] == f"180; url={home}"
    assert reverse("surveys:own_receipt") not in sent.content.decode()
    assert left.url == home
    assert 'name="kiosco" value="1"' in client.get(left.url).content.decode()


def test_whoever_walks_away_from_a_kiosk_leaves_nothing(client: Client) -> None:
    begin(client, kiosco="1")
    write(client)
    send(client)

    client.get(reverse("surveys:start"), {"kiosco": "1"})

    assert "ya no se muestran" in client.get(reverse("surveys:sent")).content.decode()
    assert client.get(reverse("surveys:own")).url == reverse("receipts:open")
    assert client.get(reverse("surveys:question", args=[asked.TEXT])).url == reverse("surveys:start")


def test_another_screen_does_not_go_back_by_itself(client: Client) -> None:
    begin(client)
    question = client.get(reverse("surveys:question", args=[asked.KIND]))
    write(client)
    client.post(reverse("surveys:send"))
    sent = client.get(reverse("surveys:sent"))

    assert "Refresh" not in question.headers
    assert "Refresh" not in sent.headers
    assert reverse("surveys:own_receipt") in sent.content.decode()


def test_signed_in_one_chooses_whether_to_give_the_name() -> None:
    user = UserFactory()
    client = sign_in(Client(), user)
    for as_me in ("si", "no"):
        begin(client)
        write(client, as_me=as_me)
        send(client)
        client.post(reverse("surveys:leave"))

    assert [made.author for made in Complaint.objects.order_by("pk")] == [user, None]
    mine = client.get(reverse("surveys:mine"))
    assert len(mine.context["complaints"]) == 1
    opened = client.post(reverse("surveys:open_mine", args=[Complaint.objects.earliest("pk").pk]))
    assert client.get(opened.url).status_code == 200


@pytest.mark.parametrize(("as_me", "words"), [("si", "Con mi nombre"), ("no", "Sin mi nombre")])
def test_the_choice_about_the_name_can_be_checked_before_sending_and_is_told_after(as_me: str, words: str) -> None:
    client = sign_in(Client(), UserFactory())
    begin(client)
    write(client, as_me=as_me)

    rows = client.get(reverse("surveys:check")).context["rows"]
    sent = send(client)

    assert [str(row["value"]) for row in rows if row["key"] == "¿Con su nombre?"] == [words]
    assert rows[-1]["url"] == f"{reverse('surveys:question', args=[asked.CONTACT])}?volver=1"
    assert ("Usted lo envió con su nombre." in sent) == (as_me == "si")
    sheet = receipt_data(Complaint.objects.get(), code="A", words="", terms=ComplaintTerms(answer_days=30))
    assert ("Usted lo envió con su nombre." in sheet["sections"][0]["bullets"]) == (as_me == "si")


def test_without_an_account_nothing_is_said_of_a_name(client: Client) -> None:
    begin(client)
    write(client)

    keys = [row["key"] for row in client.get(reverse("surveys:check")).context["rows"]]

    assert "¿Con su nombre?" not in keys


def test_a_search_for_nothing_says_what_to_do(client: Client) -> None:
    page = client.get(reverse("surveys:begin"), {"q": " "}).content.decode()

    assert "Escriba un nombre para buscar" in page
    assert "Escriba un nombre para buscar" not in client.get(reverse("surveys:begin")).content.decode()


def test_nobody_opens_what_another_sent() -> None:
    made = factory.complaint(author=UserFactory())
    client = sign_in(Client(), UserFactory())

    assert client.post(reverse("surveys:open_mine", args=[made.pk])).status_code == 404


def test_every_page_is_in_english_too(client: Client) -> None:
    begin(client)
    write(client)

    page = client.get("/en/reclamos/revisar/").content.decode()

    assert "Check your answers" in page


@pytest.mark.parametrize("hostile", ["<b>", "a\x00b", "99999999999999999999", "-1", "' OR 1=1"])
def test_hostile_choices_are_refused(client: Client, hostile: str) -> None:
    begin(client)
    ask(client, asked.KIND, kind="complaint")

    answers = [
        ask(client, asked.KIND, kind=hostile),
        ask(client, asked.TOPIC, category=hostile),
        ask(client, asked.PLACE, service_point=hostile, happened_on=hostile),
        ask(client, asked.ABOUT, about=hostile),
    ]

    assert {answer.status_code for answer in answers} <= {200, 400}


def test_the_receipt_is_a_sheet_with_the_words_only_while_they_are_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []

    def render(template: str, data: dict[str, Any]) -> bytes:
        drawn.append(data)
        return render_pdf(template, data)

    monkeypatch.setattr("surveys.documents.receipts.render_pdf", render)
    assert client.get(reverse("surveys:own_receipt")).url == reverse("receipts:open")
    begin(client)
    write(client)
    page = send(client)

    answer = client.get(reverse("surveys:own_receipt"))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.get(reverse("surveys:own_receipt"))

    assert reverse("surveys:own_receipt") in page
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.content.startswith(b"%PDF")
    code = Complaint.objects.get().shown_code
    assert [code in str(data) for data in drawn] == [True, True]
    assert ["Sus cuatro palabras:" in str(data) for data in drawn] == [True, False]
    assert Document.objects.count() == 0  # nobody finds the words in a table afterwards
