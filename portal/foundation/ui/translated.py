"""Data that carries its own languages: ``{"es": "…", "en": "…"}``."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language


def localized(texts: Mapping[str, str] | None) -> str:
    """The text in the active language, else in Spanish, else any, else ""."""
    if not texts:
        return ""
    language = (get_language() or "es")[:2]
    return texts.get(language) or texts.get("es") or next(iter(texts.values()), "")
