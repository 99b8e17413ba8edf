"""What an upload really is: decided by its content, from a short list, in bounded memory.

A file is accepted where its content is of a known type, its name's ending agrees with it, and
nothing in it runs: no script, no launched program, no macro, no file inside a file.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import filetype
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

NAME_LENGTH = 120
HEAD_BYTES = 8192
PIECE_BYTES = 65536
ZIP_MAX_ENTRIES = 5000
ZIP_MAX_BYTES = 200 * 1024 * 1024
ZIP_MAX_RATIO = 200
PDF_MAX_OBJECTS = 200_000
PDF_MAX_DEPTH = 50
IMAGE_MAX_PIXELS = 100_000_000

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
TYPES_BY_ENDING = {
    "pdf": PDF,
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "docx": DOCX,
    "xlsx": XLSX,
    "odt": ODT,
    "ods": ODS,
    "csv": "text/csv",
    "txt": "text/plain",
}
PDF_FORBIDDEN_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMedia"}
PDF_FORBIDDEN_KEYS = {"/JS", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/XFA"}
ZIP_FORBIDDEN = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/.*|embeddings/.*)$|^(basic|scripts)/|^object [0-9]+/", re.IGNORECASE
)


class FileRefused(Exception):
    """The upload is not accepted; the text is for the person who sent it. Forms call the upload ``file``."""

    field = "file"


def clean_name(name: str) -> str:
    """The file's own name without folders, control characters or direction marks.

    :raises FileRefused: where no ending of the accepted list is left.
    """
    own = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    visible = "".join(character for character in own if unicodedata.category(character)[0] != "C")
    stem, _dot, ending = visible.rpartition(".")
    ending = ending.strip().lower()
    if ending not in TYPES_BY_ENDING:
        raise FileRefused(
            _("We do not accept this type of file. Send one of these: %(endings)s.")
            % {"endings": ", ".join(ending for ending in TYPES_BY_ENDING if ending != "jpeg")}
        )
    stem = re.sub(r'[<>:"|?*\s]+', " ", stem).strip(" .")[:NAME_LENGTH] or "archivo"
    return f"{stem}.{ending}"


def check_size(size: int) -> None:
    """:raises FileRefused: for an empty file, or one larger than ``settings.FILE_MAX_BYTES``."""
    if size <= 0:
        raise FileRefused(_("The file is empty."))
    if size > settings.FILE_MAX_BYTES:
        raise FileRefused(
            _("The file is too large. Send one of %(limit)s at most.")
            % {"limit": filesizeformat(settings.FILE_MAX_BYTES)}
        )


def inspect(content: BinaryIO, name: str) -> str:
    """Return the content type of ``content``.

    :param name: as :func:`clean_name` gives it; its ending must agree with the content.
    :raises FileRefused: where it does not, or where the content is damaged or can do harm.
    """
    declared = TYPES_BY_ENDING[PurePosixPath(name).suffix[1:]]
    content.seek(0)
    if declared.startswith("text/"):
        _check_text(content)
        return declared
    head = content.read(HEAD_BYTES)
    content.seek(0)
    if declared in (DOCX, XLSX, ODT, ODS):
        _check_office(content, declared)
    elif filetype.guess_mime(head) != declared:
        raise FileRefused(_("The content of the file is not what its name says. Save it again and send it."))
    elif declared == PDF:
        _check_pdf(content)
    else:
        _check_image(content)
    content.seek(0)
    return declared


def _check_text(content: BinaryIO) -> None:
    decode = codecs.getincrementaldecoder("utf-8-sig")().decode
    try:
        for piece in iter(lambda: content.read(PIECE_BYTES), b""):
            text = decode(piece)
            if any(character < " " and character not in "\t\r\n\f" for character in text):
                raise FileRefused(_("The content of the file is not text. Save it again and send it."))
        decode(b"", True)
    except UnicodeDecodeError:
        raise FileRefused(_("Save the text file as UTF-8 and send it again.")) from None
    content.seek(0)


def _check_image(content: BinaryIO) -> None:
    from PIL import Image

    try:
        with Image.open(content) as image:
            width, height = image.size
            image.verify()
    except Exception:
        # Pillow raises many kinds for damaged input; to the sender they are one.
        raise _damaged() from None
    if width * height > IMAGE_MAX_PIXELS:
        raise FileRefused(_("The image is too large. Send a smaller one."))


def _check_office(content: BinaryIO, declared: str) -> None:
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
            _check_bounds(entries)
            if any(ZIP_FORBIDDEN.search(entry.filename) for entry in entries):
                raise FileRefused(_("The file has macros or other files inside. Send it without them, or as PDF."))
            if _office_type(archive) != declared:
                raise FileRefused(_("The content of the file is not what its name says. Save it again and send it."))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, KeyError, ValueError):
        # RuntimeError: a zip protected by a password. An office file so protected is not a zip at all.
        raise _damaged() from None


def _check_bounds(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > ZIP_MAX_ENTRIES or total > ZIP_MAX_BYTES or total / packed > ZIP_MAX_RATIO:
        raise FileRefused(_("The file is too large when it is opened. Send a smaller one, or a PDF."))


def _office_type(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if "mimetype" in names:
        return _first_bytes(archive, "mimetype", 100).decode("ascii", "replace").strip()
    types = _first_bytes(archive, "[Content_Types].xml", 1024 * 1024).decode("utf-8", "replace")
    if "macroenabled" in types.lower():
        raise FileRefused(_("The file has macros or other files inside. Send it without them, or as PDF."))
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _first_bytes(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as entry:
        return entry.read(limit)


def _check_pdf(content: BinaryIO) -> None:
    import pikepdf

    try:
        with pikepdf.open(content, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise FileRefused(_("The PDF is protected by a password. Send it without one."))
            if len(document.pages) == 0:
                raise _damaged()
            if any(_is_active(item) for item in _dictionaries(document)):
                raise FileRefused(_("The PDF has scripts or other files inside. Print it to a new PDF and send that."))
    except pikepdf.PasswordError:
        raise FileRefused(_("The PDF is protected by a password. Send it without one.")) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise _damaged() from None


def _dictionaries(document: Any) -> Iterator[Any]:
    """Every dictionary of the file, those written inside others included."""
    objects = document.objects
    if len(objects) > PDF_MAX_OBJECTS:
        raise FileRefused(_("The PDF is too complex. Print it to a new PDF and send that."))
    for item in [document.trailer, *objects]:
        yield from _walk(item, 0)


def _walk(item: Any, depth: int) -> Iterator[Any]:
    import pikepdf

    if depth > PDF_MAX_DEPTH:
        raise FileRefused(_("The PDF is too complex. Print it to a new PDF and send that."))
    if isinstance(item, pikepdf.Stream):
        yield from _walk(item.stream_dict, depth)
    elif isinstance(item, pikepdf.Dictionary):
        yield item
        for _key, value in item.items():
            yield from _walk_direct(value, depth)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            yield from _walk_direct(value, depth)


def _walk_direct(value: Any, depth: int) -> Iterator[Any]:
    # Indirect objects are in the document's list already; following them would run in circles.
    if not getattr(value, "is_indirect", False):
        yield from _walk(value, depth + 1)


def _is_active(item: Any) -> bool:
    action = item.get("/S")
    return (
        any(key in PDF_FORBIDDEN_KEYS for key in item.keys())  # noqa: SIM118  a pikepdf dictionary is not iterable
        or str(action) in PDF_FORBIDDEN_ACTIONS
        or str(item.get("/Type")) == "/EmbeddedFile"
    )


def _damaged() -> FileRefused:
    return FileRefused(_("We cannot open this file: it is damaged. Save it again and send it."))
