"""What measures are made with, and how their figures are shown."""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Target:
    """A figure that is wanted: at most, or at least, ``limit`` in ``unit``."""

    limit: float
    unit: str
    is_ceiling: bool

    def ratio(self, measured: float) -> float:
        """How many times the target: 1 or less is met."""
        if self.is_ceiling:
            if not self.limit:
                return float("inf") if measured else 0.0
            return measured / self.limit
        return self.limit / measured if measured else float("inf")

    def __str__(self) -> str:
        return f"{'≤' if self.is_ceiling else '≥'} {self.limit:g} {self.unit}"


def at_most(limit: float, unit: str) -> Target:
    return Target(limit, unit, is_ceiling=True)


def at_least(limit: float, unit: str) -> Target:
    return Target(limit, unit, is_ceiling=False)


@dataclass(frozen=True)
class Measure:
    title: str
    target: Target
    take: Callable[[Bench], float]


@dataclass(frozen=True)
class Load:
    """What clients saw: milliseconds per request, and requests per second of all together."""

    median: float
    percentile_95: float
    per_second: float
    failures: int


MEASURES: list[Measure] = []


def measure(title: str, target: Target) -> Callable[[Callable[[Bench], float]], Callable[[Bench], float]]:
    """Register a measure; the decorated function returns its figure in the target's unit."""

    def register(take: Callable[[Bench], float]) -> Callable[[Bench], float]:
        MEASURES.append(Measure(title, target, take))
        return take

    return register


def load_measures() -> None:
    """Import every ``measure_*.py`` beside this file."""
    package = importlib.import_module("tests.benchmarks")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        if module.name.startswith("measure_"):
            importlib.import_module(f"tests.benchmarks.{module.name}")


class Bench:
    """Tools for measures; Django is set up and the data is there."""

    def __init__(self) -> None:
        self.port = 0
        self.workers: list[int] = []

    def milliseconds(self, act: Callable[[], object], *, times: int = 15) -> float:
        """Median duration of ``act`` after one run that does not count."""
        act()
        return statistics.median(self._timed(act) for _ in range(times))

    def queries(self, act: Callable[[], object]) -> int:
        """How many queries ``act`` makes once its caches are filled."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        act()
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    @contextmanager
    def server(self) -> Iterator[None]:
        """Gunicorn with two workers on the bench's data, as an installation runs it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "portal.wsgi:application",
            "--workers",
            "2",
            "--log-level",
            "error",
        ]
        process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{self.port}"], cwd=ROOT)
        try:
            self._wait_for_server()
            self.workers = children_of(process.pid)
            yield
        finally:
            process.terminate()
            process.wait()

    def load(self, path: str, *, clients: int, seconds: float = 5.0, cookie: str = "") -> Load:
        """Ask for ``path`` from so many clients at once; needs :meth:`server`."""
        durations: list[float] = []
        failures: list[int] = []
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._ask, args=(path, cookie, end, durations, failures)) for _ in range(clients)
        ]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elapsed = time.monotonic() - started
        ordered = sorted(durations) or [float("inf")]
        return Load(
            median=statistics.median(ordered),
            percentile_95=ordered[int(len(ordered) * 0.95) if len(ordered) > 1 else 0],
            per_second=len(durations) / elapsed,
            failures=len(failures),
        )

    def _ask(self, path: str, cookie: str, end: float, durations: list[float], failures: list[int]) -> None:
        headers = {"Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        while time.monotonic() < end:
            started = time.perf_counter()
            try:
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                response.read()
            except OSError:
                failures.append(0)
                connection.close()
                continue
            if response.status == 200:
                durations.append((time.perf_counter() - started) * 1000)
            else:
                failures.append(response.status)
        connection.close()

    def _wait_for_server(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.request("GET", "/")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start within 30 seconds")

    @staticmethod
    def _timed(act: Callable[[], object]) -> float:
        started = time.perf_counter()
        act()
        return (time.perf_counter() - started) * 1000


def children_of(process_id: int) -> list[int]:
    """Process ids of the direct children (Linux)."""
    text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    return [int(word) for word in text.split()]


def memory_of(process_id: int) -> float:
    """Resident memory in MB (Linux)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def surroundings() -> list[str]:
    """On what the figures were taken: machine, versions, commit, data."""
    from django.db import connection

    from portal.foundation.cycles.models import Participation
    from portal.foundation.territories.models import Territory

    cpus = Path("/proc/cpuinfo")
    model = next(
        (line.split(":")[1].strip() for line in cpus.read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(
        ["git", "log", "-1", "--format=%h %cs"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.strip()
    version = ".".join(map(str, connection.get_database_version()))
    return [
        f"Machine: {model}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}; {connection.display_name} {version}; commit {commit}",
        f"Data: {Territory.objects.municipalities().count()} municipalities, "
        f"{Participation.objects.count()} participations (municipality-years)",
    ]


def run(bench: Bench, wanted: str) -> int:
    """Take the measures whose title holds ``wanted``; print one table. Returns the number of misses."""
    print("\n".join(surroundings()))
    print("\n| Measure | Target | Measured | Ratio | |\n|---|---|---|---|---|", flush=True)
    misses = 0
    for one in MEASURES:
        if wanted.lower() in one.title.lower():
            measured = one.take(bench)
            ratio = one.target.ratio(measured)
            misses += ratio > 1
            verdict = "met" if ratio <= 1 else "MISSED"
            print(
                f"| {one.title} | {one.target} | {measured:.4g} {one.target.unit} | {ratio:.2f} | {verdict} |",
                flush=True,
            )
    return misses
