"""The screens of /personas/."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.foundation.audit.domain import LOOK
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from tests.factories.people import UserFactory, sign_in, user_with_role, with_second_factor
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality() -> Territory:
    return MunicipalityFactory(name="Quirihue")


@pytest.fixture
def coordinator(client: Client, municipality: Territory) -> User:
    user = user_with_role(Role.COORDINATOR, municipality, user=UserFactory(name="Zoe Coordina"))
    sign_in(client, user)
    return user


def member(municipality: Territory, name: str = "Ana Soto") -> User:
    return user_with_role(Role.TEAM_MEMBER, municipality, user=UserFactory(name=name))


def text(response) -> str:
    return response.content.decode()


def test_list_shows_the_own_people_and_no_others(client: Client, coordinator: User, municipality: Territory) -> None:
    member(municipality)
    member(MunicipalityFactory(), "Persona Ajena")

    page = text(client.get(reverse("people:list")))

    assert "Ana Soto" in page
    assert "Integrante del equipo comunal · Quirihue" in page
    assert "Persona Ajena" not in page


def test_list_takes_the_same_queries_for_one_and_three(
    client: Client, coordinator: User, municipality: Territory, constant_queries: Callable[..., int]
) -> None:
    assert constant_queries(client, reverse("people:list"), lambda: member(municipality)) <= 12


def test_list_is_paged_and_bad_pages_do_no_harm(client: Client, coordinator: User, municipality: Territory) -> None:
    for number in range(52):
        member(municipality, f"Persona {number:02}")

    first, second = (text(client.get(reverse("people:list"), {"pagina": page})) for page in (1, 2))

    assert "Persona 00" in first
    assert "Persona 51" not in first
    assert "Persona 51" in second
    for page in ("x", "-1", "999", ""):
        assert client.get(reverse("people:list"), {"pagina": page, "role": "no-such"}).status_code == 200


def test_person_page_shows_nothing_of_other_places(client: Client, coordinator: User, municipality: Territory) -> None:
    person = member(municipality)
    user_with_role(Role.TEAM_MEMBER, MunicipalityFactory(name="Lejana"), user=person)

    page = text(client.get(reverse("people:show", args=[person.pk])))

    assert "Quirihue" in page
    assert "Lejana" not in page


def test_person_page_takes_the_same_queries_for_one_role_and_three(
    client: Client, coordinator: User, municipality: Territory, constant_queries: Callable[..., int]
) -> None:
    person = UserFactory()

    def one_more() -> None:
        user_with_role(Role.TEAM_MEMBER, municipality, user=person)

    constant_queries(client, lambda: reverse("people:show", args=[person.pk]), one_more)


def invitation(territory: Territory, **changes: str) -> dict[str, str]:
    return {
        "name": "Rosa Díaz",
        "email": "rosa@example.cl",
        "language": "es",
        "role": Role.TEAM_MEMBER,
        "territory": str(territory.pk),
        "starts_on": "2026-01-01",
        "ends_on": "",
        **changes,
    }


def test_inviting_gives_the_role(client: Client, coordinator: User, municipality: Territory) -> None:
    response = client.post(reverse("people:invite"), invitation(municipality))

    made = RoleAssignment.objects.get(user__email="rosa@example.cl")
    assert (made.role, made.territory) == (Role.TEAM_MEMBER, municipality)
    assert response.url == reverse("people:show", args=[made.user_id])


@pytest.mark.parametrize(
    "changes", [{"role": Role.DIDECO}, {"role": Role.NATIONAL_TEAM}, {"email": "no"}, {"starts_on": "31-31"}]
)
def test_invitation_that_is_not_allowed_or_wrong_gives_nothing(
    client: Client, coordinator: User, municipality: Territory, changes: dict[str, str]
) -> None:
    response = client.post(reverse("people:invite"), invitation(municipality, **changes))

    assert response.status_code == 200
    assert not User.objects.filter(email="rosa@example.cl").exists()


def test_an_address_in_use_asks_before_it_gives_the_role(
    client: Client, coordinator: User, municipality: Territory
) -> None:
    owner = user_with_role(
        Role.DIDECO, MunicipalityFactory(), user=UserFactory(email="rosa@example.cl", name="Rosa Verdadera")
    )

    asked = client.post(reverse("people:invite"), invitation(municipality, name="Otra Persona"))
    given_at_once = owner.role_assignments.count()
    form = asked.context["form"]
    answered = client.post(
        reverse("people:invite"),
        invitation(municipality, name="Otra Persona", confirmed=form["confirmed"].value()),
    )

    page = text(asked)
    assert ("Ya hay una cuenta con rosa@example.cl" in page, "Dar el rol a Rosa Verdadera" in page) == (True, True)
    assert (form["name"].value(), given_at_once) == ("Otra Persona", 1)
    assert answered.url == reverse("people:show", args=[owner.pk])
    owner.refresh_from_db()
    assert (owner.name, owner.role_assignments.count()) == ("Rosa Verdadera", 2)
    assert AuditEvent.objects.get(verb=LOOK).object_id == str(owner.pk)


def test_an_answer_about_another_account_gives_that_one_nothing(
    client: Client, coordinator: User, municipality: Territory
) -> None:
    shown, meant = UserFactory(email="otra@example.cl"), UserFactory(email="rosa@example.cl")

    client.post(reverse("people:invite"), invitation(municipality, confirmed=str(shown.pk)))

    assert RoleAssignment.objects.filter(user__in=[shown, meant]).count() == 0


def test_dates_are_asked_in_three_boxes_with_errors_that_say_what_to_do(
    client: Client, coordinator: User, municipality: Territory
) -> None:
    assignment = member(municipality).role_assignments.get()

    for name, args in (
        ("people:invite", []),
        ("people:end_role", [assignment.pk]),
        ("people:stand_in", [assignment.pk]),
    ):
        url = reverse(name, args=args)
        asked, answered = text(client.get(url)), text(client.post(url, {}))
        assert ('type="date"' in asked, "_0" in asked) == (False, True), name
        assert "Este campo es" not in answered, name
        assert "Escriba una fecha" in answered, name


def test_the_stand_in_page_leads_to_nothing_that_its_reader_may_not_open(
    client: Client, municipality: Territory
) -> None:
    user = member(municipality)
    sign_in(client, user)

    page = text(client.get(reverse("people:stand_in", args=[user.role_assignments.get().pk])))

    links = re.findall(r'href="(/personas/[^"]*)"', page)
    assert [link for link in links if client.get(link).status_code != 200] == []
    assert "salud" in page


def test_forged_place_is_refused(client: Client, coordinator: User) -> None:
    response = client.post(reverse("people:invite"), invitation(MunicipalityFactory()))

    assert response.status_code == 200
    assert not User.objects.filter(email="rosa@example.cl").exists()


def test_national_team_chooses_among_every_place(client: Client, municipality: Territory) -> None:
    sign_in(client, user_with_role(Role.NATIONAL_TEAM, CountryFactory()))

    client.post(reverse("people:invite"), invitation(municipality, role=Role.DIDECO))

    assert RoleAssignment.objects.get(user__email="rosa@example.cl").role == Role.DIDECO


def test_wrong_answers_end_no_role(client: Client, coordinator: User, municipality: Territory) -> None:
    assignment = member(municipality).role_assignments.get()

    response = client.post(reverse("people:end_role", args=[assignment.pk]), {"on": "2019-01-01", "reason": "x" * 201})

    assert response.status_code == 200
    assignment.refresh_from_db()
    assert assignment.ends_on is None


def test_ending_a_role(client: Client, coordinator: User, municipality: Territory) -> None:
    assignment = member(municipality).role_assignments.get()

    client.post(reverse("people:end_role", args=[assignment.pk]), {"on": "2026-05-01", "reason": "Renuncia"})

    assignment.refresh_from_db()
    assert str(assignment.ends_on) == "2026-05-01"


def test_dideco_names_the_own_stand_in_among_colleagues(client: Client, municipality: Territory) -> None:
    dideco = user_with_role(Role.DIDECO, municipality)
    colleague, stranger = member(municipality), member(MunicipalityFactory(), "Persona Ajena")
    sign_in(client, dideco)
    url = reverse("people:stand_in", args=[dideco.role_assignments.get().pk])
    data = {"starts_on": "2026-05-01", "ends_on": "2026-05-15", "reason": "Feriado legal"}

    citizen = user_with_role(Role.CITIZEN, municipality, user=UserFactory(name="Vecina Cualquiera"))
    page = text(client.get(url))
    assert "Persona Ajena" not in page and "Vecina Cualquiera" not in page
    assert f"{colleague} (Integrante del equipo comunal, {municipality})" in page
    for refused in (stranger, citizen):
        client.post(url, {**data, "stand_in": refused.pk})
    assert not RoleAssignment.objects.filter(stand_in_for=dideco).exists()
    client.post(url, {**data, "stand_in": colleague.pk})

    assert RoleAssignment.objects.get(stand_in_for=dideco).user == colleague


def test_what_the_verb_refuses_is_said_above_the_form(client: Client, municipality: Territory) -> None:
    user, colleague = member(municipality), member(municipality, "Luz")
    sign_in(client, user)

    response = client.post(
        reverse("people:stand_in", args=[user.role_assignments.get().pk]),
        {"stand_in": colleague.pk, "starts_on": "2026-05-01", "ends_on": "2026-05-15", "reason": "Licencia"},
    )

    # The colleague is a member already, so the verb refuses and says so.
    assert "ya tiene ese rol" in text(response)


def test_closing_an_account_and_resetting_the_second_factor(
    client: Client, coordinator: User, municipality: Territory
) -> None:
    person = member(municipality)
    with_second_factor(person)

    client.post(reverse("people:reset_second_factor", args=[person.pk]))
    assert person.authenticator_set.count() == 0
    client.post(reverse("people:deactivate", args=[person.pk]), {"reason": "Renuncia"})

    person.refresh_from_db()
    assert person.is_active is False


def test_closed_account_loses_its_open_session(client: Client, coordinator: User, municipality: Territory) -> None:
    person = member(municipality)
    theirs = sign_in(Client(), person)
    assert theirs.get(reverse("people:own_account")).status_code == 200

    client.post(reverse("people:deactivate", args=[person.pk]), {"reason": "Renuncia"})

    assert theirs.get(reverse("people:own_account")).status_code == 302


def test_own_account_changes_name_and_language(client: Client, coordinator: User) -> None:
    client.post(reverse("people:own_account"), {"name": "Zoe Nueva", "language": "en"})

    coordinator.refresh_from_db()
    assert (coordinator.name, coordinator.language) == ("Zoe Nueva", "en")


def test_names_are_shown_as_text(client: Client, coordinator: User, municipality: Territory) -> None:
    person = member(municipality, "<script>alert(1)</script>")

    page = text(client.get(reverse("people:show", args=[person.pk])))

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page
