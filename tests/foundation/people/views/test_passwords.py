"""Recovering and changing a password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "otra clave bien larga 9"


def ask(client: Client, email: str, callbacks) -> int:
    with callbacks(execute=True):
        response = client.post(reverse("account_reset_password"), {"email": email})
    return response.status_code


def test_link_by_mail_sets_a_new_password_once(client: Client, django_capture_on_commit_callbacks) -> None:
    user = UserFactory(name="Ana Soto")

    ask(client, user.email.upper(), django_capture_on_commit_callbacks)

    assert [message.to for message in mail.outbox] == [[user.email]]
    assert mail.outbox[0].body.startswith("Hola, Ana:")
    link = re.search(r"https?://[^/]+(/cuenta/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(form.url, {"password1": NEW, "password2": NEW})
    assert done.url == reverse("account_reset_password_from_key_done")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "_auth_user_id" not in client.session
    assert mail.outbox[-1].subject == "Su contraseña cambió"
    assert "no funciona" in Client().get(link).content.decode()


def test_answer_does_not_tell_who_has_an_account(client: Client, django_capture_on_commit_callbacks) -> None:
    user = UserFactory()

    known = ask(client, user.email, django_capture_on_commit_callbacks)
    unknown = ask(client, "nadie@example.cl", django_capture_on_commit_callbacks)

    assert known == unknown == 302
    assert len(mail.outbox) == 1


def test_one_account_gets_no_more_than_five_links_an_hour(client: Client, django_capture_on_commit_callbacks) -> None:
    user = UserFactory()

    for _ in range(7):
        ask(client, user.email, django_capture_on_commit_callbacks)

    assert len(mail.outbox) == 5


def test_closed_account_gets_no_link(client: Client, django_capture_on_commit_callbacks) -> None:
    ask(client, UserFactory(is_active=False).email, django_capture_on_commit_callbacks)

    assert mail.outbox == []


def test_link_in_the_language_of_the_account(client: Client, django_capture_on_commit_callbacks) -> None:
    ask(client, UserFactory(language="en").email, django_capture_on_commit_callbacks)

    assert mail.outbox[0].subject == "A link for your new password"


def test_changing_the_password_needs_the_current_one(client: Client) -> None:
    user = UserFactory()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    refused = client.post(
        reverse("account_change_password"), {"oldpassword": "otra", "password1": NEW, "password2": NEW}
    )
    user.refresh_from_db()
    assert refused.status_code == 200
    assert user.check_password(PASSWORD)

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize("weak", ["corta", "12345678901", "password"])
def test_weak_password_is_refused(client: Client, weak: str) -> None:
    user = UserFactory()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak})

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
