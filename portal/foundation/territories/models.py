"""Places: what every row of the product belongs to."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.names import fold


class TerritoryLevel(models.TextChoices):
    COUNTRY = "country", _("Country")
    REGION = "region", _("Region")
    PROVINCE = "province", _("Province")
    COMMUNE = "commune", _("Commune")


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def regions(self) -> TerritoryQuerySet:
        return self.filter(level=TerritoryLevel.REGION)

    def municipalities(self) -> TerritoryQuerySet:
        """Communes that have a municipality of their own."""
        return self.filter(level=TerritoryLevel.COMMUNE, has_municipality=True)

    def within(self, territory: Territory) -> TerritoryQuerySet:
        """The territory itself and everything below it."""
        return self.filter(models.Q(pk=territory.pk) | models.Q(path__startswith=f"{territory.path}/"))

    def visible_to(self, user: Any) -> TerritoryQuerySet:
        """Territories in which the user holds a role today."""
        return self.filter(user.scope.territories("pk", "path"))


class Territory(models.Model):
    """A place of the official division. ``path`` is the codes from the country down, joined by «/».

    ``search_name`` is the folded name, which both databases compare alike.
    """

    code = models.CharField(max_length=12, unique=True)
    level = models.CharField(max_length=10, choices=TerritoryLevel.choices)
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120, db_index=True, blank=True, editable=False)
    slug = models.SlugField(max_length=140, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    region = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=60, db_index=True)
    iso_3166_2 = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=40, default="America/Santiago")
    has_municipality = models.BooleanField(default=False)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(has_municipality=False) | models.Q(level="commune"),
                name="only_communes_have_a_municipality",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this territory's clocks, windows and phases run."""
        return ZoneInfo(self.time_zone)

    def chain(self) -> list[str]:
        """The paths of the places that it lies in, from the country down to its own."""
        codes = self.path.split("/")
        return ["/".join(codes[: count + 1]) for count in range(len(codes))]


class TerritoryGroup(models.Model):
    """Municipalities that act together under a lead municipality (an association, an area)."""

    name = models.CharField(max_length=120, unique=True)
    lead = models.ForeignKey(Territory, models.PROTECT, related_name="led_groups")
    members = models.ManyToManyField(Territory, related_name="groups")

    def __str__(self) -> str:
        return self.name


class ServicePointQuerySet(models.QuerySet["ServicePoint"]):
    def open(self) -> ServicePointQuerySet:
        return self.filter(is_active=True)

    def visible_to(self, user: Any) -> ServicePointQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))


class ServicePoint(models.Model):
    """A place or channel where people are served. One that closed stays, for what happened there."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("Office")
        OUTREACH = "outreach", _("Outreach")
        VIRTUAL = "virtual", _("Virtual")
        TELEPHONE = "telephone", _("Telephone")

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="service_points")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OFFICE)
    address = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    objects = ServicePointQuerySet.as_manager()

    class Meta:
        ordering = ["territory", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "name"],
                name="one_service_point_per_name",
                violation_error_message=_("The municipality has a service point of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """From when to when a service point attends on one day of the week, in its territory's own time."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    service_point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["service_point", "weekday", "opens_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "weekday", "opens_at"],
                name="one_opening_per_time",
                violation_error_message=_("Two openings of that day begin at the same time."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="opening_ends_after_start",
                violation_error_message=_("The closing time must come after the opening time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}-{self.closes_at:%H:%M}"


class LocalHoliday(models.Model):
    """A non-working day that the national calendar does not know; applies to the territory and below."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="local_holidays")
    date = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["territory", "date"], name="one_holiday_per_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
