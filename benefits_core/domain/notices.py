"""Who is told what of procedures and terms, in the transaction of the verb that brings it about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from benefits_core.models import MunicipalTerms, ProcedureVersion
from portal.foundation.messages.domain import NoAddress, send
from portal.foundation.people.models import User
from portal.foundation.people.queries import holders_of
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory


def version_ready(version: ProcedureVersion, *, by: Any, at: datetime) -> None:
    """To those who publish it: the national team, or DIDECO (the region where there is none)."""
    place = version.procedure.territory
    on = at.astimezone(place.zone if place else timezone.get_default_timezone()).date()
    people = _publishers(place, on) if place else _country(on)
    context = {"procedure": version.name, "number": str(version.number), "path": version.get_absolute_url()}
    _tell(people, "procedure_ready", context, key=f"{version.pk}", by=by, at=at)


def terms_proposed(terms: MunicipalTerms, *, by: Any, at: datetime) -> None:
    """To DIDECO, or to the region where there is none."""
    people = _publishers(terms.territory, at.astimezone(terms.territory.zone).date())
    _tell(people, "terms_proposed", _of_terms(terms), key=f"{terms.pk}", by=by, at=at)


def terms_returned(terms: MunicipalTerms, remarks: str, *, by: Any, at: datetime) -> None:
    """To whoever wrote and whoever proposed them."""
    people = {person.pk: person for person in (terms.edited_by, terms.proposed_by) if person is not None}
    context = _of_terms(terms) | {"remarks": remarks}
    _tell(people.values(), "terms_returned", context, key=f"{terms.pk}", by=by, at=at)


def _publishers(place: Territory, on: date) -> list[User]:
    own = list(holders_of(role=Role.DIDECO, territory=place, on=on))
    return own or list(holders_of(role=Role.REGIONAL_TEAM, territory=place.region, on=on))


def _country(on: date) -> list[User]:
    country = Territory.objects.filter(level="country").first()
    return list(holders_of(role=Role.NATIONAL_TEAM, territory=country, on=on)) if country else []


def _of_terms(terms: MunicipalTerms) -> dict[str, Any]:
    return {
        "procedure": terms.procedure.name,
        "municipality": terms.territory.name,
        "path": terms.get_absolute_url(),
    }


def _tell(people: Iterable[User], template: str, context: dict[str, Any], *, key: str, by: Any, at: datetime) -> None:
    for person in people:
        if person.pk == by.pk or not person.is_active:
            continue
        dedupe_key = f"{template}:{key}:{at.isoformat()}:{person.pk}"
        try:
            send(to=person, template=template, context=context, dedupe_key=dedupe_key, at=at)
        except NoAddress:
            continue
