from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.foundation.territories.domain import load_territories


class Command(BaseCommand):
    help = "Loads Chile's regions, provinces and communes; changes only what is new."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_territories(by=None, at=timezone.now())
        self.stdout.write(f"{loaded.total} territories: {loaded.created} created, {loaded.changed} changed.")
