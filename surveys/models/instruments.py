"""Questionnaires as they were published: what was asked can always be read again."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import GuardedModel
from surveys.enums import Audience, InstrumentState
from surveys.questionnaire.model import Questionnaire
from surveys.questionnaire.reading import read


class Instrument(GuardedModel):
    """One version of a questionnaire for one audience.

    ``content`` is what :func:`surveys.questionnaire.reading.written` gives. A published version never
    changes: another wording is another version.
    """

    audience = models.CharField(_("who is asked"), max_length=8, choices=Audience.choices)
    version = models.CharField(_("version"), max_length=20)
    state = models.CharField(max_length=9, choices=InstrumentState.choices, default=InstrumentState.DRAFT)
    content = models.JSONField()
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["audience", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "version"], name="one_instrument_of_a_version"),
            models.CheckConstraint(
                condition=models.Q(state=InstrumentState.DRAFT, published_at__isnull=True)
                | models.Q(state=InstrumentState.PUBLISHED, published_at__isnull=False),
                name="published_instrument_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        title = self.questionnaire.title
        words = title.en if get_language() == "en" and title.en else title.es
        return f"{words} · {self.version}"

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return read(self.content)

    @property
    def is_frozen(self) -> bool:
        return self.state == InstrumentState.PUBLISHED

    def get_absolute_url(self) -> str:
        return reverse("surveys:instrument", args=[self.pk])
