"""A data folder is backed up while it is in use, and what is restored is whole, proven, and answers the same."""

import gzip
import io
import json
import shutil
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.backup.archive import unpack
from bot.backup.make import back_up
from bot.backup.restore import restore
from bot.catalog import FILE as CATALOG
from bot.catalog import Catalog
from bot.chain import Bot
from bot.doctor import examine
from bot.domain import Turn
from bot.errors import BackupError, IndexDamagedError, StorageError
from bot.history import FILE as HISTORY
from bot.history import History
from bot.keys import FILE as KEYS
from bot.keys import Keys
from bot.settings import Settings
from bot.vectors import Vectors
from ingest import write
from ingest.sync import sync_settings, verify_index
from tests.chroma_server import chroma_server

QUESTIONS = (
    "who funds CT Travel?",
    "Qui finance le programme CT Travel ?",
    "What is the budget of CT Travel?",
)
RELEASE = """OFFICE OPENS BRANCH NUMBER {number}

10 May 2021, Nowhere – The Office opened branch number {number} today. Its {number} people speak Esperanto.
"""


def copied(index: Path, to: Path) -> Path:
    shutil.copytree(index, to, symlinks=True)
    return to


def of(folder: Path, index: Path, **more: object) -> Settings:
    """Settings for a data folder, with the models that the index has."""
    folder.mkdir(exist_ok=True)
    if not (folder / "models").exists():
        (folder / "models").symlink_to((index / "models").resolve())
    return Settings(data_dir=folder, **more)  # type: ignore[arg-type]


def answers(settings: Settings) -> list[dict[str, object]]:
    with closing(Bot(settings)) as bot:
        given = [bot.ask(question).to_json() for question in QUESTIONS]
    return [{name: value for name, value in each.items() if name not in ("id", "seconds")} for each in given]


def wrong(settings: Settings) -> list[str]:
    with (
        Catalog.open(settings.data_dir / CATALOG, create=False) as catalog,
        Vectors.open(settings.data_dir, settings.chroma_url) as vectors,
    ):
        return verify_index(catalog, vectors)


def files(folder: Path) -> dict[str, bytes]:
    """What a folder holds, but for locks and models."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("ingest.lock", "ingest.pid") and "models" not in path.parts
    }


@pytest.fixture(scope="module")
def backup(corpus_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the five releases, one conversation and one key."""
    place = tmp_path_factory.mktemp("backup")
    data = copied(corpus_index, place / "data")
    with closing(Keys(data / KEYS)) as keys, History.open(data / HISTORY) as history:
        keys.create("wiki", ["ask"])
        history.create("Funding")
        (data / "evaluations" / "run").mkdir(parents=True)
        (data / "evaluations" / "run" / "scores.json").write_text("{}")
        back_up(Settings(data_dir=data), place / "backup.tar.gz")
    return place / "backup.tar.gz"


@pytest.mark.slow
def test_a_backup_made_while_releases_come_and_go_and_questions_are_asked_is_whole_and_answers_the_same(
    corpus_index: Path, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "COMMITTED_PASSAGES", 2)
    corpus = copied(corpus_dir, tmp_path / "corpus")
    settings = of(copied(corpus_index, tmp_path / "data"), corpus_index, corpus_dir=corpus)
    done, trouble = threading.Event(), []
    backups: list[Path] = []
    moments: set[int] = set()

    def come_and_go() -> None:
        try:
            for _ in range(10):
                for number in range(20):
                    (corpus / f"{number}.txt").write_text(RELEASE.format(number=number))
                sync_settings(settings)
                for number in range(20):
                    (corpus / f"{number}.txt").unlink()
                sync_settings(settings)
                if len(moments) > 2:
                    break
        except BaseException as error:
            trouble.append(error)
            raise
        finally:
            done.set()

    def ask() -> None:
        try:
            with closing(Bot(settings)) as bot, History.open(settings.data_dir / HISTORY) as history:
                conversation = history.create().id
                while not done.is_set():
                    history.add(conversation, Turn(QUESTIONS[0], bot.ask(QUESTIONS[0])))
        except BaseException as error:
            trouble.append(error)
            raise

    threads = [threading.Thread(target=each) for each in (come_and_go, ask)]
    for thread in threads:
        thread.start()
    while not done.is_set():
        backups.append(tmp_path / f"{len(backups)}.tar.gz")
        moments.add(back_up(settings, backups[-1])["generation"])
    for thread in threads:
        thread.join()
    assert not trouble

    seen = set()
    for number, path in enumerate(backups):
        restored = of(tmp_path / f"restored-{number}", corpus_index)
        facts = restore(path, restored)
        seen.add(facts["generation"])
        assert wrong(restored) == []
        with Catalog.open(restored.data_dir / CATALOG, create=False) as catalog:
            assert len(catalog.releases()) == facts["releases"] >= 5
    assert len(seen) > 2, "every backup was of the same moment"
    back_up(settings, tmp_path / "last.tar.gz")
    last = of(tmp_path / "last", corpus_index)
    restore(tmp_path / "last.tar.gz", last)
    assert answers(last) == answers(settings)
    with (
        History.open(last.data_dir / HISTORY) as history,
        History.open(settings.data_dir / HISTORY) as before,
    ):
        (conversation,) = history.list()
        assert history.turns(conversation.id) == before.turns(conversation.id)


def test_keys_conversations_and_runs_come_back(backup: Path, corpus_index: Path, tmp_path: Path) -> None:
    settings = of(tmp_path / "data", corpus_index)
    restore(backup, settings)
    with (
        closing(Keys(settings.data_dir / KEYS)) as keys,
        History.open(settings.data_dir / HISTORY) as history,
    ):
        assert [key.name for key in keys.every()] == ["wiki"]
        assert [each.title for each in history.list()] == ["Funding"]
    assert (settings.data_dir / KEYS).stat().st_mode & 0o777 == 0o600
    assert (settings.data_dir / "evaluations" / "run" / "scores.json").read_text() == "{}"
    assert wrong(settings) == []


def test_a_backup_is_for_its_owner_only_and_names_nothing_that_can_be_made_again(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    with tarfile.open(backup) as tar:
        names = tar.getnames()
    assert names[-1] == "backup.json"
    assert sorted(names[:-1]) == [
        *(CATALOG, "evaluations/run/scores.json", HISTORY, KEYS),
        "vectors.npy",
    ]


def test_a_bot_that_is_open_follows_a_restore(
    backup: Path, corpus_index: Path, corpus_dir: Path, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "1.txt").write_text(RELEASE.format(number=1))
    settings = of(tmp_path / "data", corpus_index, corpus_dir=corpus)
    sync_settings(settings)
    with closing(Bot(settings)) as bot:
        assert bot.ask(QUESTIONS[0]).declined
        restore(backup, settings, force=True)
        assert not bot.ask(QUESTIONS[0]).declined
    assert wrong(settings) == []
    assert len(list((settings.data_dir / "chroma").iterdir())) == 1


def test_nothing_is_replaced_unless_that_is_asked_for(
    backup: Path,
    corpus_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = of(tmp_path / "data", corpus_index)
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(settings.data_dir))
    assert main(["restore", str(backup)]) == 0
    before = files(settings.data_dir)
    assert main(["restore", str(backup)]) == 1
    assert "--force" in capsys.readouterr().err
    assert files(settings.data_dir) == before
    assert main(["restore", "--force", str(backup)]) == 0

    again = tmp_path / "again.tar.gz"
    again.write_text("mine")
    assert main(["backup", str(again)]) == 1
    assert again.read_text() == "mine"
    assert main(["backup", "--force", str(again)]) == 0
    assert "5 releases, 33 passages" in capsys.readouterr().out
    assert main(["backup", str(settings.data_dir / "inside.tar.gz")]) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_exchange_that_fails_leaves_everything_as_it_was(
    backup: Path, corpus_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = of(tmp_path / "data", corpus_index)
    restore(backup, settings)
    before = files(settings.data_dir)
    replace = Path.replace

    def fail_at_the_catalog(path: Path, target: Path) -> Path:
        if path.parent.name == "restoring" and path.name == CATALOG:
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_catalog)
    with pytest.raises(StorageError, match="No space left"):
        restore(backup, settings, force=True)
    after = files(settings.data_dir)
    assert {name: content for name, content in after.items() if name in before} == before
    assert {name.partition("/")[0] for name in after.keys() - before.keys()} <= {"chroma"}
    assert wrong(settings) == []


def test_an_index_that_is_not_whole_makes_no_backup(corpus_index: Path, tmp_path: Path) -> None:
    settings = of(copied(corpus_index, tmp_path / "data"), corpus_index)
    with (
        Catalog.open(settings.data_dir / CATALOG, create=False) as catalog,
        Vectors.open(settings.data_dir) as vectors,
    ):
        assert catalog.collection
        vectors.delete(catalog.collection, [min(catalog.passage_ids())])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.backup.make.TRIES", 1)
        with pytest.raises(IndexDamagedError, match="vectors are lost"):
            back_up(settings, tmp_path / "backup.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_restore_that_was_cut_short_is_told(data_dir: Path) -> None:
    (data_dir / "replaced").mkdir(parents=True)
    (found,) = [finding for finding in examine() if finding.part == "data folder"]
    assert not found.ok
    assert "restore" in found.detail


# Files that are no backup


Change = Callable[[bytes], bytes]


def with_member(name: str, kind: bytes = tarfile.REGTYPE, last: bool = True) -> Change:
    """A backup with one member, and a list that names it."""

    def change(_: bytes) -> bytes:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = "/etc/passwd"
            tar.addfile(member, io.BytesIO())
            if last:
                nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                told = {"format": 1, "facts": {"made": "", "generation": 0}, "members": {name: [0, nothing]}}
                content = json.dumps(told).encode()
                member = tarfile.TarInfo("backup.json")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return packed.getvalue()

    return change


def repacked(content: bytes) -> bytes:
    """Another byte in the middle of a store, in a file that gzip finds whole."""
    plain = bytearray(gzip.decompress(content))
    plain[len(plain) // 2] ^= 1
    return gzip.compress(bytes(plain), 1)


CHANGES: dict[str, Change] = {
    **{f"cut at {share}": lambda content, share=share: content[: int(len(content) * share)]  # type: ignore[misc]
       for share in (0, 0.001, 0.3, 0.7, 0.99, 0.9999)},
    "without its last bytes": lambda content: content[:-8],
    "a byte changed": lambda content: content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
    "changed and packed again": repacked,
    "text": lambda _: b"this is no backup",
    "random": lambda _: bytes(range(256)) * 100,
    "without a list": with_member("history.sqlite", last=False),
    "above the folder": with_member("../escaped"),
    "above the folder, deep": with_member("evaluations/../../escaped"),
    "of the whole machine": with_member("/tmp/escaped-from-a-backup"),
    "of another system": with_member("..\\escaped"),
    "a link": with_member("history.sqlite", tarfile.SYMTYPE),
    "a hard link": with_member("history.sqlite", tarfile.LNKTYPE),
    "a device": with_member("history.sqlite", tarfile.CHRTYPE),
    "a folder": with_member("evaluations", tarfile.DIRTYPE),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_file_that_is_no_whole_backup_is_refused_and_changes_nothing(
    backup: Path, corpus_index: Path, tmp_path: Path, change: Change
) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(change(backup.read_bytes()))
    settings = of(tmp_path / "data", corpus_index)
    (settings.data_dir / HISTORY).write_text("what was there")
    with pytest.raises(BackupError):
        restore(broken, settings, force=True)
    assert files(settings.data_dir) == {HISTORY: b"what was there"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.tar.gz", "data"]
    assert not Path("/tmp/escaped-from-a-backup").exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no file"):
        unpack(tmp_path / "missing.tar.gz", tmp_path)


@pytest.mark.slow
def test_on_a_chroma_server_the_restored_index_stands_beside_the_one_it_came_from(
    corpus_index: Path, corpus_dir: Path, tmp_path: Path
) -> None:
    with chroma_server(tmp_path / "chroma") as url:
        first = of(tmp_path / "first", corpus_index, corpus_dir=corpus_dir, chroma_url=url)
        sync_settings(first)
        back_up(first, tmp_path / "backup.tar.gz")
        second = of(tmp_path / "second", corpus_index, corpus_dir=corpus_dir, chroma_url=url)
        restore(tmp_path / "backup.tar.gz", second)
        sync_settings(second)  # which drops what belongs to no catalog of its own
        assert wrong(first) == wrong(second) == []
