"""The main navigation is data: upper modules add their entry when their application starts.

In ``apps.py``::

    def ready(self) -> None:
        navigation.register(NavigationItem("quality", _("Self-diagnosis"), "quality:assessment_list", 20, is_staff))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class NavigationItem:
    """One entry: ``label`` lazy, ``url_name`` without arguments, ``is_shown(user)`` a small predicate.

    ``root_name`` names the address that all pages of the entry begin with, where it is not its own.
    """

    key: str
    label: str | Promise
    url_name: str
    order: int
    is_shown: Callable[[Any], bool]
    root_name: str = ""


@dataclass(frozen=True)
class Link:
    """An entry ready to draw. ``hint`` says what is behind one of the main doors of citizens."""

    url: str
    label: str
    is_current: bool = False
    hint: str = ""


_items: dict[str, NavigationItem] = {}
_footers: dict[str, tuple[int, Callable[[], list[Link]]]] = {}


def register(item: NavigationItem) -> None:
    """Add an entry; a key registered twice replaces the first."""
    _items[item.key] = item


def register_footer(key: str, order: int, links: Callable[[], list[Link]]) -> None:
    """Add links to the foot of every page: ``links()`` gives them in the active language."""
    _footers[key] = (order, links)


def footer_links() -> list[Link]:
    """What every page offers at its foot, in order."""
    return [link for _order, links in sorted(_footers.values(), key=itemgetter(0)) for link in links()]


def doors() -> list[Link]:
    """What citizens come for, in order: the links at the foot that say what is behind them."""
    return [link for link in footer_links() if link.hint]


def links_for(user: Any, path: str) -> list[Link]:
    """The entries that ``user`` sees, in order; the longest address that begins ``path`` is current."""
    shown = [
        (item, url, _address(item.root_name) or url)
        for item in sorted(_items.values(), key=lambda item: (item.order, item.key))
        if item.is_shown(user) and (url := _address(item.url_name))
    ]
    current = max((root for _, _, root in shown if path.startswith(root)), key=len, default=None)
    return [Link(url, str(item.label), root == current) for item, url, root in shown]


def _address(name: str) -> str | None:
    try:
        return reverse(name) if name else None
    except NoReverseMatch:
        return None
