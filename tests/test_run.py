"""``make run``: web, worker and beat as one. Looks at processes through Linux's ``/proc``."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings

pytestmark = pytest.mark.xdist_group("broker")

SCRIPTS = settings.ROOT / "scripts"
# The three processes without set-up and seed, which have their own tests.
START = """
import run, sys
from pathlib import Path
sys.exit(run.Processes(int(sys.argv[1]), Path(sys.argv[2])).run())
"""


def processes_of(data: Path) -> set[int]:
    """Ids of the living processes that were started for this data folder."""
    mark = f"DATA_DIR={data}\0".encode()
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() and "\nState:\tZ" not in (folder / "status").read_text():
                found.add(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.2)
    return is_so()


@pytest.fixture
def address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://localhost:{probe.getsockname()[1]}"


@pytest.fixture
def runner(tmp_path: Path, database_url: str, address: str) -> Iterator[subprocess.Popen[str]]:
    port = address.rsplit(":")[-1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path),
        "DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "PORT": port,
        "PYTHONPATH": str(SCRIPTS),
        "SITE_URL": address,
    }
    command = [sys.executable, "-u", "-c", START, port, str(tmp_path)]
    process = subprocess.Popen(command, env=environment, cwd=settings.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    while line := process.stdout.readline():
        if line.startswith("Mejora:"):
            break
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    for left in processes_of(tmp_path):
        os.kill(left, signal.SIGKILL)


def test_it_answers_where_it_says_and_one_signal_ends_all(
    runner: subprocess.Popen[str], address: str, tmp_path: Path
) -> None:
    with urlopen(f"{address}/cuenta/ingresar/") as answer:
        assert answer.status == 200
        style_sheet = re.search(r'href="(/static/[^"]+\.css)"', answer.read().decode())
    assert style_sheet
    with urlopen(address + style_sheet[1]) as answer:
        assert answer.status == 200
    with pytest.raises(HTTPError) as missing:
        urlopen(f"{address}/no-existe/")
    assert missing.value.code == 404
    page = missing.value.read().decode()
    assert "No encontramos esta página" in page
    assert "URLconf" not in page
    assert len(processes_of(tmp_path)) >= 6  # runner, gunicorn with two workers, worker, beat

    runner.send_signal(signal.SIGINT)

    assert runner.wait(timeout=30) == 0
    assert processes_of(tmp_path) == set()


def test_killing_the_runner_outright_ends_them_too(runner: subprocess.Popen[str], tmp_path: Path) -> None:
    runner.kill()

    assert wait_until(lambda: processes_of(tmp_path) == set())


def test_the_end_of_one_ends_the_others(runner: subprocess.Popen[str], tmp_path: Path) -> None:
    beat = next(
        process for process in processes_of(tmp_path) if b"\0beat\0" in Path(f"/proc/{process}/cmdline").read_bytes()
    )

    os.kill(beat, signal.SIGKILL)

    assert runner.wait(timeout=30) == 1
    assert processes_of(tmp_path) == set()


def refused(**variables: str) -> str:
    result = subprocess.run(
        [sys.executable, str(SCRIPTS / "run.py")], env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert result.returncode == 1
    return result.stderr


def test_a_port_that_is_taken_is_refused_with_advice() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        message = refused(PORT=str(port))

    assert message == f"Port {port} cannot be used (Address already in use). Choose another: PORT={port + 1} make run\n"


def test_a_port_that_is_no_port_is_refused() -> None:
    assert refused(PORT="web") == "PORT must be a number from 1 to 65535, not «web».\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return import_module("run")


def test_a_new_database_is_filled_once(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = []

    def fill() -> None:
        filled.append(os.environ["DATABASE_URL"])
        Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///")).touch()

    later: list[list[str]] = []
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(run, "fill_database", fill)
    monkeypatch.setattr(run.set_up, "do", later.append)

    run.prepare_database(tmp_path)
    assert later == []
    run.prepare_database(tmp_path)

    assert filled == [f"sqlite:///{tmp_path}/draft.sqlite3"]
    assert (tmp_path / "mejora.sqlite3").exists()
    # A later start asks for nothing but the queue of its own day.
    assert [command[-2:] for command in later] == [["seed_demo", "--today"]]


def test_a_long_step_shows_that_it_goes_on(run: Any, capfd: pytest.CaptureFixture[str]) -> None:
    run.do_with_dots([sys.executable, "-c", "print('  Applying one… OK\\n' * 21)"], "  Applying ")

    assert capfd.readouterr().out == "  ...\n"


def test_a_long_step_that_fails_ends_the_start(run: Any) -> None:
    with pytest.raises(SystemExit, match="code 3"):
        run.do_with_dots([sys.executable, "-c", "raise SystemExit(3)"], "  Applying ")
