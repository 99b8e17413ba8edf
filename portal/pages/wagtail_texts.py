"""What an editor reads in Wagtail's screens and Wagtail's own Spanish catalogue lacks.

Django joins the catalogues of all applications, so what is named here is translated in ours, and shown
wherever Wagtail asks for it. The texts are Wagtail's, to the letter; nothing imports this module.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

FRONT_PAGE = (
    gettext_noop("Search all pages…"),
    gettext_noop("Wagtail %(current_version)s editor guide"),
    ngettext_lazy(
        '%(total)s Page <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Pages <span class="w-sr-only">created in %(site_name)s</span>',
        "total",
    ),
    ngettext_lazy(
        '%(total)s Image <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Images <span class="w-sr-only">created in %(site_name)s</span>',
        "total",
    ),
    ngettext_lazy(
        '%(total)s Document <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Documents <span class="w-sr-only">created in %(site_name)s</span>',
        "total",
    ),
)
LISTS = (
    gettext_noop("Search…"),
    gettext_noop("Exploring"),
    gettext_noop("Show filters"),
    gettext_noop("Filter by"),
    gettext_noop("Date updated"),
    gettext_noop("Edited by"),
    gettext_noop("Has child pages"),
    gettext_noop("Page type"),
    gettext_noop("Any"),
    gettext_noop("There are no results."),
    gettext_noop("Search the whole site"),
    gettext_noop("No results across entire site."),
    gettext_noop("More options for '%(title)s'"),
    gettext_noop("There are no %(model_name)s to display."),
)
EDITOR = (
    gettext_noop("Saved"),
    gettext_noop("Autosave is paused"),
    gettext_noop("Save changes"),
    gettext_noop("Save your changes before leaving"),
    gettext_noop("Go to the first error"),
    gettext_noop("The page could not be created due to validation errors."),
    gettext_noop("The page could not be saved due to validation errors."),
    gettext_noop("The page could not be saved as it is locked."),
    gettext_noop("You have unsaved changes in another window"),
    gettext_noop("View latest version"),
    gettext_noop("First published"),
    gettext_noop("Refresh"),
    gettext_noop("Checks"),
    gettext_noop("Toggle checks"),
    gettext_noop("Toggle minimap"),
    gettext_noop("Content metrics"),
    gettext_noop("Words"),
    gettext_noop("Reading time"),
    gettext_noop("Readability"),
    gettext_noop("Keyboard shortcuts"),
    gettext_noop("Show keyboard shortcuts"),
)
