"""Private uploads: kept out of the web server's reach and served only through a checked view."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models

from portal.foundation.territories.models import Territory


class PrivateStorage(FileSystemStorage):
    """A folder outside everything that the web server publishes; read by this process's owner alone."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_FILES_ROOT)

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    def url(self, name: str | None) -> str:
        raise ValueError("private files have no address of their own")


def private_storage() -> PrivateStorage:
    # Names are ids, so only a second attempt at the same file finds one there.
    return PrivateStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700, allow_overwrite=True)


def stored_name(instance: StoredFile, _filename: str) -> str:
    """Where the bytes lie: by id, so that a hostile file name never reaches the disk."""
    return f"{instance.id.hex[:2]}/{instance.id.hex}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: Any) -> StoredFileQuerySet:
        """Files of the user's places; a guarded one is shown by its own module's screen alone."""
        return self.filter(user.scope.territories("territory_id", "territory__path"), is_guarded=False)


class StoredFile(models.Model):
    """An accepted upload: its type was read from its content, and its hash recorded.

    ``is_guarded``: not everybody of the place may have it, so only the module that keeps it hands it over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField(storage=private_storage, upload_to=stored_name)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    is_guarded = models.BooleanField(default=False)

    objects = StoredFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
