"""Passages become evidence whose quotes stand at their spans, and the best of it is the answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.catalog import FILE, Catalog
from bot.domain import Evidence
from bot.e5 import EmbeddedE5
from bot.read import READ_ALONE, Wording, candidates, offers, read, read_alone, weigh
from bot.reader import Reader, Reading, Text
from bot.retrieve import Found
from bot.settings import Settings
from ingest.sync import sync_settings

TEXTS = {
    "support.txt": (
        "SUPPORT FOR STATES\n\nGeneva, 3 May 2021 – The World Food Office (WFO) opened a hub. "
        "The hub is led by Ms. Amina Diallo.\n\nBoth sides agreed to support requesting States in:\n\n"
        "- Protecting airports,\n- Training judges 🚀, and\n- Counting votes.\n\n"
        "The hub assists 12 states.\n\n"
        "For more information, please contact:\n\nMs. Ada Roy, at roy@example.org\n\n"
        "Previous Post Next Post\n"
    ),
    "atelier.txt": (
        "Atelier à Genève\n\nLe 4 mai 2021, les experts ont présenté leurs progrès. "
        "La France et le Japon financent l'atelier.\n"
    ),
}
LIST = (
    "Both sides agreed to support requesting States in:\n\n"
    "- Protecting airports,\n- Training judges 🚀, and\n- Counting votes."
)

Read = Callable[..., list[Evidence]]


@contextmanager
def indexed(
    folder: Path, texts: Mapping[str, str], model_cache: Path
) -> Iterator[tuple[Catalog, EmbeddedE5, Reader]]:
    """The catalog of these files, and what embeds and reads them."""
    (folder / "corpus").mkdir()
    for name, text in texts.items():
        (folder / "corpus" / name).write_text(text, "utf-8")
    embeddings = EmbeddedE5(model_cache)
    sync_settings(Settings(data_dir=folder / "data", corpus_dir=folder / "corpus"), embeddings=embeddings)
    with Catalog.open(folder / "data" / FILE, create=False) as catalog:
        yield catalog, embeddings, Reader(embeddings)


@pytest.fixture(scope="module")
def read_all(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Read]:
    """Reads every passage of the texts for the wordings of a question."""
    with indexed(tmp_path_factory.mktemp("read"), TEXTS, model_cache) as (catalog, embeddings, reader):
        passages = [passage for summary in catalog.releases() for passage in catalog.passages_of(summary.id)]

        def evidence(*wordings: str, language: str = "en") -> list[Evidence]:
            asked_as = [
                Wording(weigh(text, language, catalog), np.asarray(embeddings.embed_query(text), np.float32))
                for text in wordings
            ]
            return read(asked_as, [Found(passage, 0.8, 0.8) for passage in passages], catalog, reader)[0]

        yield evidence


@pytest.mark.parametrize(
    ("question", "language", "quote"),
    [
        ("Who leads the hub?", "en", "The hub is led by Ms. Amina Diallo."),
        ("How many states does the hub assist?", "en", "The hub assists 12 states."),
        ("What do both sides support?", "en", LIST),
        ("Qui finance l'atelier ?", "fr", "La France et le Japon financent l'atelier."),
        ("Qui dirige le centre ?", "fr", "The hub is led by Ms. Amina Diallo."),
        ("Which countries fund the workshop?", "en", "La France et le Japon financent l'atelier."),
    ],
)
def test_the_sentence_that_answers_comes_first(
    read_all: Read, question: str, language: str, quote: str
) -> None:
    assert read_all(question, language=language)[0].quote == quote


@pytest.mark.parametrize("question", ["Who leads the hub?", "Où ?", "zzz", "\0", "🚀", "What is the e-mail?"])
def test_every_quote_is_the_text_of_its_release_at_its_span(read_all: Read, question: str) -> None:
    evidence = read_all(question)
    assert evidence
    for item in evidence:
        assert item.quote == item.release.text[item.start : item.end]
        assert item.quote == item.quote.strip() != ""
        assert 0 <= item.probability <= 1
        assert item.answer
        assert item.start <= item.answer[0] <= item.answer[1] <= item.end


def test_the_words_that_answer_are_marked(read_all: Read) -> None:
    best = read_all("Who leads the hub?")[0]
    assert best.answer
    assert "Amina Diallo" in best.release.text[slice(*best.answer)]


def test_evidence_comes_with_the_most_probable_first_and_each_span_once(read_all: Read) -> None:
    evidence = read_all("Who leads the hub?", "Who is the head of the hub?")
    found = [item.probability for item in evidence]
    assert found == sorted(found, reverse=True)
    spans = [(item.release.id, item.start, item.end) for item in evidence]
    assert len(spans) == len(set(spans))


def test_a_list_is_offered_whole_with_its_lead_in_and_item_by_item(read_all: Read) -> None:
    quotes = {item.quote for item in read_all("What do both sides support?")}
    assert {LIST, "- Protecting airports,", "- Training judges 🚀, and", "- Counting votes."} <= quotes


def test_what_leads_a_list_in_is_not_offered_without_it(read_all: Read) -> None:
    assert not any(item.quote.endswith("States in:") for item in read_all("What do both sides support?"))


def test_contact_data_is_read_only_where_it_is_asked_for(read_all: Read) -> None:
    assert not any("roy@example.org" in item.quote for item in read_all("Who opened the hub?"))
    assert "roy@example.org" in read_all("What is the e-mail address of Ms. Roy?")[0].quote


def test_boilerplate_is_never_read(read_all: Read) -> None:
    for question in ("What is the next post?", "Whom can I contact about the previous post?"):
        assert not any("Next Post" in item.quote for item in read_all(question))


def test_what_a_short_name_stands_for_is_read_where_it_is_written_out(read_all: Read) -> None:
    assert "World Food Office (WFO)" in read_all("What does WFO stand for?")[0].quote


def test_the_best_sentences_are_read_once_more_by_themselves(tmp_path: Path, model_cache: Path) -> None:
    texts = [
        f"The hub of {place} is led by Ms. {name}." for place, name in zip("ABCDEF", "UVWXYZ", strict=True)
    ]
    hubs = {"hubs.txt": "HUBS\n\n" + " ".join(texts)}
    with indexed(tmp_path, hubs, model_cache) as (catalog, _, reader):
        asked = Wording(weigh("Who leads the hub of C?", "en", catalog), None)
        (summary,) = catalog.releases()
        found = [Found(passage, 0.8, 0.8) for passage in catalog.passages_of(summary.id)]
        given = offers(asked.question, found, catalog)
        readings = [
            (
                asked.question,
                candidates(
                    asked,
                    given,
                    reader.read("Who leads the hub of C?", [each.text for each in given]),
                    catalog,
                ),
            )
        ]
        ((_, read_twice),) = read_alone(readings, reader)
    again = [each for each in read_twice if each.alone is not None]
    assert len(again) == READ_ALONE < len(read_twice)
    assert texts[2] in {each.text for each in again}
    for each in again:
        alone = reader.read(
            "Who leads the hub of C?", [Text(each.release.title, each.text, ((0, len(each.text)),))]
        )
        assert each.alone == pytest.approx(float(alone[0].margins[0]))


@pytest.mark.parametrize(
    ("question", "others", "read_of_ten"),
    [
        ("Who leads the hub of Varna?", 0.7, 4),
        ("Who leads the hub of Varna?", 0.89, 10),
        ("Who opened the bridge of Obock?", 0.7, 10),
        ("How many people work at the hub of Varna?", 0.7, 10),
    ],
)
def test_no_more_is_read_once_a_question_is_settled_but_for_figures(
    tmp_path: Path, model_cache: Path, question: str, others: float, read_of_ten: int
) -> None:
    hub = (
        "The hub of Varna is led by Ms. Ada Finch. It was opened in May. 40 people work at the hub of Varna."
    )
    library = "The library of town {} lends books, maps and music on Mondays."
    told = [hub, *(library.format(place) for place in "BCDEFGHIJ")]
    files = {f"{number}.txt": f"NEWS {number}\n\n{each}\n" for number, each in enumerate(told)}
    with indexed(tmp_path, files, model_cache) as (catalog, _, reader):
        asked = Wording(weigh(question, "en", catalog), None)
        scores = {
            passage: 0.9 if "Varna" in passage.text else others
            for passage in catalog.passages(sorted(catalog.passage_ids()))
        }
        found = [Found(passage, score, score) for passage, score in scores.items()]
        found.sort(key=lambda item: -item.score)
        evidence, count = read([asked], found, catalog, reader)
    assert len(found) == 10
    assert count == read_of_ten
    assert "Varna" in evidence[0].quote or "bridge" in question


def test_no_passages_are_no_evidence(read_all: Read, tmp_path: Path, model_cache: Path) -> None:
    with Catalog.open(tmp_path / FILE, create=True) as catalog:
        asked = Wording(weigh("Who?", "en", catalog), np.zeros(384, np.float32))
        assert read([asked], [], catalog, Reader(EmbeddedE5(model_cache))) == ([], 0)


def test_an_item_that_was_found_is_read_behind_what_leads_it_in(tmp_path: Path, model_cache: Path) -> None:
    tasks = ("Guarding harbours and inland waterways", "Teaching football to young inmates", "Counting votes")
    lead = "Both sides agreed to support requesting States in:"
    lists = "\n".join(f"- {task}," for task in tasks)
    told = {"talks.txt": f"TALKS IN VARNA\n\nThe sides met in Varna. {lead}\n\n{lists}\n"}
    question = "Do they want to do anything about football?"

    class Recording(Reader):
        texts: tuple[Text, ...] = ()

        def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
            self.texts += tuple(texts)
            return super().read(question, texts)

    with indexed(tmp_path, told, model_cache) as (catalog, embeddings, _):
        asked = Wording(weigh(question, "en", catalog), None)
        (passage,) = catalog.passages(sorted(catalog.passage_ids()))
        reader = Recording(embeddings)
        evidence, _ = read([asked], [Found(passage, 0.8, 0.8, items=((1, 0.8), (9, 0.7)))], catalog, reader)
    (text,) = reader.texts
    assert text.passage == f"{lead}\n- {tasks[1]},"
    assert text.before == "TALKS IN VARNA\n\nThe sides met in Varna. "
    assert [text.passage[slice(*unit)] for unit in text.units] == [f"- {tasks[1]},"]
    (item,) = (each for each in evidence if each.quote == f"- {tasks[1]},")
    assert item.answer
    assert item.words in tasks[1] + ","
    assert item.probability == max(each.probability for each in evidence if each.quote.startswith("- "))
