"""Forms of the contacts of a survey."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.forms import RowChoiceField, UIForm
from surveys.domain.contact_files import RowError

ROW_ERRORS = {
    RowError.NO_CONTACT: _("There is no telephone or e-mail."),
    RowError.NOT_AN_ADDRESS: _("It is neither a mobile telephone nor an e-mail address."),
    RowError.NO_CHANNEL: _("It does not say how the person was served."),
    RowError.NOT_A_CHANNEL: _("Write how the person was served: presencial, terreno or virtual."),
    RowError.NOT_A_LANGUAGE: _("Write the language as es or en."),
    RowError.TWICE: _("The same contact is further up."),
}


class ContactsForm(UIForm):
    """A list of contacts, and the channel of those rows that say none."""

    show_optional = False

    file = forms.FileField(
        label=_("List of contacts"),
        help_text=_(
            "A csv file with the columns “contacto” (mobile or e-mail) and “canal” (presencial, terreno, virtual)."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )
    stratum = RowChoiceField(
        queryset=None,
        label=_("Where a row says no channel, the person was served"),
        required=False,
        empty_label=_("Leave those rows out"),
    )

    def __init__(self, *args: Any, strata: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stratum"].queryset = strata  # type: ignore[attr-defined]
