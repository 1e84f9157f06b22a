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
_INTERROGATIVE = re.compile(
    r"(who|whom|when|where|why|how|how many|since when|in what year|qui|quand|où|pourquoi|comment|combien|"
    r"depuis quand|en quelle année)\s*\??",
    re.I,
)
_ASKING = re.compile(
    r"^\s*(?:who|whom|when|where|why|how many|how|what|qui|quand|où|pourquoi|comment|combien)\b(?:\s+de\b)?", re.I
)
FRAGMENT_WORDS = 3
"""A fragment such as "and in Morocco?" has at most so many content words."""


def rewrite(question: str, turns: Sequence[Turn], is_name: Callable[[str], bool]) -> str:
    """The question with what it leaves out from the turns before, or as it is where it stands alone."""
    if not turns or not question.strip():
        return question
    previous = turns[-1]
    language = language_of(question, previous.answer.language)
    language = language if language in _OPENING else "en"
    before = previous.answer.standalone_question
    opening = _OPENING[language]
    opens = opening.match(question) is not None
    bare = opening.sub("", question).strip()
    names = _names(bare, is_name, language)
    if asked_with := _INTERROGATIVE.fullmatch(bare):
        return _with_interrogative(before, asked_with.group(1))
    if _leans(bare, language):
        topic = _topic(question, previous, is_name, language)
        return _capitalised(_complete(bare, topic, language)) if topic else question
    words = [word for word, _ in content_words(bare, language)]
    fragment = _FRAGMENT.match(question) is not None or len(words) <= sum(len(name.split()) for name in names)
    if (opens and fragment and len(words) <= FRAGMENT_WORDS) or (not names and len(words) <= 1):
        return _joined(before, bare)
    if opens and not names:
        topic = _topic(question, previous, is_name, language)
        return _capitalised(_complete(bare, topic, language)) if topic else question
    return _capitalised(bare) if opens else question


def _leans(text: str, language: str) -> bool:
    patterns = (_PERSON, _POSSESSIVE, _THING, _DEMONSTRATIVE)
    return any(pattern[language].search(text) for pattern in patterns)


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
    """The question with the topic in the place of its pronoun, or behind it."""
    if language == "en" and not _DEMONSTRATIVE["en"].search(bare):
        for pattern, form in (
            (re.compile(r"\b(?:he|she|him)\b", re.I), topic),
            (re.compile(r"\b(?:his|her|its|their)\b(?=\s+\w)", re.I), f"{topic}'s"),
            (_THING["en"], topic),
        ):
            replaced, count = pattern.subn(lambda _, form=form: form, bare, count=1)
            if count:
                return replaced
    closing = "?" if language == "en" else " ?"
    return f"{bare.rstrip(' ?')} ({topic}){closing}"


def _with_interrogative(before: str, word: str) -> str:
    """The question before, asking with another word: "Where?" after "When was it signed?"."""
    replaced, count = _ASKING.subn(lambda _: word.capitalize(), before, count=1)
    return replaced if count else _joined(before, word)


def _joined(before: str, bare: str) -> str:
    return f"{before.rstrip(' ?.!')}, {bare.rstrip(' ?')}?"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
