"""Whom or what a pronoun of a question stands for, in the turns before it.

It ranks by where something was mentioned and of what kind it is; whether the corpus knows is not its to say. The
weights are chosen, not fitted: on the first 1,000 turns of CANARD and on the project's own questions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.follow_up.interrogatives import asked_for
from bot.follow_up.mentions import Mention
from bot.follow_up.pronouns import Pronoun, joined
from bot.follow_up.said import Conversation, Said, fullest, nearness, stems_of
from bot.follow_up.words import is_title
from bot.language.terms import content_words, fold, stem

FADING = 0.6
"""What a mention weighs of what it would weigh a turn later."""
ABOUT_TEXT = frozenset("article release text document story page communique texte".split())
"""What a question calls the text itself: it stands for nothing that was said."""
EMPTY = ABOUT_TEXT | frozenset(
    "time day year thing way moment context case regard respect fois jour annee chose facon contexte cas".split()
)
"""Words for which no pronoun stands."""
_PLACES = frozenset("country city town place venue pays ville lieu endroit".split())
_WHO = re.compile(r"\s*(who|qui)\s+(?!(?:is|was|are|were|est|sont)\b)", re.I)
_WHICH = re.compile(
    r"(?:\w+ )?(?:which|what|quel(?:le)?s?) (?!is|are|was|were|do|does|did|will|has|have|can|est|sont)"
)
_WHICH_IS = re.compile(
    r"\s*(?:(?:which|what)\s+(?P<noun>(?:[\w’'-]+\s+){0,2}[\w’'-]*[^\Ws])\s+(?P<rest>(?:is|was|will|has|would)\s.*\w)|"
    r"(?P<quel>quel(?:le)?)\s+(?P<nom>(?!est\b|sera\b|a\b)[\w’'-]+(?:\s+[\w’'-]+)?)\s+"
    r"(?P<reste>(?:est|sera|a|aura|était)\s.*\w))",
    re.I,
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
    before = talk.question.text
    if pronoun.gender and (who := _WHO.match(before)):
        someone = "la personne qui" if fold(who.group(1)) == "qui" else "the person who"
        weight = 0.75 if pronoun.kind == "person" else 0.55
        yield Antecedent(f"{someone} {before[who.end() :].rstrip(' ?.!')}", weight)
    if pronoun.kind == "thing" and not pronoun.gender and (which := _WHICH_IS.match(before)):
        the = "la" if (which["quel"] or "").casefold().endswith("le") else "le"
        english, french = (
            f"the {which['noun']} that {which['rest']}",
            f"{the} {which['nom']} qui {which['reste']}",
        )
        yield Antecedent(english if which["noun"] else french, 0.7)
    for item in talk.texts:
        match pronoun.kind:
            case "person":
                yield from _people(pronoun, item, talk)
            case "thing":
                if pronoun.gender:
                    yield from _people(pronoun, item, talk)
                yield from _things(pronoun, item, talk)
            case "group":
                yield from _things(pronoun, item, talk)
                yield from _groups(item, talk)
            case "place":
                yield from _places(item)
            case "noun":
                yield from _named(pronoun, item, talk)


def _people(pronoun: Pronoun, item: Said, talk: Conversation) -> Iterator[Antecedent]:
    weight = {"question": 1.5, "answer": 0.8, "title": 0.75}[item.place] * FADING**item.back
    weight *= 1.0 if pronoun.kind == "person" else 0.9  # French "il" and "elle" are things as well
    named = {
        fold(fullest(mention, talk.texts)) for mention in talk.question.found if mention.kind == "person"
    }
    asks_whom = item.back == 0 and "who" in talk.asked_for
    for rank, mention in enumerate(mention for mention in item.found if mention.kind == "person"):
        name = fullest(mention, talk.texts)
        gender = mention.gender or talk.genders.get(fold(name), "")
        if gender and pronoun.gender and gender != pronoun.gender:
            continue
        score = weight
        if item.place == "answer":
            score *= 0.95**rank * (1.0 if mention.title else 0.7)
            if asks_whom and fold(name) not in named:
                score *= 2.0 * (1 + nearness(item, mention, stems_of(talk.question)))
        if gender and gender == pronoun.gender:
            score *= 1.1 if mention.gender else 1.6  # "he" was this person before
        yield Antecedent(name, score)


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
            weight = 1.0 if mention is main else 0.35
            if pronoun.gender and item.back == 0 and _WHO.match(item.text):
                weight *= 0.7
            if several and not mention.proper:
                weight *= 1.1 if mention.text.split()[0].endswith("s") else 0.4
            yield Antecedent(_with_owners(mention, item, talk.language), weight * faded)
    elif item.place == "title":
        for mention in [mention for mention in item.found if mention.kind != "time"][:1]:
            yield Antecedent(mention.phrase, (0.45 if several else 0.3) * faded)
    else:
        known = fold(" ".join(other.text for other in talk.texts if other.place == "question"))
        fresh = [mention for mention in things if mention.proper and fold(mention.text) not in known]
        asks_which = not several and _WHICH.match(fold(talk.question.text))
        for mention in fresh[:1]:
            yield Antecedent(mention.phrase, (0.6 if asks_which else 0.2) * faded)


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
        if mention.kind == "name" and item.place == "question":
            yield Antecedent(mention.phrase, 0.9 * faded)


def _places(item: Said) -> Iterator[Antecedent]:
    weight = {"question": 1.0, "answer": 0.8, "title": 0.2}[item.place] * FADING**item.back
    for mention in (*item.found, *item.inner):
        if mention.kind == "place":
            yield Antecedent(mention.phrase, weight)


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
    if pointed:
        return pointed[-1]
    return max(about, key=lambda mention: (mention.proper, len(mention.text.split())), default=None)


def _with_owners(mention: Mention, item: Said, language: str) -> str:
    """The phrase, with whose it is where the text says that elsewhere: "the dialogue of UNOCT and Qatar"."""
    if mention.text != mention.text.lower():
        return mention.phrase
    owners = [
        other.phrase
        for other in item.found
        if other.text != other.text.lower() and other.kind in ("name", "place", "person")
    ]
    if not owners:
        return mention.phrase
    return f"{mention.phrase} {'de' if language == 'fr' else 'of'} {joined(owners, language)}"
