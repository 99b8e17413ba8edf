"""Choosing what a gap report shows."""

from __future__ import annotations

from typing import Any

from django import forms

from quality.enums import Series
from quality.forms.cycles import CycleFilterForm


def asked_series(query: Any) -> str:
    """The series that ``?serie=`` asks for; the self-assessed one unless «verified» is chosen."""
    return Series.VERIFIED if query.get("serie") == Series.VERIFIED else Series.SELF_ASSESSED


class GapListForm(CycleFilterForm):
    """The year of the list; the series chosen stays."""

    serie = forms.CharField(required=False, widget=forms.HiddenInput)
