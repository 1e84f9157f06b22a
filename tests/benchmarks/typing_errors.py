"""Writes a question set with typing errors in it, to see what they cost.

    python tests/benchmarks/typing_errors.py tests/questions/releases.yaml --out FILE.yaml
    python -m bot evaluate FILE.yaml --out DIR

Two words of each question that is answerable and stands alone get one error each: a letter left out, doubled,
exchanged with its neighbour, or another one. Short words are spared.
"""

import argparse
import random
import re
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

SEED = 7
ERRORS = 2
WORD = re.compile(r"[^\W\d_]{5,}")
LETTERS = "aeionrst"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    entries = yaml.safe_load(options.questions.read_text(encoding="utf-8"))
    chance = random.Random(SEED)
    planted = [
        {**entry, "question": with_errors(entry["question"], chance)}
        for entry in entries
        if entry.get("answerable", True) and not entry.get("history")
    ]
    options.out.write_text(yaml.safe_dump(planted, allow_unicode=True), encoding="utf-8")


def with_errors(question: str, chance: random.Random) -> str:
    """The question with an error in each of `ERRORS` of its longer words, or in all where it has fewer."""
    words = list(WORD.finditer(question))
    for word in sorted(chance.sample(words, min(ERRORS, len(words))), key=lambda word: -word.start()):
        question = question[: word.start()] + _misspelt(word.group(), chance) + question[word.end() :]
    return question


def _misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    match chance.randrange(4):
        case 0:
            return before + after
        case 1:
            return before + after[:1] + letter + after[1:]
        case 2:
            return before + letter + letter + after
        case _:
            return before + chance.choice(LETTERS) + after


if __name__ == "__main__":
    main()
