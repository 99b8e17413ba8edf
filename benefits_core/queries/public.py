"""What everybody reads of procedures: the list, the dated history, what is measured at a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from benefits_core import anchors
from benefits_core.models import Procedure, ProcedureVersion, Step
from benefits_core.models.procedures import LIVE_STATES, ProcedureVersionQuerySet
from portal.foundation.indicators import registry
from portal.foundation.indicators.registry import Indicator, Measurement, Period
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold
from portal.foundation.territories.queries import find_municipalities

STEP = "benefits_core.step"
MEASURED_DAYS = 365
PLACES_SHOWN = 12


@dataclass(frozen=True)
class Place:
    """The municipality that was asked for, or those whose name has what was typed."""

    text: str = ""
    municipality: Territory | None = None
    found: tuple[Territory, ...] = ()

    @property
    def query(self) -> str:
        """What keeps the municipality in the links of a page: «?municipalidad=quillota», or nothing."""
        return f"?municipalidad={self.municipality.slug}" if self.municipality else ""


def place_of(text: str) -> Place:
    """``text`` is a municipality's short name in an address, or what a person typed."""
    text = text.strip()[:80]
    if not text:
        return Place()
    municipalities = Territory.objects.municipalities().select_related("region")
    chosen = municipalities.filter(slug=text).first()
    if chosen is not None:
        return Place(chosen.name, chosen)
    found = tuple(find_municipalities(text)[:PLACES_SHOWN])
    if len(found) == 1 or (found and found[0].search_name == fold(text)):
        return Place(found[0].name, found[0])
    return Place(text, None, found)


def listed(today: date, *, text: str = "", territory: Territory | None = None) -> ProcedureVersionQuerySet:
    """The versions in force of what can be asked for in the municipality (None: of the national ones), by name."""
    procedures = Procedure.objects.for_territory(territory)
    for word in fold(text).split():
        procedures = procedures.filter(search_name__contains=word)
    versions = ProcedureVersion.objects.current(today).filter(procedure__in=procedures)
    return versions.select_related("procedure__territory").order_by("procedure__search_name", "procedure_id")


def version_to_show(procedure: Procedure, today: date) -> ProcedureVersion | None:
    """The version in force, else the last one that was; None before the first."""
    return ProcedureVersion.objects.public(today).filter(procedure=procedure).order_by("-number").first()


def coming_version(procedure: Procedure, today: date) -> ProcedureVersion | None:
    """The version that will take the place of the one in force."""
    coming = ProcedureVersion.objects.filter(procedure=procedure, state__in=LIVE_STATES, starts_on__gt=today)
    return coming.order_by("starts_on").first()


def measured_at(step: Step, territory: Territory | None, today: date) -> list[tuple[Indicator, Measurement | None]]:
    """Each indicator of steps with what it measured there in the last year; None where nothing was asked or found."""
    indicators = registry.for_subject(STEP)
    if territory is None:
        return [(indicator, None) for indicator in indicators]
    period = Period(today - timedelta(days=MEASURED_DAYS), today)
    return [(indicator, next(iter(_measure(indicator, step, territory, period)), None)) for indicator in indicators]


def _measure(indicator: Indicator, step: Step, territory: Territory, period: Period) -> list[Measurement]:
    return indicator.measure(territories=[territory], period=period, audience="public", subject=step)


def invitations(step: Step, territory: Territory | None) -> list[anchors.Invitation]:
    """What anybody may do from the step's page, in the order of the sources."""
    found = [source.invite(step, territory) for source in anchors.sources() if source.invite is not None]
    return [invitation for invitation in found if invitation is not None]
