"""Where django-allauth asks us: who may sign up, how often one may try, how secrets are kept, how mail is sent."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.people import identifiers, limits
from portal.foundation.people.domain.mail import TEMPLATES, send_account_mail

# Many people of one municipality share one address; django-axes counts account and address together.
TRIES_PER_ADDRESS = 100
TRIES_PER_ACCOUNT = 50
TRIES_WINDOW = timedelta(hours=1)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many attempts. Wait an hour and try again."),
        "email_password_mismatch": _("The e-mail or the password is not right."),
        "enter_current_password": _("Write your current password."),
        "incorrect_password": _("The password is not right."),
        "rate_limited": _("Too many attempts. Wait a quarter of an hour and try again."),
        "invalid_password_reset": _("This link does not work any more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count tries in the database, so that several hosts share the count."""
        now = timezone.now()
        account = str(credentials.get("email") or "").lower()
        within = [
            limits.allow(action="sign_in.address", address=who, limit=limit, window=TRIES_WINDOW, at=now)
            for who, limit in (
                (limits.client_address(request), TRIES_PER_ADDRESS),
                (f"account {account}", TRIES_PER_ACCOUNT),
            )
        ]
        if not all(within):
            raise self.validation_error("too_many_login_attempts")

    def reauthenticate(self, user: Any, password: str) -> bool:
        again = self.authenticate(allauth_context.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within a few minutes of signing in: who just wrote the password is not asked for it again."""
        request = allauth_context.request
        records = get_authentication_records(request, request.user)
        recent = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(record.get("at", 0) > recent for record in records)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        template = template_prefix.rsplit("/", 1)[-1]
        if template in TEMPLATES:
            send_account_mail(template=template, user=user, at=timezone.now())


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right. Wait for the next one and write it."),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def encrypt(self, text: str) -> str:
        return identifiers.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return identifiers.decrypt(encrypted_text)


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The account that a sign-in names, for django-axes: always in lower case."""
    named = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not named and request is not None:
        named = request.POST.get("login", "")
    return str(named or "").strip().lower()
