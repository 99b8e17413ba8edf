"""What the sign-in writes by e-mail: invitations, password links, news about one's own account.

These go through durable jobs, not through the outbox of ``messages``, which lies above this module;
and the link is made when the mail is sent, so that no working key waits in a table.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime

from portal.foundation.jobs.domain import enqueue, handler
from portal.foundation.jobs.models import Job
from portal.foundation.people.identifiers import decrypt, encrypt
from portal.foundation.people.models import DataRequest, RoleAssignment, User

TEMPLATES = frozenset(
    {
        "invitation",
        "password_reset_link",
        "password_changed",
        "password_reset",
        "totp_activated",
        "totp_deactivated",
        "recovery_codes_generated",
        "data_copy_ready",
        "data_request_received",
        "data_request_extended",
        "data_request_answered",
        "data_corrected",
    }
)


def send_account_mail(
    *,
    template: str,
    user: User,
    at: datetime,
    assignment: RoleAssignment | None = None,
    request: DataRequest | None = None,
) -> Job:
    """Write to ``user`` in his or her language; ``template`` is one of :data:`TEMPLATES`.

    What is said of a ``request`` still goes to the address of now, though the account may be erased
    before a worker sends it.
    """
    if template not in TEMPLATES:
        raise ValueError(template)
    return enqueue(
        kind="people.send_mail",
        payload={
            "template": template,
            "user": user.pk,
            "assignment": assignment.pk if assignment else None,
            "request": request.pk if request else None,
            "to": encrypt(user.email) if request else "",
            "at": at.isoformat(),
        },
        at=at,
    )


def password_link(user: User) -> str:
    """Where to set a password: works once, and for PASSWORD_RESET_TIMEOUT seconds."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings.SITE_URL + path


def _deliver(job: Job) -> None:
    request = DataRequest.objects.filter(pk=job.payload.get("request")).first()
    user = User.objects.filter(pk=job.payload["user"]).first()
    if user is not None and not user.is_active and request is None:
        user = None
    assignments = RoleAssignment.objects.select_related("territory").filter(pk=job.payload["assignment"])
    assignment = assignments.first() if job.payload["assignment"] else None
    if user is None or (job.payload["assignment"] and assignment is None):  # closed or withdrawn since
        return
    template = job.payload["template"]
    with translation.override(user.language):
        context: dict[str, Any] = {
            "user": user,
            "assignment": assignment,
            "at": parse_datetime(job.payload["at"]),
            "request": request,
            "own_data_link": settings.SITE_URL + reverse("privacy:overview"),
            "sign_in_link": settings.SITE_URL + reverse("account_login"),
            "password_link": password_link(user) if _needs_link(template, user) else "",
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        }
        subject = render_to_string(f"people/email/{template}.subject.txt", context)
        body = render_to_string(f"people/email/{template}.body.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[_address(job, user)]).send()


def _address(job: Job, user: User) -> str:
    return decrypt(job.payload["to"]) if job.payload.get("to") else user.email


def _needs_link(template: str, user: User) -> bool:
    return template == "password_reset_link" or (template == "invitation" and not user.has_usable_password())


@handler("people.send_mail", prepare=_deliver)
def _mail_sent(job: Job, prepared: None) -> None:
    """Nothing is left to write: the finished job is the record."""
