"""Small real files of every kind, good and bad, made in memory."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pikepdf
from PIL import Image

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def pdf(change=None, **save) -> bytes:
    """A PDF of one empty page; ``change(document)`` makes it worse."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    buffer = io.BytesIO()
    document.save(buffer, **save)
    return buffer.getvalue()


def pdf_with_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def pdf_with_launch_in_annotation(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].Annots = pikepdf.Array([link])


def pdf_with_file_inside(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = pikepdf.AttachedFileSpec(document, b"inside", filename="a.txt")


def image(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, kind)
    return buffer.getvalue()


def archive(entries: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return buffer.getvalue()


def docx(**more: str | bytes) -> bytes:
    return archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<w/>", **more})


def xlsx() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame({"a": [1]}).to_excel(buffer, index=False)
    return buffer.getvalue()


def open_document(kind: str, **more: str | bytes) -> bytes:
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<o/>", **more})


EXE = b"MZ\x90\x00" + b"\x00" * 200
