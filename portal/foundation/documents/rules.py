from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from portal.foundation.documents import registry
from portal.foundation.documents.models import Document
from portal.foundation.people.scope import Scope


class Visitor(AnonymousUser):
    """Somebody who is not signed in, whom a kind may ask for roles like anybody: there are none."""

    scope = Scope([])


def can_read_subject(user: Any, kind: registry.DocumentKind, subject: models.Model) -> bool:
    """What the kind says of ``user`` and the subject."""
    return kind.can_read(user if user.is_authenticated else Visitor(), subject)


def can_read_document(user: Any, document: Document) -> bool:
    """What the document's kind says of its subject; no kind or no subject, nobody."""
    kind = registry.get(document.kind)
    return kind is not None and document.subject is not None and can_read_subject(user, kind, document.subject)
