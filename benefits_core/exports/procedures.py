"""A procedure as data (JSON and YAML, the same content), and municipalities' terms as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _

from benefits_core.models import MunicipalTerms, ProcedureVersion
from benefits_core.queries.content import as_file, file_content
from benefits_core.queries.terms import TermRow, term_rows
from portal.foundation.ui.translated import localized

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from pandas import DataFrame


class _Dumper(yaml.SafeDumper):
    """Writes a text out each time: readers take no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def procedure_json(version: ProcedureVersion) -> bytes:
    return as_file(version)


def procedure_yaml(version: ProcedureVersion) -> bytes:
    return yaml.dump(file_content(version), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110).encode()


def terms_frame(terms: QuerySet[MunicipalTerms]) -> DataFrame:
    """One row for each promised step: the municipality's term beside the national one; amounts as numbers."""
    import pandas as pd

    columns: dict[str, Callable[[TermRow], Any]] = {
        _("Procedure"): lambda row: localized(row.terms.procedure.name),
        _("Municipality"): lambda row: row.terms.territory.name,
        _("State"): lambda row: row.terms.get_state_display(),
        _("Starts on"): lambda row: row.terms.starts_on,
        _("Ends on"): lambda row: row.terms.ends_on,
        _("Step"): lambda row: localized(row.step.name) if row.step else row.term.step_key,
        _("Own term"): lambda row: row.term.amount,
        _("Unit"): lambda row: row.term.get_unit_display(),
        _("National term"): lambda row: row.step.term_amount if row.step else None,
        _("National unit"): lambda row: row.step.get_term_unit_display() if row.step else "",
    }
    rows = term_rows(terms)
    return pd.DataFrame({name: [value(row) for row in rows] for name, value in columns.items()}, dtype=object)
