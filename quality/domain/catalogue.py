"""Loading an edition of the catalogue: once, whole, and never changed afterwards."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.foundation.audit import domain as audit
from quality.domain.catalogue_file import CatalogueRefused, origin_of, read_catalogue
from quality.models import Attribute, CatalogueVersion, ComplaintCategory, Component, Standard


@transaction.atomic
def load_catalogue(*, content: bytes, by: Any, at: datetime) -> CatalogueVersion:
    """Store the edition of a catalogue file (YAML, UTF-8).

    The same file again changes nothing. A text that changes is another version: a file with a
    known version and other content is refused.

    :raises CatalogueRefused: naming the place and the reason.
    """
    digest = hashlib.sha256(content).hexdigest()
    data = read_catalogue(content)
    meta = data["meta"]
    loaded = CatalogueVersion.objects.select_for_update().filter(version=meta["version"]).first()
    if loaded is not None:
        if loaded.digest != digest:
            raise CatalogueRefused(
                "meta · version",
                _("version %(version)s is loaded with another content; give the changed text a new version")
                % {"version": meta["version"]},
            )
        return loaded
    version = CatalogueVersion.objects.create(
        version=meta["version"],
        title=meta["title"],
        status=meta["status"],
        published_on=date.fromisoformat(str(meta["date"])),
        meta={**meta, "date": str(meta["date"])},
        digest=digest,
        loaded_at=at,
    )
    components = _store_components(version, data["components"])
    attributes = _store_attributes(version, data["attributes"], components)
    _store_standards(version, data["standards"], components, attributes)
    _store_categories(version, data["complaint_categories"])
    audit.record(
        verb="quality.load_catalogue",
        object=version,
        by=by,
        at=at,
        detail={"version": version.version, "file_sha256": digest, **meta["counts"]},
    )
    return version


def _store_components(version: CatalogueVersion, rows: list[dict[str, Any]]) -> dict[str, Component]:
    Component.objects.bulk_create(
        Component(
            version=version,
            code=row["code"],
            order=row["order"],
            name=row["name"],
            origin=origin_of(row["source"]),
            source=row["source"],
            frameworks=row.get("frameworks", []),
        )
        for row in rows
    )
    return {component.code: component for component in Component.objects.filter(version=version)}


def _store_attributes(
    version: CatalogueVersion, rows: list[dict[str, Any]], components: dict[str, Component]
) -> dict[str, Attribute]:
    Attribute.objects.bulk_create(
        Attribute(
            version=version,
            component=components[row["component"]],
            code=row["code"],
            order=row["order"],
            name=row["name"],
            definition=row["definition"],
            origin=origin_of(row["source"]),
            source=row["source"],
        )
        for row in rows
    )
    return {attribute.code: attribute for attribute in Attribute.objects.filter(version=version)}


def _store_standards(
    version: CatalogueVersion,
    rows: list[dict[str, Any]],
    components: dict[str, Component],
    attributes: dict[str, Attribute],
) -> None:
    same_name = (
        *("code", "number", "name", "statement", "rationale", "channel", "transparency", "critical", "levels"),
        *("evidence", "indicator", "indicator_keys", "survey_items", "complaint_categories", "frameworks", "source"),
    )
    Standard.objects.bulk_create(
        Standard(
            version=version,
            component=components[row["component"]],
            weight=Decimal(str(row["weight"])),
            origin=origin_of(row["source"]),
            **{name: row[name] for name in same_name},
        )
        for row in rows
    )
    ids = dict(Standard.objects.filter(version=version).values_list("code", "pk"))
    through = Standard.attributes.through
    through.objects.bulk_create(
        through(standard_id=ids[row["code"]], attribute_id=attributes[code].pk)
        for row in rows
        for code in row["attributes"]
    )


def _store_categories(version: CatalogueVersion, rows: list[dict[str, Any]]) -> None:
    ComplaintCategory.objects.bulk_create(
        ComplaintCategory(
            version=version,
            **{name: row[name] for name in ("code", "name", "route", "counts_as_service_quality")},
            source=row.get("source", ""),
        )
        for row in rows
    )
