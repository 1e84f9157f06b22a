"""Keys are made, shown once, kept as hashes, and revoked."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.__main__ import main
from bot.errors import IndexDamagedError, KeyStoreError
from bot.keys import FILE, Keys


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "data" / FILE)


def test_without_a_file_there_are_no_keys_and_none_is_made_by_looking(keys: Keys, tmp_path: Path) -> None:
    assert not keys.exist()
    assert keys.every() == []
    assert keys.find("cmq_0123456789ab_" + "x" * 43) is None
    assert not (tmp_path / "data").exists()


def test_a_key_is_found_by_its_text_and_only_its_hash_is_kept(keys: Keys, tmp_path: Path) -> None:
    key, text = keys.create("  team\twiki ", ["ask", "ingest"])
    assert re.fullmatch(r"cmq_[0-9a-f]{12}_[\w-]{43}", text)
    assert keys.find(text) == key
    assert (key.name, key.scopes) == ("team wiki", {"ask", "ingest"})
    secret = text.rpartition(key.id)[2][1:]
    stored = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    assert secret.encode() not in stored
    assert (tmp_path / "data" / FILE).stat().st_mode & 0o077 == 0


def test_every_key_is_another(keys: Keys) -> None:
    assert len({keys.create("same", ["ask"])[1] for _ in range(20)}) == 20
    assert len({key.id for key in keys.every()}) == 20


def test_a_revoked_key_says_so_and_the_store_goes_on_asking_for_keys(keys: Keys) -> None:
    key, text = keys.create("leaves", ["ask"])
    revoked = keys.revoke(key.id)
    assert revoked.revoked is not None
    assert keys.find(text) == revoked
    assert keys.revoke(key.id) == revoked
    assert keys.exist()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text())
def test_no_other_text_opens(keys: Keys, text: str) -> None:
    if not keys.exist():
        keys.create("one", ["ask"])
    assert keys.find(text) is None


def test_a_key_cut_short_or_made_longer_does_not_open(keys: Keys) -> None:
    _, text = keys.create("one", ["ask"])
    for other in (
        text[:-1],
        f"{text}A",
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        text.upper(),
        f" {text}",
    ):
        assert keys.find(other) is None


@pytest.mark.parametrize("name", ["", " \n ", "x" * 81, "bell\x07"])
def test_a_name_that_says_nothing_is_refused(keys: Keys, name: str) -> None:
    with pytest.raises(KeyStoreError, match="1 to 80 characters"):
        keys.create(name, ["ask"])


def test_an_unknown_key_is_not_revoked(keys: Keys) -> None:
    with pytest.raises(KeyStoreError, match="keys list"):
        keys.revoke("0123456789ab")


def test_another_programs_file_is_not_touched(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_bytes(b"no database" * 500)
    with pytest.raises(IndexDamagedError, match=r"keys\.sqlite is damaged"):
        keys.exist()


def test_the_command_shows_a_key_once_lists_it_without_its_secret_and_revokes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["keys", "create", "team wiki", "--scope", "ask"]) == 0
    made = capsys.readouterr()
    (text,) = made.out.split()
    assert "shown once" in made.err
    key_id = text.split("_")[1]

    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert f"{key_id}  " in listed
    assert "active  ask  team wiki" in listed
    assert text not in listed

    assert main(["keys", "revoke", key_id]) == 0
    assert "revoked" in capsys.readouterr().out
    assert main(["keys", "revoke", "nothing"]) == 1
    assert "There is no key 'nothing'" in capsys.readouterr().err
