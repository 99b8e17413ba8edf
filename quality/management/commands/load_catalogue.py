"""Load an edition of the catalogue of standards."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quality.domain.catalogue import load_catalogue
from quality.domain.errors import QualityError

SHIPPED = Path(__file__).parents[2] / "data" / "catalogue-cl-rsh-0.1.0.yaml"


class Command(BaseCommand):
    help = "Load an edition of the catalogue of standards (YAML); the one that comes with Mejora by default."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        try:
            version = load_catalogue(content=content, by=None, at=timezone.now())
        except QualityError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version.version}: {version.standards.count()} standards")
