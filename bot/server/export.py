"""A conversation as a Markdown document: questions, answers, and every quote with its place in the release.

It knows no request. Texts of releases, models and people are written so that no Markdown reader takes any of
them for more than text.
"""

import re
from collections.abc import Sequence

from bot.domain import Answer, Citation, Turn
from bot.prompts import day
from bot.web.wording import page_of, wording

UNTITLED = "Conversation"
_SIGNS = re.compile(r"[\\`*_\[\]<>#|~$!&{}^=@:]")
"""What CommonMark and its common additions (tables, maths, footnotes, links made of bare addresses) act on."""
_STARTS = re.compile(r"^(\s*)([-+]|\d{1,9}(?=[.)]))", re.MULTILINE)
CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd")


def as_document(title: str, turns: Sequence[Turn]) -> str:
    """The whole document; it ends with a line break."""
    parts = [f"# {_line(title) or UNTITLED}"]
    for turn in turns:
        parts += [f"## {_line(turn.question)}", _text(turn.answer.text)]
        if turn.answer.notice:
            parts.append(_text(turn.answer.notice))
        parts += [_source(citation, turn.answer) for citation in turn.answer.citations]
    return "\n\n".join(parts) + "\n"


def _source(citation: Citation, answer: Answer) -> str:
    place = (
        _line(citation.file),
        page_of(citation, wording(answer.language)),
        f"{citation.start}–{citation.end}",
    )
    facts = [
        _line(citation.title),
        day(citation.date, answer.language) if citation.date else None,
        _line(citation.issuer) if citation.issuer else None,
        ", ".join(filter(None, place)),
    ]
    quote = _text(citation.quote).replace("\n", "\n> ")
    return f"> {quote}\n>\n> — \\[{citation.number}\\] {' · '.join(fact for fact in facts if fact)}"


def _line(text: str) -> str:
    """The text as one line."""
    return _escaped(" ".join(text.split()))


def _text(text: str) -> str:
    """The text with its lines, blank ones at its ends left out; indented lines would be code."""
    return "\n".join(_escaped(line.strip()) for line in text.strip().splitlines())


def _escaped(text: str) -> str:
    plain = _SIGNS.sub(lambda found: f"\\{found[0]}", text.translate(CONTROL))
    return _STARTS.sub(lambda found: f"{found[1]}{_held(found[2])}", plain)


def _held(start: str) -> str:
    """What begins a list, so that it does not: a sign is escaped, after a number the dot would have to be."""
    return f"\\{start}" if start in "-+" else f"{start}\u2060"
