"""Persons who are served, what identifies them, and the households they form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.foundation.people.identifiers import decrypt
from portal.foundation.people.models.users import User
from portal.foundation.territories.models import Territory


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class Person(models.Model):
    """Somebody who is served. ``user`` is set only when a verified identity or a clerk joined them.

    Whoever is known by an identifier alone has no name yet.
    """

    given_names = models.CharField(max_length=120)
    family_names = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="person")
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Erased person %(number)s") % {"number": self.pk}
        return f"{self.given_names} {self.family_names}".strip() or gettext("Without a name")


class Scheme(models.TextChoices):
    """Who issued an identifier; each but OTHER is checked by python-stdnum."""

    CL_RUN = "cl_run", _("RUN (Chile)")
    ES_DNI = "es_dni", _("DNI (Spain)")
    ES_NIE = "es_nie", _("NIE (Spain)")
    IT_CF = "it_cf", _("Codice fiscale (Italy)")
    OTHER = "other", _("Other document")


class Identifier(models.Model):
    """A number that identifies a person: kept encrypted, found through a keyed hash (blind index)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme.choices)
    encrypted_value = models.TextField()
    blind_index = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "blind_index"],
                name="one_person_per_identifier",
                violation_error_message=_("Another person already has this identifier."),
            )
        ]

    def __str__(self) -> str:
        return self.get_scheme_display()

    @property
    def value(self) -> str:
        """The identifier in clear, for whoever has a reason to read it; the look is the caller's to record."""
        return decrypt(self.encrypted_value)


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: Any) -> HouseholdQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class Household(models.Model):
    """People who live together; who they are has dates, so that a past decision can be explained."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = HouseholdQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)

    def composition(self, on: date) -> models.QuerySet[HouseholdMember]:
        """The members on that day, with their persons."""
        return (
            self.members.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on), starts_on__lte=on)
            .select_related("person")
            .order_by("starts_on", "id")
        )


class HouseholdMember(models.Model):
    """A person belongs to a household from one day to another."""

    class Relation(models.TextChoices):
        HEAD = "head", _("Head of household")
        PARTNER = "partner", _("Partner")
        CHILD = "child", _("Child")
        PARENT = "parent", _("Father or mother")
        OTHER_RELATIVE = "other_relative", _("Other relative")
        NOT_RELATED = "not_related", _("Not related")

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=15, choices=Relation.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ends_on__isnull=True),
                name="one_household_at_a_time",
                violation_error_message=_("This person already belongs to a household."),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(ends_on__isnull=True, relation="head"),
                name="one_head_per_household",
                violation_error_message=_("This household already has a head."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.relation}"
