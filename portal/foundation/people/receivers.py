"""What is heard from django-allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.foundation.people.domain.cms import synchronize_cms_groups


@receiver(authenticator_added)
def count_activation_as_passed(request: HttpRequest, user: Any, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Whoever sets the application up has just shown a right code of it."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session.cycle_key()
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@receiver(user_logged_in)
def synchronize_at_sign_in(user: Any, **_kwargs: Any) -> None:
    """Roles begin and end by date, without a verb that would tell the content system."""
    if isinstance(user, get_user_model()):
        synchronize_cms_groups(user=user, on=timezone.localdate())
