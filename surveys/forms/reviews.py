"""The quarterly review: who met, and what was agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.territories.models import Territory
from portal.foundation.ui.forms import UIDateField, UIForm
from surveys.domain.reviews import Agreed
from surveys.enums import RootCause
from surveys.forms.fields import LongText
from surveys.models import QuarterlyReview
from surveys.queries.people import team

ROWS = 5


class ReviewForm(UIForm):
    template_name = "surveys/partials/review_form.html"

    held_on = UIDateField(label=_("When did you meet?"))
    participants = LongText(label=_("Who took part"), max_length=1000, rows=3)
    notes = LongText(label=_("What was talked about"), required=False)

    def __init__(self, *args: Any, territory: Territory, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].latest = today  # type: ignore[attr-defined]
        people = team(territory, today)
        for number in range(ROWS):
            self.fields[f"agreement_{number}"] = forms.CharField(
                label=_("Agreement"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": "2"})
            )
            self.fields[f"cause_{number}"] = forms.ChoiceField(
                label=_("About which cause?"), required=False, choices=[("", _("Several, or none")), *RootCause.choices]
            )
            self.fields[f"owner_{number}"] = forms.ModelChoiceField(
                label=_("Person in charge"), required=False, queryset=people, empty_label=_("Nobody yet")
            )
            self.fields[f"due_{number}"] = UIDateField(label=_("By when?"), required=False)
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def rows(self) -> list[list[Any]]:
        """The fields of each agreement."""
        names = ("agreement", "cause", "owner", "due")
        return [[self[f"{name}_{number}"] for name in names] for number in range(ROWS)]

    def agreements(self) -> list[Agreed]:
        """Those that were written; empty rows are passed over."""
        said = self.cleaned_data
        return [
            Agreed(
                text=said[f"agreement_{number}"],
                cause=said[f"cause_{number}"],
                owner=said[f"owner_{number}"],
                due_on=said[f"due_{number}"],
            )
            for number in range(ROWS)
            if said[f"agreement_{number}"]
        ]


def initial_of(review: QuarterlyReview | None) -> dict[str, Any]:
    """What the form begins with: the review as it was written."""
    if review is None:
        return {}
    begun: dict[str, Any] = {
        "held_on": review.held_on,
        "participants": review.participants,
        "notes": review.notes,
        "revision": review.revision,
    }
    for number, agreement in enumerate(review.agreements.all()[:ROWS]):
        begun[f"agreement_{number}"] = agreement.text
        begun[f"cause_{number}"] = agreement.cause
        begun[f"owner_{number}"] = agreement.owner_id
        begun[f"due_{number}"] = agreement.due_on
    return begun
