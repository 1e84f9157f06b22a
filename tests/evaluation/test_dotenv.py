"""One line of a `.env` is set; nothing else in the file moves by a byte."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError, StorageError
from bot.evaluation.dotenv import _with_setting, write_setting

NAME = "COMMUNIQUE_MINIMUM_PROBABILITY"
LINE = f"{NAME}=en=0.25"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{LINE}\n"),
        ("A=1\n", f"A=1\n{LINE}\n"),
        ("A=1", f"A=1\n{LINE}\n"),
        ("A=1\r\n", f"A=1\r\n{LINE}\r\n"),
        (f"# note\n\n{NAME}=0.3  # ours\nB = 'x'  \n", f"# note\n\n{LINE}\nB = 'x'  \n"),
        (f"A=1\r\n{NAME}=0.3\r\n\r\nB=2", f"A=1\r\n{LINE}\r\n\r\nB=2"),
        (f"A=1\n{NAME}=0.3", f"A=1\n{LINE}"),
        (f"export {NAME}='0.3'\n", f"export {LINE}\n"),
        (f"{NAME.lower()}=0.3\n", f"{LINE}\n"),
        (f"{NAME}=\nA=1\n", f"{LINE}\nA=1\n"),
        (f"# {NAME}=\n", f"# {NAME}=\n{LINE}\n"),
        (f'A="\n{NAME}=0.3\n"\n', f'A="\n{NAME}=0.3\n"\n{LINE}\n'),
        (f"{NAME}=0.1\n{NAME}=0.2\n", f"{NAME}=0.1\n{LINE}\n"),
        (f"\ufeff{NAME}=0.3\nA=1\n", f"\ufeff{LINE}\nA=1\n"),
        (f"not a line\n{NAME}=0.3\n", f"not a line\n{LINE}\n"),
    ],
)
def test_only_the_line_of_the_setting_changes(before: str, after: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(before.encode())
    write_setting(file, NAME, "en=0.25")
    assert file.read_bytes() == after.encode()


ANY = st.text(alphabet=st.sampled_from("AB=#'\" \\\r\n\té\ufeff"))


@given(ANY, ANY)
def test_what_stands_around_it_stays_whatever_it_is(before: str, after: str) -> None:
    """Where a quote is open the line is a part of a value, and no setting: then one is added."""
    assert _with_setting(before + after, NAME, "0.25").startswith(before + after)
    text = f"{before}\n{NAME}=0.3\n{after}"
    once = _with_setting(text, NAME, "0.25")
    assert once == f"{before}\n{NAME}=0.25\n{after}" or (
        once.startswith(text) and ("'" in text or '"' in text)
    )


def test_a_file_with_keys_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / ".env"
    real.write_text("OPENAI_API_KEY=x\n")
    real.chmod(0o600)
    link.symlink_to(real)
    write_setting(link, NAME, "0.25")
    assert real.read_text() == f"OPENAI_API_KEY=x\n{NAME}=0.25\n"
    assert real.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()


def test_a_file_that_is_not_utf8_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"A=caf\xe9\n")
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8 text"):
        write_setting(file, NAME, "0.25")
    assert file.read_bytes() == b"A=caf\xe9\n"


def test_a_file_that_cannot_be_written_is_named_with_the_line_to_add(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.mkdir()
    with pytest.raises(StorageError, match=rf"\.env cannot be written: .+{os.linesep}?.*Add {NAME}=0\.25"):
        write_setting(file, NAME, "0.25")
