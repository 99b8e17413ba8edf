"""Bodies that people act for, and their parts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory


class Organization(models.Model):
    """A body that people act for: municipality, ministry, neighborhood organization, provider, university."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        MINISTRY = "ministry", _("Ministry")
        NEIGHBORHOOD = "neighborhood", _("Neighborhood organization")
        PROVIDER = "provider", _("Service provider")
        UNIVERSITY = "university", _("University")
        OTHER = "other", _("Other")

    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="organizations")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["territory", "name"], name="one_organization_per_name")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an organization, such as the unit in charge of the household registry."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="units")
    name = models.CharField(max_length=150)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
