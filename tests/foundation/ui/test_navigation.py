from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from portal.foundation.ui import navigation
from portal.foundation.ui.navigation import Link, NavigationItem, links_for, register


@pytest.fixture(autouse=True)
def no_other_entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_items", {})
    yield


def _register(key: str, url_name: str = "ui:style_guide", order: int = 1, shown: bool = True) -> None:
    register(NavigationItem(key, key.title(), url_name, order, lambda _user: shown))


def test_entries_come_in_order_and_the_page_is_marked() -> None:
    _register("second", order=2, url_name="account_login")
    _register("first", order=1)

    assert links_for(None, "/estilo/") == [
        Link("/estilo/", "First", True),
        Link(reverse("account_login"), "Second", False),
    ]


def test_an_entry_that_the_user_may_not_see_is_left_out() -> None:
    _register("secret", shown=False)

    assert links_for(None, "/") == []


def test_an_entry_whose_screen_does_not_exist_is_left_out() -> None:
    _register("later", url_name="nothing:here")

    assert links_for(None, "/") == []


def test_every_page_below_the_root_of_an_entry_marks_it() -> None:
    register(NavigationItem("complaints", "Reclamos", "surveys:inbox", 1, lambda _user: True, "surveys:start"))
    _register("other")

    assert [link.is_current for link in links_for(None, "/reclamos/7/")] == [True, False]
    assert [link.is_current for link in links_for(None, "/estilo/")] == [False, True]
