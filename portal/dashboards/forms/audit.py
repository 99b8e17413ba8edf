"""Filters of the audit lists."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.foundation.ui.forms import UIFilterForm


class AuditFilterForm(UIFilterForm):
    """Narrows the list of events; every field may stay empty."""

    email = forms.CharField(label=_("E-mail of the person"), required=False, max_length=254)
    verb = forms.CharField(label=_("Action begins with"), required=False, max_length=80)
    object_type = forms.CharField(label=_("Kind of object"), required=False, max_length=80)
    object_id = forms.CharField(label=_("Number of the object"), required=False, max_length=64)
    territory_code = forms.CharField(label=_("Code of the territory"), required=False, max_length=12)
    only_looks = forms.BooleanField(label=_("Only looks at personal data"), required=False)
