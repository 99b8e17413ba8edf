"""Loading the catalogue: the shipped file, the same again, and every kind of broken file."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

import quality
from portal.foundation.audit.models import AuditEvent
from quality.domain.catalogue import load_catalogue
from quality.domain.catalogue_file import CatalogueRefused
from quality.models import Attribute, CatalogueVersion, ComplaintCategory, Component, Standard
from quality.queries.catalogue import as_mapping

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHIPPED = Path(quality.__file__).parent / "data" / "catalogue-cl-rsh-0.1.0.yaml"
CONTENT = SHIPPED.read_bytes()
DATA = yaml.safe_load(CONTENT)

pytestmark = pytest.mark.django_db


def load(data: Any) -> CatalogueVersion:
    return load_catalogue(content=yaml.safe_dump(data, allow_unicode=True).encode(), by=None, at=AT)


def test_the_shipped_file_is_stored_whole() -> None:
    version = load_catalogue(content=CONTENT, by=None, at=AT)

    counts = [model.objects.count() for model in (Component, Attribute, Standard, ComplaintCategory)]
    assert counts == [5, 20, 31, 16]
    assert Standard.objects.exclude(transparency="none").count() == 9
    assert list(Standard.objects.filter(origin="quoted").values_list("code", flat=True)) == ["E28", "E29"]
    assert version.version == "0.1.0"
    expected = copy.deepcopy(DATA)
    for row in expected["standards"]:
        row["attributes"].sort()
    assert as_mapping(version) == expected


def test_loading_is_audited_once() -> None:
    version = load_catalogue(content=CONTENT, by=None, at=AT)
    again = load_catalogue(content=CONTENT, by=None, at=AT)

    assert again == version
    events = list(AuditEvent.objects.filter(verb="quality.load_catalogue").values_list("object_id", "detail__version"))
    assert events == [(str(version.pk), "0.1.0")]


def test_a_changed_text_needs_a_new_version() -> None:
    load_catalogue(content=CONTENT, by=None, at=AT)
    changed = copy.deepcopy(DATA)
    changed["standards"][0]["statement"]["es"] = "Otra cosa."

    with pytest.raises(CatalogueRefused) as refused:
        load(changed)
    assert refused.value.place == "meta · version"

    changed["meta"]["version"] = "0.2.0"
    assert load(changed).version == "0.2.0"
    assert Standard.objects.count() == 62


def _edit(path: list[Any], value: Any) -> Any:
    """A copy of the shipped data with the entry at ``path`` replaced, or removed when value is ``...``."""
    data = copy.deepcopy(DATA)
    target: Any = data
    for step in path[:-1]:
        target = target[step]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["standards"], ..., "archivo"),
        (["standards", 0], ..., "meta · counts · standards"),
        (["meta", "counts", "transparency"], 8, "meta · counts · transparency"),
        (["meta", "date"], "ayer", "meta · date"),
        (["meta", "version"], "", "meta · version"),
        (["meta", "scale", "met_at"], 7, "meta · scale"),
        (["standards", 3, "code"], "E01", "standards · code"),
        (["standards", 3, "number"], 1, "standards · number"),
        (["standards", 3, "component"], "C9", "standards[3] E04 · component"),
        (["standards", 3, "attributes"], ["A99"], "standards[3] E04 · attributes"),
        (["standards", 3, "attributes"], [], "standards[3] E04 · attributes"),
        (["standards", 3, "levels", 2], ..., "standards[3] E04 · levels"),
        (["standards", 3, "levels", 2, "descriptor", "en"], " ", "standards[3] E04 · levels · 2"),
        (["standards", 3, "name", "es"], ..., "standards[3] E04 · name"),
        (["standards", 3, "critical"], "sí", "standards[3] E04 · critical"),
        (["standards", 3, "weight"], 0, "standards[3] E04 · weight"),
        (["standards", 3, "transparency"], "maybe", "standards[3] E04 · transparency"),
        (["standards", 3, "complaint_categories"], ["R99"], "standards[3] E04 · complaint_categories"),
        (["standards", 3, "source"], {"kind": "guessed"}, "standards[3] E04 · source"),
        (["attributes", 0, "component"], "C9", "attributes[0] A01 · component"),
        (["components", 0, "name"], "Organización", "components[0] C1 · name"),
        (["complaint_categories", 0, "counts_as_service_quality"], None, None),
    ],
)
def test_a_broken_file_is_refused_by_place_and_stores_nothing(path: list[Any], value: Any, place: str | None) -> None:
    with pytest.raises(CatalogueRefused) as refused:
        load(_edit(path, value))

    assert refused.value.place == (place or "complaint_categories[0] R01 · counts_as_service_quality")
    assert refused.value.reason
    assert CatalogueVersion.objects.count() == 0


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"{", b"- a list", b"", b"meta: 1\nmeta: 2\n", b"!!python/object:os {}"]
)
def test_what_is_no_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(CatalogueRefused):
        load_catalogue(content=content, by=None, at=AT)


def test_the_command_loads_the_shipped_file_and_says_what_is_wrong_with_another(tmp_path: Path) -> None:
    call_command("load_catalogue", verbosity=0)
    assert CatalogueVersion.objects.get().version == "0.1.0"

    broken = tmp_path / "broken.yaml"
    broken.write_text(yaml.safe_dump(_edit(["standards", 3, "levels"], [])))
    with pytest.raises(CommandError, match=r"standards\[3\] E04 · levels"):
        call_command("load_catalogue", str(broken))
    with pytest.raises(CommandError):
        call_command("load_catalogue", str(tmp_path / "missing.yaml"))
