"""Counters against guessing and flooding."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """How often one address tried one action within one window; ``key`` reveals neither of them."""

    key = models.CharField(max_length=64)
    window_starts_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window_starts_at"], name="one_counter_per_window")]

    def __str__(self) -> str:
        return f"{self.window_starts_at:%Y-%m-%d %H:%M} {self.count}"
