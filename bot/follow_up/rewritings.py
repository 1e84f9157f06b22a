"""Rewritings of a question that leans on the turns before it, each of which stands alone.

It works on words, without a chat model and without the corpus: which rewriting is meant is chosen in `bot.rewrite`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.domain import Turn
from bot.follow_up.antecedents import antecedents, subject
from bot.follow_up.binding import may_stand_for, names_itself
from bot.follow_up.fragments import completed, is_clause, is_fragment, joined
from bot.follow_up.interrogatives import asked_again, bare_interrogative
from bot.follow_up.mentions import Mention, mentions
from bot.follow_up.pronouns import Pronoun, bracketed, pronouns, replaced
from bot.follow_up.said import Conversation, conversation
from bot.follow_up.words import INTERROGATIVES, NameShare, is_title
from bot.language.plain import capitalised
from bot.language.terms import content_words, fold, language_of

LONGEST = 400
"""Characters of the longest question that leans on another."""
REWRITINGS = 3
"""Rewritings of one question at most."""
LEAST_SHARE = 0.5
"""A rewriting is offered where it is at least this share as likely as the likeliest."""
SURE = 0.6
"""Weight from which on a second pronoun is replaced as well."""

_OPENING = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|thanks?(?: you)?|merci|and|but|so|also|then|now|well|great|what about|how about|et|mais|donc|"
    r"alors|aussi|sinon|(?:lui|elle|eux|elles)(?=\s*,)|d['’]accord|qu['’]en est-il (?:de|du|des|d['’]))\b[\s,.!]*)+",
    re.I,
)
_AGAIN = re.compile(
    r"(?:are you sure|really|is that (?:right|true|correct|all)|vraiment|c['’]est sûr|en es-tu sûre?|"
    r"en êtes-vous sûre?s?)",
    re.I,
)
_MORE = re.compile(
    r"\b(?:else|other|others|another|also|more|further|besides|same|autres?|aussi|également|plus|encore|même)\b",
    re.I,
)
_TOPIC = re.compile(
    r"^(?:(?:about|as for|as to|regarding|concerning|turning to|on to|moving (?:on )?to|back to|à propos d[eu]s?|"
    r"concernant|s['’]agissant d[eu]s?|pour ce qui est d[eu]s?|quant (?:à|aux?)|revenons (?:à|aux?)|passons (?:à|aux?))"
    r"\s+(?P<named>[^,:;?]*\w)\s*[,:;]|(?P<alone>[^,:;?]*\w)\s*:)\s+(?P<rest>\S.*)",
    re.I | re.S,
)
_SENTENCE_END = re.compile(r"[.!?…]+\s+(?=\S)")
_IS = re.compile(r"^\s*\w+\s+(?:is|are|was|were|est|sont|était|étaient)\s+", re.I)
_ARTICLE = re.compile(r"^(?:the |le |la |l['’])")
_POINTING = frozenset("that this these those".split())


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A question that stands alone, and how likely that is what was meant, before anything is looked up.

    It `leans` where what was asked and answered before tells what it is about.
    """

    text: str
    prior: float
    leans: bool = True


def rewritings(question: str, turns: Sequence[Turn], name_share: NameShare) -> list[Rewriting]:
    """What the question may mean, the likeliest first; the question alone where it stands alone."""
    bare = _OPENING.sub("", question).strip()
    leans = turns and len(question) <= LONGEST and any(character.isalnum() for character in bare)
    if not leans:
        return [Rewriting(question, 1.0, leans=False)]
    name_share = cache(name_share)
    before = _SENTENCE_END.split(turns[-1].answer.standalone_question.strip())[-1]
    language = "fr" if language_of(question, turns[-1].answer.language) == "fr" else "en"
    opens = bare != question.strip()
    if _AGAIN.fullmatch(bare.strip(" ?!.…")):
        return [Rewriting(before, 1.0)]
    asks = bare_interrogative(bare)
    if asks and not (pronouns(bare, language) and _only_is(before, language, name_share)):
        return [Rewriting(asked_again(before, asks), 1.0)]
    named = mentions(bare, language, name_share)
    if is_fragment(bare, opens, language):
        ways = _ranked(_completed(before, bare, language, name_share))
        return [replace(way, leans=_names_nothing(named)) for way in ways]
    if about := _topic(bare, language, name_share):
        return [Rewriting(capitalised(about), 1.0, leans=False)]
    asks_from = max((end.end() for end in _SENTENCE_END.finditer(bare)), default=0)
    standing = [
        one
        for one in pronouns(bare, language)
        if one.start >= asks_from and not names_itself(one, named, bare, language)
    ]
    alone = bare if opens else question
    if standing:
        talk = conversation(turns, language, name_share)
        return _ranked(_resolved(bare, standing, turns, talk, name_share) or [(alone, 1.0)])
    if pointing := _pointing(named):
        things = antecedents(
            Pronoun("noun", 0, 0, noun=pointing.text), conversation(turns, language, name_share)
        )
        if found := [thing.phrase for thing in things if fold(thing.phrase) != fold(pointing.phrase)]:
            start = re.sub(r"[\w’']+\s*$", "", bare[: pointing.start])
            return _ranked([(f"{start}{found[0]}{bare[pointing.end :]}", 1.0), (alone, 0.5)])
    if _is_incomplete(bare, opens, named, language):
        topic = subject(conversation(turns, language, name_share))
        return _ranked([(alone, 1.0), *([(bracketed(bare, topic, language), 1.0)] if topic else [])])
    return [Rewriting(capitalised(alone) if opens else question, 1.0, leans=_names_nothing(named))]


def _names_nothing(named: Sequence[Mention]) -> bool:
    """Whether a question names nothing that might be told of elsewhere than what was asked before."""
    return not any(
        mention.kind in ("person", "place") or (mention.proper and mention.has_capital)
        for mention in named
        if mention.kind != "time"
    )


def _topic(bare: str, language: str, name_share: NameShare) -> str:
    """What is asked of a topic that is named first, "about the Office: when did it open?", with its name; else ""."""
    told = _TOPIC.match(bare)
    if not told:
        return ""
    start, end = told.span("named" if told["named"] else "alone")
    named = mentions(bare[:end], language, name_share)
    if not (len(named) == 1 and named[0].proper and named[0].start >= start and named[0].end == end):
        return ""
    rest = told["rest"]
    own = mentions(rest, language, name_share)
    points = [
        one
        for one in pronouns(rest, language)
        if one.kind in ("person", "thing", "group")
        and may_stand_for(one, named[0], language)
        and not names_itself(one, own, rest, language)
    ]
    return _put(rest, points[0], bare[start:end], language, name_share) if points else ""


def _only_is(question: str, language: str, name_share: NameShare) -> bool:
    """Whether the question says of its subject only that it is: "Where is the fair?"."""
    rest = _IS.sub("", question.rstrip(" ?.!"))
    named = mentions(rest, language, name_share)
    return rest != question.rstrip(" ?.!") and len(named) == 1 and named[0].end == len(rest)


def _completed(before: str, bare: str, language: str, name_share: NameShare) -> list[tuple[str, float]]:
    """The question before completed with a fragment, or the fragment behind it, or alone where it may be a topic."""
    if texts := completed(before, bare, language_of(before, language), name_share):
        return [(text, 1 / 2**place) for place, text in enumerate(texts)]
    names = {
        word
        for mention in mentions(bare, language, name_share)
        if mention.proper
        for word in mention.text.split()
    }
    is_topic = any(word not in names for word, _ in content_words(bare, language))
    whole = is_clause(before)
    return [
        (joined(before, bare), 1.0 if whole else 0.75),
        *([(bare, 0.75 if whole else 1.0)] if is_topic else []),
    ]


def _resolved(
    bare: str, standing: Sequence[Pronoun], turns: Sequence[Turn], talk: Conversation, name_share: NameShare
) -> list[tuple[str, float]]:
    """The question with its first pronoun replaced, in each likely way, and the first one of each other kind."""
    first, *others = standing
    text, kinds = bare, {first.kind}
    ways = antecedents(first, talk)
    taken = ways[0].phrase if ways else ""
    later = []
    for other in others:
        if (
            other.kind in ("person", "thing", "group")
            and other.kind not in kinds
            and other.text not in _POINTING
        ):
            kinds.add(other.kind)
            later.append(other)
    for other in reversed(later):
        found = [way for way in antecedents(other, talk) if way.phrase != taken]
        if found and found[0].weight >= SURE:
            text = _put(text, other, found[0].phrase, talk.language, name_share)
    if first.kind == "one":
        return _another(text, first, turns, talk.language, name_share)
    if not ways and first.kind == "noun" and (topic := subject(talk)):
        return [(bracketed(text, topic, talk.language), 1.0)]
    return [(_put(text, first, way.phrase, talk.language, name_share), way.weight) for way in ways]


def _put(text: str, pronoun: Pronoun, phrase: str, language: str, name_share: NameShare) -> str:
    owned = [
        mention for mention in mentions(text[pronoun.start :], language, name_share)[:1] if mention.owned
    ]
    return replaced(text, pronoun, phrase, language, pronoun.start + owned[0].end if owned else 0)


def _another(
    text: str, pronoun: Pronoun, turns: Sequence[Turn], language: str, name_share: NameShare
) -> list[tuple[str, float]]:
    """The question with "the next one" named: another of what the question before was about."""
    last = turns[-1]
    before = last.answer.standalone_question
    moved = completed(before, f"the {pronoun.noun} one", language_of(before, language), name_share)
    ways = []
    for place, other in enumerate(moved or [before]):
        answer = replace(last.answer, standalone_question=other, citations=(), text="")
        if topic := subject(conversation([replace(last, answer=answer)], language, name_share)):
            if not moved:
                article = "the" if language == "en" else "la" if pronoun.noun.endswith("e") else "le"
                topic = f"{article} {pronoun.noun} {_ARTICLE.sub('', topic)}"
            ways.append((f"{text[: pronoun.start]}{topic}{text[pronoun.end :]}", 1 / 2**place))
    return ways


def _pointing(named: Sequence[Mention]) -> Mention | None:
    """What a question points to by one word alone ("the workshop", "the Minister"), where it names nothing else."""
    for mention in named:
        one = len(mention.text.split()) == 1 and (mention.kind == "thing" or is_title(mention.text))
        if mention.definite and one and not any(other.proper for other in named if other is not mention):
            return mention
    return None


def _is_incomplete(bare: str, opens: bool, named: Sequence[Mention], language: str) -> bool:
    """Whether the question says too little to stand alone."""
    if any(mention.proper for mention in named):
        return False
    words = [word for word, _ in content_words(bare, language) if fold(word) not in INTERROGATIVES]
    return len(words) <= (3 if opens or _MORE.search(bare) else 1)


def _ranked(found: Sequence[tuple[str, float]]) -> list[Rewriting]:
    best: dict[str, float] = {}
    for text, weight in found:
        best[capitalised(text)] = max(weight, best.get(capitalised(text), 0.0))
    ways = sorted(best.items(), key=lambda way: -way[1])[:REWRITINGS]
    kept = [(text, weight) for text, weight in ways if weight >= LEAST_SHARE * ways[0][1]]
    total = sum(weight for _, weight in kept)
    return [Rewriting(text, weight / total) for text, weight in kept]
