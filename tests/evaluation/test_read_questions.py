import time
from datetime import date
from pathlib import Path

import pytest

from bot.errors import QuestionError
from bot.evaluation.sets.questions import Question, read_questions

WHOLE = """
- id: funders
  question: Who funds CT Travel?
  history: [What is CT Travel?, "Since when?"]
  facts: [[European Union, EU], [Japan]]
  releases: [djibouti]
  language: en
  tags: [list]
- id: none
  question: What is its budget?
  answerable: false
"""


def written(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "set.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_a_set_is_read_in_order_with_its_defaults(tmp_path: Path) -> None:
    assert read_questions(written(tmp_path, WHOLE)) == (
        Question(
            id="funders",
            question="Who funds CT Travel?",
            history=("What is CT Travel?", "Since when?"),
            facts=(("European Union", "EU"), ("Japan",)),
            releases=("djibouti",),
            language="en",
            tags=("list",),
        ),
        Question(id="none", question="What is its budget?", answerable=False),
    )


def test_keys_that_are_not_known_are_kept(tmp_path: Path) -> None:
    keys = "author: [x, y], copy: 1, model_config: 2, __class__: 3, 4: 5, facts: [[f]]"
    (question,) = read_questions(written(tmp_path, f"- {{id: a, question: q, {keys}}}"))
    assert question.model_extra is not None
    assert question.model_extra["author"] == ["x", "y"]
    assert question.facts == (("f",),)


@pytest.mark.parametrize(
    ("keys", "releases", "own"),
    [
        ("seed: djibouti", ("djibouti",), {}),
        ("seed: [djibouti, doha]", ("djibouti", "doha"), {}),
        ("releases: djibouti", ("djibouti",), {}),
        ("seed: djibouti, releases: [doha]", ("doha",), {"seed": "djibouti"}),
        ("seed: djibouti, releases: ", ("djibouti",), {}),
        ("seed: , releases: []", (), {}),
    ],
)
def test_a_seed_names_the_releases_where_nothing_else_does(
    tmp_path: Path, keys: str, releases: tuple[str, ...], own: dict[str, str]
) -> None:
    (question,) = read_questions(written(tmp_path, f"- {{id: a, question: q, {keys}}}"))
    assert question.releases == releases
    assert question.model_extra == own


def test_quotes_the_day_and_a_note_are_read(tmp_path: Path) -> None:
    content = "- {id: a, question: q, quotes: [It is so.], as_of: 2023-06-23, note: 'ask Awa'}\n"
    (question,) = read_questions(written(tmp_path, content))
    assert (question.quotes, question.as_of, question.note) == (("It is so.",), date(2023, 6, 23), "ask Awa")
    assert read_questions(written(tmp_path, "- {id: a, question: q, as_of: , note: , quotes: }"))[
        0
    ] == Question(id="a", question="q")


def test_scalars_stay_as_written(tmp_path: Path) -> None:
    content = "- {id: 007, question: 2024, facts: [[2023-06-23, 1.10, no], [12:30]], history: [yes]}"
    (question,) = read_questions(written(tmp_path, content))
    assert question.id == "007"
    assert question.question == "2024"
    assert question.facts == (("2023-06-23", "1.10", "no"), ("12:30",))
    assert question.history == ("yes",)


def test_empty_values_are_the_defaults(tmp_path: Path) -> None:
    content = "- {id: a, question: q, history: , facts: null, releases: ~, tags: , answerable: , language: }"
    (question,) = read_questions(written(tmp_path, content))
    assert question == Question(id="a", question="q")


def test_a_group_of_one_may_be_plain_text(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path, "- {id: a, question: q, facts: [Doha, [x, y]]}"))
    assert question.facts == (("Doha",), ("x", "y"))


def test_the_list_may_stand_under_questions(tmp_path: Path) -> None:
    questions = read_questions(written(tmp_path, "name: mine\nquestions:\n- {id: a, question: q}\n"))
    assert [question.id for question in questions] == ["a"]


def test_anchors_and_merge_keys_are_followed(tmp_path: Path) -> None:
    content = """
- &first {id: a, question: q, facts: &facts [[x], [y]], language: fr}
- {<<: *first, id: b, facts: *facts}
"""
    first, second = read_questions(written(tmp_path, content))
    assert (first.id, second.id, second.question, second.language) == ("a", "b", "q", "fr")
    assert first.facts == second.facts == (("x",), ("y",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    file = written(tmp_path, "- {id: é, question: Où ?}\r\n".encode(encoding))
    assert read_questions(file)[0] == Question(id="é", question="Où ?")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "holds no questions"),
        ("# only a remark\n", "holds no questions"),
        ("[]", "holds no questions"),
        ("null", "holds no questions"),
        ("questions:", "holds no questions"),
        ("just words", "holds no list"),
        ("id: a\nquestion: q", "holds no list"),
        ("questions: {id: a}", "holds no list"),
        ("- {id: a, question: q}\n- words\n", "line 2: this is not an entry"),
        ("- [a, b]", "line 1: this is not an entry"),
        ("- {id: a, question: 'q", "is not YAML: line 1"),
        ("- id: a\n  question: is it: so\n", "is not YAML: line 2"),
        ("- {id: a, question: q}\n---\n- {id: b, question: q}\n", "is not YAML: line 2"),
        (
            "- !!python/object:os.system {id: a, question: q}\n- !!python/name:os.system x",
            "line 2: this is not",
        ),
        ("- {id: a, question: !!python/name:os.system x}", "is not YAML: line 1"),
        ("- {id: *nothing, question: q}", "is not YAML: line 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "is not YAML"),
        (b"- {id: a, question: caf\xe9}", "is not YAML"),
        (b"- {id: a, question: 'q\x00r'}", "is not YAML"),
        ("[" * 100_000, "nested too deeply"),
        ("- " * 100_000, "nested too deeply"),
        (
            "parts:\n- &a0 [x]\n"
            + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, 5000))
            + "questions:\n- {id: a, question: q, more: *a4999}\n",
            "nested too deeply",
        ),
        ("- &a {<<: *a, id: a}", "entry 'a' has no question"),
        ("- {id: a, question: q, ? [b] : c}", "line 1: this is not an entry"),
        ("- {id: a, question: q, <<: c}", "is not YAML: line 1"),
        ("- id: a\n  question: q\n- question: r\n", "line 3: entry 2 has no id"),
        ("- id: a\n", "line 1: entry 'a' has no question"),
        ("- id: a\n  question: ''\n", "line 2: entry 'a': question: "),
        ("- id: a\n  question: '  '\n", "line 2: entry 'a': question: "),
        ("- id: a\n  question:\n", "line 2: entry 'a': question: "),
        ("- id: a\n  question: [q]\n", "line 2: entry 'a': question: "),
        ("- id: ''\n  question: q\n", "line 1: entry 1: id: "),
        ("- id: [a]\n  question: q\n", "line 1: entry 1: id: "),
        ("- id: a\n  question: q\n  facts: words\n", "line 3: entry 'a': facts: write groups"),
        ("- id: a\n  question: q\n  facts: {x: y}\n", "line 3: entry 'a': facts: write groups"),
        (
            "- id: a\n  question: q\n  facts: [[x], [[y]]]\n",
            "line 3: entry 'a': facts (item 2.1): write groups",
        ),
        ("- id: a\n  question: q\n  facts: [[x], []]\n", "line 3: entry 'a': facts (item 2): write groups"),
        (
            "- id: a\n  question: q\n  facts: [[x, null]]\n",
            "line 3: entry 'a': facts (item 1.2): write groups",
        ),
        ("- id: a\n  question: q\n  facts: [[x, '?!']]\n", "'?!' holds no word or number"),
        ("- id: a\n  question: q\n  history: before\n", "line 3: entry 'a': history: "),
        ("- id: a\n  question: q\n  history: ['']\n", "line 3: entry 'a': history (item 1): "),
        ("- id: a\n  question: q\n  answerable: perhaps\n", "line 3: entry 'a': answerable: "),
        (
            "- id: a\n  question: q\n  as_of: June 2023\n",
            "line 3: entry 'a': as_of: write a day as 2023-06-23",
        ),
        ("- id: a\n  question: q\n  as_of: 2023-02-30\n", "line 3: entry 'a': as_of: write a day"),
        ("- id: a\n  question: q\n  as_of: 20230623\n", "line 3: entry 'a': as_of: write a day"),
        ("- id: a\n  question: q\n  seed: {x: y}\n", "line 3: entry 'a': seed: "),
        ("- id: a\n  question: q\n  releases: [r, '']\n", "line 3: entry 'a': releases (item 2): "),
        ("- id: a\n  question: q\n  quotes: [[v]]\n", "line 3: entry 'a': quotes (item 1): "),
        ("- id: a\n  question: q\n  note: [n]\n", "line 3: entry 'a': note: "),
        ('- id: a\n  question: "q \\uD800"\n', "is not YAML: line 2"),
        ("- &a {id: a, question: q, facts: [*a]}", "is not YAML: line 1: found unconstructable"),
        (
            "- id: a\n  question: q\n  id: b\n  question: r\n",
            "line 3: the entry that starts on line 1 gives 'id' twice",
        ),
        (
            "- {id: a, question: q}\n- {id: b, question: q}\n- {id: a, question: r}\n",
            "line 3: the id 'a' was used",
        ),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_a_set_that_cannot_be_used_says_what_is_wrong_and_where(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    file = written(tmp_path, content)
    with pytest.raises(QuestionError) as raised:
        read_questions(file)
    message = str(raised.value)
    assert message.startswith(str(file))
    assert expected in message
    assert "\n" not in message


def test_several_problems_are_told_at_once_but_not_all_of_many(tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as raised:
        read_questions(written(tmp_path, "- {id: a}\n" * 50))
    assert str(raised.value).count("has no question") == 5
    assert "and 45 more" in str(raised.value)


@pytest.mark.parametrize("name", ["missing.yaml", "folder"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(QuestionError, match=rf"{name} cannot be read: .+Give the path"):
        read_questions(tmp_path / name)


def test_ten_thousand_entries_are_read(tmp_path: Path) -> None:
    entries = (
        f"- id: q{number}\n  question: What is number {number}?\n  facts: [['{number}', x], [y]]\n"
        for number in range(10_000)
    )
    file = written(tmp_path, "".join(entries))
    started = time.perf_counter()
    questions = read_questions(file)
    assert len(questions) == 10_000
    assert questions[-1].facts == (("9999", "x"), ("y",))
    assert time.perf_counter() - started < 30
