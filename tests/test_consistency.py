"""Habits of the house that no single test would notice losing (docs/adr/0001-layers.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View

from portal.foundation.people import privacy
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.models import Person
from portal.foundation.people.privacy import Subject
from portal.foundation.ui import catalogues
from tests import source

PRODUCT_TEMPLATES = tuple(
    path for path in source.files(".html", ".txt") if "templates" in path.parts and "tests" not in path.parts
)
HTML = tuple(path for path in PRODUCT_TEMPLATES if path.suffix == ".html")
BELOW_VIEWS = {"domain", "queries", "rules"}
MOST_LINES = 500

# --- Layers


def test_every_module_lies_in_a_layer() -> None:
    homeless = [
        module
        for module in source.product_modules()
        if source.layer_of(module) is None
        and not module.startswith(source.UNLAYERED)
        and module not in {"portal", "portal.foundation"}
    ]

    assert homeless == []


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models():
        owner = source.layer_of(model.__module__)
        if owner is None:
            continue
        for field in model._meta.get_fields():
            remote = getattr(field, "related_model", None)
            target = source.layer_of(remote.__module__) if remote and field.concrete else None
            if target and not source.may_know(owner, target):
                upward.append(f"{model._meta.label}.{field.name} → {remote._meta.label}")

    assert upward == []


def namespaces_of(path: Path) -> list[str]:
    text = path.read_text()
    pattern = (
        r"{%\s*url\s+['\"](\w+):" if path.suffix != ".py" else r"(?:reverse|reverse_lazy|redirect)\(\s*['\"](\w+):"
    )
    return re.findall(pattern, text)


def keeper_of_template(path: Path) -> str:
    """The layer that a template belongs to, by its folder. The frame and its components know the whole foundation."""
    names = {layer.rsplit(".", 1)[-1]: layer for layer in source.layers()}
    inside = path.parts[path.parts.index("templates") + 1 :]
    own = names.get(inside[0]) or source.layer_of(".".join(path.relative_to(source.ROOT).parts))
    floors = [name for name in source.layers() if name.startswith("portal.foundation.")]
    return own or max(floors, key=lambda name: source.layers()[name])


def test_no_module_links_to_a_module_above_it() -> None:
    """Upper modules make themselves known through offers, indicators and navigation."""
    names = {layer.rsplit(".", 1)[-1]: layer for layer in source.layers()}
    owners = {path: source.layer_of(module) for module, path in source.product_modules().items()}
    owners |= {path: keeper_of_template(path) for path in PRODUCT_TEMPLATES}

    upward = [
        f"{source.shown(path)}: {namespace}"
        for path, owner in owners.items()
        for namespace in namespaces_of(path)
        if owner and namespace in names and not source.may_know(owner, names[namespace])
    ]

    assert upward == []


# --- Views


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_view_of_ours_declares_a_policy() -> None:
    undeclared = set()
    for pattern in patterns(get_resolver()):
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if source.layer_of(view.__module__) is None:
            continue
        asks_first = (
            isinstance(view, type)
            and issubclass(view, PolicyMixin)
            and view.__mro__.index(PolicyMixin) < view.__mro__.index(View)
        )
        if not asks_first or not isinstance(view.policy, Policy):
            undeclared.add(f"{view.__module__}.{view.__qualname__}")

    assert undeclared == set()


def test_every_link_in_a_template_exists() -> None:
    known = set(get_resolver().reverse_dict) | {
        f"{namespace}:{name}"
        for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }

    unknown = [
        f"{source.shown(path)}: {name}"
        for path in PRODUCT_TEMPLATES
        for name in re.findall(r"{%\s*url\s+['\"]([\w:-]+)['\"]", path.read_text())
        if name.count(":") < 2 and name not in known
    ]

    assert unknown == []


def test_every_list_turns_its_pages_by_the_same_name() -> None:
    """The links of a list say ``pagina``; a view that asks for another name shows its first page for ever."""
    other_name = re.compile(r"""get_page\((?!.*(["']pagina["']|self\.page_kwarg))""")

    assert list(source.lines_matching(source.files(".py"), other_name)) == []


# --- Templates


@pytest.mark.parametrize("path", PRODUCT_TEMPLATES, ids=source.shown)
def test_template_compiles(path: Path) -> None:
    get_template("/".join(path.parts[len(path.parts) - path.parts[::-1].index("templates") :]))


def test_every_post_form_carries_its_token() -> None:
    bare = [
        source.shown(path)
        for path in HTML
        for form in re.findall(r"<form\b[^>]*\bmethod=[\"']?post.*?</form>", path.read_text(), re.I | re.S)
        if "csrf_token" not in form
    ]

    assert bare == []


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\|\s*safe(seq)?\b",
        r"{%\s*autoescape off",
        r"\sstyle=",
        r"<style\b",
        r"<script(?![^>]*\bsrc=)",
        r"\son[a-z]+=\"",
        r"javascript:",
    ],
)
def test_no_template_holds_script_style_or_unescaped_text(forbidden: str) -> None:
    assert list(source.lines_matching(HTML, re.compile(forbidden, re.I))) == []


def test_spanish_is_complete() -> None:
    assert catalogues.problems() == []


# --- Domain


def calls_in(node: ast.AST) -> set[str]:
    """Dotted names of everything that ``node`` calls."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def modules_named(names: set[str]) -> Iterator[tuple[str, ast.Module]]:
    for module, path in source.product_modules().items():
        layer = source.layer_of(module) or ""
        if names & set(module.removeprefix(layer).split(".")):
            yield module, source.tree_of(path)


def test_nothing_below_the_views_looks_at_the_clock() -> None:
    clock = re.compile(r"\.(now|today|utcnow|localdate|localtime)$")

    found = [
        f"{module}: {call}"
        for module, tree in modules_named({"domain", "rules"})
        for call in calls_in(tree)
        if clock.search(call)
    ]

    assert found == []


def imported_by(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_nothing_below_the_views_knows_requests() -> None:
    web = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages")

    found = [
        f"{module}: {name}"
        for module, tree in modules_named(BELOW_VIEWS)
        for name in imported_by(tree)
        if name.startswith(web)
    ]

    assert found == []


def verbs() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of domain modules that record an event: what people do."""
    for module, tree in modules_named({"domain"}):
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and {"record", "audit.record", "domain.record"} & calls_in(node):
                yield f"{module}.{node.name}", node


def test_every_verb_names_its_actor_and_its_time() -> None:
    loose = [
        name
        for name, verb in verbs()
        if verb.args.posonlyargs + verb.args.args
        or verb.args.vararg
        or not {"by", "at"} <= {argument.arg for argument in verb.args.kwonlyargs}
    ]

    assert loose == []


def test_no_receiver_listens_to_saves() -> None:
    listened = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}

    found = [
        f"{module}: {name}"
        for module, path in source.product_modules().items()
        for name in imported_by(source.tree_of(path))
        if name.rsplit(".", 1)[-1] in listened
    ]

    assert found == []


# --- Files


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "common", "helpers", "misc", "lib", "tools"}

    assert [source.shown(path) for path in source.files(".py") if {path.stem, path.parent.name} & drawers] == []


def test_a_person_reads_every_file_in_one_sitting() -> None:
    long = [
        source.shown(path)
        for path in source.files(".py", ".html", ".scss", ".mjs", ".js")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > MOST_LINES
    ]

    assert long == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX)\b|mark\.(skip|xfail)|pytest\.skip\(")
    paths = tuple(path for path in source.files(".py", ".html", ".scss", ".mjs", ".js") if path != Path(__file__))

    assert list(source.lines_matching(paths, later)) == []


def test_the_repository_names_no_machine() -> None:
    texts = tuple(
        path for path in source.files(*source.TEXT_ENDINGS) if path not in {Path(__file__), source.ROOT / ".git"}
    )
    machine = re.compile(r"(?<![\w.-])/(work|root)/|shared/(domain|design)")
    registry = re.compile(r"https?://(registry\.|files\.pythonhosted|pypi\.)")

    assert list(source.lines_matching(texts, machine)) == []
    assert list(source.lines_matching(texts, registry)) == []


def test_every_dependency_says_what_it_is_for() -> None:
    text = (source.ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    names = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]

    silent = [name for name in names if not re.search(re.escape(f'"{name}",') + r"\s+# \w", text)]

    assert silent == []


def test_the_web_process_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys, portal.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(*sorted({'pandas', 'matplotlib', 'scipy', 'typst', 'babel', 'numpy', 'pikepdf'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=source.ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert loaded.strip() == ""


# --- Personal data


def test_every_row_about_a_person_is_declared() -> None:
    """What nobody declares nobody can show, take away or erase (docs/adr/0006-data-protection.md)."""
    declared = {kind.of_person(Subject("", "")).model for kind in privacy.kinds()}
    about = {
        model
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Person
    }

    assert {model._meta.label for model in about - declared} == set()
