"""Lists of contacts as municipalities have them; what cannot be used is told by its row."""

from __future__ import annotations

import pytest

from surveys.domain.contact_files import MOST_BYTES, ContactRow, RowError, read_contacts
from surveys.errors import InvalidContent


def read(text: str, encoding: str = "utf-8", **options: str):
    return read_contacts(text.encode(encoding), **options)


def test_telephones_and_mails_are_read_in_their_one_written_form() -> None:
    found = read(
        "Contacto;Canal;Idioma\n9 8765 4321;presencial;\n Ana@Example.CL ;Terreno;inglés\n56987654322;web;es\n"
    )

    assert found.errors == []
    assert found.rows == [
        ContactRow(2, "sms", "+56987654321", "in_person", "es"),
        ContactRow(3, "email", "Ana@example.cl", "outreach", "en"),
        ContactRow(4, "sms", "+56987654322", "virtual", "es"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_whatever_program_wrote_it(encoding: str) -> None:
    found = read("correo,atención\nmaría@example.cl,presencial\nx@example.cl,en línea\n", encoding)

    assert [row.address for row in found.rows] == ["x@example.cl"]
    assert found.rows[0].channel == "virtual"
    assert found.errors == [(2, RowError.NOT_AN_ADDRESS)]


def test_lines_of_one_file_may_come_from_two_programs() -> None:
    content = "contacto;canal\na@example.cl;en línea\n".encode() + "b@example.cl;en línea\n".encode("cp1252")

    assert [row.channel for row in read_contacts(content).rows] == ["virtual", "virtual"]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (";presencial", RowError.NO_CONTACT),
        ("22345678;presencial", RowError.NOT_AN_ADDRESS),
        ("225551234;presencial", RowError.NOT_AN_ADDRESS),
        ("a@b;presencial", RowError.NOT_AN_ADDRESS),
        ("<script>@x.cl;presencial", RowError.NOT_AN_ADDRESS),
        ("a@example.cl;", RowError.NO_CHANNEL),
        ("a@example.cl", RowError.NO_CHANNEL),
        ("a@example.cl;paloma", RowError.NOT_A_CHANNEL),
        ("a@example.cl;presencial;klingon", RowError.NOT_A_LANGUAGE),
        ("OTRA@example.cl;presencial", RowError.TWICE),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_its_number(row: str, error: RowError) -> None:
    found = read(f"contacto;canal;idioma\n\notra@example.cl;presencial;es\n{row}\n")

    assert [one.address for one in found.rows] == ["otra@example.cl"]
    assert found.errors == [(4, error)]


def test_a_list_of_contacts_alone_takes_the_channel_that_was_chosen() -> None:
    found = read("celular\n987654321\n987654322\n", channel="outreach")

    assert {(row.kind, row.channel) for row in found.rows} == {("sms", "outreach")}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n;;\n",
        b"nombre;canal\nAna;presencial\n",
        b"contacto;canal\n=cmd|'/c calc'!A1;presencial\n",
        b"contacto;canal\n@SUM(1);presencial\n",
        b"PK\x03\x04\x00\x00",
        b"\xff\xfe\x00",
        b"contacto;canal\na\x00@example.cl;presencial\n",
        b"contacto" + b";x" * 500 + b"\n",
        b"contacto;canal\n" + b"a@example.cl;presencial\n" * (MOST_BYTES // 20),
        b"contacto\n" + b"\n".join(b"%d@x.cl" % number for number in range(20_050)),
        b'contacto;canal\n"' + b"x" * 200_000,
    ],
)
def test_what_is_no_list_of_contacts_is_refused_whole(content: bytes) -> None:
    with pytest.raises(InvalidContent) as refused:
        read_contacts(content, channel="virtual")
    assert refused.value.field == "file"
