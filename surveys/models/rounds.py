"""A round of the survey in one municipality: whom it asks, what it was answered by, and its frozen results."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.cycles.models import Cycle
from portal.foundation.territories.models import Territory
from surveys.enums import AnswerMode, Audience, RoundState, SurveyChannel
from surveys.models.instruments import Instrument
from surveys.questionnaire.model import Questionnaire

ENDED = (RoundState.PUBLISHED, RoundState.CANCELLED)


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: Any) -> RoundQuerySet:
        return self.filter(user.scope.territories("territory_id", "territory__path"))

    def open_on(self, day: date) -> RoundQuerySet:
        """Those that take answers on that day."""
        return self.filter(state=RoundState.OPEN, opens_on__lte=day, closes_on__gte=day)

    def published(self) -> RoundQuerySet:
        return self.filter(state=RoundState.PUBLISHED)


class Round(GuardedModel):
    """One survey, of one audience, in one municipality and cycle.

    ``store`` is the number of its survey in the engine, from when it opens. ``response`` is the share that
    is expected to answer, which the sizes are planned with. ``open_code`` is the short code of the open
    link, None where there is none: what comes by it is a voluntary sample.
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="survey_rounds")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="survey_rounds")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="rounds")
    audience = models.CharField(_("who is asked"), max_length=8, choices=Audience.choices)
    state = models.CharField(max_length=9, choices=RoundState.choices, default=RoundState.DRAFT)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    response = models.DecimalField(_("expected response"), max_digits=3, decimal_places=2)
    store = models.PositiveIntegerField(null=True, unique=True)
    open_code = models.CharField(max_length=10, null=True, unique=True)
    job_id = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    called_off_reason = models.CharField(max_length=300, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "territory__name", "audience"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "cycle", "audience"],
                condition=~models.Q(state=RoundState.CANCELLED),
                name="one_round_of_a_year",
                violation_error_message=_("This municipality has this survey in this cycle already."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="round_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[RoundState.DRAFT, RoundState.CANCELLED]) | models.Q(store__isnull=False),
                name="opened_round_has_its_store",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()} · {self.territory} · {self.cycle.year}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:round", args=[self.pk])

    def get_invitations_url(self) -> str:
        return reverse("surveys:invitations", args=[self.pk])

    @property
    def questionnaire(self) -> Questionnaire:
        """What is asked of this round's audience."""
        whole = self.instrument.questionnaire
        return whole.for_audience(self.audience) if self.asks_everybody else whole

    @property
    def asks_everybody(self) -> bool:
        """A team answers whole, by its link: nobody is drawn, and nobody of it is a volunteer."""
        return self.audience != Audience.USERS

    @property
    def is_open(self) -> bool:
        return self.state == RoundState.OPEN

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    def takes_answers(self, day: date) -> bool:
        return self.is_open and self.opens_on <= day <= self.closes_on


class Stratum(models.Model):
    """The people served through one channel: how many there are, how many are to answer, how many were asked."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="strata")
    channel = models.CharField(max_length=10, choices=SurveyChannel.choices)
    population = models.PositiveIntegerField()
    target = models.PositiveIntegerField()
    to_invite = models.PositiveIntegerField()
    invited = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "channel"], name="one_stratum_of_a_channel")]

    def __str__(self) -> str:
        return self.get_channel_display()


class Invitation(models.Model):
    """A token that is good for one response; using it deletes this row, so nothing says who answered what.

    Only a keyed hash of the token is here, and no moment: what is left at the end are those who did not
    answer, who are deleted too. ``is_message``: it went to a contact; only a slip can come back on paper.
    """

    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    wave = models.PositiveSmallIntegerField(default=1)
    is_message = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.pk)


class SlipBatch(models.Model):
    """Slips that were made at once. Their codes follow from ``form_token`` and a key, so that a button pressed
    twice shows the same slips; used ones are not made again."""

    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="batches")
    form_token = models.UUIDField(unique=True)
    count = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.pk)


class SurveyScreen(models.Model):
    """A screen of the office on which whoever wants answers one survey. It holds a key, and nobody's account; only
    the key's hash is here. It ends when it is removed, and with its survey."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="screens")
    name = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64, unique=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["round", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class RoundResponse(models.Model):
    """How a stored response came: by which way, for which stratum, in which wave. Nothing about the person.

    ``response`` is its number in the engine. ``channel`` is the stratum it was asked in, "" where nobody was
    asked and the answer says it. ``is_screened_out``: an answer ended the survey before its questions, such as
    having been served too long ago.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="responses")
    response = models.PositiveIntegerField(unique=True)
    mode = models.CharField(max_length=8, choices=AnswerMode.choices)
    channel = models.CharField(max_length=10, blank=True)
    wave = models.PositiveSmallIntegerField(default=1)
    is_screened_out = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["round", "mode", "channel"], name="round_responses")]

    def __str__(self) -> str:
        return str(self.pk)


class RoundResult(models.Model):
    """What came out, worked out once and never again. ``digest`` seals ``figures``; ``method`` says by which
    version of the calculation."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="result")
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.round_id)
