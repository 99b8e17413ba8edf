"""Accessible PDF (PDF/UA-1) from a Typst template and inert data."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "pdf"


class RenderError(Exception):
    """The template and the data do not give an accessible PDF; the text says where."""


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Compile ``templates/pdf/<template>`` with ``data``; the layout's words are in the active language.

    ``data`` holds what JSON can hold. The shared layout reads ``title``, and where given ``subtitle``,
    ``municipality``, ``cycle``, ``date`` (of the data), ``made_on`` (texts), ``status`` (of the catalogue),
    ``is_demo`` (marks every page) and ``language``. ``report.typ`` and ``board.typ`` also read ``sections``, as
    ``_report.typ`` describes. ``images`` maps a file name (``mapa.png``, ``barras.svg``) to its bytes
    in base64, for the template's ``image(name, alt: …)``; a missing alt text is an error.

    :raises RenderError: the template is wrong, misses data, or is not accessible.
    """
    # Imported here: the compiler is large, and only workers render.
    import typst

    values = {"language": (get_language() or settings.LANGUAGE_CODE)[:2], **data}
    images = values.pop("images", {})
    files = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}
    files |= {"data.json": _json(values), "labels.json": _json(_labels())}
    files |= {name: base64.b64decode(content) for name, content in images.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            # The last part only: a name from data must not leave the folder.
            (Path(folder) / Path(name).name).write_bytes(content)
        try:
            return typst.compile(
                Path(folder) / template,
                root=Path(folder),
                format="pdf",
                pdf_standards=["ua-1"],
                ignore_system_fonts=True,
            )
        except typst.TypstError as error:
            raise RenderError(f"{template}: {error.diagnostic or error.message}") from error


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _labels() -> dict[str, str]:
    return {
        "page": _("Page {page} of {pages}"),
        "municipality": _("Municipality"),
        "cycle": _("Cycle"),
        "date": _("Data up to"),
        "made": _("Made on"),
        "status": _("Status of the standards"),
        "demo": _("DEMONSTRATION DATA"),
        "demo_note": _("The municipality is real. The scores are not."),
        "nothing": _("There is nothing to show."),
    }
