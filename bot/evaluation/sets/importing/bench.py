"""Makes drafts of the questions of a benchmark folder: JSON lines of questions beside a corpus.jsonl.

    qa.jsonl                                   id, question, context_id, answers, answerable
    queries.jsonl, queries_unanswerable.jsonl  id, text; history, as texts with their speaker
    qrels.tsv                                  question id, passage id, relevance
    sentences.jsonl                            id, question, sentences, answers (places among them)

It reads no passage: the corpus is ingested, not imported.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import QuestionError
from bot.evaluation.sets.importing.drafts import Draft, Refused
from bot.evaluation.sets.importing.records import lines, read_bytes
from bot.evaluation.sets.questions import Question
from bot.facts.folding import folded

FILES = ("qa.jsonl", "queries.jsonl", "queries_unanswerable.jsonl", "sentences.jsonl")
FORM = "A benchmark folder holds qa.jsonl, queries.jsonl or sentences.jsonl, with an id and a question a line"


def drafts(folder: Path) -> tuple[list[Draft], list[Refused], list[str]]:
    """The questions of the folder as drafts, the lines that are none, and what a person should know.

    What different files say of the same id is one question. Passages that answer are `releases`,
    by their id. Raises QuestionError for a folder without questions.
    """
    try:
        names = sorted(file.name for file in folder.iterdir())
    except OSError as error:
        raise QuestionError(f"{folder} cannot be read: {error.strerror or error}. {FORM}.") from None
    if not any(name in FILES for name in names):
        raise QuestionError(f"{folder} holds no questions. {FORM}.")
    refused: list[Refused] = []
    notes: list[str] = []
    found: dict[str, Draft] = {}
    for name in (name for name in FILES if name in names):
        seen: set[str] = set()
        for number, record in lines(folder / name, refused):
            draft = _draft(f"{name}, line {number}", f"{Path(name).stem}-{number}", record, name)
            identity = record.get("id")
            key = identity if isinstance(identity, str) and identity not in seen else f"\0{draft.place}"
            seen.add(key)
            found[key] = _joined(found[key], draft) if key in found else draft
    if "qrels.tsv" in names:
        _relate(found, folder / "qrels.tsv", refused)
    left = [name for name in names if name not in (*FILES, "qrels.tsv")]
    if left:
        notes.append(f"Not questions, and left where they are: {', '.join(left)}.")
    return list(found.values()), refused, notes


def _draft(place: str, label: str, record: dict[str, Any], name: str) -> Draft:
    own = dict(record)
    values: dict[str, Any] = {"id": own.pop("id", None)}
    values["question"] = own.pop("question", None) or own.pop("text", None)
    problem = None if values["question"] else "it has no question"
    if "history" in own:
        history = own.pop("history")
        values["history"], rest = _asked(history)
        own |= {"conversation": history} if rest else {}
    if name == "sentences.jsonl":
        values["quotes"], problem = _sentences(own, problem)
        values["answerable"] = bool(values["quotes"])
    elif isinstance(answers := own.get("answers"), list):
        texts = [text.strip() for text in answers if isinstance(text, str) and folded(text).strip()]
        values["facts"] = [list(dict.fromkeys(texts))] if texts else []
    if isinstance(context := own.get("context_id"), str) and name != "queries_unanswerable.jsonl":
        values["releases"] = [context]
    judged = str(own.get("answerability", "")).upper() == "UNANSWERABLE"
    if "answerable" in own:
        values["answerable"] = own.pop("answerable")
    elif judged or name == "queries_unanswerable.jsonl":
        values["answerable"] = False
    if values.get("answerable") is False:
        values.pop("releases", None)
    for key in own:
        values[f"own {key}" if key in Question.model_fields and key not in _TAKEN else key] = own[key]
    return Draft(place, label, values, problem)


_TAKEN = frozenset({"language", "tags", "note", "as_of", "quotes", "facts", "releases"})
"""Keys of a question set that a line may give as they are."""


def _asked(history: Any) -> tuple[list[str], bool]:
    """What the user asked before, and whether the history holds anything else."""
    turns = history if isinstance(history, list) else []
    texts = [
        turn if isinstance(turn, str) else turn.get("text") for turn in turns if isinstance(turn, str | dict)
    ]
    users = [
        isinstance(turn, str) or turn.get("speaker") == "user"
        for turn in turns
        if isinstance(turn, str | dict)
    ]
    asked = [
        text for text, is_user in zip(texts, users, strict=True) if is_user and isinstance(text, str) and text
    ]
    return asked, history not in (None, []) and asked != history


def _sentences(own: dict[str, Any], problem: str | None) -> tuple[list[str], str | None]:
    """The sentences that answer."""
    held, places = own.get("sentences"), own.get("answers")
    if not isinstance(held, list) or not isinstance(places, list):
        return [], problem or "it has no sentences and answers"
    try:
        return [held[int(place)] for place in places if int(place) >= 0], problem
    except (IndexError, TypeError, ValueError):
        return [], problem or f"its answers {places!r} are not places among its {len(held)} sentences"


def _joined(first: Draft, second: Draft) -> Draft:
    """One draft of two for the same question; what they say differently is kept under both names."""
    asked, again = first.values["question"], second.values["question"]
    is_one = asked == again or (
        isinstance(asked, str) and isinstance(again, str) and folded(asked) == folded(again) != "  "
    )
    if not is_one:
        problem = f"{first.place} and {second.place} give the id to different questions"
        return Draft(first.place, first.label, first.values, first.problem or problem)
    file = second.place.partition(".")[0]
    differing = {
        f"{file} {key}": value
        for key, value in second.values.items()
        if key in first.values and value != first.values[key]
    }
    values = second.values | first.values | differing
    return Draft(first.place, first.label, values, first.problem or second.problem)


def _relate(found: dict[str, Draft], file: Path, refused: list[Refused]) -> None:
    """Adds the passages that answer to their questions; a degree of relevance other than 1 is kept."""
    for number, fields in _fields(file, refused):
        draft = found.get(fields[0])
        if draft is None:
            refused.append(Refused(f"{file.name}, line {number}", f"no question has the id {fields[0]!r}"))
            continue
        if fields[2] != "1":
            draft.values.setdefault("relevance", {})[fields[1]] = fields[2]
        releases = draft.values.get("releases", [])
        if float(fields[2]) > 0 and fields[1] not in releases:
            draft.values["releases"] = [*releases, fields[1]]


def _fields(file: Path, refused: list[Refused]) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Question, passage and relevance, with their line; also in the form of TREC, with a second column more."""
    for number, line in enumerate(read_bytes(file).decode("utf-8-sig", "replace").splitlines(), start=1):
        fields = line.split("\t")
        if not line.strip() or (number == 1 and fields[-1].strip() in ("score", "relevance")):
            continue
        try:
            question, passage, relevance = (fields[0].strip(), fields[-2].strip(), fields[-1].strip())
            float(relevance)
        except (IndexError, ValueError):
            refused.append(
                Refused(f"{file.name}, line {number}", "it is not a question, a passage and a relevance")
            )
            continue
        yield number, (question, passage, relevance)
