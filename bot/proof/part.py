"""A part of an answer in prose, sentence by sentence: what of it may be shown, and why the rest may not.

It asks no model to write; what is shown before it comes with it.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bot.domain import Citation, Evidence
from bot.facts.folding import folded
from bot.language.terms import language_of
from bot.prompts import day, told
from bot.proof.prove import Proves
from bot.verify import cite

_EMPHASIS = re.compile(r"\*{2,}|__+|(?<=\w)\*|\*(?=\w)|^#{1,6}[ \t]+", re.MULTILINE)
"""Markdown that a model writes though it was asked for plain text."""
_QUOTED = re.compile(r"[“«\"][^“”«»\"]*[”»\"]")


@dataclass(frozen=True, slots=True)
class Part:
    """What may be shown of a part, and all citations of the answer so far.

    `faults` say of each other sentence why not, but for those that cite nothing (`uncited`) and those that were
    said before; `said` are the sentences shown, folded.
    """

    text: str
    citations: tuple[Citation, ...]
    faults: list[str] = field(default_factory=list)
    uncited: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing had to be left out."""
        return not (self.faults or self.uncited)


def prove_part(
    text: str,
    question: str,
    language: str,
    evidence: Sequence[Evidence],
    prover: Proves,
    dated: bool = False,
    citations: Sequence[Citation] = (),
    said: AbstractSet[str] = frozenset(),
) -> Part:
    """What of `text` may be shown in an answer in `language` that has `citations` and has `said` something already.

    Where it is `dated`, each sentence is shown with the day of the release that it cites.
    """
    text = _EMPHASIS.sub("", text)
    faults: list[str] = []
    now_said: list[str] = []
    uncited = 0

    def proven(words: str, _: str, cited: Sequence[Evidence]) -> Sequence[Evidence] | None:
        nonlocal uncited
        if not cited:
            uncited += 1
            return None
        if not is_in(words, language):
            faults.append(f"It is not in the language asked for ({language}): {words}")
            return None
        leads = words.rstrip().endswith((":", "："))  # says nothing yet: its items are proven with it
        verdict = (prover.by_rules if leads else prover.prove)(words, language, cited, question)
        if verdict.fault:
            faults.append(f"{verdict.fault} {words}")
            return None
        again = folded(words)
        if again in said or again in now_said:
            return None
        now_said.append(again)
        return verdict.evidence

    def as_of(words: str, cited: Sequence[Evidence]) -> str:
        days = {item.release.date for item in cited if item.release.date} if dated else set()
        untold = sorted((each for each in days if str(each.year) not in words), reverse=True)
        phrases = [told("as_of", language, day=day(each, language)) for each in untold]
        return f"({'; '.join(phrases)})" if phrases else ""

    shown, all_citations = cite(text, evidence, proven, citations, as_of)
    return Part(shown, all_citations, faults, uncited, now_said)


def is_in(text: str, language: str) -> bool:
    """Whether a text is in the language, as far as can be told; what it quotes may be in another."""
    return language_of(_QUOTED.sub(" ", text), language) == language
