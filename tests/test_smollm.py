"""Whatever a real model that invents answers writes, what is shown is proven: quotes verbatim, sentences that cite."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chain import Bot
from bot.domain import Answer, Turn
from bot.language.sentences import sentences
from bot.model.chat_model import open_chat_model, stream
from bot.model.usage import Meter
from bot.settings import Settings
from tests.smollm import MODEL, missing, smollm

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(bool(missing()), reason=str(missing())),
]

CHAT_SECONDS = 60.0
AROUND_SECONDS = 30.0
"""What looking up and proving may take beside the model, on a machine that does other work too."""
CONVERSATIONS = [
    ["Who funds CT Travel?", "And how many countries does it assist?"],
    ["Quand le bureau de Rabat a-t-il été inauguré ?"],
    ["Where was the strategic dialogue with Qatar held?"],
    ["What is the boiling point of mercury?"],
]


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with smollm() as address:
        yield address


def test_it_streams_and_counts_its_tokens(base_url: str) -> None:
    from langchain_core.messages import HumanMessage

    model = open_chat_model(f"openai:{MODEL}", api_key=None, base_url=base_url, seconds=CHAT_SECONDS)
    meter = Meter(f"openai:{MODEL}", base_url=base_url)
    pieces = list(stream(model, [HumanMessage("Say hello in one sentence.")], CHAT_SECONDS, meter))
    assert len(pieces) > 2
    assert meter.usage.tokens_in > 5
    assert meter.usage.tokens_out >= len(pieces) - 1
    assert meter.usage.cost is None


def test_a_reader_that_goes_away_leaves_it_free_for_the_next(base_url: str) -> None:
    from langchain_core.messages import HumanMessage

    model = open_chat_model(f"openai:{MODEL}", api_key=None, base_url=base_url, seconds=CHAT_SECONDS)
    pieces = stream(model, [HumanMessage("Count from one to a thousand.")], CHAT_SECONDS)
    next(pieces)
    pieces.close()
    assert "".join(stream(model, [HumanMessage("Say yes.")], CHAT_SECONDS))


@pytest.mark.parametrize("questions", CONVERSATIONS, ids=lambda questions: questions[0])
def test_what_it_writes_is_shown_only_as_far_as_it_is_proven(
    base_url: str, questions: list[str], corpus_index: Path, corpus_dir: Path
) -> None:
    bot = Bot(
        Settings(
            data_dir=corpus_index,
            corpus_dir=corpus_dir,
            chat_model=f"openai:{MODEL}",
            chat_seconds=CHAT_SECONDS,
            OPENAI_BASE_URL=base_url,
        )
    )
    try:
        turns: list[Turn] = []
        for question in questions:
            started = time.monotonic()
            *_, answer = bot.ask_stream(question, turns)
            assert time.monotonic() - started < CHAT_SECONDS + AROUND_SECONDS
            assert isinstance(answer, Answer)
            assert answer.text.strip()
            assert answer.declined == (not answer.citations)
            assert_shown_is_proven(answer, bot)
            turns.append(Turn(question, answer))
    finally:
        bot.close()


def assert_shown_is_proven(answer: Answer, bot: Bot) -> None:
    numbers = {citation.number for citation in answer.citations}
    for citation in answer.citations:
        release = bot.catalog.release(citation.release_id, citation.revision)
        assert release is not None
        assert release.text[citation.start : citation.end] == citation.quote
    if not answer.declined:
        # A mark stands before the stop of its sentence or behind it; in the sum every sentence has one of its own.
        assert {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)} == numbers
        marked = re.sub(r"([.!?…][\"»”)]*)((?: ?\[\d+\])+)", r"\2\1", answer.text)
        for sentence in sentences(marked):
            assert re.search(r"\[\d+\]", marked[sentence.start : sentence.end]), marked
