"""Writes the questions that a reader learns from, each with a passage that answers and some that only look right.

    python tests/benchmarks/training/examples.py BENCH/squad2_dev BENCH/piaf_fr BENCH/selqa BENCH/cnil_fr \\
        BENCH/nomiracl_en --avoid BENCH/xquad_en --out EXAMPLES

It knows the benchmark sets and our own retriever, which finds the wrong passages; it knows no PyTorch. A tenth of the
articles of each folder goes to `aside.jsonl` instead of `train.jsonl`; passages that hold a paragraph of a set to
`--avoid` go to neither. Questions are also asked in other languages where `apertium` is installed (Debian:
apertium, apertium-eng-spa, apertium-fr-es): rough, but the only way to learn to read across languages from sets that
ask in the language of their passages.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bot.domain import Passage
from bot.language.terms import content_words, is_name
from bot.read import _units
from bot.retrieve import retrieve
from bot.settings import load
from tests.benchmarks.bench import SEED, Bench, each, indexed, set_aside
from tests.benchmarks.sets import asked, letters, rows, texts, write_rows

NEGATIVES = 8
"""Wrong passages kept for a question, the best found first."""
RETRIEVED = 16
LONGEST_ANSWER = 200
"""Characters of an answer beyond which only its sentences are learned."""
SHORTEST_AVOIDED = 60
"""Letters of a sentence that make a passage one of a set to avoid."""
SWAPPED_SHARE = 0.5
"""Questions that are asked once more with a number or name that is wrong."""
ASKED_WHY = 0.15
"""Questions for a time or a place that are asked once more for a reason, which their passage does not give."""
REASONS = {
    "en": (
        re.compile(r"^(?:When|Where) (?=(?:was|were|is|are|did|does|do)\b)"),
        "Why ",
        r"\b(?:because|since|due|order|reason|so that)\b",
    ),
    "fr": (
        re.compile(r"^(?:Quand|Où) (?=(?:a|ont|est|sont|fut|furent)\b)"),
        "Pourquoi ",
        r"\b(?:car|parce|afin|raison|pour que|à cause)\b",
    ),
}
"""By language: what asks for a time or a place, what asks for a reason, and words that give one."""
POOLED = 3
"""How often a question over a judged pool stands among the others: few, but people said what does not answer them."""
PAIRS = {
    "en": {"es": ["eng-spa"], "fr": ["eng-spa", "es-fr"]},
    "fr": {"es": ["fr-es"], "en": ["fr-es", "spa-eng"]},
}
"""The translators that lead from a language to another."""


@dataclass(frozen=True)
class Read:
    """A passage to read: what may be quoted of it, and of that what answers and what may or may not.

    `units`, `answers` are spans in characters; `right` and `open` are places in `units`.
    """

    title: str
    text: str
    units: list[tuple[int, int]]
    answers: list[tuple[int, int]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Example:
    """A question in one or more languages, the passage it was made for, and wrong ones.

    Without `answered` the passage it was made for does not answer it either.
    """

    set: str
    article: str
    questions: dict[str, str]
    answered: bool
    own: Read
    wrong: list[Read]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--avoid", nargs="+", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    avoided = _sentences_of(options.avoid)
    train, aside = [], []
    for folder in options.folders:
        with TemporaryDirectory() as temporary:
            source = _in_form(folder, Path(temporary))
            with indexed(source, load().data_dir / "models") as bench:
                kept = set_aside(bench.article.values())
                for example in _examples(folder.name, source, bench, avoided):
                    if example.article in kept:
                        aside.append(example)
                    else:
                        train += [example] * (POOLED if _judged(folder) else 1)
        print(f"{folder.name}: {len(train)} to train on, {len(aside)} aside", file=sys.stderr, flush=True)
    dice = random.Random(SEED)
    train += [other for example in train for made in (_swapped, _asked_why) if (other := made(example, dice))]
    for name, examples in (("train", train), ("aside", aside)):
        with (options.out / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            for example in _in_other_languages(examples):
                out.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


def _in_form(folder: Path, into: Path) -> Path:
    """The folder, or its set in the form of the others: a corpus, and questions each about a passage of it."""
    if (folder / "sentences.jsonl").exists():
        return _of_sentences(folder, into)
    return _of_pools(folder, into) if _judged(folder) else folder


def _judged(folder: Path) -> bool:
    """Whether the set says of pools of passages whether one answers, and not where."""
    return (folder / "pool.tsv").exists()


def _of_pools(folder: Path, into: Path) -> Path:
    """A set that says of a pool of passages whether one answers: the passage that names the question, or none."""
    lines = []
    for question in asked(folder):
        made_for = question.contexts[0]
        if not question.answerable or question.id.endswith(f"-{made_for}"):
            said = {"question": question.question, "context_id": made_for, "answerable": question.answerable}
            lines.append(said | {"pool": question.contexts, "answers": []})
    shutil.copy(folder / "corpus.jsonl", into)
    write_rows(into / "qa.jsonl", lines)
    return into


def _of_sentences(folder: Path, into: Path) -> Path:
    """A set that marks the sentences that answer: its answers are whole sentences."""
    write_rows(into / "corpus.jsonl", (asdict(text) for text in texts(folder)))
    write_rows(
        into / "qa.jsonl",
        (
            {
                "question": question.question,
                "context_id": question.contexts[0],
                "answers": question.answers,
                "whole": True,
            }
            for question in asked(folder)
        ),
    )
    return into


def _examples(name: str, folder: Path, bench: Bench, avoided: set[str]) -> Iterator[Example]:
    titles = {row["id"]: row.get("title", "").replace("_", " ") for row in rows(folder / "corpus.jsonl")}
    stored = bench.catalog.passages(sorted(bench.catalog.passage_ids()))
    by_context: dict[str, list[Passage]] = {}
    for passage in stored:
        by_context.setdefault(bench.context[passage.release_id], []).append(passage)
    hidden = {
        context
        for context, passages in by_context.items()
        if any(
            letters(passage.text[start:end]) in avoided
            for passage in passages
            for start, end, _ in _units(passage)
        )
    }
    asides = set_aside(bench.article.values())

    def example(row: dict[str, Any]) -> Example | None:
        context = row["context_id"]
        if context in hidden or context not in by_context:
            return None
        question = " ".join(row["question"].split())
        language = row.get("language") or ("fr" if name.endswith("_fr") else "en")
        answered = row.get("answerable", True)
        own = _own(
            question, language, row if answered else None, by_context.get(context, []), titles[context]
        )
        if own is None:
            return None
        pool = set(row.get("pool", ()))
        if pool and not answered:
            found = [passage for other in row["pool"] for passage in by_context.get(other, ())]
        else:
            vector = np.asarray(bench.embeddings.embed_query(question), np.float32)
            hits = retrieve(question, language, vector, bench.catalog, bench.vectors, RETRIEVED)
            found = [hit.passage for hit in hits if bench.context[hit.passage.release_id] not in pool]
        answers = [letters(answer) for answer in row["answers"]] if answered else []
        aside = bench.article[context] in asides
        wrong = [
            Read(titles[other], passage.text, [(start, end) for start, end, _ in _units(passage)])
            for passage in found
            if (other := bench.context[passage.release_id]) != context
            and other not in hidden
            and (aside or bench.article[other] not in asides)
            and not any(answer in letters(passage.text) for answer in answers)
        ]
        return Example(name, bench.article[context], {language: question}, answered, own, wrong[:NEGATIVES])

    yield from (made for made in each(example, rows(folder / "qa.jsonl")) if made)


def _own(
    question: str, language: str, row: dict[str, Any] | None, passages: Sequence[Passage], title: str
) -> Read | None:
    """The passage of the context that answers, or its first where nothing does; None where none holds the answer."""
    reads = [
        Read(title, passage.text, [(start, end) for start, end, _ in _units(passage)]) for passage in passages
    ]
    reads = [read for read in reads if read.units]
    if row is None:
        return reads[0] if reads else None
    words = {word for word, _ in content_words(question, language)}
    best: tuple[float, Read] | None = None
    for read in reads:
        if row.get("pool"):
            shared = [
                sum(word in words for word, _ in content_words(read.text[start:end], language))
                for start, end in read.units
            ]
            nearest = [place for place, count in enumerate(shared) if count == max(shared)]
            others = [place for place in range(len(shared)) if place not in nearest]
            best = (0, replace(read, right=nearest, open=others))
            continue
        if row.get("whole") or max(map(len, row["answers"])) > LONGEST_ANSWER:
            held = [letters(answer) for answer in row["answers"]]
            right = [
                place
                for place, (start, end) in enumerate(read.units)
                if (own := letters(read.text[start:end]))
                and any(own in answer or answer in own for answer in held)
            ]
            if right and (best is None or len(right) > best[0]):
                best = (len(right), replace(read, right=right))
            continue
        spans = [
            match.span()
            for answer in dict.fromkeys(row["answers"])
            if answer.strip()
            for match in re.finditer(rf"(?<!\w){re.escape(answer.strip())}(?!\w)", read.text)
        ]
        holding = {
            place: sum(word in words for word, _ in content_words(read.text[start:end], language))
            for place, (start, end) in enumerate(read.units)
            if any(start <= first and last <= end for first, last in spans)
        }
        if not holding:
            continue
        overlap = max(holding.values())
        right = [place for place, count in holding.items() if count == overlap]
        units = [read.units[place] for place in right]
        inside = [span for span in spans if any(start <= span[0] and span[1] <= end for start, end in units)]
        if best is None or overlap > best[0]:
            best = (
                overlap,
                replace(read, answers=inside, right=right, open=[p for p in holding if p not in right]),
            )
    return best[1] if best else None


def _swapped(example: Example, dice: random.Random) -> Example | None:
    """The question with a number or a name that its passage does not hold: nothing answers it there."""
    if not example.answered or dice.random() > SWAPPED_SHARE:
        return None
    ((language, question),) = example.questions.items()
    numbers = re.findall(r"\b\d[\d.,]*\b", question)
    names = [word for word in re.findall(r"(?<=[\w,] )[^\W\d_]{3,}", question) if is_name(word)]
    if not numbers and not names:
        return None
    if numbers and (not names or dice.random() < 0.5):
        old = dice.choice(numbers)
        new = (
            re.sub(r"\d", lambda _: str(dice.randint(1, 9)), old)
            if len(old) < 4
            else str(int(re.sub(r"\D", "", old)) + dice.choice([-40, -12, -7, -3, 2, 5, 9, 31]))
        )
    else:
        old = dice.choice(names)
        others = {
            (before, word)
            for read in example.wrong
            for before, word in re.findall(r"([^\W\d_]+),? ([^\W\d_]{3,})", read.text)
            if is_name(word) and word not in example.own.text and word.casefold() not in question.casefold()
        }
        if not others:
            return None
        leading = re.search(rf"([^\W\d_]+),? {re.escape(old)}(?!\w)", question)
        alike = {word for before, word in others if leading and before.casefold() == leading[1].casefold()}
        new = dice.choice(sorted(alike or {word for _, word in others}))
    if new in example.own.text or new == old:
        return None
    asked = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, question, count=1)
    return _unanswered(example, language, asked)


def _asked_why(example: Example, dice: random.Random) -> Example | None:
    """The question for a time or a place asked for a reason instead, where no word of its passage gives one."""
    ((language, question),) = example.questions.items()
    if not example.answered or language not in REASONS or dice.random() > ASKED_WHY:
        return None
    opening, why, giving = REASONS[language]
    asked, changed = opening.subn(why, question)
    if not changed or re.search(giving, example.own.text, re.IGNORECASE):
        return None
    return _unanswered(example, language, asked)


def _unanswered(example: Example, language: str, question: str) -> Example:
    """The example with a question that its own passage does not answer, and no others."""
    own = Read(example.own.title, example.own.text, example.own.units)
    return replace(example, questions={language: question}, answered=False, own=own, wrong=[])


def _in_other_languages(examples: list[Example]) -> list[Example]:
    if shutil.which("apertium") is None:
        print("apertium is not installed: questions stay in their language.", file=sys.stderr)
        return examples
    asked = [next(iter(example.questions.items())) for example in examples]
    more: list[dict[str, str]] = [{} for _ in examples]
    # A set that asks in several languages by itself is left as people wrote it.
    spoken: dict[str, set[str]] = {}
    for example, (language, _) in zip(examples, asked, strict=True):
        spoken.setdefault(example.set, set()).add(language)
    mixed = {name for name, languages in spoken.items() if len(languages) > 1}
    for language, targets in PAIRS.items():
        places = [
            place
            for place, (own, _) in enumerate(asked)
            if own == language and examples[place].set not in mixed
        ]
        for target, pairs in targets.items():
            lines = [asked[place][1] for place in places]
            for pair in pairs:
                lines = _translated(lines, pair)
            for place, line in zip(places, lines, strict=True):
                more[place][target] = " ".join(line.split())
    return [
        replace(example, questions=example.questions | others)
        for example, others in zip(examples, more, strict=True)
    ]


def _translated(lines: Sequence[str], pair: str) -> list[str]:
    done = subprocess.run(
        ["apertium", "-u", pair], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
    )
    return done.stdout.split("\n")[: len(lines)]


def _sentences_of(folders: Iterable[Path]) -> set[str]:
    """The letters of every sentence of the sets to avoid that is long enough to be theirs alone."""
    from bot.language.sentences import sentences

    found = {
        letters(row["text"][unit.start : unit.end])
        for folder in folders
        for row in rows(folder / "corpus.jsonl")
        for unit in sentences(row["text"])
    }
    return {letters for letters in found if len(letters) >= SHORTEST_AVOIDED}


if __name__ == "__main__":
    main()
