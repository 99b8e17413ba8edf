"""What the quality verbs refuse, in words for the person who asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from portal.foundation.cycles.models import Cycle
from portal.foundation.cycles.queries import why_not_open


class QualityError(Exception):
    """A verb of the quality module refused; ``str(error)`` is shown to the person."""


class AssessmentError(QualityError):
    """The self-diagnosis does not allow it."""


class NotParticipating(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("The municipality does not take part in this cycle."))


class CycleNotOpen(AssessmentError):
    """In preparation or closed; where it was closed, when and why is part of the message."""

    def __init__(self, cycle: Cycle) -> None:
        super().__init__(why_not_open(cycle))


class CatalogueNotLoaded(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("The catalogue of this cycle has not been loaded yet."))


class CycleNotBegun(AssessmentError):
    """Opened ahead of its first day: prepared, and not worked in yet."""

    def __init__(self, starts_on: date) -> None:
        super().__init__(_("The cycle begins on %(day)s.") % {"day": formats.date_format(starts_on)})


class WindowClosed(AssessmentError):
    """Outside the window of the cycle; the dates are part of the message."""

    def __init__(self, opens: date, closes: date) -> None:
        self.opens, self.closes = opens, closes
        super().__init__(
            _("The self-diagnosis is open from %(opens)s to %(closes)s.")
            % {"opens": formats.date_format(opens), "closes": formats.date_format(closes)}
        )


class NotInProgress(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("This self-diagnosis was submitted. To change it, make a correction."))


class AlreadySubmitted(AssessmentError):
    """Submitted before, by this person or another: nothing was done, nothing was lost."""

    def __init__(self, assessment: Any) -> None:
        self.assessment = assessment
        super().__init__(_("The self-diagnosis had already been submitted."))


class NotComplete(AssessmentError):
    """``problems`` are those of :func:`quality.queries.assessments.problems`."""

    def __init__(self, problems: list[Any]) -> None:
        self.problems = problems
        super().__init__(_("The self-diagnosis is not complete yet."))


class AnswerConflict(AssessmentError):
    """Somebody else answered meanwhile; ``theirs`` is the answer that stands."""

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        super().__init__(_("Another person answered this standard at the same time."))


class InvalidAnswer(AssessmentError):
    """The answer breaks a rule of the form: level, reason or date."""


class EvidenceInFuture(InvalidAnswer):
    def __init__(self) -> None:
        super().__init__(_("The date of the evidence is in the future."))


class ReasonNeeded(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("Write the reason."))


class NotUnderReview(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("This self-diagnosis cannot be reviewed in its present state."))


class NotTheRegion(QualityError):
    def __init__(self) -> None:
        super().__init__(_("Only the regional team of this region verifies levels."))


class InvalidLevel(QualityError):
    def __init__(self) -> None:
        super().__init__(_("The level is not one of the scale."))


class ReviewPending(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("First accept or refuse every «not applicable»."))


class NothingVerified(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("No level has been verified yet."))


class VerificationNeedsRemarks(AssessmentError):
    def __init__(self) -> None:
        super().__init__(_("Say why the verified level differs from the self-assessed one."))
