"""Finding standards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.forms import UIFilterForm
from quality.enums import Origin
from quality.models import CatalogueVersion
from quality.queries.catalogue import Search


class CatalogueFilterForm(UIFilterForm):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    componente = forms.ChoiceField(label=_("Component"), required=False)
    atributo = forms.ChoiceField(label=_("Attribute"), required=False)
    origen = forms.ChoiceField(label=_("Origin of the text"), required=False)
    transparencia = forms.BooleanField(label=_("Only transparency standards"), required=False)
    critico = forms.BooleanField(label=_("Only critical standards"), required=False)

    def __init__(self, *args: Any, version: CatalogueVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        components = version.components.all() if version else []
        attributes = version.attributes.all() if version else []
        self._offer("componente", [(row.code, str(row)) for row in components])
        self._offer("atributo", [(row.code, str(row)) for row in attributes])
        self._offer("origen", Origin.choices)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *choices]

    def search(self) -> Search:
        """What is asked for; whatever is not valid asks for nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Search(
            text=data.get("q", ""),
            component=data.get("componente", ""),
            attribute=data.get("atributo", ""),
            transparency=data.get("transparencia", False),
            critical=data.get("critico", False),
            origin=data.get("origen", ""),
        )
