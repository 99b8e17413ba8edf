"""What an installation may set, and how a wrong value is refused."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import storage
from portal.settings.environment import REQUIRED_IN_PRODUCTION, ROOT, read_environment

GOOD = {
    "SECRET_KEY": "s" * 32,
    "AUDIT_KEY": "a" * 32,
    "IDENTIFIER_KEY": "i" * 32,
    "ALLOWED_HOSTS": "mejora.example.cl",
    "SITE_URL": "https://mejora.example.cl",
    "DATABASE_URL": "postgres://mejora@db.example.cl/mejora",
    "EMAIL_URL": "smtp+tls://user:pass@mail.example.cl:587",
}


def start(settings: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start Django in a fresh process that knows ``variables`` alone."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": settings, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def refusal(**variables: str) -> str:
    with pytest.raises(ImproperlyConfigured) as error:
        read_environment(GOOD | variables, production=True)
    return str(error.value)


def test_without_any_variable_a_developer_has_all_he_needs() -> None:
    environment = read_environment({}, production=False)

    assert environment.port == 8000
    assert (environment.debug, environment.demo) == (False, False)
    assert environment.database_url == f"sqlite:///{ROOT / 'var' / 'mejora.sqlite3'}"
    assert environment.site_url == "http://localhost:8000"


def test_production_starts_with_good_values(tmp_path) -> None:
    result = start("portal.settings.production", DATA_DIR=str(tmp_path), **GOOD)

    assert result.stderr == ""
    assert result.returncode == 0


def test_production_names_every_missing_variable_at_once(tmp_path) -> None:
    result = start("portal.settings.production", DATA_DIR=str(tmp_path))

    refused = result.stderr.strip().splitlines()[-1]
    raised, _, problems = refused.partition("Environment refused: ")
    assert raised == "django.core.exceptions.ImproperlyConfigured: "
    assert sorted(problems.rstrip(".").split("; ")) == sorted(f"{name} is missing" for name in REQUIRED_IN_PRODUCTION)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DEBUG", "true", "DEBUG must be off in production"),
        ("DEMO", "true", "DEMO must be off in production"),
        ("DEBUG", "maybe", "DEBUG must be true or false, not «maybe»"),
        ("SMS_URL", "smpp://x", "SMS_URL must begin with one of console, http, https, not «smpp»"),
        (
            "SMS_URL",
            "http://user:password-of-enough@sms.example.cl",
            "SMS_URL must begin with https:// unless the gateway runs on this host",
        ),
        (
            "SMS_URL",
            "https://sms.example.cl",
            "SMS_URL must carry a user and a password of at least 16 characters",
        ),
        (
            "SMS_URL",
            "https://user:short@sms.example.cl",
            "SMS_URL must carry a user and a password of at least 16 characters",
        ),
        ("PORT", "0", "PORT must be a number from 1 to 65535, not «0»"),
        ("PORT", "８０", "PORT must be a number from 1 to 65535, not «８０»"),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 32 characters"),
        ("AUDIT_KEY", "short", "AUDIT_KEY must have at least 32 characters"),
        ("AUDIT_KEY", "s" * 32, "SECRET_KEY, AUDIT_KEY and IDENTIFIER_KEY must differ"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name the hosts; «*» is refused"),
        ("SITE_URL", "http://mejora.example.cl", "SITE_URL must begin with https:// in production"),
        ("SITE_URL", "ftp://x", "SITE_URL must begin with one of http, https, not «ftp»"),
        ("EMAIL_URL", "console://", "EMAIL_URL must name a mail server in production"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must begin with one of postgres, postgresql, sqlite, not «mysql»"),
        ("CACHE_URL", "file:///x", "CACHE_URL must begin with one of locmem, redis, rediss, not «file»"),
        ("CELERY_BROKER_URL", "memory://", "CELERY_BROKER_URL cannot be memory:// in production"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, problem: str) -> None:
    assert problem in refusal(**{name: value})


def test_production_has_no_code_that_opens_a_second_factor(tmp_path) -> None:
    """Even where the environment's own refusal is taken away."""
    code = (
        "from portal.settings import environment; environment._refuse_unsafe = lambda *given: None;"
        "from portal.settings import production; print(production.DEMO, production.DEMO_SECOND_FACTOR_CODE)"
    )
    variables = {"DJANGO_SETTINGS_MODULE": "portal.settings.production", "DATA_DIR": str(tmp_path), "DEMO": "true"}

    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], **GOOD, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert result.stdout == "False None\n"


def test_the_refusal_never_shows_a_key() -> None:
    assert "hunter2-hunter2" not in refusal(SECRET_KEY="hunter2-hunter2", ALLOWED_HOSTS="*")


@pytest.mark.parametrize("url", ["postgres://mejora:secret@db/mejora", "postgresql://mejora:secret@db/mejora"])
def test_postgresql_connections_are_kept_and_checked(url: str) -> None:
    environment = read_environment({"DATABASE_URL": url}, production=False)

    database = storage.databases(environment)["default"]

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["HOST"]) == ("mejora", "mejora", "db")
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)


def test_sqlite_writers_wait_for_each_other() -> None:
    database = storage.databases(read_environment({}, production=False))["default"]

    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("url", "use_tls", "use_ssl"),
    [
        ("smtp+tls://u:p@mail:587", True, False),
        ("smtps://u:p@mail:465", False, True),
        ("smtp://u:p@mail:25", False, False),
    ],
)
def test_mail_servers(url: str, use_tls: bool, use_ssl: bool) -> None:
    email = storage.email(read_environment({"EMAIL_URL": url}, production=False))

    assert email["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (email["EMAIL_HOST"], email["EMAIL_HOST_USER"], email["EMAIL_HOST_PASSWORD"]) == ("mail", "u", "p")
    assert (bool(email.get("EMAIL_USE_TLS")), bool(email.get("EMAIL_USE_SSL"))) == (use_tls, use_ssl)


def test_the_embedded_broker_keeps_its_messages_in_the_data_folder(tmp_path) -> None:
    environment = read_environment({"DATA_DIR": str(tmp_path)}, production=False)

    options = storage.celery(environment)["CELERY_BROKER_TRANSPORT_OPTIONS"]

    assert options["data_folder_in"] == str(tmp_path / "broker" / "queue")
    assert (tmp_path / "broker" / "queue").is_dir()


@pytest.mark.parametrize(
    ("address", "gateway"),
    [
        ("console://", "ConsoleGateway"),
        ("https://mejora:una-clave-bien-larga@sms.example.cl/v1", "HttpGateway"),
        ("http://mejora:una-clave-bien-larga@127.0.0.1:8090", "HttpGateway"),
    ],
)
def test_the_gateway_of_text_messages_is_chosen_by_one_variable(address: str, gateway: str) -> None:
    environment = read_environment(GOOD | {"SMS_URL": address}, production=True)

    chosen = storage.text_messages(environment)

    assert chosen == {"SMS_URL": address, "SMS_GATEWAY": f"portal.foundation.messages.gateways.{gateway}"}
