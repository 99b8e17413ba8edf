"""XLSForm both ways, from other programs, and hostile."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from portal.foundation.files.inspection import FileRefused
from surveys.exports.questionnaires import XlsFormRefused, read_xlsform, xlsform
from surveys.questionnaire.model import Condition, Kind, Option, Question, Questionnaire, Role, Words
from surveys.questionnaire.reading import Fault, QuestionnaireRefused
from surveys.questionnaire.xlsform import conditions, from_sheets, sheets
from tests.surveys.questionnaire.shipped import shipped

USER = shipped()["user"]
Sheets = dict[str, list[list[str]]]


@pytest.mark.parametrize("name", ["user", "team"])
def test_rows_and_files_are_read_back_the_same(name: str) -> None:
    questionnaire = shipped()[name]

    assert from_sheets(sheets(questionnaire)) == questionnaire
    assert read_xlsform(BytesIO(xlsform(questionnaire)), "encuesta.xlsx") == questionnaire


WORD = st.text("aeiouñáé =+-@'¿?(),\"", min_size=1, max_size=12).map(lambda text: f"x{text}x")
SIGNED = st.sampled_from(["=1+1", "-5", "+56", "@x", "'x"])
WORDS = st.builds(Words, WORD | SIGNED, WORD)
VALUES = st.lists(st.text("abc019_", min_size=1, max_size=4), min_size=2, max_size=4, unique=True)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(list(Kind)))
        options: tuple[Option, ...] = ()
        if kind in (Kind.SINGLE, Kind.MULTI):
            options = tuple(
                Option(
                    value,
                    draw(WORDS),
                    ends=kind is Kind.SINGLE and draw(st.booleans()),
                    is_exclusive=kind is Kind.MULTI and draw(st.booleans()),
                )
                for value in draw(VALUES)
            )
        earlier = [one for one in questions if one.codes and not any(option.ends for option in one.options)]
        when = ()
        if earlier and draw(st.booleans()):
            about = draw(st.sampled_from(earlier))
            values = draw(st.lists(st.sampled_from(about.codes), min_size=1, max_size=3, unique=True))
            when = (Condition(about.code, tuple(values), draw(st.booleans())),)
        questions.append(
            Question(
                f"Q{number}",
                kind,
                draw(WORDS),
                draw(st.sampled_from(list(Role))),
                virtual=draw(st.none() | WORDS),
                note=draw(st.none() | WORDS),
                attributes=tuple(draw(st.sampled_from([[], ["A01", "A02"]]))),
                is_required=draw(st.booleans()),
                options=options,
                when=when,
            )
        )
    return Questionnaire("1.0", draw(WORDS), "drafted", tuple(questions), minutes=draw(st.none() | st.integers(1, 60)))


@settings(max_examples=60)
@given(questionnaires())
def test_any_questionnaire_survives_the_journey(questionnaire: Questionnaire) -> None:
    assert read_xlsform(BytesIO(xlsform(questionnaire)), "a.xlsx") == questionnaire


def test_no_text_becomes_a_formula() -> None:
    question = Question("P1", Kind.TEXT, Words('=HYPERLINK("http://x")', "+1"), Role.OPEN)
    written = load_workbook(BytesIO(xlsform(Questionnaire("1", Words("-a", "@b"), "s", (question,)))))

    cells = [cell for sheet in written for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


# --- From other programs


def foreign() -> Sheets:
    return {
        "survey": [
            ["type", "name", "label::Spanish (es)", "label::en", "relevant", "required"],
            ["begin group", "g", "Grupo", "Group", "", ""],
            ["note", "n", "Lea esto", "Read this", "", ""],
            ["select_one yesno", "Q1", "¿Vino?", "Did you come?", "", "true"],
            ["select_multiple why", "Q2", "¿Por qué?", "Why?", "${Q1} = 'y'", ""],
            ["text", "Q3", "Comente", "Comment", "selected(${Q2}, 'a') or selected(${Q2}, 'b')", ""],
            ["end group", "", "", "", "", ""],
        ],
        "choices": [
            ["list_name", "name", "label::Spanish (es)", "label::en"],
            ["yesno", "y", "Sí", "Yes"],
            ["yesno", "n", "No", "No"],
            ["why", "a", "A", "A"],
            ["why", "b", "B", "B"],
        ],
        "settings": [["form_title", "version"], ["Visitas", "2026"]],
    }


def test_a_form_of_another_program_is_read() -> None:
    found = from_sheets(foreign())

    assert [one.code for one in found.questions] == ["Q1", "Q2", "Q3"]
    assert (found.title, found.version, found.status) == (Words("Visitas", "Visitas"), "2026", "imported")
    assert found.by_code["Q1"].is_required
    assert found.by_code["Q2"].when == (Condition("Q1", ("y",)),)
    assert found.by_code["Q3"].when == (Condition("Q2", ("a", "b")),)
    assert found.by_code["Q2"].kind is Kind.MULTI


@pytest.mark.parametrize(
    ("relevant", "found"),
    [
        ("", []),
        ("selected(${A}, 'x')", [{"question": "A", "in": ["x"]}]),
        ("((${A}='x'))", [{"question": "A", "in": ["x"]}]),
        (
            "${A} = 'x' and (${B} = 'y' or ${B} = 'z')",
            [{"question": "A", "in": ["x"]}, {"question": "B", "in": ["y", "z"]}],
        ),
        ("(${A} != '' and not(selected(${A}, 'x')))", [{"question": "A", "not_in": ["x"]}]),
        ("not(selected(${F}, 'end'))", []),
        ("not(selected(${A}, 'x'))", None),
        ("${A} = 'x' or ${B} = 'y'", None),
        ("${A} > 3", None),
        ("selected(${A}, 'x'", None),
        ("jr:itext('x')", None),
        ("(" * 5_000, None),
        ("(" * 900 + ")" * 900, None),
    ],
)
def test_conditions(relevant: str, found: object) -> None:
    assert conditions(relevant, frozenset({("F", "end")})) == found


# --- What is wrong is told by its cell


def put(sheet: str, row: int, column: int, value: str) -> Callable[[Sheets], None]:
    def changed(given: Sheets) -> None:
        given[sheet][row][column] = value

    return changed


@pytest.mark.parametrize(
    ("change", "place", "fault"),
    [
        (put("survey", 3, 0, "select_one nowhere"), ("survey", "A4"), Fault.NOT_KNOWN),
        (put("survey", 3, 0, "begin repeat"), ("survey", "A4"), Fault.NOT_KNOWN),
        (put("survey", 3, 0, "select_one yesno or_other"), ("survey", "A4"), Fault.NOT_KNOWN),
        (put("survey", 1, 4, "${Q1} = 'y'"), ("survey", "A2"), Fault.NOT_KNOWN),
        (put("survey", 4, 1, "Q 2"), ("survey", "B5"), Fault.NOT_A_CODE),
        (put("survey", 4, 1, "Q1"), ("survey", "B5"), Fault.TWICE),
        (put("survey", 4, 3, ""), ("survey", "D5"), Fault.MISSING),
        (put("survey", 5, 4, "${Q1} > 3"), ("survey", "E6"), Fault.CONDITION),
        (put("survey", 5, 4, "${Q9} = 'y'"), ("survey", "E6"), Fault.LOOKS_AHEAD),
        (put("survey", 5, 4, "${Q1} = 'z'"), ("survey", "E6"), Fault.NOT_AN_ANSWER),
        (put("survey", 3, 5, "maybe"), ("survey", "F4"), Fault.WRONG_TYPE),
        (put("survey", 3, 2, "x" * 4_001), ("survey", "C4"), Fault.TOO_LONG),
        (put("survey", 0, 4, "type"), ("survey", "E1"), Fault.TWICE),
        (put("choices", 2, 1, "y"), ("choices", "B3"), Fault.TWICE),
        (put("choices", 2, 1, "< 18"), ("choices", "B3"), Fault.NOT_A_CODE),
        (put("choices", 4, 3, ""), ("choices", "D5"), Fault.MISSING),
        (put("settings", 1, 1, ""), ("settings", "B2"), Fault.MISSING),
    ],
)
def test_problems_stand_at_their_cell(change: Callable[[Sheets], None], place: tuple[str, str], fault: Fault) -> None:
    given = foreign()
    change(given)

    with pytest.raises(QuestionnaireRefused) as caught:
        from_sheets(given)

    assert (place, fault) in [(one.path, one.fault) for one in caught.value.problems]


def test_a_scale_of_ours_has_its_own_marks() -> None:
    given = sheets(USER)
    given["choices"] = [row for row in given["choices"] if row[:2] != ["mark7", "7"]]

    with pytest.raises(QuestionnaireRefused) as caught:
        from_sheets(given)

    assert {one.fault for one in caught.value.problems} == {Fault.NOT_AN_ANSWER}


@pytest.mark.parametrize("missing", ["survey", "choices", "settings"])
def test_a_missing_sheet_is_told(missing: str) -> None:
    given = foreign()
    del given[missing]

    with pytest.raises(QuestionnaireRefused) as caught:
        from_sheets(given)

    assert caught.value.problems[0].path == (missing, "A1")


CELLS = st.sampled_from(["type", "name", "label", "text", "select_one a", "a", "(", ""])


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["survey", "choices", "settings"]), st.lists(st.lists(CELLS, max_size=4), max_size=5)
    )
)
def test_whatever_comes_is_refused_and_never_breaks(given_sheets: Sheets) -> None:
    with pytest.raises(QuestionnaireRefused):
        from_sheets(given_sheets)


# --- Hostile files


def saved(given: Sheets) -> BytesIO:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in given.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    workbook.save(file)
    return file


def test_a_file_saved_by_a_spreadsheet_is_read() -> None:
    given = foreign()
    given["settings"][1][1] = 2026.0  # type: ignore[call-overload]
    given["survey"][3][5] = True  # type: ignore[call-overload]

    assert read_xlsform(saved(given), "a.xlsx") == from_sheets(foreign())


def test_formulas_are_refused_by_their_cell() -> None:
    given = foreign()
    given["survey"][3][2] = '=HYPERLINK("http://x","¿Vino?")'

    with pytest.raises(XlsFormRefused) as caught:
        read_xlsform(saved(given), "a.xlsx")

    assert caught.value.lines[0].startswith("survey C4: ")


@pytest.mark.parametrize("name", ["a.xls", "a.pdf", "a", "a.xlsx.exe"])
def test_other_types_are_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        read_xlsform(saved(foreign()), name)


def test_damaged_empty_and_packed_files_are_refused() -> None:
    whole = saved(foreign()).getvalue()
    bomb, macro = BytesIO(), BytesIO(whole)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 50_000_000)
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("xl/vbaProject.bin", "x")

    for content in (b"", b"not a zip", whole[: len(whole) // 2], bomb.getvalue(), macro.getvalue()):
        with pytest.raises(FileRefused):
            read_xlsform(BytesIO(content), "a.xlsx")


def test_a_spreadsheet_that_is_no_form_says_what_is_missing() -> None:
    with pytest.raises(XlsFormRefused) as caught:
        read_xlsform(saved({"Hoja1": [["a", "b"]]}), "a.xlsx")

    assert any(line.startswith("survey A1") for line in caught.value.lines)
    assert len(caught.value.lines) <= 50
