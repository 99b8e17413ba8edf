"""How a measurement is told: one rule for every screen, in the active language."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from portal.foundation.indicators.registry import Indicator, Measurement


@dataclass(frozen=True)
class Reading:
    """A measurement with its indicator, in words."""

    indicator: Indicator
    measurement: Measurement

    @property
    def is_known(self) -> bool:
        return self.measurement.value is not None

    @property
    def figure(self) -> str:
        """«24 %», «4.3 minutes»; of few cases «1 of 13», as a percentage would say more than is known."""
        if self.measurement.suppressed:
            return gettext("Too few cases to show a number")
        if not self.is_known:
            return gettext("Not measured yet")
        return self._n_of if self._is_told_by_count else self._with_unit(self.measurement.value)

    @property
    def cases(self) -> str:
        """How many cases the figure stands on; empty where the figure says it itself."""
        if not self.is_known or not self.measurement.denominator or self._is_told_by_count:
            return ""
        is_part = self.indicator.is_share or self.measurement.n != self.measurement.denominator
        if is_part and not self.indicator.is_ratio:
            return self._n_of
        n = self.measurement.n
        return ngettext("%(count)s case", "%(count)s cases", n) % {"count": number_format(n)}

    @property
    def interval(self) -> str:
        """What a sample leaves open; empty for a full count, which is exact."""
        if not self.is_known or self.measurement.low is None or self.measurement.high is None:
            return ""
        return gettext("Not everybody was asked: the true number is probably between %(low)s and %(high)s.") % {
            "low": self._with_unit(self.measurement.low),
            "high": self._with_unit(self.measurement.high),
        }

    @property
    def basis(self) -> str:
        """Who was asked, or what was counted whole."""
        source = self.measurement.source
        if source.is_sample:
            return gettext("A part was asked: %(source)s.") % {"source": source.name}
        return gettext("All were counted: %(source)s.") % {"source": source.name}

    @property
    def period(self) -> str:
        """From which day to which it was measured."""
        asked = self.measurement.period
        days = {"first": date_format(asked.starts_on, "DATE_FORMAT"), "last": date_format(asked.ends_on, "DATE_FORMAT")}
        return gettext("From %(first)s to %(last)s.") % days

    @property
    def _is_told_by_count(self) -> bool:
        return self.is_known and self.indicator.is_share and self.measurement.is_few

    @property
    def _n_of(self) -> str:
        n, of = number_format(self.measurement.n), number_format(self.measurement.denominator)
        return gettext("%(n)s of %(of)s") % {"n": n, "of": of}

    def _with_unit(self, value: float | None) -> str:
        """A share is told in whole per cent; more digits would pretend to know them."""
        unit = str(self.indicator.unit)
        return f"{floatformat(value, '0g' if unit == '%' else '-1g')} {unit}".strip()
