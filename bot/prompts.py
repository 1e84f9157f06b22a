"""The words that a model or a person reads: Markdown files in `prompts/`, filled in.

It does not know who reads them.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Template

from bot.domain import Closest
from bot.errors import SettingsError

FOLDER = Path(__file__).resolve().parent.parent / "prompts"
"""Beside the package `bot`, in a checkout and where both are installed."""
DEFAULT_LANGUAGE = "en"
DATA_CHARACTERS = 2000
"""A longer text is cut where a prompt holds it as data."""
_DELIMITERS = str.maketrans("<>[]【】［］", "‹›()()()")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What Unicode counts as letters, marks, signs or separators, and nobody sees."""


def render(name: str, /, **values: str) -> str:
    """The text of `prompts/NAME.md` with each `$variable` replaced by its value.

    Raises SettingsError where the file cannot be read, is not a valid template, lacks a variable that is
    passed, or has one that is not.
    """
    file = f"prompts/{name}.md"
    template = Template(_text(name))
    if not template.is_valid():
        raise SettingsError(f"{file} holds a $ that begins no variable: write it as $$.")
    variables = set(template.get_identifiers())
    if unknown := sorted(variables - set(values)):
        raise SettingsError(
            f"{file} uses ${unknown[0]}, which it is not given: remove it, or write $${unknown[0]}."
        )
    if unused := sorted(set(values) - variables):
        raise SettingsError(f"{file} does not use ${unused[0]}: put it back where its value belongs.")
    return template.substitute(values).strip()


def as_data(text: str) -> str:
    """A text of others for a prompt: no delimiters, no citation marks, no invisible characters, of bounded length."""
    cut = text[:DATA_CHARACTERS] + (" …" if len(text) > DATA_CHARACTERS else "")
    return visible(cut).translate(_DELIMITERS).strip()


def visible(text: str) -> str:
    """The text without invisible characters, which could hide something from a reader; tabs become spaces."""
    seen = _UNSEEN.sub("", text.replace("\t", " "))
    return "".join(each for each in seen if each == "\n" or unicodedata.category(each)[0] != "C")


def decline(language: str, closest: Closest | None = None) -> str:
    """What a person reads when the releases do not answer, and where to look instead if there is a place."""
    sentence = told("decline", language)
    if closest is None:
        return sentence
    return f"{sentence} {told('closest', language, release=_named(closest, _written(language)))}"


def told(name: str, language: str, **values: str) -> str:
    """What a person reads: `prompts/NAME.LANGUAGE.md`, in English for a language without a file of its own."""
    return render(f"{name}.{_written(language)}", **values)


@lru_cache(maxsize=512)
def day(value: date, language: str) -> str:
    """The date in words: `23 June 2023`, `23 juin 2023`; `language` is a code such as `fr`."""
    from babel.dates import format_date

    return format_date(value, "d MMMM y", locale=language)


def _written(language: str) -> str:
    return language if (FOLDER / f"decline.{language}.md").is_file() else DEFAULT_LANGUAGE


def _named(closest: Closest, language: str) -> str:
    title = " ".join(closest.title.split())
    return f"{title}, {day(closest.date, language)}" if closest.date else title


def _text(name: str) -> str:
    try:
        return (FOLDER / f"{name}.md").read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
        raise SettingsError(
            f"prompts/{name}.md cannot be read ({reason}): restore it in {FOLDER}."
        ) from error
