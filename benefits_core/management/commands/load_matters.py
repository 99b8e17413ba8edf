from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from benefits_core.domain.matters import load_matters
from portal.foundation.territories.models import Territory, TerritoryLevel


class Command(BaseCommand):
    help = "Loads the matters that every municipality is offered; changes only what is new."

    def handle(self, *args: Any, **options: Any) -> None:
        country = Territory.objects.get(level=TerritoryLevel.COUNTRY)
        changed = load_matters(territory=country, by=None, at=timezone.now())
        self.stdout.write(f"{changed} matters written or changed.")
