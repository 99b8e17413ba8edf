"""What happened, without foreign keys and without personal data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import connections, models


class AppendOnly(Exception):
    """An audit event is neither changed nor deleted."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def sealed(self) -> AuditEventQuerySet:
        """In the order of the chain."""
        return self.filter(sequence__isnull=False).order_by("sequence")

    def unsealed(self) -> AuditEventQuerySet:
        return self.filter(sequence__isnull=True).order_by("id")

    def set_seals(self, places: Iterable[tuple[int, int, str]]) -> None:
        """For the sealer alone: gives each unsealed event (``pk, sequence, seal``) its place."""
        table, quote = self.model._meta.db_table, connections[self.db].ops.quote_name
        statement = f"UPDATE {quote(table)} SET sequence = %s, seal = %s WHERE id = %s AND sequence IS NULL"  # noqa: S608
        with connections[self.db].cursor() as cursor:
            cursor.executemany(statement, [(sequence, seal, pk) for pk, sequence, seal in places])

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class AuditEvent(models.Model):
    """One write, or one look at personal data. Append-only; sealed in order by the sealer.

    ``digest`` is the SHA-256 of the object's audited content at that moment, ``parts`` a keyed
    digest of each of its field groups; ``detail`` names fields and codes, never personal values.
    ``mac`` is the key's mark on the row itself, so that a row written past the product shows.
    ``sequence`` and ``seal`` are set once, by the sealer: the seal is a keyed HMAC over this row and
    the seal before it.
    """

    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    territory_code = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    parts = models.JSONField(default=dict)
    detail = models.JSONField(default=dict)
    mac = models.CharField(max_length=64, blank=True)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_object"),
            models.Index(fields=["by_user_id", "at"], name="audit_user"),
            models.Index(fields=["territory_code", "id"], name="audit_territory"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class AuditHeadQuerySet(models.QuerySet["AuditHead"]):
    def live(self) -> AuditHeadQuerySet:
        """The one row that follows the chain."""
        return self.filter(published_on__isnull=True)

    def published(self) -> AuditHeadQuerySet:
        """Its daily copies, newest first."""
        return self.filter(published_on__isnull=False).order_by("-published_on")


class AuditHead(models.Model):
    """The last sealed event: one row, locked by whoever seals; copied once a day to be published."""

    published_on = models.DateField(null=True, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(null=True)

    objects = AuditHeadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sequence} {self.seal}"
