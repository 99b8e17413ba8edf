"""Fields that several forms of the plan ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.domain.checks import LONG_TEXT


def long_text(label: Any, *, required: bool = True, help_text: Any = "", limit: int = LONG_TEXT) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": "4"}),
    )
