"""PDF/UA: tagged, titled, marked as demonstration; data stays data."""

from __future__ import annotations

import base64
import io

import pikepdf
import pytest
from django.utils import translation

from portal.foundation.documents.render import RenderError, render_pdf
from tests.foundation.files import samples

BASE = {"title": "Informe", "municipality": "Ñuñoa", "cycle": "2026", "date": "2 de marzo", "status": "borrador"}
TABLE = {
    "heading": "Brechas",
    "table": {"headers": ["Estándar", "Nivel"], "rows": [["E1", "2"]] * 80, "widths": [3, 1]},
}


def opened(template, **data):
    return pikepdf.open(io.BytesIO(render_pdf(template, {**BASE, **data})))


def structure(pdf) -> set[str]:
    return {str(item.get("/S")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item}


def test_a_report_is_tagged_titled_and_has_table_headers():
    with translation.override("es"), opened("report.typ", sections=[TABLE]) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert str(pdf.docinfo.Title) == "Informe"
        assert {"/H1", "/Table", "/TH", "/TD"} <= structure(pdf)
        assert len(pdf.pages) > 1


def test_a_board_is_an_a3_sheet():
    with opened("board.typ", sections=[]) as pdf:
        assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [1191, 842]


def test_data_is_never_code():
    hostile = '#read("/etc/passwd") $x$ [*bold*] #panic()'

    with opened("report.typ", title=hostile, sections=[{"heading": hostile, "paragraphs": [hostile]}]) as pdf:
        assert str(pdf.docinfo.Title) == hostile


def test_an_image_needs_its_alternative_text():
    images = {"mapa.png": base64.b64encode(samples.image("PNG")).decode()}
    shown = [{"figure": {"image": "mapa.png", "alt": "Mapa", "caption": "Mapa"}}]

    with opened("report.typ", sections=shown, images=images) as pdf:
        assert "/Figure" in structure(pdf)
    with pytest.raises(RenderError):
        render_pdf("report.typ", {**BASE, "sections": [{"figure": {"image": "mapa.png"}}], "images": images})


def test_an_image_name_does_not_leave_its_folder(tmp_path):
    outside = tmp_path / "out.png"
    images = {f"../../../../{outside}": base64.b64encode(samples.image("PNG")).decode()}

    render_pdf("report.typ", {**BASE, "sections": [], "images": images})

    assert outside.exists() is False


def test_demonstration_data_is_marked():
    plain = render_pdf("report.typ", {**BASE, "sections": []})
    marked = render_pdf("report.typ", {**BASE, "sections": [], "is_demo": True})

    assert len(marked) > len(plain)


def test_a_template_that_misses_data_is_refused():
    with pytest.raises(RenderError):
        render_pdf("report.typ", {"title": "Informe"})
