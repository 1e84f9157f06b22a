"""Versions of a release are found while they are ingested, ranked once, and kept for what was quoted from them."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.chain import Bot
from bot.e5 import EmbeddedE5
from bot.settings import Settings
from bot.vectors import Vectors
from bot.verify import check
from ingest.sync import Report, sync_settings, verify_index
from tests.ingest.indexed import Index

TRANSLATIONS = Path(__file__).with_name("translations")
DJIBOUTI = "2023-06-23-unoct-djibouti-ct-travel-agreement"


class Corpus:
    """A copy of the project's corpus that changes, with its index and a bot that stays open meanwhile."""

    def __init__(self, folder: Path, corpus: Path, index: Path, embeddings: EmbeddedE5) -> None:
        self.folder = folder / "corpus"
        shutil.copytree(corpus, self.folder)
        shutil.copytree(index, folder / "data", symlinks=True)
        self.settings = Settings(data_dir=folder / "data", corpus_dir=self.folder)
        self._embeddings = embeddings
        self.sync()
        self.bot = Bot(self.settings)

    def sync(self) -> Report:
        return sync_settings(self.settings, embeddings=self._embeddings)

    @property
    def catalog(self) -> Catalog:
        return self.bot.catalog

    def items(self) -> set[frozenset[str]]:
        """The releases that tell the same."""
        versions = self.catalog.versions()
        return {
            frozenset(each.release_id for each in versions.values() if each.item == item)
            for item in {version.item for version in versions.values()}
        }

    def rewrite(self, old: str, new: str, *changes: tuple[str, str]) -> None:
        """Write the file `old` as `new`, with some words exchanged."""
        text = (self.folder / f"{old}.txt").read_text("utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        (self.folder / f"{new}.txt").write_text(text, "utf-8")


@pytest.fixture(scope="module")
def embeddings(model_cache: Path) -> EmbeddedE5:
    return EmbeddedE5(model_cache)


@pytest.fixture
def corpus(tmp_path: Path, corpus_dir: Path, corpus_index: Path, embeddings: EmbeddedE5) -> Iterator[Corpus]:
    made = Corpus(tmp_path, corpus_dir, corpus_index, embeddings)
    with closing(made.bot):
        yield made


def test_nothing_is_paired_in_the_projects_own_corpus(corpus: Corpus) -> None:
    assert corpus.catalog.versions() == {}


@pytest.mark.slow
def test_each_release_is_paired_with_its_translation_and_with_no_other(corpus: Corpus) -> None:
    for file in TRANSLATIONS.glob("*.txt"):
        shutil.copy(file, corpus.folder)
    corpus.sync()
    originals = {file.name.removesuffix(".txt") for file in TRANSLATIONS.glob("*.txt")}
    assert corpus.items() == {frozenset({name[:-3], name}) for name in originals}
    assert all(each.superseded_by is None for each in corpus.catalog.versions().values())
    asked = {
        "en": "How many Member States does CT Travel assist?",
        "fr": "Combien d'États Membres le Programme CT Travel aide-t-il ?",
    }
    for language, question in asked.items():
        found = corpus.bot.search(question)
        told = corpus.catalog.counterparts([item.passage.id for item in found])
        twice = {item.passage.id for item in found} & {id_ for ids in told.values() for id_ in ids}
        assert not twice
        answer = corpus.bot.ask(question)
        assert [citation.language for citation in answer.citations] == [language]
        assert "66" in answer.citations[0].quote
    with_twins = {item.passage.release_id for item in corpus.bot.search(asked["fr"])}
    assert f"{DJIBOUTI}.fr" in with_twins


def test_a_corrected_release_answers_and_the_older_can_be_cited_for_ever(corpus: Corpus) -> None:
    question = "How many Member States does CT Travel assist?"
    (before,) = corpus.bot.ask(question).citations
    corpus.rewrite(DJIBOUTI, f"{DJIBOUTI}-corrected", ("66 beneficiary", "68 beneficiary"))
    corpus.sync()
    for removed in (False, True):
        if removed:
            (corpus.folder / f"{DJIBOUTI}.txt").unlink()
            assert corpus.sync().removed == 1
        assert {item.passage.release_id for item in corpus.bot.search(question)}.isdisjoint({DJIBOUTI})
        (after,) = corpus.bot.ask(question).citations
        assert "68 beneficiary" in after.quote
        assert after.release_id == f"{DJIBOUTI}-corrected"
        cited = corpus.catalog.release(before.release_id, before.revision)
        assert cited
        assert check(before, cited)
        successor = corpus.catalog.successor(cited)
        assert successor
        assert successor.id == after.release_id
    with closing(Bot(corpus.settings)) as other:
        assert other.catalog.release(before.release_id, before.revision) == cited


def test_a_file_that_changed_is_superseded_by_itself(corpus: Corpus) -> None:
    question = "How many Member States does CT Travel assist?"
    (before,) = corpus.bot.ask(question).citations
    corpus.rewrite(DJIBOUTI, DJIBOUTI, ("66 beneficiary", "68 beneficiary"))
    corpus.sync()
    cited = corpus.catalog.release(before.release_id, before.revision)
    assert cited
    assert check(before, cited)
    successor = corpus.catalog.successor(cited)
    assert successor
    assert (successor.id, "68 beneficiary" in successor.text) == (DJIBOUTI, True)


def test_a_renamed_file_keeps_what_was_quoted_from_it(corpus: Corpus) -> None:
    (corpus.folder / f"{DJIBOUTI}.txt").rename(corpus.folder / "renamed.txt")
    corpus.sync()
    old = corpus.catalog.release(DJIBOUTI)
    assert old
    successor = corpus.catalog.successor(old)
    assert successor
    assert (successor.id, successor.text) == ("renamed", old.text)


def test_the_same_text_twice_takes_one_place(corpus: Corpus) -> None:
    shutil.copy(corpus.folder / f"{DJIBOUTI}.txt", corpus.folder / "copy.txt")
    corpus.sync()
    assert corpus.items() == {frozenset({DJIBOUTI, "copy"})}
    found = corpus.bot.search("Who funds CT Travel?")
    assert len({item.passage.text for item in found}) == len(found)
    with Vectors.open(corpus.settings.data_dir) as vectors:
        assert verify_index(corpus.catalog, vectors) == []


def test_versions_are_found_again_by_a_rebuild_and_what_departed_stays(
    tmp_path: Path, corpus_dir: Path
) -> None:
    index = Index(tmp_path)
    shutil.copytree(corpus_dir, index.corpus)
    text = (index.corpus / f"{DJIBOUTI}.txt").read_text("utf-8")
    index.write({"copy.txt": text, "corrected.txt": text.replace("66 beneficiary", "68 beneficiary")})
    index.sync()
    (index.corpus / f"{DJIBOUTI}.txt").unlink()
    index.sync()
    expected = {DJIBOUTI: "corrected", "copy": "corrected", "corrected": None}
    for rebuild in (False, True):
        index.sync(rebuild=rebuild)
        with index.catalog() as catalog:
            assert {name: each.superseded_by for name, each in catalog.versions().items()} == expected
            release = catalog.release(DJIBOUTI)
            assert release
            assert "66 beneficiary" in release.text
        assert index.wrong() == []
