"""Create the site's page tree once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.pages.domain import set_up_site


class Command(BaseCommand):
    help = "Create the page tree in Spanish and English at SITE_URL; an existing tree is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        home = set_up_site(address=settings.SITE_URL)
        self.stdout.write(f"Home page: {home.title}")
