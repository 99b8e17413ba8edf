"""Rows that only a verb writes: a bare ``save()`` or ``delete()`` is refused."""

from __future__ import annotations

from typing import Any

from django.db import models


class BareWrite(Exception):
    """A guarded row was written past its verb. A programming error: nobody should ever read it."""


class GuardedModel(models.Model):
    """Base of models whose only door is the module's ``domain``.

    Verbs call ``save(by_verb=True)`` and ``delete(by_verb=True)``; anything else raises
    :class:`BareWrite`. ``bulk_create`` and ``QuerySet.update`` stay the verbs' own tools; what is
    changed past the verbs by SQL is found by ``audit``'s verification.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, by_verb: bool = False, **kwargs: Any) -> None:
        if not by_verb:
            raise BareWrite(f"{type(self).__name__} is written by its domain verbs only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, by_verb: bool = False, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if not by_verb:
            raise BareWrite(f"{type(self).__name__} is deleted by its domain verbs only")
        return super().delete(*args, **kwargs)
