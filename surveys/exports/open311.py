"""Open data that applications need to send a complaint."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from portal.foundation.reporting.spreadsheets import csv_response
from portal.foundation.territories.models import ServicePoint
from portal.foundation.ui.context import is_demo


def service_points_csv() -> StreamingHttpResponse:
    """One row for each active service point; the header names the fields as Open311 does."""
    import pandas as pd

    points = ServicePoint.objects.filter(is_active=True).select_related("territory").order_by("territory__code", "name")
    rows = [
        {
            "jurisdiction_id": point.territory.slug,
            "address_id": point.pk,
            _("Municipality"): point.territory.name,
            _("Place"): point.name,
            _("Kind"): point.get_kind_display(),
            _("Address"): point.address,
        }
        for point in points
    ]
    frame = pd.DataFrame(rows, columns=None if rows else ["jurisdiction_id", "address_id"])
    return csv_response(f"{_('service-points')}.csv", frame, is_demo=is_demo())
