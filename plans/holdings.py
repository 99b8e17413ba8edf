"""What this module holds about people, and for how long: declared to ``people.privacy``."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from plans.domain import comments
from plans.models import Action, PlanSignature
from portal.foundation.people import privacy
from portal.foundation.people.holdings import PROPORTION, PUBLIC_TASK
from portal.foundation.people.privacy import PersonalData, Retention, Subject

KEPT_BECAUSE = _("A plan is a public act: it has to say who answers for it. Without the account it names nobody.")


def declare() -> None:
    privacy.register(LINES)
    privacy.register(SIGNATURES)
    privacy.register_retention(NAMES)


def _lines_of(subject: Subject) -> QuerySet[Action]:
    lines = Action.objects.select_related("plan__municipality", "plan__cycle").order_by("-plan__cycle__year", "pk")
    user = subject.user
    return lines.filter(Q(owner=user) | Q(stand_in=user)) if user else lines.none()


def _signatures_of(subject: Subject) -> QuerySet[PlanSignature]:
    signatures = PlanSignature.objects.select_related("plan__municipality", "plan__cycle").order_by("-signed_at", "pk")
    return signatures.filter(signed_by=subject.user) if subject.user else signatures.none()


LINES = PersonalData(
    key="plans.lines",
    label=_("Lines of plans in your charge"),
    purpose=_("To know who carries out what was promised."),
    basis=PUBLIC_TASK,
    kept=_("As long as the plan."),
    of_person=_lines_of,
    fields={"place": _("Place"), "year": _("Year"), "line": _("Line"), "from": _("Starts on"), "to": _("Ends on")},
    export=lambda row: {
        "place": row.plan.municipality.name,
        "year": str(row.plan.cycle.year),
        "line": row.title,
        "from": row.starts_on,
        "to": row.ends_on,
    },
    kept_because=KEPT_BECAUSE,
    order=70,
)

SIGNATURES = PersonalData(
    key="plans.signatures",
    label=_("Plans that you signed"),
    purpose=_("To show who validated a plan, and what exactly."),
    basis=PUBLIC_TASK,
    kept=_("As long as the plan."),
    of_person=_signatures_of,
    fields={"at": _("When"), "place": _("Place"), "year": _("Year"), "as": _("As"), "digest": _("Digest")},
    export=lambda row: {
        "at": row.signed_at,
        "place": row.plan.municipality.name,
        "year": str(row.plan.cycle.year),
        "as": row.get_role_display(),
        "digest": row.content_hash,
    },
    kept_because=KEPT_BECAUSE,
    order=71,
)

NAMES = Retention(
    key="plans.comment_names",
    label=_("Names of those who commented on a draft"),
    term=_("Two years after the comment"),
    basis=PROPORTION,
    due=lambda at: comments.old_names(at).count(),
    apply=comments.forget_names,
    order=60,
)
