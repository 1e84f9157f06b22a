"""Which sentences make the answer: as few as tell what is asked, and each figure where releases give different ones.

It weighs nothing: how probably a sentence answers comes with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import Evidence
from bot.language.asked import asked
from bot.language.figures import figures
from bot.language.terms import content_words

MINIMUM_PROBABILITY = 0.15
"""Below this probability for its best sentence a question is declined, as are then four in a hundred of the answerable
questions in tests/questions and three in four of those that nothing answers."""
QUOTED = 3
"""Sentences that an answer quotes at most."""
COMPANION_SHARE = 0.3
"""A further sentence is quoted where its probability is at least this share of the best one's, however little that is:
where it is unsure which of two answers, both are shown."""
DIFFERING_SHARE = 0.2
"""The same for the sentence of another release that gives another figure."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences of an answer, in the order in which they are shown.

    Where `differ`, releases give different figures, and those of the newest come first.
    """

    evidence: tuple[Evidence, ...] = ()
    differ: bool = False


def select(question: str, evidence: Sequence[Evidence], minimum: float) -> Selection:
    """What to show of `evidence`, the most probable first; nothing where that is below `minimum`."""
    if not evidence or evidence[0].probability < minimum:
        return Selection()
    best = evidence[0]
    if others := _differing(question, best, evidence):
        return Selection(tuple(sorted([best, *others], key=_published, reverse=True)), True)
    chosen = [best]
    for item in evidence[1:]:
        if len(chosen) == QUOTED or item.probability < COMPANION_SHARE * best.probability:
            break
        if not any(
            _overlap(item, other) or _is_twin(item, other) or _tells_again(item, other) for other in chosen
        ):
            chosen.append(item)
    return Selection(tuple(chosen))


def _differing(question: str, best: Evidence, evidence: Sequence[Evidence]) -> list[Evidence]:
    """One sentence of each other release that answers with another figure, where a figure is asked for."""
    if "number" not in asked(question):
        return []
    given = {_item(best): _figures(best)}
    if not given[_item(best)]:
        return []
    found: list[Evidence] = []
    for item in evidence[1:]:
        if len(found) == QUOTED - 1 or item.probability < DIFFERING_SHARE * best.probability:
            break
        own = _figures(item)
        if _item(item) not in given and own and not any(own & other for other in given.values()):
            given[_item(item)] = own
            found.append(item)
    return found


def _figures(item: Evidence) -> frozenset[str]:
    return figures(item.words or item.quote, item.release.language)


def _published(item: Evidence) -> date:
    return item.release.date or date.min


def _tells_again(item: Evidence, other: Evidence) -> bool:
    """Whether what answers in `item` stands in `other` as well."""
    language = item.release.language
    words = {word for word, _ in content_words(item.words or item.quote, language)}
    return bool(words) and words <= {word for word, _ in content_words(other.quote, language)}


def _item(item: Evidence) -> str:
    return item.item or item.release.id


def _is_twin(item: Evidence, other: Evidence) -> bool:
    """Whether the two are of versions of one release: what the one says stands in the other as well."""
    return _item(item) == _item(other) and item.release.id != other.release.id


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.release.id == other.release.id and one.release.revision == other.release.revision
    return same and one.start < other.end and other.start < one.end
