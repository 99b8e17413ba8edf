"""What this module holds about people: declared to ``people.privacy``."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.foundation.documents import registry
from portal.foundation.documents.models import Document
from portal.foundation.people import privacy
from portal.foundation.people.holdings import PUBLIC_TASK
from portal.foundation.people.privacy import PersonalData, Subject


def declare() -> None:
    privacy.register(REPORTS)


def _asked_by(subject: Subject) -> QuerySet[Document]:
    rows = Document.objects.defer("data").select_related("territory").order_by("-created_at", "pk")
    return rows.filter(created_by=subject.user) if subject.user else rows.none()


def _title(document: Document) -> str:
    kind = registry.get(document.kind)
    return str(kind.title) if kind else document.name


REPORTS = PersonalData(
    key="documents.reports",
    label=_("Reports that you asked for"),
    purpose=_("To give the same report again, and to know who took a copy."),
    basis=PUBLIC_TASK,
    kept=_("As long as the report."),
    of_person=_asked_by,
    fields={"at": _("When"), "report": _("Report"), "place": _("Place")},
    export=lambda row: {
        "at": row.created_at,
        "report": _title(row),
        "place": row.territory.name if row.territory else "",
    },
    kept_because=_("The reports belong to the place. Without the account nobody reads who asked."),
    order=61,
)
