"""The files of a folder of benchmark data, as values; it knows nothing of the product.

`corpus.jsonl` (id, title, text), `queries.jsonl` (id, text, history), `qrels.tsv` (question, passage, relevance),
`qa.jsonl` (id, context_id, question, answers, answerable), `sentences.jsonl` (id, question, title, sentences, answers).
Each function raises CorpusError, naming the file and the line, where a file is missing or not of that form.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Text:
    """A passage of the benchmark; the title may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question and what was said before it, oldest first, as (speaker, text)."""

    id: str
    text: str
    history: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the passages `contexts`; `answers` as they stand in them, where the set gives them.

    They are the words that answer where it is `in_words`, else the sentences that do. By the first of the contexts it
    is known whether the question is set aside.
    """

    id: str
    question: str
    contexts: tuple[str, ...]
    answers: tuple[str, ...]
    answerable: bool
    in_words: bool = True


def rows(path: Path, **fields: type) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, each with values of these types in `fields`."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing: name a folder that holds it.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read ({error}): save it as UTF-8 text.") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CorpusError(f"{path} line {number}: not JSON ({error}): correct it.") from None
        for name, kind in {"": dict, **fields}.items():
            if not isinstance(row.get(name) if name else row, kind):
                wanted = f"no {name!r} that is a {kind.__name__}" if name else "no object"
                raise CorpusError(f"{path} line {number}: there is {wanted}: correct it.")
        found.append(row)
    return found


def write_rows(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Writes the objects as a JSON Lines file."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def texts(folder: Path) -> list[Text]:
    """The passages of the set: those of its corpus, or the sections of which it marks sentences."""
    path = folder / "corpus.jsonl"
    if not path.exists() and (folder / "sentences.jsonl").exists():
        return list(_sections(folder).values())
    found = [Text(row["id"], _title(row), row["text"]) for row in rows(path, id=str, text=str)]
    if not found:
        raise CorpusError(f"{path} holds no passage: name a folder whose corpus has some.")
    return found


def queries(folder: Path) -> list[Query]:
    """The questions of `queries.jsonl`."""
    path = folder / "queries.jsonl"
    found = []
    for row in rows(path, id=str, text=str):
        try:
            history = tuple((str(said["speaker"]), str(said["text"])) for said in row.get("history") or ())
        except (TypeError, KeyError):
            raise CorpusError(
                f"{path}: the history of {row['id']} is not a list of objects with `speaker` and `text`: "
                "correct it."
            ) from None
        found.append(Query(row["id"], row["text"], history))
    return found


def judgements(folder: Path) -> dict[str, dict[str, float]]:
    """By question of `qrels.tsv`, how relevant each passage is that was judged; 0 is not at all."""
    path = folder / "qrels.tsv"
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing: name a folder that holds it.") from None
    found: dict[str, dict[str, float]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question, passage, relevance = line.split("\t")
            found.setdefault(question, {})[passage] = float(relevance)
        except ValueError:
            raise CorpusError(
                f"{path} line {number}: expected question, passage and relevance with tabs between: correct it."
            ) from None
    return found


def asked(folder: Path) -> list[Asked]:
    """The questions of the set that name their passages: extractive ones, or ones over a judged pool."""
    if (folder / "qa.jsonl").exists():
        return [
            Asked(
                str(row.get("id", number)),
                row["question"],
                (row["context_id"],),
                tuple(map(str, row.get("answers") or ())),
                bool(row.get("answerable", True)),
            )
            for number, row in enumerate(rows(folder / "qa.jsonl", context_id=str, question=str))
        ]
    if (folder / "sentences.jsonl").exists():
        return _marked(folder)
    if (folder / "queries.jsonl").exists():
        pooled = [
            Asked(row["id"], row["text"], _pool(row), (), bool(row["answerable"]))
            for row in rows(folder / "queries.jsonl", id=str, text=str)
            if isinstance(row.get("context_ids"), list) and "answerable" in row
        ]
        if pooled:
            return pooled
    raise CorpusError(
        f"{folder} says of no question which passage answers it: name a folder with qa.jsonl, sentences.jsonl, or "
        "queries.jsonl with `context_ids` and `answerable`."
    )


def _pool(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The passages that were judged, that first after which the question is named, if one is."""
    contexts = list(map(str, row["context_ids"]))
    return tuple(sorted(contexts, key=lambda context: not row["id"].endswith(f"-{context}")))


def _marked(folder: Path) -> list[Asked]:
    """Questions whose answers are whole sentences of a section."""
    path = folder / "sentences.jsonl"
    sections = _sections(folder)
    found = []
    for number, row in enumerate(_sentence_rows(folder)):
        try:
            answers = tuple(row["sentences"][place] for place in row["answers"])
        except (IndexError, TypeError):
            raise CorpusError(
                f"{path}: an answer of {row.get('id')} is no place in its sentences: correct it."
            ) from None
        section = sections[_joined(row)].id
        found.append(
            Asked(
                str(row.get("id", number)),
                row["question"],
                (section,),
                answers,
                bool(answers),
                in_words=False,
            )
        )
    return found


def _sections(folder: Path) -> dict[str, Text]:
    sections: dict[str, Text] = {}
    for row in _sentence_rows(folder):
        text, title = _joined(row), _title(row)
        sections.setdefault(text, Text(f"s{len(sections)}#{title}", title, text))
    return sections


def _sentence_rows(folder: Path) -> list[dict[str, Any]]:
    return rows(folder / "sentences.jsonl", question=str, sentences=list, answers=list)


def _title(row: Mapping[str, Any]) -> str:
    """The title in words: some sets have underscores for spaces."""
    return " ".join(str(row.get("title") or "").replace("_", " ").split())


def _joined(row: Mapping[str, Any]) -> str:
    return " ".join(map(str, row["sentences"]))


def letters(text: str) -> str:
    """The text without case, white space and punctuation, in which sets that copied a paragraph differ."""
    return re.sub(r"[\W_]+", "", text).casefold()
