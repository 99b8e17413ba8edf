"""Reads of signatures: which stand, which are still missing, and who may give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.enums import SignatureRole, Standing
from plans.models import ImprovementPlan, PlanAuthor, PlanSignature
from plans.queries.people import SIGNATURE_ROLES, SigningGround, signing_grounds
from portal.foundation.people.models import RoleAssignment, User


def standing_signatures(plan: ImprovementPlan) -> QuerySet[PlanSignature]:
    """The signatures that stand, in order, with who gave them."""
    return plan.signatures.filter(revoked_at__isnull=True).select_related("signed_by")


def signed_already(plan: ImprovementPlan) -> str:
    """That the plan needs no signature any more: by whom, as what, when; "" where it does, or never did."""
    if plan.in_force_at is None:
        return ""
    given = [
        _("%(person)s (%(role)s), on %(day)s")
        % {
            "person": signature.signed_by,
            "role": signature.get_role_display(),
            "day": date_format(timezone.localtime(signature.signed_at, plan.municipality.zone), "DATETIME_FORMAT"),
        }
        for signature in standing_signatures(plan)
    ]
    return _("The plan has both signatures already: %(given)s.") % {"given": "; ".join(given)}


@dataclass(frozen=True)
class Waiting:
    """A signature that is missing: who of the municipality can give it, or else whether the region does."""

    role: SignatureRole
    candidates: list[User]
    by_region: bool


@dataclass(frozen=True)
class Signing:
    """Where the validation of one plan stands on a day.

    A team is too small for a signature where nobody of it can give it: no holder of the role, a dated
    stand-in included, who is neither the plan's only author nor has given the other signature. There,
    and only there, the regional team signs; one of the two signatures at most.
    """

    authors: frozenset[int]
    signatures: list[PlanSignature]
    holders: dict[SignatureRole, list[User]]

    def is_only_author(self, user: Any) -> bool:
        return self.authors == {user.pk}

    def candidates(self, role: SignatureRole) -> list[User]:
        """Who of the municipality can give the signature now; nobody once it is given."""
        if any(signature.role == role for signature in self.signatures):
            return []
        signed = {signature.signed_by_id for signature in self.signatures}
        able = (user for user in self.holders[role] if user.pk not in signed and not self.is_only_author(user))
        return list(dict.fromkeys(able))

    @property
    def waiting(self) -> list[Waiting]:
        """The signatures that are missing, in order."""
        given = {signature.role for signature in self.signatures}
        region_signed = any(signature.standing == Standing.REGIONAL for signature in self.signatures)
        found: list[Waiting] = []
        for role in SignatureRole:
            if role not in given:
                candidates = self.candidates(role)
                found.append(Waiting(role, candidates, by_region=not candidates and not region_signed))
        return found

    def refusal(self, user: Any, ground: SigningGround) -> str:
        """Why ``user`` cannot sign on that ground, in words for him or her; "" where he or she can."""
        if self.is_only_author(user):
            return _("You are the plan's only author, so another person has to validate it.")
        for signature in self.signatures:
            if signature.signed_by_id == user.pk:
                return _("You have signed this plan. The other signature has to be another person's.")
            if signature.role == ground.role:
                return _("This signature has been given already.")
            if signature.standing == ground.standing == Standing.REGIONAL:
                return _("The regional team gives one of the two signatures, not both.")
        if ground.standing == Standing.REGIONAL and (able := self.candidates(ground.role)):
            return _("The region signs only where nobody of the municipality can. Here %(people)s can sign.") % {
                "people": ", ".join(str(person) for person in able)
            }
        return ""


def signing_of(plan: ImprovementPlan, on: date) -> Signing:
    return signings([plan], on)[plan.pk]


def signing_refusal(user: Any, plan: ImprovementPlan, on: date) -> str:
    """Why ``user``, who may sign plans there, can give no signature of this one now; "" where he or she can."""
    validation = signing_of(plan, on)
    refusals = [validation.refusal(user, ground) for ground in signing_grounds(user, plan.municipality, on)]
    if not refusals:
        return _("You do not hold this role in this municipality.")
    return "" if "" in refusals else refusals[0]


def signings(plans: Iterable[ImprovementPlan], on: date) -> dict[int, Signing]:
    """Plan id → where its validation stands on that day; three queries, however many plans."""
    plans = list(plans)
    authors: dict[int, set[int]] = defaultdict(set)
    for plan_id, user_id in PlanAuthor.objects.filter(plan__in=plans).values_list("plan_id", "user_id"):
        authors[plan_id].add(user_id)
    signatures: dict[int, list[PlanSignature]] = defaultdict(list)
    for signature in PlanSignature.objects.filter(plan__in=plans, revoked_at__isnull=True).order_by("signed_at"):
        signatures[signature.plan_id].append(signature)
    holders: dict[tuple[int, str], list[User]] = defaultdict(list)
    held = RoleAssignment.objects.in_force(on).filter(
        territory__in={plan.municipality_id for plan in plans},
        role__in=SIGNATURE_ROLES.values(),
        user__is_active=True,
    )
    for assignment in held.select_related("user").order_by("id"):
        holders[assignment.territory_id, assignment.role].append(assignment.user)  # type: ignore[index]
    return {
        plan.pk: Signing(
            frozenset(authors[plan.pk]),
            signatures[plan.pk],
            {signature_role: holders[plan.municipality_id, role] for signature_role, role in SIGNATURE_ROLES.items()},
        )
        for plan in plans
    }
