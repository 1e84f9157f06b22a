"""A question finds its passages in the real stores, by words and by meaning, in its language or another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.catalog import FILE, Catalog
from bot.domain import Passage
from bot.e5 import EmbeddedE5
from bot.retrieve import RARE_WEIGHT, Found, retrieve
from bot.settings import Settings
from bot.vectors import Vectors
from ingest.sync import sync_settings

TEXTS = {
    "travel.txt": (
        "PASSENGER DATA\n\nNew York, 23 June 2023 – The Passenger Data Programme is co-funded by Japan, Qatar "
        "and the Kingdom of the Netherlands, in line with resolution 2178.\n\n"
        "For more information, please contact:\n\nMs. Ada Roy, at roy@example.org\n\n"
        "Previous Post Next Post\n"
    ),
    "sport.txt": (
        "SPORT\n\nDoha, 27 March 2022 – Stadiums were protected during the great tournament, "
        "and young athletes were taught to resist extremism.\n"
    ),
    "atelier.txt": (
        "Un atelier sur le programme\n\nLe programme de la journée de l'atelier a été distribué : qui parle, "
        "quand, et dans quelle salle. Le programme du soir était culturel.\n"
    ),
    "frontieres.txt": (
        "Les frontières de Djibouti\n\nÀ Djibouti, les gardes-frontières ont été formés en mars 2023 par "
        "l'Organisation internationale pour les migrations (OIM).\n"
    ),
}
NOISE = {
    f"jour{number}.txt": f"Journée {topic}\n\nLe programme de la journée « {topic} » a été distribué aux voyageurs "
    "et aux élèves de la ville.\n"
    for number, topic in enumerate("sport musique santé climat école forêt pêche danse presse hiver".split())
}
HOSTILE = ['" OR NEAR( *', "'; DROP TABLE passages; --", "\0", "🚀", "?!…", "a" * 4000, "who " * 900, "}{^$"]

Find = Callable[..., list[Found]]


@contextmanager
def indexed(
    folder: Path, texts: Mapping[str, str], embeddings: EmbeddedE5
) -> Iterator[tuple[Catalog, Vectors]]:
    """The index of these files."""
    (folder / "corpus").mkdir()
    for name, text in texts.items():
        (folder / "corpus" / name).write_text(text, "utf-8")
    sync_settings(Settings(data_dir=folder / "data", corpus_dir=folder / "corpus"), embeddings=embeddings)
    with (
        Catalog.open(folder / "data" / FILE, create=False) as catalog,
        Vectors.open(folder / "data") as vectors,
    ):
        yield catalog, vectors


@pytest.fixture(scope="module")
def embeddings(model_cache: Path) -> EmbeddedE5:
    return EmbeddedE5(model_cache)


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, embeddings: EmbeddedE5
) -> Iterator[tuple[Catalog, Vectors]]:
    with indexed(tmp_path_factory.mktemp("retrieve"), TEXTS, embeddings) as made:
        yield made


@pytest.fixture
def find(index: tuple[Catalog, Vectors], embeddings: EmbeddedE5) -> Find:
    def found(
        question: str, language: str = "en", limit: int = 12, context: Sequence[str] = ()
    ) -> list[Found]:
        vector = np.asarray(embeddings.embed_query(question), np.float32)
        return retrieve(question, language, vector, *index, limit, context)

    return found


@pytest.mark.parametrize(
    ("question", "language", "release"),
    [
        ("Who funds the Passenger Data Programme?", "en", "travel"),
        ("who pays for passenger data", "en", "travel"),
        ("resolution 2178", "en", "travel"),
        ("What was done for athletes?", "en", "sport"),
        ("Qui a formé les gardes-frontières ?", "fr", "frontieres"),
        ("QUI A FORME LES GARDES FRONTIERES", "fr", "frontieres"),
        ("What does OIM do in Djibouti?", "en", "frontieres"),
        ("Who trained the border guards?", "en", "frontieres"),
    ],
)
def test_the_passage_that_fits_comes_first(find: Find, question: str, language: str, release: str) -> None:
    assert find(question, language)[0].passage.release_id == release


def test_what_was_talked_of_lifts_the_passages_that_speak_of_it(find: Find) -> None:
    for context, release in (
        (["en_stadium", "en_athlet"], "sport"),
        (["fr_garde", "fr_frontier"], "frontieres"),
    ):
        before = {item.passage.id: item.score for item in find("What happened next?")}
        after = {item.passage.id: item.score for item in find("What happened next?", context=context)}
        lifted = {each.partition("@")[0] for each in before if after[each] > before[each]}
        assert lifted == {release}


def test_words_that_no_passage_holds_are_no_context(find: Find) -> None:
    assert find("What happened next?", context=["en_zebra", *HOSTILE]) == find("What happened next?")


@pytest.mark.parametrize(
    ("question", "release"),
    [
        ("Qui finance le programme sur les données des voyageurs ?", "travel"),
        ("Qu'est-ce qui a été fait pour le sport le jour du tournoi ?", "sport"),
    ],
)
def test_words_that_a_french_question_shares_with_french_passages_do_not_hide_an_english_one(
    find: Find, question: str, release: str
) -> None:
    assert release in [item.passage.release_id for item in find(question, "fr", limit=2)]


def test_common_words_in_many_french_passages_do_not_push_an_english_one_out(
    tmp_path: Path, embeddings: EmbeddedE5
) -> None:
    question = "Qui finance le programme sur les données des voyageurs ?"
    vector = np.asarray(embeddings.embed_query(question), np.float32)
    texts = {**NOISE, "travel.txt": TEXTS["travel.txt"]}
    with indexed(tmp_path, texts, embeddings) as (catalog, vectors):
        found = retrieve(question, "fr", vector, catalog, vectors, 5)
    assert "travel" in [item.passage.release_id for item in found]


def test_full_text_lifts_only_passages_in_which_its_words_can_match(find: Find) -> None:
    for item in find("Quel est le programme ?", "fr"):
        lifted = item.score - item.similarity
        if item.passage.language == "fr" and "programme" in item.passage.text:
            assert lifted > 0
        if "programme" not in item.passage.text.lower():
            assert lifted == 0


def test_a_word_that_hardly_any_passage_holds_lifts_those_that_do(find: Find) -> None:
    found = find("Were athletes or guards in the programme?")
    lifted = {item.passage.release_id: item.score - item.similarity for item in found}
    assert lifted["sport"] > RARE_WEIGHT > lifted["travel"] > lifted["frontieres"]


def test_boilerplate_is_never_found_and_contact_data_is(find: Find) -> None:
    found = find("Previous Post Next Post", limit=100)
    assert not any("Next Post" in item.passage.text for item in found)
    assert {item.passage.kind for item in found} == {"body", "contact"}
    assert find("the e-mail address of Ada Roy")[0].passage.kind == "contact"


def test_passages_come_best_first_and_once(find: Find, index: tuple[Catalog, Vectors]) -> None:
    found = find("Who funds the programme?", limit=100)
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    assert sorted(item.passage.id for item in found) == sorted(index[0].passage_ids())


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_are_found_than_wanted(find: Find, limit: int) -> None:
    assert find("programme", limit=limit) == find("programme", limit=100)[:limit]


@pytest.mark.parametrize("question", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_hostile_questions_find_passages_like_any_other(find: Find, question: str, language: str) -> None:
    found = find(question, language)
    assert found
    assert all(-1 <= item.similarity <= 1 and np.isfinite(item.score) for item in found)


def test_a_vector_that_the_catalog_does_not_know_is_ignored(
    find: Find, index: tuple[Catalog, Vectors], embeddings: EmbeddedE5
) -> None:
    catalog, vectors = index
    before = find("Who funds it?", limit=100)
    collection = catalog.collection
    assert collection
    left = np.array([embeddings.embed_query("Who funds it?")], np.float32)
    vectors.upsert(collection, ["left@000#0"], left)
    try:
        assert vectors.query(collection, left[0], 1)[0][0] == "left@000#0"
        assert find("Who funds it?", limit=100) == before
    finally:
        vectors.delete(collection, ["left@000#0"])


def test_in_an_empty_index_nothing_is_found(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / FILE, create=True) as catalog, Vectors.open(tmp_path) as vectors:
        assert retrieve("Who?", "en", np.zeros(384, np.float32), catalog, vectors, 12) == []


def test_what_is_found_is_the_passage_as_it_is_stored(find: Find, index: tuple[Catalog, Vectors]) -> None:
    passage: Passage = find("Who funds the Passenger Data Programme?")[0].passage
    release = index[0].release(passage.release_id, passage.revision)
    assert release
    assert release.text[passage.start : passage.end] == passage.text


def test_one_item_of_a_long_list_is_found_by_itself(tmp_path: Path, embeddings: EmbeddedE5) -> None:
    tasks = (
        "Guarding harbours and inland waterways",
        "Hearing witnesses who live abroad",
        "Lending books to schools in the mountains",
        "Repairing bridges after the floods of spring",
        "Teaching football to young inmates",
        "Training judges for courts of appeal",
    )
    lists = "\n".join(f"- {task}," for task in tasks)
    texts = {
        "pact.txt": f"TALKS IN VARNA\n\nBoth sides agreed to support requesting States in:\n\n{lists}\n",
        **{name: text for name, text in TEXTS.items() if name != "sport.txt"},
        "varna.txt": "VARNA\n\nVarna is a port. What both sides agree on is read out there every year.\n",
    }
    question = "Is anything foreseen for sport in prison?"
    vector = np.asarray(embeddings.embed_query(question), np.float32)
    with indexed(tmp_path, texts, embeddings) as (catalog, vectors):
        best = retrieve(question, "en", vector, catalog, vectors, 12)[0]
        alone = vectors.similarities(catalog.collection or "", [best.passage.id], vector)
    assert best.passage.release_id == "pact"
    assert best.items[0] == (tasks.index("Teaching football to young inmates"), best.similarity)
    assert best.similarity > alone[best.passage.id]
