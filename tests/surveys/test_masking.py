"""What names a person is hidden however it is written; ordinary numbers stay."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.cl import rut

from surveys.masking import Kind, hide, is_run, mask

# Arabic-Indic, Devanagari, full-width, mathematical bold, superscript
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰¹²³⁴⁵⁶⁷⁸⁹"]
SPACES = [" ", "\u00a0", "\u2009", "\t", "\n", "\u3000", "  ", " \u00a0 "]
DOTS = [".", "\u00b7", "\u2024", "．", "・"]
MARKS = ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "－", " - ", " – ", "\u200b-"]
WORDS = ["", "mi dato es ", "Soy ", "(", "reclamo de doña Rosa, ", "ojo:", "«"]
AFTER = ["", " y no me atendieron", ".", ", gracias", ")", "»", "; espero respuesta"]

people = st.integers(1_000_000, 99_999_999)
separators = st.sampled_from([*SPACES, *DOTS, *MARKS, "", ". ", "/", "_", ","])


def check_digit(body: int) -> str:
    return next(digit for digit in "0123456789k" if rut.calc_check_digit(str(body)).lower() == digit)


def in_digits(text: str, script: str) -> str:
    return text.translate(str.maketrans("0123456789", script))


def figures_of(text: str) -> str:
    """The digits of a text as 0-9, whatever they are written in."""
    return "".join(
        str(unicodedata.digit(character)) for character in text if unicodedata.digit(character, None) is not None
    )


@st.composite
def usual_runs(draw: st.DrawFn) -> str:
    """Thousands parted by dots, spaces or nothing, then a dash or something like it, in any digits."""
    body = draw(people)
    digit = check_digit(body)
    if digit == "k":
        digit = draw(st.sampled_from(["k", "K", "ｋ", "Ｋ", "\u212a", "К"]))
    between = draw(st.sampled_from(["", *SPACES, *DOTS, " . "]))
    before_digit = draw(st.sampled_from([*MARKS, "", " ", "/", "_", " guión ", " raya ", " dígito verificador "]))
    written = f"{body:,}".replace(",", between) + before_digit + digit
    assume(not (between in DOTS and re.fullmatch(r"\d{1,3}(\D\d{3})+", written)))
    return draw(st.sampled_from(["", "0"])) * (between == "") + in_digits(written, draw(st.sampled_from(DIGITS)))


@given(usual_runs(), st.sampled_from(WORDS), st.sampled_from(AFTER))
@example("12.345.678-5", "", "")
@example("12345678５", "", "")
@example("01234567-4", "", "")
def test_no_run_survives(written: str, before: str, after: str) -> None:
    masked = mask(before + written + after)

    assert figures_of(masked.text) == ""
    assert masked.text == before + masked.text[len(before) : len(masked.text) - len(after)] + after
    assert masked.found


@given(people, st.data())
def test_no_run_survives_parted_anyhow(body: int, data: st.DataObject) -> None:
    """Anything may stand between the digits, except what makes a date or an amount of them."""
    digits = str(body) + check_digit(body)
    written = digits[0] + "".join(data.draw(separators) + digit for digit in digits[1:])
    plain = unicodedata.normalize("NFKC", re.sub(f"[{''.join(DOTS)}]", ".", written))
    assume(not re.search(r"(19|20)\d\d", plain) and not re.search(r"\d[.,]\d{3}(?!\d)", plain))
    # A full stop or a comma with a space ends a sentence or a member of a list, unless every digit stands alone.
    assume(not re.search(r"[.,][\s\u200b]", plain))

    masked = mask(f"Mi dato es {written} y espero")

    assert figures_of(masked.text) == ""


@given(people)
def test_check_digit_equals_stdnum(body: int) -> None:
    assert [digit for digit in "0123456789k" if is_run(str(body), digit)] == [rut.calc_check_digit(str(body)).lower()]


@pytest.mark.parametrize(
    "text",
    [
        "Mi RUT es 12.345.678",
        "RUN: 9876543",
        "rut n° 12345678",
        "Cédula de identidad número 12.345.678-1",  # typed wrong, named as such
        "carnet 12.345.678",
        "C.I. 12345678",
        "R.U.T. 12.345.678",
    ],
)
def test_a_number_named_as_a_run_is_hidden_without_its_check_digit(text: str) -> None:
    assert mask(text).found == {"run": 1}
    assert figures_of(mask(text).text) == ""


@st.composite
def telephones(draw: st.DrawFn) -> str:
    """Nine digits of a Chilean line, with or without prefix, grouped and parted in many ways."""
    mobile = f"9{draw(st.integers(20_000_000, 99_999_999))}"
    fixed = draw(st.sampled_from(["22", "2", "32", "41", "45", "55", "65", "75"]))
    number = draw(st.sampled_from([mobile, fixed + "234567890"[: 9 - len(fixed)]]))
    sizes = draw(st.sampled_from([(1, 4, 4), (2, 3, 4), (3, 3, 3), (9,), (1,) * 9, (1, 8), (2, 7), (3, 2, 2, 2)]))
    parts, place = [], 0
    for size in sizes:
        parts.append(number[place : place + size])
        place += size
    between = draw(st.sampled_from(["", *SPACES, *MARKS, "."]))
    prefix = draw(st.sampled_from(["", "+56", "56", "0056", "(+56)", "+56 ", "+ 56 - "]))
    glue = draw(st.sampled_from([" ", "-", ""]))
    return in_digits(prefix + glue * bool(prefix) + between.join(parts), draw(st.sampled_from(DIGITS)))


@given(telephones(), st.sampled_from(WORDS), st.sampled_from(AFTER))
def test_no_telephone_survives(written: str, before: str, after: str) -> None:
    masked = mask(before + written + after)

    assert figures_of(masked.text) == ""
    assert set(masked.found) <= {"phone", "run"}


@pytest.mark.parametrize("text", ["Mi fono es 234 5678", "whatsapp 8765 4321", "llámeme al 2345678", "tel. 8765-4321"])
def test_a_short_number_named_as_a_telephone_is_hidden(text: str) -> None:
    assert mask(text).found == {"phone": 1}


def test_a_number_from_abroad_is_hidden() -> None:
    assert mask("Escríbame al +58 412 123 45 67").text == "Escríbame al [TELÉFONO]"


@given(st.emails(), st.sampled_from(WORDS), st.sampled_from(["", " y no me atendieron", ", gracias", "; espero"]))
def test_no_email_survives(address: str, before: str, after: str) -> None:
    masked = mask(before + address + after)

    assert "@" not in masked.text
    assert address.split("@")[1].lower() not in masked.text.lower().replace("[correo]", "")
    assert masked.found.get("email") == 1


@pytest.mark.parametrize(
    "text",
    [
        "juan.perez@gmail.com",
        "juan.perez＠gmail．com",
        "juan @ gmail . com",
        "juan arroba gmail punto com",
        "juan(at)gmail.com",
        "juan [arroba] correo.cl",
        "JUAN@GMAIL",
        "ñandú@municipalidad.cl",
        "juan\u200b@gmail.com",
    ],
)
def test_email_written_to_be_missed_is_hidden(text: str) -> None:
    assert mask(f"Avise a {text}").text == "Avise a [CORREO]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Vivo en calle Los Aromos 1234, depto 5.", "[DIRECCIÓN]."),
        ("Av. Arturo Prat N° 123", "[DIRECCIÓN]"),
        ("la avenida libertador bernardo o'higgins 1340 está lejos", "la [DIRECCIÓN] está lejos"),
        ("Pasaje 5 casa 24", "[DIRECCIÓN]"),
        ("villa los héroes block 5 depto 32", "[DIRECCIÓN]"),
        ("camino a Melipilla km 12", "[DIRECCIÓN]"),
        ("Mi domicilio es Prat 456 B", "Mi [DIRECCIÓN]"),
        ("Fui al block 3, depto 12", "Fui al [DIRECCIÓN]"),
        ("Psje. El Roble 0455", "[DIRECCIÓN]"),
    ],
)
def test_address_is_hidden(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "En la calle esperé 45 minutos.",
        "La calle cerrada desde 2019",
        "Vivo en Tomé hace 12 años",
        "Por la calle había 30 personas",
        "Atienden de 9 a 14 hrs. 3 funcionarios",
        "Llamé 3 veces el 15-03-2024",
        "Llamé al 131 y al 600 360 6000",
        "Resolución 1234/2023, ley 19.880, art. 24",
        "Folio 2024 001234",
        "Entre 2019-2023, 2021 y 2022",
        "1, 2, 3, 4, 5, 6, 7, 8, 9",
        "Nos vemos @ las 10 en @municipalidad",
        "Vino 20 de cada 100, un 45,5 %",
        "Esperé una arroba de tiempo",
        "",
        "   ",
        "Puntaje 1.234.567.890",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert mask(text).text == text


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %m %Y", "%d-%m-%y", "%d-%m"]),
    st.sampled_from(["Fui el {} y no atendían.", "{}", "Desde el {} hasta hoy, 3 veces", "({})"]),
)
def test_dates_stay(day: date, layout: str, sentence: str) -> None:
    text = sentence.format(day.strftime(layout))

    assert mask(text).text == text


@given(
    st.integers(1, 199_999_999),
    st.sampled_from(["$ {}", "${}", "{} pesos", "CLP {}", "{}", "UF {},25"]),
    st.sampled_from(["Pagué {} en total.", "{}", "Me deben {}, y no responden", "Son {} y 2 meses"]),
)
def test_amounts_by_thousands_stay(amount: int, layout: str, sentence: str) -> None:
    text = sentence.format(layout.format(f"{amount:,}".replace(",", ".")))

    assert mask(text).text == text


@given(st.integers(1, 9_999_999_999), st.sampled_from(["$ {}", "${}", "{} pesos", "CLP {}", "{} millones"]))
def test_amounts_of_money_without_dots_stay(amount: int, layout: str) -> None:
    text = f"Me cobraron {layout.format(amount)} ayer"

    assert mask(text).text == text


@given(st.text(max_size=200))
@example("12.345.678-5 987654321")
@example("e\u0301" * 20)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)

    assert mask(once.text).text == once.text
    assert once.text == text or once.found


@given(st.text(alphabet="0123456789.-kK /@+$:()[]calle RUTfono", max_size=300))
def test_hostile_text_is_read_to_its_end(text: str) -> None:
    assert mask(text) == mask(text)


def test_long_hostile_texts_take_no_time() -> None:
    for piece in ("1 ", "1-2-2020 ", "calle a ", "a@", "12.345.678-", "(", "casa 1 ", "+56 "):
        mask(piece * (20_000 // len(piece)))


# --- What a reader hides


def test_a_reader_hides_names_everywhere() -> None:
    masked = hide("Don José Pérez gritó. JOSE  PEREZ es jefe; Josefa Pérez no.", ["josé pérez", " ", ""])

    assert masked.text == "Don [OCULTO] gritó. [OCULTO] es jefe; Josefa Pérez no."
    assert masked.found == {Kind.WORD: 2}


def test_a_longer_phrase_goes_first() -> None:
    assert hide("Rosa Díaz y Rosa", ["Rosa", "Rosa Díaz"]).text == "[OCULTO] y [OCULTO]"


def test_a_token_is_no_word_of_the_text() -> None:
    assert hide("Mi [RUN] es un run", ["run"]).text == "Mi [RUN] es un [OCULTO]"


def test_signs_of_patterns_are_taken_as_they_are() -> None:
    assert hide("Cobró (mucho).* a Ana", ["(mucho).*"]).text == "Cobró [OCULTO] a Ana"
