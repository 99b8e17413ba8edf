"""django-allauth's forms with our words, and with limits counted in the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.people import limits
from portal.foundation.people.domain.mail import send_account_mail
from portal.foundation.people.second_factor import is_demo_code, totp_of
from portal.foundation.ui.forms import PlainMixin

CODES_WINDOW = timedelta(minutes=15)
CODES_PER_ACCOUNT = 10
CODE_LIFE = timedelta(minutes=5)
LINKS_WINDOW = timedelta(hours=1)
LINKS_PER_ADDRESS = 30
LINKS_PER_ACCOUNT = 5


class OurWords(PlainMixin):
    """Labels, hints and messages of ours; no placeholders, which vanish while one writes."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = self.hints.get(name, "")
            field.label = self.labels.get(name, field.label)


class LoginForm(OurWords, account.LoginForm):
    labels = {"login": _("E-mail"), "password": _("Password")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, again"),
    }
    hints = {"password1": _("At least 8 characters. Not your name, and not a common word.")}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    labels = {"email": _("E-mail")}
    hints = {"email": _("The one with which you sign in.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        address = limits.client_address(context.request)
        if not limits.allow(
            action="password_link", address=address, limit=LINKS_PER_ADDRESS, window=LINKS_WINDOW, at=timezone.now()
        ):
            raise get_adapter().validation_error("too_many_login_attempts")
        return cleaned

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link, or say the same without sending: the answer does not tell who has an account."""
        now, email = timezone.now(), self.cleaned_data["email"].lower()
        if limits.allow(
            action="password_link.account", address=email, limit=LINKS_PER_ACCOUNT, window=LINKS_WINDOW, at=now
        ):
            for user in self.users:
                send_account_mail(template="password_reset_link", user=user, at=now)
        return email


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password, again")}
    hints = {"password1": _("At least 8 characters. Not your name, and not a common word.")}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    labels = {"password": _("Password")}


class _CodeForm(OurWords):
    """A code of six digits is guessed in a million tries, and read over a shoulder in one."""

    user: Any
    cleaned_data: dict[str, Any]
    labels = {"code": _("Code")}
    hints = {"code": _("The six digits that your application shows.")}

    def clean_code(self) -> str:
        now, account = timezone.now(), f"account {self.user.pk}"
        if not limits.allow(
            action="second_factor", address=account, limit=CODES_PER_ACCOUNT, window=CODES_WINDOW, at=now
        ):
            raise get_adapter().validation_error("rate_limited")
        code = super().clean_code()  # type: ignore[misc]
        limits.forget(action="second_factor", address=account, window=CODES_WINDOW, at=now)
        return code


class _CodeOnceForm(_CodeForm):
    """A code that passed does not pass again, on whichever host it is tried."""

    hints = {"code": _("The six digits that your application shows, or one of your recovery codes.")}

    authenticator: Any

    def clean_code(self) -> str:
        if is_demo_code(self.cleaned_data["code"]) and (found := totp_of(self.user)):
            self.authenticator = found
            return self.cleaned_data["code"]
        code = super().clean_code()
        once = f"{self.user.pk} {''.join(code.split())}"
        if not limits.allow(action="second_factor.code", address=once, limit=1, window=CODE_LIFE, at=timezone.now()):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_CodeOnceForm, mfa.AuthenticateForm):
    pass


class CodeAgainForm(_CodeOnceForm, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_CodeForm, totp.ActivateTOTPForm):
    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        return code if is_demo_code(code) else super().clean_code()
