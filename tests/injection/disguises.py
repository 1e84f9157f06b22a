"""Ways to write an order so that a person does not read it and a model may."""

import base64
import codecs
from collections.abc import Callable

_WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff\u3164"
_LOOKALIKES = str.maketrans("aceiopxyACEHIKMOPTX", "асеіорхуАСЕНІКМОРТХ")
"""Latin letters and the Cyrillic ones that look the same."""


def tags(text: str) -> str:
    """In the tag characters of Unicode, which no screen shows."""
    return "".join(chr(0xE0000 + ord(character)) for character in text if ord(character) < 0x80)


def selectors(text: str) -> str:
    """As variation selectors behind one sign, a byte each."""
    shown = (byte + 0xFE00 if byte < 16 else byte - 16 + 0xE0100 for byte in text.encode())
    return "☀" + "".join(map(chr, shown))


def turned(text: str) -> str:
    """Backwards, with the overrides of direction that make it look right."""
    return f"\u202e{text[::-1]}\u202c \u2067{text}\u2069"


def threaded(text: str) -> str:
    """With a character that has no width behind each letter."""
    return "".join(f"{character}{_WIDTHLESS[place % 6]}" for place, character in enumerate(text))


def lookalikes(text: str) -> str:
    """With Cyrillic letters for the Latin ones, but in the last word."""
    head, _, last = text.rpartition(" ")
    return f"{head.translate(_LOOKALIKES)} {last}"


def spaced(text: str) -> str:
    """With a space between letters."""
    return " ".join(text.replace(" ", "·")) + "."


def base64_order(text: str) -> str:
    """In base64, with an invitation to decode it."""
    return f"base64 -d: {base64.b64encode(text.encode()).decode()}"


def moved(text: str) -> str:
    """Each letter moved by thirteen places."""
    return f"rot13: {codecs.encode(text, 'rot13')}"


def wide(text: str) -> str:
    """In letters and signs of full width."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    each.__name__: each
    for each in (tags, selectors, turned, threaded, lookalikes, spaced, base64_order, moved, wide)
}
