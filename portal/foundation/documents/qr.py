"""QR codes on printed sheets."""

from __future__ import annotations

import base64
import io


def qr_svg(text: str) -> str:
    """The QR code of ``text`` as SVG in base64, for the ``images`` of a document; the same text gives the same bytes.

    Error correction M: it is still read with a seventh of it dirty or torn.
    """
    # Imported here: only those who ask for a printed sheet need it.
    import segno

    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", scale=10, border=2, xmldecl=True)
    return base64.b64encode(target.getvalue()).decode()
