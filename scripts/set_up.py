"""Make a fresh clone ready to run: packages, style sheets, message catalogues.

Plain Python, because it runs before any package is there. Each step leaves the digest of what it
was made from, so a second run only compares digests. Needs PyPI and npm; no compiler, no gettext,
no Node (a wheel brings it) and no services.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
NOT_SOURCES = {"node_modules", "var", "static", "__pycache__"}


def set_up() -> None:
    """Do what is not yet done. Raises SystemExit with a message for a person."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit("Mejora needs Python 3.11 or later; this is " + sys.version.split()[0] + ".")
    make_environment()
    install_packages()
    build_assets()
    compile_messages()


def make_environment() -> None:
    if PYTHON.exists():
        return
    say("Creating .venv")
    result = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(
            "Python could not create a virtual environment. On Debian or Ubuntu: apt install python3-venv\n"
            + result.stdout
            + result.stderr
        )


def install_packages() -> None:
    lock = ROOT / "requirements.lock"
    stamp = Stamp(VENV / ".packages", [lock])
    if stamp.holds():
        return
    say("Installing Python packages")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # uv installs in seconds what takes pip most of a minute; where it cannot, pip does.
    bootstrap = subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "scripts" / "uv.lock")])
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--system-certs", "--python", str(PYTHON)]
    fast = bootstrap.returncode == 0 and subprocess.run([*uv, "--require-hashes", "-r", str(lock)]).returncode == 0
    if not fast:
        do([*pip, "--require-hashes", "-r", str(lock)])
    stamp.leave()


def build_assets() -> None:
    npm_files = [ROOT / "package.json", ROOT / "package-lock.json"]
    modules = Stamp(ROOT / "node_modules" / ".packages", npm_files)
    if not modules.holds():
        say("Installing npm packages")
        do([npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        modules.leave()
    sources = [*npm_files, *tracked("*.scss", "*.mjs", "*.js", "*.svg", "*.woff2")]
    assets = Stamp(ROOT / "var" / "assets" / ".built", sources)
    if not assets.holds():
        say("Building style sheets")
        do([npm(), "run", "build", "--silent"])
        assets.leave()


def compile_messages() -> None:
    stamp = Stamp(ROOT / "var" / "stamps" / "messages", tracked("*.po"))
    if stamp.holds() and all(path.with_suffix(".mo").exists() for path in tracked("*.po")):
        return
    say("Compiling message catalogues")
    do(manage("messages", "compile"))
    stamp.leave()


def manage(*arguments: str) -> list[str]:
    """The command of Django's command line."""
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]


def npm() -> str:
    """The machine's npm when its Node is recent enough, else the one from the Python wheel."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        number = re.match(r"v(\d+)", version)
        if number and int(number.group(1)) >= OLDEST_NODE:
            return found
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return str(VENV / "bin" / "npm")


def tracked(*patterns: str) -> list[Path]:
    """Source files of the checkout that match, in a stable order."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES and not name.startswith("."))
        found += [Path(folder, name) for name in sorted(names) if any(Path(name).match(p) for p in patterns)]
    return found


class Stamp:
    """The digest of the files that a step was made from, left where the step's result lies."""

    def __init__(self, path: Path, sources: Iterable[Path], extra: str = "") -> None:
        digest = hashlib.sha256((extra + sys.version).encode())
        for source in sources:
            digest.update(str(source.relative_to(ROOT)).encode())
            digest.update(source.read_bytes())
        self.path = path
        self.digest = digest.hexdigest()

    def holds(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.digest

    def leave(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.digest)


def say(what: str) -> None:
    print(f"· {what}", flush=True)


def do(command: list[str]) -> None:
    """Run a step; a step that fails ends the set-up with its own exit code."""
    end_if_failed(subprocess.run(command, cwd=ROOT).returncode, command)


def end_if_failed(code: int, command: list[str]) -> None:
    if code:
        raise SystemExit(f"This step failed (code {code}): {' '.join(command)}")


if __name__ == "__main__":
    set_up()
