"""Prints how near rewritten follow-ups come to what people wrote, as one JSON object.

    python tests/benchmarks/rewriting.py BENCH/canard_dev [--turns 1000] [--skip 1000] [--without-titles]

The set has `rewrites.jsonl`: `history` (questions and answers in turn), `question`, `rewrite`, `title`. Each question
that has a history is rewritten by `bot.rewrite` after the turns before it, which carry its own earlier rewritings;
the article's title stands for that of a release which was quoted. There is no corpus to ask, so that the likeliest
rewriting by the words is taken; what is a name is told by the set's own answers and titles.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.domain import Answer, Citation, Turn
from bot.errors import CommuniqueError, CorpusError
from bot.follow_up import NameShare
from bot.rewrite import rewrite
from bot.settings import READING
from tests.benchmarks.sets import rows

UNKNOWN = "I don't know."
"""What the answers of the set say where the article gives none."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question with what was said before it, questions and answers in turn, and what a person made of it."""

    conversation: str
    title: str
    history: tuple[str, ...]
    question: str
    rewrite: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--turns", type=int, metavar="N", help="only so many turns")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="without the first so many")
    parser.add_argument(
        "--without-titles", action="store_true", help="the titles of the articles are not told"
    )
    options = parser.parse_args()
    try:
        figures = measure(options.folder, options.turns, options.skip, titles=not options.without_titles)
    except CommuniqueError as error:
        raise SystemExit(str(error)) from None
    print(json.dumps(figures))


def measure(
    folder: Path, count: int | None = None, skip: int = 0, *, titles: bool = True
) -> dict[str, float | int]:
    """The figures, by name. Raises CorpusError where the folder is not of the form it needs."""
    everything = _read(folder)
    follow_ups = everything[skip:][:count]
    leaning = [turn for turn in follow_ups if turn.history]
    if not leaning:
        raise CorpusError(f"{folder}/rewrites.jsonl has no question with a history: name a set that has.")
    share = _name_share(
        text for turn in everything for text in (turn.title, *turn.history[1::2]) if text != UNKNOWN
    )
    started = time.perf_counter()
    rewritten = _rewritten(follow_ups, share, titles)
    seconds = time.perf_counter() - started
    standing = [turn for turn in leaning if exact(turn.question, turn.rewrite)]
    kept = [exact(rewritten[turn], turn.question) for turn in standing]
    again = [rewrite(turn.rewrite, _turns(turn, {}, titles), share) for turn in leaning]

    def mean(metric: Callable[[str, str], float], texts: Iterable[str]) -> float:
        pairs = zip(texts, leaning, strict=True)
        return round(statistics.mean(metric(text, turn.rewrite) for text, turn in pairs), 4)

    ours, theirs = [rewritten[turn] for turn in leaning], [turn.question for turn in leaning]
    return {
        "f1": mean(overlap, ours),
        "rouge_l": mean(subsequence, ours),
        "exact": mean(exact, ours),
        "as_it_is_f1": mean(overlap, theirs),
        "as_it_is_rouge_l": mean(subsequence, theirs),
        "as_it_is_exact": mean(exact, theirs),
        "standalone_untouched": round(statistics.mean(kept), 4) if kept else 1.0,
        "human_rewrites_untouched": mean(exact, again),
        "standalone": len(standing),
        "turns": len(leaning),
        "milliseconds_per_question": round(1000 * seconds / len(follow_ups), 2),
    }


def overlap(text: str, wanted: str) -> float:
    """The harmonic mean of precision and recall of the words, each counted as often as it stands there."""
    ours, theirs = _words(text), _words(wanted)
    return _f1(sum((Counter(ours) & Counter(theirs)).values()), ours, theirs)


def subsequence(text: str, wanted: str) -> float:
    """The same of the longest run of words that both have in order, gaps allowed: ROUGE-L (Lin 2004)."""
    ours, theirs = _words(text), _words(wanted)
    row = [0] * (len(theirs) + 1)
    for word in ours:
        above, row = row, [0]
        for place, other in enumerate(theirs):
            row.append(above[place] + 1 if word == other else max(above[place + 1], row[place]))
    return _f1(row[-1], ours, theirs)


def exact(text: str, wanted: str) -> float:
    """1 where the words are the same in the same order, else 0."""
    return float(_words(text) == _words(wanted))


def _f1(shared: int, ours: Sequence[str], theirs: Sequence[str]) -> float:
    return 2 * shared / (len(ours) + len(theirs)) if ours or theirs else 1.0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _read(folder: Path) -> list[FollowUp]:
    return [
        FollowUp(
            str(row["id"]).partition("#")[0],
            str(row.get("title") or ""),
            tuple(map(str, row["history"])),
            row["question"],
            row["rewrite"],
        )
        for row in rows(folder / "rewrites.jsonl", id=str, question=str, rewrite=str, history=list)
    ]


def _rewritten(follow_ups: Sequence[FollowUp], share: NameShare, titles: bool) -> dict[FollowUp, str]:
    """Each question as it is rewritten after those before it in its conversation."""
    done: dict[FollowUp, str] = {}
    earlier: dict[tuple[str, tuple[str, ...]], str] = {}
    for turn in follow_ups:
        done[turn] = rewrite(turn.question, _turns(turn, earlier, titles), share)
        earlier[turn.conversation, (*turn.history, turn.question)] = done[turn]
    return done


def _turns(turn: FollowUp, earlier: dict[tuple[str, tuple[str, ...]], str], titles: bool) -> list[Turn]:
    turns = []
    for place in range(0, len(turn.history) - 1, 2):
        question, said = turn.history[place : place + 2]
        standalone = earlier.get((turn.conversation, turn.history[: place + 1]), question)
        title = turn.title if titles else ""
        quotes = (Citation(1, said, "article", title, None, "en", "article", 0, len(said), ""),)
        told = said != UNKNOWN
        answer = Answer(
            str(place), question, standalone, said, not told, "en", READING, quotes if told else ()
        )
        turns.append(Turn(question, answer))
    return turns


def _name_share(texts: Iterable[str]) -> NameShare:
    """How often a word begins with a capital where no sentence begins."""
    large, small = Counter[str](), Counter[str]()
    for text in texts:
        for match in re.finditer(r"(?<=[\w,;] )[^\W_]+", text):
            word = match.group()
            (large if word[0].isupper() else small)[word.casefold()] += 1

    def share(word: str) -> float | None:
        folded = word.casefold()
        known = large[folded] + small[folded]
        return large[folded] / known if known else None

    return share


if __name__ == "__main__":
    main()
