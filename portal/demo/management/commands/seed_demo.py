"""Build the demonstration."""

import logging
from random import Random
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.demo import queues
from portal.demo.country import DemoCountry
from portal.demo.sizes import SIZES
from portal.foundation.cycles.models import Cycle


class Command(BaseCommand):
    help = "Build a believable demonstration by calling the product's own verbs. Only into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a cycle already")
        parser.add_argument("--today", action="store_true", help="only lay today's queue, where there is none yet")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["today"]:
            if Cycle.objects.filter(is_demo=True).exists():
                queues.renew(now=timezone.now(), rng=Random())  # noqa: S311
            return
        if Cycle.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The database has cycles already; the demonstration is only for an empty one.")
        # The story's messages and reports are produced here and now, and nobody in it has a mailbox.
        current_app.conf.task_always_eager = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        logging.getLogger("django_tasks").setLevel(logging.WARNING)
        tell = self.stdout.write if options["verbosity"] > 0 else _silent
        DemoCountry(size=SIZES[options["size"]], seed=options["seed"], now=timezone.now(), tell=tell).build()
        self.stdout.write(self.style.SUCCESS("The demonstration is ready."))


def _silent(_text: str) -> None:
    return None
