"""One's own account, and the picture by which a telephone learns the second factor's secret."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LogoutView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import FormView, RedirectView, View

from portal.foundation.people.access import PUBLIC, SIGNED_IN, PolicyMixin
from portal.foundation.people.domain.users import change_own_account
from portal.foundation.people.forms import OwnAccountForm
from portal.foundation.people.queries import stand_ins_of
from portal.foundation.people.rules import can_appoint_stand_in, needs_second_factor
from portal.foundation.people.second_factor import authenticators_of


class SignOutView(PolicyMixin, LogoutView):
    """Signs out, and has the browser forget the pages that were read: offices share computers."""

    policy = PUBLIC

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class SignInRedirectView(PolicyMixin, View):
    """Other packages' sign-in pages lead to the one of this site, and back to where one wanted to go.

    Whoever is signed in already, and was sent here for lack of a permission, gets a plain refusal:
    a redirect would go round in circles.
    """

    policy = PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            raise PermissionDenied
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            wanted = ""
        return redirect_to_login(wanted) if wanted else redirect("account_login")


class TotpQrView(PolicyMixin, View):
    """The secret being set up, as a QR code; no script, and nothing inline in the page."""

    policy = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        secret = request.session.get(SECRET_SESSION_KEY)
        if not secret:
            raise Http404
        adapter = get_adapter()
        picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
        return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


class AccountStartView(PolicyMixin, RedirectView):
    """The address that people shorten to: one's own account, through sign-in where needed."""

    policy = SIGNED_IN
    pattern_name = "people:own_account"


class OwnAccountView(PolicyMixin, FormView):
    """Name, language, roles and second factor of whoever is signed in."""

    policy = SIGNED_IN
    form_class = OwnAccountForm
    template_name = "people/account_show.html"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.request.user.name, "language": self.request.user.language}

    def form_valid(self, form: OwnAccountForm) -> HttpResponse:
        change_own_account(
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            by=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("Your account was changed."))
        return redirect("people:own_account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        assignments = user.role_assignments.in_force(timezone.localdate()).select_related("territory", "stand_in_for")
        return super().get_context_data(
            assignments=[(assignment, can_appoint_stand_in(user, assignment)) for assignment in assignments],
            stand_ins=stand_ins_of(user=user, on=timezone.localdate()),
            has_second_factor=bool(authenticators_of(self.request)),
            needs_second_factor=needs_second_factor(user),
            **kwargs,
        )
