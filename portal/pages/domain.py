"""Setting a new site up: the page tree in both languages."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Locale, Page, Site, Task, Workflow

from portal.pages.content import CONTENT, HOME, MUNICIPALITIES, NEWS, PageText
from portal.pages.models import ContentPage, HomePage, MunicipalitiesPage, NewsIndexPage

LANGUAGES = ("es", "en")
# Wagtail's own groups, which people's roles fill.
EDITING_GROUPS = ("Editors", "Moderators")
INSTALLED_REVIEW = "Moderators approval"

AnyPage = TypeVar("AnyPage", bound=Page)


@transaction.atomic
def set_up_site(*, address: str) -> HomePage:
    """Create the page tree in Spanish and English at ``address``; a tree that exists is kept.

    :param address: scheme, host and port of the site, such as ``http://localhost:8000``.
    """
    locales = {language: Locale.objects.get_or_create(language_code=language)[0] for language in LANGUAGES}
    home = HomePage.objects.filter(locale=locales["es"]).first() or _create_tree(locales)
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname, site.port, site.root_page, site.site_name = parts.hostname or "localhost", port, home, "Mejora"
    site.save()
    _name_review(locales["es"].language_code)
    _let_editors_translate()
    return home


def _let_editors_translate() -> None:
    """Whoever writes or reviews pages may also begin their translation."""
    permission = Permission.objects.get(codename="submit_translation", content_type__app_label="simple_translation")
    for group in Group.objects.filter(name__in=EDITING_GROUPS):
        group.permissions.add(permission)


def _name_review(language: str) -> None:
    """Wagtail's own review, under a name that editors understand; a name that somebody chose is kept."""
    with translation.override(language):
        name = gettext("review by the national team")
    for model in (Workflow, Task):
        model.objects.filter(name=INSTALLED_REVIEW).update(name=name)


def _create_tree(locales: dict[str, Locale]) -> HomePage:
    root = Page.get_first_root_node()
    # Wagtail's own installation leaves a welcome page where the first home page goes.
    root.get_children().filter(slug="home").delete()
    root.refresh_from_db()
    homes: dict[str, HomePage] = {}
    for language in LANGUAGES:
        homes[language] = _add(root, HomePage, HOME, language, locales, homes.get("es"))
    _add_to_each(homes, MunicipalitiesPage, MUNICIPALITIES, locales)
    for texts in CONTENT:
        _add_to_each(homes, ContentPage, texts, locales)
    _add_to_each(homes, NewsIndexPage, NEWS, locales)
    return homes["es"]


def _add_to_each(
    homes: dict[str, HomePage], model: type[Page], texts: dict[str, PageText], locales: dict[str, Locale]
) -> None:
    original = None
    for language in LANGUAGES:
        page = _add(homes[language], model, texts, language, locales, original)
        original = original or page


def _add(
    parent: Page,
    model: type[AnyPage],
    texts: dict[str, PageText],
    language: str,
    locales: dict[str, Locale],
    original: Page | None,
) -> AnyPage:
    text = texts[language]
    page = model(title=text.title, slug=text.slug, locale=locales[language], show_in_menus=True)
    if original is not None:
        page.translation_key = original.translation_key
    for name in ("introduction", "show_in_footer"):
        if hasattr(page, name):
            setattr(page, name, getattr(text, name))
    if hasattr(page, "body"):
        page.body = page.body.stream_block.to_python([{"type": kind, "value": value} for kind, value in text.body])
    return parent.add_child(instance=page)
