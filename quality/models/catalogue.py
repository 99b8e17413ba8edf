"""The catalogue: components, attributes and standards as versioned data."""

from __future__ import annotations

from django.db import models

from portal.foundation.ui.translated import localized
from quality.enums import Origin, Transparency


class CatalogueVersion(models.Model):
    """One edition of the catalogue. Immutable once loaded: a change is another version.

    ``meta`` is the source file's ``meta`` mapping (status, scale, counts, frameworks), and
    ``digest`` the SHA-256 of the whole file, so that a gap can say which text it was judged by.
    """

    version = models.CharField(max_length=20, unique=True)
    title = models.JSONField()
    status = models.JSONField()
    published_on = models.DateField()
    meta = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_on", "-id"]

    def __str__(self) -> str:
        return self.version


class Component(models.Model):
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="components")
    code = models.CharField(max_length=4)
    order = models.PositiveSmallIntegerField()
    name = models.JSONField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.CharField(max_length=200, blank=True)
    frameworks = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_component_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {localized(self.name)}"


class Attribute(models.Model):
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="attributes")
    component = models.ForeignKey(Component, models.PROTECT, related_name="attributes")
    code = models.CharField(max_length=4)
    order = models.PositiveSmallIntegerField()
    name = models.JSONField()
    definition = models.JSONField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_attribute_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {localized(self.name)}"


class Standard(models.Model):
    """What a good service does, with a descriptor for each level of the scale.

    ``levels`` is a list of ``{"value": 0-3, "descriptor": {es, en}}`` in order;
    ``evidence`` a list of ``{es, en}``; ``source`` the mapping of the source file.
    """

    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="standards")
    component = models.ForeignKey(Component, models.PROTECT, related_name="standards")
    attributes = models.ManyToManyField(Attribute, related_name="standards")
    code = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField()
    name = models.JSONField()
    statement = models.JSONField()
    rationale = models.JSONField()
    channel = models.CharField(max_length=12)
    transparency = models.CharField(max_length=10, choices=Transparency.choices)
    critical = models.BooleanField()
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    levels = models.JSONField()
    evidence = models.JSONField(default=list)
    indicator = models.JSONField(default=dict)
    indicator_keys = models.JSONField(default=list)
    survey_items = models.JSONField(default=list)
    complaint_categories = models.JSONField(default=list)
    frameworks = models.JSONField(default=list)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_standard_per_code"),
            models.UniqueConstraint(fields=["version", "number"], name="one_standard_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {localized(self.name)}"


class ComplaintCategory(models.Model):
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="complaint_categories")
    code = models.CharField(max_length=4)
    name = models.JSONField()
    route = models.CharField(max_length=40)
    counts_as_service_quality = models.BooleanField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "complaint categories"
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_category_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {localized(self.name)}"
