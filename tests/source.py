"""The checkout as data: its files, its modules and their layer."""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOT_SOURCES = {"node_modules", "var", "static", "__pycache__"}
TEXT_ENDINGS = {
    *(".py", ".html", ".txt", ".md", ".toml", ".yaml", ".yml", ".csv", ".json", ".lock", ".po", ".css", ".scss"),
    *(".js", ".mjs", ".typ", ".svg", ""),
}
# Wiring around the layers: nothing in the layers may import them.
UNLAYERED = ("portal.settings", "portal.wsgi", "portal.asgi", "portal.celery")


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """The checkout's own files with one of ``suffixes``, as absolute paths in a stable order."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        hidden = {name for name in folders if name.startswith(".") and name != ".ci"}
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES | hidden)
        found += [Path(folder, name) for name in sorted(names) if Path(name).suffix in suffixes]
    return tuple(found)


@cache
def product_modules() -> dict[str, Path]:
    """Dotted name → file of every product module (tests and scripts left out, migrations too)."""
    found = {}
    for path in files(".py"):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        if parts[0] in _top_packages() and "migrations" not in parts:
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


@cache
def _contracts() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def _top_packages() -> list[str]:
    return _contracts()["root_packages"]


@cache
def layers() -> dict[str, int]:
    """Dotted prefix → its height: foundation's floors first, the roof last. Neighbors share a height."""
    outer, floors = _contracts()["contracts"][:2]
    container = floors["containers"][0]
    rows = [[f"{container}.{name}" for name in _names(row)] for row in floors["layers"]]
    below = [_names(row) for row in outer["layers"] if row != container]
    return {name: height for height, row in enumerate([*reversed(rows), *reversed(below)]) for name in row}


def _names(row: str) -> list[str]:
    return [name.strip(" ()") for name in row.split("|")]


def layer_of(module: str) -> str | None:
    """The layered prefix that a dotted module name belongs to."""
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in layers()), None)


def may_know(upper: str, lower: str) -> bool:
    """May a module of layer ``upper`` depend on one of layer ``lower``?"""
    return upper == lower or layers()[upper] > layers()[lower]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_matching(paths: tuple[Path, ...], pattern: Any) -> Iterator[str]:
    """``file:line: text`` of every line in which the compiled ``pattern`` is found."""
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if pattern.search(line):
                yield f"{shown(path)}:{number}: {line.strip()[:120]}"
