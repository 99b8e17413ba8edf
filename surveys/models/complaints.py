"""What somebody tells a municipality unasked: a complaint, a suggestion, a compliment or an enquiry."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits_core.models import Step
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.people.models import Person
from portal.foundation.people.roles import Role
from portal.foundation.receipts.keys import grouped
from portal.foundation.territories.models import ServicePoint, Territory
from quality.models import ComplaintCategory
from surveys.enums import (
    OPEN_STATES,
    Alert,
    ComplaintAbout,
    ComplaintChannel,
    ComplaintKind,
    ComplaintRoute,
    ComplaintState,
    Escalation,
    Outcome,
    RootCause,
)
from surveys.models.months import ComplaintMonth

# Who may read what is about somebody of the team before it is settled about whom.
_READERS_UNSETTLED = {
    ComplaintAbout.NOBODY: (Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO),
    ComplaintAbout.STAFF: (Role.COORDINATOR, Role.DIDECO),
    ComplaintAbout.LEAD: (Role.DIDECO,),
}


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Any) -> ComplaintQuerySet:
        """What ``user`` may read: never what is about himself or herself.

        The municipality's team; the regional team only what reached it. While nobody has settled
        about whom it is, those alone who cannot be meant: see :class:`ComplaintAbout`.
        """

        def within(*roles: Role) -> Q:
            return user.scope.territories("territory_id", "territory__path", frozenset(roles))

        settled = Q(about_settled_at__isnull=False)
        readable = Q(pk__in=[])
        for about, roles in _READERS_UNSETTLED.items():
            readable |= within(*roles) & Q(about=about)
        readable |= within(Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO) & settled
        readable |= within(Role.REGIONAL_TEAM) & Q(reaches_region=True)
        # Said apart, so that an index of the territory gives a list its order.
        places = within(Role.TEAM_MEMBER, Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM)
        return self.filter(places).filter(readable).exclude(about_user=user.pk)

    def open(self) -> ComplaintQuerySet:
        """What still waits for an answer."""
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, today: date) -> ComplaintQuerySet:
        """Past its term; one that waits for the person only where the term was over before it was asked."""
        return self.open().filter(Q(paused_on__isnull=True) | Q(due_on__lt=F("paused_on")), due_on__lt=today)

    def of_service(self) -> ComplaintQuerySet:
        """What says something of the service: without what is counted apart (categories R14 and R15)."""
        return self.exclude(category__counts_as_service_quality=False)


class Complaint(GuardedModel):
    """One case, from its receipt to its close. What is said afterwards lies in its thread.

    ``received_on``, ``answered_on`` and ``due_on`` are days of the municipality's own zone.
    ``working_days`` and ``in_term`` are those of the first answer: days of pauses do not count. Of what was led
    elsewhere, ``in_term`` is False where it was late by then, else None.
    ``dedupe_key`` names what sent it, so that sending it again does not make it twice.
    ``category_said`` is what the person chose; ``category`` what it was classified as.
    ``cause`` repeats the coding in force, so that a count reads one table.
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="complaints")
    code = models.CharField(max_length=20, unique=True, null=True)
    dedupe_key = models.CharField(max_length=120, unique=True, null=True)
    revision = models.PositiveIntegerField(default=1)

    # What is said, by whom, and how it came
    kind = models.CharField(_("kind"), max_length=12, choices=ComplaintKind.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=ComplaintChannel.choices)
    category_said = models.ForeignKey(ComplaintCategory, models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(ComplaintCategory, models.PROTECT, null=True, related_name="complaints")
    text = models.TextField(_("what happened"))
    search_text = models.TextField(blank=True, editable=False)
    language = models.CharField(max_length=5, default="es")
    happened_on = models.DateField(_("when it happened"), null=True)
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="+")
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="+")
    preferential = models.BooleanField(_("right to preferential attention"), default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="complaints")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="complaints")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    # About whom
    about = models.CharField(max_length=7, choices=ComplaintAbout.choices, default=ComplaintAbout.NOBODY)
    about_words = models.CharField(max_length=200, blank=True)
    about_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    about_settled_at = models.DateTimeField(null=True)

    # How far it has come
    state = models.CharField(max_length=10, choices=ComplaintState.choices, default=ComplaintState.RECEIVED)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    classified_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    term_days = models.PositiveSmallIntegerField(null=True)
    due_on = models.DateField(null=True)
    paused_on = models.DateField(null=True)
    escalation = models.PositiveSmallIntegerField(choices=Escalation.choices, default=Escalation.NONE)
    reaches_region = models.BooleanField(default=False)
    alert = models.CharField(max_length=14, choices=Alert.choices, blank=True)
    alerted_at = models.DateTimeField(null=True)
    route = models.CharField(max_length=13, choices=ComplaintRoute.choices, blank=True)

    # How it ended
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    working_days = models.PositiveSmallIntegerField(null=True)
    in_term = models.BooleanField(null=True)
    asked_back = models.BooleanField(default=False)
    outcome = models.CharField(max_length=13, choices=Outcome.choices, blank=True)
    reopen_until = models.DateField(null=True)
    reopened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    satisfaction_comment = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=11, choices=RootCause.choices, blank=True)
    coded_at = models.DateTimeField(null=True)
    needs_second_coding = models.BooleanField(default=False)
    second_coded_at = models.DateTimeField(null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(about_user__isnull=True) | ~Q(owner=F("about_user")),
                name="complaint_owner_is_not_the_person_meant",
                violation_error_message=_("A complaint is never assigned to the person it is about."),
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=7),
                name="complaint_satisfaction_1_to_7",
                violation_error_message=_("Rate from 1 to 7."),
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True, rated_at__isnull=True)
                | Q(satisfaction__isnull=False, rated_at__isnull=False),
                name="complaint_rating_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_on__isnull=True, working_days__isnull=True)
                | Q(answered_at__isnull=False, answered_on__isnull=False, working_days__isnull=False),
                name="complaint_answer_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=ComplaintState.ROUTED) & ~Q(route="") | ~Q(state=ComplaintState.ROUTED) & Q(route=""),
                name="complaint_led_elsewhere_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ComplaintState.ANSWERED, ComplaintState.CLOSED]) | Q(answered_at__isnull=False),
                name="complaint_is_closed_with_an_answer",
                violation_error_message=_("Answer before you close."),
            ),
            models.CheckConstraint(
                condition=Q(alert="", alerted_at__isnull=True) | ~Q(alert="") & Q(alerted_at__isnull=False),
                name="complaint_alert_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "state", "due_on"], name="complaint_inbox"),
            models.Index(fields=["territory", "-received_at"], name="complaint_latest"),
            models.Index(fields=["territory", "received_on"], name="complaint_by_day"),
            models.Index(fields=["owner", "state"], name="complaint_of_owner"),
            models.Index(fields=["step", "received_on"], name="complaint_of_step"),
        ]

    def __str__(self) -> str:
        return self.shown_code

    def save(self, *args: Any, by_verb: bool = False, **kwargs: Any) -> None:
        """Its month's sums are not true any more, from the same moment on."""
        with transaction.atomic():
            super().save(*args, by_verb=by_verb, **kwargs)
            ComplaintMonth.objects.touch(self.territory_id, self.received_on)

    def get_absolute_url(self) -> str:
        return reverse("surveys:complaint", args=[self.pk])

    @property
    def shown_code(self) -> str:
        """The code as people copy it."""
        return grouped(self.code) if self.code else str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_anonymous(self) -> bool:
        """Nobody signed in for it and no clerk named anybody."""
        return self.author_id is None and self.person_id is None

    @property
    def is_unsettled(self) -> bool:
        """Somebody is complained about, and nobody has settled yet who."""
        return self.about != ComplaintAbout.NOBODY and self.about_settled_at is None

    def is_late(self, today: date) -> bool:
        """Past its term on ``today``: a question to the person does not undo a term that was over before it."""
        day = min(today, self.paused_on or today)
        return self.is_open and self.due_on is not None and self.due_on < day
