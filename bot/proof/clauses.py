"""The clauses of a sentence that say something of their own, and so may add a lie to a truth.

English and French rules; it judges nothing.
"""

import re

_CONJUNCTION = r"and|but|which|who|where|while|whereas|et|mais|qui|dont|où|tandis que|alors que"
_PREDICATE = (
    "it|he|she|they|its|his|her|their|has|have|had|is|was|are|were|will|would|"
    "il|elle|ils|elles|son|sa|ses|leur|leurs|a|ont|avait|est|sont|était|sera"
)
_CUT = re.compile(
    rf"[,;]\s+(?:{_CONJUNCTION})\s+|[;:–—]\s+|\s+(?:and|et|but|mais)\s+(?=(?:{_PREDICATE})\s)", re.IGNORECASE
)


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence, in order; none where it is a single one."""
    parts = [part.strip() for part in _CUT.split(sentence)]
    return [part for part in parts if part] if len(parts) > 1 else []
