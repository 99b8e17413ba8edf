"""What test_access.py expects of the addresses of themes. See access_samples.py."""

from __future__ import annotations

from portal.foundation.people.roles import MUNICIPAL_ROLES
from portal.foundation.territories.models import Territory
from tests.factories import quality, themes
from tests.foundation.access_kit import ABOVE, LEADS_TEAM, STAFF, Expect, Sample


def a_municipality(here: Territory) -> Sample:
    return Sample({"municipality_id": here.pk})


def a_run(here: Territory) -> Sample:
    with themes.notes():
        return Sample({"pk": themes.to_read(here).pk}, (here.name, "esperé horas"))


def a_grouped_run(here: Territory) -> Sample:
    with themes.notes():
        return Sample({"pk": themes.by_hand(here).pk}, (here.name, "esperé horas"))


def a_closed_run(here: Territory) -> Sample:
    quality.small_catalogue()
    with themes.notes():
        return Sample({"pk": themes.closed(here).pk}, (here.name, "Mucha espera"))


def a_theme(here: Territory) -> Sample:
    quality.small_catalogue()
    with themes.notes():
        return Sample({"pk": themes.named(themes.by_hand(here)).pk}, ("Mucha espera", "esperé horas"))


def a_text(here: Territory) -> Sample:
    with themes.notes():
        return Sample({"pk": themes.to_read(here).texts.get().pk}, ("esperé horas",))


THEMES: dict[str, Expect] = {
    "surveys:themes": Expect(STAFF),
    "surveys:theme_start": Expect(LEADS_TEAM, a_municipality),
    "surveys:theme_regions": Expect(ABOVE),
    "surveys:theme_regions_xlsx": Expect(ABOVE),
    # the municipality's own team at any time; from above once it is closed
    "surveys:theme_run": Expect(MUNICIPAL_ROLES, a_run),
    "surveys:theme_xlsx": Expect(STAFF, a_closed_run),
    "surveys:theme_csv": Expect(STAFF, a_closed_run),
    "surveys:theme_reading": Expect(LEADS_TEAM, a_run),
    "surveys:theme_read_list": Expect(LEADS_TEAM, a_run),
    "surveys:theme_text": Expect(LEADS_TEAM, a_text),
    "surveys:theme_group": Expect(LEADS_TEAM, a_run),
    "surveys:theme_read_more": Expect(LEADS_TEAM, a_grouped_run),
    "surveys:theme_try_again": Expect(LEADS_TEAM, a_run),
    "surveys:theme_close": Expect(LEADS_TEAM, a_grouped_run),
    "surveys:theme_discard": Expect(LEADS_TEAM, a_run),
    "surveys:theme_none": Expect(LEADS_TEAM, a_grouped_run),
    "surveys:theme_add": Expect(LEADS_TEAM, a_grouped_run),
    "surveys:theme": Expect(LEADS_TEAM, a_theme),
    "surveys:theme_name": Expect(LEADS_TEAM, a_theme),
    "surveys:theme_merge": Expect(LEADS_TEAM, a_theme),
    "surveys:theme_split": Expect(LEADS_TEAM, a_theme),
    "surveys:theme_reject": Expect(LEADS_TEAM, a_theme),
}
