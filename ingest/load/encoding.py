"""Bytes as the characters they were saved as, in whatever encoding.

It knows no format but the marks that tell a text from a binary file.
"""

import codecs
from contextlib import suppress

from bot.errors import CorpusError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longest first where one begins another: UTF-32 LE opens with the mark of UTF-16 LE."""

_LEGACY_ENCODINGS = [
    "cp1252",
    "cp1250",
    "iso8859_2",
    "cp1251",
    "koi8_r",
    "cp1256",
    "gb18030",
    "big5",
    "cp932",
    "euc_kr",
]
"""What charset-normalizer chooses from. Left to all its encodings it took 31 of 51 short French cp1252
texts for a Baltic, Mac or DOS one; from these it got all 51."""

_PREFERRED = "cp1252"
_WINDOWS = {
    number: character
    for number in range(0x80, 0xA0)
    if (character := bytes([number]).decode(_PREFERRED, errors="ignore"))
}
_SAMPLE_BYTES = 200_000
_CONTROL_BYTES = bytes(set(range(0x20)) - set(b"\t\n\v\f\r")) + b"\x7f"
_STRAY_CONTROLS = 3
_CONTROL_SHARE = 0.01
"""More control characters than both: not text. One NUL in a text is an accident, many are a binary."""


def decoded(content: bytes, named: str, declared: str = "") -> str:
    """The characters of `content`, a byte order mark kept as U+FEFF; `declared` is the encoding it says it has.

    Raises CorpusError where it is binary or of no known encoding; messages call it `named`.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding, named)
    if _is_binary(content):
        raise CorpusError(f"{named} is a binary file, not text: save its text as UTF-8 or remove it.")
    for encoding, as_meant in (("utf-8", str), (declared, in_windows)):
        with suppress(UnicodeDecodeError, LookupError):
            return as_meant(content.decode(encoding))
    return _decoded(content, _legacy_encoding(content, named), named)


def in_windows(text: str) -> str:
    """The text with the characters of Windows-1252 in place of controls that nobody writes.

    What is said to be ISO 8859-1 mostly is Windows-1252, as the Encoding Standard has browsers read it.
    """
    return text.translate(_WINDOWS)


def _decoded(content: bytes, encoding: str, named: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{named} is not valid {encoding.upper()} at byte {error.start}: save it again as UTF-8."
        ) from error


def _is_binary(content: bytes) -> bool:
    controls = len(content) - len(content.translate(None, delete=_CONTROL_BYTES))
    return controls > max(_STRAY_CONTROLS, _CONTROL_SHARE * len(content))


def _legacy_encoding(content: bytes, named: str) -> str:
    """The likeliest encoding of bytes that are not UTF-8; the Western European one where it fits as well."""
    from charset_normalizer import from_bytes

    sample = content if len(content) <= _SAMPLE_BYTES else _telling_part(content)
    attempts = [(0.2, cut) for cut in range(4)] + [(0.4, cut) for cut in range(4)]
    for threshold, cut in attempts:  # the sample may end within a character of up to four bytes
        matches = from_bytes(sample[: len(sample) - cut], cp_isolation=_LEGACY_ENCODINGS, threshold=threshold)
        best = matches.best()
        if best is None:
            continue
        for match in matches:
            as_likely = match.chaos <= best.chaos + 0.02 and match.coherence >= best.coherence - 0.1
            if match.encoding == _PREFERRED and as_likely:
                return match.encoding
        return best.encoding
    raise CorpusError(f"{named} is in an unknown encoding: save it again as UTF-8.")


def _telling_part(content: bytes) -> bytes:
    """A part that starts with the line, or else the character, that is the first not in ASCII."""
    first = next(place for place, byte in enumerate(content) if byte > 0x7F)
    line = content.rfind(b"\n", 0, first) + 1
    start = line if first - line < _SAMPLE_BYTES // 2 else first
    return content[start : start + _SAMPLE_BYTES]
