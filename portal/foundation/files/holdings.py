"""What this module holds about people: declared to ``people.privacy``."""

from __future__ import annotations

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from portal.foundation.files.models import StoredFile
from portal.foundation.people import privacy
from portal.foundation.people.holdings import PUBLIC_TASK
from portal.foundation.people.privacy import PersonalData, Subject


def declare() -> None:
    privacy.register(UPLOADS)


def _uploaded_by(subject: Subject) -> QuerySet[StoredFile]:
    rows = StoredFile.objects.select_related("territory").order_by("-uploaded_at", "pk")
    return rows.filter(uploaded_by=subject.user) if subject.user else rows.none()


UPLOADS = PersonalData(
    key="files.uploads",
    label=_("Files that you uploaded"),
    purpose=_("To show what the work of a place rests on."),
    basis=PUBLIC_TASK,
    kept=_("As long as the work that they belong to."),
    of_person=_uploaded_by,
    fields={"at": _("When"), "name": _("Name"), "size": _("Size"), "place": _("Place")},
    export=lambda row: {
        "at": row.uploaded_at,
        "name": row.name,
        "size": filesizeformat(row.size).replace("\xa0", " "),
        "place": row.territory.name,
    },
    kept_because=_("They are papers of a municipality. Without the account nobody reads whose they were."),
    order=60,
)
