"""The demonstration is built by the real verbs, so it breaks here when one of them changes."""

from __future__ import annotations

import re
from collections import Counter
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from plans.models import Action, ImprovementPlan
from portal.demo.sizes import COUNTRY
from portal.demo.timeline import Timeline
from portal.foundation.audit.domain import seal
from portal.foundation.audit.verification import verify
from portal.foundation.cycles.models import Cycle, Participation, Stage
from portal.foundation.people.models import DataRequest, RetentionRun, User
from portal.foundation.territories.models import Territory
from quality.models import Assessment, LevelRecord
from tests.demo.country.conftest import NOW

pytestmark = pytest.mark.xdist_group("demo")  # one worker builds it for all


@pytest.mark.usefixtures("small_country")
def test_the_small_country_shows_every_step_of_the_cycle() -> None:
    assert Territory.objects.municipalities().count() == 345
    assert list(Cycle.objects.order_by("year").values_list("year", "is_demo")) == [(2025, True), (2026, True)]
    assert Participation.objects.filter(cycle__year=2026).count() == 6
    assert Counter(Assessment.objects.filter(cycle__year=2026).values_list("state", flat=True)) == {
        "submitted": 5,
        "draft": 1,
    }
    assert Counter(ImprovementPlan.objects.values_list("state", flat=True)) == {
        "closed": 4,
        "in_force": 2,
        "draft": 1,
        "proposed": 1,
    }
    waiting = {"done", "in_progress", "rejected", "verified", "carried_over"}
    assert waiting <= set(Action.objects.values_list("state", flat=True))
    assert Counter(DataRequest.objects.values_list("state", flat=True)) == {"answered": 1, "open": 2}
    assert {run.state for run in RetentionRun.objects.all()} == {"done"}
    assert LevelRecord.objects.filter(recorded_at__gt=NOW).count() == 0
    seal(at=NOW)
    assert verify(at=NOW) == []


@pytest.mark.usefixtures("small_country")
def test_a_seeded_database_is_left_alone() -> None:
    users = User.objects.count()

    call_command("seed_demo", if_empty=True)

    assert User.objects.count() == users
    with pytest.raises(CommandError, match="empty"):
        call_command("seed_demo")


@pytest.mark.usefixtures("small_country")
def test_the_sign_ins_are_printed_with_their_roles() -> None:
    printed = StringIO()

    call_command("demo_sign_ins", stdout=printed)

    named = re.findall(r"^\| `([\w.-]+)`", (settings.ROOT / "README.md").read_text().split("## Work on it")[0], re.M)
    printed_names = re.findall(r"^  ([\w.-]+)@demo.example .* · ", printed.getvalue(), re.M)
    assert printed_names == named
    assert "Encargada" in printed.getvalue() or "Encargado" in printed.getvalue()
    assert "Contraseña de todas: demostracion-2026" in printed.getvalue()
    assert "000000" not in printed.getvalue()  # tests run without DEMO


def test_the_country_is_as_large_as_the_programme() -> None:
    stages = Counter(stage for stage, _story in COUNTRY.named.values()) + Counter(COUNTRY.drawn)

    assert stages == {Stage.NEW: 13, Stage.CONTINUITY: 15, Stage.CONSOLIDATION: 32}


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_nothing_happens_in_the_future(share: float) -> None:
    assert Timeline(2026, NOW).moment(share) <= NOW
    assert Timeline(2025, NOW).moment(share).year == 2025
