"""Every way in leads through the second factor, and none goes round it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.foundation.people import identifiers
from portal.foundation.people.account_forms import CODES_PER_ACCOUNT
from portal.foundation.people.domain.assignments import assign_role
from portal.foundation.people.models import User
from portal.foundation.people.roles import Role
from portal.settings.access import second_factor_code
from tests.factories.people import LONG_AGO, PASSWORD, UserFactory, sign_in, user_with_role, with_second_factor
from tests.factories.territories import CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

OWN = "people:own_account"


@pytest.fixture
def coordinator() -> User:
    return user_with_role(Role.COORDINATOR, MunicipalityFactory())


def code_for(secret: str, *, step: int = 1) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


def secret_of(user: User) -> str:
    return identifiers.decrypt(with_second_factor(user).data["secret"])


def write_password(client: Client, user: User, password: str = PASSWORD, **extra: str):
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **extra)


def test_password_alone_signs_in_whoever_holds_no_role(client: Client) -> None:
    response = write_password(client, UserFactory())

    assert response.status_code == 302
    assert client.get(reverse(OWN)).status_code == 200


def test_coordinator_without_authenticator_is_sent_to_set_one_up(client: Client, coordinator: User) -> None:
    write_password(client, coordinator)

    response = client.get(reverse(OWN))

    assert response.url == f"{reverse('mfa_activate_totp')}?next={reverse(OWN).replace('/', '%2F')}"
    assert client.get(response.url).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_passes_this_session_and_gives_recovery_codes(client: Client, coordinator: User) -> None:
    write_password(client, coordinator)
    client.get(reverse("mfa_activate_totp"))
    picture = client.get(reverse("totp_qr"))
    before = client.session.session_key

    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(client.session[SECRET_SESSION_KEY])})

    assert picture["Content-Type"] == "image/svg+xml"
    assert response.url == reverse("mfa_view_recovery_codes")
    assert client.session.session_key != before
    assert client.get(reverse(OWN)).status_code == 200
    page = client.get(response.url).content.decode()
    codes = RecoveryCodes(Authenticator.objects.get(user=coordinator, type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10
    assert all(code in page for code in codes)


def test_secret_is_kept_encrypted(coordinator: User) -> None:
    secret = secret_of(coordinator)

    stored = Authenticator.objects.get(user=coordinator).data["secret"]

    assert secret not in stored


def test_password_with_authenticator_waits_for_the_code(client: Client, coordinator: User) -> None:
    secret = secret_of(coordinator)

    first = write_password(client, coordinator)

    assert first.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    second = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert second.status_code == 302
    assert client.get(reverse(OWN)).status_code == 200


def test_wrong_code_does_not_sign_in(client: Client, coordinator: User) -> None:
    right = code_for(secret_of(coordinator))
    wrong = "111111" if right != "111111" else "222222"
    write_password(client, coordinator)

    response = client.post(reverse("mfa_authenticate"), {"code": wrong})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_code_does_not_pass_twice(coordinator: User) -> None:
    code = code_for(secret_of(coordinator))
    one, other = Client(), Client()
    for client in (one, other):
        write_password(client, coordinator)
    one.post(reverse("mfa_authenticate"), {"code": code})

    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}):
        response = other.post(reverse("mfa_authenticate"), {"code": code})

    assert response.status_code == 200
    assert "_auth_user_id" in one.session
    assert "_auth_user_id" not in other.session


def test_codes_cannot_be_guessed_without_end(client: Client, coordinator: User) -> None:
    secret = secret_of(coordinator)
    write_password(client, coordinator)
    for number in range(10):
        client.post(reverse("mfa_authenticate"), {"code": f"99999{number}"})

    response = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_recovery_code_passes_once(coordinator: User) -> None:
    with_second_factor(coordinator)
    code = RecoveryCodes.activate(coordinator).get_unused_codes()[0]
    answers = []
    for client in (Client(), Client()):
        write_password(client, coordinator)
        client.post(reverse("mfa_authenticate"), {"code": code})
        answers.append("_auth_user_id" in client.session)

    assert answers == [True, False]


def test_session_opened_by_another_door_must_still_pass(client: Client, coordinator: User) -> None:
    with_second_factor(coordinator)
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")

    for name in (
        OWN,
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "account_reauthenticate",
        "account_change_password",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ):
        response = client.get(reverse(name))
        assert response.status_code == 302, name
        assert response.url.startswith(reverse("mfa_reauthenticate")), name


def test_confirming_with_the_code_opens_such_a_session(client: Client, coordinator: User) -> None:
    secret = secret_of(coordinator)
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse(OWN)).url

    response = client.post(page, {"code": code_for(secret)})

    assert response.url == reverse(OWN)
    assert client.get(reverse(OWN)).status_code == 200


def test_posts_are_stopped_too(client: Client, coordinator: User) -> None:
    with_second_factor(coordinator)
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.post(reverse(OWN), {"name": "Otra", "language": "en"})

    assert response.status_code == 302
    coordinator.refresh_from_db()
    assert coordinator.name != "Otra"


def test_record_of_another_user_does_not_count(client: Client, coordinator: User) -> None:
    other = user_with_role(Role.COORDINATOR, MunicipalityFactory())
    sign_in(client, other)
    records = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    with_second_factor(coordinator)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session.save()

    assert client.get(reverse(OWN)).status_code == 302


def test_record_of_a_removed_authenticator_does_not_count(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    Authenticator.objects.filter(user=coordinator).delete()

    response = client.get(reverse(OWN))

    assert response.url.startswith(reverse("mfa_activate_totp"))


def test_role_given_after_signing_in_asks_for_the_second_factor(client: Client) -> None:
    user = UserFactory()
    write_password(client, user)
    assert client.get(reverse(OWN)).status_code == 200

    user_with_role(Role.REGIONAL_TEAM, MunicipalityFactory().region, user=user)

    assert client.get(reverse(OWN)).status_code == 302


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True}])
def test_administrators_need_it_without_any_role(client: Client, fields: dict[str, bool]) -> None:
    client.force_login(UserFactory(**fields), backend="allauth.account.auth_backends.AuthenticationBackend")

    for url in ("/cms/", "/django-admin/", reverse(OWN)):
        assert client.get(url).url.startswith(reverse("mfa_activate_totp")), url


@pytest.mark.parametrize("url", ["/cms/login/", "/django-admin/login/", "/_util/login/", "/en/_util/login/"])
def test_other_sign_in_pages_lead_to_ours(client: Client, url: str) -> None:
    response = client.get(f"{url}?next=/cms/pages/")

    assert response.status_code == 302
    assert response.url.removeprefix("/en") == "/cuenta/ingresar/?next=/cms/pages/"


@pytest.mark.parametrize("url", ["/cms/login/", "/django-admin/login/", "/_util/login/", "/en/_util/login/"])
def test_other_sign_in_pages_take_no_password(client: Client, coordinator: User, url: str) -> None:
    client.post(url, {"username": coordinator.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_redirect_goes_nowhere_else(client: Client) -> None:
    response = client.get("/cms/login/?next=https://example.com/")

    assert response.url == reverse("account_login")


def test_admin_pages_ask_visitors_to_sign_in_at_ours(client: Client) -> None:
    assert client.get("/cms/", follow=True).redirect_chain[-1][0] == f"{reverse('account_login')}?next=/cms/"
    assert client.get("/django-admin/").status_code == 302


@pytest.mark.parametrize("url", ["/cms/", "/cms/pages/", "/django-admin/"])
def test_administration_refuses_whoever_is_signed_in_without_the_right(client: Client, url: str) -> None:
    sign_in(client, user_with_role(Role.TEAM_MEMBER, MunicipalityFactory()))

    answer = client.get(url, follow=True)

    assert answer.status_code == 403


def test_an_editor_reaches_the_content_system_from_the_navigation(client: Client) -> None:
    editor = UserFactory()
    assign_role(
        user=editor, role=Role.EDITOR, territory=CountryFactory(), starts_on=LONG_AGO, by=None, at=timezone.now()
    )
    page = sign_in(client, editor).get(reverse("dashboards:tasks")).content.decode()

    assert 'href="/cms/"' in page
    assert client.get("/cms/").status_code == 200


def test_password_reset_of_the_content_system_is_closed(client: Client) -> None:
    assert client.get("/cms/password_reset/").status_code == 404


def test_nobody_signs_up(client: Client) -> None:
    response = client.post(
        reverse("account_signup"), {"email": "nueva@example.cl", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert response.status_code == 200
    assert not User.objects.filter(email="nueva@example.cl").exists()


@pytest.mark.parametrize("path", ["email/", "social/connections/", "3rdparty/", "login/code/", "2fa/webauthn/"])
def test_doors_not_offered_do_not_exist(client: Client, path: str) -> None:
    assert client.get(f"/cuenta/{path}").status_code == 404


def test_closed_account_does_not_sign_in(client: Client) -> None:
    write_password(client, UserFactory(is_active=False))

    assert "_auth_user_id" not in client.session


def test_guessing_one_account_from_one_address_is_locked_and_explained(client: Client) -> None:
    user, colleague = UserFactory(), UserFactory()
    for _ in range(5):
        response = write_password(client, user, "equivocada")

    assert response.status_code == 429
    assert "Demasiados intentos" in response.content.decode()
    write_password(client, user)
    assert "_auth_user_id" not in client.session
    write_password(client, colleague)
    assert client.session["_auth_user_id"] == str(colleague.pk)


def test_guessing_does_not_depend_on_the_spelling_of_the_address(client: Client) -> None:
    user = UserFactory(email="ana@example.cl")
    for login in ("ana@example.cl", "ANA@example.cl", "Ana@Example.cl", "aNa@example.cl", "anA@example.cl"):
        response = client.post(reverse("account_login"), {"login": login, "password": "equivocada"})

    assert response.status_code == 429
    write_password(client, user)
    assert "_auth_user_id" not in client.session


def test_session_is_renewed_at_sign_in(client: Client) -> None:
    client.get(reverse("account_login"))
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key

    write_password(client, UserFactory())

    assert client.session.session_key != session.session_key


def test_the_printed_code_exists_only_in_a_demonstration(coordinator: User) -> None:
    assert second_factor_code(demo=True) == "000000"
    assert second_factor_code(demo=False) is None
    secret_of(coordinator)
    client = Client()
    write_password(client, coordinator)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "settings",
    [
        {"DEMO_SECOND_FACTOR_CODE": "000000"},
        {"DEMO": True},
        {"DEBUG": True, "DEMO_SECOND_FACTOR_CODE": "000000"},
    ],
)
def test_the_printed_code_is_refused_outside_a_demonstration_even_when_set(
    coordinator: User, settings: dict[str, Any]
) -> None:
    secret_of(coordinator)
    client = Client()
    write_password(client, coordinator)

    with override_settings(**settings):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "_auth_user_id" not in client.session


@override_settings(DEMO=True, DEMO_SECOND_FACTOR_CODE="000000")
def test_the_printed_code_opens_a_demonstration_again_and_again(coordinator: User) -> None:
    secret_of(coordinator)
    for _time in range(CODES_PER_ACCOUNT + 1):
        client = Client()
        write_password(client, coordinator)

        client.post(reverse("mfa_authenticate"), {"code": "000 000"})

        assert "_auth_user_id" in client.session


@override_settings(DEMO=True, DEMO_SECOND_FACTOR_CODE="000000")
def test_in_a_demonstration_a_wrong_code_is_still_wrong(coordinator: User) -> None:
    secret_of(coordinator)
    client = Client()
    write_password(client, coordinator)

    client.post(reverse("mfa_authenticate"), {"code": "000001"})

    assert "_auth_user_id" not in client.session


@override_settings(DEMO=True, DEMO_SECOND_FACTOR_CODE="000000")
def test_in_a_demonstration_whoever_is_invited_sets_up_the_second_factor_by_the_printed_code(
    coordinator: User,
) -> None:
    client = Client()
    write_password(client, coordinator)

    client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert Authenticator.objects.filter(user=coordinator, type=Authenticator.Type.TOTP).exists()


def test_password_is_asked_again_later_for_what_changes_the_sign_in(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": time.time() - 3600} for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()

    response = client.get(reverse("mfa_deactivate_totp"))

    assert response.url.startswith(reverse("account_reauthenticate"))
    again = client.post(response.url, {"password": PASSWORD})
    assert again.url == reverse("mfa_deactivate_totp")
    assert client.get(again.url).status_code == 200


def test_signing_out_has_the_browser_forget_what_was_read(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)

    response = client.post(reverse("account_logout"))

    assert response["Clear-Site-Data"] == '"cache"'
    assert client.get(reverse(OWN)).status_code == 302


class TestASessionThatEnded:
    def test_a_form_is_told_so_and_nothing_typed_is_lost_on_the_way(self):
        page = reverse("people:own_account")

        answer = Client().post(page, {"name": "Rosa"}, headers={"referer": f"http://testserver{page}"})

        text = answer.content.decode()
        assert answer.status_code == 403
        assert "Su sesión terminó" in text
        assert f"?next=http%3A//testserver{page}" in text

    def test_a_page_is_asked_for_again_after_signing_in(self):
        page = reverse("people:own_account")

        assert Client().get(page).headers["Location"] == f"{reverse('account_login')}?next={page}"
