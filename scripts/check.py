"""Every check that reads the code instead of running it; shows all failures, not only the first."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
# Pure modules and domain verbs are typed strictly; list a new pure module here.
PURE_MODULES = [
    "benefits_core/flow.py",
    "benefits_core/queue_files.py",
    "benefits_core/slots.py",
    "benefits_core/statistics.py",
    "portal/foundation/indicators/intervals.py",
    "portal/foundation/messages/segments.py",
    "portal/foundation/receipts/keys.py",
    "portal/foundation/ui/plain_language.py",
    "quality/freshness.py",
    "quality/scoring.py",
    "surveys/agreement.py",
    "surveys/masking.py",
    "surveys/questionnaire",
    "surveys/statistics",
    "surveys/topics.py",
]

CHECKS = {
    "Code style (ruff)": [str(BIN / "ruff"), "check", "--quiet", "."],
    "Code layout (ruff)": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "Layers and anatomy (import-linter)": [str(BIN / "lint-imports"), "--no-cache"],
    "Django's own checks": [*MANAGE, "check", "--fail-level", "WARNING"],
    "Migrations complete": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "Spanish complete": [*MANAGE, "messages", "check"],
    "Templates (djlint)": [str(BIN / "djlint"), "--lint", "--quiet", "templates", "portal"],
}


def typed_paths() -> list[str]:
    """The pure modules, and every ``domain`` package or module."""
    domains = [path for path in ROOT.glob("*/domain") if path.is_dir()]
    domains += [*ROOT.glob("portal/foundation/*/domain.py"), *ROOT.glob("portal/foundation/*/domain")]
    return [*PURE_MODULES, *sorted(str(path.relative_to(ROOT)) for path in domains)]


def run(name: str, command: list[str]) -> tuple[str, subprocess.CompletedProcess[str]]:
    return name, subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def main() -> int:
    checks = {**CHECKS, "Types (mypy)": [str(BIN / "mypy"), "--no-error-summary", *typed_paths()]}
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, result in pool.map(lambda item: run(*item), checks.items()):
            passed = result.returncode == 0
            failed += not passed
            print(f"{'ok    ' if passed else 'FAILED'}  {name}", flush=True)
            if not passed:
                print(result.stdout + result.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
