"""What a clerk writes down for somebody at the counter, on the telephone, in the community or in a letter."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.queries.procedures import step_choices
from portal.foundation.people.identifiers import InvalidIdentifier, normalize
from portal.foundation.people.models.persons import Scheme
from portal.foundation.receipts.forms import ContactField
from portal.foundation.territories.models import ServicePoint, Territory
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIForm
from portal.foundation.ui.translated import localized
from quality.models import ComplaintCategory
from quality.queries.catalogue import latest_version
from surveys.enums import ASSISTED_CHANNELS, ComplaintAbout, ComplaintKind
from surveys.forms.fields import Files, LongText
from surveys.queries.complaints import categories, recorded_alike

UNKNOWN = [("", _("I do not know"))]


class RecordForm(UIForm):
    """One page, as a clerk fills it in while the person speaks; ``token`` makes a second press harmless.

    The browser's way back brings what was typed with another token, so that the same words of the same day
    are asked about once, with ``another``, which is shown then alone.
    """

    channel = forms.ChoiceField(
        label=_("How does it come?"),
        choices=[(channel.value, channel.label) for channel in ASSISTED_CHANNELS],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=ComplaintKind.choices, widget=forms.RadioSelect)
    category = forms.ChoiceField(label=_("What it is about"), required=False)
    text = LongText(
        label=_("What happened?"), rows=8, help_text=_("In the person's own words. Read it back to him or her.")
    )
    service_point = forms.ModelChoiceField(
        label=_("Where?"), queryset=None, required=False, empty_label=_("Another place, or I do not know")
    )
    happened_on = UIDateField(label=_("What day?"), required=False)
    step = forms.TypedChoiceField(label=_("In which procedure?"), required=False, coerce=int, empty_value=None)
    about = forms.ChoiceField(
        label=_("Is it about a person who works here?"),
        widget=forms.RadioSelect,
        choices=ComplaintAbout.choices,
        initial=ComplaintAbout.NOBODY,
    )
    about_words = forms.CharField(label=_("Who is it?"), required=False, max_length=200)
    preferential = forms.BooleanField(label=_("The person has a right to preferential attention"), required=False)
    given_names = forms.CharField(
        label=_("Name of the person"),
        required=False,
        max_length=120,
        help_text=_("Only if the person wants to give it. Without a name it counts the same."),
    )
    family_names = forms.CharField(label=_("Surname"), required=False, max_length=120)
    run = forms.CharField(label=_("RUN"), required=False, max_length=20)
    contact = ContactField()
    files = Files()
    received_on = UIDateField(
        label=_("Received on"), required=False, help_text=_("Only for a letter of an earlier day. Empty is today.")
    )
    handed = forms.ChoiceField(
        label=_("Does the person take the receipt with him or her now?"),
        widget=forms.RadioSelect,
        initial="si",
        choices=[
            ("si", ChoiceWithHint(_("Yes"), _("In the hand, or read over the telephone."))),
            ("no", ChoiceWithHint(_("No"), _("It has to be sent within one working day."))),
        ],
    )
    another = forms.BooleanField(label=_("It is another one: another person says the same"), required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    groups = (
        (_("What the person says"), ("channel", "kind", "category", "text", "files")),
        (_("Where and when"), ("service_point", "happened_on", "step")),
        (_("Is it about somebody?"), ("about", "about_words")),
        (_("The person"), ("preferential", "given_names", "family_names", "run", "contact")),
        (_("The receipt"), ("received_on", "handed")),
        (_("Written down before?"), ("another",)),
    )
    template_name = "surveys/partials/record_form.html"

    def __init__(self, *args: Any, territory: Territory, clerk: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.territory, self.clerk = territory, clerk
        today = timezone.localdate(timezone=territory.zone)
        fields: Any = self.fields
        self.categories = list(categories(latest_version()))
        fields["category"].choices = [*UNKNOWN, *((str(each.pk), localized(each.name)) for each in self.categories)]
        points = ServicePoint.objects.filter(territory=territory, is_active=True)
        fields["service_point"].queryset = points.order_by("name")
        fields["step"].choices = [("", _("None, or I do not know")), *step_choices(territory, today)]
        fields["happened_on"].latest = today
        fields["received_on"].latest, fields["received_on"].earliest = today, today - timedelta(days=90)
        fields["token"].initial = secrets.token_hex(16)

    def grouped(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        asks = "another" in self.errors or self.data.get("another")
        shown = [(heading, names) for heading, names in self.groups if asks or names != ("another",)]
        return [(heading, [self[name] for name in names]) for heading, names in shown]

    @property
    def dedupe_key(self) -> str:
        """What sends it."""
        return f"clerk:{self.clerk.pk}:{self.data.get('token', '')}"

    def chosen_category(self) -> ComplaintCategory | None:
        """The category that was chosen."""
        return next((each for each in self.categories if str(each.pk) == self.cleaned_data["category"]), None)

    def clean_run(self) -> str:
        text = self.cleaned_data["run"].strip()
        if text:
            try:
                normalize(Scheme.CL_RUN, text)
            except InvalidIdentifier:
                raise ValidationError(gettext("This number is not valid. Check it and write it again.")) from None
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_more = self.data.get("run") or self.data.get("family_names")
        if has_more and not cleaned.get("given_names"):
            self.add_error("given_names", gettext("Write the name too."))
        if cleaned.get("text") and not cleaned.get("another"):
            self._ask_about_the_same(cleaned)
        return cleaned

    def _ask_about_the_same(self, cleaned: dict[str, Any]) -> None:
        received_on = cleaned.get("received_on") or timezone.localdate(timezone=self.territory.zone)
        same = recorded_alike(self.territory, self.clerk, cleaned["text"], received_on, self.dedupe_key)
        if same is not None:
            words = gettext("You wrote the same down before: %(code)s. If another person says it, tick this and save.")
            self.add_error("another", words % {"code": same.shown_code})
