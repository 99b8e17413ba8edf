from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import permission_denied, server_error

from portal.foundation.ui.context import DEMO_KEY
from tests.factories.cycles import CycleFactory
from tests.factories.people import UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_an_empty_post_shows_one_linked_error_for_each_required_field(client: Client) -> None:
    response = client.post(reverse("ui:style_guide"), {})

    page = response.content.decode()
    targets = [
        "id_name",
        "id_region",
        "id_born_on_0",
        "id_level_0",
        "id_channels_0",
        "id_people",
        "id_story",
        "id_evidence",
        "id_agreed",
    ]
    assert [target for target in targets if f'href="#{target}"' in page] == targets
    assert [target for target in targets if f'id="{target}"' in page] == targets


@pytest.mark.parametrize(("path", "status"), [("/estilo/", 200), ("/estilo/no-existe/", 404)])
def test_pages_allow_nothing_from_elsewhere_and_nothing_inline(client: Client, path: str, status: int) -> None:
    response = client.get(path)

    page = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert response.status_code == status
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert [
        mark for mark in ("<script", "<style", ' style="', "onclick", 'src="http', 'href="http') if mark in page
    ] == []


def test_the_editor_alone_may_use_inline_scripts(client: Client) -> None:
    assert "'unsafe-inline'" in client.get("/cms/")["Content-Security-Policy"]
    assert "'unsafe-inline'" in client.get("/django-admin/")["Content-Security-Policy"]


def test_demonstration_data_is_announced_on_every_page(client: Client) -> None:
    assert "DATOS DE DEMOSTRACIÓN" not in client.get("/estilo/").content.decode()

    CycleFactory(is_demo=True)
    cache.delete(DEMO_KEY)

    assert "DATOS DE DEMOSTRACIÓN" in client.get("/estilo/").content.decode()


def test_a_failure_is_told_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = server_error(RequestFactory().get("/")).content.decode()

    assert "Algo falló de nuestro lado" in page
    assert 'class="mj-header"' in page


def test_a_refusal_says_why_and_whom_to_ask() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    page = permission_denied(request, PermissionDenied("El plan ya está firmado.")).content.decode()

    assert "El plan ya está firmado." in page
    assert "A quién preguntar" in page


def test_notices_are_shown_once(client: Client) -> None:
    first, second = (client.get(path).content.decode() for path in ("/estilo/?aviso=1", "/estilo/"))

    assert "No pudimos enviar el mensaje." in first
    assert "No pudimos enviar el mensaje." not in second


def test_the_frame_offers_to_sign_out_by_post(client: Client) -> None:
    sign_in(client, UserFactory(name="Rosa Ñancupil"))

    page = client.get("/estilo/").content.decode()

    assert f'<form method="post" action="{reverse("account_logout")}">' in page
    assert "Ingresar" not in page


def test_a_form_sent_without_its_token_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/estilo/", {})

    assert response.status_code == 403
    assert "La página estuvo abierta mucho tiempo" in response.content.decode()


@pytest.mark.parametrize("path", ["/cms/", "/cms/sites/new/", "/django-admin/taggit/tag/add/"])
def test_the_editor_and_the_administration_keep_their_own_forms(client: Client, path: str) -> None:
    sign_in(client, UserFactory(is_staff=True, is_superuser=True))

    response = client.get(path)

    assert response.status_code == 200
    assert "govuk-" not in response.content.decode()


@pytest.mark.parametrize(
    ("came_from", "links"),
    [("http://testserver/tareas/?x=1", True), ("https://otro.example/tareas/", False), ("", False)],
)
def test_an_expired_form_leads_back_to_its_page_of_this_site_only(came_from: str, links: bool) -> None:
    client = Client(enforce_csrf_checks=True, headers={"referer": came_from} if came_from else {})

    page = client.post(reverse("account_login"), {}).content.decode()

    assert (f'href="{came_from}"' in page) is links
    assert "Lo que escribió sigue ahí: cópielo." in page
    assert "otro.example" not in page
