"""The index follows the files, whatever the files do, and says so."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.catalog import FILE
from bot.errors import (
    CorpusError,
    EmbeddingsError,
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    StorageError,
)
from bot.first_run import MARK
from bot.lookup import is_empty
from bot.vectors import FOLDER, new_collection
from ingest import parallel, write
from ingest.candidates import digest
from ingest.lock import writing
from ingest.progress import Progress
from ingest.sync import sync_settings, verify_index
from tests.chroma_server import chroma_server
from tests.fakes import HashEmbeddings
from tests.ingest.indexed import Index, counts

TEXTS = {
    "morocco.md": "# Morocco and UNOCT\n\nRabat, 24 June 2022 – The office marked its first anniversary.\n",
    "qatar.txt": "Doha, 27 March 2022\n\nQatar funds the programme.\n",
    "2024/djibouti.md": "# Djibouti\n\nThe agreement was signed on 23 June 2023.\n",
}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path)
    made.write(TEXTS)
    return made


# What changes and what does not


def test_a_first_run_puts_every_release_in(index: Index) -> None:
    report = index.sync()
    assert counts(report) == (3, 0, 0, 0, 0)
    assert report.releases == 3
    assert report.passages == 3
    assert index.files() == {
        "morocco.md": "morocco",
        "qatar.txt": "qatar",
        "2024/djibouti.md": "2024/djibouti",
    }
    assert index.wrong() == []
    with index.catalog() as catalog:
        release = catalog.release("morocco")
        assert release is not None
        assert release.text.startswith("Morocco and UNOCT")
        assert (release.root, release.file) == (str(index.corpus), "morocco.md")
        assert release.revision == digest(index.corpus / "morocco.md")


def test_a_second_run_does_nothing(index: Index) -> None:
    first = index.sync()
    embeddings = HashEmbeddings()
    second = index.sync(embeddings=embeddings)
    assert counts(second) == (0, 0, 3, 0, 0)
    assert second.nothing_done
    assert embeddings.embedded == 0
    assert second.generation == first.generation


def test_a_touched_file_is_not_a_changed_one(index: Index) -> None:
    index.sync()
    os.utime(index.corpus / "qatar.txt", (0, 0))
    assert index.sync().nothing_done


def test_a_changed_file_replaces_its_release_and_its_earlier_text_can_still_be_proven(index: Index) -> None:
    index.sync()
    before = digest(index.corpus / "qatar.txt")
    index.write({"qatar.txt": "Doha, 28 March 2022\n\nQatar funds two programmes.\n"})
    assert counts(index.sync()) == (0, 1, 2, 0, 0)
    assert index.wrong() == []
    with index.catalog() as catalog:
        now, earlier = catalog.release("qatar"), catalog.release("qatar", before)
        assert now is not None
        assert earlier is not None
        assert "two programmes" in now.text
        assert "the programme" in earlier.text


def test_a_removed_file_takes_its_release_along(index: Index) -> None:
    index.sync()
    (index.corpus / "qatar.txt").unlink()
    assert counts(index.sync()) == (0, 0, 2, 1, 0)
    assert set(index.files()) == {"morocco.md", "2024/djibouti.md"}
    assert index.wrong() == []


def test_a_renamed_file_keeps_the_id_that_it_frees(index: Index) -> None:
    index.sync()
    (index.corpus / "qatar.txt").rename(index.corpus / "qatar.md")
    assert counts(index.sync()) == (1, 0, 2, 1, 0)
    assert index.files()["qatar.md"] == "qatar"
    assert index.wrong() == []


def test_files_that_would_share_an_id_are_told_apart_and_both_kept(index: Index) -> None:
    index.write({"qatar.md": TEXTS["qatar.txt"], "qatar.md.txt": TEXTS["qatar.txt"]})
    index.sync()
    files = index.files()
    assert (files["qatar.md"], files["qatar.txt"]) == ("qatar", "qatar.txt")
    assert files["qatar.md.txt"] == "qatar.md"
    assert index.sync().nothing_done
    assert index.wrong() == []


def test_the_manifest_describes_a_release_anew_without_a_change_of_its_file(index: Index) -> None:
    index.sync()
    (index.corpus / "manifest.yaml").write_text("releases:\n  qatar.txt:\n    title: Another title\n")
    assert counts(index.sync()) == (0, 1, 2, 0, 0)
    with index.catalog() as catalog:
        assert {each.file: each.title for each in catalog.releases()}["qatar.txt"] == "Another title"
    assert index.sync().nothing_done
    assert index.wrong() == []


def test_a_broken_manifest_is_an_error_and_changes_nothing(index: Index) -> None:
    generation = index.sync().generation
    (index.corpus / "manifest.yaml").write_text("releases: [")
    index.write({"qatar.txt": "changed"})
    with pytest.raises(CorpusError, match=r"manifest\.yaml"):
        index.sync()
    with index.catalog() as catalog:
        assert catalog.generation == generation


def test_a_file_that_changes_while_it_is_read_fails_and_is_taken_by_the_next_run(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = parallel.prepare

    def prepare_slowly(source: Any, *rest: Any) -> Any:
        entry = prepare(source, *rest)
        if source.file == "qatar.txt":
            index.write({"qatar.txt": "Doha, 1 April 2022\n\nSomething else.\n"})
        return entry

    monkeypatch.setattr(parallel, "prepare", prepare_slowly)
    report = index.sync()
    assert counts(report) == (2, 0, 0, 0, 1)
    assert "changed while it was read" in report.failed[0][1]
    monkeypatch.undo()
    assert counts(index.sync()) == (1, 0, 2, 0, 0)


# What is not a release


def test_a_bad_file_is_named_and_its_release_stays_as_it_was(index: Index) -> None:
    index.sync()
    (index.corpus / "qatar.txt").write_bytes(bytes(range(256)) * 50)
    index.write({"empty.md": " \n"})
    report = index.sync()
    assert counts(report) == (0, 0, 2, 0, 2)
    assert [Path(file).name for file, _ in report.failed] == ["empty.md", "qatar.txt"]
    assert all(file in reason for file, reason in report.failed)
    with index.catalog() as catalog:
        release = catalog.release("qatar")
        assert release is not None
        assert "Qatar funds" in release.text
    assert index.wrong() == []


def test_what_is_no_release_is_passed_over_and_other_formats_are_counted(index: Index) -> None:
    index.write(
        {
            "README.md": "What this folder is.",
            ".hidden.md": "Not this.",
            ".git/notes.md": "Nor this.",
            "2024/readme.txt": "Nor this.",
            "photo.jpeg": "Nor this, but counted.",
            "no_suffix": "Counted.",
        }
    )
    report = index.sync()
    assert counts(report) == (3, 0, 0, 0, 0)
    assert report.skipped == 2


def test_links_may_not_leave_the_corpus(index: Index, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Not for the corpus.")
    (tmp_path / "elsewhere").mkdir()
    (index.corpus / "out.md").symlink_to(tmp_path / "secret.md")
    (index.corpus / "outer").symlink_to(tmp_path / "elsewhere")
    (index.corpus / "broken.md").symlink_to(tmp_path / "nothing.md")
    (index.corpus / "inside.md").symlink_to(index.corpus / "qatar.txt")
    (index.corpus / "loop").symlink_to(index.corpus)
    os.mkfifo(index.corpus / "pipe.md")
    report = index.sync()
    reasons = {Path(file).name: reason for file, reason in report.failed}
    assert set(reasons) == {"out.md", "outer", "broken.md", "pipe.md"}
    assert "leaves" in reasons["out.md"]
    assert "leaves" in reasons["outer"]
    assert "nowhere" in reasons["broken.md"]
    assert "regular file" in reasons["pipe.md"]
    assert set(index.files()) == {*TEXTS, "inside.md"}


def test_a_name_that_is_not_utf8_is_named(index: Index) -> None:
    try:
        Path(os.fsdecode(bytes(index.corpus) + b"/\xff.md")).write_text("A release.")
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    report = index.sync()
    assert counts(report) == (3, 0, 0, 0, 1)
    assert "UTF-8" in report.failed[0][1]


@pytest.mark.parametrize(
    "name", ["الإرهاب.md", "反恐 办公室.txt", "new\nline.md", "a'b\"c#d@e.md", "UPPER.MD", "~2.md"]
)
def test_names_in_any_script_are_releases(index: Index, name: str) -> None:
    index.write({name: "A release of its own."})
    index.sync()
    assert index.files()[name] == name.rsplit(".", 1)[0]
    assert index.wrong() == []


def test_a_folder_without_a_release_is_an_error_and_changes_nothing(index: Index, tmp_path: Path) -> None:
    generation = index.sync().generation
    for file in TEXTS:
        (index.corpus / file).unlink()
    index.write({"README.md": "Nothing else here."})
    with pytest.raises(CorpusError, match=r"no release in .*corpus.*left as it was"):
        index.sync()
    assert set(index.files()) == set(TEXTS)
    with index.catalog() as catalog:
        assert catalog.generation == generation


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_path_that_does_not_exist_is_an_error_and_changes_nothing(index: Index, rebuild: bool) -> None:
    index.sync()
    index.write({"new.md": "A new release."})
    with pytest.raises(CorpusError, match=r"nowhere does not exist"):
        index.sync(index.corpus, index.corpus / "nowhere", rebuild=rebuild)
    assert "new.md" not in index.files()


@pytest.mark.parametrize("named", [False, True])
def test_a_corpus_folder_that_vanished_takes_nothing_out_of_the_index(index: Index, named: bool) -> None:
    index.sync()
    index.corpus.rename(index.corpus.with_name("elsewhere"))
    with pytest.raises(CorpusError, match="does not exist"):
        index.sync(*[index.corpus] * named)
    assert set(index.files()) == set(TEXTS)


def test_a_missing_corpus_folder_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="COMMUNIQUE_CORPUS_DIR"):
        Index(tmp_path).sync()


@pytest.mark.parametrize(
    "megabytes", [1, pytest.param(10, marks=[pytest.mark.slow, pytest.mark.timeout(400)])]
)
def test_megabytes_in_one_line_are_one_release(index: Index, megabytes: int) -> None:
    text = "The office trains border guards in ten countries. " * (21_000 * megabytes)
    index.write({"long.txt": text})
    report = index.sync()
    assert report.added == 4
    assert len(text) > megabytes * 10**6
    assert report.passages > 500 * megabytes
    assert index.wrong() == []


# Paths


def test_a_file_of_the_corpus_is_all_that_its_path_changes(index: Index) -> None:
    index.sync()
    index.write({"qatar.txt": "Changed.", "morocco.md": "Changed.", "new.md": "New."})
    assert counts(index.sync(index.corpus / "qatar.txt")) == (0, 1, 0, 0, 0)
    assert set(index.files()) == set(TEXTS)
    assert counts(index.sync()) == (1, 1, 2, 0, 0)


def test_a_folder_of_the_corpus_limits_what_leaves(index: Index) -> None:
    index.sync()
    (index.corpus / "2024/djibouti.md").unlink()
    (index.corpus / "qatar.txt").unlink()
    index.write({"2024/other.md": "Another."})
    assert counts(index.sync(index.corpus / "2024")) == (1, 0, 0, 1, 0)
    assert set(index.files()) == {"morocco.md", "qatar.txt", "2024/other.md"}


def test_other_folders_are_roots_of_their_own_and_stay(index: Index, tmp_path: Path) -> None:
    index.sync()
    other = tmp_path / "other"
    index.write({"qatar.txt": "Another Qatar.", "sub/peru.md": "Peru."}, other)
    assert counts(index.sync(other)) == (2, 0, 0, 0, 0)
    with index.catalog() as catalog:
        assert {(each.root, each.file): each.id for each in catalog.releases()} == {
            (str(index.corpus), "2024/djibouti.md"): "2024/djibouti",
            (str(index.corpus), "morocco.md"): "morocco",
            (str(index.corpus), "qatar.txt"): "qatar",
            (str(other), "qatar.txt"): "qatar.txt",
            (str(other), "sub/peru.md"): "sub/peru",
        }
    assert counts(index.sync()) == (0, 0, 3, 0, 0)
    (other / "sub/peru.md").unlink()
    assert counts(index.sync()) == (0, 0, 3, 0, 0)
    assert counts(index.sync(other)) == (0, 0, 1, 1, 0)


def test_a_file_outside_belongs_to_its_folder_which_is_not_searched(index: Index, tmp_path: Path) -> None:
    other = tmp_path / "other"
    index.write({"peru.md": "Peru.", "chile.md": "Chile."}, other)
    index.sync()
    assert counts(index.sync(other / "peru.md")) == (1, 0, 0, 0, 0)
    assert "chile.md" not in index.files()
    assert counts(index.sync(other)) == (1, 0, 1, 0, 0)


def test_a_folder_around_the_corpus_doubles_nothing(index: Index, tmp_path: Path) -> None:
    index.sync()
    index.write({"beside.md": "Beside the corpus."}, tmp_path)
    (index.corpus / "qatar.txt").unlink()
    assert counts(index.sync(tmp_path)) == (1, 0, 2, 1, 0)
    with index.catalog() as catalog:
        assert {(each.root, each.file) for each in catalog.releases()} == {
            (str(index.corpus), "2024/djibouti.md"),
            (str(index.corpus), "morocco.md"),
            (str(tmp_path), "beside.md"),
        }


def test_the_same_folder_by_other_names_is_one_root(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(index.corpus)
    for path in (Path("corpus"), Path("link"), Path("corpus/../corpus/2024/..")):
        assert counts(index.sync(path)) == (0, 0, 3, 0, 0)
    assert counts(index.sync(Path("link/qatar.txt"), Path("corpus"), Path("corpus"))) == (0, 0, 3, 0, 0)


def test_a_corpus_that_was_moved_is_still_the_same(index: Index, tmp_path: Path) -> None:
    index.sync()
    index.corpus.rename(tmp_path / "moved")
    index.corpus = tmp_path / "moved"
    index.write({"qatar.txt": "Changed since."})
    embeddings = HashEmbeddings()
    assert counts(index.sync(embeddings=embeddings)) == (0, 1, 2, 0, 0)
    assert embeddings.embedded == 1
    with index.catalog() as catalog:
        assert {(each.root, each.id) for each in catalog.releases()} == {
            (str(index.corpus), each) for each in ("morocco", "qatar", "2024/djibouti")
        }


# Mending and rebuilding


def test_vectors_that_were_lost_are_restored_and_strays_removed(index: Index) -> None:
    index.sync()
    with index.catalog() as catalog, index.vectors() as vectors:
        collection, generation = catalog.collection or "", catalog.generation
        lost = sorted(catalog.passage_ids())[0]
        vectors.delete(collection, [lost])
        vectors.upsert(collection, ["stray"], np.ones((1, 384), np.float32))
        assert len(verify_index(catalog, vectors)) == 2
    report = index.sync()
    assert (report.restored, report.passages) == (1, 1)
    assert not report.nothing_done
    assert index.wrong() == []
    with index.catalog() as catalog:
        assert catalog.generation == generation + 1
    assert index.sync().nothing_done


def test_the_vector_of_an_item_that_was_lost_is_restored_alone(index: Index) -> None:
    items = "\n".join(f"- Item {number} of what both sides want to do," for number in range(4))
    index.write({"list.txt": f"Talks\n\nBoth sides want to do this:\n\n{items}\n"})
    index.sync()
    with index.catalog() as catalog, index.vectors() as vectors:
        collection = catalog.collection or ""
        stored = sorted(vectors.ids(collection))
        lost = [each for each in stored if each.startswith("list@") and each.endswith("#0.2")]
        assert len([each for each in stored if each.startswith("list@")]) == 5
        vectors.delete(collection, lost)
        (wrong,) = verify_index(catalog, vectors)
        assert lost[0] in wrong
    embeddings = HashEmbeddings()
    assert index.sync(embeddings=embeddings).restored == embeddings.embedded == 1
    assert index.wrong() == []
    with index.vectors() as vectors:
        assert sorted(vectors.ids(collection)) == stored


def test_a_vector_store_that_was_lost_is_made_again(index: Index) -> None:
    index.sync()
    (index.data / FOLDER).rename(index.data / "gone")
    assert index.sync().restored == 3
    assert index.wrong() == []


def test_collections_of_earlier_builds_are_dropped(index: Index) -> None:
    index.sync()
    with index.vectors() as vectors:
        vectors.create(new_collection(None))
    index.sync()
    assert len(list((index.data / FOLDER).iterdir())) == 1


def test_another_embedding_model_is_an_error_until_the_index_is_rebuilt(index: Index) -> None:
    index.sync()
    with pytest.raises(IndexMismatchError, match=r"embeddings hash.*embeddings other.*--rebuild"):
        index.sync(embeddings=HashEmbeddings("other"))
    report = index.sync(rebuild=True, embeddings=HashEmbeddings("other"))
    assert counts(report) == (0, 0, 3, 0, 0)
    assert report.passages == 3
    assert index.sync(embeddings=HashEmbeddings("other")).nothing_done
    assert index.wrong() == []


def test_a_rebuild_brings_the_index_in_line_and_keeps_what_is_elsewhere(index: Index, tmp_path: Path) -> None:
    other = tmp_path / "other"
    index.write({"peru.md": "Peru.", "chile.md": "Chile."}, other)
    index.sync()
    index.sync(other / "peru.md", other / "chile.md")
    before, old = digest(index.corpus / "qatar.txt"), digest(other / "chile.md")
    index.write({"qatar.txt": "Changed."})
    (index.corpus / "morocco.md").unlink()
    (index.corpus / "2024/djibouti.md").write_bytes(b"\0" * 100)
    (other / "chile.md").unlink()
    report = index.sync(rebuild=True)
    assert counts(report) == (0, 1, 2, 1, 1)
    assert set(index.files()) == {"qatar.txt", "2024/djibouti.md", "peru.md", "chile.md"}
    assert index.wrong() == []
    with index.catalog() as catalog:
        earlier, gone = catalog.release("qatar", before), catalog.release("chile", old)
        assert earlier is not None
        assert "Qatar funds" in earlier.text
        assert gone is not None
        assert gone.text == "Chile."


@pytest.mark.parametrize("place", ["start", "middle", "all", "empty", "missing", "not a file of ours"])
def test_a_rebuild_recovers_from_a_damaged_catalog(index: Index, place: str) -> None:
    index.sync()
    catalog = index.data / FILE
    whole = catalog.read_bytes()
    noise = np.random.default_rng(0).bytes(len(whole))
    third = len(whole) // 3
    damaged = {
        "start": noise[:5000] + whole[5000:],
        "middle": whole[:third] + noise[:third] + whole[2 * third :],
        "all": noise,
        "empty": b"",
        "not a file of ours": b"a note\n",
    }
    if place == "missing":
        catalog.unlink()
    else:
        catalog.write_bytes(damaged[place])
    if place not in ("empty", "missing"):
        with pytest.raises(IndexDamagedError, match=r"python -m ingest --rebuild"):
            index.sync()
    report = index.sync(rebuild=True)
    assert report.releases == 3
    assert set(index.files()) == set(TEXTS)
    assert index.wrong() == []
    assert len(list((index.data / FOLDER).iterdir())) == 1
    aside = [file.read_bytes() for file in index.data.glob(f"{FILE}.damaged-1")]
    assert aside == ([] if place in ("empty", "missing") else [damaged[place]])
    assert index.sync().nothing_done


def test_a_rebuild_recovers_from_damaged_vectors(index: Index) -> None:
    index.sync()
    (file,) = index.data.glob(f"{FOLDER}/*/chroma.sqlite3")
    file.write_bytes(b"noise" * 10_000)
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        index.sync()
    index.sync(rebuild=True)
    assert index.wrong() == []


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: Index) -> None:
    index.sync()
    index.write({"new.md": "A new release."})
    with pytest.raises(EmbeddingsError):
        index.sync(rebuild=True, embeddings=Failing(after=0))
    assert set(index.files()) == set(TEXTS)
    assert index.wrong() == []
    index.sync()
    assert len(list((index.data / FOLDER).iterdir())) == 1
    assert sorted(file.name for file in index.data.iterdir()) == [FILE, FOLDER, "ingest.lock"]


class Failing(HashEmbeddings):
    """Raises `error` once `after` passages are embedded."""

    def __init__(self, after: int, error: BaseException | None = None) -> None:
        super().__init__()
        self._after = after
        self._error = error or EmbeddingsError("The model failed: try again.")

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        if self.embedded >= self._after:
            raise self._error
        return super().embed_passages(texts, spans)


@pytest.mark.parametrize("error", [EmbeddingsError("failed"), KeyboardInterrupt()])
def test_what_was_committed_before_a_failure_stays_and_the_rest_follows(
    index: Index, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "COMMITTED_PASSAGES", 1)
    monkeypatch.setattr(write, "EMBEDDED_PASSAGES", 1)
    with pytest.raises(type(error)):
        index.sync(embeddings=Failing(after=2, error=error))
    assert len(index.files()) == 2
    assert index.wrong() == []
    assert counts(index.sync()) == (1, 0, 2, 0, 0)
    assert index.wrong() == []


# Processes, servers, disks


def _in_process(index: Index, code: str) -> "subprocess.Popen[str]":
    """Python that has `settings` and the ingest at hand."""
    script = f"""
        import sys, time
        from pathlib import Path
        from bot.settings import Settings
        from ingest.lock import writing
        from ingest.sync import sync_settings
        from tests.fakes import HashEmbeddings
        settings = Settings(data_dir=Path({str(index.data)!r}), corpus_dir=Path({str(index.corpus)!r}))
    """
    whole = textwrap.dedent(script) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", whole], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


@pytest.fixture
def other_writer(index: Index) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the lock until it reads a line."""
    code = """
        with writing(settings.data_dir, 0):
            print("holding", flush=True)
            sys.stdin.readline()
    """
    with _in_process(index, code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_writes(index: Index, other_writer: "subprocess.Popen[str]") -> None:
    with pytest.raises(IndexBusyError, match=rf"Process {other_writer.pid} is writing"):
        index.sync()
    assert not (index.data / FILE).exists()


def test_a_second_writer_waits_for_the_first(index: Index, other_writer: "subprocess.Popen[str]") -> None:
    started = time.monotonic()
    release = threading.Timer(0.5, lambda: other_writer.communicate("go on\n"))
    release.start()
    report = sync_settings(index.settings(lock_seconds=30), embeddings=HashEmbeddings())
    assert time.monotonic() - started >= 0.5
    release.join()
    assert report.added == 3


def test_a_writer_that_was_killed_holds_no_lock(index: Index, other_writer: "subprocess.Popen[str]") -> None:
    other_writer.kill()
    other_writer.wait()
    assert index.sync().added == 3


def test_a_first_run_that_was_cut_short_is_not_taken_for_the_corpus(index: Index) -> None:
    code = """
        import os
        from bot.catalog import Catalog
        from ingest import write

        apply = Catalog.apply

        def apply_and_end(*arguments, **named):
            apply(*arguments, **named)
            os.kill(os.getpid(), 9)

        Catalog.apply = apply_and_end
        write.COMMITTED_PASSAGES = write.EMBEDDED_PASSAGES = 1
        sync_settings(settings, embeddings=HashEmbeddings())
    """
    with _in_process(index, code) as process:
        assert process.wait() == -9
    assert len(index.files()) == 1
    assert is_empty(index.settings())
    assert index.sync().added == 2
    assert not is_empty(index.settings())


def test_a_first_run_over_a_path_is_not_one_over_the_corpus(index: Index) -> None:
    index.sync(index.corpus)
    assert not is_empty(index.settings())
    assert not (index.data / MARK).exists()


def test_a_first_run_that_is_going_on_is_left_alone(index: Index) -> None:
    index.sync()
    (index.data / MARK).touch()
    assert is_empty(index.settings())
    with writing(index.data, 0):
        assert not is_empty(index.settings())


def test_a_reader_sees_what_another_process_ingested(index: Index) -> None:
    index.sync()
    question = HashEmbeddings().embed_query("Peru signed a treaty")
    with index.catalog() as catalog, index.vectors() as vectors:
        generation = catalog.generation
        assert len(vectors.query(catalog.collection or "", question, 9)) == 3
        index.write({"peru.md": "Peru signed a treaty"})
        code = "print(sync_settings(settings, embeddings=HashEmbeddings()).added)"
        assert _in_process(index, code).communicate()[0] == "1\n"
        assert catalog.generation > generation
        vectors.reopen()
        ((best, score), *rest) = vectors.query(catalog.collection or "", question, 9)
        assert catalog.passages([best])[0].text == "Peru signed a treaty"
        assert score == pytest.approx(1.0, abs=1e-5)
        assert len(rest) == 3
        code = "print(sync_settings(settings, rebuild=True, embeddings=HashEmbeddings()).releases)"
        assert _in_process(index, code).communicate()[0] == "4\n"
        vectors.reopen()
        assert vectors.query(catalog.collection or "", question, 1)[0][0] == best


def test_a_chroma_server_keeps_the_vectors_of_an_index(index: Index, tmp_path: Path) -> None:
    with chroma_server(tmp_path / "server") as url:
        index.url = url
        assert counts(index.sync()) == (3, 0, 0, 0, 0)
        assert not (index.data / FOLDER).exists()
        index.write({"qatar.txt": "Changed."})
        (index.corpus / "morocco.md").unlink()
        assert counts(index.sync()) == (0, 1, 1, 1, 0)
        assert index.wrong() == []
        assert index.sync(rebuild=True).releases == 2
        assert index.wrong() == []
        assert index.sync().nothing_done
    with pytest.raises(StorageError, match="COMMUNIQUE_CHROMA_URL"):
        index.sync()
    index.url = None  # without the server the vectors are made again in the data folder
    assert index.sync().restored == 2


@pytest.mark.parametrize("folder", ["a file", "/proc/none"])
def test_a_data_folder_that_cannot_be_written_is_named(index: Index, tmp_path: Path, folder: str) -> None:
    (tmp_path / "a file").write_text("in the way")
    index.data = tmp_path / folder
    with pytest.raises(StorageError, match="COMMUNIQUE_DATA_DIR"):
        index.sync()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_full_disk_is_named_and_leaves_the_index_as_it_was(
    index: Index, tmp_path: Path, rebuild: bool
) -> None:
    index.data = tmp_path / "small"
    index.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", index.data]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a small disk here")
    try:
        index.sync()
        index.write({f"r{number}.md": f"Release {number}. {'Many words. ' * 2000}" for number in range(200)})
        with pytest.raises(StorageError, match="free space"):
            index.sync(rebuild=rebuild)
        with index.catalog() as catalog:
            assert {"morocco", "qatar", "2024/djibouti"} <= {each.id for each in catalog.releases()}
            catalog.check()
        for number in range(200):
            (index.corpus / f"r{number}.md").unlink()
        subprocess.run(["mount", "-o", "remount,size=50m", index.data], check=True)
        index.sync()
        assert set(index.files()) == set(TEXTS)
        assert index.wrong() == []
    finally:
        subprocess.run(["umount", "-l", index.data], check=True)


def test_progress_grows_to_the_whole(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "COMMITTED_PASSAGES", 2)
    monkeypatch.setattr(write, "EMBEDDED_PASSAGES", 1)
    index.write({f"r{number}.md": f"Release {number}." for number in range(5)})
    told: list[Progress] = []
    index.sync(progress=told.append)
    assert [each.fraction for each in told] == sorted(each.fraction for each in told)
    assert [each.passages for each in told] == list(range(1, 9))
    assert told[-1] == Progress(done=8, total=8, passages=8, fraction=1.0, file=told[-1].file)
