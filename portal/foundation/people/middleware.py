"""Second factor required by role, whichever door the user came in by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from portal.foundation.people.rules import needs_second_factor
from portal.foundation.people.second_factor import authenticators_of, has_passed

SIGN_OUT = "account_logout"
# Without an authenticator: set one up, which may first ask for the password again.
SETTING_UP = frozenset({SIGN_OUT, "mfa_activate_totp", "totp_qr", "account_reauthenticate"})
# With one that this session has not passed: pass it. Nothing here can change or remove it.
PASSING = frozenset({SIGN_OUT, "mfa_reauthenticate"})


class SecondFactorMiddleware:
    """Lets a user whose role needs a second factor go no further than passing it.

    It asks on every request and looks only at the session and the role, so it does not matter
    which page signed the user in, nor whether the role was given after signing in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not needs_second_factor(request.user):
            return None
        authenticators = authenticators_of(request)
        if has_passed(request, authenticators):
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if Authenticator.Type.TOTP in authenticators.values():
            return None if name in PASSING else self._send_to("mfa_reauthenticate", request)
        return None if name in SETTING_UP else self._send_to("mfa_activate_totp", request)

    def _send_to(self, name: str, request: HttpRequest) -> HttpResponse:
        """To the page ``name``, and from there back to what was asked for (only a page can be asked for again)."""
        url = reverse(name)
        if request.method == "GET":
            url += "?" + urlencode({"next": request.get_full_path()})
        return redirect(url)
