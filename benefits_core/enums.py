"""States and kinds of the benefit core, and which state may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# --- Procedures


class ProcedureKind(models.TextChoices):
    TRAMITE = "tramite", _("Procedure")
    BENEFIT = "benefit", pgettext_lazy("procedure", "Benefit")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("version", "Published")
    RETIRED = "retired", pgettext_lazy("version", "Retired")


# A publication that has not begun yet is called back to draft; one that has begun only ends.
VERSION_TRANSITIONS: dict[str, frozenset[str]] = {
    VersionState.DRAFT: frozenset({VersionState.PUBLISHED}),
    VersionState.PUBLISHED: frozenset({VersionState.DRAFT, VersionState.RETIRED}),
    VersionState.RETIRED: frozenset(),
}


class StepActor(models.TextChoices):
    """Who does the step."""

    APPLICANT = "applicant", _("The person who applies")
    MUNICIPALITY = "municipality", _("The municipality")
    REGISTRY = "registry", _("The registry's system")
    REGION = "region", pgettext_lazy("step", "The regional team")
    MINISTRY = "ministry", _("The ministry")
    OTHER = "other", _("Another institution")


class Channel(models.TextChoices):
    """Where a person is served."""

    COUNTER = "counter", _("At the counter")
    TELEPHONE = "telephone", _("By telephone")
    OUTREACH = "outreach", _("On the ground")
    VIRTUAL = "virtual", _("On the internet")


class TermUnit(models.TextChoices):
    MINUTES = "minutes", _("Minutes")
    WORKING_DAYS = "working_days", _("Working days")


class LinkKind(models.TextChoices):
    NEXT = "next", _("Next step")
    ALTERNATIVE = "alternative", _("Only in some cases")


class TermsState(models.TextChoices):
    """Of what a municipality promises in a national procedure."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", pgettext_lazy("terms", "Proposed")
    PUBLISHED = "published", pgettext_lazy("terms", "Published")
    RETIRED = "retired", pgettext_lazy("terms", "Replaced")


TERMS_TRANSITIONS: dict[str, frozenset[str]] = {
    TermsState.DRAFT: frozenset({TermsState.PROPOSED}),
    TermsState.PROPOSED: frozenset({TermsState.DRAFT, TermsState.PUBLISHED}),
    TermsState.PUBLISHED: frozenset({TermsState.RETIRED}),
    TermsState.RETIRED: frozenset(),
}


# --- Attentions


class Outcome(models.TextChoices):
    """How an attention ended, as the clerk saw it."""

    RESOLVED = "resolved", _("Resolved at once")
    IN_PROCESS = "in_process", _("A procedure was begun")
    INFORMED = "informed", _("Only information was given")
    INCOMPLETE = "incomplete", _("Papers are missing")
    REFERRED = "referred", _("Sent on to another office")
    LEFT = "left", _("Left without being served")
    NOT_RECORDED = "not_recorded", _("Not recorded")


# What a clerk may choose; «not recorded» is for files of queue machines that do not tell.
CLERK_OUTCOMES = tuple(choice for choice in Outcome.choices if choice[0] != Outcome.NOT_RECORDED)


class AttentionSource(models.TextChoices):
    """How the register knows of an attention."""

    MANUAL = "manual", _("Written down by a clerk")
    QUEUE = "queue", _("Queue of this platform")
    APPOINTMENT = "appointment", _("Appointment")
    IMPORT = "import", _("File of a queue machine")


class ImportState(models.TextChoices):
    """How far a file of a queue machine has come."""

    READING = "reading", _("Being read")
    REFUSED = "refused", _("Not readable")
    READ = "read", _("Columns to be chosen")
    CHECKED = "checked", _("Ready to record")
    RUNNING = "running", _("Being recorded")
    DONE = "done", pgettext_lazy("import", "Recorded")
    FAILED = "failed", pgettext_lazy("import", "Interrupted")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


IMPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ImportState.READING: frozenset({ImportState.READ, ImportState.REFUSED, ImportState.DISCARDED}),
    ImportState.REFUSED: frozenset(),
    ImportState.READ: frozenset({ImportState.READ, ImportState.CHECKED, ImportState.DISCARDED}),
    ImportState.CHECKED: frozenset({ImportState.READ, ImportState.CHECKED, ImportState.RUNNING, ImportState.DISCARDED}),
    ImportState.RUNNING: frozenset({ImportState.DONE, ImportState.FAILED}),
    # What was interrupted goes on where it stopped, or is undone.
    ImportState.FAILED: frozenset({ImportState.RUNNING, ImportState.UNDOING}),
    ImportState.DONE: frozenset({ImportState.UNDOING}),
    ImportState.UNDOING: frozenset({ImportState.UNDONE, ImportState.FAILED}),
    ImportState.UNDONE: frozenset(),
    ImportState.DISCARDED: frozenset(),
}


# --- Appointments


class AppointmentState(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("appointment", "Booked")
    ARRIVED = "arrived", pgettext_lazy("appointment", "Waiting here")
    SERVED = "served", pgettext_lazy("appointment", "Attended")
    NO_SHOW = "no_show", pgettext_lazy("appointment", "Did not come")
    CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")


APPOINTMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    AppointmentState.BOOKED: frozenset(
        {AppointmentState.ARRIVED, AppointmentState.NO_SHOW, AppointmentState.CANCELLED, AppointmentState.BOOKED}
    ),
    AppointmentState.ARRIVED: frozenset({AppointmentState.SERVED, AppointmentState.NO_SHOW}),
    # Whoever came late after all.
    AppointmentState.NO_SHOW: frozenset({AppointmentState.ARRIVED}),
    AppointmentState.SERVED: frozenset(),
    AppointmentState.CANCELLED: frozenset(),
}
# A cancelled time is free again; one that nobody came to is over.
ACTIVE_APPOINTMENTS = ("booked", "arrived", "served", "no_show")


# --- Queues


class PriorityKind(models.TextChoices):
    """Why somebody goes first: law 21.168 (older people, disability, those who care for them) and law 20.422,
    and what every office grants besides."""

    OLDER = "older", _("I am 60 or older")
    DISABILITY = "disability", _("I have a disability")
    PREGNANT = "pregnant", _("I am pregnant")
    INFANT = "infant", _("I come with a baby")
    CARER = "carer", _("I care for somebody who depends on me")
    HEALTH = "health", _("My health does not let me wait")


class DeviceKind(models.TextChoices):
    KIOSK = "kiosk", _("Kiosk: gives numbers")
    DISPLAY = "display", _("Call screen: shows who is called")


class TicketState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("ticket", "Waiting")
    CALLED = "called", pgettext_lazy("ticket", "Called")
    SERVING = "serving", pgettext_lazy("ticket", "Being attended")
    SERVED = "served", pgettext_lazy("ticket", "Attended")
    NO_SHOW = "no_show", pgettext_lazy("ticket", "Did not come when called")
    LEFT = "left", pgettext_lazy("ticket", "Went away")
    CLOSED = "closed", pgettext_lazy("ticket", "Left over at the end of the day")


TICKET_TRANSITIONS: dict[str, frozenset[str]] = {
    TicketState.WAITING: frozenset({TicketState.CALLED, TicketState.LEFT, TicketState.CLOSED}),
    # Called again, gone back to wait, or sent on to another counter.
    TicketState.CALLED: frozenset(
        {TicketState.CALLED, TicketState.SERVING, TicketState.WAITING, TicketState.NO_SHOW, TicketState.LEFT}
    ),
    TicketState.SERVING: frozenset({TicketState.SERVED, TicketState.WAITING, TicketState.CLOSED}),
    TicketState.SERVED: frozenset(),
    TicketState.NO_SHOW: frozenset(),
    TicketState.LEFT: frozenset(),
    TicketState.CLOSED: frozenset(),
}
OPEN_TICKETS = ("waiting", "called", "serving")
