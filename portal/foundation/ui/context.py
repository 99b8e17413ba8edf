"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from portal.foundation.cycles.models import Cycle

DEMO_KEY = "ui.is_demo"
DEMO_SECONDS = 60


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the site, and whether what it shows is demonstration data."""
    return {"site_name": "Mejora", "is_demo": is_demo()}


def is_demo() -> bool:
    """Is any cycle of this installation a demonstration? Asked of the database once a minute."""
    return bool(cache.get_or_set(DEMO_KEY, Cycle.objects.filter(is_demo=True).exists, DEMO_SECONDS))
