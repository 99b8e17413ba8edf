"""``manage.py messages update|compile|check``: the Spanish catalogues, without the gettext programs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.foundation.ui import catalogues


class Command(BaseCommand):
    """See :mod:`portal.foundation.ui.catalogues` for which string is kept where."""

    help = "Update the Spanish catalogues from code and templates, compile them, or check that they are complete."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["update", "compile", "check"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "compile":
            catalogues.compile_stale()
        elif action == "update":
            for line in catalogues.lines_of(catalogues.update()):
                self.stdout.write(line)
        elif found := catalogues.problems():
            raise CommandError("\n".join(found))
