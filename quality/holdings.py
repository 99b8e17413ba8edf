"""What this module holds about people: declared to ``people.privacy``."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.foundation.people import privacy
from portal.foundation.people.holdings import PUBLIC_TASK
from portal.foundation.people.privacy import PersonalData, Subject
from quality.models import Answer


def declare() -> None:
    privacy.register(ANSWERS)


def _answers_of(subject: Subject) -> QuerySet[Answer]:
    answers = Answer.objects.select_related("assessment__municipality", "assessment__cycle", "standard")
    answers = answers.order_by("-answered_at", "pk")
    return answers.filter(answered_by=subject.user) if subject.user else answers.none()


ANSWERS = PersonalData(
    key="quality.answers",
    label=_("Standards that you answered"),
    purpose=_("To know who says where a place stands."),
    basis=PUBLIC_TASK,
    kept=_("As long as the self-diagnosis."),
    of_person=_answers_of,
    fields={"at": _("When"), "place": _("Place"), "year": _("Year"), "standard": _("Standard"), "notes": _("Notes")},
    export=lambda row: {
        "at": row.answered_at,
        "place": row.assessment.municipality.name,
        "year": str(row.assessment.cycle.year),
        "standard": row.standard.code,
        "notes": row.notes,
    },
    kept_because=_("They are the municipality's answers. Without the account nobody reads who wrote them."),
    order=69,
)
