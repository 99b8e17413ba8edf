"""Publish the questionnaires of a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from surveys.domain.instruments import load_instruments
from surveys.errors import SurveysError

SHIPPED = Path(__file__).parents[2] / "data" / "questionnaire-cl-rsh-0.2.0.yaml"


class Command(BaseCommand):
    help = "Publish the questionnaires of a file (YAML), after the catalogue; those that come with Mejora by default."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        try:
            found = load_instruments(content=content, by=None, at=timezone.now())
        except SurveysError as error:
            raise CommandError(str(error)) from error
        for instrument in found:
            self.stdout.write(f"{instrument.audience} {instrument.version}")
