"""Prompts are files: rendered whole, or refused with what is wrong."""

from datetime import date
from pathlib import Path

import pytest

from bot import prompts
from bot.domain import Closest
from bot.errors import SettingsError
from bot.prompts import FOLDER, decline, render


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prompts, "FOLDER", tmp_path)
    return tmp_path


def test_variables_are_replaced_once(folder: Path) -> None:
    (folder / "note.md").write_text("Dear $name, you owe $$5.\n", encoding="utf-8")
    assert render("note", name="$name & ${name}") == "Dear $name & ${name}, you owe $5."


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        ("Dear $name", {}, r"prompts/note.md uses \$name, which it is not given"),
        ("Dear reader", {"name": "Ada"}, r"prompts/note.md does not use \$name"),
        ("It costs $5", {}, r"prompts/note.md holds a \$ that begins no variable: write it as \$\$"),
    ],
)
def test_a_prompt_and_its_values_must_match(
    folder: Path, text: str, values: dict[str, str], message: str
) -> None:
    (folder / "note.md").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        render("note", **values)


def test_a_missing_prompt_is_named_with_its_folder(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"prompts/note.md cannot be read \(No such file.*restore it in"):
        render("note")


def test_a_prompt_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "note.md").write_bytes("communiqué".encode("latin-1"))
    with pytest.raises(SettingsError, match="is not UTF-8"):
        render("note")


def test_a_byte_order_mark_is_not_shown(folder: Path) -> None:
    (folder / "note.md").write_text("Hello", encoding="utf-8-sig")
    assert render("note") == "Hello"


def test_the_prompts_lie_beside_the_package() -> None:
    assert Path(prompts.__file__).resolve().parents[1] / "prompts" == FOLDER
    assert (FOLDER / "answer.md").is_file()


def test_every_language_has_both_files_of_a_decline() -> None:
    declines = {file.name.split(".")[1] for file in FOLDER.glob("decline.*.md")}
    assert declines == {file.name.split(".")[1] for file in FOLDER.glob("closest.*.md")} >= {"en", "fr"}


CLOSEST = Closest("rabat", "First High-Level\nStrategic  Dialogue", date(2024, 9, 26))


@pytest.mark.parametrize(
    ("language", "closest", "text"),
    [
        ("en", None, "The releases do not answer this question."),
        ("fr", None, "Les communiqués ne répondent pas à cette question."),
        ("ar", None, "The releases do not answer this question."),
        (
            "en",
            CLOSEST,
            "The releases do not answer this question. "
            "The closest release is “First High-Level Strategic Dialogue, 26 September 2024”.",
        ),
        (
            "fr",
            CLOSEST,
            "Les communiqués ne répondent pas à cette question. "
            "Le communiqué le plus proche est « First High-Level Strategic Dialogue, 26 septembre 2024 ».",
        ),
        (
            "en",
            Closest("rabat", "A $title", None),
            "The releases do not answer this question. The closest release is “A $title”.",
        ),
    ],
)
def test_a_decline_says_so_in_the_language_of_the_question(
    language: str, closest: Closest | None, text: str
) -> None:
    assert decline(language, closest) == text
