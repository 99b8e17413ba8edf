"""Columns that nobody reads from a copy of the database."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from portal.foundation.people.identifiers import decrypt, encrypt


class EncryptedField(models.TextField):
    """Text that is encrypted in the database and clear in Python; an empty one stays empty.

    Equal texts are not equal there: look a row up through a blind index beside it.
    """

    def from_db_value(self, value: str | None, *_database: Any) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull"}:
            raise FieldError(f"{self.name} is encrypted: it cannot be looked up.")
        return super().get_lookup(lookup_name)
