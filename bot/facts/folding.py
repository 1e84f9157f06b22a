"""The words of a text without what makes no difference: case, accents, punctuation, the form of numbers in digits.

It knows no language.
"""

import re
import unicodedata

# Scripts written without spaces between words: each character is a word of its own.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = rf"(?![{_UNSPACED}])[^\W_]"
_WORD = re.compile(rf"(?<![^\W_])\d+\.\d+(?!{_LETTER})|[{_UNSPACED}]|[%$€£¥₹]|(?:{_LETTER})+")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})(?=([ ,.'\u2019])\d{3}(?!\d))((?:\2\d{3})+)(?![.,]?\d)")
_DECIMAL = re.compile(rf"(?<![.,])(?<![^\W_])(\d+)[.,](\d+)(?![.,]?\d|{_LETTER})")
_ZEROS = re.compile(r"\A0+(?=\d)")

# Letters that Unicode does not decompose although readers write them as one or two plain ones.
_PLAIN = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i"})
# What Unicode would join to the number before it: marks of footnotes and fractions. Arabic separators.
_APART = str.maketrans(
    {raised: f" {digit}" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    | {"½": ".5", "¼": ".25", "¾": ".75", "٬": ",", "٫": "."}
    | dict.fromkeys("\u2010\u2011", "-")
)
_FRACTION = re.compile(r"(?<![\w.])\.(?=\d)")


def folded(text: str) -> str:
    """The words of `text` with one space before and after each, so that `" 6 "` is not in `" 66 "`.

    Case, accents, ligatures, dashes, quotes, punctuation and white space make no difference, nor
    do separators of thousands (`10,000`, `10 000`, `10'000`), the decimal sign, outer zeros and the
    script of digits. A sign of per cent or currency is a word.
    """
    return f" {' '.join(split(apart(text)))} "


def apart(text: str) -> str:
    """`text` in compatible characters and ASCII digits."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(_APART))
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def split(text: str) -> list[str]:
    """The folded words of a text in compatible characters; a number with a fraction is one word."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Cf"))
        plain = plain.translate(_PLAIN)
    plain = _FRACTION.sub("0.", plain)
    plain = _THOUSANDS.sub(lambda found: found[1] + found[3].replace(found[2], ""), plain)
    plain = _DECIMAL.sub(lambda found: f"{found[1]}.{found[2]}".rstrip("0").rstrip("."), plain)
    return [_ZEROS.sub("", word) if word[0] == "0" else word for word in _WORD.findall(plain)]
