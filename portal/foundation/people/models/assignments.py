"""Who holds which role, where, from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.foundation.people.models.organizations import Organization, Unit
from portal.foundation.people.models.users import User
from portal.foundation.people.roles import ACCOUNT_VIEWER_ROLES, STAFF_ROLES, Role, suits
from portal.foundation.territories.models import Territory


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, on: date) -> RoleAssignmentQuerySet:
        return self.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on), starts_on__lte=on)

    def not_over(self, on: date) -> RoleAssignmentQuerySet:
        """In force on that day, or to begin later."""
        return self.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on))

    def own_right(self) -> RoleAssignmentQuerySet:
        """Without stand-ins."""
        return self.filter(stand_in_for=None)

    def staff_at_or_above(self, territory: Any) -> RoleAssignmentQuerySet:
        """The programme's staff of that place, or of a place that it lies in."""
        parts = territory.path.split("/")
        paths = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        return self.filter(role__in=STAFF_ROLES, territory__path__in=paths)

    def overlapping(self, starts_on: date, ends_on: date | None) -> RoleAssignmentQuerySet:
        """Assignments that share a day with the period; an open end is None."""
        late = self if ends_on is None else self.filter(starts_on__lte=ends_on)
        return late.not_over(starts_on)

    def visible_to(self, user: Any) -> RoleAssignmentQuerySet:
        if user.is_superuser or user.scope.has(Role.NATIONAL_TEAM):
            return self
        places = user.scope.territories("territory_id", "territory__path", ACCOUNT_VIEWER_ROLES)
        return self.filter(places | models.Q(user=user))


class RoleAssignment(models.Model):
    """A user holds a role at a place from one day to another, in his or her own right or standing in."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    stand_in_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["user", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="assignment_ends_after_start",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=models.Q(stand_in_for__isnull=True) | models.Q(ends_on__isnull=False),
                name="stand_in_is_dated",
                violation_error_message=_("A stand-in needs a last day."),
            ),
            models.CheckConstraint(
                condition=models.Q(stand_in_for__isnull=True) | ~models.Q(reason=""),
                name="stand_in_has_a_reason",
                violation_error_message=_("A stand-in needs a reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(stand_in_for__isnull=True) | ~models.Q(stand_in_for=models.F("user")),
                name="stand_in_is_another_person",
                violation_error_message=_("Nobody can stand in for himself or herself."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(STAFF_ROLES)) | models.Q(territory__isnull=False),
                name="staff_role_has_a_territory",
                violation_error_message=_("This role needs a territory."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.user, self.get_role_display(), self.territory) if part)

    def clean(self) -> None:
        if not suits(Role(self.role), self.territory):
            raise ValidationError(_("That role cannot be held at that territory."))

    def is_in_force(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
