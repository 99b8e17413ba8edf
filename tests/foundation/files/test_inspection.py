"""What is accepted, by its content; what is refused, and with which words."""

from __future__ import annotations

import io

import pikepdf
import pytest

from portal.foundation.files import inspection
from portal.foundation.files.inspection import FileRefused, clean_name, inspect
from tests.foundation.files import samples

ACCEPTED = {
    "a.pdf": samples.pdf,
    "a.png": lambda: samples.image("PNG"),
    "a.jpg": lambda: samples.image("JPEG"),
    "a.jpeg": lambda: samples.image("JPEG"),
    "a.webp": lambda: samples.image("WEBP"),
    "a.docx": samples.docx,
    "a.xlsx": samples.xlsx,
    "a.odt": lambda: samples.open_document("text"),
    "a.ods": lambda: samples.open_document("spreadsheet"),
    "a.csv": lambda: "comuna;puntos\r\nÑuñoa;3\r\n".encode("utf-8-sig"),
    "a.txt": lambda: "Atención «preferente»\n".encode(),
}
MISNAMED = "The content of the file is not what its name says. Save it again and send it."
DAMAGED = "We cannot open this file: it is damaged. Save it again and send it."
PDF_ACTIVE = "The PDF has scripts or other files inside. Print it to a new PDF and send that."
PDF_PROTECTED = "The PDF is protected by a password. Send it without one."
MACROS = "The file has macros or other files inside. Send it without them, or as PDF."
REFUSED = [
    ("a.pdf", lambda: samples.EXE, MISNAMED),
    ("a.pdf", lambda: b"<html><script>alert(1)</script>", MISNAMED),
    ("a.png", lambda: samples.image("JPEG"), MISNAMED),
    ("a.png", lambda: samples.image("PNG")[:40], DAMAGED),
    ("a.pdf", lambda: b"%PDF-1.7\nnothing of a PDF", DAMAGED),
    ("a.pdf", lambda: samples.pdf(samples.pdf_with_script), PDF_ACTIVE),
    (
        "a.pdf",
        lambda: samples.pdf(samples.pdf_with_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        PDF_ACTIVE,
    ),
    ("a.pdf", lambda: samples.pdf(samples.pdf_with_launch_in_annotation), PDF_ACTIVE),
    ("a.pdf", lambda: samples.pdf(samples.pdf_with_file_inside), PDF_ACTIVE),
    ("a.pdf", lambda: samples.pdf(encryption=pikepdf.Encryption(owner="x", user="secret")), PDF_PROTECTED),
    ("a.pdf", lambda: samples.pdf(encryption=pikepdf.Encryption(owner="x", user="")), PDF_PROTECTED),
    ("a.docx", lambda: samples.docx(**{"word/vbaProject.bin": b"macro"}), MACROS),
    ("a.docx", lambda: samples.docx(**{"word/embeddings/oleObject1.bin": b"inside"}), MACROS),
    ("a.odt", lambda: samples.open_document("text", **{"Basic/Standard/script-lb.xml": "<m/>"}), MACROS),
    ("a.docx", samples.xlsx, MISNAMED),
    ("a.xlsx", lambda: samples.archive({"[Content_Types].xml": "<t/>", "run.exe": samples.EXE}), MISNAMED),
    ("a.odt", lambda: samples.open_document("spreadsheet"), MISNAMED),
    ("a.docx", lambda: b"PK\x03\x04 nothing of a zip", DAMAGED),
    ("a.xlsx", lambda: samples.archive({"other.xml": "<o/>"}), DAMAGED),
    (
        "a.xlsx",
        lambda: samples.archive({"[Content_Types].xml": "<t/>", "xl/workbook.xml": b"0" * 50_000_000}),
        "The file is too large when it is opened. Send a smaller one, or a PDF.",
    ),
    ("a.csv", lambda: "Ñuñoa".encode("latin-1"), "Save the text file as UTF-8 and send it again."),
    ("a.csv", lambda: "cut Ñ".encode()[:-1], "Save the text file as UTF-8 and send it again."),
    ("a.txt", lambda: b"MZ\x00\x00", "The content of the file is not text. Save it again and send it."),
]


@pytest.fixture(autouse=True)
def american_english():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.parametrize("name", ACCEPTED)
def test_each_kind_of_the_list_is_accepted(name):
    assert inspect(io.BytesIO(ACCEPTED[name]()), name) == inspection.TYPES_BY_ENDING[name[2:]]


@pytest.mark.parametrize(("name", "make", "said"), REFUSED, ids=[f"{i}-{row[0]}" for i, row in enumerate(REFUSED)])
def test_what_is_not_what_it_says_or_can_do_harm_is_refused(name, make, said):
    with pytest.raises(FileRefused) as refused:
        inspect(io.BytesIO(make()), name)

    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Informe Ñuñoa (2).PDF", "Informe Ñuñoa (2).pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\acta.docx", "acta.docx"),
        ("factura\u202efdp.exe.pdf", "facturafdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie x.csv"),
        ("  .pdf", "archivo.pdf"),
        ("x" * 300 + ".png", "x" * 120 + ".png"),
    ],
)
def test_names_are_cleaned(given, cleaned):
    assert clean_name(given) == cleaned


@pytest.mark.parametrize(
    "name", ["virus.exe", "pagina.html", "dibujo.svg", "macro.docm", "sin_extension", "", "a.pdf/"]
)
def test_other_endings_are_refused_with_the_list(name):
    with pytest.raises(FileRefused) as refused:
        clean_name(name)

    assert str(refused.value) == (
        "We do not accept this type of file. Send one of these: pdf, png, jpg, webp, docx, xlsx, odt, ods, csv, txt."
    )
