"""Prose is shown sentence by sentence once it is proven; what fails is repaired, removed, or replaced by quotes."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from bot.claims import whole
from bot.domain import Evidence, PublicationDate, Release
from bot.e5 import EmbeddedE5
from bot.errors import ChatModelError
from bot.model.chat_model import ADVICE
from bot.prompts import told
from bot.proof.prove import Prover, Verdict
from bot.select import Selection
from bot.verify import quoted
from bot.writing import REPAIRS, Written, unwritten, write
from tests.fakes import FakeChatModel

QUESTION = "Who funds the Border Programme?"


def release(text: str, day: date) -> Release:
    published = PublicationDate(day, "stated", "")
    return Release(f"r{day}", "", "r.txt", "0" * 64, text, "The Border Programme", "en", published)


def quotes(of: Release, *words: str) -> tuple[Evidence, ...]:
    starts = [of.text.index(each) for each in words]
    return tuple(
        Evidence(of, start, start + len(each), 0.9) for start, each in zip(starts, words, strict=True)
    )


FUNDS, LAUNCH, GIFT = (
    "Qatar funds the Border Programme.",
    "It was launched in 2019 and assists 66 States.",
    "Japan gave 2.5 million dollars to the programme in May 2021.",
)
CHOSEN = Selection(quotes(release(f"{FUNDS} {LAUNCH} {GIFT}", date(2023, 6, 23)), FUNDS, LAUNCH, GIFT))
NEW = release("The Border Programme assists 70 States.", date(2024, 6, 6))
OLD = release("The Border Programme assists 41 States.", date(2021, 5, 4))
DIFFERING = Selection((*quotes(NEW, NEW.text), *quotes(OLD, OLD.text)), differ=True)


@pytest.fixture(scope="module")
def prover(model_cache: Path) -> Prover:
    return Prover(EmbeddedE5(model_cache))


class CutOff(FakeChatModel):
    """A chat model whose connection breaks at the end of what it sends."""

    def _pieces(self, messages: list[BaseMessage]) -> Iterator[str]:  # type: ignore[override]
        yield from super()._pieces(messages)
        raise RuntimeError("gone")


def wrote(
    prover: Prover,
    *replies: str | Sequence[str] | Exception,
    chosen: Selection = CHOSEN,
    language: str = "en",
    shown: bool = True,
    model: FakeChatModel | None = None,
    seconds: float = 30,
) -> tuple[list[str], Written, FakeChatModel]:
    """The pieces, what they came to, and the model that was asked."""
    model = model or FakeChatModel(replies=replies)
    writing = write(QUESTION, language, chosen, model, prover, date(2026, 1, 1), seconds=seconds, shown=shown)
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(writing))
        except StopIteration as ended:
            written: Written = ended.value
            break
    assert not shown or "".join(pieces) == written.text
    assert [each.number for each in written.citations] == [*range(1, len(written.citations) + 1)]
    return pieces, written, model


def cited(written: Written) -> list[str]:
    return [citation.quote for citation in written.citations]


# Sentence by sentence


def test_each_sentence_is_shown_by_itself_and_cites_what_it_rests_on(prover: Prover) -> None:
    pieces, written, model = wrote(prover, f"Japan gave 2.5 million dollars [3]. {FUNDS[:-1]} [1].")
    assert pieces == ["Japan gave 2.5 million dollars [1].", " Qatar funds the Border Programme [2]."]
    assert cited(written) == [GIFT, FUNDS]
    assert written.notice is None
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "reply",
    ["Qatar funds it. [1] It was launched in 2019. [2]", "[1] Qatar funds it.\n[2] It was launched in 2019."],
)
def test_marks_behind_and_before_their_sentence_are_understood(prover: Prover, reply: str) -> None:
    _, written, _ = wrote(prover, reply)
    assert cited(written) == [FUNDS, LAUNCH]
    assert written.notice is None


def test_names_in_each_other_s_place_are_not_shown(prover: Prover) -> None:
    _, written, model = wrote(prover, f"The Border Programme funds Qatar [1]. {LAUNCH[:-1]} [2].", "-")
    assert cited(written) == [LAUNCH]
    assert "the other way round" in str(model.asked[1][-1].content)


def test_a_list_is_shown_with_its_lead_in(prover: Prover) -> None:
    prose = "The programme is funded by:\n- Qatar [1]\n- Peru [1]\n\nIt was launched in 2019 [2]."
    _, written, _ = wrote(prover, prose, "-")
    assert written.text == "The programme is funded by:\n- Qatar [1]\n\nIt was launched in 2019 [2]."
    assert written.notice == told("left_out", "en")


def test_what_was_said_is_not_said_again(prover: Prover) -> None:
    _, written, _ = wrote(prover, "Qatar funds it [1]. Qatar funds it [1]. Qatar funds it [1].")
    assert written.text == "Qatar funds it [1]."
    assert written.notice is None


def test_invisible_characters_are_not_shown(prover: Prover) -> None:
    _, written, _ = wrote(prover, "Qatar\u202e funds\u200b it\U000e0041 [1].")
    assert written.text == "Qatar funds it [1]."


def test_markdown_that_was_not_asked_for_is_plain_text(prover: Prover) -> None:
    _, written, _ = wrote(prover, "## Funding\n\n**Qatar** funds *it* [1].", "-")
    assert written.text == "Qatar funds it [1]."


# Repairs


def test_a_sentence_that_fails_is_repaired_once_with_the_reason(prover: Prover) -> None:
    _, written, model = wrote(
        prover,
        "Qatar funds it [1]. It was launched in 2018 [2]. Japan gave money [3].",
        "It was launched in 2019 [2].",
    )
    assert written.text == "Qatar funds it [1]. It was launched in 2019 [2]. Japan gave money [3]."
    assert written.notice is None
    assert "does not hold 2018" in model.asked[1][-1].text
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    "repaired",
    [
        "It was launched in 2017 [2].",
        "NO_ANSWER",
        RuntimeError("gone"),
        "It was launched in 2019 [2]. It assists 66 States [2].",
        "",
    ],
)
def test_a_repair_that_fails_leaves_the_sentence_out_and_says_so(
    prover: Prover, repaired: str | Exception
) -> None:
    _, written, model = wrote(prover, "Qatar funds it [1]. It was launched in 2018 [2].", repaired)
    assert written.text == "Qatar funds it [1]."
    assert written.notice == told("left_out", "en")
    assert cited(written) == [FUNDS]
    assert len(model.asked) == 2


def test_repairs_are_few(prover: Prover) -> None:
    wrong = " ".join(f"It was launched in {year} [2]." for year in range(1990, 2010))
    _, written, model = wrote(prover, wrong, "It is 1 [1].")
    assert len(model.asked) == 1 + REPAIRS
    assert written.text == quoted(CHOSEN.evidence)[0]


def test_prose_that_names_no_evidence_is_repaired_as_a_whole(prover: Prover) -> None:
    _, written, model = wrote(
        prover, "Qatar funds it. It was launched in 2019.", "Qatar funds it [1]. It was launched in 2019 [2]."
    )
    assert written.text == "Qatar funds it [1]. It was launched in 2019 [2]."
    assert len(model.asked) == 2


# Nothing left


def test_where_nothing_is_proven_the_quotes_stand_in(prover: Prover) -> None:
    _, written, _ = wrote(prover, "I made this up. Peru funds it [1].")
    assert (written.text, written.citations) == quoted(CHOSEN.evidence)
    assert written.notice == told("unproven", "en")


def test_where_the_model_says_that_the_evidence_does_not_answer_there_is_no_text(prover: Prover) -> None:
    pieces, written, _ = wrote(prover, "NO_ANSWER")
    assert (pieces, written.text, written.citations, written.notice) == ([], "", (), None)


# Language


def test_an_answer_in_another_language_is_written_again(prover: Prover) -> None:
    _, written, model = wrote(prover, "Le Qatar finance le programme [1].", "Qatar funds the programme [1].")
    assert written.text == "Qatar funds the programme [1]."
    assert written.notice is None
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    ("language", "prose"),
    [
        ("en", "Le Qatar finance le programme et le Japon aussi [1][3]."),
        ("fr", "Qatar funds the programme and so does Japan [1][3]."),
    ],
)
def test_where_it_stays_in_another_language_the_quotes_stand_in(
    prover: Prover, language: str, prose: str
) -> None:
    _, written, model = wrote(prover, prose, language=language)
    assert (written.text, written.citations) == quoted(CHOSEN.evidence)
    assert written.notice == told("wrong_language", language)
    assert len(model.asked) == 2


def test_a_french_answer_rests_on_english_quotes(prover: Prover) -> None:
    prose = "Le Qatar finance le programme frontières [1]. Le Japon a donné 2,5 millions de dollars en mai 2021 [3]."
    _, written, _ = wrote(prover, prose, language="fr")
    assert written.text == prose.replace("[3]", "[2]")
    assert written.notice is None


# Failures


@pytest.mark.parametrize("shown", [True, False])
def test_what_was_shown_before_a_failure_stays_and_the_quotes_follow(prover: Prover, shown: bool) -> None:
    model = CutOff(replies=["Japan gave money [3]. And so did it"])
    _, written, _ = wrote(prover, shown=shown, model=model)
    assert written.failed
    if shown:
        assert written.text == (f"Japan gave money [1].\n\n{GIFT} [1] {FUNDS} [2] {LAUNCH} [3]")
        assert cited(written) == [GIFT, FUNDS, LAUNCH]
    else:
        assert (written.text, written.citations) == quoted(CHOSEN.evidence)
    assert written.notice
    assert "gone" in written.notice


def test_an_answer_of_white_space_is_none(prover: Prover) -> None:
    _, written, _ = wrote(prover, " \n \n")
    assert (written.text, written.citations) == quoted(CHOSEN.evidence)
    assert written.notice == told("unproven", "en")


def test_a_notice_is_one_visible_line_whatever_the_provider_says() -> None:
    written = unwritten(CHOSEN, "en", ChatModelError("It said:\n\x1b[31m\u202eobey"))
    assert written.notice == f"{told('failed', 'en', reason='It said: [31mobey')}"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_model_that_cannot_be_opened_leaves_the_quotes(language: str) -> None:
    written = unwritten(CHOSEN, language, ChatModelError(f"The chat model x {ADVICE['TimeoutError']}"))
    assert (written.text, written.citations) == quoted(CHOSEN.evidence)
    assert "took too long" in (written.notice or "")
    assert written.failed


def test_what_comes_all_at_once_is_shown_sentence_by_sentence(prover: Prover) -> None:
    pieces, _, _ = wrote(prover, [f"{FUNDS[:-1]} [1]. {LAUNCH[:-1]} [2]. {GIFT[:-1]} [3]."])
    assert len(pieces) == 3


class SlowProver(Prover):
    """Takes a twentieth of a second for a sentence."""

    def prove(self, *arguments: Any, **options: Any) -> Verdict:
        time.sleep(0.05)
        return super().prove(*arguments, **options)


def test_what_comes_faster_than_it_is_proven_ends_with_the_time(model_cache: Path) -> None:
    pages = f"{FUNDS[:-1]} [1]. " * 1200
    started = time.monotonic()
    _, written, _ = wrote(SlowProver(EmbeddedE5(model_cache)), pages.split("|"), seconds=1)
    assert time.monotonic() - started < 20
    assert written.text.startswith("Qatar funds the Border Programme [1].")
    assert "took too long" in (written.notice or "")


def test_a_long_sentence_costs_no_more_for_each_word_of_it(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr("bot.writing.whole", lambda text: (looks.append(len(text)), whole(text))[1])
    wrote(prover, f"{'and Qatar ' * 380}funds it [1].")
    assert len(looks) < 300


# Figures that differ


@pytest.mark.parametrize(
    ("prose", "text"),
    [
        (
            "It assists 70 States [1], and 41 before [2].",
            "It assists 70 States (as of 6 June 2024) [1], and 41 before (as of 4 May 2021) [2].",
        ),
        (
            "It assists 70 States [1].",
            "It assists 70 States (as of 6 June 2024) [1].\n\n4 May 2021 – The Border Programme assists 41 States. [2]",
        ),
        (
            "It assists 41 States [2].",
            "6 June 2024 – The Border Programme assists 70 States. [1]\n\nIt assists 41 States (as of 4 May 2021) [2].",
        ),
        (
            "As of 2024, it assists 70 States [1]. In 2021 it assisted 41 States [2].",
            "As of 2024, it assists 70 States [1]. In 2021 it assisted 41 States [2].",
        ),
        (
            "Nothing.",
            "6 June 2024 – The Border Programme assists 70 States. [1]\n\n"
            "4 May 2021 – The Border Programme assists 41 States. [2]",
        ),
    ],
)
def test_the_newest_figure_comes_first_and_each_has_the_day_of_its_release(
    prover: Prover, prose: str, text: str
) -> None:
    assert wrote(prover, prose, chosen=DIFFERING)[1].text == text


def test_figures_that_differ_are_dated_in_the_language_of_the_answer(prover: Prover) -> None:
    _, written, _ = wrote(
        prover,
        "Il soutient 70 États [1]. Il soutenait 41 États avant cela [2].",
        chosen=DIFFERING,
        language="fr",
    )
    assert "70 États (au 6 juin 2024) [1]" in written.text
    assert "4 mai 2021" in written.text
