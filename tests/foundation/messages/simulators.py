"""The simulator as a process of its own, and what its telephones received."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

PASSWORD = "una-clave-solo-de-prueba"


@dataclass(frozen=True)
class Running:
    """``url`` is what SMS_URL has to be."""

    url: str
    host: str

    def received(self) -> list[dict[str, Any]]:
        given = base64.b64encode(f"pruebas:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(f"http://{self.host}/messages", headers={"Authorization": f"Basic {given}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def simulator(*options: str) -> Iterator[Running]:
    """``manage.py sms_simulator`` on a free port, ended afterwards."""
    command = [sys.executable, "manage.py", "sms_simulator", "--port", "0"]
    command += ["--user", "pruebas", "--password", PASSWORD, *options]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("SMS_URL=")
        yield Running(url, url.rpartition("@")[2])
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=10)
