"""Where rows, cached values, queued work and files are kept, and where messages leave."""

from __future__ import annotations

from typing import Any

import environ

from portal.settings.environment import Environment

SQLITE_OPTIONS = {
    # Without IMMEDIATE, two writers that read first fail at once instead of waiting for each other.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for SQLite (one host) or PostgreSQL."""
    config = dict(environ.Env.db_url_config(environment.database_url))
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = dict(SQLITE_OPTIONS)
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return {"default": config}


def caches(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's CACHES: local memory on one host, Redis on several."""
    if environment.cache_url.startswith("locmem"):
        return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": environment.cache_url}}


def celery(environment: Environment) -> dict[str, Any]:
    """Celery's broker settings; the embedded broker is a folder of message files."""
    settings: dict[str, Any] = {"CELERY_BROKER_URL": environment.celery_broker_url}
    if environment.celery_broker_url.startswith("filesystem"):
        folder = environment.data_dir / "broker"
        for name in ("queue", "processed", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        settings["CELERY_BROKER_TRANSPORT_OPTIONS"] = {
            "data_folder_in": str(folder / "queue"),
            "data_folder_out": str(folder / "queue"),
            "processed_folder": str(folder / "processed"),
            "control_folder": str(folder / "control"),
            "store_processed": False,
            "polling_interval": 0.1,
        }
    return settings


def email(environment: Environment) -> dict[str, Any]:
    """Django's e-mail settings from EMAIL_URL."""
    schemes = {
        "console": "portal.foundation.messages.console.EmailBackend",
        "memory": "django.core.mail.backends.locmem.EmailBackend",
        "file": "django.core.mail.backends.filebased.EmailBackend",
    }
    scheme = environment.email_url.split(":", 1)[0]
    if scheme in schemes:
        return {"EMAIL_BACKEND": schemes[scheme], "EMAIL_FILE_PATH": str(environment.data_dir / "mail")}
    if scheme == "smtps":
        return dict(environ.Env.email_url_config("smtp+ssl" + environment.email_url[5:]))
    return dict(environ.Env.email_url_config(environment.email_url))


def text_messages(environment: Environment) -> dict[str, str]:
    """The gateway of text messages that SMS_URL names."""
    kind = "ConsoleGateway" if environment.sms_url.startswith("console") else "HttpGateway"
    return {"SMS_URL": environment.sms_url, "SMS_GATEWAY": f"portal.foundation.messages.gateways.{kind}"}
