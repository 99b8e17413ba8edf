"""Reading a procedure's file (YAML or JSON, UTF-8), and refusing one that is not whole.

The first thing found wrong is named with its place (``steps[3] revisar · term``), so that whoever
wrote the file knows where to look. Texts are ``{"es": …, "en": …}``. The file is what ``file_content`` of
``queries.content`` writes; ``version`` and ``territory`` in it tell where it came from and are not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from benefits_core import flow
from benefits_core.domain.checks import LANGUAGES
from benefits_core.domain.procedures import VersionContent
from benefits_core.domain.steps import MAX_STEPS, StepContent, checked_step
from benefits_core.enums import LinkKind, ProcedureKind
from benefits_core.errors import ImportRefused, InvalidContent
from benefits_core.models.procedures import STEP_TEXTS
from benefits_core.queries.content import FILE_FORMAT, VERSION_TEXTS

LARGEST_FILE = 200_000
_TOP = {"format", "key", "kind", "steps", "version", "territory", "legal_confirmed", "is_official", *VERSION_TEXTS}
_STEP = {"key", "actor", "channels", "documents", "term", "next", "alternatives", *STEP_TEXTS}


@dataclass(frozen=True)
class FileLink:
    """Source and target are step keys."""

    source: str
    target: str
    kind: str
    condition: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProcedureFile:
    """A checked file. ``steps`` are (key, checked values) in order."""

    key: str
    kind: str
    content: VersionContent
    steps: list[tuple[str, dict[str, Any]]]
    links: list[FileLink]


class _Loader(yaml.SafeLoader):
    """Safe loader that refuses what a procedure never needs: aliases, which multiply, and keys written twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            line = self.peek_event().start_mark.line + 1
            raise ImportRefused(_("line %(line)s") % {"line": line}, _("aliases are not taken; write the text out"))
        return super().compose_node(parent, index)


def _unique_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: list[Any] = []
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            place = _("line %(line)s") % {"line": key_node.start_mark.line + 1}
            raise ImportRefused(place, _("the key “%(key)s” is written twice") % {"key": key})
        seen.append(key)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_procedure(content: bytes) -> ProcedureFile:
    """The checked content of a procedure's file.

    :raises ImportRefused: naming the place and the reason.
    """
    if len(content) > LARGEST_FILE:
        raise ImportRefused("", _("The file is larger than 200 KB."))
    data = _parsed(content)
    _mapping("", data, _TOP)
    if data.get("format") != FILE_FORMAT:
        raise ImportRefused("format", _("“%(format)s” is expected") % {"format": FILE_FORMAT})
    key, kind = data.get("key"), data.get("kind", ProcedureKind.TRAMITE)
    if not isinstance(key, str):
        raise ImportRefused("key", _("a text is expected"))
    if kind not in ProcedureKind.values:
        raise ImportRefused("kind", _("it is none of: %(names)s") % {"names": ", ".join(ProcedureKind.values)})
    texts: dict[str, Any] = {name: _texts(name, data.get(name)) for name in VERSION_TEXTS}
    flags: dict[str, Any] = {name: _boolean(name, data.get(name, False)) for name in ("legal_confirmed", "is_official")}
    steps = [(place, row, _step_key(place, row)) for place, row in _rows("steps", data.get("steps"))]
    keys = [step for _place, _row, step in steps]
    _unique("steps", keys)
    checked = [(step, _step_values(place, row)) for place, row, step in steps]
    links = [link for place, row, step in steps for link in _links(place, row, step, keys)]
    if lost := flow.endless(keys, [(link.source, link.target) for link in links]):
        raise ImportRefused("steps", _("nobody ever leaves this loop: %(steps)s") % {"steps": ", ".join(lost)})
    return ProcedureFile(key, kind, VersionContent(**texts, **flags), checked, links)


def _parsed(content: bytes) -> Any:
    place = _("file")
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip().startswith("{"):
            return json.loads(text, object_pairs_hook=_unique_pairs)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError:
        raise ImportRefused(place, _("it is not text in UTF-8")) from None
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        raise ImportRefused(place, _("it is neither YAML nor JSON: %(error)s") % {"error": error}) from None
    except RecursionError:
        raise ImportRefused(place, _("it is nested too deep")) from None
    except ValueError as error:
        raise ImportRefused(place, _("a value cannot be read: %(error)s") % {"error": error}) from None


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _value in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ImportRefused(_("file"), _("the key “%(key)s” is written twice") % {"key": key})
    return dict(pairs)


def _rows(place: str, rows: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(rows, list):
        raise ImportRefused(place, _("a list is expected"))
    if len(rows) > MAX_STEPS:
        raise ImportRefused(place, _("there are more than %(count)s") % {"count": MAX_STEPS})
    for number, row in enumerate(rows, 1):
        name = row.get("key", "") if isinstance(row, dict) else ""
        yield f"{place}[{number}] {name}".strip(), row


def _step_key(place: str, row: Any) -> str:
    _mapping(place, row, _STEP)
    key = row.get("key")
    if (
        not isinstance(key, str)
        or not key
        or len(key) > 60
        or not set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    ):
        raise ImportRefused(f"{place} · key", _("lower-case letters, digits and hyphens are expected, at most 60"))
    return key


def _step_values(place: str, row: dict[str, Any]) -> dict[str, Any]:
    texts = {name: _texts(f"{place} · {name}", row.get(name)) for name in STEP_TEXTS}
    channels, documents = row.get("channels", []), row.get("documents", [])
    if not isinstance(channels, list) or not all(isinstance(each, str) for each in channels):
        raise ImportRefused(f"{place} · channels", _("a list of texts is expected"))
    if not isinstance(documents, list):
        raise ImportRefused(f"{place} · documents", _("a list is expected"))
    amount, unit = _term(f"{place} · term", row.get("term"))
    actor = row.get("actor")
    try:
        return checked_step(
            StepContent(
                **texts,
                actor=actor if isinstance(actor, str) else "",
                channels=channels,
                documents=[_texts(f"{place} · documents[{at}]", each) for at, each in enumerate(documents, 1)],
                term_amount=amount,
                term_unit=unit,
            )
        )
    except InvalidContent as refused:
        raise ImportRefused(f"{place} · {refused.field}" if refused.field else place, str(refused)) from None


def _term(place: str, term: Any) -> tuple[Any, str]:
    if term is None:
        return None, ""
    _mapping(place, term, {"amount", "unit"})
    unit = term.get("unit")
    return term.get("amount"), unit if isinstance(unit, str) else ""


def _links(place: str, row: dict[str, Any], step: str, keys: list[str]) -> Iterator[FileLink]:
    targets = []
    if row.get("next") is not None:
        targets.append(_target(f"{place} · next", row["next"], step, keys))
        yield FileLink(step, targets[0], LinkKind.NEXT)
    for where, each in _rows(f"{place} · alternatives", row.get("alternatives", [])):
        _mapping(where, each, {"to", "if"})
        target = _target(f"{where} · to", each.get("to"), step, keys)
        condition = _texts(f"{where} · if", each.get("if"))
        if not condition.get("es"):
            raise ImportRefused(f"{where} · if", _("say in Spanish in which case"))
        targets.append(target)
        yield FileLink(step, target, LinkKind.ALTERNATIVE, condition)
    _unique(place, targets)


def _target(place: str, target: Any, step: str, keys: list[str]) -> str:
    if not isinstance(target, str) or target not in keys or target == step:
        raise ImportRefused(place, _("the key of another step is expected"))
    return target


def _mapping(place: str, value: Any, known: set[str]) -> None:
    if not isinstance(value, dict):
        raise ImportRefused(place or _("file"), _("names with their values are expected"))
    if unknown := sorted(str(name) for name in value if name not in known):
        raise ImportRefused(place or _("file"), _("unknown: %(names)s") % {"names": ", ".join(unknown)[:200]})


def _texts(place: str, value: Any) -> dict[str, str]:
    if value is None:
        return {}
    _mapping(place, value, set(LANGUAGES))
    for language, text in value.items():
        if not isinstance(text, str):
            raise ImportRefused(f"{place} · {language}", _("a text is expected"))
    return {language: text.strip() for language, text in value.items() if text.strip()}


def _boolean(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ImportRefused(place, _("true or false is expected"))
    return value


def _unique(place: str, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise ImportRefused(place, _("“%(key)s” is there twice") % {"key": key})
