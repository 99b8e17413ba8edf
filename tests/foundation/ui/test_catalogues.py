"""The Spanish catalogues: found, written, checked and compiled without the gettext programs."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from portal.foundation.ui import catalogues

SHOP, BAKERY = "portal.shop", "portal.bakery"


@pytest.fixture
def tree(tmp_path: Path, settings, monkeypatch) -> Path:
    """A project of two applications: one shop, one bakery."""
    settings.ROOT = tmp_path
    folders = {name: tmp_path / name.replace(".", "/") for name in (SHOP, BAKERY)}
    folders[catalogues.FRAME] = tmp_path / "portal" / "ui"
    for folder in folders.values():
        folder.mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(catalogues, "packages", lambda: folders)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def translate(package: str, **spanish: str) -> None:
    path = catalogues.catalogue_path(package)
    text = path.read_text()
    for english, text_in_spanish in spanish.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{text_in_spanish}"')
    path.write_text(text)


def test_strings_of_python(tree: Path) -> None:
    path = write(
        tree / "portal/shop/models.py",
        'gettext("Bread")\n_("Milk")\ngettext_lazy("Salt")\npgettext("verb", "Open")\n'
        'ngettext("%(n)s loaf", "%(n)s loaves", n)\nprint("not this")\n',
    )

    assert dict(catalogues.strings_in(path)) == {
        ("", "Bread"): ("Bread",),
        ("", "Milk"): ("Milk",),
        ("", "Salt"): ("Salt",),
        ("verb", "Open"): ("Open",),
        ("", "%(n)s loaf"): ("%(n)s loaf", "%(n)s loaves"),
    }


def test_strings_inside_an_f_string_are_found_by_every_python(tree: Path) -> None:
    path = write(
        tree / "portal/shop/tags.py",
        """mark = f'<b>{escape(_("old bread"))}</b>'\n"""
        """text = f"{ngettext('%(n)s loaf', '%(n)s loaves', n) % {'n': n}} {pgettext('verb', 'Open')} {other(x)}"\n""",
    )

    assert dict(catalogues.strings_in(path)) == {
        ("", "old bread"): ("old bread",),
        ("", "%(n)s loaf"): ("%(n)s loaf", "%(n)s loaves"),
        ("verb", "Open"): ("Open",),
    }


def test_strings_of_a_template(tree: Path) -> None:
    path = write(
        tree / "templates/shop/list.html",
        "{% load i18n %}\n"
        "<h1>{% translate 'Our bread' %}</h1>\n"
        "  {% if x %}<p>{% translate \"Open\" context 'verb' %}</p>{% endif %}\n"
        "{% blocktranslate trimmed with name=x.name %}\n   Baked by\n   {{ name }} for 100% of you.\n"
        "{% endblocktranslate %}\n"
        "{% blocktranslate count n=loaves %}{{ n }} loaf{% plural %}{{ n }} loaves{% endblocktranslate %}\n"
        "{% include 'a.html' with label=_('Buy «now»') %} it's (unbalanced\n",
    )

    assert dict(catalogues.strings_in(path)) == {
        ("", "Our bread"): ("Our bread",),
        ("verb", "Open"): ("Open",),
        ("", "Baked by %(name)s for 100%% of you."): ("Baked by %(name)s for 100%% of you.",),
        ("", "%(n)s loaf"): ("%(n)s loaf", "%(n)s loaves"),
        ("", "Buy «now»"): ("Buy «now»",),
    }


def test_each_application_keeps_its_own_and_the_frame_the_rest(tree: Path) -> None:
    write(tree / "portal/shop/views.py", '_("In code")')
    write(tree / "templates/shop/list.html", "{% load i18n %}{% translate 'In template' %}")
    write(tree / "templates/base.html", "{% load i18n %}{% translate 'In frame' %}")

    found = {package: [key[1] for key in strings] for package, strings in catalogues.found_strings().items()}

    assert found == {SHOP: ["In code", "In template"], BAKERY: [], catalogues.FRAME: ["In frame"]}


def test_a_catalogue_is_sorted_and_changes_only_when_strings_do(tree: Path) -> None:
    source = write(tree / "portal/shop/views.py", '_("b")\n_("a")')

    first, again = catalogues.update(), catalogues.update()
    source.write_text('\n\n\n_("a")\n_("b")')

    assert first == [catalogues.catalogue_path(SHOP)]
    assert again == catalogues.update() == []
    assert catalogues.catalogue_path(SHOP).read_text() == (
        catalogues.HEADER + '\nmsgid "a"\nmsgstr ""\n\nmsgid "b"\nmsgstr ""\n'
    )


def test_a_string_that_moves_takes_its_spanish_along(tree: Path) -> None:
    write(tree / "portal/shop/views.py", '_("Bread")')
    catalogues.update()
    translate(SHOP, Bread="Pan")
    (tree / "portal/shop/views.py").rename(tree / "portal/bakery/views.py")

    catalogues.update()

    assert not catalogues.catalogue_path(SHOP).exists()
    assert catalogues.problems() == []
    assert 'msgstr "Pan"' in catalogues.catalogue_path(BAKERY).read_text()


def test_what_is_missing_is_named(tree: Path) -> None:
    source = write(tree / "portal/shop/views.py", '_("Bread")\n_("Hello %(name)s")\n_("Gone")')
    catalogues.update()
    translate(SHOP, **{"Hello %(name)s": "Hola %(nombre)s", "Gone": "Ido"})
    source.write_text('_("Bread")\n_("Hello %(name)s")\n_("New")')

    assert catalogues.problems() == [
        "portal.shop: «Bread» has no Spanish",
        "portal.shop: «Hello %(name)s» has other placeholders in Spanish",
        "portal.shop: «New» is not in the catalogue (make messages)",
        "portal.shop: «Gone» is used nowhere (make messages)",
    ]


def test_a_fuzzy_entry_is_not_spanish(tree: Path) -> None:
    write(tree / "portal/shop/views.py", '_("Bread")')
    catalogues.update()
    path = catalogues.catalogue_path(SHOP)
    path.write_text(path.read_text().replace('msgid "Bread"\nmsgstr ""', '#, fuzzy\nmsgid "Bread"\nmsgstr "Pan"'))

    assert catalogues.problems() == ["portal.shop: «Bread» is marked fuzzy"]


def test_one_string_has_one_spanish(tree: Path) -> None:
    write(tree / "portal/shop/views.py", '_("Open")')
    write(tree / "portal/bakery/views.py", '_("Open")')
    catalogues.update()
    translate(SHOP, Open="Abierto")
    translate(BAKERY, Open="Abrir")

    assert catalogues.problems() == ["«Open» is «Abierto» in portal.shop and «Abrir» in portal.bakery (use a context)"]


@pytest.mark.parametrize(
    ("english", "spanish", "same"),
    [
        (("%(n)s loaf", "%(n)s loaves"), ("Un pan", "%(n)s panes"), True),
        (("%(n)s loaf", "%(n)s loaves"), ("%(n)s pan", "panes"), False),
        (("one", "%(n)s"), ("uno %(m)s", "%(n)s"), False),
        (("{count} of {total}",), ("{total}, {count}",), True),
        (("%s and %s",), ("%s",), False),
    ],
)
def test_placeholders(english: tuple[str, ...], spanish: tuple[str, ...], same: bool) -> None:
    assert catalogues.same_placeholders(english, spanish) is same


def test_a_compiled_catalogue_is_renewed_when_its_text_is_newer(tree: Path) -> None:
    write(tree / "portal/shop/views.py", '_("Bread")\nngettext("%(n)s loaf", "%(n)s loaves", 2)')
    catalogues.update()
    translate(SHOP, Bread="Pan")

    compiled = catalogues.compile_stale()

    with compiled[0].open("rb") as source:
        assert gettext.GNUTranslations(source).gettext("Bread") == "Pan"
    assert catalogues.compile_stale() == []
