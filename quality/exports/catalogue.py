"""The catalogue as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _

from portal.foundation.ui.translated import localized
from quality.models import CatalogueVersion
from quality.queries.catalogue import as_mapping, standards

if TYPE_CHECKING:
    from pandas import DataFrame


def catalogue_yaml(version: CatalogueVersion) -> bytes:
    """The edition as a file that ``load_catalogue`` reads again."""
    mapping = as_mapping(version)
    return yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False, width=110).encode()


def catalogue_frames(version: CatalogueVersion) -> dict[str, DataFrame]:
    """Sheet name → frame, in the active language; the first sheet says how far the texts can be trusted."""
    import pandas as pd

    rows = [_standard_row(standard) for standard in standards(version)]
    about = [
        (_("Title"), localized(version.title)),
        (_("Version"), version.version),
        (_("Date"), version.published_on.isoformat()),
        (_("Status"), localized(version.status)),
    ]
    components = [(row.code, localized(row.name), row.get_origin_display()) for row in version.components.all()]
    attributes = [
        (row.code, row.component.code, localized(row.name), localized(row.definition), row.get_origin_display())
        for row in version.attributes.select_related("component")
    ]
    return {
        _("About"): pd.DataFrame(about, columns=[_("Field"), _("Text")]),
        _("Standards"): pd.DataFrame(rows),
        _("Components"): pd.DataFrame(components, columns=[_("Code"), _("Name"), _("Origin of the text")]),
        _("Attributes"): pd.DataFrame(
            attributes, columns=[_("Code"), _("Component"), _("Name"), _("Definition"), _("Origin of the text")]
        ),
    }


def _standard_row(standard: Any) -> dict[str, Any]:
    levels = {
        _("Level %(level)s") % {"level": level["value"]}: localized(level["descriptor"]) for level in standard.levels
    }
    return {
        _("Code"): standard.code,
        _("Component"): standard.component.code,
        _("Attributes"): ", ".join(attribute.code for attribute in standard.attributes.all()),
        _("Name"): localized(standard.name),
        _("Standard"): localized(standard.statement),
        _("Why it matters"): localized(standard.rationale),
        _("Transparency"): standard.get_transparency_display(),
        _("Critical"): _("Yes") if standard.critical else _("No"),
        **levels,
        _("Evidence"): "; ".join(localized(item) for item in standard.evidence),
        _("Origin of the text"): standard.get_origin_display(),
    }
