"""The procedures of the demonstration: read from files, published by a second person, with municipal terms.

The files are written for the demonstration; their pages say that they are not official.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from benefits_core.domain import terms as domain
from benefits_core.domain.imports import import_procedure
from benefits_core.domain.procedures import publish_version
from benefits_core.enums import TermUnit
from benefits_core.models import MunicipalTerms, Procedure, ProcedureVersion
from benefits_core.queries.content import content_hash
from portal.demo.accounts import Team
from portal.demo.timeline import ZONE, Timeline
from portal.foundation.people.models import User
from portal.foundation.territories.models import ServicePoint, Territory

DATA = Path(__file__).parent / "data"
NATIONAL = (
    "ingreso-al-registro",
    "actualizar-informacion",
    "rectificar-informacion",
    "complementar-informacion",
    "cartola-hogar",
)
# The second version drops the interview: what was pinned to that step waits for a decision.
SECOND = "actualizar-informacion-2"
LOCAL = "visita-a-domicilio"
NOTE = {
    "es": "Atendemos de lunes a viernes, de 8:30 a 14:00.",
    "en": "We are open from Monday to Friday, 8:30 to 14:00.",
}
OFFICES = (
    ("Oficina del Registro Social de Hogares", "Edificio consistorial, primer piso"),
    ("Delegación rural", "Sede de la junta de vecinos"),
)
# By the place of the municipality in the list: what it promises in the place of the national terms.
PROMISES: tuple[dict[str, dict[str, tuple[int, str]]], ...] = (
    {
        "ingreso-al-registro": {
            "revisar-los-documentos": (1, TermUnit.WORKING_DAYS),
            "confirmar-el-domicilio": (7, TermUnit.WORKING_DAYS),
        },
        "cartola-hogar": {"imprimir-la-cartola": (15, TermUnit.MINUTES)},
    },
    {"ingreso-al-registro": {"revisar-los-documentos": (2, TermUnit.WORKING_DAYS)}},
    {"complementar-informacion": {"conversar-con-la-persona": (30, TermUnit.MINUTES)}},
)


def publish_national(*, writer: User, publisher: User, first: Timeline, last: Timeline) -> None:
    """The five national procedures since the first year, and this year's second version of one of them."""
    for name in NATIONAL:
        _publish(name, None, writer=writer, publisher=publisher, at=first.moment(0))
    _publish(SECOND, None, writer=writer, publisher=publisher, at=last.moment(0.3))


def publish_local(*, teams: Sequence[Team], first: Timeline, last: Timeline) -> None:
    """Service points, own terms of some municipalities (one waits to be published), and one local procedure."""
    for team in teams:
        for name, address in OFFICES:
            ServicePoint.objects.get_or_create(territory=team.municipality, name=name, defaults={"address": address})
    for team, promises in zip(teams, PROMISES, strict=False):
        for key, promised in promises.items():
            _publish_terms(team, key, promised, at=first.moment(0.1))
    _propose_terms(teams[-1], "cartola-hogar", {"imprimir-la-cartola": (10, TermUnit.MINUTES)}, at=last.moment(0.95))
    main = teams[0]
    _publish(LOCAL, main.municipality, writer=main.coordinator, publisher=main.dideco, at=first.moment(0.05))


def _publish(
    name: str, territory: Territory | None, *, writer: User, publisher: User, at: datetime
) -> ProcedureVersion:
    content = (DATA / f"{name}.yaml").read_bytes()
    draft = import_procedure(content=content, territory=territory, by=writer, at=at)
    return publish_version(version=draft, starts_on=_day(at), seen=content_hash(draft), by=publisher, at=at)


def _propose_terms(team: Team, key: str, promised: dict[str, tuple[int, str]], *, at: datetime) -> MunicipalTerms:
    procedure = Procedure.objects.get(key=key)
    draft = domain.open_terms(procedure=procedure, territory=team.municipality, by=team.member, at=at)
    written = domain.edit_terms(
        terms=draft,
        promised=promised,
        service_points=_points(team.municipality),
        note=NOTE,
        revision=draft.revision,
        by=team.member,
        at=at,
    )
    return domain.propose_terms(terms=written, by=team.coordinator, at=at)


def _publish_terms(team: Team, key: str, promised: dict[str, tuple[int, str]], *, at: datetime) -> None:
    proposed = _propose_terms(team, key, promised, at=at)
    domain.publish_terms(terms=proposed, starts_on=_day(at), revision=proposed.revision, by=team.dideco, at=at)


def _points(municipality: Territory) -> Iterable[ServicePoint]:
    return ServicePoint.objects.filter(territory=municipality, name=OFFICES[0][0])


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()
