"""The heatmap: its data, its pages, what they weigh."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from portal.dashboards.queries.heatmap import Wanted, heatmap
from portal.foundation.cycles.models import Cycle
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from quality import scoring
from quality.enums import Series
from quality.models import LevelRecord, Standard
from quality.queries import catalogue
from tests.benchmarks.framework import Bench, at_most, measure
from tests.factories.people import sign_in

FULL_YEAR = 2090
ON = date(FULL_YEAR, 6, 1)


def full_cycle() -> Cycle:
    """A year in which all 345 municipalities have all levels, which no seed makes."""
    last = Cycle.objects.exclude(year=FULL_YEAR).order_by("-year").first()
    assert last is not None
    cycle, is_new = Cycle.objects.get_or_create(
        year=FULL_YEAR,
        defaults={
            "name": str(FULL_YEAR),
            "starts_on": date(FULL_YEAR, 1, 1),
            "ends_on": date(FULL_YEAR, 12, 31),
            "catalogue_version": last.catalogue_version,
            "is_demo": True,
        },
    )
    if is_new:
        _fill(cycle)
    return cycle


def _fill(cycle: Cycle) -> None:
    recorder, standards = User.objects.order_by("pk")[0], catalogue.standards(catalogue.version_for(cycle))
    LevelRecord.objects.bulk_create(
        (
            _record(cycle, municipality, standard, recorder)
            for municipality in Territory.objects.municipalities()
            for standard in standards
        ),
        batch_size=2000,
    )


def _record(cycle: Cycle, municipality: Territory, standard: Standard, recorder: User) -> LevelRecord:
    level = (municipality.pk * 7 + standard.pk * 3) % 4
    return LevelRecord(
        municipality=municipality,
        cycle=cycle,
        standard=standard,
        series=Series.SELF_ASSESSED,
        level=level,
        gap_to_met=scoring.gap(level, cycle.met_at),
        gap_to_consolidated=scoring.gap(level, cycle.consolidated_at),
        dated_on=cycle.starts_on,
        source_type="cycles.cycle",
        source_id=str(cycle.pk),
        recorded_by=recorder,
        recorded_at=recorder.date_joined,
    )


def somebody(role: Role) -> User:
    """A user of the seed with the role; of the regional ones, that of the most municipalities."""
    held = RoleAssignment.objects.filter(role=role).select_related("user", "territory")
    places = Territory.objects.municipalities()
    return max(held, key=lambda assignment: places.within(assignment.territory).count()).user


def region_of(user: User) -> Territory | None:
    return Territory.objects.regions().visible_to(user).first()


def data_of(role: Role) -> tuple[User, Territory | None, Wanted]:
    user = somebody(role)
    territory = region_of(user) if role == Role.REGIONAL_TEAM else None
    return user, territory, Wanted(full_cycle(), only_participating=False)


def milliseconds_of_data(bench: Bench, role: Role) -> float:
    user, territory, wanted = data_of(role)
    return bench.milliseconds(lambda: heatmap(territory=territory, wanted=wanted, user=user, on=ON))


def page(role: Role) -> Any:
    client = sign_in(Client(headers={"host": "localhost"}), somebody(role))
    full_cycle()
    return lambda: client.get("/region/", {"ciclo": FULL_YEAR, "municipios": "todas"})


@measure("Heatmap, data of the largest region", at_most(60, "ms"))
def regional_data(bench: Bench) -> float:
    return milliseconds_of_data(bench, Role.REGIONAL_TEAM)


@measure("Heatmap, data of 345 municipalities", at_most(60, "ms"))
def national_data(bench: Bench) -> float:
    return milliseconds_of_data(bench, Role.NATIONAL_TEAM)


@measure("Heatmap, page of the largest region", at_most(100, "ms"))
def regional_page(bench: Bench) -> float:
    return bench.milliseconds(page(Role.REGIONAL_TEAM))


@measure("Heatmap, queries of the regional page", at_most(20, "queries"))
def regional_queries(bench: Bench) -> float:
    return bench.queries(page(Role.REGIONAL_TEAM))


@measure("Heatmap, regional page", at_most(120, "KB"))
def regional_weight(bench: Bench) -> float:
    return len(page(Role.REGIONAL_TEAM)().content) / 1024
