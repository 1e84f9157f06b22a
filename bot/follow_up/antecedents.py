"""Whom or what a pronoun of a question stands for, in the turns before it.

It ranks by where something was mentioned and of what kind it is; whether the corpus knows is not its to say. The
weights are chosen, not fitted: on the first 1,000 turns of CANARD and on the project's own questions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.follow_up.described import WHO, described
from bot.follow_up.interrogatives import asked_for
from bot.follow_up.mentions import Mention, countries
from bot.follow_up.pronouns import Pronoun, joined, of
from bot.follow_up.said import Conversation, Said, fullest, nearness, stems_of
from bot.follow_up.words import INDEFINITE, is_title
from bot.language.terms import content_words, fold, stem

FADING = 0.6
"""What a mention weighs of what it would weigh a turn later."""
SAME = 5
"""Letters by which a country and its people are told: "Qatar", "Qatari"."""
ABOUT_TEXT = frozenset("article release text document story page communique texte".split())
"""What a question calls the text itself: it stands for nothing that was said."""
EMPTY = ABOUT_TEXT | frozenset(
    "one ones time day year thing way moment context case regard respect fois jour annee chose facon contexte "
    "cas".split()
)
"""Words for which no pronoun stands."""
_PLACES = frozenset("country city town place venue pays ville lieu endroit".split())
_ASKS_WHERE = re.compile(
    r"\W*(?:where|ou|(?:\w+ )?(?:which|what|quel(?:le)?) (?:city|town|place|venue|ville|lieu|endroit))\b"
)
_WHO_IS = re.compile(r"\s*(?:who|qui)(?:['’]s|\s+(?:is|was|are|were|est|sont|était))\s+", re.I)
_WHICH = re.compile(
    r"(?:\w+ )?(?:which|what|quel(?:le)?s?) (?!is|are|was|were|do|does|did|will|has|have|can|est|sont)"
)
_WHAT_DID = re.compile(r"\s*what\s+(?:did|does|do|will|has|have|had)\b", re.I)
_DETERMINER = re.compile(r"\s+(?:(?:an?|the|its|their|his|her)\s+)?$", re.I)
_INANIMATE = frozenset(
    "accord agreement atelier ceremony conference contract convention deal dialogue event forum law meeting memorandum "
    "mou project projet protocol report resolution reunion session statement summit talks text treaty visit workshop "
    "ceremonie conference rapport sommet traite visite".split()
)
_AND = frozenset({"and", "et", "and the", "et le", "et la", "et l'"})


@dataclass(frozen=True, slots=True)
class Antecedent:
    """What a pronoun may stand for, as another sentence would name it, and how readily: about 1 is likely."""

    phrase: str
    weight: float


def antecedents(pronoun: Pronoun, talk: Conversation) -> list[Antecedent]:
    """What the pronoun may stand for, the likeliest first; empty where nothing fits."""
    best: dict[str, Antecedent] = {}
    for found in _candidates(pronoun, talk):
        key = fold(found.phrase)
        if key not in best or best[key].weight < found.weight:
            best[key] = found
    return sorted(best.values(), key=lambda found: -found.weight)


def subject(talk: Conversation) -> str:
    """What the conversation is about, by the last question that says so; "" where none does."""
    found = antecedents(Pronoun("thing", 0, 0), talk)
    return found[0].phrase if found else ""


def _candidates(pronoun: Pronoun, talk: Conversation) -> Iterator[Antecedent]:
    for phrase, weight in described(pronoun, talk.question.text):
        yield Antecedent(phrase, weight)
    for item in talk.texts:
        match pronoun.kind:
            case "person":
                yield from _people(pronoun, item, talk)
            case "thing":
                of_either = pronoun.owns and talk.language == "fr"  # "son" tells no gender
                if (pronoun.gender or of_either) and not pronoun.of_event:
                    yield from _people(pronoun, item, talk)
                yield from _things(pronoun, item, talk)
            case "group":
                yield from _things(pronoun, item, talk)
                yield from _groups(item, talk)
            case "place":
                yield from _places(item, talk)
            case "noun":
                yield from _named(pronoun, item, talk)


def _people(pronoun: Pronoun, item: Said, talk: Conversation) -> Iterator[Antecedent]:
    weight = {"question": 1.5, "answer": 0.8, "title": 0.75}[item.place] * FADING**item.back
    weight *= 1.0 if pronoun.kind == "person" else 0.9  # French "il" and "elle" are things as well
    named = {
        fold(fullest(mention, talk.texts)) for mention in talk.question.found if mention.kind == "person"
    }
    told = _WHO_IS.match(talk.question.text)  # "who is Ada Finch?" asks for no other name
    asks = item.place == "answer" and item.back == 0 and "who" in talk.asked_for
    asks_whom = asks and not (told and named)
    by_words = (stems_of(talk.question), _of_whom(talk.question, item)) if asks_whom else ()
    for rank, mention in enumerate(mention for mention in item.found if mention.kind == "person"):
        name = fullest(mention, talk.texts)
        gender = mention.gender or talk.genders.get(fold(name), "")
        if gender and pronoun.gender and gender != pronoun.gender:
            continue
        score = weight
        if item.place == "answer":
            score *= 0.95**rank * (1.0 if mention.title else 0.7)
            if asks_whom and fold(name) not in named:
                score *= 2.0 + sum(nearness(item, mention, stems) for stems in by_words)
            elif pronoun.kind == "thing":
                score *= 0.6  # "il" is rather what was asked about
        if gender and gender == pronoun.gender:
            score *= 1.1 if mention.gender else 1.6  # "he" was this person before
        yield Antecedent(name, score)


def _of_whom(question: Said, answer: Said) -> frozenset[str]:
    """The words by which an answer tells of whom a question asks: the first country of both, else all."""
    told = countries(answer.text)
    for word, code in content_words(question.text, "en"):
        for name, country in told:
            if code == country or (fold(name).startswith(fold(word)[:SAME]) and len(word) >= SAME):
                return frozenset({stem(country, answer.language)})
    return stems_of(question)


def _things(pronoun: Pronoun, item: Said, talk: Conversation) -> Iterator[Antecedent]:
    faded, several = FADING**item.back, pronoun.kind == "group"
    things = [
        mention
        for mention in item.found
        if mention.kind in ("thing", "name") and fold(mention.text.split()[-1]) not in EMPTY
    ]
    if item.place == "question":
        main = _main(things, item.text, several) or next(
            (mention for mention in item.found if mention.kind == "place"), None
        )
        for mention in things or ([main] if main else []):
            weight = 1.0 if mention is main and not _is_scene(mention, item) else 0.35
            if pronoun.gender and item.back == 0 and WHO.match(item.text):
                weight *= 0.7
            if several and (not mention.proper or _is_no_group(mention)):
                weight *= 1.1 if mention.text.split()[0].endswith("s") else 0.4
            yield Antecedent(_with_owners(mention, item, talk.language), weight * faded)
    elif item.place == "title":
        for mention in [mention for mention in item.found if mention.kind != "time"][:1]:
            yield Antecedent(mention.phrase, (0.45 if several else 0.3) * faded)
    else:
        if item.back == 0 and (done := _done(things, item, talk)):
            yield Antecedent(done.phrase, 1.1)
        known = fold(" ".join(other.text for other in talk.texts if other.place == "question"))
        fresh = [mention for mention in things if mention.proper and fold(mention.text) not in known]
        asks_which = not several and _WHICH.match(fold(talk.question.text))
        only_scene = bool(talk.question.found) and all(
            _is_scene(mention, talk.question) for mention in talk.question.found
        )
        for rank, mention in enumerate(fresh[: 3 if only_scene else 1]):
            yield Antecedent(mention.phrase, (0.6 if asks_which or only_scene else 0.2) * 0.9**rank * faded)


def _is_scene(mention: Mention, item: Said) -> bool:
    """Whether it only says where or when: "What is planned in Rabat?"."""
    where = re.search(r"\b(?:in|at|near|en|à|au|aux)\s+(?:the\s+)?$", item.text[: mention.start], re.I)
    return mention.kind == "time" or (mention.kind == "place" and where is not None)


def _is_no_group(mention: Mention) -> bool:
    """Whether nobody is meant by it who could be "they": "the dialogue with Qatar"."""
    head = re.split(r"\b(?:of|between|with|on|in|for|de|du|entre|avec|sur)\b", mention.text, maxsplit=1)[0]
    return any(fold(word) in _INANIMATE for word in head.split())


def _done(things: Sequence[Mention], item: Said, talk: Conversation) -> Mention | None:
    """What the answer says was done where the question asked that: "signed a treaty" of "What did Norway sign?"."""
    if not _WHAT_DID.match(talk.question.text):
        return None
    stems = stems_of(talk.question)
    for mention in things:
        before = _DETERMINER.sub("", item.text[: mention.start]).rsplit(None, 1)
        if before and stem(fold(before[-1]), item.language) in stems:
            return mention
    return None


def _groups(item: Said, talk: Conversation) -> Iterator[Antecedent]:
    if item.place == "title":
        return
    faded = FADING**item.back
    for first, second in zip(item.found, item.found[1:], strict=False):
        between = fold(item.text[first.end : second.start].strip(" ,"))
        if between in _AND and first.proper and second.proper and first.kind != "time":
            weight = 1.1 if item.place == "question" else 0.5
            yield Antecedent(joined([first.phrase, second.phrase], talk.language), weight * faded)
    for mention in item.found:
        if mention.kind == "name" and item.place == "question" and not _is_no_group(mention):
            yield Antecedent(mention.phrase, 0.9 * faded)


def _places(item: Said, talk: Conversation) -> Iterator[Antecedent]:
    """Where a question asked for a place, that is likelier meant than one that the question named itself."""
    named = fold(talk.question.text)
    asks_where = item.back == 0 and _ASKS_WHERE.match(named)
    weight = {"question": 1.0, "answer": 0.8, "title": 0.2}[item.place] * FADING**item.back
    for mention in (*item.found, *item.inner):
        if mention.kind == "place":
            told = asks_where and item.place == "answer" and fold(mention.text) not in named
            yield Antecedent(mention.phrase, 1.2 if told else weight)


def _named(pronoun: Pronoun, item: Said, talk: Conversation) -> Iterator[Antecedent]:
    """What was mentioned by that very noun: "that programme", "the Minister", "the country"."""
    weight = {"question": 1.0, "answer": 0.9, "title": 0.5}[item.place] * FADING**item.back
    noun = stem(fold(pronoun.noun), item.language)
    for mention in (*item.found, *item.inner):
        words = content_words(f"{mention.title} {mention.text}", item.language)
        stems = [stem(folded, item.language) for _, folded in words]
        if mention.kind == "person":
            beside = is_title(pronoun.noun) and nearness(item, mention, frozenset({noun})) >= 0.5
            if noun in stems or beside:
                yield Antecedent(fullest(mention, talk.texts), weight)
        elif mention.kind == "place":
            if fold(pronoun.noun) in _PLACES:
                yield Antecedent(mention.phrase, weight)
        elif noun in stems and len(stems) > 1:
            yield Antecedent(
                mention.phrase, weight * (1.0 if mention.proper or item.place == "question" else 0.6)
            )


def _main(things: Sequence[Mention], question: str, several: bool) -> Mention | None:
    """What a question is about: the last thing it points to, else the longest name.

    It is none of several that were asked for, unless by a word for `several`: "How many states does it help?".
    """
    asked = asked_for(question)
    single = [mention for mention in things if mention.end > asked or not mention.text.endswith("s")]
    about = things if several else single or things
    pointed = [mention for mention in about if mention.definite or mention.owned]
    described = [mention for mention in pointed if mention.text[:1].islower()]  # "l'UNOCT" is a bare name
    if pointed:
        return (described or pointed)[-1]
    return max(about, key=lambda mention: (mention.proper, len(mention.text.split())), default=None)


def _with_owners(mention: Mention, item: Said, language: str) -> str:
    """The phrase, with whose it is where the text says that elsewhere: "the dialogue of UNOCT and Qatar"."""
    if mention.has_capital and mention.determiner not in INDEFINITE:
        return mention.phrase
    owners = [
        other.phrase
        for other in item.found
        if other.has_capital and other.kind in ("name", "place", "person") and other is not mention
    ]
    if not owners:
        return mention.phrase
    if language == "fr":
        return f"{mention.phrase} {joined([of(owner) for owner in owners], language)}"
    return f"{mention.phrase} of {joined(owners, language)}"
