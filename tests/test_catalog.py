"""The catalog: what goes in comes out, in any thread or process, and damage is told from emptiness."""

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import FILE, SCHEMA, Catalog, Entry, SentenceVectors, Stamp
from bot.domain import Definition, Passage, PublicationDate, Release, Run
from bot.errors import IndexBusyError, IndexDamagedError, IndexMismatchError, StorageError
from bot.store import database
from bot.store.database import set_aside

STAMP = Stamp("hash", "1")
COLLECTION = "communique-aaaa-bbbb"
SIZE = 40
"""Characters of a passage here."""


def entry_of(release_id: str, text: str, **changes: object) -> Entry:
    """A release of `text`, in passages of `SIZE` characters whose terms are their lower-case words."""
    revision = hashlib.sha256(text.encode()).hexdigest()
    release = Release(release_id, "/corpus", f"{release_id}.md", revision, text, "A title", "en")
    passages = [
        Passage(
            f"{release_id}@{revision[:12]}#{number}",
            release_id,
            revision,
            number,
            start,
            min(start + SIZE, len(text)),
            text[start : start + SIZE],
            "en",
        )
        for number, start in enumerate(range(0, len(text), SIZE))
    ]
    terms = {passage.id: passage.text.lower().split() for passage in passages}
    return replace(Entry(release, "mark", passages, (), terms), **changes)  # type: ignore[arg-type]


def put(catalog: Catalog, *entries: Entry, removed: Sequence[str] = ()) -> int:
    return catalog.apply(entries, removed, stamp=STAMP, collection=COLLECTION)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    with Catalog.open(path, create=True) as opened:
        yield opened


def test_a_new_catalog_is_empty_and_knows_nothing_of_who_built_it(catalog: Catalog) -> None:
    assert (catalog.generation, catalog.stamp, catalog.collection) == (0, None, None)
    assert catalog.releases() == []
    assert catalog.search(["anything"], 5) == []
    catalog.require(embeddings="any", splitter="any")


def test_every_commit_grows_the_generation_by_one(catalog: Catalog) -> None:
    assert put(catalog, entry_of("a", "one")) == 1
    assert put(catalog, entry_of("b", "two")) == 2
    assert put(catalog, removed=["a"]) == 3
    assert catalog.generation == 3
    assert catalog.stamp == STAMP
    assert catalog.collection == COLLECTION


@given(text=st.text(), title=st.text(max_size=20), words=st.text(max_size=20))
def test_a_release_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, text: str, title: str, words: str
) -> None:
    entry = entry_of("folder/ü/a", text)
    release = replace(
        entry.release,
        title=title,
        published=PublicationDate(date(2024, 6, 24), "derived", words),
        place="Rabat",
        issuer=None,
        origin=(Run(0, 3, len(text)), Run(len(text), 2**40, 1)),
        member="ü/a",
        pages=(0, 0, len(text), 2**40),
    )
    with Catalog.open(tmp_path_factory.mktemp("catalog") / FILE, create=True) as catalog:
        put(catalog, replace(entry, release=release))
        assert catalog.release("folder/ü/a") == release
        assert catalog.passages_of("folder/ü/a") == entry.passages
        assert "".join(passage.text for passage in entry.passages) == text


def test_containers_are_remembered_until_others_take_their_place_and_move_with_their_root(
    catalog: Catalog,
) -> None:
    catalog.keep_containers({("/corpus", "a.zip"): "1", ("/corpus", "b.zip"): "2"})
    catalog.keep_containers({("/corpus", "b.zip"): "3"})
    catalog.move_root("/corpus", "/elsewhere")
    assert catalog.containers() == {("/elsewhere", "b.zip"): "3"}


def test_a_summary_holds_everything_but_the_text(catalog: Catalog) -> None:
    entry = entry_of("a", "x" * 123)
    published = PublicationDate(date(2024, 6, 24), "not before", "on 24 June")
    put(catalog, replace(entry, release=replace(entry.release, published=published, issuer="UNOCT")))
    (summary,) = catalog.releases()
    assert (summary.id, summary.root, summary.file) == ("a", "/corpus", "a.md")
    assert (summary.revision, summary.fingerprint) == (entry.release.revision, "mark")
    assert (summary.title, summary.language, summary.issuer, summary.place) == (
        "A title",
        "en",
        "UNOCT",
        None,
    )
    assert summary.published == published
    assert summary.date is None
    assert summary.characters == 123


def test_a_changed_release_keeps_the_text_of_its_earlier_revision(catalog: Catalog) -> None:
    first, second = entry_of("a", "It was 10 people."), entry_of("a", "It was 11 people.")
    put(catalog, first)
    put(catalog, second)
    assert catalog.release("a") == second.release
    assert catalog.release("a", first.release.revision) == first.release
    assert catalog.passages([first.passages[0].id]) == []
    assert [summary.revision for summary in catalog.releases()] == [second.release.revision]
    assert catalog.search(["10"], 5) == []


def test_a_removed_release_leaves_with_all_its_revisions(catalog: Catalog) -> None:
    first, second, other = (
        entry_of("a", "alpha one"),
        entry_of("a", "alpha two"),
        entry_of("b", "alpha three"),
    )
    put(catalog, first, other)
    put(catalog, second)
    put(catalog, removed=["a", "never there"])
    assert catalog.release("a") is None
    assert catalog.release("a", first.release.revision) is None
    assert [found for found, _ in catalog.search(["alpha"], 5)] == [other.passages[0].id]
    assert catalog.passage_ids() == {other.passages[0].id}


def test_the_same_revision_described_anew_replaces_what_was_there(catalog: Catalog) -> None:
    entry = entry_of("a", "some words")
    put(catalog, entry)
    assert catalog.release("a") == entry.release
    renamed = replace(entry, release=replace(entry.release, title="From the manifest"), fingerprint="other")
    put(catalog, renamed)
    assert catalog.release("a") == renamed.release
    assert [summary.fingerprint for summary in catalog.releases()] == ["other"]


def test_passages_come_in_the_order_asked_and_unknown_ids_are_left_out(catalog: Catalog) -> None:
    entry = entry_of("a", "x" * SIZE * 3)
    put(catalog, entry)
    ids = [passage.id for passage in entry.passages]
    found = catalog.passages([ids[2], "no such", ids[0], "\ud800", ids[2]])
    assert [passage.id for passage in found] == [ids[2], ids[0], ids[2]]


def test_neighbours_stay_within_the_release(catalog: Catalog) -> None:
    entry = entry_of("a", "x" * SIZE * 5)
    put(catalog, entry, entry_of("b", "y" * SIZE * 5))
    numbers = [each.number for each in catalog.neighbours(entry.passages[1], 3, 2)]
    assert numbers == [0, 1, 2, 3]
    assert {each.release_id for each in catalog.neighbours(entry.passages[1], 9, 9)} == {"a"}


def test_definitions_are_the_same_tuple_until_the_index_changes(catalog: Catalog) -> None:
    definition = Definition("MoU", "Memorandum of Understanding", "a", 4, 38)
    put(catalog, entry_of("a", "x", definitions=[definition]), entry_of("b", "y"))
    assert catalog.definitions() == (definition,)
    assert catalog.definitions() is catalog.definitions()
    put(catalog, entry_of("a", "z"))
    assert catalog.definitions() == ()


def test_sentence_vectors_come_back_with_their_spans(catalog: Catalog) -> None:
    entry = entry_of("a", "One. Two.")
    passage_id = entry.passages[0].id
    vectors = np.random.default_rng(0).normal(size=(2, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    put(catalog, replace(entry, sentences={passage_id: SentenceVectors([(0, 4), (5, 9)], vectors)}))
    found = catalog.sentence_vectors([passage_id, "no such"])
    assert set(found) == {passage_id}
    assert found[passage_id].spans == [(0, 4), (5, 9)]
    assert found[passage_id].vectors.dtype == np.float32
    assert np.abs(found[passage_id].vectors - vectors).max() < 0.001


def test_boilerplate_is_kept_but_never_found(catalog: Catalog) -> None:
    entry = entry_of("a", "Previous Post Next Post")
    hidden = replace(entry.passages[0], kind="boilerplate")
    put(catalog, replace(entry, passages=[hidden], terms={}), entry_of("b", "A post of honour"))
    assert catalog.passages_of("a") == [hidden]
    assert catalog.passage_count == 1
    assert hidden.id not in catalog.passage_ids()
    assert [found[0] for found in catalog.search(["post"], 5)] == [
        entry_of("b", "A post of honour").passages[0].id
    ]


# Full text


def test_a_rare_term_weighs_more_and_scores_are_positive(catalog: Catalog) -> None:
    put(catalog, *(entry_of(f"f{number}", "fund and fund again") for number in range(20)))
    put(catalog, entry_of("rare", "djibouti"), entry_of("both", "djibouti fund"))
    found = catalog.search(["fund", "djibouti"], 30)
    assert {passage_id.split("@")[0] for passage_id, _ in found[:2]} == {"rare", "both"}
    assert all(score > 0 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(catalog.search(["fund"], 3)) == 3


def test_a_word_of_the_title_finds_the_passages_below_those_that_say_it(catalog: Catalog) -> None:
    put(
        catalog,
        entry_of("title", "something else", title_terms=["rabat"]),
        entry_of("text", "in rabat today"),
    )
    put(catalog, *(entry_of(f"f{number}", "filler words here") for number in range(5)))
    assert [found.split("@")[0] for found, _ in catalog.search(["rabat"], 5)] == ["text", "title"]


@pytest.mark.parametrize(
    "term",
    [
        *('"', '""', '" OR *', "NEAR(", "a*", "-a", "^a", "terms:a", "a AND", "(", ")", "'", "+", "a:b"),
        *("{a b}", "%", "\n", "", " ", "💥", "\0", "a\0b", "\ud800", "a" * 100_000),
    ],
)
def test_no_term_is_taken_for_syntax(catalog: Catalog, term: str) -> None:
    put(catalog, entry_of("a", "the word stands here"))
    (found,) = catalog.search([term, "stands"], 5)
    assert found[0].startswith("a@")
    assert catalog.search([term], 5) in ([], [found])
    assert catalog.document_frequency([term, "stands"])["stands"] == 1


def test_terms_of_any_script_are_found(catalog: Catalog) -> None:
    words = ["en_co_fund", "djibouti", "2178", "безопасность", "الإرهاب", "हिन्दी", "反恐", "ไทย"]
    put(catalog, *(entry_of(f"r{number}", word) for number, word in enumerate(words)))
    for number, word in enumerate(words):
        assert [found.split("@")[0] for found, _ in catalog.search([word], 9)] == [f"r{number}"]
        assert catalog.document_frequency([word]) == {word: 1}


def test_terms_that_too_many_passages_hold_are_left_out_of_a_search(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, *(entry_of(f"r{number}", "common rare" if number == 3 else "common") for number in range(6)))
    assert len(catalog.search(["common", "rare"], 10)) == 6
    monkeypatch.setattr("bot.catalog.SEARCHED_PASSAGES", 5)
    assert [found for found, _ in catalog.search(["common", "rare"], 10)] == [
        passage.id for passage in catalog.passages_of("r3")
    ]
    assert len(catalog.search(["common"], 10)) == 6


def test_ten_thousand_terms_are_searched_by_the_rarest(catalog: Catalog) -> None:
    put(catalog, *(entry_of(f"f{number}", "common words everywhere") for number in range(200)))
    put(catalog, entry_of("rare", "needle"))
    terms = ["common", "words", "everywhere", *(f"absent{number}" for number in range(10_000)), "needle"]
    assert catalog.search(terms, 1)[0][0].startswith("rare@")


def test_document_frequency_counts_passages_and_not_titles(catalog: Catalog) -> None:
    put(catalog, entry_of("a", "fund fund", title_terms=["title"]), entry_of("b", "fund"))
    assert catalog.document_frequency(["fund", "title", "absent", "fund"]) == {
        "fund": 2,
        "title": 0,
        "absent": 0,
    }


# All or nothing


def test_a_commit_that_fails_leaves_everything_as_it_was(catalog: Catalog) -> None:
    put(catalog, entry_of("a", "first"))
    broken = replace(entry_of("b", "x").release, title="\ud800")
    with pytest.raises(UnicodeEncodeError):
        put(catalog, entry_of("c", "second"), replace(entry_of("b", "x"), release=broken), removed=["a"])
    assert catalog.generation == 1
    assert [summary.id for summary in catalog.releases()] == ["a"]
    assert put(catalog, entry_of("c", "second")) == 2


def test_a_rebuilt_catalog_takes_the_place_of_the_old_and_keeps_earlier_revisions(
    catalog: Catalog, tmp_path: Path
) -> None:
    first, second = entry_of("a", "one alpha"), entry_of("a", "two alpha")
    put(catalog, first, entry_of("gone", "three alpha"))
    put(catalog, second)
    with Catalog.open(tmp_path / "staged.sqlite", create=True) as staged:
        put(staged, second, entry_of("new", "four alpha"))
    generation = catalog.replace_all(
        tmp_path / "staged.sqlite", stamp=Stamp("other", "2"), collection="c-d-e"
    )
    assert generation == catalog.generation == 3
    assert (catalog.stamp, catalog.collection) == (Stamp("other", "2"), "c-d-e")
    assert [summary.id for summary in catalog.releases()] == ["a", "new"]
    assert catalog.release("a", first.release.revision) == first.release
    assert catalog.release("a") == second.release
    assert catalog.release("gone") is None
    assert {found.split("@")[0] for found, _ in catalog.search(["alpha"], 9)} == {"a", "new"}
    catalog.check()


def test_a_rebuild_that_fails_leaves_everything_as_it_was(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, entry_of("a", "alpha"))
    (tmp_path / "staged.sqlite").touch()
    with pytest.raises(IndexDamagedError):
        catalog.replace_all(tmp_path / "staged.sqlite", stamp=STAMP, collection="c-d-e")
    assert (catalog.generation, catalog.collection) == (1, COLLECTION)
    assert len(catalog.search(["alpha"], 5)) == 1
    assert put(catalog, entry_of("b", "beta")) == 2


# Threads and processes


def test_threads_read_one_generation_while_another_writes(catalog: Catalog) -> None:
    put(catalog, *(entry_of(f"r{number}", "version 0") for number in range(10)))
    mixed: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            with catalog.snapshot():
                generation = catalog.generation
                texts = {catalog.release(f"r{number}").text for number in range(10)}  # type: ignore[union-attr]
                if texts != {f"version {generation - 1}"}:
                    mixed.append((generation, texts))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for version in range(1, 30):
        put(catalog, *(entry_of(f"r{number}", f"version {version}") for number in range(10)))
    stop.set()
    for reader in readers:
        reader.join()
    assert mixed == []


def test_a_catalog_that_another_process_locks_is_busy(
    catalog: Catalog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, entry_of("a", "alpha"))
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        with Catalog.open(path, create=False) as second:
            assert second.generation == 1  # readers are not blocked
            with pytest.raises(IndexBusyError, match="another process"):
                put(second, entry_of("b", "beta"))
    finally:
        blocker.close()
    assert put(catalog, entry_of("b", "beta")) == 2


def test_a_reader_follows_when_another_file_takes_the_place(catalog: Catalog, path: Path) -> None:
    put(catalog, entry_of("a", "old"))
    assert catalog.release("a").text == "old"  # type: ignore[union-attr]
    assert set_aside(path).name == f"{FILE}.damaged-1"
    with pytest.raises(IndexDamagedError, match="no catalog"):
        catalog.releases()
    with Catalog.open(path, create=True) as another:
        put(another, entry_of("a", "new"))
    assert catalog.release("a").text == "new"  # type: ignore[union-attr]


def test_what_is_set_aside_never_replaces_what_was_set_aside_before(path: Path) -> None:
    for number in (1, 2):
        path.write_text(str(number))
        assert set_aside(path).read_text() == str(number)
    assert not path.exists()


# What is not a catalog


def test_a_missing_catalog_says_how_to_make_one_and_is_not_made(path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="python -m ingest"):
        Catalog.open(path, create=False)
    assert not path.exists()


def _other_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x)")
    connection.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(os.urandom(5000)),
        lambda path: path.write_text("a note\n"),
        _other_program,
    ],
    ids=["noise", "text", "another program's"],
)
@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_catalog_is_named_and_left_alone(
    path: Path, make: Callable[[Path], None], create: bool
) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(IndexDamagedError, match=f"{FILE}.*--rebuild"):
        Catalog.open(path, create=create)
    assert path.read_bytes() == before


def test_another_schema_is_a_mismatch_that_names_both(catalog: Catalog, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 77")
    connection.close()
    with pytest.raises(IndexMismatchError, match=rf"schema 77.*schema {SCHEMA}.*--rebuild"):
        Catalog.open(path, create=False)


@pytest.mark.parametrize(("embeddings", "splitter"), [("other", "1"), ("other", None), ("hash", "2")])
def test_another_builder_is_a_mismatch_that_names_both(
    catalog: Catalog, embeddings: str, splitter: str | None
) -> None:
    put(catalog, entry_of("a", "alpha"))
    catalog.require(embeddings="hash", splitter="1")
    catalog.require(embeddings="hash")
    with pytest.raises(IndexMismatchError, match=r"hash.*--rebuild") as raised:
        catalog.require(embeddings=embeddings, splitter=splitter)
    assert f"embeddings {embeddings}, splitter {splitter or '1'}" in str(raised.value)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a catalog of some hundred pages."""
    path = tmp_path_factory.mktemp("filled") / FILE
    words = random.Random(0).choices([f"word{number}" for number in range(2000)], k=30_000)
    vectors = np.ones((2, 384), np.float32)
    entries = []
    for number in range(100):
        entry = entry_of(f"r{number}", " ".join(words[number * 300 :][:300]))
        found = {each.id: SentenceVectors([(0, 1), (1, 2)], vectors) for each in entry.passages}
        definitions = [Definition("ABC", "a b c", entry.release.id, 0, 3)]
        entries.append(replace(entry, sentences=found, definitions=definitions))
    with Catalog.open(path, create=True) as catalog:
        put(catalog, *entries)
    return path.read_bytes()


ASKED: list[Callable[[Catalog], object]] = [
    lambda catalog: catalog.releases(),
    lambda catalog: [catalog.release(f"r{number}") for number in range(100)],
    lambda catalog: [catalog.passages_of(f"r{number}") for number in range(100)],
    lambda catalog: catalog.sentence_vectors(sorted(catalog.passage_ids())),
    lambda catalog: catalog.passages(sorted(catalog.passage_ids())),
    lambda catalog: catalog.search([f"word{number}" for number in range(50)], 100),
    lambda catalog: catalog.document_frequency([f"word{number}" for number in range(2000)]),
    lambda catalog: catalog.definitions(),
    lambda catalog: catalog.passage_count,
    lambda catalog: catalog.stamp,
    lambda catalog: put(catalog, entry_of("r5", "changed"), removed=["r6"]),
]
"""Everything that can be asked of a catalog."""


def _check(path: Path) -> None:
    with Catalog.open(path, create=False) as catalog:
        catalog.check()


@pytest.mark.parametrize("part", range(12))
def test_damage_anywhere_is_found_and_never_anything_but_our_error(
    path: Path, filled: bytes, part: int
) -> None:
    size = len(filled) // 12
    noise = random.Random(part).randbytes(size)
    path.write_bytes(filled[: part * size] + noise + filled[(part + 1) * size :])
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        _check(path)
    for ask in ASKED:
        # What does not touch the damage is answered; anything raised but our error fails the test.
        with suppress(IndexDamagedError), Catalog.open(path, create=False) as catalog:
            ask(catalog)


@pytest.mark.parametrize("ask", ASKED[:5])
def test_a_file_that_was_cut_short_is_damaged(
    path: Path, filled: bytes, ask: Callable[[Catalog], object]
) -> None:
    path.write_bytes(filled[: len(filled) // 4])
    with pytest.raises(IndexDamagedError, match="--rebuild"), Catalog.open(path, create=False) as catalog:
        ask(catalog)


def test_a_text_that_was_altered_is_damage_and_not_a_quote(catalog: Catalog, path: Path) -> None:
    put(catalog, entry_of("a", "It was 10 people."))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE revisions SET text = replace(text, '10', '19')")
    connection.commit()
    connection.close()
    with pytest.raises(IndexDamagedError, match="not what was stored"):
        catalog.release("a")


# Folders and disks


@pytest.mark.parametrize("folder", ["a file", "/proc/none"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a file").write_text("in the way")
    with pytest.raises(StorageError, match="COMMUNIQUE_DATA_DIR"):
        Catalog.open(tmp_path / folder / FILE, create=True)


def test_a_full_disk_is_named_and_leaves_the_catalog_whole(catalog: Catalog, path: Path) -> None:
    put(catalog, entry_of("a", "alpha"))
    script = f"""
        import resource, signal
        from tests.test_catalog import Catalog, Path, StorageError, entry_of, put
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        with Catalog.open(Path({str(path)!r}), create=False) as catalog:
            try:
                put(catalog, entry_of("b", "x" * 3_000_000), removed=["a"])
            except StorageError as error:
                print("StorageError", error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "StorageError" in done.stdout
    assert "free space" in done.stdout
    assert [summary.id for summary in catalog.releases()] == ["a"]
    catalog.check()


def test_items_have_vectors_too_also_after_a_rebuild(catalog: Catalog, tmp_path: Path) -> None:
    entry = entry_of("a", "Two items stand here")
    (passage,) = entry.passages
    put(catalog, replace(entry, items={passage.id: 2}), entry_of("b", "No item"))
    assert catalog.vector_ids() - catalog.passage_ids() == {f"{passage.id}.0", f"{passage.id}.1"}
    with Catalog.open(tmp_path / "staged.sqlite", create=True) as staged:
        put(staged, replace(entry, items={passage.id: 1}))
    catalog.replace_all(tmp_path / "staged.sqlite", stamp=STAMP, collection=COLLECTION)
    assert catalog.vector_ids() == {passage.id, f"{passage.id}.0"}
