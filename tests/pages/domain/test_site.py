"""Setting a site up."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, Site, Workflow

from portal.pages.domain import set_up_site

pytestmark = pytest.mark.django_db


def test_every_page_of_a_new_site_opens_in_both_languages(client: Client) -> None:
    set_up_site(address="http://testserver")

    for page in Page.objects.filter(depth__gt=1):
        assert client.get(page.get_url()).status_code == 200, page.get_url()


def test_setting_up_again_changes_nothing_but_the_address() -> None:
    first = set_up_site(address="http://localhost:8000")
    pages = Page.objects.count()

    second = set_up_site(address="https://mejora.example")

    assert (second.pk, Page.objects.count()) == (first.pk, pages)
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == ("mejora.example", 443)


def test_a_page_knows_its_translation() -> None:
    home = set_up_site(address="http://testserver")

    assert [page.locale.language_code for page in home.get_translations(inclusive=True).order_by("pk")] == ["es", "en"]


def test_editors_may_begin_a_translation_and_read_what_the_review_is_called() -> None:
    set_up_site(address="http://testserver")

    for name in ("Editors", "Moderators"):
        assert Group.objects.get(name=name).permissions.filter(codename="submit_translation").exists()
    assert list(Workflow.objects.values_list("name", flat=True)) == ["revisión del equipo nacional"]
