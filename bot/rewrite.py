"""The last question and the turns before it become a question that stands alone.

It works on words, without a chat model: a question that leans on what came before gets the topic of the
previous turn. It knows the corpus only through `is_name`, which tells whether a word is used as a name there.
"""

import re
from collections.abc import Callable, Sequence

from bot.domain import Turn
from bot.terms import content_words, fold, function_words, language_of
from bot.terms import is_name as looks_like_a_name

IsName = Callable[[str], bool]

_ASKED_LATE = re.compile(
    r"^[^?]{0,60}[:;]\s*(?=(?:who|when|where|why|how|what|which|qui|quand|où|quel|combien|comment)\w*(?:\s+\w+){3})",
    re.I,
)
FRAGMENT_WORDS = 3
"""A fragment such as "and in Morocco?" has at most so many content words."""

_OPENING = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|thanks?(?: you)?|merci|and|but|so|also|then|now|what about|how about|et|mais|donc|alors|"
    r"aussi|qu['’]en est-il (?:de|du|des|d['’]))\b[\s,.!]*)+",
    re.I,
)
_FRAGMENT = re.compile(
    r"^\s*(?:what about|how about|qu['’]en est-il|(?:and|but|et|mais)\s+(?:in|for|with|from|to|by|at|on|of|the|en|"
    r"au|aux|à|a|pour|avec|de|du|des|par|chez|dans|le|la|les|l['’])\b)",
    re.I,
)
_INTERROGATIVE = re.compile(
    r"(who|whom|when|where|why|how|how many|since when|in what year|qui|quand|où|pourquoi|comment|combien|"
    r"depuis quand|en quelle année)\s*\??",
    re.I,
)
_ASKS = re.compile(
    r"\b(?:who|when|where|why|how|what|which|qui|quand|où|pourquoi|comment|combien|quel\w*)\b", re.I
)
_ASKING = re.compile(
    r"^\s*(?:who|whom|when|where|why|how many|how|what|qui|quand|où|pourquoi|comment|combien)\b(?:\s+de\b)?",
    re.I,
)
_SHE = re.compile(r"\b(?:she|her|hers)\b|-elle\b|\belle\b", re.I)
_HE = re.compile(r"\b(?:he|him|his)\b|-il\b|\bil\b(?! y a)|\blui\b", re.I)
_ENGLISH_PRONOUN = re.compile(
    r"\b(?:(?P<owner>his|her|its|their)(?=\s+\w)|he|she|him|her|hers|it|they|them|that one|"
    r"(?:(?<=next )|(?<=last )|(?<=first )|(?<=second )|(?<=previous )|(?<=other ))one|(?:this|these|those)(?!\s+\w)|"
    r"that(?=\s+(?:is|was|take|took|happen|mean)\b))(?!\w)",
    re.I,
)
_ENGLISH_DEMONSTRATIVE = re.compile(r"\b(?:this|that|these|those)\s+(?=\w)", re.I)
_OF_THEM = re.compile(r"\b(?:one|some|any|all|each|both|many|most) of (?:them|these|those)\b", re.I)
_FRENCH_PRONOUN = re.compile(
    r"-(?:ils?|elles?)\b|\b(?:il|ils|elle|elles|celui-ci|celle-ci|cela|ça|son|sa|ses|leurs?|lui|(?:ce|cet|cette|ces)"
    r"(?=\s\w))\b(?! y a)|\b(?:qui|quand|comment|pourquoi|où|combien)\s+(?:l['’]|les?\s|la\s)(?=\w+\s*(?:\?|$))",
    re.I,
)
_PERSON = re.compile(
    r"\b(?P<title>Mr|Ms|Mrs|Dr|Mme|M|H\.E|His Excellency|Ambassador|Minister|General|Secretary-General)\.?\s+"
    r"(?:(?:Mr|Ms|Sheikha?)\.?\s+)*(?P<name>(?:[A-ZÀ-Þ][\w'’-]+\s?(?:bin |S\. )?){1,5})"
)
_HERS = ("Ms", "Mrs", "Mme")
_DEFINITE = r"the|their|its|l['’]|les?|la|du|au|leurs?|ses?|sa|cet?|cette"
_ARTICLES = frozenset("the their its this that a an l le la les du des un une ce cet cette au aux".split())
_LINKS = frozenset("of with for in on between and de d du des avec a sur pour et entre en".split())


_ASKING_FORM = re.compile(
    r"\b(?:(?:could|can|would|will) you (?:please |kindly |possibly )*(?:tell|explain to|let|inform|remind|show) "
    r"(?:me|us)(?: know)?|(?:please )?(?:tell|remind) (?:me|us)|(?:i|we)(?: would|['’]d)? (?:like|love|want|wish) "
    r"to know|do you (?:happen to )?know|i(?: was| am|['’]m) wondering|pou(?:rriez|vez)-vous (?:me|nous) (?:dire|"
    r"indiquer|rappeler|préciser)|(?:peux|pourrais)-tu (?:me|nous) (?:dire|rappeler)|(?:dites|dis)-(?:moi|nous)|"
    r"(?:je|nous) (?:voudrais|voudrions|souhaiterais|aimerais) savoir|savez-vous|sais-tu)\b[\s,:]*",
    re.I,
)
_COURTESY = re.compile(
    r"(?:,\s*)?\b(?:please|kindly|s['’]il (?:vous|te) pla[iî]t|svp|thanks?(?: you)?(?: (?:very|so) much)?"
    r"(?: in advance)?|"
    r"merci(?: beaucoup)?(?: d['’]avance)?)\b[\s,!.]*",
    re.I,
)
_GREETING = re.compile(
    r"^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut)\b[^,.!?]{0,20}[,.!]\s*",
    re.I,
)


def plain(question: str) -> str:
    """The question without greetings, thanks and forms of politeness; as it is where nothing else would be left."""
    text = _GREETING.sub("", question)
    text = " ".join(_COURTESY.sub(" ", text).split())
    if form := _ASKING_FORM.search(text):
        text = text[form.end() :]
    elif late := _ASKED_LATE.search(text):
        text = text[late.end() :]
    return _capitalised(text) if any(character.isalnum() for character in text) else question


def rewrite(question: str, turns: Sequence[Turn], is_name: IsName) -> str:
    """The question with what it leaves out from the turn before, or as it is where it stands alone."""
    if not turns or not question.strip():
        return question
    previous = turns[-1].answer
    before = previous.standalone_question
    language = "fr" if language_of(question, previous.language) == "fr" else "en"
    bare = _OPENING.sub("", question).strip()
    opens = bare != question.strip()
    if not bare:
        return question
    if asking := _INTERROGATIVE.fullmatch(bare):
        replaced, count = _ASKING.subn(lambda _: asking.group(1).capitalize(), before, count=1)
        return replaced if count else _joined(before, bare)
    names = _phrases(bare, is_name, language)
    words = [word for word, _ in content_words(bare, language)]
    pronoun = _pronoun(bare, is_name, language)
    if not pronoun:
        named = len(words) <= sum(len(name.split()) for name in names)
        short = opens and len(words) <= FRAGMENT_WORDS and not _ASKS.search(bare)
        fragment = short and (named or _FRAGMENT.match(question))
        if fragment or (len(words) <= 1 and not names):
            return _joined(before, bare)
        if not opens or names:
            return _capitalised(bare) if opens else question
    topic = _topic(question, turns[-1], is_name, language)
    return _capitalised(_completed(bare, topic, pronoun, language)) if topic else question


def _pronoun(text: str, is_name: IsName, language: str) -> re.Match[str] | None:
    """The first pronoun, unless it stands for something that this question names itself."""
    pattern = _FRENCH_PRONOUN if language == "fr" else _ENGLISH_PRONOUN
    match = pattern.search(text) or (_ENGLISH_DEMONSTRATIVE.search(text) if language == "en" else None)
    if match is None or match.group().endswith("one") or _OF_THEM.search(text):
        return match
    before = text[: match.start()]
    phrases = _phrases(before, is_name, language)
    own = _introduced(phrases, before) or [phrase for phrase in phrases if any(map(str.isupper, phrase))]
    return None if own else match


def _topic(question: str, turn: Turn, is_name: IsName, language: str) -> str:
    """Whom or what a pronoun stands for: a person of the last answer, else the subject of the last question."""
    before = turn.answer.standalone_question
    asked_language = language_of(before, language)
    phrases = _phrases(before, is_name, asked_language)
    if _SHE.search(question) or _HE.search(question):
        wanted = [bool(pattern.search(question)) for pattern in (_HE, _SHE)]
        people = [
            (wanted[match["title"] in _HERS], match["name"].strip())
            for citation in turn.answer.citations
            for match in _PERSON.finditer(citation.quote)
        ]
        for fits, person in people:
            named = any(fold(phrase) in fold(person) or fold(person) in fold(phrase) for phrase in phrases)
            if fits and (named or language == "en" or not phrases):
                return person
        if language == "fr":
            people = [person for person in people if person[0]]
            if people:
                return people[0][1]
    if introduced := _introduced(phrases, before):
        return introduced[-1]
    if phrases:
        return max(phrases, key=lambda phrase: len(phrase.split()))
    return " ".join([word for word, _ in content_words(before, asked_language)][-2:])


def _phrases(text: str, is_name: IsName, language: str) -> list[str]:
    """Noun phrases: words that are names or follow an article, linked by prepositions."""
    ignored = function_words(language)
    runs: list[list[str]] = [[]]
    links: list[str] = []
    article = False
    for place, match in enumerate(re.finditer(r"[^\W_]+(?:[-’'](?=\w)[^\W_]+)*['’]?", text)):
        elided = re.match(r"(?:l|d|qu)['’](?=\w)", match.group(), re.I)
        word = re.sub(r"['’]s$", "", match.group()[elided.end() if elided else 0 :])
        folded = fold(word)
        before_article = article or (elided is not None and elided.group()[0] in "lLdD")
        article = folded in _ARTICLES
        content = folded not in ignored
        known = content and (
            before_article or (place > 0 and looks_like_a_name(word)) or word.isupper() or is_name(word)
        )
        if known or (content and links and runs[-1]):
            runs[-1] += [*links, match.group() if elided and links else word]
            links = []
        elif (folded in _LINKS or article) and runs[-1]:
            links.append(match.group())
        else:
            links = []
            if runs[-1]:
                runs.append([])
    return [" ".join(run) for run in runs if run]


def _introduced(phrases: Sequence[str], text: str) -> list[str]:
    """The phrases that an article or a possessive introduces in the text."""
    return [
        phrase for phrase in phrases if re.search(rf"\b(?:{_DEFINITE})\s*{re.escape(phrase)}", text, re.I)
    ]


def _completed(bare: str, topic: str, pronoun: re.Match[str] | None, language: str) -> str:
    """The question with the topic in the place of its pronoun, or behind it."""
    if language == "en" and pronoun and pronoun.re is _ENGLISH_PRONOUN:
        form = f"{topic}'s" if pronoun["owner"] else topic
        return f"{bare[: pronoun.start()]}{form}{bare[pronoun.end() :]}"
    return f"{bare.rstrip(' ?')} ({topic}){'?' if language == 'en' else ' ?'}"


def _joined(before: str, bare: str) -> str:
    return f"{before.rstrip(' ?.!')}, {bare.rstrip(' ?')}?"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
