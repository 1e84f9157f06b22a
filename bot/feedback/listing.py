"""A stored answer with what a person said about it, as text for a screen, as JSON and as a row of a table.

It does not know which answers are listed, nor where the text goes.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.history import StoredAnswer

ID_CHARACTERS = 10
"""How much of an answer's id is shown: more than enough to name it."""
COLUMNS = (
    "when",
    "thumbs",
    "comment",
    "question",
    "questions before",
    "answer",
    "declined",
    "quotes",
    "releases",
    "language",
    "id",
)
_BETWEEN = " | "
# What a spreadsheet may take for the start of a formula (OWASP, "CSV Injection"), at the start of a cell or,
# where the spreadsheet's separator is a semicolon, after one.
_FORMULA = re.compile(r"(^|;[\s\"]*)(?=[=+\-@＝＋－＠])")
# They end a line for some readers of JSON lines, although JSON lets them stand.
_LINE_ENDS = {end: f"\\u{end:04x}" for end in (0x85, 0x2028, 0x2029)}


def as_text(answer: StoredAnswer) -> str:
    """Some lines for a screen: nothing in them but the line ends can move its cursor."""
    feedback, turn = answer.feedback, answer.turn
    said = (feedback.thumbs or "comment") if feedback else "nothing said"
    lines = [f"{one_line(answer.id[:ID_CHARACTERS])}  {moment(answer.when)}  {said}"]
    if feedback and feedback.comment:
        lines.append(f"  comment   {one_line(feedback.comment)}")
    lines += [f"  before    {one_line(question)}" for question in answer.history]
    if turn:
        lines.append(f"  question  {one_line(turn.question)}")
        lines.append(f"  {'declined' if turn.answer.declined else 'answer  '}  {one_line(turn.answer.text)}")
    else:
        lines.append("  (the answer itself is not stored)")
    return "\n".join(lines)


def as_json(answer: StoredAnswer) -> dict[str, Any]:
    """The answer's public JSON, after its own question those before it, when, and what a person said."""
    feedback = answer.feedback
    return {
        **(answer.turn.answer.to_json() if answer.turn else {"id": answer.id}),
        "history": list(answer.history),
        "asked": answer.asked.isoformat() if answer.asked else None,
        "thumbs": feedback.thumbs if feedback else None,
        "comment": feedback.comment if feedback else "",
        "given": feedback.given.isoformat() if feedback else None,
    }


def as_row(answer: StoredAnswer) -> dict[str, str]:
    """The cells of `COLUMNS`, as they are, not yet made safe for a spreadsheet."""
    feedback, turn = answer.feedback, answer.turn
    row = {
        "when": moment(answer.when),
        "thumbs": (feedback.thumbs if feedback else None) or "",
        "comment": feedback.comment if feedback else "",
        "questions before": _BETWEEN.join(answer.history),
        "id": answer.id,
    }
    if turn:
        citations = turn.answer.citations
        row |= {
            "question": turn.question,
            "answer": turn.answer.text,
            "declined": "yes" if turn.answer.declined else "no",
            "quotes": _BETWEEN.join(citation.quote for citation in citations),
            "releases": _BETWEEN.join(dict.fromkeys(citation.release_id for citation in citations)),
            "language": turn.answer.language,
        }
    return row


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A CSV file that Excel reads as UTF-8 and takes no cell of for a formula; a missing cell is empty.

    A cell is one line. One that would start a formula starts with an apostrophe instead.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_FORMULA.sub(r"\1'", one_line(row.get(column, ""))) for column in columns])
    return written.getvalue().encode("utf-8-sig")


def json_line(data: Mapping[str, Any]) -> str:
    """One JSON object on one line, however a line end is read."""
    return json.dumps(data, ensure_ascii=False).translate(_LINE_ENDS)


def one_line(text: str) -> str:
    """The text on one line, without control characters and halves of surrogate pairs."""
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text
    )
    return " ".join(kept.split())


def moment(when: datetime) -> str:
    """The time to the minute; the store's times are in UTC."""
    return f"{when:%Y-%m-%d %H:%M} UTC"
