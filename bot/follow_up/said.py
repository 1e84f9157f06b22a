"""What was said in the turns before a question, and whom and what that mentions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain import Answer, Turn
from bot.follow_up.mentions import Mention, inner, mentions
from bot.follow_up.pronouns import pronouns
from bot.follow_up.words import NameShare
from bot.language.asked import Kind, asked
from bot.language.terms import content_words, fold, language_of, stem

TURNS = 3
"""Turns that are looked back on."""
CHARACTERS = 1500
"""How much of a text is looked at: its beginning."""
BESIDE = 40
"""Characters between two words at which their nearness is a half."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the conversation with what it mentions, and the names inside of longer mentions.

    `back` counts turns from the last. A question is the one that stands alone; a title is that of a release which
    was quoted.
    """

    text: str
    place: Literal["question", "answer", "title"]
    back: int
    language: str
    found: tuple[Mention, ...]
    inner: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns before a question, the last first.

    `genders` gives, by folded name, "m" or "f" for people of whom a question said "he" or "she". `asked_for` is what
    the last question asked for.
    """

    texts: tuple[Said, ...]
    genders: Mapping[str, str]
    asked_for: frozenset[Kind]
    language: str

    @property
    def question(self) -> Said:
        """The last question."""
        return self.texts[0]


def conversation(turns: Sequence[Turn], language: str, name_share: NameShare) -> Conversation:
    """What was said in the turns, of which there is one at least; `language` is that of the next question."""
    texts = tuple(_said(turns, language, name_share))
    return Conversation(texts, _genders(turns, texts), asked(texts[0].text), language)


def told(text: str, language: str) -> Turn:
    """What was told beside a question, as a turn of the conversation that nothing answered."""
    return Turn(text, Answer("", text, text, "", declined=True, language=language, mode=""))


def answered(answer: Answer) -> list[str]:
    """What the answer said: its quotes, or its text where it quotes nothing; nothing where it declined."""
    if answer.declined:
        return []
    if answer.citations:
        return [citation.quote[:CHARACTERS] for citation in answer.citations]
    return [answer.text[:CHARACTERS]] if answer.text.strip() else []


def fullest(mention: Mention, texts: Sequence[Said]) -> str:
    """The longer form in which a person is named: that of a question or a title before others."""
    words = set(fold(mention.text).split())
    for places in (("question", "title"), ("answer",)):
        for item in texts:
            for other in item.found if item.place in places else ():
                if other.kind == "person" and words < set(fold(other.text).split()):
                    return other.text
    return mention.text


def nearness(item: Said, mention: Mention, stems: frozenset[str]) -> float:
    """How near to a mention the nearest of the words stands: 1 beside it, 0 where its text has none."""
    places = [
        min(abs(start - mention.end), abs(mention.start - start))
        for start, word in _placed(item)
        if word in stems and not mention.start <= start < mention.end
    ]
    return 1 / (1 + min(places) / BESIDE) if places else 0.0


def stems_of(item: Said) -> frozenset[str]:
    """The stems of what a text says."""
    return frozenset(word for _, word in _placed(item))


def _said(turns: Sequence[Turn], language: str, name_share: NameShare) -> Iterator[Said]:
    for back, turn in enumerate(list(reversed(turns))[:TURNS]):
        answer = turn.answer
        texts: list[tuple[Literal["question", "answer", "title"], str]] = [
            ("question", answer.standalone_question[:CHARACTERS])
        ]
        texts += [("answer", text) for text in answered(answer)]
        texts += [
            ("title", title) for title in dict.fromkeys(citation.title for citation in answer.citations)
        ]
        for place, text in texts:
            spoken = language_of(text, answer.language)
            found = mentions(text, spoken, name_share, prose=place != "question")
            parts = inner(found, spoken, name_share)
            yield Said(text, place, back, spoken, tuple(found), tuple(parts))


def _genders(turns: Sequence[Turn], texts: Sequence[Said]) -> dict[str, str]:
    found = {}
    for item in texts:
        if item.place == "question":
            asked_as = turns[-1 - item.back].question
            genders = {one.gender for one in pronouns(asked_as, item.language) if one.kind == "person"} - {""}
            if len(genders) == 1:
                for mention in item.found:
                    if mention.kind == "person" and fold(mention.text) not in fold(asked_as):
                        found[fold(mention.text)] = next(iter(genders))
    return found


def _placed(item: Said) -> Iterator[tuple[int, str]]:
    start = 0
    for word, folded in content_words(item.text, item.language):
        start = max(item.text.find(word, start), start)
        yield start, stem(folded, item.language)
