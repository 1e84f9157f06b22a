"""Retrieval in a chain of LangChain's: documents that say where they stand."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from bot.chain import Bot
from bot.errors import QuestionError
from bot.settings import Settings

QUESTION = "Who funds CT Travel?"
KEYS = {
    *("release_id", "title", "date", "language", "file", "start", "end", "revision", "kind", "page"),
    "recognised",
}


@pytest.fixture(scope="module")
def bot(corpus_index: Path, corpus_dir: Path) -> Iterator[Bot]:
    opened = Bot(Settings(data_dir=corpus_index, corpus_dir=corpus_dir, passages=5))
    yield opened
    opened.close()


def test_documents_are_the_passages_with_their_place_in_the_release(bot: Bot) -> None:
    documents = bot.as_retriever().invoke(QUESTION)
    assert len(documents) == 5
    for document in documents:
        assert set(document.metadata) == KEYS
        assert json.loads(json.dumps(document.metadata)) == document.metadata
        release = bot.catalog.release(document.metadata["release_id"], document.metadata["revision"])
        assert release is not None
        assert release.text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_best_document_comes_first(bot: Bot) -> None:
    documents = bot.as_retriever().invoke(QUESTION)
    (first,) = [document for document in documents if "co-funded" in document.page_content]
    assert first in documents[:2]
    assert first.metadata["date"] == date(2023, 6, 23).isoformat()
    assert first.metadata["language"] == "en"
    assert first.metadata["kind"] == "body"
    assert first.id is not None
    assert first.id.startswith(first.metadata["release_id"])


def test_a_release_without_a_date_says_so(bot: Bot) -> None:
    documents = bot.as_retriever().invoke("Qui a participé à l'atelier de Djibouti ?")
    dates = {document.metadata["date"] for document in documents if document.metadata["language"] == "fr"}
    assert dates == {None}


def test_it_is_a_retriever_of_langchain(bot: Bot) -> None:
    retriever = bot.as_retriever()
    assert isinstance(retriever, BaseRetriever)
    expected = retriever.invoke(QUESTION)

    def titles(documents: list[Document]) -> list[str]:
        return [document.metadata["title"] for document in documents]

    assert (retriever | RunnableLambda(titles)).invoke(QUESTION) == titles(expected)
    assert retriever.batch([QUESTION, QUESTION]) == [expected, expected]
    assert asyncio.run(retriever.ainvoke(QUESTION)) == expected


@pytest.mark.parametrize("question", ["", " \n", "a" * 100_000])
def test_a_question_that_cannot_be_asked_is_refused(bot: Bot, question: str) -> None:
    with pytest.raises(QuestionError):
        bot.as_retriever().invoke(question)
