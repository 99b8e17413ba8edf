"""What an editor reads in Wagtail's own screens."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.people import UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_the_front_page_of_the_editor_is_in_spanish(client: Client) -> None:
    sign_in(client, UserFactory(is_staff=True, is_superuser=True))

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "Buscar en todas las páginas…" in page
    assert [words for words in ("Search all pages", "created in", "editor guide") if words in page] == []
