"""The test database: migrated once per set of migrations, then copied.

Migrating takes most of a minute and copying a few milliseconds. The template is named by the digest of
every migration and data file, so it cannot go stale, and every run and every transactional test
starts from exactly what the migrations leave behind.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

FOLDER = settings.ROOT / "var" / "test"
CHECKOUT = hashlib.sha256(str(settings.ROOT).encode()).hexdigest()[:6]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def migrations_digest() -> str:
    """Twelve hexadecimal digits that change with any migration, data file or list of applications."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for config in apps.get_app_configs():
        for folder in ("migrations", "data"):
            for path in sorted(Path(config.path, folder).rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    digest.update(f"{config.label}/{path.name}".encode())
                    digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class TestDatabase:
    """A worker's own copy of the migrated template."""

    __test__ = False

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def set_up(self) -> None:
        """Build the template unless it is there, then point Django at a fresh copy of it."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time():
            if not self.has_template():
                self.build_template()
        connect_to(self.name)
        self.restore()

    def restore(self) -> None:
        """Put back exactly what the migrations left."""
        connections.close_all()
        self.copy_template()

    def _migrate(self, name: str) -> None:
        connect_to(name)
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=False)
        connection.close()

    # What each kind of database does in its own way
    name: str

    def has_template(self) -> bool:
        raise NotImplementedError

    def build_template(self) -> None:
        raise NotImplementedError

    def copy_template(self) -> None:
        raise NotImplementedError

    def tear_down(self) -> None:
        connections.close_all()


class SqliteDatabase(TestDatabase):
    """A file, not memory: browser and concurrency tests open it from several threads and processes."""

    def __init__(self, digest: str, user: str) -> None:
        super().__init__(digest)
        self.template = FOLDER / f"template-{digest}.sqlite3"
        self.name = str(FOLDER / f"test-{user}.sqlite3")

    def has_template(self) -> bool:
        return self.template.exists()

    def build_template(self) -> None:
        for old in FOLDER.glob("template-*.sqlite3*"):
            old.unlink()
        draft = FOLDER / "template-draft.sqlite3"
        self._migrate(str(draft))
        with sqlite3.connect(draft) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        draft.rename(self.template)

    def set_up(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(self.name + suffix).unlink(missing_ok=True)
        super().set_up()

    def copy_template(self) -> None:
        if not Path(self.name).exists():
            shutil.copyfile(self.template, self.name)
            return
        source, target = sqlite3.connect(self.template), sqlite3.connect(self.name, timeout=20)
        source.backup(target)
        source.close()
        target.close()


class PostgresqlDatabase(TestDatabase):
    """Copies made by the server itself (``CREATE DATABASE … TEMPLATE``)."""

    def __init__(self, digest: str, user: str) -> None:
        super().__init__(digest)
        self.prefix = f"mejora_test_{CHECKOUT}_"
        self.template = f"{self.prefix}template_{digest}"
        self.name = f"{self.prefix}{user}"

    def has_template(self) -> bool:
        return self.template in self._databases()

    def build_template(self) -> None:
        for old in self._databases():
            if old.startswith(f"{self.prefix}template"):
                self._run("DROP DATABASE {} WITH (FORCE)", old)
        draft = f"{self.prefix}template_draft"
        self._run("CREATE DATABASE {}", draft)
        self._migrate(draft)
        self._run("ALTER DATABASE {} RENAME TO {}", draft, self.template)

    def copy_template(self) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        self._run("CREATE DATABASE {} TEMPLATE {}", self.name, self.template)

    def tear_down(self) -> None:
        super().tear_down()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    def _databases(self) -> list[str]:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return [row[0] for row in cursor.fetchall()]

    def _run(self, statement: str, *names: str) -> None:
        from psycopg import sql

        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)).as_string(cursor.connection))


def test_database(user: str = WORKER) -> TestDatabase:
    """The kind of test database that DATABASE_URL asks for; each ``user`` has one of its own."""
    kind = SqliteDatabase if connection.vendor == "sqlite" else PostgresqlDatabase
    return kind(migrations_digest(), user)


test_database.__test__ = False  # type: ignore[attr-defined]


def database_url() -> str:
    """DATABASE_URL for a process that is to share this worker's test database."""
    config: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    login = ":".join(part for part in (config["USER"], config["PASSWORD"]) if part)
    return f"postgres://{login}@{config['HOST'] or '127.0.0.1'}:{config['PORT'] or 5432}/{config['NAME']}"


def connect_to(name: str) -> None:
    """From now on Django uses the database of that name, on the same server."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (FOLDER / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_UN)
