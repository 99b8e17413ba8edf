"""What every test stands on: a migrated database in milliseconds, and a few measures."""

from __future__ import annotations

import gettext
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import trans_real

from portal.foundation.ui import catalogues
from tests import database

# Generated examples come as fast as the machine makes them: no test asserts a time.
hypothesis.settings.register_profile("mejora", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("mejora")


def pytest_configure() -> None:
    """Tests read the Spanish of this moment."""
    if catalogues.compile_stale():
        # What starting Django read before is forgotten, Python's own copy too, or the first run after a
        # change reads the old texts.
        gettext._translations.clear()  # type: ignore[attr-defined]
        trans_real._translations.clear()
        trans_real._default = None


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Content is named by its argument: a PDF made in another second has another id inside.

    Two workers that collect different names for one test refuse to run any.
    """
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: a copy of the migrated template instead of migrating anew."""
    with django_db_blocker.unblock():
        prepared = database.test_database()
        prepared.set_up()
    with pytest.MonkeyPatch.context() as patch:
        # Flushing would also take away what the migrations put in, such as the site's root page.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: prepared.restore())
        yield
    with django_db_blocker.unblock():
        prepared.tear_down()


@pytest.fixture(scope="session", autouse=True)
def empty_file_stores() -> None:
    """No upload of an earlier run is left for this one."""
    for folder in (settings.MEDIA_ROOT, settings.PRIVATE_FILES_ROOT):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test sees what another one cached, nor empties the cache of a test that runs beside it.

    A country's Redis is shared by the workers of the suite, so each test has a prefix of its own, in
    the threads of a live server too. Local memory belongs to one worker and is emptied.
    """
    prefix = uuid4().hex
    caches.settings["default"]["KEY_PREFIX"] = prefix
    cache.key_prefix = prefix
    if "locmem" in caches.settings["default"]["BACKEND"]:
        cache.clear()


@pytest.fixture(autouse=True)
def spanish() -> None:
    """No test inherits the language of another one's last request."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """DATABASE_URL for a subprocess that shares this test's committed rows."""
    return database.database_url()


@pytest.fixture
def constant_queries() -> Callable[..., int]:
    """``constant_queries(client, url, make_one)``: one object and three cost the same number of queries.

    ``url`` is an address or a function that gives it once an object exists; ``make_one()`` makes
    one more object that the page shows. Returns the number of queries, for an upper bound.
    """

    def check(client: Client, url: str | Callable[[], str], make_one: Callable[[], Any]) -> int:
        make_one()
        address = url() if callable(url) else url
        assert client.get(address).status_code == 200  # also fills the caches that one process shares
        with_one = _queries(client, address)
        make_one()
        make_one()
        with_three = _queries(client, address)
        assert len(with_three) == len(with_one), "queries grow with the objects:\n" + "\n".join(with_three)
        return len(with_three)

    return check


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return [query["sql"] for query in captured.captured_queries]
