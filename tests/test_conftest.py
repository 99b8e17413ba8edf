"""The test suite's own ground."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from pytest_socket import SocketConnectBlockedError
from wagtail.models import Page

from portal.foundation.territories.models import Territory
from tests.factories.cycles import ParticipationFactory
from tests.factories.territories import MunicipalityFactory, RegionFactory, TerritoryGroupFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_starts_from_what_the_migrations_left(turn: int) -> None:
    assert Territory.objects.count() == 0
    assert Page.objects.filter(depth=1).count() == 1

    RegionFactory()
    Page.objects.all().delete()


def test_a_subprocess_shares_the_committed_rows(database_url: str) -> None:
    RegionFactory(name="Región de prueba")
    code = (
        "import django; django.setup();"
        "from portal.foundation.territories.models import Territory;"
        "print(Territory.objects.get(level='region').name)"
    )

    output = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "portal.settings.base"},
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert output == "Región de prueba\n"


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_no_test_reaches_the_network() -> None:
    with pytest.raises(SocketConnectBlockedError), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))


@pytest.mark.django_db
def test_territories_of_the_factories_hang_together() -> None:
    region = RegionFactory(code="RX")
    municipality = MunicipalityFactory(parent__parent=region, parent__code="PX", code="CX")
    group = TerritoryGroupFactory(lead=municipality)
    participation = ParticipationFactory(municipality=municipality)

    assert municipality.path == "CL/RX/PX/CX"
    assert municipality.region == region
    assert list(Territory.objects.within(region).municipalities()) == [municipality]
    assert list(group.members.all()) == [municipality]
    assert participation.cycle.year == 2026


@pytest.mark.xdist_group("together")
def test_the_group_of_a_test_reaches_the_scheduler(request: pytest.FixtureRequest) -> None:
    """pytest 9.2 hid it from pytest-xdist 3.8: the demonstration was then built by both processes."""
    on_two_processes = "PYTEST_XDIST_WORKER" in os.environ

    assert request.node.nodeid.endswith("@together") == on_two_processes
