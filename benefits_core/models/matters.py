"""What people come for: national matters, and a municipality's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import Channel
from benefits_core.models.procedures import Procedure
from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized


class MatterQuerySet(models.QuerySet["Matter"]):
    def of_chain(self, territory: Territory) -> MatterQuerySet:
        """Those of ``territory`` and of the places that it lies in, in the order of the forms."""
        return self.filter(territory__path__in=territory.chain()).order_by("position", "pk")

    def offered_in(self, territory: Territory) -> MatterQuerySet:
        """What a clerk of ``territory`` may choose: the retired and the hidden are left out."""
        hidden = HiddenMatter.objects.filter(territory=territory).values("matter")
        return self.of_chain(territory).filter(is_active=True).exclude(pk__in=hidden)

    def first_of(self, kind: Any) -> MatterQuerySet:
        """Those that the queue's ``kind`` stands for, and then the others; each in the order of the forms."""
        own = models.Exists(kind.matters.through.objects.filter(queuekind=kind, matter=models.OuterRef("pk")))
        return self.annotate(is_of_kind=own).order_by("-is_of_kind", "position", "pk")


class Matter(models.Model):
    """A reason to come, short enough for one line of a form.

    ``territory`` is the country for what every municipality is offered. ``procedure`` is what an
    attention about it belongs to, where there is one. ``name`` is {"es", "en"}.
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="matters")
    key = models.SlugField(max_length=60)
    name = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True, blank=True, related_name="matters")
    is_active = models.BooleanField(default=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "key"],
                name="one_matter_per_key",
                violation_error_message=_("There is a matter of that name already."),
            )
        ]

    def __str__(self) -> str:
        return localized(self.name)


class HiddenMatter(models.Model):
    """A matter of a place above that a municipality does not want in its forms."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="hidden_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "matter"], name="hidden_once")]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.matter_id}"


class WaitPromise(models.Model):
    """The longest wait that a place promises in a channel, from the first day of a month on.

    The newest that has begun counts; a municipality's own comes before the country's. Whole months,
    so that the months of the register are judged by one promise each.
    """

    # Every choice is a whole number of minutes that a person can read on the wall.
    MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120)

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="wait_promises")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    minutes = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["territory", "channel", "-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "channel", "starts_on"],
                name="one_promise_per_month",
                violation_error_message=_("There is a promise for that month already."),
            ),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="promise_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.channel} {self.minutes}"
