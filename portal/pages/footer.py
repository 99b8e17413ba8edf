"""The pages that editors put at the foot of every page."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import get_language

from portal.foundation.ui.navigation import Link
from portal.pages.models import ContentPage

KEPT_SECONDS = 60


def footer_links() -> list[Link]:
    """Published pages marked for the footer, in the active language; asked of the database once a minute."""
    language = (get_language() or "es")[:2]
    found: list[tuple[str, str]] = cache.get_or_set(
        f"pages.footer.{language}", lambda: _addresses(language), KEPT_SECONDS
    )
    return [Link(url, title) for url, title in found]


def _addresses(language: str) -> list[tuple[str, str]]:
    pages = ContentPage.objects.live().filter(show_in_footer=True, locale__language_code=language).order_by("path")
    return [(url, page.title) for page in pages if (url := page.get_url())]
