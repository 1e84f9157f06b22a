"""What stands before a quote in its release: where "it" and "the programme" were given their names.

It knows no question and no store.
"""

from bot.domain import Evidence
from bot.language.sentences import sentences


def before(evidence: Evidence, characters: int) -> list[Evidence]:
    """The sentences that end within so many characters before the quote, whole ones, the nearest first."""
    release = evidence.release
    return [
        Evidence(release, start, end, evidence.probability)
        for start, end in reversed(spans_before(release.text, evidence.start, characters))
    ]


def spans_before(text: str, place: int, characters: int) -> list[tuple[int, int]]:
    """Where the whole sentences stand that end within so many characters before a place of a text."""
    first = max(0, place - characters)
    units = sentences(text[first : max(0, place)])
    whole = units[1:] if first else units  # the first one may be cut off
    return [(first + unit.start, first + unit.end) for unit in whole]
