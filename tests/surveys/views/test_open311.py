"""The pages around Open311: its explanation, the keys, and the texts that everybody may read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from surveys.domain import open311 as domain
from surveys.models import ApiKey, PublicText
from tests.factories.complaints import complaint
from tests.factories.open311 import NOW, issued_key, sent
from tests.factories.people import sign_in, user_with_role
from tests.factories.territories import CountryFactory, MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def client_of(role: Role, territory: Territory) -> Client:
    return sign_in(Client(), user_with_role(role, territory))


@pytest.fixture
def national() -> Client:
    return client_of(Role.NATIONAL_TEAM, CountryFactory())


def page(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(f"surveys:{name}", args=args))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_anybody_reads_how_it_works() -> None:
    shown = page(Client(), "open311")

    assert "/open311/v2/services.json" in shown
    assert "Lo que no se muestra" in shown
    assert reverse("surveys:api_keys") not in shown


def test_service_points_are_listed_with_their_numbers() -> None:
    point = ServicePointFactory(name="Oficina central", territory__slug="quillota")
    ServicePointFactory(name="Cerrada", is_active=False)

    table = b"".join(Client().get(reverse("surveys:service_points")).streaming_content).decode()

    assert f"quillota,{point.pk}" in table
    assert "Cerrada" not in table


KEY = {"name": "Barrio al Día", "holder": "Junta de Vecinos", "email": "app@example.cl", "hourly_limit": "60"}


def test_a_key_is_shown_once(national: Client) -> None:
    response = national.post(reverse("surveys:api_key_issue"), KEY)

    secret = re.search(r"<code>([\w-]{40,})</code>", response.content.decode())
    assert secret
    assert response["Cache-Control"] == "no-store"
    assert domain.key_with(secret[1]) == ApiKey.objects.get()
    shown = page(national, "api_keys")
    assert "Barrio al Día" in shown
    assert secret[1] not in shown
    assert "ya tiene una llave" in national.post(reverse("surveys:api_key_issue"), KEY).content.decode()
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("changes", [{"email": "x"}, {"hourly_limit": "0"}, {"name": ""}, {"territory": "999999"}])
def test_a_key_that_lacks_something_is_refused_beside_the_field(national: Client, changes: dict[str, str]) -> None:
    response = national.post(reverse("surveys:api_key_issue"), {**KEY, **changes})

    assert "govuk-error-message" in response.content.decode()
    assert "Junta de Vecinos" in response.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_with_a_reason(national: Client) -> None:
    key = issued_key().key

    national.post(reverse("surveys:api_key_revoke", args=[key.pk]), {"reason": "Se perdió"})

    assert "Se perdió" in page(national, "api_keys")
    assert national.get(reverse("surveys:api_key_revoke", args=[key.pk])).status_code == 404


def test_the_list_of_keys_costs_the_same_whatever_its_length(
    national: Client, constant_queries: Callable[..., int]
) -> None:
    def another() -> None:
        issued_key(f"Aplicación {ApiKey.objects.count()}", territory=MunicipalityFactory())

    assert constant_queries(national, reverse("surveys:api_keys"), another) <= 12


def test_a_person_reads_a_text_before_everybody_does() -> None:
    made = complaint(text="Soy Rosa Díaz, 9 8765 4321. Esperé de pie.")
    client = client_of(Role.COORDINATOR, made.territory)
    address = reverse("surveys:complaint_public_text", args=[made.pk])
    assert address in client.get(made.get_absolute_url()).content.decode()
    assert "[TELÉFONO]" in page(client, "complaint_public_text", made.pk)

    client.post(address, {"hide": "Rosa Díaz"})
    assert not PublicText.objects.exists()  # without saying that it was read

    client.post(address, {"hide": "Rosa Díaz, Rosa", "is_read": "on"})
    assert PublicText.objects.get().text == "Soy [OCULTO], [TELÉFONO]. Esperé de pie."
    assert "Lo que todos leen ahora" in page(client, "complaint_public_text", made.pk)

    client.post(reverse("surveys:complaint_text_back", args=[made.pk]))
    assert not PublicText.objects.shown().exists()


def test_the_team_sees_what_the_application_sent() -> None:
    here = MunicipalityFactory()
    made = sent(here).complaint

    shown = client_of(Role.TEAM_MEMBER, here).get(made.get_absolute_url()).content.decode()

    assert "Plaza de Armas" in shown
    assert "App de Esperé" in shown
