"""Texts of releases, models and people as HTML or Markdown that shows every character and does nothing.

It knows no page: only what HTML, CommonMark and Streamlit's additions to it would take for an instruction.
"""

import html
import re
import string

_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd")
_PUNCTUATION = {ord(character): f"\\{character}" for character in string.punctuation}
_REPLACED = re.compile(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)|:(?=material_\w+:|streamlit:)")
"""What Streamlit 1.67 replaces by an arrow, an icon or a logo even where it is escaped."""
_WORD_JOINER = "\u2060"


def as_html(text: str) -> str:
    """`text` for an element or a quoted attribute; control characters become U+FFFD."""
    return html.escape(_valid(text).translate(_CONTROL))


def as_markdown(text: str) -> str:
    """`text` as one line of Markdown, for labels and messages; runs of white space become one space.

    An invisible word joiner breaks the few character sequences that cannot be escaped.
    """
    line = " ".join(_valid(text).translate(_CONTROL).split())
    return _REPLACED.sub(lambda found: _broken(found.group()), line).translate(_PUNCTUATION)


def _broken(sequence: str) -> str:
    return f"{sequence[0]}{_WORD_JOINER}{sequence[1:]}"


def _valid(text: str) -> str:
    """The text without lone surrogates, which no message to the browser can hold."""
    return text.encode("utf-8", "replace").decode()
