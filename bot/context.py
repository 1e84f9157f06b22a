"""What stands before a quote in its release: where "it" and "the programme" were given their names.

It knows no question and no store.
"""

from bot.domain import Evidence
from bot.language.sentences import sentences


def before(evidence: Evidence, characters: int) -> list[Evidence]:
    """The sentences that end within so many characters before the quote, whole ones, the nearest first."""
    release = evidence.release
    first = max(0, evidence.start - characters)
    units = sentences(release.text[first : max(0, evidence.start)])
    return [
        Evidence(release, first + unit.start, first + unit.end, evidence.probability)
        for unit in reversed(units)
        if first == 0 or unit.start > 0  # one that is cut off is no sentence
    ]
