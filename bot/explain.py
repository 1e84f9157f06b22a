"""How an answer came about, for a person to read or as JSON: what was asked, found, read, weighed and shown.

It asks nothing: `bot.chain` gives the account.
"""

from collections.abc import Callable
from typing import Any

from bot.chain import Account
from bot.domain import Evidence

SENTENCES = 10
"""Sentences that are shown, the most probable first."""
QUOTE_CHARACTERS = 160


def explained(account: Account, minimum: float) -> dict[str, Any]:
    """The account as plain JSON types; `minimum` is the probability below which the bot declines."""
    lookup = account.lookup
    return {
        "answer": account.answer.to_json(),
        "standalone_question": lookup.question,
        "language": lookup.language,
        "passages": [
            {
                "release_id": item.passage.release_id,
                "start": item.passage.start,
                "end": item.passage.end,
                "score": round(item.score, 4),
                "similarity": round(item.similarity, 4),
                "read": place < lookup.read,
            }
            for place, item in enumerate(lookup.found)
        ],
        "evidence": [evidence_json(item) for item in lookup.evidence[:SENTENCES]],
        "minimum_probability": minimum,
        "chosen": len(account.chosen.evidence),
        "figures_differ": account.chosen.differ,
        "written": account.written,
        "stages": {stage: round(seconds, 4) for stage, seconds in account.seconds.items()},
    }


def evidence_json(item: Evidence) -> dict[str, Any]:
    """A sentence with its place, its probability and the words of it that answer, as plain JSON types."""
    return {
        "release_id": item.release.id,
        "start": item.start,
        "end": item.end,
        "probability": round(item.probability, 4),
        "quote": item.quote,
        "answer": item.words,
    }


def print_account(account: Account, minimum: float, plain: Callable[[str], str] = str) -> None:
    """Print how the answer came about to standard output, each line as `plain` makes it."""

    def say(line: str) -> None:
        print(plain(line))

    lookup = account.lookup
    say(f"Asked as: {lookup.question} ({lookup.language})")
    say(f"\nFound, the first {lookup.read} of them read (score, similarity, passage):")
    for place, found in enumerate(lookup.found, 1):
        passage = found.passage
        where = f"{passage.release_id}:{passage.start}-{passage.end}"
        say(f"{place:4}  {found.score:.3f}  {found.similarity:.3f}  {where}")
    say("\nSentences (probability, sentence, words that answer; * is shown):")
    for place, item in enumerate(lookup.evidence[:SENTENCES], 1):
        mark = "*" if item in account.chosen.evidence else " "
        say(f"{place:3}{mark}  {item.probability:.3f}  {_line(item.quote)}  → {_line(item.words or '')}")
    outcome = "declined" if account.answer.declined else f"{len(account.answer.citations)} quoted"
    say(f"\nBelow {minimum:.2f} it declines: {outcome}.")
    if account.chosen.differ:
        say("Releases give different figures: the newest comes first.")
    if account.written is not None:
        say(f"The chat model wrote: {account.written}")
    stages = ", ".join(f"{stage} {seconds:.3f} s" for stage, seconds in account.seconds.items())
    say(f"Took {account.answer.seconds:.3f} s: {stages}.")


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTE_CHARACTERS else f"{line[:QUOTE_CHARACTERS]}…"
