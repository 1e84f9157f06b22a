"""The words of a text told apart: names, common words, determiners, titles, verbs.

English and French, by their form, short lists and how the corpus writes them: it knows no grammar and no model.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from bot.language.terms import fold, function_words, is_name

NameShare = Callable[[str], float | None]
"""Of the passages that hold a word, however it is written, the share that write it as a name; None where none do."""
NAME = 0.5
"""Above this share a word is a name, also where it is written small."""

_TOKEN = re.compile(
    r"(?i:\b[ldnsjcmt]|\bqu)['’](?=\w)|(?:\b[^\W\d_]\.){2,}|\b(?:Mr|Mrs|Ms|Dr|Mme|St|[A-ZÀ-Þ])\.(?=\s+[A-ZÀ-Þ])|"
    r"[^\W_]+(?:[-.&’'](?=\w)[^\W_]+)*|[^\w\s]"
)
_OWNER = re.compile(r"['’]s$", re.I)
_TITLES = {
    "m": "mr mister monsieur sir king roi prince sheikh lord cheikh",
    "f": "ms mrs miss mme madame mlle queen reine princess princesse lady sheikha cheikha ambassadrice",
    "": "major captain lieutenant admiral brigadier commander marshal capitaine amiral commandant dr prof professor "
    "professeur ambassador ambassadeur minister ministre general colonel president "
    "presidente director directeur directrice secretary secretary-general under-secretary-general judge juge senator "
    "h.e his her excellency excellence son",
}
_TITLE_GENDERS = {word: gender for gender, words in _TITLES.items() for word in words.split()}
DEFINITE = frozenset("the this that these those le la les l du au aux ce cet cette ces".split())
POSSESSIVE = frozenset("its their his her our son sa ses leur leurs notre nos".split())
INDEFINITE = frozenset("an un une des any some each every another".split())
_DETERMINERS = DEFINITE | POSSESSIVE | INDEFINITE
_VERBS = frozenset(
    """accept achieve act agree aim allow apply ask assess assist attend become begin bring build buy call change
    chair choose claim close come contain contribute cost cover create cut deal decide develop die direct
    discuss eat employ end exist expand express feel finance find follow form gain gather get give go grow
    handle happen head help hold host include increase involve join keep know last lead leave live look lose
    make manage mean meet monitor move name need occur offer open own participate pay perform plan play
    praise prepare prevent produce provide rank reach receive recommend reduce release remain respond run
    rule say see sell send serve set show sign speak stand start stay stop support take talk tell think
    train travel try understand use visit want win withdraw work write began begun bought brought built came
    chose chosen did done fell felt found gave given went gone held heard kept knew known left led lost made
    meant met paid put ran said sat saw seen sent shown sold spoke spoken stood stayed taken took taught
    thought told understood won written wrote taking place based aide aident dure dirige signe tient tenu
    tenue eu lieu vise porte permet existe commence concerne""".split()
)
INTERROGATIVES = frozenset(
    "who whom whose what which when where why how qui que quoi quel quelle quels quelles quand ou pourquoi comment "
    "combien lequel laquelle lesquels lesquelles many much long often yes no oui non".split()
)
_ADVERBS = frozenset(
    "however moreover therefore thus meanwhile furthermore additionally finally overall although while according since "
    "despite during today yesterday toutefois cependant ainsi enfin neanmoins selon hier aujourd".split()
)
"""Words that begin a sentence with a capital and are no names."""
_INFINITIVE = re.compile(r"\w{2}(?:er|oir|dre|tre|nir|tir|lir|sir)$")
_VERB_FORM = re.compile(r"\w{3}ed$|-(?:ils?|elles?|on|ce)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``text[start:end]``; `known` as a name, else perhaps `common`. `owner`: "'s" follows.

    `acts`: behind a noun it is likelier what that does than a second noun: "the law sets".
    """

    text: str
    folded: str
    start: int
    end: int
    owner: bool
    known: bool
    common: bool
    determines: bool
    is_title: bool
    acts: bool


def told_apart(text: str, language: str, name_share: NameShare, prose: bool) -> Iterator[Word]:
    """The words and marks of the text in order. In `prose` names are written with capitals."""
    ignored = function_words(language) | _DETERMINERS | INTERROGATIVES | _ADVERBS
    shouted = text.upper() == text
    first, small = True, False
    matches = list(_TOKEN.finditer(text))
    for match, following in zip_longest(matches, matches[1:]):
        word = _OWNER.sub("", match.group())
        folded = fold(word.rstrip("'’."))
        initial = len(word) == 2 and word.endswith(".") and word[0].isupper()
        short = (
            len(word) > 1 and word.isupper() and not shouted
        )  # "UN" is no French article, "WHO" asks nothing
        content = initial or (word[0].isalnum() and (short or folded not in ignored))
        capital = is_name(word) and not shouted
        verb = is_verb(folded)
        named = (capital and not first) or word[:2].isupper()
        if content and not named and (capital or (not prose and (small or not verb))):
            share = name_share(word)
            leads = capital and following is not None and is_name(following.group())
            named = leads if share is None else share > NAME
        known = content and named
        yield Word(
            word,
            folded,
            match.start(),
            match.start() + len(word),
            owner=word != match.group(),
            known=known,
            common=content and not known and not verb,
            determines=(folded in _DETERMINERS and not short) or (language == "en" and folded == "a"),
            is_title=capital and folded in _TITLE_GENDERS,
            acts=acts(folded),
        )
        small = known and not capital
        first = match.group() in '.!?:"“«\n' or (first and not word[0].isalnum())


def is_verb(word: str) -> bool:
    """Whether a word, by its form or from a short list, is likelier a verb than a noun."""
    folded = fold(word)
    return folded in _VERBS or _VERB_FORM.search(folded) is not None


def is_infinitive(word: str) -> bool:
    """Whether what stands behind "to" or "pour" is likelier a verb than a noun: "pour en savoir plus"."""
    folded = fold(word)
    return folded in _VERBS or _INFINITIVE.search(folded) is not None


def acts(word: str) -> bool:
    """Whether a word may be a verb in the third person as well as the plural of a noun: "plans"."""
    folded = fold(word)
    return folded.endswith("s") and folded[:-1] in _VERBS


def is_title(word: str) -> bool:
    """Whether a word stands before names of people: "Minister"."""
    return fold(word) in _TITLE_GENDERS


def gender_of(title: str) -> str:
    """The gender that a title tells, "m" or "f"; "" where it tells none."""
    return _TITLE_GENDERS.get(fold(title), "")
