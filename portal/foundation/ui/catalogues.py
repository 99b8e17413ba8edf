"""Message catalogues without the gettext programs, on Babel.

Code and templates carry American English; Spanish is the default language and must be complete.
Each application keeps the Spanish of its own strings in ``locale/es/LC_MESSAGES/django.po``:
strings of its Python files, and of ``templates/<application>/``. Strings of the frame
(``base.html``, components, errors, settings) are kept by ``portal.foundation.ui``.

Catalogues are sorted by message and carry neither line numbers nor dates, so that two branches
that add strings merge. A string that moves to another application takes its Spanish along.
"""

from __future__ import annotations

import ast
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

FRAME = "portal.foundation.ui"
KEEPERS_OF_TEMPLATES = {  # folders of templates/ that are not named after an application
    "account": "portal.foundation.people",
    "mfa": "portal.foundation.people",
    "socialaccount": "portal.foundation.people",
    "pdf": "portal.foundation.documents",
}
LANGUAGE = "es"
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Mejora\\n"
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdf]|\{\w*\}")

Key = tuple[str, str]  # context, singular English
Strings = dict[Key, tuple[str, ...]]  # → English: one text, or singular and plural


def update() -> list[Path]:
    """Write every catalogue anew from code and templates; keep all Spanish that is still used.

    Returns the catalogues whose text changed.
    """
    known = _all_spanish()
    changed = []
    for package, strings in found_strings().items():
        path = catalogue_path(package)
        own = _spanish_of(path)
        entries = {key: (english, own.get(key) or known.get(key) or ()) for key, english in strings.items()}
        text = _as_text(entries)
        if not strings:
            if path.exists():
                path.unlink()
                changed.append(path)
        elif not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            changed.append(path)
    return changed


def compile_stale() -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns what was compiled."""
    compiled = []
    for path in existing_catalogues():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            draft = target.with_name(f"{target.name}.{id(path)}.draft")
            with draft.open("wb") as output:
                write_mo(output, _read(path))
            draft.replace(target)  # at once: another process may be reading
            compiled.append(target)
    return compiled


def problems() -> list[str]:
    """What keeps Spanish from being complete: one sentence each, with catalogue and message."""
    return [*_problems_of_each(), *_contradictions()]


def found_strings() -> dict[str, Strings]:
    """Application package → the strings of its code and templates."""
    found: dict[str, Strings] = {package: {} for package in packages()}
    for path, package in _sources():
        strings = found[package]
        for key, english in strings_in(path):
            if len(english) > len(strings.get(key, ())):  # the plural form wins over the bare singular
                strings[key] = english
    return found


def existing_catalogues() -> list[Path]:
    return [path for package in packages() if (path := catalogue_path(package)).exists()]


def catalogue_path(package: str) -> Path:
    return packages()[package] / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def packages() -> dict[str, Path]:
    """Our own applications and their folders."""
    root = settings.ROOT
    found = {config.name: Path(config.path) for config in apps.get_app_configs()}
    return {
        name: path
        for name, path in found.items()
        if path.is_relative_to(root) and "site-packages" not in path.parts and ".venv" not in path.parts
    }


def _sources() -> Iterator[tuple[Path, str]]:
    """Every file that may carry strings, with the package that keeps their Spanish."""
    folders = packages()
    by_name = {name.rsplit(".", 1)[-1]: name for name in folders}
    owners = sorted(folders.items(), key=lambda item: -len(str(item[1])))
    tops = sorted({name.split(".")[0] for name in folders})
    for top in tops:
        for path in sorted((settings.ROOT / top).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path, next((name for name, folder in owners if path.is_relative_to(folder)), FRAME)
    templates = settings.ROOT / "templates"
    for path in sorted(templates.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            folder = path.relative_to(templates).parts[0]
            yield path, KEEPERS_OF_TEMPLATES.get(folder) or by_name.get(folder, FRAME)


def strings_in(path: Path) -> Iterator[tuple[Key, tuple[str, ...]]]:
    text = path.read_text()
    if path.suffix == ".py":
        yield from _strings_in_f_strings(ast.parse(text))
    else:
        # What Django makes of a template looks like Python but for its indentation.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        english = message if isinstance(message, tuple) else (message,)
        if english[0]:
            yield (context or "", english[0]), english


def _strings_in_f_strings(tree: ast.Module) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """What is translated inside an f-string, which the extraction does not look into before Python 3.12."""
    for joined in ast.walk(tree):
        if not isinstance(joined, ast.JoinedStr):
            continue
        for call in ast.walk(joined):
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
            if isinstance(call, ast.Call) and name in KEYWORDS:
                context, english = "", []
                places: tuple[Any, ...] = KEYWORDS[name] or (1,)
                for place in places:
                    if isinstance(place, tuple):
                        context = ast.literal_eval(call.args[place[0] - 1])
                    else:
                        english.append(ast.literal_eval(call.args[place - 1]))
                yield (context, english[0]), tuple(english)


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE)


def _messages(path: Path) -> Iterator[tuple[Key, Message]]:
    for message in _read(path) if path.exists() else ():
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[0]
            yield (message.context or "", english), message


def _spanish(message: Message) -> tuple[str, ...]:
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return texts if all(texts) and not message.fuzzy else ()


def _spanish_of(path: Path) -> Strings:
    return {key: texts for key, message in _messages(path) if (texts := _spanish(message))}


def _all_spanish() -> Strings:
    known: Strings = {}
    for path in existing_catalogues():
        for key, texts in _spanish_of(path).items():
            known.setdefault(key, texts)
    return known


def _as_text(entries: dict[Key, tuple[tuple[str, ...], tuple[str, ...]]]) -> str:
    parts = [HEADER]
    for (context, singular), (english, spanish) in sorted(entries.items(), key=lambda item: item[0][::-1]):
        lines = [f"msgctxt {_quoted(context)}"] if context else []
        lines.append(f"msgid {_quoted(singular)}")
        if len(english) == 1:
            lines.append(f"msgstr {_quoted(spanish[0] if spanish else '')}")
        else:
            forms = spanish if len(spanish) == 2 else ("", "")
            lines.append(f"msgid_plural {_quoted(english[1])}")
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return normalize(text, width=0)


def _problems_of_each() -> Iterator[str]:
    for package, strings in found_strings().items():
        kept = dict(_messages(catalogue_path(package)))
        for key, english in strings.items():
            where = f"{package}: «{english[0]}»"
            message = kept.get(key)
            if message is None:
                yield f"{where} is not in the catalogue (make messages)"
            elif message.fuzzy:
                yield f"{where} is marked fuzzy"
            elif len(spanish := _spanish(message)) != len(english):
                yield f"{where} has no Spanish"
            elif not same_placeholders(english, spanish):
                yield f"{where} has other placeholders in Spanish"
        for key in kept.keys() - strings.keys():
            yield f"{package}: «{key[1]}» is used nowhere (make messages)"


def same_placeholders(english: tuple[str, ...], spanish: tuple[str, ...]) -> bool:
    """The last form has exactly the English ones; the singular may leave its number out."""
    last_english, last_spanish = (Counter(PLACEHOLDER.findall(texts[-1])) for texts in (english, spanish))
    allowed = set(PLACEHOLDER.findall(" ".join(english)))
    return last_english == last_spanish and set(PLACEHOLDER.findall(" ".join(spanish))) <= allowed


def _contradictions() -> Iterator[str]:
    """Django joins all catalogues into one: two Spanish texts for one string would be a lottery."""
    seen: dict[Key, tuple[tuple[str, ...], str]] = {}
    for package in packages():
        for key, texts in _spanish_of(catalogue_path(package)).items():
            first, where = seen.setdefault(key, (texts, package))
            if first != texts:
                yield f"«{key[1]}» is «{first[0]}» in {where} and «{texts[0]}» in {package} (use a context)"


def lines_of(paths: Iterable[Path]) -> list[str]:
    """Paths as a person reads them: relative to the checkout."""
    return [str(path.relative_to(settings.ROOT)) for path in paths]
