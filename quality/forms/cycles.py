"""Choosing the year of a list of municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.cycles.models import Cycle
from portal.foundation.ui.forms import UIFilterForm


class CycleFilterForm(UIFilterForm):
    """``cycle`` is the one chosen, else ``current``, else the last; None where there is none yet."""

    ciclo = forms.ChoiceField(label=_("Cycle"), required=False)

    def __init__(self, data: Any, *, cycles: Sequence[Cycle], current: Cycle | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        # The cycle that is shown unless another is chosen comes first, as a list of choices begins.
        by_year = {str(cycle.year): cycle for cycle in sorted(cycles, key=lambda each: each != current)}
        self.fields["ciclo"].choices = [(year, cycle.name) for year, cycle in by_year.items()]  # type: ignore[attr-defined]
        self.cycle = by_year.get(data.get("ciclo", "")) or next(iter(by_year.values()), None)
        if len(by_year) < 2:
            del self.fields["ciclo"]
