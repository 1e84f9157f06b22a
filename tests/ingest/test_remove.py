"""Releases that are taken out by id or path, and the folders of the data folder that a run looks at."""

from pathlib import Path

import pytest

from bot.errors import CorpusError, StorageError
from bot.upkeep.uploads import REMOVED, UPLOADS, keep
from ingest.__main__ import main
from ingest.sync import Report, sync_settings
from tests.fakes import HashEmbeddings
from tests.ingest.indexed import Index, counts

TEXTS = {"morocco.md": "# Morocco\n\nThe office opened in Rabat.\n", "qatar.txt": "Qatar funds it.\n"}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path)
    made.write(TEXTS)
    made.sync()
    return made


def remove(index: Index, *names: str) -> Report:
    return sync_settings(index.settings(), remove=names, embeddings=HashEmbeddings())


def removed(index: Index) -> list[str]:
    return sorted(path.name for path in (index.data / REMOVED).rglob("*") if path.is_file())


def test_a_release_is_taken_out_by_its_id_and_its_file_kept_aside(index: Index) -> None:
    assert counts(remove(index, "qatar")) == (0, 0, 0, 1, 0)
    assert set(index.files()) == {"morocco.md"}
    assert not (index.corpus / "qatar.txt").exists()
    assert removed(index) == ["qatar.txt"]
    assert counts(index.sync()) == (0, 0, 1, 0, 0)
    assert index.wrong() == []


def test_the_last_release_of_a_folder_can_be_taken_out(index: Index) -> None:
    assert remove(index, "qatar", str(index.corpus / "morocco.md")).removed == 2
    assert index.files() == {}


def test_a_file_that_failed_is_taken_out_by_its_path(index: Index) -> None:
    index.write({"empty.md": " "})
    index.sync()
    remove(index, str(index.corpus / "empty.md"))
    with index.catalog() as catalog:
        assert catalog.failures() == []
    assert removed(index) == ["empty.md"]


def test_what_the_index_does_not_know_is_not_touched(index: Index, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    for name in ("nothing", str(tmp_path / "letter.txt"), str(index.corpus)):
        with pytest.raises(CorpusError, match="is no release of the index"):
            remove(index, name)
    assert (tmp_path / "letter.txt").exists()
    assert set(index.files()) == set(TEXTS)


def test_a_file_that_cannot_be_moved_is_said_and_stays(index: Index) -> None:
    (index.data / REMOVED).write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"qatar\.txt cannot be moved"):
        remove(index, "qatar")
    assert set(index.files()) == set(TEXTS)


def test_of_a_file_with_several_releases_not_one_leaves_alone(index: Index) -> None:
    index.write({"table.csv": "title,text\nOne,The first text of all.\nTwo,The second text of all.\n"})
    index.sync()
    members = [file for file in index.files() if file.startswith("table.csv")]
    assert len(members) == 2
    with pytest.raises(CorpusError, match="with 1 more: give that path"):
        remove(index, index.files()[members[0]])
    assert remove(index, str(index.corpus / "table.csv")).removed == 2


def test_a_path_that_was_ingested_and_is_gone_leaves(index: Index) -> None:
    (index.corpus / "qatar.txt").unlink()
    assert counts(index.sync(index.corpus / "qatar.txt")) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_run_over_the_corpus_is_one_over_the_uploads_too(index: Index, rebuild: bool) -> None:
    upload = keep("djibouti.txt", b"Djibouti signs.", index.data)
    assert counts(index.sync(rebuild=rebuild))[0] == 1
    assert set(index.files()) == {*TEXTS, "djibouti.txt"}
    upload.path.unlink()
    assert counts(index.sync(rebuild=rebuild))[3] == 1
    assert set(index.files()) == set(TEXTS)


def test_uploads_stay_when_the_data_folder_lies_in_the_corpus(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.data = index.corpus / ".communique"
    index.write(TEXTS)
    keep("djibouti.txt", b"Djibouti signs.", index.data)
    index.sync()
    index.sync(index.data / UPLOADS / "djibouti.txt")
    assert counts(index.sync()) == (0, 0, 3, 0, 0)


def test_the_command_removes(
    index: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.embeddings.open_embeddings", lambda *_, **__: HashEmbeddings())
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(index.data))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(index.corpus))
    assert main(["--remove", "qatar"]) == 0
    assert "removed" in capsys.readouterr().out
    assert main(["--remove", "qatar"]) == 1
    assert "qatar is no release of the index" in capsys.readouterr().err
