"""What people tell us, by which way it comes, and which state may follow which."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ComplaintKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")
    COMPLIMENT = "compliment", _("Compliment")
    ENQUIRY = "enquiry", _("Enquiry")


class ComplaintChannel(models.TextChoices):
    WEB = "web", _("Website")
    COUNTER = "counter", _("Counter")
    TELEPHONE = "telephone", _("Telephone")
    LETTER = "letter", _("Letter")
    KIOSK = "kiosk", _("Self-service screen")
    OUTREACH = "outreach", _("Outreach in the community")
    OPEN311 = "open311", _("Another application")


# What a clerk writes down for somebody; the others come by themselves.
ASSISTED_CHANNELS = (
    ComplaintChannel.COUNTER,
    ComplaintChannel.TELEPHONE,
    ComplaintChannel.LETTER,
    ComplaintChannel.OUTREACH,
)


class ComplaintAbout(models.TextChoices):
    """Whether somebody of the team is complained about: decides who may read it before a name is settled."""

    NOBODY = "nobody", _("No, it is about the service")
    STAFF = "staff", _("Yes, somebody who attends to people")
    LEAD = "lead", _("Yes, whoever is in charge")


class ComplaintState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("complaint", "Received")
    IN_STUDY = "in_study", _("Being looked into")
    WAITING = "waiting", _("Waits for the person")
    ANSWERED = "answered", pgettext_lazy("complaint", "Answered")
    CLOSED = "closed", _("Closed")
    ROUTED = "routed", _("Led to another service")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")


# Reopened = answered or closed → in study, once. What was led elsewhere or withdrawn is over.
COMPLAINT_TRANSITIONS: dict[str, frozenset[str]] = {
    ComplaintState.RECEIVED: frozenset(
        {
            ComplaintState.IN_STUDY,
            ComplaintState.WAITING,
            ComplaintState.ANSWERED,
            ComplaintState.ROUTED,
            ComplaintState.WITHDRAWN,
        }
    ),
    ComplaintState.IN_STUDY: frozenset(
        {ComplaintState.WAITING, ComplaintState.ANSWERED, ComplaintState.ROUTED, ComplaintState.WITHDRAWN}
    ),
    ComplaintState.WAITING: frozenset(
        {ComplaintState.IN_STUDY, ComplaintState.ANSWERED, ComplaintState.ROUTED, ComplaintState.WITHDRAWN}
    ),
    ComplaintState.ANSWERED: frozenset({ComplaintState.IN_STUDY, ComplaintState.CLOSED}),
    ComplaintState.CLOSED: frozenset({ComplaintState.IN_STUDY}),
    ComplaintState.ROUTED: frozenset(),
    ComplaintState.WITHDRAWN: frozenset(),
}
OPEN_STATES = (ComplaintState.RECEIVED, ComplaintState.IN_STUDY, ComplaintState.WAITING)
OVER_STATES = (ComplaintState.CLOSED, ComplaintState.ROUTED, ComplaintState.WITHDRAWN)


class ComplaintRoute(models.TextChoices):
    """Where what is no matter of the service's quality is led, and counted apart."""

    INFORMATION = "information", _("Request for public information (Law 20.285)")
    RECTIFICATION = "rectification", _("Rectification or supplement of the registry")
    MINISTRY = "ministry", _("Ministry, for the national platform")


class Outcome(models.TextChoices):
    FOUNDED = "founded", _("The person is right")
    PARTLY = "partly", _("The person is partly right")
    NOT_FOUNDED = "not_founded", _("The person is not right")
    NOT_COMPETENT = "not_competent", _("It is not for the municipality to decide")


class RootCause(models.TextChoices):
    """Why it happened: another question than what the person says."""

    PROCEDURE = "procedure", _("The procedure")
    TRAINING = "training", _("Training")
    STAFFING = "staffing", _("Too few people")
    INFORMATION = "information", _("Information to the public")
    PREMISES = "premises", _("The premises")
    SYSTEM = "system", _("The computer system")
    OUTSIDE = "outside", _("Outside the municipality")


class CodingRound(models.IntegerChoices):
    FIRST = 1, _("First coding")
    SECOND = 2, _("Second coding, without seeing the first")
    AGREED = 3, _("Agreed coding")


class EntryKind(models.TextChoices):
    """What an entry of the thread is. The person reads those of :data:`PUBLIC_ENTRIES` and no other."""

    REPLY = "reply", _("Reply of the person")
    QUESTION = "question", _("Question to the person")
    MESSAGE = "message", _("Message to the person")
    ANSWER = "answer", _("Answer")
    ROUTED = "routed", _("Where it was led")
    REOPENED = "reopened", _("Why it was reopened")
    WITHDRAWN = "withdrawn", _("Why it was withdrawn")
    NOTE = "note", _("Internal note")
    UNSENT = "unsent", _("Answer that was not sent")


# The same to the person who complained; the others are told to both alike.
OWN_ENTRY_WORDS = {
    EntryKind.REPLY: _("What you said"),
    EntryKind.QUESTION: _("What we ask you"),
    EntryKind.MESSAGE: _("What we tell you"),
    EntryKind.ANSWER: _("Our answer"),
    EntryKind.ROUTED: _("Where it is solved"),
    EntryKind.REOPENED: _("Why you reopened it"),
    EntryKind.WITHDRAWN: _("Why you took it back"),
}
INTERNAL_ENTRIES = (EntryKind.NOTE, EntryKind.UNSENT)
PUBLIC_ENTRIES = tuple(kind for kind in EntryKind if kind not in INTERNAL_ENTRIES)
FROM_THE_PERSON = (EntryKind.REPLY, EntryKind.REOPENED, EntryKind.WITHDRAWN)


class Escalation(models.IntegerChoices):
    """How far up it has been told that the term runs out."""

    NONE = 0, _("Nobody yet")
    OWNER = 1, _("Person in charge")
    COORDINATOR = 2, _("Communal coordinator")
    DIDECO = 3, _("DIDECO")
    REGION = 4, _("Regional team")


class Alert(models.TextChoices):
    """What the DIDECO hears of at once."""

    DISCRIMINATION = "discrimination", _("Possible discrimination")
    PRIVACY = "privacy", _("Possible breach of personal data")


# Categories of the catalogue with a meaning of their own (``complaints.md``, 6.2 and 6.3).
ALERT_CATEGORIES = {"R11": Alert.DISCRIMINATION, "R13": Alert.PRIVACY}
ROUTE_CATEGORIES = {"R14": ComplaintRoute.RECTIFICATION, "R15": ComplaintRoute.MINISTRY}
OTHER_CATEGORY = "R16"


# --- Themes


class RunState(models.TextChoices):
    """How far a search for themes has come."""

    COLLECTING = "collecting", _("Collecting and masking")
    READING = "reading", _("Waits for a reader")
    GROUPING = "grouping", _("Being grouped")
    NAMING = "naming", _("Themes to name")
    FAILED = "failed", _("Could not go on")
    CLOSED = "closed", pgettext_lazy("search for themes", "Closed")
    DISCARDED = "discarded", pgettext_lazy("search for themes", "Discarded")


RUN_TRANSITIONS: dict[str, frozenset[str]] = {
    RunState.COLLECTING: frozenset({RunState.READING, RunState.FAILED, RunState.DISCARDED}),
    RunState.READING: frozenset({RunState.GROUPING, RunState.DISCARDED}),
    RunState.GROUPING: frozenset({RunState.NAMING, RunState.FAILED}),
    RunState.NAMING: frozenset({RunState.READING, RunState.CLOSED, RunState.DISCARDED}),
    RunState.FAILED: frozenset({RunState.COLLECTING, RunState.GROUPING, RunState.DISCARDED}),
    RunState.CLOSED: frozenset(),
    RunState.DISCARDED: frozenset(),
}
ENDED_RUNS = (RunState.CLOSED, RunState.DISCARDED)


class TextDecision(models.TextChoices):
    """What the reader said of a masked text. Only what was read may enter a group."""

    PENDING = "pending", _("To be read")
    READ = "read", pgettext_lazy("text", "Read")
    LEFT_OUT = "left_out", pgettext_lazy("text", "Left out")


class ThemeState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("theme", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("theme", "Named")
    MERGED = "merged", pgettext_lazy("theme", "Merged into another")
    SPLIT = "split", pgettext_lazy("theme", "Split in two")
    REJECTED = "rejected", pgettext_lazy("theme", "Rejected")


# A named theme can be named again; what was merged, split or rejected is over.
THEME_TRANSITIONS: dict[str, frozenset[str]] = {
    ThemeState.PROPOSED: frozenset({ThemeState.ACCEPTED, ThemeState.MERGED, ThemeState.SPLIT, ThemeState.REJECTED}),
    ThemeState.ACCEPTED: frozenset({ThemeState.ACCEPTED, ThemeState.MERGED, ThemeState.SPLIT, ThemeState.REJECTED}),
    ThemeState.MERGED: frozenset(),
    ThemeState.SPLIT: frozenset(),
    ThemeState.REJECTED: frozenset(),
}
LIVE_THEMES = (ThemeState.PROPOSED, ThemeState.ACCEPTED)


class Audience(models.TextChoices):
    """Who is asked."""

    USERS = "users", _("People who were served")
    TEAM = "communal", _("Municipal team")
    REGIONAL = "regional", _("Regional team")


class InstrumentState(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    PUBLISHED = "published", _("Published")


class RoundState(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open for answers")
    CLOSED = "closed", _("Closed, results being worked out")
    FAILED = "failed", _("Closed, results could not be worked out")
    PUBLISHED = "published", _("Results published")
    CANCELLED = "cancelled", _("Called off")


ROUND_TRANSITIONS: dict[str, frozenset[str]] = {
    RoundState.DRAFT: frozenset({RoundState.OPEN, RoundState.CANCELLED}),
    RoundState.OPEN: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset({RoundState.PUBLISHED, RoundState.FAILED}),
    RoundState.FAILED: frozenset({RoundState.CLOSED}),
    RoundState.PUBLISHED: frozenset(),
    RoundState.CANCELLED: frozenset(),
}


class SurveyChannel(models.TextChoices):
    """How people were served: a stratum of the survey. Values as the questionnaire's channels."""

    IN_PERSON = "in_person", _("At the office")
    OUTREACH = "outreach", _("On the ground or at home")
    VIRTUAL = "virtual", _("On the internet or by telephone")


class AnswerMode(models.TextChoices):
    """How a response came. Whoever wanted answered by the open link or at the kiosk: no margin of error."""

    INVITED = "invited", _("By invitation")
    ASSISTED = "assisted", _("With help from an interviewer")
    PAPER = "paper", _("On paper")
    KIOSK = "kiosk", _("At the kiosk")
    OPEN = "open", _("By the open link")


SAMPLED_MODES = frozenset({AnswerMode.INVITED, AnswerMode.ASSISTED, AnswerMode.PAPER})


# What may be said of a change: the values of surveys.statistics.comparison.Verdict, in words.
VERDICTS: dict[str, Any] = {
    "up": _("It went up"),
    "down": _("It went down"),
    "no_change": _("It cannot be said that it changed"),
    "composition": _("With the same brackets it cannot be said that it changed"),
    "not_comparable": _("Not comparable"),
}


# Why two years are no comparison: surveys.statistics.comparison.Obstacle, in words.
OBSTACLES: dict[str, Any] = {
    "wording": _("The questionnaire was another one."),
    "channels": _("People were asked of other channels."),
    "weights": _("The answers were weighed in another way."),
    "voluntary": _("In one of the two years whoever wanted answered."),
    "same_people": _("Both hold the same answers."),
    "no_answers": _("One of the two years has no answers."),
}
