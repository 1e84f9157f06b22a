"""Whether one sentence of generated prose is proven by the evidence that it cites, and if not, why.

It knows neither who wrote the sentence nor what is made of the verdict.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from bot.context import before
from bot.domain import Evidence
from bot.e5 import EmbeddedE5
from bot.language.aliases import Aliases
from bot.language.terms import fold
from bot.proof.clauses import clauses
from bot.proof.measures import missing_measures
from bot.proof.names import Name, Source, is_acronym, missing_names, names
from bot.proof.orders import gives_orders
from bot.proof.polarity import contradicts
from bot.proof.roles import exchanged
from bot.proof.support import MINIMUM_SUPPORT, features, support
from bot.proof.verbatim import misquoted, strange
from bot.proof.words import SAME, Floats, Words, nearest, read_words

LONGEST_CHARACTERS = 1000
"""A longer sentence is not proven: nobody reads it, and its proof would take too long."""
CONTEXT_CHARACTERS = 1500
"""How far before a quote that sentence is looked for which names what the quote calls "it" or "the programme"."""
_COMMON = 3.0
"""A word is common that is, without its capital, so many times (as a logarithm) as likely as with it."""

_CLAUSE_WORDS = 2
"""A clause of fewer content words is no claim of its own."""
_MOSTLY = 0.5
"""A word is a name that more than this share of the passages write as one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence may be shown with: `evidence`, or the `fault` because of which it may not, as a sentence."""

    evidence: tuple[Evidence, ...] = ()
    fault: str | None = None


class Proves(Protocol):
    """What says of a sentence whether it may be shown."""

    def prove(self, claim: str, language: str, cited: Sequence[Evidence], question: str = "") -> Verdict:
        """The verdict on a sentence in `language` that cites this evidence."""

    def by_rules(self, claim: str, language: str, cited: Sequence[Evidence], question: str = "") -> Verdict:
        """The verdict as far as rules give it."""


class Prover:
    """Proves sentences by the embedded model and the names that the releases define; threads may share it.

    `name_share` tells of a word the share of the passages with it that write it as a name; None where none has it.
    """

    def __init__(
        self,
        embeddings: EmbeddedE5,
        aliases: Aliases | None = None,
        name_share: Callable[[str], float | None] = lambda word: None,
    ) -> None:
        self._embeddings = embeddings
        self._name_share = name_share
        self._aliases = aliases or Aliases()
        self._is_common = lru_cache(maxsize=4096)(self._rather_common)
        self._read = lru_cache(maxsize=256)(self._read_words)
        self._alone = lru_cache(maxsize=1024)(self._word_alone)

    def prove(self, claim: str, language: str, cited: Sequence[Evidence], question: str = "") -> Verdict:
        """The verdict on a sentence in `language`.

        What it says has to stand in the quotes that it cites, and in the titles and days of their releases. A name
        of the question that a quote leaves out, because its release gave it before, is proven by the sentence that
        did: that is cited, too. Raises EmbeddingsError where the model cannot run.
        """
        verdict = self.by_rules(claim, language, cited, question)
        if verdict.fault:
            return verdict
        if self.support(claim, language, verdict.evidence) < MINIMUM_SUPPORT:
            return Verdict(fault="The evidence that it names does not say this.")
        return verdict

    def by_rules(self, claim: str, language: str, cited: Sequence[Evidence], question: str = "") -> Verdict:
        """The verdict as far as rules give it: figures, names and their order, quotations, addresses, negations."""
        if not cited:
            return Verdict(fault="It names no evidence.")
        if len(claim) > LONGEST_CHARACTERS:
            return Verdict(fault="It is too long.")
        if len(claim.split()) < 2:
            return Verdict(fault="It is no sentence.")
        if any(gives_orders(item.quote) for item in cited):
            return Verdict(fault="The evidence that it names gives orders, which prove nothing.")
        if found := strange(claim, cited):
            return Verdict(fault=f"It holds {found}: write plain sentences without links and markup.")
        if missing := missing_measures(claim, language, [(item.quote, item.release) for item in cited]):
            return Verdict(fault=f"The evidence that it names does not hold {', '.join(missing)}.")
        held = self._named(claim, language, cited, question)
        if isinstance(held, str):
            return Verdict(fault=f"The evidence that it names does not hold {held}.")
        if words := misquoted(claim, held):
            return Verdict(fault=f"The evidence that it names does not hold the words “{words}”.")
        if _contradicted(claim, language, cited):
            return Verdict(fault="The evidence that it names says the contrary.")
        own = [item.quote for item in held if item.release.language == language]
        if roles := exchanged(claim, own, language, self._is_common):
            return Verdict(fault=f"The evidence that it names has {' and '.join(roles)} the other way round.")
        return Verdict(tuple(held))

    def support(self, claim: str, language: str, cited: Sequence[Evidence]) -> float:
        """The probability that the quotes say what the claim says, and what each clause of it says by itself."""
        parts = [part for part in clauses(claim) if len(self._read(part, language).places) >= _CLAUSE_WORDS]
        return min(support(self.features(part, language, cited)) for part in (claim, *parts))

    def features(self, claim: str, language: str, cited: Sequence[Evidence]) -> tuple[float, ...]:
        """What tells whether the quotes together say what the claim says: see `bot.proof.support`."""
        quoted = [self._read(item.quote, item.release.language) for item in cited]
        other_language = all(item.release.language != language for item in cited)
        own = self._read(claim, language)
        found = names(claim, self._is_common)
        named = {
            number
            for number, (start, end) in enumerate(own.places)
            if any(name.start <= start and end <= name.end for name in found)
        }
        return features(own, named, quoted, other_language)

    def _named(
        self, claim: str, language: str, cited: Sequence[Evidence], question: str
    ) -> Sequence[Evidence] | str:
        """What is cited, with the sentence before it that gives names it leaves out; or the names that are missing."""
        missing = self._missing(claim, language, cited)
        if not missing:
            return cited
        if all(_is_asked(name, question) for name in missing):
            for earlier in before(cited[0], CONTEXT_CHARACTERS):
                if not self._missing(claim, language, [*cited, earlier]):
                    return [*cited, earlier]
        return ", ".join(name.text for name in missing)

    def _missing(self, claim: str, language: str, cited: Sequence[Evidence]) -> list[Name]:
        sources = [
            Source(text, item.release.language) for item in cited for text in (item.quote, item.release.title)
        ]
        missing = missing_names(claim, language, sources, self._aliases, self._is_common)
        if not missing or all(item.release.language == language for item in cited):
            return missing
        own = self._read(claim, language)
        quoted = [
            self._read(item.quote, item.release.language)
            for item in cited
            if item.release.language != language
        ]
        return [
            name for name in missing if is_acronym(name.text) or not self._is_translated(name, own, quoted)
        ]

    def _is_translated(self, name: Name, own: Words, quoted: Sequence[Words]) -> bool:
        """Whether quotes in another language have every word of a name in that language."""
        numbers = [
            number
            for number, (start, end) in enumerate(own.places)
            if name.start <= start and end <= name.end
        ]
        return bool(numbers) and all(
            any(
                self._alone(own.written[number]) @ self._alone(other) >= SAME
                for words in quoted
                for other in nearest(own, number, words)
            )
            for number in numbers
        )

    def _rather_common(self, word: str) -> bool:
        """Whether a word is rather common than a name: by the releases, and the likelier without its capital."""
        if (self._name_share(word) or 0.0) > _MOSTLY:
            return False
        tokenizer = self._embeddings.tokenizer
        lower = word.lower()
        times = tokenizer.score(lower) - tokenizer.score(word)
        return times > _COMMON or (times > 0 and len(tokenizer.encode(lower).ids) == 1)

    def _word_alone(self, word: str) -> Floats:
        vector: Floats = self._embeddings.embed_passages([word], [()])[0][0]
        return vector

    def _read_words(self, text: str, language: str) -> Words:
        return read_words(self._embeddings, text, language)


def _is_asked(name: Name, question: str) -> bool:
    return fold(name.text) in fold(question)


def _contradicted(claim: str, language: str, cited: Sequence[Evidence]) -> bool:
    """Whether the quotes, those in the language of the claim where there are any, say the contrary."""
    own = [item for item in cited if item.release.language == language] or list(cited)
    quotes = "; ".join(item.quote for item in own)
    return contradicts(claim, language, quotes, own[0].release.language)
