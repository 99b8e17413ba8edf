"""Signed or published content does not change: rows that refuse a write once they are frozen.

What is altered past Django, by SQL, is found by the audit's verification.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models


class FrozenContent(Exception):
    """Frozen content was about to be changed. A programming error: verbs refuse before it comes to this."""


class FrozenQuerySet(models.QuerySet[Any]):
    """``update`` and ``delete`` respect the same freeze as the rows themselves."""

    def update(self, **values: Any) -> int:
        columns = {self.model._meta.get_field(name).attname for name in values}
        if self.model.frozen_fields & columns and self._frozen_rows().exists():
            raise FrozenContent(f"{self.model.__name__}: frozen content does not change")
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self._frozen_rows().exists():
            raise FrozenContent(f"{self.model.__name__}: frozen content is not deleted")
        return super().delete()

    def _frozen_rows(self) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(self.model.frozen_condition(), pk__in=self.order_by().values("pk"))


class FrozenModel(models.Model):
    """Base of rows that freeze; ``frozen_fields`` names what freezes, and ``frozen_condition`` which rows did."""

    frozen_fields: ClassVar[frozenset[str]]

    class Meta:
        abstract = True

    def save(
        self,
        *args: Any,
        update_fields: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        touched = self.frozen_fields & self._columns(update_fields)
        if touched and not self._state.adding:
            stored = type(self)._base_manager.filter(self.frozen_condition(), pk=self.pk).values(*touched).first()
            if stored and any(stored[name] != getattr(self, name) for name in touched):
                raise FrozenContent(f"{type(self).__name__} {self.pk}: frozen content does not change")
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if type(self)._base_manager.filter(self.frozen_condition(), pk=self.pk).exists():
            raise FrozenContent(f"{type(self).__name__} {self.pk}: frozen content is not deleted")
        return super().delete(*args, **kwargs)

    @classmethod
    def frozen_condition(cls) -> models.Q:
        """Which rows are frozen."""
        raise NotImplementedError

    def _columns(self, names: Collection[str] | None) -> set[str]:
        if names is None:
            return {field.attname for field in self._meta.concrete_fields}
        return {self._meta.get_field(name).attname for name in names}  # type: ignore[union-attr]
