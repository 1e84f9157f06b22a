"""What a team keeps in CSV or Excel becomes a question set, and nothing of it is lost without a word."""

import io
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from bot.errors import QuestionError, StorageError
from bot.evaluation.sets.importing.sources import import_file, import_questions, open_questions
from bot.evaluation.sets.questions import Question, read_questions
from tests.conftest import ROOT

TEAM = """\
Question;Réponse attendue;Source;Langue;Étiquettes;Répondable;Responsable
Qui finance CT Travel ?;"Union européenne | EU; Japon
Qatar";2023-06-23-djibouti.txt;français;liste, dons;oui;Awa
Quel est son budget ?;;;FR;;non;
"""


def csv_file(folder: Path, content: str | bytes, name: str = "team.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def workbook(folder: Path, rows: list[list[Any]], name: str = "team.xlsx") -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def question_of(folder: Path, header: str, row: str) -> Question:
    (question,) = import_questions(csv_file(folder, f"{header}\n{row}\n")).questions
    return question


EXPECTED = (
    Question(
        id="team-2",
        question="Qui finance CT Travel ?",
        facts=(("Union européenne", "EU"), ("Japon",), ("Qatar",)),
        releases=("2023-06-23-djibouti",),
        language="fr",
        tags=("liste", "dons"),
        Responsable="Awa",
    ),
    Question(id="team-3", question="Quel est son budget ?", language="fr", answerable=False),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_team_s_table_is_read_in_any_encoding_and_with_any_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    content = TEAM
    if separator != ";":
        content = (
            content.replace(";", separator)
            .replace(f"EU{separator}", "EU;")
            .replace("liste, dons", '"liste, dons"')
        )
    imported = import_questions(csv_file(tmp_path, content.encode(encoding)))
    assert imported.questions == EXPECTED
    assert imported.refused == ()
    assert any("Windows-1252" in note for note in imported.notes) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Answer", "facts"),
        ("EXPECTED ANSWER(S)", "facts"),
        ("Réponse", "facts"),
        ("reponse attendue", "facts"),
        ("Answer / Réponse", "facts"),
        ("Expected (separate with ;)", "facts"),
        ("Source", "releases"),
        ("Press release", "releases"),
        ("Communiqué", "releases"),
        ("seed", "releases"),
        ("Mots-clés", "tags"),
        ("Category", "tags"),
        ("Previous question", "history"),
        ("Question précédente", "history"),
        ("Citation", "quotes"),
    ],
)
def test_columns_are_known_by_their_names_in_any_case_and_order(
    tmp_path: Path, header: str, field: str
) -> None:
    question = question_of(tmp_path, f'"{header}",QUESTION', "Japan,Who?")
    assert question.question == "Who?"
    assert getattr(question, field) == ((("Japan",),) if field == "facts" else ("Japan",))
    assert question.model_extra == {}


def test_columns_that_are_not_known_keep_their_names(tmp_path: Path) -> None:
    question = question_of(tmp_path, "Question,Owner, Owner,,model_config,id", "Who?, Awa ,Bo,Cy,Di,q1")
    assert question.id == "q1"
    assert question.model_extra == {
        "Owner": " Awa ",
        "Owner (2)": "Bo",
        "column 4": "Cy",
        "model_config": "Di",
    }


def test_of_two_columns_that_say_the_same_the_more_telling_one_is_read_and_the_other_kept(
    tmp_path: Path,
) -> None:
    question = question_of(tmp_path, "Answer,Question,Expected facts", "It was Japan.,Who?,Japan")
    assert question.facts == (("Japan",),)
    assert question.model_extra == {"Answer": "It was Japan."}


def test_numbered_columns_go_on_with_the_first(tmp_path: Path) -> None:
    question = question_of(tmp_path, "Question,Answer 1,Answer 2,Answer 3", "Who?,Japan,,India|Inde")
    assert question.facts == (("Japan",), ("India", "Inde"))


def test_cells_beyond_the_header_are_kept(tmp_path: Path) -> None:
    question = question_of(tmp_path, "Question,Answer", "Who?,Japan,more")
    assert question.model_extra == {"column 3": "more"}


@pytest.mark.parametrize(
    ("cell", "facts"),
    [
        ("66", (("66",),)),
        ("Japan; Qatar", (("Japan",), ("Qatar",))),
        ("Japan|Japon;Qatar", (("Japan", "Japon"), ("Qatar",))),
        ("Japan\nQatar\n", (("Japan",), ("Qatar",))),
        ("- Japan\n- Qatar", (("Japan",), ("Qatar",))),
        ("• Japan\r\n• counter-terrorism", (("Japan",), ("counter-terrorism",))),
        ("-5", (("-5",),)),
        ("; | ;", ()),
        ("—", ()),
        ("10,000", (("10,000",),)),
    ],
)
def test_facts_are_separated_by_semicolons_or_lines_and_alternatives_by_bars(
    tmp_path: Path, cell: str, facts: tuple[tuple[str, ...], ...]
) -> None:
    assert question_of(tmp_path, "Question,Answer", f'Who?,"{cell}"').facts == facts


@pytest.mark.parametrize(
    ("header", "cell", "answerable"),
    [
        ("Answerable", "Yes", True),
        ("Answerable?", "no", False),
        ("Répondable", "Oui", True),
        ("Answerable", "FAUX", False),
        ("Answerable", "", True),
        ("Unanswerable", "x", False),
        ("is_impossible", "false", True),
    ],
)
def test_answerable_is_said_in_many_ways(tmp_path: Path, header: str, cell: str, answerable: bool) -> None:
    assert question_of(tmp_path, f"Question,{header}", f"Who?,{cell}").answerable is answerable


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("EN", "en"),
        ("fr-FR", "fr"),
        ("English", "en"),
        ("anglais", "en"),
        ("Français", "fr"),
        ("العربية", "ar"),
        ("fra", "fr"),
        ("Klingonish", "Klingonish"),
    ],
)
def test_a_language_goes_by_its_code(tmp_path: Path, cell: str, language: str) -> None:
    assert question_of(tmp_path, "Question,Language", f"Who?,{cell}").language == language


@pytest.mark.parametrize("cell", ["2023-06-23", "23/06/2023", "23 June 2023", "23 juin 2023", "June 23 2023"])
def test_a_day_that_can_be_read_in_one_way_is_read(tmp_path: Path, cell: str) -> None:
    assert question_of(tmp_path, "Question,As of", f"Who?,{cell}").as_of == date(2023, 6, 23)


def test_rows_that_cannot_be_used_are_named_with_the_reason(tmp_path: Path) -> None:
    content = (
        "Id,Question,Answer,Answerable,As of\n"
        "a,Who?,Japan,,\n"
        ",,,,\n"
        ",,Japan,,\n"
        "b,When?,June,perhaps,\n"
        "c,When?,June|?,,\n"
        "d,When?,June,,06/07/2023\n"
        "Id,Question,Answer,Answerable,As of\n"
        "e,Where?,Djibouti,,\n"
    )
    imported = import_questions(csv_file(tmp_path, content))
    assert [question.id for question in imported.questions] == ["a", "e"]
    assert [(refused.place, refused.reason) for refused in imported.refused] == [
        ("row 4", "it has no question, only Answer 'Japan'"),
        ("row 5", "Answerable: write yes or no, not 'perhaps'"),
        ("row 6", "facts: '?' holds no word or number that could be found in an answer"),
        ("row 7", "as_of: write a day as 2023-06-23"),
        ("row 8", "it repeats the names of the columns"),
    ]


def test_ids_are_told_apart_and_made_where_there_are_none(tmp_path: Path) -> None:
    imported = import_questions(csv_file(tmp_path, "N°,Question\n1,a?\n1,b?\n,c?\nteam-4,d?\n1~2,e?\n"))
    assert [question.id for question in imported.questions] == ["1", "1~3", "team-4~2", "team-4", "1~2"]
    assert any("row 3: the id '1' is taken; this question is '1~3'" in note for note in imported.notes)


def test_titles_above_the_names_of_the_columns_are_told(tmp_path: Path) -> None:
    imported = import_questions(csv_file(tmp_path, "Our questions,\n,\nQuestion,Answer\nWho?,Japan\n"))
    assert [question.id for question in imported.questions] == ["team-4"]
    assert any("row 1 stands above" in note and "Our questions" in note for note in imported.notes)


def test_a_single_column_of_questions_with_commas_is_enough(tmp_path: Path) -> None:
    imported = import_questions(csv_file(tmp_path, "Question\nWho, where and when?\nWhy?\n"))
    assert [question.question for question in imported.questions] == ["Who, where and when?", "Why?"]


def test_the_separator_that_excel_names_is_taken(tmp_path: Path) -> None:
    assert question_of(tmp_path, "sep=|\nQuestion|Answer", "Who?|Japan").facts == (("Japan",),)


def test_long_answers_are_told(tmp_path: Path) -> None:
    imported = import_questions(csv_file(tmp_path, f"Question,Answer\nWho?,{'word ' * 16}\n"))
    assert any("1 expected facts are longer than 15 words" in note for note in imported.notes)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", "has no column of questions"),
        ("a.csv", b"\x00\xff\xfe\x89PNG", "has no column of questions"),
        ("a.csv", b"Who?,Japan\n", "has no column of questions"),
        ("a.csv", b'Question,Answer\nWho?,"Japan\nWhy?,x\n', "line 3: unexpected end of data"),
        ("a.csv", b"Question\n" + b"x" * 1_000_001, "field larger than"),
        ("a.xlsx", b"PK\x03\x04broken", "cannot be read as an Excel workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        ("a.json", b"{", "is not JSON"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"[]", "has not the form of SQuAD"),
        ("qa.jsonl", b'{"id": 1}\n{"id": 2}\n', "give its folder"),
        ("set.yaml", b"- {id: a, question: q}", "is a question set as it is"),
        ("missing.csv", None, "cannot be read"),
    ],
)
def test_a_file_that_holds_no_questions_is_named(
    tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(QuestionError, match=expected) as raised:
        import_questions(file)
    assert str(file) in str(raised.value)


def test_an_excel_cell_says_what_it_shows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Id", "Question", "Expected"])
    cells: list[tuple[Any, str]] = [
        (66, "General"),
        (2_500_000.0, "#,##0"),
        (0.05, "0%"),
        (2.5, "General"),
        (datetime(2023, 6, 23), "dd/mm/yyyy"),
        (datetime(2023, 6, 1), "mmm yyyy"),
        (datetime(2023, 6, 23, 14, 30), "dd/mm/yyyy hh:mm"),
        (time(14, 30), "hh:mm"),
        (True, "General"),
    ]
    for number, (value, form) in enumerate(cells, start=1):
        sheet.append([number, "How much?", value])
        sheet.cell(number + 1, 3).number_format = form
    book.save(tmp_path / "team.xlsx")
    imported = import_questions(tmp_path / "team.xlsx")
    assert [question.id for question in imported.questions] == [str(number) for number in range(1, 10)]
    assert [question.facts[0][0] for question in imported.questions] == [
        *("66", "2500000", "5%", "2.5", "2023-06-23", "June 2023", "2023-06-23 14:30", "14:30", "TRUE")
    ]


def test_a_formula_without_its_result_and_an_error_are_named(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["Question", "Answer"], ["Who?", "=A1"], ["Why?", "#REF!"], ["When?", "June"]])
    imported = import_questions(file)
    assert [question.question for question in imported.questions] == ["When?"]
    assert [(refused.place, refused.reason.partition(":")[0]) for refused in imported.refused] == [
        ("row 2", "B2 holds a formula without its result"),
        ("row 3", "B3 holds the error #REF!"),
    ]


def test_all_sheets_are_read_and_what_stands_beside_the_cells_is_told(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    first.title = "EN"
    for row in (
        ["Question", "Source"],
        ["Who?", "djibouti.pdf"],
        ["When?", None],
        [None, None],
        ["Where?", "doha"],
    ):
        first.append(row)
    first.merge_cells("B2:B3")
    first["A2"].comment = Comment("check this", "Awa")
    first["B5"].hyperlink = "https://example.org/doha"
    second = book.create_sheet("FR")
    second.append(["Question"])
    second.append(["Qui ?"])
    book.create_sheet("Remarks").append(["not a question"])
    book.create_sheet("Empty")
    book.save(tmp_path / "team.xlsx")
    imported = import_questions(tmp_path / "team.xlsx")
    assert [(question.id, question.question, question.releases) for question in imported.questions] == [
        ("team-en-2", "Who?", ("djibouti",)),
        ("team-en-3", "When?", ("djibouti",)),
        ("team-en-5", "Where?", ("doha",)),
        ("team-fr-2", "Qui ?", ()),
    ]
    told = " ".join(imported.notes)
    assert "The sheet 'Remarks' has no column of questions" in told
    assert "A2 of the sheet 'EN' has a remark, which is left out: 'check this'" in told
    assert "leads to https://example.org/doha" in told
    assert "'Empty'" not in told


def test_importing_a_file_writes_the_set_and_says_what_happened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = csv_file(tmp_path, TEAM), tmp_path / "set.yaml"
    assert import_file(file, out) == 0
    assert read_questions(out) == EXPECTED
    told = capsys.readouterr()
    assert told.out == ""
    assert "Kept under their own names: 'Responsable'." in told.err
    assert f"2 questions are in {out}; 0 could not be used." in told.err


def test_importing_fails_where_a_row_was_refused_but_keeps_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "\n".join(f"q{number},Why?,?" for number in range(60))
    file, out = (
        csv_file(tmp_path, f"Id,Question,Answer\na,Who?,Japan\n{rows.replace('?,?', '?,x|?')}\n"),
        tmp_path / "s",
    )
    assert import_file(file, out) == 1
    assert [question.id for question in read_questions(out)] == ["a"]
    told = capsys.readouterr().err
    assert told.count("Not imported: row") == 50
    assert "Not imported: 10 more." in told


def test_a_table_is_opened_as_a_set_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = csv_file(tmp_path, TEAM), tmp_path / "set.yaml"
    import_file(file, out)
    capsys.readouterr()
    assert open_questions(out) == EXPECTED
    assert capsys.readouterr().err == ""
    assert open_questions(file) == EXPECTED
    assert "Kept under their own names" in capsys.readouterr().err


def test_two_columns_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    content = "Question,Answerable,Unanswerable\nWho?,yes,yes\nWhy?,yes,no\n"
    imported = import_questions(csv_file(tmp_path, content))
    assert [question.question for question in imported.questions] == ["Why?"]
    assert "contradicts" in imported.refused[0].reason


def test_a_set_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "set.yaml"
    out.write_text("mine")
    with pytest.raises(StorageError, match="is there already"):
        import_file(csv_file(tmp_path, TEAM), out)
    assert out.read_text() == "mine"


def test_nothing_is_written_where_nothing_can_be_used(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="no question that can be used"):
        import_file(csv_file(tmp_path, "Question,Answer\n,Japan\n"), tmp_path / "set.yaml")
    assert not (tmp_path / "set.yaml").exists()


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
)
def test_no_cell_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    import csv

    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([["Question", "Owner", "Remark of the owner"], *rows])
    imported = import_questions(csv_file(tmp_path_factory.mktemp("table"), text.getvalue()))
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert len(imported.questions) + len(imported.refused) == len(filled)
    asked = [row for row in filled if row[0].strip()]
    for row, question in zip(asked, imported.questions, strict=True):
        extra = question.model_extra or {}
        assert question.question == row[0].strip()
        assert (extra.get("Owner", ""), extra.get("Remark of the owner", "")) == tuple(
            cell if cell.strip() else "" for cell in row[1:]
        )


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = csv_file(tmp_path_factory.getbasetemp(), b"Question,Answer\n" + content, "any.csv")
    told = ""
    try:
        told = " ".join(import_questions(file).notes)
    except QuestionError as error:
        told = str(error)
    assert "Columns: 'Question' as question" in told or told.startswith(str(file))


def test_the_table_of_the_readme_is_read_whole() -> None:
    imported = import_questions(ROOT / "tests" / "questions" / "team.csv")
    assert imported.refused == ()
    assert len(imported.questions) == 10
    assert [question.answerable for question in imported.questions].count(False) == 3
    assert {question.language for question in imported.questions} == {"en", "fr"}
    assert imported.questions[1].history == ("Who funds CT Travel?",)
    assert imported.questions[0].facts == (("European Union",), ("Japan",), ("Hungary",))
