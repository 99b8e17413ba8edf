"""A procedure (trámite), its dated versions, and the steps that everything else is pinned to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits_core.enums import LinkKind, ProcedureKind, StepActor, TermUnit, VersionState
from portal.foundation.audit.frozen import FrozenModel, FrozenQuerySet
from portal.foundation.audit.guarded import GuardedModel
from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized

LIVE_STATES = (VersionState.PUBLISHED, VersionState.RETIRED)


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def visible_to(self, user: Any) -> ProcedureQuerySet:
        """The national ones, and those of the territories where the user holds a staff role."""
        return self.filter(models.Q(territory__isnull=True) | user.scope.territories("territory_id", "territory__path"))

    def for_territory(self, territory: Territory | None) -> ProcedureQuerySet:
        """What a person of ``territory`` can ask for: the national ones and the municipality's own."""
        own = models.Q(territory=territory) if territory is not None else models.Q(pk__in=[])
        return self.filter(models.Q(territory__isnull=True) | own)

    def current(self, at_day: date) -> ProcedureQuerySet:
        """Those with a version in force on that day."""
        return self.filter(pk__in=ProcedureVersion.objects.current(at_day).values("procedure"))


class Procedure(GuardedModel):
    """What a person can ask of the municipality. Without a territory it is the country's own.

    ``key`` is the stable name used in addresses and files. ``name`` is that of its newest version, kept
    here for lists, and ``search_name`` the same folded, which both databases compare alike.
    """

    key = models.SlugField(max_length=60, unique=True)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="procedures")
    kind = models.CharField(_("kind"), max_length=10, choices=ProcedureKind.choices, default=ProcedureKind.TRAMITE)
    name = models.JSONField()
    search_name = models.CharField(max_length=320, db_index=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["search_name", "id"]

    def __str__(self) -> str:
        return localized(self.name)

    def get_absolute_url(self) -> str:
        """The page for everybody."""
        return reverse("benefits_core:procedure", args=[self.key])


class ProcedureVersionQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> ProcedureVersionQuerySet:
        return self.filter(procedure__in=Procedure.objects.visible_to(user))

    def public(self, at_day: date) -> ProcedureVersionQuerySet:
        """What was in force on that day or before it: the dated history."""
        return self.filter(state__in=LIVE_STATES, starts_on__lte=at_day)

    def current(self, at_day: date) -> ProcedureVersionQuerySet:
        """In force on that day: begun, and its successor (or its end) not come yet."""
        return self.public(at_day).filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=at_day))


class ProcedureVersion(GuardedModel, FrozenModel):
    """One dated edition of a procedure. A draft is worked on; a published one never changes.

    Texts are ``{"es": …, "en": …}``. In force from ``starts_on`` to the day before ``ends_on``: the
    dates decide, and the state follows them. ``revision`` grows with each change of the version's
    own texts and of the order and links of its steps, so that two editors do not lose each other's
    work. ``ready_at`` is when an editor handed the draft over to be published; a change takes it back.
    ``legal_confirmed`` and ``is_official`` say how far the text can be trusted.
    """

    frozen_fields = frozenset(
        {
            "procedure_id",
            "number",
            "name",
            "summary",
            "audience",
            "result",
            "cost",
            "legal_source",
            "legal_confirmed",
            "is_official",
            "change_note",
            "copied_from_id",
        }
    )

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    name = models.JSONField(_("name"))
    summary = models.JSONField(_("what it is for"), default=dict)
    audience = models.JSONField(_("who can ask for it"), default=dict)
    result = models.JSONField(_("what the person gets"), default=dict)
    cost = models.JSONField(_("cost"), default=dict)
    legal_source = models.JSONField(_("legal source"), default=dict)
    legal_confirmed = models.BooleanField(_("legal source confirmed"), default=False)
    is_official = models.BooleanField(_("official text"), default=False)
    change_note = models.JSONField(_("what changes"), default=dict)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    starts_on = models.DateField(_("starts on"), null=True)
    ends_on = models.DateField(_("ends on"), null=True)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    ready_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(_("why it ends"), blank=True)

    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        ordering = ["procedure", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="one_procedure_version_per_number"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(state="draft"), name="one_draft_per_procedure"
            ),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=models.Q(state="published", ends_on__isnull=True),
                name="one_open_version_per_procedure",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_by__isnull=True, published_at__isnull=True)
                | models.Q(
                    state__in=("published", "retired"),
                    starts_on__isnull=False,
                    published_by__isnull=False,
                    published_at__isnull=False,
                ),
                name="published_version_has_date_and_person",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True) | ~models.Q(published_by=models.F("edited_by")),
                name="version_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="version_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="retired") | models.Q(ends_on__isnull=False),
                name="retired_version_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{localized(self.name)} v{self.number}"

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return ~models.Q(state=VersionState.DRAFT)

    def get_absolute_url(self) -> str:
        """The staff's page, whatever the state."""
        return reverse("benefits_core:version", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("benefits_core:procedure_version", args=[self.procedure.key, self.number])

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    def is_current(self, at_day: date) -> bool:
        """Is it in force on that day? Same as the queryset's ``current``."""
        begun = self.state in LIVE_STATES and self.starts_on is not None and self.starts_on <= at_day
        return begun and (self.ends_on is None or self.ends_on > at_day)

    def is_coming(self, at_day: date) -> bool:
        """Published, and not begun yet on that day."""
        return self.state == VersionState.PUBLISHED and self.starts_on is not None and self.starts_on > at_day


class VersionPart(GuardedModel, FrozenModel):
    """A row of a version, published with it."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def frozen_condition(cls) -> models.Q:
        return ~models.Q(version__state=VersionState.DRAFT)


class StepQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> StepQuerySet:
        return self.filter(version__procedure__in=Procedure.objects.visible_to(user))

    def current(self, at_day: date) -> StepQuerySet:
        """Steps of the versions in force on that day."""
        return self.filter(version__in=ProcedureVersion.objects.current(at_day))


STEP_TEXTS = ("name", "what", "actor_name", "form", "letter", "term_note", "legal_source")
STEP_FIELDS = (*STEP_TEXTS, "actor", "channels", "documents", "term_amount", "term_unit")


class Step(VersionPart):
    """One step of one version: the anchor of complaints, attentions, proposals and measurements.

    ``key`` names the same step through all versions of its procedure. Texts are ``{"es": …, "en": …}``;
    ``documents`` is a list of them, ``channels`` a list of :class:`~benefits_core.enums.Channel`.
    ``term_amount`` in ``term_unit`` is what is promised; a step of the applicant may promise nothing.
    """

    frozen_fields = frozenset({"version_id", "key", "position", *STEP_FIELDS})

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="steps")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    actor = models.CharField(_("who does it"), max_length=14, choices=StepActor.choices)
    actor_name = models.JSONField(_("which institution"), default=dict, blank=True)
    name = models.JSONField(_("name"))
    what = models.JSONField(_("what is done"), default=dict)
    channels = models.JSONField(_("where"), default=list)
    form = models.JSONField(_("form"), default=dict)
    letter = models.JSONField(_("letter"), default=dict)
    documents = models.JSONField(_("documents asked for"), default=list)
    term_amount = models.PositiveSmallIntegerField(_("promised term"), null=True, blank=True)
    term_unit = models.CharField(_("unit"), max_length=14, choices=TermUnit.choices, blank=True)
    term_note = models.JSONField(_("counted from"), default=dict)
    legal_source = models.JSONField(_("legal source"), default=dict)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_step_per_key"),
            models.UniqueConstraint(fields=["version", "position"], name="one_step_per_position"),
            models.CheckConstraint(
                condition=models.Q(term_amount__isnull=True, term_unit="")
                | (models.Q(term_amount__gte=1) & ~models.Q(term_unit="")),
                name="step_term_has_amount_and_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {localized(self.name)}"

    def get_absolute_url(self) -> str:
        """The step's page for everybody; drafts have none."""
        return reverse("benefits_core:step", args=[self.version.procedure.key, self.version.number, self.key])


class StepLink(VersionPart):
    """From one step to another: the usual next one, or an alternative with its condition in words."""

    frozen_fields = frozenset({"version_id", "source_id", "target_id", "kind", "condition"})

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="links")
    source = models.ForeignKey(Step, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Step, models.CASCADE, related_name="links_in")
    kind = models.CharField(_("kind"), max_length=12, choices=LinkKind.choices, default=LinkKind.NEXT)
    condition = models.JSONField(_("in which case"), default=dict)

    class Meta:
        ordering = ["source__position", "-kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="one_link_between_two_steps"),
            models.UniqueConstraint(fields=["source"], condition=models.Q(kind="next"), name="one_next_step_per_step"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="no_link_from_a_step_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
