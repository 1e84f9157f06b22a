"""A question in, a proven answer out: the whole way, over the project's own five releases."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog, Stamp
from bot.chain import Bot
from bot.domain import Answer, Turn
from bot.errors import CommuniqueError, IndexDamagedError, IndexMismatchError, QuestionError
from bot.evaluation.sets.questions import read_questions
from bot.lookup import is_empty
from bot.select import MINIMUM_PROBABILITY
from bot.settings import Settings
from bot.verify import check
from tests.conftest import ROOT
from tests.openai_server import Fault, OpenAIServer

QUESTION = "who funds CT Travel?"
FUNDERS = (
    *("European Union", "Kingdom of the Netherlands", "State of Qatar", "Germany", "Australia"),
    *("United States of America", "Republic of India", "Japan", "Hungary"),
)
UNANSWERABLE = "What is the boiling point of mercury?"
KEYS = {
    *("id", "question", "standalone_question", "answer", "declined", "language", "mode", "citations"),
    *("seconds", "probability", "closest", "notice", "usage"),
}
CITATION_KEYS = {
    *("number", "quote", "release_id", "title", "date", "language", "file", "start", "end", "revision"),
    *("issuer", "page", "translation", "recognised"),
}
HOLDOUT = read_questions(ROOT / "tests" / "questions" / "holdout.yaml")
HOSTILE = [
    "\0",
    "who funds\0 it?",
    "🚀🚀🚀?",
    "?!…",
    '" OR NEAR( *',
    'CT" AND "Travel* NOT (funds) ^who {a b}: -x',
    "'; DROP TABLE passages; --",
    "who funds \u202e CT Travel \u0301\u0301",
    "من يمول البرنامج؟",
    "谁资助该方案？",
    "\ud83d half a pair",
    "a",
    "who " * 900,
    "x" * 4000,
    "\n".join(["- who", "- funds", "- it?"]),
    "<script>alert(1)</script>",
]


@pytest.fixture(scope="module")
def settings(corpus_index: Path, corpus_dir: Path) -> Settings:
    return Settings(data_dir=corpus_index, corpus_dir=corpus_dir)


@pytest.fixture(scope="module")
def bot(settings: Settings) -> Iterator[Bot]:
    opened = Bot(settings)
    yield opened
    opened.close()


@pytest.fixture
def copied(corpus_index: Path, corpus_dir: Path, tmp_path: Path) -> Settings:
    """The index and its corpus, to be changed by a test."""
    shutil.copytree(corpus_index, tmp_path / "data", symlinks=True)
    shutil.copytree(corpus_dir, tmp_path / "corpus")
    with Catalog.open(tmp_path / "data" / FILE, create=False) as catalog:
        catalog.move_root(catalog.releases()[0].root, str(tmp_path / "corpus"))
    return Settings(data_dir=tmp_path / "data", corpus_dir=tmp_path / "corpus")


def ingest(settings: Settings, *arguments: str) -> None:
    """Bring the index in line with the corpus, in another process."""
    subprocess.run(
        [sys.executable, "-m", "ingest", *arguments],
        env={
            **os.environ,
            "COMMUNIQUE_DATA_DIR": str(settings.data_dir),
            "COMMUNIQUE_CORPUS_DIR": str(settings.corpus_dir),
        },
        cwd=settings.data_dir,
        check=True,
        capture_output=True,
        timeout=100,
    )


def assert_proven(answer: Answer, catalog: Catalog) -> None:
    """Every quote stands at its span, and the marks in the text are those of the citations."""
    for citation in answer.citations:
        release = catalog.release(citation.release_id, citation.revision)
        assert release is not None
        assert check(citation, release), citation
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.declined == (not answer.citations)
    assert answer.text.strip()


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same; each has an id and a time of its own."""
    varying = {"id", "seconds"}
    first, second = one.to_json(), other.to_json()
    return all(first[key] == second[key] for key in first.keys() - varying)


# Retrieval and reading


def test_the_passage_with_the_sentence_that_answers_comes_first(bot: Bot) -> None:
    found = bot.search(QUESTION)
    assert len(found) == bot.settings.passages
    assert "co-funded" in found[0].passage.text
    ranked = [item.passage.id for item in bot.read(QUESTION).ranked]
    assert [item.passage.id for item in found] == ranked


def test_beyond_those_that_are_read_passages_follow_as_they_fit(bot: Bot) -> None:
    read, more = bot.search(QUESTION), bot.search(QUESTION, limit=20)
    assert len(more) == 20
    assert more[: len(read)] == read
    others = [item.score for item in more[len(read) :]]
    assert others == sorted(others, reverse=True)
    assert bot.search(QUESTION, limit=3) == read[:3]


def test_what_cannot_win_is_not_read_and_would_not_have_won(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = bot.read(QUESTION)
    assert settled.read < len(settled.found) == bot.settings.passages
    monkeypatch.setattr("bot.read.STEPS", ())
    whole = bot.read(QUESTION)
    assert whole.read == len(whole.found)
    assert [(item.quote, item.release.id) for item in settled.evidence[:1]] == [
        (item.quote, item.release.id) for item in whole.evidence[:1]
    ]


def test_every_passage_is_read_for_a_figure_that_another_release_may_give_differently(bot: Bot) -> None:
    counted = bot.read("How many Member States does CT Travel assist?")
    assert counted.read == len(counted.found)


def test_passages_that_are_given_are_read_alone(bot: Bot) -> None:
    second = [item for item in bot.read(QUESTION).found if item.passage.kind == "body"][1]
    alone = bot.read(QUESTION, passages=[second.passage])
    assert [item.passage for item in alone.found] == [second.passage]
    assert alone.found[0].similarity == pytest.approx(second.similarity, abs=1e-5)
    assert alone.evidence
    assert all(sentence.quote in second.passage.text for sentence in alone.evidence)
    assert bot.read(QUESTION, passages=[]).evidence == []


def test_a_question_is_completed_from_the_turns_before(bot: Bot) -> None:
    assert bot.standalone("When was CT Travel launched?") == "When was CT Travel launched?"
    turns = [Turn(QUESTION, bot.ask(QUESTION))]
    completed = bot.standalone("When was it launched?", turns)
    assert "CT Travel" in completed
    assert bot.read("When was it launched?", turns).question == completed
    best, alone = bot.search("When was it launched?", turns)[0], bot.search(completed)[0]
    assert best.passage == alone.passage
    assert best.score > alone.score  # what was said before speaks for the passage as well


@pytest.mark.parametrize("question", ["", " \n", "a" * 100_000])
def test_what_cannot_be_asked_can_be_neither_searched_nor_read(bot: Bot, question: str) -> None:
    for look in (bot.search, bot.read, bot.standalone):
        with pytest.raises(QuestionError):
            look(question)


# Answers


def test_the_headline_question_names_all_nine_funders_from_one_release(bot: Bot) -> None:
    answer = bot.ask(QUESTION)
    assert not answer.declined
    assert all(funder in answer.text for funder in FUNDERS)
    quotes = [citation for citation in answer.citations if "co-funded" in citation.quote]
    assert len(quotes) == 1
    assert quotes[0].release_id == "2023-06-23-unoct-djibouti-ct-travel-agreement"
    assert quotes[0].date == date(2023, 6, 23)
    assert {citation.release_id for citation in answer.citations} == {quotes[0].release_id}
    assert_proven(answer, bot.catalog)


def test_an_answer_is_the_quotes_and_their_marks_and_nothing_else(bot: Bot) -> None:
    answer = bot.ask(QUESTION)
    left = answer.text
    for citation in answer.citations:
        assert f"{citation.quote} [{citation.number}]" in left
        left = left.replace(f"{citation.quote} [{citation.number}]", "")
    assert left.strip() == ""


def test_a_french_question_over_an_english_release_is_answered(bot: Bot) -> None:
    answer = bot.ask("Qui finance le programme CT Travel ?")
    assert answer.language == "fr"
    assert all(funder in answer.text for funder in FUNDERS)
    assert answer.citations[0].language == "en"


def test_a_french_question_over_a_french_release_is_answered(bot: Bot) -> None:
    answer = bot.ask("Quand l'atelier avec la République de Djibouti a-t-il eu lieu ?")
    assert answer.language == "fr"
    assert "14 et 15 mars 2023" in answer.text


def test_a_follow_up_is_about_what_the_turn_before_was_about(bot: Bot) -> None:
    first = bot.ask(QUESTION)
    answer = bot.ask("And how many countries does it assist?", [Turn(QUESTION, first)])
    assert answer.question == "And how many countries does it assist?"
    assert "CT Travel" in answer.standalone_question
    assert "66 beneficiary Member States" in answer.text


@pytest.mark.parametrize(
    ("question", "standalone", "quoted"),
    [
        (
            "Protocol needs the rank. Who co-chaired the dialogue in Doha in March 2022? Many thanks.",
            "Who co-chaired the dialogue in Doha in March 2022?",
            "Al-Ansari",
        ),
        ("CT Travel: who pays for it and why?", "Who pays for CT Travel and why?", "co-funded"),
    ],
)
def test_what_is_told_beside_a_question_only_helps_to_understand_it(
    bot: Bot, question: str, standalone: str, quoted: str
) -> None:
    answer = bot.ask(question)
    assert answer.standalone_question == standalone
    assert quoted in answer.citations[0].quote


def test_a_question_for_when_and_where_is_answered(bot: Bot) -> None:
    answer = bot.ask("When and in which town did the security chiefs of North Africa and the Sahel meet?")
    assert "June 23 and 24 in Marrakech" in answer.citations[0].quote
    assert "When and in which town" in answer.standalone_question


def test_where_releases_give_different_figures_all_are_shown_the_newest_first(copied: Settings) -> None:
    for day, count in (("4 May 2021", "41"), ("6 June 2024", "seventy")):
        text = (
            f"THE HARBOUR WATCH PROGRAMME\n\nGeneva, {day} – The Harbour Watch Programme met its donors. "
            f"The Harbour Watch Programme assists {count} ports.\n"
        )
        (copied.corpus_dir / f"harbour-{count}.txt").write_text(text, encoding="utf-8")
    ingest(copied)
    with closing(Bot(copied)) as bot:
        answer = bot.ask("How many ports does the Harbour Watch Programme assist?")
        assert [citation.date for citation in answer.citations] == [date(2024, 6, 6), date(2021, 5, 4)]
        first, second = answer.text.split("\n\n")
        assert first == "6 June 2024 – The Harbour Watch Programme assists seventy ports. [1]"
        assert second == "4 May 2021 – The Harbour Watch Programme assists 41 ports. [2]"
        assert_proven(answer, bot.catalog)


def test_an_account_tells_how_the_answer_came_about(bot: Bot) -> None:
    account = bot.account(QUESTION)
    assert same(account.answer, bot.ask(QUESTION))
    assert account.lookup.evidence[0] == account.chosen.evidence[0]
    assert 0 < account.lookup.read <= len(account.lookup.found) == bot.settings.passages
    assert account.seconds.keys() == {"rewrite", "retrieve", "read", "write"}
    assert 0 < sum(account.seconds.values()) <= account.answer.seconds
    assert account.written is None


def test_what_no_release_tells_is_declined_with_the_closest_release(settings: Settings, bot: Bot) -> None:
    answer = bot.ask(UNANSWERABLE)
    assert answer.declined
    assert answer.citations == ()
    assert answer.probability < bot.minimum_probability(answer.language)
    assert answer.closest is not None
    assert answer.closest.title in answer.text
    assert answer.closest.release_id in {summary.id for summary in bot.catalog.releases()}


@pytest.mark.parametrize(
    "question",
    [
        "Comment réparer un vélo crevé ?",
        "Quel est le point d'ébullition du mercure dans cette pièce ?",
    ],
)
def test_a_french_question_is_declined_in_french(bot: Bot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.declined
    assert answer.text != bot.ask(UNANSWERABLE).text
    assert "communiqué" in answer.text


def test_how_sure_an_answer_must_be_can_be_set(settings: Settings) -> None:
    sure = Bot(settings.model_copy(update={"minimum_probability": 1.0}))
    unsure = Bot(settings.model_copy(update={"minimum_probability": 0.0}))
    try:
        assert sure.ask(QUESTION).declined
        assert not unsure.ask(UNANSWERABLE).declined
    finally:
        sure.close()
        unsure.close()


def test_how_sure_it_must_be_can_be_set_by_language(settings: Settings) -> None:
    bot = Bot(settings.model_copy(update={"minimum_probability": {"fr": 1.0}}))
    try:
        assert bot.minimum_probability("en") == MINIMUM_PROBABILITY
        assert not bot.ask(QUESTION).declined
        assert bot.ask("Qui finance le programme CT Travel ?").declined
    finally:
        bot.close()


@pytest.mark.timeout(600)
def test_every_quote_of_every_question_stands_at_its_span(bot: Bot) -> None:
    """Follow-ups are asked alone: what is shown must be proven however odd the question. `make test` holds the quotes
    of releases.yaml to the same, by its gate."""
    quotes = 0
    for question in HOLDOUT:
        answer = bot.ask(question.question)
        assert_proven(answer, bot.catalog)
        quotes += len(answer.citations)
    assert quotes > len(HOLDOUT) / 2


# The contract


@pytest.mark.parametrize("question", [QUESTION, UNANSWERABLE])
def test_the_json_has_every_key_with_its_type(bot: Bot, question: str) -> None:
    data = json.loads(json.dumps(bot.ask(question).to_json()))
    assert set(data) == KEYS
    for key in ("id", "question", "standalone_question", "answer", "language", "mode"):
        assert isinstance(data[key], str)
        assert data[key]
    assert isinstance(data["declined"], bool)
    assert data["question"] == question
    assert data["mode"] == "reading"
    assert 0 <= data["probability"] <= 1
    assert data["seconds"] > 0
    assert data["notice"] is None
    assert data["usage"] is None
    assert bool(data["citations"]) != data["declined"]
    for citation in data["citations"]:
        assert set(citation) == CITATION_KEYS
        for key in ("number", "start", "end"):
            assert isinstance(citation[key], int)
        assert date.fromisoformat(citation["date"])
        assert citation["issuer"] is None or isinstance(citation["issuer"], str)
    assert (data["closest"] is None) != data["declined"]
    if data["closest"]:
        assert set(data["closest"]) == {"release_id", "title", "date"}


def test_an_answer_comes_back_from_its_json(bot: Bot) -> None:
    for question in (QUESTION, UNANSWERABLE):
        data = bot.ask(question).to_json()
        assert Answer.from_json(data).to_json() == data


# Ways to ask


def test_a_stream_gives_the_text_in_pieces_and_the_answer_last(bot: Bot) -> None:
    for question in (QUESTION, UNANSWERABLE):
        *pieces, answer = bot.ask_stream(question)
        assert isinstance(answer, Answer)
        assert "".join(str(piece) for piece in pieces) == answer.text
        assert same(answer, bot.ask(question))


def test_it_is_a_runnable_of_langchain(bot: Bot) -> None:
    expected = bot.ask(QUESTION)
    follow_up = {"question": "And how many countries does it assist?", "turns": [Turn(QUESTION, expected)]}

    assert same(bot.invoke(QUESTION), expected)
    assert same(bot.invoke({"question": QUESTION}), expected)
    assert "66" in bot.invoke(follow_up).text
    first, second = bot.batch([QUESTION, follow_up])
    assert same(first, expected)
    assert "66" in second.text
    *pieces, answer = bot.stream(QUESTION)
    assert "".join(pieces) == answer.text == expected.text
    assert same(asyncio.run(bot.ainvoke(QUESTION)), expected)
    assert (bot | (lambda answer: answer.text)).invoke(QUESTION) == expected.text


@pytest.mark.parametrize("given", [None, 7, [], {}, {"turns": []}])
def test_what_is_no_question_is_refused(bot: Bot, given: object) -> None:
    with pytest.raises(QuestionError, match="Give the bot a question"):
        bot.invoke(given)


# Hostile questions


@pytest.mark.parametrize("question", ["", " ", "\n\t ", "\u00a0"])
def test_an_empty_question_is_refused(bot: Bot, question: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        bot.ask(question)


def test_a_question_that_is_too_long_is_refused_with_its_length(bot: Bot) -> None:
    with pytest.raises(QuestionError, match=r"100,000 characters; at most 4,000 .*Shorten it"):
        bot.ask("a" * 100_000)


@pytest.mark.parametrize("question", HOSTILE, ids=lambda text: ascii(text[:16]))
def test_a_hostile_question_is_answered_or_declined_like_any_other(bot: Bot, question: str) -> None:
    answer = bot.ask(question)
    assert_proven(answer, bot.catalog)
    json.dumps(answer.to_json())


@pytest.mark.parametrize("question", HOSTILE, ids=lambda text: ascii(text[:16]))
def test_a_hostile_question_does_no_harm_to_a_conversation(bot: Bot, question: str) -> None:
    turn = Turn(question, bot.ask(question))
    assert_proven(bot.ask("And how many countries does it assist?", [turn]), bot.catalog)
    assert_proven(bot.ask(question, [Turn(QUESTION, bot.ask(QUESTION)), turn]), bot.catalog)


# A chat model


@pytest.fixture
def writing(settings: Settings) -> Iterator[tuple[Bot, OpenAIServer]]:
    """The bot with a chat model on a server of its own."""
    with OpenAIServer(["Nothing yet."]) as server:
        opened = Bot(settings.model_copy(update={"openai_base_url": server.base_url}))
        yield opened, server
        opened.close()


def test_a_chat_model_writes_the_answer_from_the_evidence(writing: tuple[Bot, OpenAIServer]) -> None:
    bot, server = writing
    server.replies = ["The European Union is one of those who fund it [1]. Japan is another [1]."]
    *pieces, answer = bot.ask_stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.text == server.replies[0]
    assert len(pieces) >= 2
    assert "".join(str(piece) for piece in pieces) == answer.text
    assert answer.mode == "openai:gpt-5-mini"
    assert answer.notice is None
    (citation,) = answer.citations
    assert "co-funded" in citation.quote
    assert_proven(answer, bot.catalog)
    assert "co-funded" in json.dumps(server.requests[-1].body)


def test_the_chat_model_is_told_what_stood_beside_the_question(writing: tuple[Bot, OpenAIServer]) -> None:
    bot, server = writing
    server.replies = ["Japan is one of those who fund it [1]."]
    answer = bot.ask(f"{QUESTION} One short sentence will do.")
    assert answer.standalone_question == QUESTION.replace("who", "Who")
    assert "One short sentence will do." in json.dumps(server.requests[-1].body)


def test_a_sentence_that_rests_on_nothing_is_not_shown(writing: tuple[Bot, OpenAIServer]) -> None:
    bot, server = writing
    server.replies = [
        "Japan funds it [1]. It costs 12 million dollars [1]. Peru funds it too. So does Mars [9]."
    ]
    *pieces, answer = bot.ask_stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.text == "Japan funds it [1]."
    assert "".join(str(piece) for piece in pieces) == answer.text


def test_where_the_chat_model_says_that_the_evidence_does_not_answer_the_question_is_declined(
    writing: tuple[Bot, OpenAIServer],
) -> None:
    bot, server = writing
    server.replies = ["NO_ANSWER"]
    *pieces, answer = bot.ask_stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.declined
    assert answer.closest is not None
    assert "".join(str(piece) for piece in pieces) == answer.text


@pytest.mark.parametrize("reply", ["I made this up.", "It costs 12 million dollars [1]."])
def test_where_nothing_that_was_written_is_proven_the_quotes_stand_in_with_a_notice(
    writing: tuple[Bot, OpenAIServer], bot: Bot, reply: str
) -> None:
    written, server = writing
    server.replies = [reply]
    *pieces, answer = written.ask_stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.text == bot.ask(QUESTION).text
    assert answer.notice
    assert "".join(str(piece) for piece in pieces) == answer.text
    assert_proven(answer, written.catalog)


def test_what_was_streamed_before_the_chat_model_was_cut_off_stays_and_the_quotes_follow(
    writing: tuple[Bot, OpenAIServer], bot: Bot
) -> None:
    written, server = writing
    server.replies = [Fault("Japan funds it [1]. And so does", cut="connection")]
    *pieces, answer = written.ask_stream(QUESTION)
    assert isinstance(answer, Answer)
    assert "".join(str(piece) for piece in pieces) == answer.text
    assert answer.text.startswith("Japan funds it [1].\n\n")
    assert all(funder in answer.text for funder in FUNDERS)
    assert answer.notice
    assert_proven(answer, written.catalog)
    assert written.ask(QUESTION).text == bot.ask(QUESTION).text  # nothing was shown: the quotes stand alone


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault(status=401), Fault("Japan funds it [1]. And", cut="connection"), Fault("")],
    ids=["error", "refused", "cut off", "empty"],
)
def test_where_the_chat_model_fails_the_quotes_stand_in_with_a_notice(
    writing: tuple[Bot, OpenAIServer], fault: Fault
) -> None:
    bot, server = writing
    server.replies = [fault]
    answer = bot.ask(QUESTION)
    assert all(funder in answer.text for funder in FUNDERS)
    assert answer.notice
    assert_proven(answer, bot.catalog)


def test_a_sentence_that_fails_is_written_again_and_the_calls_are_counted(
    writing: tuple[Bot, OpenAIServer],
) -> None:
    bot, server = writing
    server.replies = ["It costs 12 million dollars [1]. Japan funds it [1].", "Hungary funds it [1]."]
    answer = bot.ask(QUESTION)
    assert answer.text == "Hungary funds it [1]. Japan funds it [1]."
    assert answer.notice is None
    assert "12000000" in json.dumps(server.requests[-1].body)
    assert answer.usage is not None
    assert answer.usage.calls == len(server.requests) == 2


def test_without_evidence_the_chat_model_is_not_asked(writing: tuple[Bot, OpenAIServer]) -> None:
    bot, server = writing
    assert bot.ask(UNANSWERABLE).declined
    assert server.requests == []


def test_the_chat_model_is_told_of_the_turns_before(writing: tuple[Bot, OpenAIServer]) -> None:
    bot, server = writing
    server.replies = ["Japan funds it [1].", "It assists 66 states [1]."]
    first = bot.ask(QUESTION)
    answer = bot.ask("And how many countries does it assist?", [Turn(QUESTION, first)])
    assert answer.text == "It assists 66 states [1]."
    assert QUESTION in json.dumps(server.requests[-1].body)


# Others beside it


def test_eight_threads_get_the_answers_that_one_gets(settings: Settings, bot: Bot) -> None:
    questions = [question.question for question in HOLDOUT[:8]]
    expected = [bot.ask(question) for question in questions]
    fresh = Bot(settings)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(fresh.ask, questions * 3))
    finally:
        fresh.close()
    for answer, wanted in zip(found, expected * 3, strict=True):
        assert same(answer, wanted)


def test_what_another_process_ingests_is_known_at_the_next_question(copied: Settings) -> None:
    question = "Who opened the Lake Office in Chad?"
    bot = Bot(copied)
    try:
        assert not any("Amina Diallo" in citation.quote for citation in bot.ask(question).citations)
        (copied.corpus_dir / "chad.txt").write_text(
            "THE LAKE OFFICE\n\nN'Djamena, 4 May 2024 – Ms. Amina Diallo opened the Lake Office in Chad.\n"
        )
        ingest(copied)
        answer = bot.ask(question)
        assert "Amina Diallo" in answer.text
        assert answer.citations[0].release_id == "chad"
        assert_proven(answer, bot.catalog)
        (copied.corpus_dir / "chad.txt").unlink()
        ingest(copied)
        assert not any(citation.release_id == "chad" for citation in bot.ask(question).citations)
    finally:
        bot.close()


def test_a_rebuild_beside_it_does_not_disturb_it(copied: Settings) -> None:
    bot = Bot(copied)
    try:
        before = bot.ask(QUESTION)
        ingest(copied, "--rebuild")
        assert same(bot.ask(QUESTION), before)
    finally:
        bot.close()


def test_an_index_of_another_embedding_model_names_both_and_the_command(copied: Settings) -> None:
    bot = Bot(copied)
    with Catalog.open(copied.data_dir / FILE, create=False) as catalog:
        stamp = catalog.stamp
        assert stamp is not None
        catalog.apply(
            [], [], stamp=Stamp("openai:text-embedding-3-small", stamp.splitter), collection="other"
        )
    try:
        with pytest.raises(IndexMismatchError) as while_open:
            bot.ask(QUESTION)
        with pytest.raises(IndexMismatchError) as at_start:
            Bot(copied)
    finally:
        bot.close()
    for raised in (while_open, at_start):
        assert "openai:text-embedding-3-small" in str(raised.value)
        assert "embedded:multilingual-e5-small" in str(raised.value)
        assert "python -m ingest --rebuild" in str(raised.value)


def test_an_index_whose_vectors_are_gone_says_how_to_build_it(copied: Settings) -> None:
    shutil.rmtree(copied.data_dir / "chroma")
    bot = Bot(copied)
    try:
        with pytest.raises(IndexDamagedError, match=r"python -m ingest"):
            bot.ask(QUESTION)
    finally:
        bot.close()


def test_an_index_that_is_removed_while_it_is_open_is_an_error_that_says_what_to_do(copied: Settings) -> None:
    bot = Bot(copied)
    bot.ask(QUESTION)
    for path in copied.data_dir.iterdir():
        if path.name == "chroma":
            shutil.rmtree(path)
        elif path.name != "models":
            path.unlink()
    try:
        with pytest.raises(CommuniqueError, match="python -m ingest"):
            bot.ask(QUESTION)
    finally:
        bot.close()


def test_without_an_index_there_is_no_bot(copied: Settings, tmp_path: Path) -> None:
    missing = copied.model_copy(update={"data_dir": tmp_path / "missing"})
    assert is_empty(missing)
    assert not is_empty(copied)
    with pytest.raises(IndexDamagedError, match="python -m ingest"):
        Bot(missing)
    assert not (tmp_path / "missing").exists()
