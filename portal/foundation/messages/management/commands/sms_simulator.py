"""``manage.py sms_simulator``: a gateway of text messages to try the product with."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.foundation.messages import simulator

USER, PASSWORD = "simulador", "solo-para-probar-aqui"


class Command(BaseCommand):
    help = (
        "Runs a gateway that reaches no telephone, as a server of its own. Numbers that end in 0404, 0410, 0408, "
        "0503 or 0500 always fail in one way; other faults are drawn from the seed. GET /messages shows what arrived."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
        parser.add_argument("--user", default=USER)
        parser.add_argument("--password", default=PASSWORD)
        parser.add_argument("--seed", type=int, default=1, help="the same seed meets the same messages with faults")
        for name, what in (
            ("slow", "answered too late"),
            ("failing", "refused once by a fault"),
            ("undeliverable", "accepted, then reported undeliverable"),
            ("duplicate", "reported twice"),
        ):
            parser.add_argument(f"--{name}", type=float, default=0.0, help=f"share of messages {what}, from 0 to 1")
        parser.add_argument("--slow-seconds", type=float, default=12.0)
        parser.add_argument("--report-after", type=float, default=0.5, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        shares = {name: options[name] for name in ("slow", "failing", "undeliverable", "duplicate")}
        if not all(0 <= share <= 1 for share in shares.values()):
            raise CommandError("A share is a number from 0 to 1.")
        faults = simulator.Faults(
            seed=options["seed"],
            slow_seconds=options["slow_seconds"],
            report_after=options["report_after"],
            **shares,
        )
        known = simulator.Simulator(faults=faults, user=options["user"], password=options["password"])
        try:
            server = simulator.server(known, options["host"], options["port"])
        except OSError as error:
            raise CommandError(f"Port {options['port']} cannot be used ({error.strerror}).") from None
        signal.signal(signal.SIGTERM, _leave)
        where = f"{options['host']}:{server.server_port}"
        self.stdout.write(f"SMS_URL=http://{options['user']}:{options['password']}@{where}")
        self.stdout.flush()
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            server.server_close()


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
