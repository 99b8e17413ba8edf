"""Places: one country, and as many regions, provinces and communes as a test asks for."""

from __future__ import annotations

import factory

from portal.foundation.territories.models import ServicePoint, Territory, TerritoryGroup, TerritoryLevel


class CountryFactory(factory.django.DjangoModelFactory):
    """Chile; the same row however often it is asked for."""

    class Meta:
        model = Territory
        django_get_or_create = ("code",)

    code = "CL"
    level = TerritoryLevel.COUNTRY
    name = "Chile"
    slug = "chile"
    path = "CL"


class _BelowFactory(factory.django.DjangoModelFactory):
    """A territory below ``parent``, whose path continues its parent's."""

    class Meta:
        model = Territory
        abstract = True

    slug = factory.LazyAttribute(lambda o: f"{o.level}-{o.code}".lower())
    path = factory.LazyAttribute(lambda o: f"{o.parent.path}/{o.code}")
    time_zone = factory.LazyAttribute(lambda o: o.parent.time_zone)


class RegionFactory(_BelowFactory):
    class Meta:
        model = Territory

    code = factory.Sequence(lambda n: f"R{n}")
    level = TerritoryLevel.REGION
    name = factory.Sequence(lambda n: f"Región {n}")
    parent = factory.SubFactory(CountryFactory)


class ProvinceFactory(_BelowFactory):
    class Meta:
        model = Territory

    code = factory.Sequence(lambda n: f"P{n}")
    level = TerritoryLevel.PROVINCE
    name = factory.Sequence(lambda n: f"Provincia {n}")
    parent = factory.SubFactory(RegionFactory)
    region = factory.SelfAttribute("parent")


class CommuneFactory(_BelowFactory):
    """A commune without a municipality of its own. Give ``parent=`` a province."""

    class Meta:
        model = Territory

    code = factory.Sequence(lambda n: f"C{n}")
    level = TerritoryLevel.COMMUNE
    name = factory.Sequence(lambda n: f"Comuna {n}")
    parent = factory.SubFactory(ProvinceFactory)
    region = factory.SelfAttribute("parent.region")
    has_municipality = False


class MunicipalityFactory(CommuneFactory):
    """A commune that has a municipality: ``MunicipalityFactory(parent__parent=region)`` places it."""

    class Meta:
        model = Territory

    has_municipality = True


class TerritoryGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TerritoryGroup
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Asociación {n}")
    lead = factory.SubFactory(MunicipalityFactory)

    @factory.post_generation
    def members(self, create: bool, extracted: list[Territory] | None, **_kwargs: object) -> None:
        if create:
            self.members.set(extracted or [self.lead])


class ServicePointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServicePoint

    territory = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Oficina {n}")
