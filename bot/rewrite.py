"""The last question and the turns before it become a question that stands alone.

It works on words, without a chat model: a question that leans on what came before gets the topic of the
previous turn. It knows the corpus only through `is_name`, which tells whether a folded word is a name there.
"""

import re
from collections.abc import Callable, Sequence

from bot.domain import Turn
from bot.terms import content_words, fold, function_words, language_of
from bot.terms import is_name as looks_like_a_name

_OPENING = {
    "en": re.compile(r"^\s*(?:ok(?:ay)?|and|but|so|also|then|what about|how about)[\s,]+(?:and\s+)?", re.I),
    "fr": re.compile(
        r"^\s*(?:ok|et|mais|donc|alors|aussi|qu['’]en est-il (?:de|du|des|d['’])|et pour)[\s,]+", re.I
    ),
}
_FRAGMENT = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|and|but|so|et|mais)[\s,]+)*(?:what about|how about|qu['’]en est-il|(?:and|et)\s+"
    r"(?:in|for|with|from|to|by|at|on|of|en|au|aux|à|a|pour|avec|de|du|des|par|chez|dans|le|la|les|the)\b)",
    re.I,
)
_PERSON = {
    "en": re.compile(r"\b(he|she|him|her|his|hers)\b", re.I),
    "fr": re.compile(r"(?:-t)?-(?:il|elle)\b|\b(?:lui)\b|\b(?:il|elle)\b(?! y a)", re.I),
}
_POSSESSIVE = {"en": re.compile(r"\b(its|their|his)\b", re.I), "fr": re.compile(r"\b(son|sa|ses|leur|leurs)\b", re.I)}
_THING = {
    "en": re.compile(r"\b(it|they|them|this|these|those|that one)\b(?!\s+(?:is|was)\s+(?:true|possible|that)\b)", re.I),
    "fr": re.compile(
        r"(?:-t)?-(?:il|ils|elle|elles)\b|\b(?:ils|elles|elle|celui-ci|celle-ci|cela|ça|il)\b(?! y a)|\by a-t-il\b", re.I
    ),
}
_DEMONSTRATIVE = {
    "en": re.compile(r"\b(?:this|that|these|those)\s+(?=\w)", re.I),
    "fr": re.compile(r"\b(?:ce|cet|cette|ces)\s+(?=\w)", re.I),
}
_PERSON_NAME = re.compile(
    r"\b(?:Mr|Ms|Mrs|Dr|Mme|M|H\.E|Ambassador|Minister|General|Secretary-General)\.?\s+"
    r"((?:[A-ZÀ-Þ][\w'’.-]+\s?(?:bin |al-|S\. )?){1,5})"
)
FRAGMENT_WORDS = 2
"""A question of at most so many content words, none of them a name, leans on the turn before."""


def rewrite(question: str, turns: Sequence[Turn], is_name: Callable[[str], bool]) -> str:
    """The question with what it leaves out from the turns before, or as it is where it stands alone."""
    if not turns or not question.strip():
        return question
    previous = turns[-1]
    language = language_of(question, previous.answer.language)
    language = language if language in _OPENING else "en"
    opening = _OPENING[language]
    opens = opening.match(question) is not None
    bare = opening.sub("", question).strip()
    if opens or _FRAGMENT.match(question):
        own = _names(bare, is_name, language)
        if _is_fragment(question, bare, language):
            return _joined(previous.answer.standalone_question, bare)
        if own and not _leans(bare, language):
            return _capitalised(bare)
    topic = _topic(question, previous, is_name, language)
    if not topic or not (_leans(bare, language) or (opens and not _names(bare, is_name, language))):
        if _says_little(bare, is_name, language):
            return _joined(previous.answer.standalone_question, bare)
        return question
    return _capitalised(_complete(bare, topic, language))


def _leans(text: str, language: str) -> bool:
    patterns = (_PERSON, _POSSESSIVE, _THING, _DEMONSTRATIVE)
    return any(pattern[language].search(text) for pattern in patterns)


def _is_fragment(question: str, bare: str, language: str) -> bool:
    words = [word for word, _ in content_words(bare, language)]
    return _FRAGMENT.match(question) is not None and len(words) <= 3 and not _leans(bare, language)


def _says_little(bare: str, is_name: Callable[[str], bool], language: str) -> bool:
    words = [folded for _, folded in content_words(bare, language)]
    return len(words) <= FRAGMENT_WORDS - 1 and not _names(bare, is_name, language)


def _topic(question: str, previous: Turn, is_name: Callable[[str], bool], language: str) -> str:
    """Whom or what a pronoun stands for: a person of the last answer, else the subject of the last question."""
    before = previous.answer.standalone_question
    asked_language = language_of(before, language)
    names = _names(before, is_name, asked_language)
    if _PERSON[language].search(question) and (language == "en" or not names):
        people = [
            match.group(1).strip()
            for citation in previous.answer.citations
            for match in _PERSON_NAME.finditer(citation.quote)
        ]
        if people and not any(fold(name) in fold(person) for name in names for person in people):
            return people[0]
    if names:
        return max(names, key=len)
    words = [word for word, _ in content_words(before, asked_language)]
    return " ".join(words[-2:])


def _names(text: str, is_name: Callable[[str], bool], language: str) -> list[str]:
    """Runs of words that are names: written as such, or known as such to the corpus."""
    ignored = function_words(language)
    runs: list[list[str]] = [[]]
    for place, match in enumerate(re.finditer(r"[\w'’-]+", text)):
        word = re.sub(r"['’]s$", "", match.group())
        word = re.sub(r"^(?:[ldLD]|qu)['’]", "", word)
        folded = fold(word)
        known = word and folded not in ignored and (
            (place > 0 and looks_like_a_name(word)) or word.isupper() or is_name(folded)
        )
        if known:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if run]


def _complete(bare: str, topic: str, language: str) -> str:
    if language == "en":
        for pattern, form in ((_POSSESSIVE, f"{topic}'s"), (_THING, topic)):
            replaced, count = pattern["en"].subn(lambda _: form, bare, count=1)
            if count and not _DEMONSTRATIVE["en"].search(bare):
                return replaced
        person = re.sub(r"\bher\b(?=\s+\w)|\bhis\b", f"{topic}'s", bare, count=1, flags=re.I)
        if person != bare:
            return person
        person = _PERSON["en"].sub(lambda _: topic, bare, count=1)
        return person if person != bare else f"{bare.rstrip(' ?')} ({topic})?"
    return f"{bare.rstrip(' ?')} ({topic}) ?"


def _joined(before: str, bare: str) -> str:
    return f"{before.rstrip(' ?.!')}, {bare.rstrip(' ?')}?"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
