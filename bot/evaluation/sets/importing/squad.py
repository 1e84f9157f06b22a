"""Makes drafts of the questions of a SQuAD file, version 1 or 2.

The form: https://rajpurkar.github.io/SQuAD-explorer/. It opens no file.
"""

from collections.abc import Iterator
from typing import Any

from bot.evaluation.sets.importing.drafts import Draft
from bot.evaluation.sets.questions import Question
from bot.facts.folding import folded


def is_squad(content: Any) -> bool:
    """Whether a JSON value has the form of SQuAD: articles with paragraphs under `data`."""
    return isinstance(content, dict) and isinstance(content.get("data"), list)


def drafts(content: dict[str, Any]) -> tuple[list[Draft], list[str]]:
    """The questions of all paragraphs as drafts, and what stands beside them.

    The answers of a question are one fact, of which any will do. The answers themselves, with their
    places in the context, and all keys of the question, the paragraph and the article are kept.
    """
    notes = [
        f"{key!r} of the file is {value!r}; it is left out."
        for key, value in content.items()
        if key != "data"
    ]
    found: list[Draft] = []
    for place, around, question in _questions(content["data"]):
        label = str(len(found) + 1)
        if not isinstance(question, dict):
            found.append(Draft(place, label, {}, "it is not a question with its answers"))
            continue
        texts, problem = _texts(question.get("answers"))
        values: dict[str, Any] = {"facts": [texts] if texts else []}
        if "is_impossible" in question:
            values["answerable"] = question["is_impossible"] not in (True, "true", "1")
        known = {key: question[key] for key in ("id", "question") if key in question}
        own = {key: value for key, value in question.items() if key not in known}
        found.append(Draft(place, label, known | values | _apart(own, around), problem))
    return found, notes


def _questions(articles: list[Any]) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]], Any]]:
    """The place of each question, what stands around it (paragraph, article), and the question."""
    for number, article in enumerate(articles):
        inner = article.get("paragraphs") if isinstance(article, dict) else None
        if not isinstance(inner, list):
            yield f"data[{number}]", [], None
            continue
        above = {key: value for key, value in article.items() if key != "paragraphs"}
        for place, paragraph in enumerate(inner):
            asked = paragraph.get("qas") if isinstance(paragraph, dict) else None
            if not isinstance(asked, list):
                yield f"data[{number}].paragraphs[{place}]", [], None
                continue
            beside = {key: value for key, value in paragraph.items() if key != "qas"}
            around = [("paragraph", beside), ("article", above)]
            for item, question in enumerate(asked):
                yield f"data[{number}].paragraphs[{place}].qas[{item}]", around, question


def _apart(own: dict[str, Any], around: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """All keys in one mapping; one that is taken is told apart by where it stood."""
    merged: dict[str, Any] = {}
    for origin, values in (("own", own), *around):
        for key, value in values.items():
            taken = key in merged or key in Question.model_fields or key == "seed"
            merged[f"{origin} {key}" if taken else key] = value
    return merged


def _texts(answers: Any) -> tuple[list[str], str | None]:
    """The different texts among the answers, in order, and why they cannot be read."""
    if answers in (None, []):
        return [], None
    if isinstance(answers, dict):  # as Hugging Face keeps them
        answers = [{"text": text} for text in answers.get("text") or ()]
    if not isinstance(answers, list) or not all(isinstance(item, dict) for item in answers):
        return [], "its answers are no list of texts with their places"
    texts = [item.get("text") for item in answers]
    if not all(isinstance(text, str) for text in texts):
        return [], "one of its answers has no text"
    return list(dict.fromkeys(text.strip() for text in texts if folded(text).strip())), None
