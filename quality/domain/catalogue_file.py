"""Reading a catalogue's YAML file, and refusing one that is not whole.

The first thing found wrong is named with its place (``standards[3] E04 · levels``), so that whoever
edits the file knows where to look. What is accepted here is stored as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

import yaml
from django.utils.translation import gettext as _

try:
    from yaml import CSafeLoader as SafeLoader  # libyaml reads a catalogue ten times as fast
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

from quality.domain.errors import QualityError
from quality.enums import Origin, Transparency

LANGUAGES = ("es", "en")
SCALE = (0, 1, 2, 3)
CHANNELS = ("in_person", "virtual", "both")
SECTIONS = ("meta", "components", "attributes", "standards", "complaint_categories")


class CatalogueRefused(QualityError):
    """The file is not a whole catalogue. ``place`` says where, ``reason`` what is wrong there."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(_("%(place)s: %(reason)s") % {"place": place, "reason": reason})


class _Loader(SafeLoader):
    """Safe loader that refuses a key written twice, which YAML would silently overwrite."""


def _unique_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _value in node.value]
    for key in keys:
        if keys.count(key) > 1:
            place = _("line %(line)s") % {"line": node.start_mark.line + 1}
            raise CatalogueRefused(place, _("the key “%(key)s” is written twice") % {"key": key})
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_catalogue(content: bytes) -> dict[str, Any]:
    """The checked mapping of a catalogue file.

    :raises CatalogueRefused: naming the place and the reason.
    """
    try:
        data = yaml.load(content.decode("utf-8"), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueRefused(_("file"), _("it is not YAML: %(error)s") % {"error": error}) from error
    place = _("file")
    _mapping(place, data)
    for section in SECTIONS:
        _require(section in data, place, _("the section “%(section)s” is missing") % {"section": section})
    _check_meta(data["meta"])
    components = _check_components(data["components"])
    attributes = _check_attributes(data["attributes"], components)
    categories = _check_categories(data["complaint_categories"])
    _check_standards(data, components, attributes, categories)
    _check_counts(data)
    return data


def origin_of(source: Any) -> str:
    """The origin (:class:`Origin`) that a ``source`` names: its ``kind``, or its first word."""
    kind = source.get("kind", "") if isinstance(source, Mapping) else str(source).split(" ")[0]
    return str(kind)


def _check_meta(meta: Any) -> None:
    _mapping("meta", meta)
    for name in ("title", "status"):
        _text(f"meta · {name}", meta.get(name))
    version = meta.get("version")
    _require(
        isinstance(version, str) and 0 < len(version) <= 20,
        "meta · version",
        _("a text of at most 20 characters is expected"),
    )
    try:
        date.fromisoformat(str(meta.get("date")))
    except ValueError as error:
        raise CatalogueRefused("meta · date", _("a date like 2026-11-22 is expected")) from error
    scale = meta.get("scale")
    _mapping("meta · scale", scale)
    _require(
        (scale.get("min"), scale.get("max")) == (SCALE[0], SCALE[-1]),
        "meta · scale",
        _("the levels must go from 0 to 3"),
    )
    _require(
        scale.get("met_at") in SCALE
        and scale.get("consolidated_at") in SCALE
        and scale["met_at"] <= scale["consolidated_at"],
        "meta · scale",
        _("“met_at” and “consolidated_at” must be levels of the scale, in that order"),
    )
    names = scale.get("levels")
    _levels("meta · scale", names)
    for entry in names:
        _text(f"meta · scale · {entry['value']} · name", entry.get("name"))
    _mapping("meta · frameworks", meta.get("frameworks"))


def _check_components(rows: Any) -> set[str]:
    for place, row in _rows("components", rows):
        _text(f"{place} · name", row.get("name"))
        _number(f"{place} · order", row.get("order"))
        _origin(place, row)
    _unique("components", rows, "order")
    return {row["code"] for row in rows}


def _check_attributes(rows: Any, components: Collection[str]) -> set[str]:
    for place, row in _rows("attributes", rows):
        _text(f"{place} · name", row.get("name"))
        _text(f"{place} · definition", row.get("definition"))
        _number(f"{place} · order", row.get("order"))
        _known(f"{place} · component", [row.get("component")], components)
        _origin(place, row)
    _unique("attributes", rows, "order")
    return {row["code"] for row in rows}


def _check_categories(rows: Any) -> set[str]:
    for place, row in _rows("complaint_categories", rows):
        _text(f"{place} · name", row.get("name"))
        _require(bool(row.get("route")), f"{place} · route", _("it is missing"))
        _boolean(f"{place} · counts_as_service_quality", row.get("counts_as_service_quality"))
    return {row["code"] for row in rows}


def _check_standards(
    data: dict[str, Any], components: Collection[str], attributes: Collection[str], categories: Collection[str]
) -> None:
    frameworks = data["meta"]["frameworks"]
    for place, row in _rows("standards", data["standards"]):
        for name in ("name", "statement", "rationale"):
            _text(f"{place} · {name}", row.get(name))
        _number(f"{place} · number", row.get("number"))
        _known(f"{place} · component", [row.get("component")], components)
        _list(f"{place} · attributes", row.get("attributes"), at_least=1)
        # An attribute may belong to another component than the standard's: the source does so.
        _known(f"{place} · attributes", row["attributes"], attributes)
        _known(f"{place} · channel", [row.get("channel")], CHANNELS)
        _known(f"{place} · transparency", [row.get("transparency")], Transparency.values)
        _boolean(f"{place} · critical", row.get("critical"))
        weight = row.get("weight")
        _require(
            isinstance(weight, int | float) and not isinstance(weight, bool) and 0 < weight < 1000,
            f"{place} · weight",
            _("a number above zero is expected"),
        )
        _levels(place, row.get("levels"))
        for level in row["levels"]:
            _text(f"{place} · levels · {level['value']}", level.get("descriptor"))
        _list(f"{place} · evidence", row.get("evidence"), at_least=1)
        for position, item in enumerate(row["evidence"]):
            _text(f"{place} · evidence[{position}]", item)
        _text(f"{place} · indicator", row.get("indicator"))
        for name in ("indicator_keys", "survey_items", "complaint_categories", "frameworks"):
            _list(f"{place} · {name}", row.get(name))
        _known(f"{place} · complaint_categories", row["complaint_categories"], categories)
        _known(f"{place} · frameworks", [str(name).split(" ")[0] for name in row["frameworks"]], frameworks)
        _mapping(f"{place} · source", row.get("source"))
        _origin(place, row)
    _unique("standards", data["standards"], "number")


def _check_counts(data: dict[str, Any]) -> None:
    counts = data["meta"].get("counts")
    _mapping("meta · counts", counts)
    found = {name: len(data[name]) for name in ("components", "attributes", "standards")}
    found["transparency"] = sum(row["transparency"] != Transparency.NONE for row in data["standards"])
    for name, number in found.items():
        _require(
            counts.get(name) == number,
            f"meta · counts · {name}",
            _("it says %(said)s, and the file has %(found)s") % {"said": counts.get(name), "found": number},
        )


def _rows(section: str, rows: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row with its place; every row has a code of its own."""
    _list(section, rows, at_least=1)
    for position, row in enumerate(rows):
        place = f"{section}[{position}]"
        _mapping(place, row)
        code = row.get("code")
        _require(
            isinstance(code, str) and 0 < len(code) <= 4,
            f"{place} · code",
            _("a code of at most 4 characters is expected"),
        )
        yield f"{place} {code}", row
    _unique(section, rows, "code")


def _levels(place: str, levels: Any) -> None:
    whole = isinstance(levels, list) and all(isinstance(level, Mapping) for level in levels)
    _require(
        whole and [level.get("value") for level in levels] == list(SCALE),
        f"{place} · levels",
        _("the levels 0, 1, 2 and 3 are expected, in that order"),
    )


def _text(place: str, value: Any) -> None:
    _mapping(place, value)
    for language in LANGUAGES:
        text = value.get(language)
        _require(
            isinstance(text, str) and bool(text.strip()),
            place,
            _("the text in “%(language)s” is missing") % {"language": language},
        )


def _origin(place: str, row: Mapping[str, Any]) -> None:
    _known(f"{place} · source", [origin_of(row.get("source", ""))], Origin.values)


def _known(place: str, values: Collection[Any], known: Collection[str]) -> None:
    for value in values:
        _require(value in known, place, _("“%(value)s” is not known") % {"value": value})


def _unique(section: str, rows: list[dict[str, Any]], name: str) -> None:
    seen: set[Any] = set()
    for row in rows:
        value = row.get(name)
        _require(value not in seen, f"{section} · {name}", _("“%(value)s” is used twice") % {"value": value})
        seen.add(value)


def _typed(check: Callable[[Any], bool], place: str, value: Any, reason: str) -> None:
    _require(check(value), place, _("it is missing") if value is None else reason)


def _mapping(place: str, value: Any) -> None:
    _typed(lambda found: isinstance(found, Mapping), place, value, _("a mapping is expected"))


def _list(place: str, value: Any, at_least: int = 0) -> None:
    _typed(lambda found: isinstance(found, list), place, value, _("a list is expected"))
    _require(len(value) >= at_least, place, _("the list is empty"))


def _number(place: str, value: Any) -> None:
    _typed(lambda found: type(found) is int and found > 0, place, value, _("a whole number above zero is expected"))


def _boolean(place: str, value: Any) -> None:
    _typed(lambda found: isinstance(found, bool), place, value, _("“true” or “false” is expected"))


def _require(condition: bool, place: str, reason: str) -> None:
    if not condition:
        raise CatalogueRefused(place, reason)
