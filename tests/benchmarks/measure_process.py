"""The web process: how fast it is there, and how much it holds."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.framework import ROOT, Bench, at_most, measure, memory_of

FIRST_PAGE = """
import sys, time
started = time.perf_counter()
from portal.wsgi import application
environ = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
    "HTTP_HOST": "localhost", "wsgi.input": sys.stdin.buffer, "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
    "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
}
statuses = []
b"".join(application(environ, lambda status, headers, error=None: statuses.append(status)))
assert statuses == ["200 OK"], statuses
seconds = time.perf_counter() - started
# Not getrusage: its peak is inherited from the process that starts this one.
peak = next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seconds, peak)
"""


def fresh_process() -> tuple[float, float]:
    """Seconds to the first page, and peak memory in MB: the best of three fresh processes."""
    runs = []
    for _ in range(3):
        output = subprocess.run(
            [sys.executable, "-c", FIRST_PAGE],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        seconds, memory = output.split()
        runs.append((float(seconds), float(memory)))
    return min(runs)


@measure("Web process, start to first page", at_most(1.5, "s"))
def start(bench: Bench) -> float:
    return fresh_process()[0]


@measure("Web process, memory after first page", at_most(150, "MB"))
def memory(bench: Bench) -> float:
    return fresh_process()[1]


@measure("Gunicorn worker, memory after load", at_most(130, "MB"))
def memory_under_load(bench: Bench) -> float:
    with bench.server():
        bench.load("/", clients=8, seconds=3)
        return max(memory_of(worker) for worker in bench.workers)
