"""How many tokens a text takes at most, and the evidence that fits into a number of them.

It knows no model and no tokenizer: a chat model's own is on its server.
"""

from collections.abc import Sequence

from bot.domain import Evidence

BYTES_PER_TOKEN = 3
"""Bytes of UTF-8 that a token stands for at least, over a text of some length: see `at_most`."""
FRAME_TOKENS = 40
"""What stands around a sentence of evidence in the prompt, its title left out: number, date, language."""


def at_most(text: str) -> int:
    """The tokens of a text, rather too many than too few.

    SmolLM2 takes a token for 4.4 to 5 bytes of an English release and 3.4 of a French one, multilingual-e5 for 4.2 to
    4.8; scripts of two and three bytes a letter take more bytes for a token.
    """
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def within(evidence: Sequence[Evidence], tokens: int) -> tuple[Evidence, ...]:
    """The evidence that fits into so many tokens with its titles, in its order: the least probable is dropped first.

    The most probable is always kept: a prompt without evidence answers nothing.
    """
    left = tokens
    kept: list[int] = []
    for place in sorted(range(len(evidence)), key=lambda place: -evidence[place].probability):
        left -= FRAME_TOKENS + at_most(evidence[place].release.title) + at_most(evidence[place].quote)
        if left < 0 and kept:
            break
        kept.append(place)
    return tuple(evidence[place] for place in sorted(kept))
