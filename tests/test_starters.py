"""Questions to begin with are about the corpus, and it answers them."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog
from bot.chain import Bot
from bot.domain import Evidence, Release
from bot.prompts import render
from bot.settings import Settings
from bot.starters import LANGUAGES, starters
from ingest.sync import sync_settings
from tests.fakes import HashEmbeddings

FUNDED = "The Border Data Programme (BDP) is funded by Japan and Hungary."
LAUNCHED = "The Border Data Programme was launched by the Office in 2019."
SIGNED = "Rabat, 3 May 2023 – The States signed a Memorandum of Understanding (MoU) on it."
SYSTEM = "Experts use advance passenger information (API) every day."


@pytest.fixture(scope="module")
def bot(corpus_index: Path, corpus_dir: Path) -> Iterator[Bot]:
    """It remembers what it read, since many tests ask for the same starters."""
    opened = Bot(Settings(data_dir=corpus_index, corpus_dir=corpus_dir), remembered=10_000)
    yield opened
    opened.close()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """A catalog of one release with the four sentences."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "r.txt").write_text("\n\n".join(["BORDERS", SIGNED, FUNDED, LAUNCHED, SYSTEM]))
    sync_settings(
        Settings(data_dir=tmp_path / "data", corpus_dir=tmp_path / "corpus"), embeddings=HashEmbeddings()
    )
    with Catalog.open(tmp_path / "data" / FILE, create=False) as opened:
        yield opened


def answering(catalog: Catalog, *quotes: str) -> Callable[[str], Evidence | None]:
    """Answers every question with the first of the quotes that shares its verb, else declines."""
    (summary,) = catalog.releases()
    release = catalog.release(summary.id)
    assert release is not None

    def answer(question: str) -> Evidence | None:
        verb = next((verb for verb in ("fund", "launch", "financ", "lanc") if verb in question), "")
        english = {"financ": "fund", "lanc": "launch"}.get(verb, verb)
        quote = next((quote for quote in quotes if verb and english in quote), None)
        return quoting(release, quote) if quote else None

    return answer


def quoting(release: Release, quote: str, probability: float = 0.9) -> Evidence:
    start = release.text.index(quote)
    return Evidence(release, start, start + len(quote), probability)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_corpus_answers_its_starters_in_the_language_of_the_reader(bot: Bot, language: str) -> None:
    questions = bot.starters(language)
    assert len(questions) == 4
    assert len(set(questions)) == 4
    for question in questions:
        answer = bot.ask(question)
        assert not answer.declined, question
        assert answer.language == language


def test_each_wording_is_asked_once_and_each_name_in_half_of_them(bot: Bot) -> None:
    questions = bot.starters("en")
    assert len({question.split()[0] + question.split()[1] for question in questions}) == 4
    names = {definition.acronym for definition in bot.catalog.definitions()}
    for name in names:
        assert sum(f" {name}" in question for question in questions) <= 2


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_there_are_no_more_than_wanted(bot: Bot, limit: int) -> None:
    assert len(bot.starters("en", limit)) == limit


def test_a_language_without_wordings_begins_in_english(bot: Bot) -> None:
    assert bot.starters("zh") == bot.starters("en")


def test_starters_come_quickly(corpus_index: Path, corpus_dir: Path) -> None:
    """They take about as long as sixteen answers; as long as fifty is a bug on any machine."""
    with closing(Bot(Settings(data_dir=corpus_index, corpus_dir=corpus_dir))) as bot:
        bot.read("Who is it?")  # the models are loaded
        started = time.perf_counter()
        for question in ("Who funds CT Travel?", "When was CT Travel launched?", "Where is the office?"):
            bot.read(question)
        answers = time.perf_counter() - started
        started = time.perf_counter()
        bot.starters("en")
        assert time.perf_counter() - started < 50 / 3 * answers


def test_an_empty_catalog_has_none(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / FILE, create=True) as catalog:
        assert starters(catalog, "en", 4, lambda question: None) == []


def test_what_is_declined_is_not_offered(catalog: Catalog) -> None:
    assert starters(catalog, "en", 4, lambda question: None) == []


def test_a_name_is_asked_about_with_its_wordings_in_order(catalog: Catalog) -> None:
    found = starters(catalog, "en", 4, answering(catalog, FUNDED, LAUNCHED))
    assert found == ["Who funds BDP?", "When was BDP launched?"]


def test_an_answer_in_another_language_than_the_question_counts(catalog: Catalog) -> None:
    found = starters(catalog, "fr", 4, answering(catalog, FUNDED, LAUNCHED))
    assert found == ["Qui finance BDP ?", "Quand BDP a-t-il été lancé ?"]


def test_kinds_of_things_are_no_names(catalog: Catalog) -> None:
    """ "a Memorandum of Understanding (MoU)", "advance passenger information (API)"."""
    asked: list[str] = []
    starters(catalog, "en", 4, lambda question: asked.append(question))  # type: ignore[func-returns-value]
    assert {definition.acronym for definition in catalog.definitions()} == {"API", "BDP", "MoU"}
    assert asked
    assert all("BDP" in question for question in asked)


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        (SIGNED, "it is not about the name"),
        (FUNDED.replace("funded by Japan and Hungary", "good"), "it does not hold who"),
        (SYSTEM, "it says nothing of funds"),
    ],
)
def test_a_probable_sentence_that_does_not_tell_what_is_asked_is_no_answer(
    catalog: Catalog, quote: str, why: str
) -> None:
    (summary,) = catalog.releases()
    stored = catalog.release(summary.id)
    assert stored is not None
    release = Release("r", "/corpus", "r.txt", "0" * 64, f"{stored.text}\n\n{quote}", "Borders", "en")
    found = starters(catalog, "en", 4, lambda question: quoting(release, quote, 0.99))
    assert "Who funds BDP?" not in found, why


def test_the_wordings_are_the_same_questions_in_each_language() -> None:
    lines = [render(f"starters.{language}", name="X").splitlines() for language in LANGUAGES]
    assert len({len(of_language) for of_language in lines}) == 1
    assert all("X" in line for of_language in lines for line in of_language)
