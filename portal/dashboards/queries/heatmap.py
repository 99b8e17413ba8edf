"""What the heatmap shows: municipalities (by stage, then by name, never by score) × standards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.cycles.models import Cycle, Participation, ParticipationStatus, Stage
from portal.foundation.people.roles import NATIONAL_ROLES, REGIONAL_ROLES
from portal.foundation.territories.models import Territory
from quality.enums import Series, Transparency
from quality.models import Component, Standard
from quality.queries import catalogue
from quality.queries.gaps import MEASURES, Cell, heatmap_cells

STAGE_ORDER = {stage: position for position, stage in enumerate(Stage.values)}
NO_STAGE = ""


@dataclass(frozen=True)
class Wanted:
    """What a reader asks the heatmap for."""

    cycle: Cycle
    series: str = Series.SELF_ASSESSED
    measure: str = "level"
    stage: str = ""
    component: str = ""
    subset: str = ""
    only_participating: bool = True

    def shows(self, standard: Standard) -> bool:
        return (
            self.component in ("", standard.component.code)
            and (self.subset != "critical" or standard.critical)
            and (self.subset != "transparency" or standard.transparency != Transparency.NONE)
        )


@dataclass(frozen=True)
class Row:
    """A municipality. ``cells`` are in the order of the standards; None was never measured."""

    municipality: Territory
    stage: str
    cells: Sequence[Cell | None]

    @property
    def measured(self) -> int:
        return sum(cell is not None and cell.level is not None for cell in self.cells)

    @property
    def met(self) -> int:
        return sum(cell is not None and cell.gap_to_met == 0 for cell in self.cells)

    @property
    def has_data(self) -> bool:
        return any(cell is not None for cell in self.cells)


@dataclass(frozen=True)
class StageGroup:
    """``stage`` is :data:`NO_STAGE` for those that do not take part."""

    stage: str
    rows: Sequence[Row]

    @property
    def label(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""


@dataclass(frozen=True)
class Heatmap:
    wanted: Wanted
    standards: Sequence[Standard]
    rows: Sequence[Row]

    @property
    def components(self) -> list[tuple[Component, int]]:
        """Each component with the number of its standards, in order: the table's upper heading."""
        counts: dict[int, tuple[Component, int]] = {}
        for standard in self.standards:
            component, count = counts.get(standard.component_id, (standard.component, 0))
            counts[standard.component_id] = (component, count + 1)
        return list(counts.values())

    @property
    def with_data(self) -> int:
        return sum(row.has_data for row in self.rows)

    @property
    def stages(self) -> list[StageGroup]:
        return stages_of(self.rows)

    def by_region(self) -> list[tuple[Territory, Sequence[Row]]]:
        """The rows of each region, in the regions' order."""
        groups: dict[int, tuple[Territory, list[Row]]] = {}
        for row in self.rows:
            region = row.municipality.region
            groups.setdefault(region.pk, (region, []))[1].append(row)
        return sorted(groups.values(), key=lambda group: group[0].code)

    def value(self) -> Callable[[Cell], int | None]:
        """The number of a cell under the measure asked for; None where it cannot be said."""
        return MEASURES[self.wanted.measure]


def regions_of(user: Any) -> list[Territory]:
    """The regions that the user follows as regional or national team; none for municipal teams."""
    condition = user.scope.territories("pk", "path", roles=REGIONAL_ROLES | NATIONAL_ROLES)
    return list(Territory.objects.regions().filter(condition).order_by("code"))


def heatmap(*, territory: Territory | None, wanted: Wanted, user: Any, on: date) -> Heatmap:
    """The heatmap of ``territory`` (None: everything the user sees), from six queries however large.

    :param on: the day on which evidence is judged old.
    """
    standards = [
        standard for standard in catalogue.standards(catalogue.version_for(wanted.cycle)) if wanted.shows(standard)
    ]
    municipalities = _municipalities(territory, wanted, user)
    cells = heatmap_cells(
        territories=[municipality for municipality, _stage in municipalities],
        cycle=wanted.cycle,
        series=wanted.series,
        user=user,
        on=on,
    )
    ids = [standard.pk for standard in standards]
    none: dict[int, Cell] = {}
    rows = [
        Row(municipality, stage, list(map(cells.get(municipality.pk, none).get, ids)))
        for municipality, stage in municipalities
    ]
    return Heatmap(wanted, standards, rows)


def stages_of(rows: Iterable[Row]) -> list[StageGroup]:
    """Consecutive rows of the same stage."""
    groups: list[StageGroup] = []
    for row in rows:
        if not groups or groups[-1].stage != row.stage:
            groups.append(StageGroup(row.stage, []))
        list_of_rows = groups[-1].rows
        assert isinstance(list_of_rows, list)
        list_of_rows.append(row)
    return groups


def _municipalities(territory: Territory | None, wanted: Wanted, user: Any) -> list[tuple[Territory, str]]:
    """Municipalities with their stage of the year, by stage and name; those that take no part last."""
    taking_part = Participation.objects.filter(cycle=wanted.cycle).exclude(status=ParticipationStatus.WITHDRAWN)
    stages = dict(taking_part.values_list("municipality_id", "stage"))
    visible = Territory.objects.municipalities().visible_to(user).select_related("region")
    if territory is not None:
        visible = visible.within(territory)
    found = [
        (municipality, stages.get(municipality.pk, NO_STAGE))
        for municipality in visible.order_by("search_name", "code")
        if not wanted.only_participating or municipality.pk in stages
    ]
    if wanted.stage:
        found = [(municipality, stage) for municipality, stage in found if stage == wanted.stage]
    return sorted(found, key=lambda pair: STAGE_ORDER.get(pair[1], len(STAGE_ORDER)))
