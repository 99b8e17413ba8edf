"""What the style guide shows: one field of each kind, one row of each component.

A page for those who build the screens: its words are Spanish and stay out of the catalogues.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIFilterForm, UIForm

REGIONS = [("", "Elija una región"), ("13", "Metropolitana de Santiago"), ("05", "Valparaíso")]


class ExampleForm(UIForm):
    """One field of each kind."""

    name = forms.CharField(
        label="Nombre completo",
        help_text="Como quiere que le llamemos.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Correo electrónico", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    region = forms.ChoiceField(label="Región", choices=REGIONS)
    born_on = UIDateField(
        label="Fecha de nacimiento",
        help_text="Por ejemplo: 27 3 1976.",
        latest=date(2026, 12, 31),
        widget=UIDateField.widget(attrs={"autocomplete": "bday"}),
    )
    level = forms.ChoiceField(
        label="Nivel del estándar",
        widget=forms.RadioSelect,
        choices=[
            ("0", ChoiceWithHint("Nivel 0", "No existe o no hay evidencia.")),
            ("1", ChoiceWithHint("Nivel 1", "Se hace en parte.")),
            ("na", "No aplica"),
        ],
    )
    channels = forms.MultipleChoiceField(
        label="¿Cómo llegó a nosotros?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("web", "Por el sitio web"), ("office", ChoiceWithHint("En la oficina", "Con número de atención."))],
    )
    people = forms.IntegerField(label="Personas en el hogar", min_value=1, max_value=30)
    story = forms.CharField(label="¿Qué pasó?", max_length=500, widget=forms.Textarea)
    evidence = forms.FileField(label="Antecedente", help_text="PDF o foto de hasta 20 MB.")
    agreed = forms.BooleanField(label="Leí las condiciones")
    revision = forms.CharField(widget=forms.HiddenInput, required=False, initial="7")


class ExampleFilterForm(UIFilterForm):
    """A filter frame's form."""

    q = forms.CharField(label="Buscar", required=False)
    region = forms.ChoiceField(label="Región", choices=REGIONS, required=False)


def components() -> dict[str, Any]:
    """Arguments of the components, as their own comments describe them."""
    return {
        "crumbs": [("Inicio", "/"), ("Comunas", "#tabla")],
        "levels": [0, 1, 2, 3, None],
        "tasks": [
            {"title": "A1 · Información clara", "url": "#a1", "state": "Listo", "tone": "good", "hint": "Nivel 2"},
            {"title": "A2 · Sala de espera", "url": "#a2", "state": "En curso", "tone": "info"},
            {"title": "A3 · Señalética", "url": "", "state": "Aún no se puede empezar"},
        ],
        "answers": [
            {"key": "Nombre", "value": "Rosa Ñancupil", "url": "#id_name"},
            {"key": "Canales", "value": ["Sitio web", "Oficina"], "url": "#id_channels_0"},
            {"key": "Teléfono", "value": "", "hint": "Sirve para avisarle."},
        ],
        "table": {
            "head": ["Comuna", "Estándares cumplidos", "Brecha"],
            "rows": [["Alhué", 12, "38,7 %"], ["Cabo de Hornos", 21, "12,0 %"]],
            "numeric": [1, 2],
        },
        "heatmap": {
            "head": ["A1", "A2", "A3", "A4", "A5", "A6"],
            "rows": [("Alhué", [0, 1, 2, 3, None, "na"]), ("Cabo de Hornos", [3, 2, 2, 1, 0, None])],
        },
    }
