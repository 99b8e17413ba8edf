"""Reading the catalogue: its editions, its standards, and finding one among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.names import fold
from portal.foundation.ui.translated import localized
from quality.enums import Transparency
from quality.models import Attribute, CatalogueVersion, Component, Standard


def latest_version() -> CatalogueVersion | None:
    """The edition published last; None before the first is loaded."""
    return CatalogueVersion.objects.first()


def version_for(cycle: Cycle) -> CatalogueVersion | None:
    """The edition by which ``cycle`` is judged; None where it is not loaded."""
    return CatalogueVersion.objects.filter(version=cycle.catalogue_version).first()


def standards(version: CatalogueVersion | None) -> QuerySet[Standard]:
    """Its standards in order, each with its component and attributes (two queries)."""
    return (
        Standard.objects.filter(version=version)
        .select_related("component")
        .prefetch_related(Prefetch("attributes", Attribute.objects.order_by("order")))
        .order_by("number")
    )


def standard(version: CatalogueVersion | None, code: str) -> Standard | None:
    return standards(version).filter(code=code).first()


@dataclass(frozen=True)
class Search:
    """What a reader looks for; "" and False ask for nothing."""

    text: str = ""
    component: str = ""
    attribute: str = ""
    transparency: bool = False
    critical: bool = False
    origin: str = ""

    def finds(self, found: Standard) -> bool:
        return (
            self.component in ("", found.component.code)
            and (not self.attribute or self.attribute in {attribute.code for attribute in found.attributes.all()})
            and (not self.transparency or found.transparency != Transparency.NONE)
            and (not self.critical or found.critical)
            and self.origin in ("", found.origin)
            and all(word in _searchable(found) for word in fold(self.text).split())
        )


def search(version: CatalogueVersion | None, wanted: Search) -> list[tuple[Component, list[Standard]]]:
    """The standards found, grouped by component in order; components without any are left out.

    Text is compared word by word without accents or capitals, in the active language. The
    catalogue has tens of rows, so this needs no index that both databases would have to share.
    """
    groups: dict[int, tuple[Component, list[Standard]]] = {}
    for found in standards(version):
        if wanted.finds(found):
            groups.setdefault(found.component_id, (found.component, []))[1].append(found)
    return sorted(groups.values(), key=lambda group: group[0].order)


def _searchable(found: Standard) -> str:
    texts: Iterable[str] = (
        found.code,
        localized(found.name),
        localized(found.statement),
        *(localized(attribute.name) for attribute in found.attributes.all()),
    )
    return fold(" ".join(texts))


def as_mapping(version: CatalogueVersion) -> dict[str, Any]:
    """The whole edition as its file's mapping: what is exported, and what the audit protects."""
    return {
        "meta": version.meta,
        "components": [
            _named(row, "code", "order", "name", "source", "frameworks") for row in version.components.all()
        ],
        "attributes": [
            {**_named(row, "code", "order", "name", "definition", "source"), "component": row.component.code}
            for row in version.attributes.select_related("component")
        ],
        "standards": [_standard_mapping(row) for row in standards(version)],
        "complaint_categories": [
            _named(row, "code", "name", "route", "counts_as_service_quality", "source")
            for row in version.complaint_categories.all()
        ],
    }


def _standard_mapping(row: Standard) -> dict[str, Any]:
    return {
        **_named(row, "code", "number", "name", "statement", "rationale", "channel", "transparency", "critical"),
        "component": row.component.code,
        "attributes": [attribute.code for attribute in row.attributes.all()],
        "weight": float(row.weight),
        **_named(row, "levels", "evidence", "indicator", "indicator_keys", "survey_items", "complaint_categories"),
        **_named(row, "frameworks", "source"),
    }


def _named(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
