"""Compares words read with the words of an answer, as SQuAD compares them; it knows no set and no product."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:(?:a|an|the|le|la|les|un|une|du|des|au|aux)\b|[ld]['’])")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A word, or a character of a script that writes none apart."""


def exact(read: str, answers: Sequence[str]) -> float:
    """1 where the words read are those of an answer, as SQuAD compares them (Rajpurkar et al. 2016), else 0."""
    return float(any(_words(read) == _words(answer) for answer in answers))


def overlap(read: str, answers: Sequence[str]) -> float:
    """The harmonic mean of precision and recall of the words read, of the answer that gives the most."""
    return max((_f1(_words(read), _words(answer)) for answer in answers), default=0.0)


def _f1(read: Sequence[str], answer: Sequence[str]) -> float:
    shared = sum((Counter(read) & Counter(answer)).values())
    return 2 * shared / (len(read) + len(answer)) if shared else float(read == answer)


def _words(text: str) -> list[str]:
    """The words without case, accents and punctuation, English and French articles aside."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    without = re.sub(r"[^\w\s]|_", "", _ARTICLES.sub(" ", plain))
    return _WORD.findall(without)
