"""Forms of queues: at the kiosk, at the counter, and what the coordinator decides. The verbs check again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits_core.domain.queue_setup import (
    BACK_MINUTES,
    CHANCES,
    DESK_LENGTH,
    DEVICE_LENGTH,
    FAVORED_TURNS,
    NAME_LENGTH,
    PROMISED,
)
from benefits_core.enums import CLERK_OUTCOMES, DeviceKind, PriorityKind
from benefits_core.forms.attentions import IDENTIFIER_LENGTH, MatterChoice
from benefits_core.models import Desk, Matter, Queue, QueueKind, Ticket
from portal.foundation.people.identifiers import InvalidIdentifier, normalize
from portal.foundation.people.models import Scheme
from portal.foundation.ui.forms import RowChoiceField, UIDateField, UIFilterForm, UIForm

# Nothing that is typed at a kiosk is offered to whoever comes next.
BARE = {"autocomplete": "off", "spellcheck": "false"}
CODE_LENGTH = 20


# --- At the kiosk


class TakeForm(UIForm):
    """Why one goes first, if so: each answer is a button that gives the number."""

    priority_kind = forms.ChoiceField(choices=PriorityKind.choices, required=False)
    contact = forms.CharField(
        label=_("Mobile telephone"),
        help_text=_("We write to you when 3 turns are left. We erase it tonight."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={**BARE, "type": "tel", "inputmode": "tel"}),
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AnnounceForm(UIForm):
    code = forms.CharField(
        label=_("Code of your appointment"),
        help_text=_("It has ten letters and numbers. It is on the paper or in the message that you got."),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={**BARE, "autocapitalize": "characters", "class": "govuk-input--extra-letter-spacing"}
        ),
    )


# --- At the counter


class TicketFinishForm(UIForm):
    """How it ended and what it was about; the first field has the focus, and Enter saves."""

    template_name = "benefits_core/partials/ticket_form.html"
    show_optional = False

    matter = MatterChoice()
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=CLERK_OUTCOMES, widget=forms.RadioSelect)
    identifier = forms.CharField(
        label=_("RUN of the person"),
        required=False,
        max_length=IDENTIFIER_LENGTH,
        widget=forms.TextInput(attrs={**BARE, "class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["matter"].widget.attrs["autofocus"] = True
        self.fields["matter"].queryset = Matter.objects.offered_in(ticket.territory).first_of(ticket.kind)
        self.initial.setdefault("matter", ticket.matter_id)

    def clean_identifier(self) -> str:
        typed = self.cleaned_data["identifier"].strip()
        if not typed:
            return ""
        try:
            return normalize(Scheme.CL_RUN, typed)
        except InvalidIdentifier:
            raise forms.ValidationError(gettext("This number is not valid. Check it and write it again.")) from None


class TransferForm(UIForm):
    kind = RowChoiceField(
        label=_("What for?"), queryset=QueueKind.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    desk = RowChoiceField(
        label=_("Only at this counter"), queryset=Desk.objects.none(), required=False, empty_label=_("Any counter")
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = QueueKind.objects.filter(queue=ticket.queue, is_active=True)
        self.fields["desk"].queryset = Desk.objects.filter(queue=ticket.queue, is_active=True)


# --- What the coordinator decides


def number_field(label: Any, limits: tuple[int, int], help_text: Any = "", *, required: bool = True) -> Any:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=required,
        min_value=limits[0],
        max_value=limits[1],
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )


class QueueRuleForm(UIForm):
    is_open = forms.BooleanField(label=_("The kiosk gives numbers"), required=False)
    in_hours = forms.BooleanField(label=_("Only in the opening hours of the service point"), required=False)
    favored_turns = number_field(
        _("Preferential turns in a row"),
        FAVORED_TURNS,
        _("After so many, the person without preference who waited too long is called."),
    )
    promised_minutes = number_field(
        _("Minutes that are too long"),
        PROMISED,
        _("Leave it empty to take the longest wait that the municipality promises."),
        required=False,
    )
    chances = number_field(
        _("How often may somebody who did not come go back to wait?"), CHANCES, _("After that the number is over.")
    )
    back_minutes = number_field(_("Minutes before such a number is called again"), BACK_MINUTES)

    @staticmethod
    def initial_of(queue: Queue) -> dict[str, Any]:
        return {name: getattr(queue, name) for name in QueueRuleForm.base_fields}


class KindForm(UIForm):
    letter = forms.CharField(
        label=_("Letter"), max_length=1, widget=forms.TextInput(attrs={"class": "govuk-input--width-2"})
    )
    name = forms.CharField(
        label=_("Name in Spanish"), max_length=NAME_LENGTH, help_text=_("A few words: it is a button of the kiosk.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    matters = forms.ModelMultipleChoiceField(
        label=_("Matters"), queryset=Matter.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, queue: Queue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].queryset = Matter.objects.offered_in(queue.territory)

    @staticmethod
    def initial_of(kind: QueueKind) -> dict[str, Any]:
        return {
            "letter": kind.letter,
            "name": kind.name.get("es", ""),
            "name_en": kind.name.get("en", ""),
            "matters": [matter.pk for matter in kind.matters.all()],
        }


class DeskForm(UIForm):
    name = forms.CharField(
        label=_("Number or name"),
        max_length=DESK_LENGTH,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    kinds = forms.ModelMultipleChoiceField(
        label=_("Kinds that it calls"),
        help_text=_("Without any, it calls all of them."),
        queryset=QueueKind.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, queue: Queue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].queryset = QueueKind.objects.filter(queue=queue, is_active=True)

    @staticmethod
    def initial_of(desk: Desk) -> dict[str, Any]:
        return {"name": desk.name, "kinds": [kind.pk for kind in desk.kinds.all()]}


class LinkForm(UIForm):
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=DeviceKind.choices, widget=forms.RadioSelect, initial=DeviceKind.KIOSK
    )
    name = forms.CharField(label=_("Name"), help_text=_("For example, where it stands."), max_length=DEVICE_LENGTH)
    prints = forms.BooleanField(
        label=_("It has a printer of tickets"), help_text=_("Each number is then printed at once."), required=False
    )


class QueueFilterForm(UIFilterForm):
    dia = UIDateField(label=_("Day"), required=False)
