"""The programme's years, and municipalities that take part in them."""

from __future__ import annotations

from datetime import date

import factory

from portal.foundation.cycles.models import Cycle, CycleState, Participation, Stage
from tests.factories.territories import MunicipalityFactory


class CycleFactory(factory.django.DjangoModelFactory):
    """One row per year: asking twice for 2026 gives the same cycle."""

    class Meta:
        model = Cycle
        django_get_or_create = ("year",)

    year = 2026
    name = factory.LazyAttribute(lambda o: f"Ciclo {o.year}")
    state = CycleState.OPEN
    starts_on = factory.LazyAttribute(lambda o: date(o.year, 1, 1))
    ends_on = factory.LazyAttribute(lambda o: date(o.year, 12, 31))
    catalogue_version = "0.1.0"


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    municipality = factory.SubFactory(MunicipalityFactory)
    cycle = factory.SubFactory(CycleFactory)
    stage = Stage.NEW
