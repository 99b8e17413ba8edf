"""Every view declares who may open it; one mixin checks it, once, before anything else runs.

A view without a declared policy does not start, and a test walks every URL with every role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from portal.foundation.people.roles import Role


@dataclass(frozen=True)
class Policy:
    """Who may open a view.

    ``public``: anybody. Otherwise a signed-in user who holds one of ``roles`` (any user when empty)
    and for whom ``rule(user, subject)`` is true, where subject is what ``get_subject`` loads.
    """

    public: bool = False
    roles: frozenset[Role] = field(default_factory=frozenset)
    rule: Callable[[Any, Any], bool] | None = None


PUBLIC = Policy(public=True)
SIGNED_IN = Policy()


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back. A form of somebody whose session ended is told so instead: a redirect would
    lose what was typed, and the browser's own «back» still has it."""
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    return render(request, "session_over.html", status=403)


class PolicyMixin:
    """First base of every view: signs in, loads the subject, asks the rule, then dispatches.

    ``get_subject`` loads the object that the URL names through ``.visible_to(user)``, so that
    another territory's object is *not found*, and a rule that says no is *forbidden*.
    """

    policy: ClassVar[Policy]
    request: HttpRequest
    subject: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "as_view") and not isinstance(getattr(cls, "policy", None), Policy):
            raise ImproperlyConfigured(f"{cls.__name__} declares no policy.")

    def get_subject(self) -> Any:
        """The object that the URL names, or None."""
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = self.policy
        if not policy.public:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if policy.roles and not request.user.scope.has(*policy.roles):
                raise PermissionDenied
        self.subject = self.get_subject()
        if policy.rule and not policy.rule(request.user, self.subject):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if not policy.public and not response.has_header("Cache-Control"):
            # Asked again each time, yet going back keeps what was typed; signing out clears it from
            # the shared computers of an office.
            response["Cache-Control"] = "private, no-cache"
        return response
