"""The one typed reader of the process environment.

Every setting that an installation may change is a field of :class:`Environment`; nothing else in
the product reads ``os.environ``. A value that is missing or wrong is refused by its name, so that
whoever installs the product learns what to correct without reading code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent

DEVELOPMENT_SECRET = "development-only-secret-key-never-used-in-production"
TRUE_WORDS = {"1", "true", "yes", "on"}
SHORTEST_KEY = 32
SHORTEST_SMS_PASSWORD = 16
FALSE_WORDS = {"0", "false", "no", "off", ""}
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "EMAIL_URL",
    "SITE_URL",
    "AUDIT_KEY",
    "IDENTIFIER_KEY",
)


@dataclass(frozen=True)
class Environment:
    """What an installation chooses through environment variables."""

    secret_key: str
    debug: bool
    demo: bool
    allowed_hosts: list[str]
    database_url: str
    celery_broker_url: str
    cache_url: str
    email_url: str
    sms_url: str
    port: int
    trusted_proxy_count: int
    site_url: str
    data_dir: Path
    audit_key: str
    identifier_key: str
    audit_head_email: str
    default_from_email: str


def read_environment(source: Mapping[str, str], *, production: bool) -> Environment:
    """Read and check the environment.

    :param source: variable name → text, as ``os.environ`` gives it.
    :param production: refuse development defaults.
    :raises ImproperlyConfigured: naming each variable that is missing or has a wrong value.
    """
    reader = _Reader(source, production=production)
    port = reader.integer("PORT", 8000)
    data_dir = Path(reader.text("DATA_DIR", str(ROOT / "var")))
    environment = Environment(
        secret_key=reader.text("SECRET_KEY", DEVELOPMENT_SECRET),
        debug=reader.boolean("DEBUG", False),
        demo=reader.boolean("DEMO", False),
        allowed_hosts=reader.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"),
        database_url=reader.url(
            "DATABASE_URL", f"sqlite:///{data_dir / 'mejora.sqlite3'}", {"sqlite", "postgres", "postgresql"}
        ),
        celery_broker_url=reader.url(
            "CELERY_BROKER_URL", "filesystem://localhost", {"filesystem", "redis", "rediss", "amqp", "amqps", "memory"}
        ),
        cache_url=reader.url("CACHE_URL", "locmem://", {"locmem", "redis", "rediss"}),
        email_url=reader.url("EMAIL_URL", "console://", {"console", "smtp", "smtps", "smtp+tls", "memory", "file"}),
        sms_url=reader.url("SMS_URL", "console://", {"console", "http", "https"}),
        port=port,
        trusted_proxy_count=reader.count("TRUSTED_PROXY_COUNT", 0, most=9),
        site_url=reader.url("SITE_URL", f"http://localhost:{port}", {"http", "https"}).rstrip("/"),
        data_dir=data_dir,
        audit_key=reader.text("AUDIT_KEY", "development-only-audit-key"),
        identifier_key=reader.text("IDENTIFIER_KEY", "development-only-identifier-key"),
        audit_head_email=reader.text("AUDIT_HEAD_EMAIL", ""),
        default_from_email=reader.text("DEFAULT_FROM_EMAIL", "Mejora <no-responder@localhost>"),
    )
    if production:
        _refuse_unsafe(environment, reader)
    reader.raise_problems()
    return environment


def _refuse_unsafe(environment: Environment, reader: _Reader) -> None:
    given = environment
    refusals = {
        "DEBUG must be off in production": given.debug,
        "DEMO must be off in production": given.demo,
        "ALLOWED_HOSTS must name the hosts; «*» is refused": "*" in given.allowed_hosts,
        "SITE_URL must begin with https:// in production": not given.site_url.startswith("https://"),
        "EMAIL_URL must name a mail server in production": given.email_url.startswith(("console:", "memory:")),
        "CELERY_BROKER_URL cannot be memory:// in production": given.celery_broker_url.startswith("memory:"),
    }
    refusals |= _sms_refusals(urlsplit(given.sms_url))
    keys = {"SECRET_KEY": given.secret_key, "AUDIT_KEY": given.audit_key, "IDENTIFIER_KEY": given.identifier_key}
    for name, value in keys.items():
        refusals[f"{name} must have at least {SHORTEST_KEY} characters"] = len(value) < SHORTEST_KEY
    refusals["SECRET_KEY, AUDIT_KEY and IDENTIFIER_KEY must differ"] = len(set(keys.values())) < len(keys)
    reader.problems += [
        # A variable that is missing has been named already.
        problem
        for problem, is_so in refusals.items()
        if is_so and problem.split()[0].strip(",") not in reader.missing
    ]


def _sms_refusals(sms: SplitResult) -> dict[str, bool]:
    """A gateway is spoken to in secret, and signs what it reports with the password."""
    is_here = sms.hostname in {"localhost", "127.0.0.1", "::1"}
    names_gateway = sms.scheme in {"http", "https"}
    return {
        "SMS_URL must begin with https:// unless the gateway runs on this host": sms.scheme == "http" and not is_here,
        f"SMS_URL must carry a user and a password of at least {SHORTEST_SMS_PASSWORD} characters": names_gateway
        and not (sms.username and len(sms.password or "") >= SHORTEST_SMS_PASSWORD),
    }


class _Reader:
    """Collects every problem before it refuses, so that one start shows them all."""

    def __init__(self, source: Mapping[str, str], *, production: bool) -> None:
        self.source = source
        self.production = production
        self.problems: list[str] = []
        self.missing: set[str] = set()

    def text(self, name: str, default: str) -> str:
        value = self.source.get(name, "").strip()
        if value:
            return value
        if self.production and name in REQUIRED_IN_PRODUCTION:
            self.problems.append(f"{name} is missing")
            self.missing.add(name)
        return default

    def boolean(self, name: str, default: bool) -> bool:
        value = self.source.get(name, str(default)).strip().lower()
        if value in TRUE_WORDS:
            return True
        if value not in FALSE_WORDS:
            self.problems.append(f"{name} must be true or false, not «{value}»")
        return False

    def integer(self, name: str, default: int) -> int:
        value = self.source.get(name, "").strip() or str(default)
        if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
            return int(value)
        self.problems.append(f"{name} must be a number from 1 to 65535, not «{value}»")
        return default

    def count(self, name: str, default: int, *, most: int) -> int:
        value = self.source.get(name, "").strip() or str(default)
        if value.isascii() and value.isdigit() and int(value) <= most:
            return int(value)
        self.problems.append(f"{name} must be a number from 0 to {most}, not «{value}»")
        return default

    def words(self, name: str, default: str) -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def url(self, name: str, default: str, schemes: set[str]) -> str:
        value = self.text(name, default)
        scheme = urlsplit(value).scheme
        if scheme not in schemes:
            self.problems.append(f"{name} must begin with one of {', '.join(sorted(schemes))}, not «{scheme}»")
            return default
        return value

    def raise_problems(self) -> None:
        if self.problems:
            raise ImproperlyConfigured("Environment refused: " + "; ".join(self.problems) + ".")
