"""Writes the form of a question set as a JSON Schema, for editors and for other programs.

    python -m bot.evaluation.sets.schema > bot/evaluation/sets/questions.schema.json

It reads no question set.
"""

import json
from typing import Any

from bot.evaluation.sets.questions import Question

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
_SCALAR = ["string", "number", "boolean"]
"""What YAML takes unquoted text for: `1373` is a number to an editor, and a text to the reader of sets."""


def schema() -> dict[str, Any]:
    """The schema of a whole file: a list of entries, or that list under the key `questions`."""
    entry = Question.model_json_schema()
    properties = entry["properties"]
    text = {"type": _SCALAR, "minLength": 1}
    texts = {"type": ["array", "null"], "items": text}
    one_or_more = {"type": [*_SCALAR, "array", "null"], "items": text, "minLength": 1}
    group = {"type": [*_SCALAR, "array"], "items": text, "minItems": 1, "minLength": 1}
    forms: dict[str, dict[str, Any]] = {
        **dict.fromkeys(("id", "question"), text),
        "history": texts,
        "facts": {"type": ["array", "null"], "items": group},
        **dict.fromkeys(("releases", "quotes", "tags"), one_or_more),
        "answerable": {"enum": [True, False, None, "true", "false", "yes", "no"]},
        "language": {"type": ["string", "null"]},
        "as_of": {"type": ["string", "null"], "format": "date"},
        "note": {"type": [*_SCALAR, "null"]},
    }
    for name, field in properties.items():
        form = forms[name]
        properties[name] = {"description": field["description"], **form}
    properties["seed"] = {"description": "The same as `releases`, where that is not given.", **one_or_more}
    return {
        "$schema": ADDRESS,
        "title": "Question set",
        "anyOf": [
            {"$ref": "#/$defs/questions"},
            {
                "type": "object",
                "properties": {"questions": {"$ref": "#/$defs/questions"}},
                "required": ["questions"],
            },
        ],
        "$defs": {
            "questions": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Question"}},
            "Question": entry,
        },
    }


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
