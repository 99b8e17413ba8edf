"""Reading places: the finder, a region's municipalities, local holidays."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from django.core.cache import cache
from django.db.models import Case, IntegerField, Q, Value, When

from portal.foundation.territories.models import LocalHoliday, Territory, TerritoryQuerySet
from portal.foundation.territories.names import fold, is_like_a_name, without_kind

LOCAL_HOLIDAYS_KEY = "territories.local_holidays"
REGION_CODES_KEY = "territories.region_codes"
CACHE_SECONDS = 60
# One letter in four may be wrong; fewer names than a person reads at a glance.
NEAR_ENOUGH, MOST_NEAR = 0.75, 5


def find_municipalities(text: str) -> TerritoryQuerySet:
    """Municipalities whose name has every word of ``text``, accents and case aside; best first.

    The exact name comes first, then names that begin with the text, then the rest; each by name.
    A text without a letter or a figure, or with signs that no name has, finds nothing.
    """
    wanted = without_kind(fold(text))
    if not wanted or not is_like_a_name(text):
        return Territory.objects.none()
    words = Q()
    for word in wanted.split():
        words &= Q(search_name__contains=word)
    closeness = Case(
        When(search_name=wanted, then=Value(0)),
        When(search_name__startswith=wanted, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Territory.objects.municipalities().filter(words).select_related("region")
    return found.order_by(closeness, "search_name", "code")


def near_municipalities(text: str) -> list[Territory]:
    """Municipalities whose name is written almost like ``text``, the nearest first: for a slip of the finger."""
    wanted = without_kind(fold(text)) if is_like_a_name(text) else ""
    places: dict[str, list[int]] = {}
    for pk, name in Territory.objects.municipalities().order_by("code").values_list("pk", "search_name"):
        places.setdefault(name, []).append(pk)
    near = get_close_matches(wanted, places, n=MOST_NEAR, cutoff=NEAR_ENOUGH) if wanted else []
    keys = [pk for name in near for pk in places[name]][:MOST_NEAR]
    found = Territory.objects.select_related("region").in_bulk(keys)
    return [found[pk] for pk in keys]


def municipalities_of(territory: Territory) -> TerritoryQuerySet:
    """The municipalities of a region (or of any territory), by name without regard to accents."""
    return Territory.objects.within(territory).municipalities().select_related("region").order_by("search_name", "code")


def regions() -> TerritoryQuerySet:
    """The regions in their official order."""
    return Territory.objects.regions().order_by("code")


def local_holidays(territory: Territory) -> frozenset[date]:
    """Days declared in ``territory`` or in a territory that it lies in.

    The whole small table is kept for a minute in the cache, so that a list of clocks asks once.
    """
    by_path = cache.get_or_set(LOCAL_HOLIDAYS_KEY, _holidays_by_path, CACHE_SECONDS) or {}
    return frozenset().union(*(by_path.get(path, ()) for path in territory.chain()))


def iso_code_of_region(territory: Territory) -> str:
    """ISO 3166-2 code of the region that ``territory`` is or lies in (``"CL-TA"``); "" for a country."""
    codes = territory.path.split("/")
    by_code = cache.get_or_set(REGION_CODES_KEY, _region_codes, CACHE_SECONDS) or {}
    return by_code.get(codes[1], "") if len(codes) > 1 else ""


def _region_codes() -> dict[str, str]:
    return dict(Territory.objects.regions().values_list("code", "iso_3166_2"))


def _holidays_by_path() -> dict[str, list[date]]:
    by_path: dict[str, list[date]] = {}
    for path, day in LocalHoliday.objects.values_list("territory__path", "date"):
        by_path.setdefault(path, []).append(day)
    return by_path
