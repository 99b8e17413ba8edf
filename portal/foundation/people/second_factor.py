"""Has this session passed the second factor? Read from what django-allauth records, nothing of our own.

The one exception is the demonstration's printed code (docs/adr/0004-demonstration.md).
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare


def authenticators_of(request: HttpRequest) -> dict[int, str]:
    """Id → type of what the signed-in user can be asked for; one query."""
    return dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))


def has_passed(request: HttpRequest, authenticators: dict[int, str]) -> bool:
    """Did this user, in this session, pass one of the authenticators that he or she still has?

    A record that names a removed authenticator does not count: a reset ends every open session.
    """
    return any(
        record.get("method") == "mfa" and record.get("id") in authenticators
        for record in get_authentication_records(request, request.user)
    )


def is_demo_code(code: str) -> bool:
    """Is this the code printed with a demonstration's sign-ins? Never outside a demonstration."""
    known = settings.DEMO_SECOND_FACTOR_CODE
    return bool(settings.DEMO and known) and constant_time_compare("".join(code.split()), known)


def totp_of(user: Any) -> Authenticator | None:
    """The application that shows the user's codes; None where none was set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
