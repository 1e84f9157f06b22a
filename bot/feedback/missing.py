"""A theme of declined questions as text for a screen, as JSON and as rows of a table.

It does not know how themes are found.
"""

from collections.abc import Iterator
from typing import Any

from bot.feedback.listing import ID_CHARACTERS, one_line
from bot.feedback.themes import Theme

SHOWN = 5
"""Questions of a theme that the text shows."""
COLUMNS = ("theme", "times in theme", "newest in theme", "question", "times", "newest", "language", "id")


def as_text(theme: Theme) -> str:
    """The theme in a line, its most asked questions below, each with the id of its newest answer."""
    times = "once" if theme.asked == 1 else f"{theme.asked} times in {theme.conversations} conversations"
    lines = [f"{name(theme)}: {times}, last on {theme.newest:%Y-%m-%d}"]
    for question in theme.questions[:SHOWN]:
        newest = one_line(question.answers[0].id[:ID_CHARACTERS])
        lines.append(f"  {len(question.answers):>4}  {newest}  {one_line(question.question)}")
    if len(theme.questions) > SHOWN:
        lines.append(f"        and {len(theme.questions) - SHOWN} more")
    return "\n".join(lines)


def as_json(theme: Theme) -> dict[str, Any]:
    """The theme with all its questions and the ids of all their answers, the newest first."""
    return {
        "theme": list(theme.words),
        "asked": theme.asked,
        "conversations": theme.conversations,
        "newest": theme.newest.isoformat(),
        "questions": [
            {
                "question": question.question,
                "language": question.language,
                "asked": len(question.answers),
                "newest": question.newest.isoformat(),
                "ids": [answer.id for answer in question.answers],
            }
            for question in theme.questions
        ],
    }


def as_rows(theme: Theme) -> Iterator[dict[str, str]]:
    """A row of `COLUMNS` for each question."""
    for question in theme.questions:
        yield {
            "theme": name(theme),
            "times in theme": str(theme.asked),
            "newest in theme": f"{theme.newest:%Y-%m-%d}",
            "question": question.question,
            "times": str(len(question.answers)),
            "newest": f"{question.newest:%Y-%m-%d}",
            "language": question.language,
            "id": question.answers[0].id,
        }


def name(theme: Theme) -> str:
    """Its words; where its questions hold none, the most asked of them."""
    return one_line(", ".join(theme.words)) or one_line(theme.questions[0].question)
