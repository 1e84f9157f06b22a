"""Settings come from the environment and `.env`, are explained when wrong, and are documented."""

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load, variables
from tests.conftest import ROOT

DATA_DIR = "COMMUNIQUE_DATA_DIR"


@pytest.fixture
def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `.env` that `load` reads, not yet written, in a folder of the test's; nothing in the environment."""
    monkeypatch.delenv(DATA_DIR)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    return tmp_path / ".env"


def default_of(name: str) -> str:
    default = Settings.model_fields[name].default
    return "" if default is None else str(default)


@pytest.mark.usefixtures("dotenv")
def test_without_any_variable_every_setting_has_its_default() -> None:
    settings = load()
    assert {name: getattr(settings, name) for name in variables()} == {
        name: field.default for name, field in Settings.model_fields.items()
    }
    assert settings.mode == "reading"


def test_the_environment_comes_before_the_file(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv.write_text("COMMUNIQUE_PASSAGES=5\nCOMMUNIQUE_PORT=9000\n")
    monkeypatch.setenv("COMMUNIQUE_PASSAGES", "7")
    assert (load().passages, load().port) == (7, 9000)


def test_a_variable_without_a_value_leaves_the_default(dotenv: Path) -> None:
    dotenv.write_text("COMMUNIQUE_PASSAGES=\nOPENAI_API_KEY=\n")
    assert load().passages == Settings.model_fields["passages"].default
    assert load().mode == "reading"


def test_a_key_selects_the_chat_model_and_stays_secret(dotenv: Path) -> None:
    dotenv.write_text("OPENAI_API_KEY=sk-confidential\n")
    assert load().mode == "openai:gpt-5-mini"
    assert "sk-confidential" not in repr(load())


@pytest.mark.usefixtures("dotenv")
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COMMUNIQUE_EMBEDDINGS", "text-embedding-3-small"),
        ("COMMUNIQUE_EMBEDDINGS", "openai:"),
        ("COMMUNIQUE_MINIMUM_PROBABILITY", "1.5"),
        ("COMMUNIQUE_MINIMUM_PROBABILITY", "nan"),
        ("COMMUNIQUE_MINIMUM_PROBABILITY", "en=0.2,fr"),
        ("COMMUNIQUE_MINIMUM_PROBABILITY", "en=0.2,en=0.3"),
        ("COMMUNIQUE_MINIMUM_PROBABILITY", "en=0.2,fr=1.5"),
        ("COMMUNIQUE_MINIMUM_PROBABILITY", "english=0.2"),
        ("COMMUNIQUE_OCR", "fra, eng"),
        ("COMMUNIQUE_OCR", "-l eng"),
        ("COMMUNIQUE_PASSAGES", "0"),
        ("COMMUNIQUE_PASSAGES", "twelve"),
        ("COMMUNIQUE_QUESTION_CHARACTERS", "10000000"),
        ("COMMUNIQUE_LOCK_SECONDS", "-1"),
        ("COMMUNIQUE_CHAT_SECONDS", "0"),
        ("COMMUNIQUE_PORT", "65536"),
    ],
)
def test_a_bad_value_is_an_error_that_names_its_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=rf"{variable}: .+ Correct them in the environment or \.env\."):
        load()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.2", 0.2),
        ("1", 1.0),
        ("fr=0.25", {"fr": 0.25}),
        (" EN = 0.2 , fr=0 ", {"en": 0.2, "fr": 0.0}),
    ],
)
def test_the_least_probability_is_one_number_or_one_a_language(
    dotenv: Path, text: str, value: object
) -> None:
    dotenv.write_text(f"COMMUNIQUE_MINIMUM_PROBABILITY={text}\n")
    assert load().minimum_probability == value


def test_every_wrong_variable_is_named_at_once(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv.write_text("COMMUNIQUE_PORT=none\n")
    monkeypatch.setenv("COMMUNIQUE_PASSAGES", "many")
    monkeypatch.setenv("COMMUNIQUE_COLOUR", "blue")
    with pytest.raises(SettingsError) as raised:
        load()
    assert all(name in str(raised.value) for name in ("_PORT", "_PASSAGES", "_COLOUR is not a setting"))


def test_a_key_is_not_repeated_in_an_error(dotenv: Path) -> None:
    dotenv.write_text("OPENAI_API_KEY=sk-confidential\nCOMMUNIQUE_PORT=none\n")
    with pytest.raises(SettingsError) as raised:
        load()
    assert "sk-confidential" not in str(raised.value)


@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_misspelt_variable_is_refused_with_the_one_that_was_meant(
    place: str, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "file":
        dotenv.write_text("COMMUNIQUE_CHROMA_URI=http://127.0.0.1:8000\n")
    else:
        monkeypatch.setenv("COMMUNIQUE_CHROMA_URI", "http://127.0.0.1:8000")
    with pytest.raises(
        SettingsError, match=r"_URI is not a setting \(did you mean COMMUNIQUE_CHROMA_URL\?\)"
    ):
        load()


def test_variables_of_other_programs_are_left_alone(dotenv: Path) -> None:
    dotenv.write_text("ANOTHER_PROGRAM=1\nOPENAI_ORG_ID=org\nCOMMUNIQUE_PASSAGES=3\n")
    assert load().passages == 3


@pytest.mark.parametrize("content", [b"\xff\xfeC\x00O\x00", b"COMMUNIQUE_HOST=caf\xe9\n"])
def test_a_file_that_is_not_utf8_is_an_error_that_says_so(content: bytes, dotenv: Path) -> None:
    dotenv.write_bytes(content)
    with pytest.raises(SettingsError, match=r"\.env cannot be read: .+ Save it as UTF-8"):
        load()


def test_a_byte_order_mark_does_not_hide_the_first_variable(dotenv: Path) -> None:
    dotenv.write_text("COMMUNIQUE_PASSAGES=3\n", encoding="utf-8-sig")
    assert load().passages == 3


@pytest.mark.parametrize(("name", "variable"), variables().items())
def test_each_setting_is_documented_in_the_example_and_in_the_readme(name: str, variable: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert f"# {description}\n# {variable}={default_of(name)}\n" in example
    shown = f"`{default_of(name)}`" if default_of(name) else ""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert " ".join(f"| `{variable}` | {shown} | {description} |".split()) in " ".join(readme.split())


def test_the_example_uncommented_holds_every_setting_at_its_default(dotenv: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    uncommented, count = re.subn(r"^# (?=[A-Z_]+=)", "", example, flags=re.MULTILINE)
    assert count == len(variables())
    dotenv.write_text(uncommented, encoding="utf-8")
    assert load() == Settings.model_construct()
