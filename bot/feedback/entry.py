"""A stored answer as an entry of a question set, with the answer of that day pinned to its releases.

What would have been right is for a person to fill in; it does not know how the set is written.
"""

from typing import Any

from bot.errors import QuestionError
from bot.history import StoredAnswer

GIVEN = "given"
"""The key of the answer of that day: readers of question sets keep it and ask nothing of it."""


def entry_of(stored: StoredAnswer) -> dict[str, Any]:
    """The entry: plain YAML types, unscored until a person writes `facts` or sets `answerable` to false.

    Raises QuestionError where only the feedback is stored, and not what was asked.
    """
    turn, feedback = stored.turn, stored.feedback
    if turn is None:
        raise QuestionError(
            f"Of the answer {stored.id} only the feedback is stored, not the question: write the entry by hand."
        )
    answer = turn.answer
    complains = feedback is not None and feedback.thumbs != "up"
    entry: dict[str, Any] = {
        "id": f"{'complaint' if complains else 'asked'}-{stored.id[:12]}",
        "question": turn.question,
        "history": list(stored.history),
        "facts": [],
        "answerable": None,
        "language": answer.language,
        "tags": ["complaint"] if complains else [],
        "note": feedback.comment if feedback else "",
        GIVEN: {
            "answer_id": stored.id,
            "asked": stored.asked.isoformat() if stored.asked else None,
            "thumbs": feedback.thumbs if feedback else None,
            "declined": answer.declined,
            "mode": answer.mode,
            "answer": answer.text,
            "citations": [
                {
                    "release_id": citation.release_id,
                    "start": citation.start,
                    "end": citation.end,
                    "revision": citation.revision,
                    "quote": citation.quote,
                }
                for citation in answer.citations
            ],
        },
    }
    return {key: value for key, value in entry.items() if value or key in ("facts", "answerable")}


def is_of(entry: dict[str, Any], stored: StoredAnswer) -> bool:
    """Whether an entry that was read from a set was made of this answer, whatever was changed in it since."""
    given = entry.get(GIVEN)
    return isinstance(given, dict) and given.get("answer_id") == stored.id
