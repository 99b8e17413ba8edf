"""Texts in two languages: one field for each, side by side, and back to ``{"es", "en"}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from benefits_core.queries.words import LANGUAGES
from portal.foundation.ui.forms import UIForm

DASHES = ("–", "-")
_labelled = lazy(lambda label, language: _("%(label)s, %(language)s") % {"label": label, "language": language}, str)


class TextsForm(UIForm):
    """A form whose ``texts`` are asked for in each language, as fields ``<name>_es`` and ``<name>_en``.

    ``texts``: name → (label, long, limit, help). ``groups``: (legend, names), in which a name of
    ``texts`` stands for its fields.
    """

    template_name = "benefits_core/partials/texts_form.html"
    texts: Mapping[str, tuple[Any, bool, int, Any]] = {}
    required_texts: frozenset[str] = frozenset()
    groups: Sequence[tuple[Any, Sequence[str]]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, is_long, limit, help_text) in self.texts.items():
            for language, language_name in LANGUAGES:
                attrs = {"lang": language}
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=_labelled(label, language_name),
                    required=name in self.required_texts and language == "es",
                    max_length=limit,
                    help_text=help_text if language == "es" else "",
                    widget=forms.Textarea(attrs={**attrs, "rows": "3"}) if is_long else forms.TextInput(attrs=attrs),
                )

    def grouped(self) -> Iterator[tuple[Any, list[list[BoundField]]]]:
        """Legend and rows of fields; the two languages of a text share a row."""
        for legend, names in self.groups:
            yield legend, [self._row(name) for name in names]

    def written(self, name: str) -> dict[str, str]:
        """``{"es", "en"}`` as typed, without empty ones."""
        return {
            language: text for language, _name in LANGUAGES if (text := self.cleaned_data.get(f"{name}_{language}", ""))
        }

    @staticmethod
    def spread(name: str, texts: Mapping[str, str]) -> dict[str, str]:
        """The initial values of one text's fields."""
        return {f"{name}_{language}": texts.get(language, "") for language, _name in LANGUAGES}

    def _row(self, name: str) -> list[BoundField]:
        if name in self.texts:
            return [self[f"{name}_{language}"] for language, _name in LANGUAGES]
        return [self[name]]


def as_texts(lines: Mapping[str, str]) -> list[dict[str, str]]:
    """One text a line in each language → a list of ``{"es", "en"}``, joined by their order.

    A dash stands for a text that is missing.
    """
    by_language = {
        language: [line.strip() for line in (lines.get(language) or "").splitlines() if line.strip()]
        for language, _name in LANGUAGES
    }
    return [
        {language: text for language, text in zip(by_language, row, strict=True) if text not in ("", *DASHES)}
        for row in zip_longest(*by_language.values(), fillvalue="")
    ]


def as_lines(texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The other way round; a text missing in one language leaves a dash, so that the order holds."""
    return {language: "\n".join(text.get(language, DASHES[0]) for text in texts) for language, _name in LANGUAGES}
