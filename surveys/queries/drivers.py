"""What weighs much in the overall mark and does badly: what a line of a plan can be drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.foundation.territories.models import Territory
from portal.foundation.ui.translated import localized
from quality.models import CatalogueVersion, Component, Standard
from quality.queries.catalogue import latest_version
from surveys.enums import Audience
from surveys.models import Round
from surveys.statistics.drivers import Quadrant


@dataclass(frozen=True)
class WeakDriver:
    """A question or component of one survey that weighs more than the others and does worse.

    ``reference`` names it in other modules: ``"<round id>:<code>"``. ``top``: percent with a 6 or a 7, of ``n``.
    ``standards`` of the newest catalogue that it speaks of, the first of its attributes only.
    """

    round: Round
    code: str
    label: str
    top: float | None
    n: int
    standards: tuple[Standard, ...] = ()

    @property
    def reference(self) -> str:
        return f"{self.round.pk}:{self.code}"

    @property
    def territory(self) -> Territory:
        return self.round.territory


def weak_drivers(round: Round) -> list[WeakDriver]:
    """Of one survey with results, the weightiest first; at most two queries beside the round's own."""
    return _of([round])


def weak_in_year(municipality: Territory, year: int) -> list[WeakDriver]:
    """Of the municipality's survey of that year."""
    return _of(_published().filter(territory=municipality, cycle__year=year))


def driver_with(reference: str) -> WeakDriver:
    """The weak driver that a reference names.

    :raises LookupError: no such survey, or it is not weak there.
    """
    number, _colon, code = reference.partition(":")
    if not number.isascii() or not number.isdigit():
        raise LookupError(reference)
    found = [one for one in _of(_published().filter(pk=int(number[:18]))) if one.code == code]
    if not found:
        raise LookupError(reference)
    return found[0]


def _published() -> Any:
    rounds = Round.objects.published().filter(audience=Audience.USERS)
    return rounds.select_related("territory__region", "cycle", "instrument", "result")


def _of(rounds: Iterable[Round]) -> list[WeakDriver]:
    weak = [
        (round, one)
        for round in rounds
        for one in sorted((round.result.figures.get("drivers") or {}).get("drivers", []), key=lambda one: -one["share"])
        if one["quadrant"] == Quadrant.IMPROVE and "top" in one
    ]
    version = latest_version() if weak else None
    standards = _by_attribute(version) if version else {}
    return [_made(round, one, standards, version) for round, one in weak]


def _made(
    round: Round,
    found: Mapping[str, Any],
    standards: Mapping[str, tuple[Standard, ...]],
    version: CatalogueVersion | None,
) -> WeakDriver:
    code, question = found["code"], round.questionnaire.by_code.get(found["code"])
    top = found["top"]
    if question is None:
        names: Iterable[Component] = version.components.all() if version else ()
        label = next((localized(one.name) for one in names if one.code == code), code)
        own: tuple[Standard, ...] = ()
    else:
        label = localized({"es": question.text.es, "en": question.text.en})
        own = standards.get(question.attributes[0], ()) if question.attributes else ()
    value = None if top["value"] is None else 100 * top["value"]
    return WeakDriver(round, code, label, value, top["n"], own)


def _by_attribute(version: CatalogueVersion) -> dict[str, tuple[Standard, ...]]:
    found: dict[str, list[Standard]] = {}
    for standard in version.standards.prefetch_related("attributes").order_by("number"):
        for attribute in standard.attributes.all():
            found.setdefault(attribute.code, []).append(standard)
    return {code: tuple(members) for code, members in found.items()}
