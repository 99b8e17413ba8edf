"""What leaves the public page as open data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.pages.queries.municipalities import QUERY_VERSION, PublicProfile
from quality.models import LevelRecord

if TYPE_CHECKING:
    import pandas as pd

OPEN_DATA_COLUMNS = (
    "municipality_code",
    "municipality",
    "year",
    "catalogue_version",
    "standard",
    "standard_name",
    "self_assessed_level",
    "verified_level",
    "first_self_assessed_level",
    "first_verified_level",
    "met_at",
    "dated_on",
    "self_assessed_source",
    "verified_source",
    "first_self_assessed_source",
    "first_verified_source",
    "query_version",
    "demonstration",
)


def open_data(municipality: Any, profile: PublicProfile) -> pd.DataFrame:
    """One row per standard of the year shown; empty cells where there is no level.

    :param municipality: the municipality (a Territory).
    """
    import pandas as pd

    rows = [
        (
            municipality.code,
            municipality.name,
            profile.cycle.year if profile.cycle else None,
            profile.catalogue.version if profile.catalogue else "",
            row.code,
            row.name,
            *(record.level if record else None for record in row.records),
            row.met_at,
            row.dated_on,
            *(_source(record) for record in row.records),
            QUERY_VERSION,
            bool(profile.cycle and profile.cycle.is_demo),
        )
        for row in profile.rows
    ]
    frame = pd.DataFrame(rows, columns=list(OPEN_DATA_COLUMNS))
    return frame.astype({name: "Int64" for name in OPEN_DATA_COLUMNS if name.endswith("_level")})


def _source(record: LevelRecord | None) -> str:
    """The row that a level comes from and its day, such as ``quality.assessment:12 2026-04-03``; "" for none."""
    return f"{record.source_type}:{record.source_id} {record.dated_on}" if record else ""
