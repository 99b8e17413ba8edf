"""Papers on their way into the store: typed in twice, by two people, and decided upon where the two differ."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.rounds import Round, Stratum


class PaperEntry(models.Model):
    """What was typed of one paper, until both agree; then it becomes a response and this row is deleted.

    ``token_hash`` is that of the slip's code, so that the second person finds the first entry by the same paper.
    ``first`` and ``second``: code of a question → its answer. No moment is kept.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="papers")
    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="papers")
    token_hash = models.CharField(max_length=64, unique=True)
    first = models.JSONField()
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.JSONField(null=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("first_by")),
                name="paper_is_typed_by_two",
                violation_error_message=_("Another person types the paper the second time."),
            ),
            models.CheckConstraint(
                condition=models.Q(second__isnull=True, second_by__isnull=True)
                | models.Q(second__isnull=False, second_by__isnull=False),
                name="second_typing_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PaperTally(models.Model):
    """How well the two typings of a round's papers agree, in sums: they outlast the entries."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="paper_tally")
    papers = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    agreed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.round_id)


class PaperDecision(models.Model):
    """That somebody decided about an item on which two typings differed, and why; never what it says.

    ``reason`` is "" where it is as on the paper.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="paper_decisions")
    question = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "question", "pk"]

    def __str__(self) -> str:
        return self.question
