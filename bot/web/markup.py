"""Texts of releases, models and people as HTML, Markdown or lines of a terminal that show and do nothing.

It knows no page: only what HTML, CommonMark, Streamlit's additions to it and a terminal take for an instruction.
"""

import html
import re
import string

_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd")
_PUNCTUATION = {ord(character): f"\\{character}" for character in string.punctuation}
_REPLACED = re.compile(
    r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)|:(?=material_\w+:|streamlit:|//)|www(?=\.)|@", re.IGNORECASE
)
"""What Streamlit 1.67 replaces by an arrow, an icon, a logo or a link even where it is escaped."""
_WORD_JOINER = "\u2060"
_OBEYED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys: control characters, and those that turn the direction of what follows them."""


def as_html(text: str) -> str:
    """`text` for an element or a quoted attribute; control characters become U+FFFD."""
    return html.escape(_valid(text).translate(_CONTROL))


def link_html(url: str | None, name: str) -> str:
    """A link of this name to an address of the web; nothing for any other address, or for none."""
    if not (url or "").startswith(("http://", "https://")):
        return ""
    return f'<a href="{as_html(url or "")}" target="_blank" rel="noopener noreferrer nofollow">{as_html(name)}</a>'


def as_markdown(text: str) -> str:
    """`text` as one line of Markdown, for labels and messages; runs of white space become one space.

    An invisible word joiner breaks the few character sequences that cannot be escaped.
    """
    line = " ".join(_valid(text).translate(_CONTROL).split())
    return _REPLACED.sub(lambda found: _broken(found.group()), line).translate(_PUNCTUATION)


def as_terminal(text: str) -> str:
    """`text` for a terminal: line ends and tabs stay, every other character that it would obey becomes U+FFFD."""
    return _OBEYED.sub("\ufffd", text)


def as_terminal_json(text: str) -> str:
    """JSON for a terminal that reads back the same: characters that it would obey are written as their code."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _broken(sequence: str) -> str:
    return f"{sequence[0]}{_WORD_JOINER}{sequence[1:]}"


def _valid(text: str) -> str:
    """The text without lone surrogates, which no message to the browser can hold."""
    return text.encode("utf-8", "replace").decode()
