"""The demonstration: web, worker and beat as one; ends them together.

Ctrl-C or SIGTERM ends all three. Where the system can (Linux), they also end when this process is
killed outright. One of them dying ends the others: half a system is worse than none.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent))

import set_up

BIN = set_up.VENV / "bin"
PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8
START_SECONDS = 60
# That the worker should not run as root: true of a country's server, of no use to who tries the demonstration.
NOT_SHOWN = "ignore:::celery.platforms"


def main() -> int:
    port = read_port()
    if os.environ.get("MAKELEVEL"):
        end_with_parent()
    set_up.set_up()
    os.environ.setdefault("DEMO", "true")
    # What each process says appears at once, also where the output is not a terminal.
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    data = Path(os.environ.get("DATA_DIR") or set_up.ROOT / "var").absolute()
    prepare_database(data)
    return Processes(port, data).run()


def read_port() -> int:
    """PORT, or 8000; refused with a clear message when wrong or taken."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not «{text}».")
    os.environ["PORT"] = text
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise SystemExit(
                f"Port {text} cannot be used ({error.strerror}). Choose another: PORT={int(text) + 1} make run"
            ) from None
    return int(text)


def prepare_database(data: Path) -> None:
    """Migrate and seed once; a database that was removed is made again."""
    file = data / "mejora.sqlite3"
    is_new = not os.environ.get("DATABASE_URL") and not file.exists()
    if is_new:
        make_database(file)
    migrations = [path for path in set_up.tracked("*.py") if path.parent.name == "migrations"]
    identity = os.environ.get("DATABASE_URL") or str(file.stat().st_ino)
    stamp = set_up.Stamp(data / "stamps" / "database", migrations, extra=identity)
    if not is_new:
        bring_up_to_date(stamp)
    stamp.leave()


def bring_up_to_date(stamp: set_up.Stamp) -> None:
    """Migrate what is older than the code. The demonstration may be of an earlier day, and a queue is of today."""
    if not stamp.holds():
        fill_database()
    set_up.do(set_up.manage("seed_demo", "--today"))


def make_database(file: Path) -> None:
    """Under another name until it is whole: an interrupted seed leaves nothing that looks like one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name("draft.sqlite3")
    for left in file.parent.glob(f"{draft.name}*"):
        left.unlink()
    os.environ["DATABASE_URL"] = f"sqlite:///{draft}"
    fill_database()
    del os.environ["DATABASE_URL"]
    draft.rename(file)


def fill_database() -> None:
    set_up.say("Preparing the database (half a minute where it is new)")
    do_with_dots(set_up.manage("migrate", "--no-input"), "  Applying ")
    set_up.say("Seeding the demonstration (about a minute where it is empty)")
    set_up.do(set_up.manage("seed_demo", "--size", "small", "--if-empty"))


def do_with_dots(command: list[str], mark: str) -> None:
    """Run a step that says a line for each thing it does; show a dot for each ten lines that begin with ``mark``."""
    process = subprocess.Popen(command, cwd=set_up.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    done = 0
    for line in process.stdout:
        if line.startswith(mark):
            done += 1
            if done % 10 == 1:
                print("  ." if done == 1 else ".", end="", flush=True)
    if done:
        print(flush=True)
    set_up.end_if_failed(process.wait(), command)


class Processes:
    """The three processes and their end."""

    def __init__(self, port: int, data: Path) -> None:
        self.port = port
        (data / "beat").mkdir(parents=True, exist_ok=True)
        celery = [str(BIN / "celery"), "--quiet", "-A", "portal"]
        self.commands = {
            "web": [
                str(BIN / "gunicorn"),
                "portal.wsgi:application",
                *("--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
            ],
            "worker": [
                *celery,
                "worker",
                *("--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"),
                *("--loglevel", "WARNING"),
            ],
            "beat": [
                *celery,
                "beat",
                *("--schedule", str(data / "beat" / "schedule"), "--pidfile", "", "--loglevel", "WARNING"),
            ],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> int:
        """Start all, wait for the end of any, end the rest. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        environment = {**os.environ, "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", NOT_SHOWN)}
        for name, command in self.commands.items():
            # Own group each, so that the terminal's Ctrl-C reaches them once, from here.
            self.running[name] = subprocess.Popen(
                command, cwd=set_up.ROOT, env=environment, start_new_session=True, preexec_fn=end_with_parent
            )
        try:
            if self._wait_for_web():
                self._welcome()
            while not self.stopping and not self._dead():
                time.sleep(0.2)
            dead = self._dead()
            if dead and not self.stopping:
                print(f"The {dead} process ended; ending the others.", file=sys.stderr)
        finally:
            self._end()
        return 0 if self.stopping else 1

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _dead(self) -> str:
        return next((name for name, process in self.running.items() if process.poll() is not None), "")

    def _wait_for_web(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self.stopping and not self._dead():
            try:
                urlopen(f"http://127.0.0.1:{self.port}/", timeout=START_SECONDS).close()
            except HTTPError:
                return True
            except OSError:
                time.sleep(0.1)
                continue
            return True
        return False

    def _welcome(self) -> None:
        print(f"\nMejora: {os.environ['SITE_URL']}\n", flush=True)
        subprocess.run([str(set_up.PYTHON), "manage.py", "demo_sign_ins"], cwd=set_up.ROOT)
        print("\nCtrl-C la termina.", flush=True)

    def _end(self) -> None:
        """Let each finish what it is doing; after the grace, and for what it left behind, kill."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def end_with_parent() -> None:
    """Ask Linux to send SIGTERM when the parent dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
