"""Numbers that modules can measure, so that an upper module's result reaches a standard below.

A module declares its indicators in ``<module>/indicators.py`` and registers them in ``apps.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Period:
    """First and last day of what was measured, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Measurement:
    """One number with all that is needed to trace and judge it.

    ``value`` in the indicator's unit, None where nothing was measured or where it is suppressed;
    ``n`` cases counted over ``denominator``; ``low``/``high`` the 95 % interval.
    """

    territory_id: int
    value: float | None
    n: int
    denominator: int
    low: float | None
    high: float | None
    suppressed: bool
    period: Period
    taken_at: datetime
    source: str
    query_version: str
    url: str = ""


class Measure(Protocol):
    def __call__(
        self, *, territories: Sequence[Any], period: Period, audience: str, subject: Any = None
    ) -> list[Measurement]: ...


@dataclass(frozen=True)
class Indicator:
    """``direction`` is +1 where more is better, -1 where less is better.

    ``subject_types`` are the kinds of ``subject`` that it can measure beside a whole territory, such as
    ``"benefits_core.step"``.
    """

    key: str
    label: str | Promise
    unit: str | Promise
    direction: int
    measure: Measure
    standard_codes: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()


_REGISTRY: dict[str, Indicator] = {}


def register(indicator: Indicator) -> None:
    """Add an indicator; registering another one under the same key is refused."""
    if _REGISTRY.get(indicator.key, indicator) is not indicator:
        raise ValueError(f"indicator {indicator.key} is registered already")
    _REGISTRY[indicator.key] = indicator


def unregister(key: str) -> None:
    """Remove an indicator (for tests)."""
    _REGISTRY.pop(key, None)


def get(key: str) -> Indicator | None:
    return _REGISTRY.get(key)


def all_indicators() -> list[Indicator]:
    return sorted(_REGISTRY.values(), key=lambda indicator: indicator.key)


def for_standard(code: str, keys: Iterable[str] = ()) -> list[Indicator]:
    """Indicators named by the standard's ``indicator_keys`` or that declare the standard's code."""
    named = set(keys)
    return [indicator for indicator in all_indicators() if indicator.key in named or code in indicator.standard_codes]


def for_subject(subject_type: str) -> list[Indicator]:
    """Indicators that can measure one object of that kind."""
    return [indicator for indicator in all_indicators() if subject_type in indicator.subject_types]


MeasureFunction = Callable[..., list[Measurement]]
