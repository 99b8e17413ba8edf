"""A municipality with its services, a point of service, and an application's key, on one day of March."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from portal.foundation.territories.models import ServicePoint, Territory
from tests.factories.complaints import category
from tests.factories.open311 import NOW, issued_key
from tests.factories.territories import MunicipalityFactory, ServicePointFactory
from tests.surveys.api.client import GeoReport


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here(db: None) -> Territory:
    for code in ("R09", "R11", "R16"):
        category(code)
    return MunicipalityFactory(name="Quillota", slug="quillota", time_zone="America/Santiago")


@pytest.fixture
def point(here: Territory) -> ServicePoint:
    return ServicePointFactory(territory=here, name="Oficina central", address="Maipú 330")


@pytest.fixture(params=["json", "xml"])
def api(request: pytest.FixtureRequest, here: Territory) -> GeoReport:
    return GeoReport(request.param, "quillota", issued_key().secret)
