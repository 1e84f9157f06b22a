"""The vector store, embedded and as a server: the same promises in both."""

import os
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import IndexDamagedError, SettingsError, StorageError
from bot.vectors import BATCH, FOLDER, Vectors, new_collection
from tests.chroma_server import chroma_server

NAME = new_collection(None)


def directions(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Random unit vectors, (count, 384)."""
    vectors = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(params=["embedded", "server"])
def url(request: pytest.FixtureRequest) -> str | None:
    return str(request.getfixturevalue("server")) if request.param == "server" else None


@pytest.fixture
def vectors(tmp_path: Path, url: str | None) -> Iterator[Vectors]:
    with Vectors.open(tmp_path, url) as opened:
        opened.create(NAME)
        yield opened
        opened.drop_other_collections(new_collection(NAME))


def test_the_nearest_comes_first_with_its_cosine(vectors: Vectors) -> None:
    stored = directions(50)
    vectors.upsert(NAME, [f"a/b@c#{number}" for number in range(50)], stored)
    found = vectors.query(NAME, stored[7], 5)
    assert found[0] == ("a/b@c#7", pytest.approx(1.0, abs=1e-5))
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    for passage_id, score in found:
        number = int(passage_id.split("#")[1])
        assert score == pytest.approx(float(stored[number] @ stored[7]), abs=1e-5)


@pytest.mark.slow
def test_more_vectors_than_chroma_takes_at_once_go_in_and_out(vectors: Vectors) -> None:
    ids, stored = [f"id{number}" for number in range(6000)], directions(6000)[:, :16]
    vectors.upsert(NAME, ids, stored)
    assert sorted(vectors.ids(NAME)) == sorted(ids)
    assert len(vectors.stored(NAME, ids)[0]) == 6000
    assert vectors.query(NAME, stored[5999], 1)[0][0] == "id5999"
    vectors.delete(NAME, ids[:5500])
    assert sorted(vectors.ids(NAME)) == ids[5500:]


def test_a_limit_beyond_what_is_stored_gives_all_and_none_gives_none(vectors: Vectors) -> None:
    assert vectors.query(NAME, directions(1)[0], 5) == []
    vectors.upsert(NAME, ["a", "b"], directions(2))
    assert len(vectors.query(NAME, directions(1)[0].tolist(), 100)) == 2
    assert vectors.query(NAME, directions(1)[0], 0) == []


def test_the_cosines_of_given_ids_are_those_of_a_search(vectors: Vectors) -> None:
    stored = directions(20)
    vectors.upsert(NAME, [f"id{number}" for number in range(20)], stored)
    wanted = directions(1, seed=1)[0]
    found = vectors.similarities(NAME, ["id3", "never there", "id11"], 2 * wanted)
    assert found == {
        f"id{number}": pytest.approx(float(stored[number] @ wanted), abs=1e-5) for number in (3, 11)
    }
    assert vectors.similarities(NAME, [], wanted) == {}
    assert vectors.similarities(NAME, ["never there"], wanted) == {}


def test_an_id_has_one_vector_the_last_one(vectors: Vectors) -> None:
    first, second = directions(2)
    vectors.upsert(NAME, ["a"], first[None])
    vectors.upsert(NAME, ["a"], second[None])
    assert vectors.ids(NAME) == ["a"]
    assert vectors.query(NAME, second, 1)[0][1] == pytest.approx(1.0, abs=1e-5)


def test_what_is_deleted_is_gone_and_unknown_ids_are_ignored(vectors: Vectors) -> None:
    vectors.upsert(NAME, ["a", "b"], directions(2))
    vectors.delete(NAME, ["a", "never there"])
    vectors.delete(NAME, [])
    assert vectors.ids(NAME) == ["b"]


def test_more_than_a_batch_is_stored_and_deleted_whole(vectors: Vectors) -> None:
    count = 2 * BATCH + 7
    ids = [f"id{number}" for number in range(count)]
    vectors.upsert(NAME, ids, directions(count))
    assert sorted(vectors.ids(NAME)) == sorted(ids)
    vectors.check(NAME)
    vectors.delete(NAME, ids[5:])
    assert sorted(vectors.ids(NAME)) == ids[:5]


def test_making_a_collection_twice_keeps_what_is_in_it(vectors: Vectors) -> None:
    vectors.upsert(NAME, ["a"], directions(1))
    vectors.create(NAME)
    assert vectors.ids(NAME) == ["a"]


def test_a_collection_that_is_missing_says_how_to_build_it(vectors: Vectors) -> None:
    with pytest.raises(IndexDamagedError, match=r"missing.*--rebuild"):
        vectors.query(new_collection(NAME), directions(1)[0], 3)


def test_only_the_collection_that_is_kept_stays(vectors: Vectors) -> None:
    newer = new_collection(NAME)
    vectors.create(newer)
    vectors.upsert(newer, ["a"], directions(1))
    vectors.drop_other_collections(newer)
    assert vectors.ids(newer) == ["a"]
    with pytest.raises(IndexDamagedError):
        vectors.ids(NAME)


def test_another_index_on_the_same_server_is_left_alone(tmp_path: Path, server: str) -> None:
    ours, theirs = new_collection(None), new_collection(None)
    with Vectors.open(tmp_path, server) as vectors:
        vectors.create(ours)
        vectors.create(theirs)
        vectors.upsert(theirs, ["a"], directions(1))
        vectors.drop_other_collections(new_collection(ours))
        vectors.drop_other_collections(None)
        assert vectors.ids(theirs) == ["a"]
        with pytest.raises(IndexDamagedError):
            vectors.ids(ours)


def test_dropping_a_collection_frees_its_disk(tmp_path: Path) -> None:
    with Vectors.open(tmp_path) as vectors:
        vectors.create(NAME)
        vectors.upsert(NAME, ["a"], directions(1))
        vectors.drop_other_collections(None)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_reader_sees_what_another_process_wrote_once_it_reopens(
    vectors: Vectors, tmp_path: Path, url: str
) -> None:
    vectors.upsert(NAME, ["first"], directions(1))
    assert len(vectors.query(NAME, directions(1)[0], 9)) == 1
    script = f"""
        from pathlib import Path
        from bot.vectors import Vectors
        from tests.test_vectors import directions
        with Vectors.open(Path({str(tmp_path)!r}), {url!r}) as vectors:
            vectors.upsert({NAME!r}, ["second", "third"], directions(2, seed=9))
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, timeout=60)
    vectors.reopen()
    assert {found for found, _ in vectors.query(NAME, directions(1)[0], 9)} == {"first", "second", "third"}


def test_threads_query_while_another_reopens(tmp_path: Path) -> None:
    stored, wrong = directions(200), []
    with Vectors.open(tmp_path) as vectors:
        vectors.create(NAME)
        vectors.upsert(NAME, [str(number) for number in range(200)], stored)
        stop = threading.Event()

        def ask(number: int) -> None:
            while not stop.is_set():
                try:
                    found = vectors.query(NAME, stored[number], 1)[0][0]
                except BaseException as error:
                    wrong.append(error)
                    raise
                if found != str(number):
                    wrong.append(found)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(6):
            vectors.reopen()
            vectors.query(NAME, stored[0], 1)
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_reopening_keeps_no_file_open(tmp_path: Path) -> None:
    with Vectors.open(tmp_path) as vectors:
        vectors.create(NAME)
        vectors.upsert(NAME, ["a"], directions(1))
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(20):
            vectors.reopen()
            vectors.query(NAME, directions(1)[0], 1)
        assert len(list(Path("/proc/self/fd").iterdir())) < before + 10


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with Vectors.open(tmp_path, "http://127.0.0.1:1") as vectors:
        for ask in (
            lambda: vectors.query(NAME, directions(1)[0], 3),
            lambda: vectors.create(NAME),
            lambda: vectors.drop_other_collections(NAME),
        ):
            with pytest.raises(StorageError, match=r"http://127\.0\.0\.1:1.*COMMUNIQUE_CHROMA_URL"):
                ask()


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "http://", "localhost:8000", "nonsense", " ", "http://[::1", "http://a:x"]
)
def test_what_is_no_address_is_refused_before_anything_is_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="http://host:8000"):
        Vectors.open(tmp_path, url)


def test_a_server_that_stops_is_named(tmp_path: Path) -> None:
    with Vectors.open(tmp_path) as embedded:  # nothing of the server's is mixed up with what is here
        embedded.create(NAME)
    with chroma_server(tmp_path / "server") as url:
        vectors = Vectors.open(tmp_path, url)
        vectors.create(NAME)
        vectors.upsert(NAME, ["a"], directions(1))
    with vectors, pytest.raises(StorageError, match="does not answer"):
        vectors.query(NAME, directions(1)[0], 1)


def test_a_damaged_database_says_how_to_rebuild(tmp_path: Path) -> None:
    with Vectors.open(tmp_path) as vectors:
        vectors.create(NAME)
        vectors.upsert(NAME, [str(number) for number in range(300)], directions(300))
    file = tmp_path / FOLDER / NAME / "chroma.sqlite3"
    whole = file.read_bytes()
    for damaged in (
        os.urandom(len(whole)),
        whole[: len(whole) // 2],
        whole[:4096] + os.urandom(len(whole) - 4096),
    ):
        file.write_bytes(damaged)
        with Vectors.open(tmp_path) as vectors:
            with pytest.raises(IndexDamagedError, match="--rebuild"):
                vectors.query(NAME, directions(1)[0], 3)
            vectors.create(new_collection(NAME))  # a rebuild beside it works


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    with Vectors.open(tmp_path) as vectors, pytest.raises(StorageError, match="cannot be written"):
        vectors.create(NAME)


def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("may not mount a small disk here")
    try:
        with Vectors.open(small) as vectors:
            vectors.create(NAME)
            vectors.upsert(NAME, ["first"], directions(1))
            with pytest.raises(StorageError, match="free space"):
                vectors.upsert(NAME, [str(number) for number in range(3000)], directions(3000))
        shutil.copytree(small / FOLDER, tmp_path / FOLDER)
        with Vectors.open(tmp_path) as vectors:
            assert "first" in vectors.ids(NAME)
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def test_nothing_is_imported_or_made_before_the_first_use(tmp_path: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        from bot.vectors import Vectors
        with Vectors.open(Path({str(tmp_path)!r})):
            print("chromadb" in sys.modules or "numpy" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "False\n"
    assert list(tmp_path.iterdir()) == []
