"""The corpus manifest: what is known of each file beside its text, and where the file came from.

It reads `manifest.yaml` and knows no text.
"""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain import DateBasis
from bot.errors import CorpusError

if TYPE_CHECKING:
    from yaml import Node

FILE = "manifest.yaml"
FETCHED_FILE = "manifest.json"
"""The same for what was fetched, written by the program: JSON, which is read a hundred times as fast."""


class ManifestEntry(BaseModel):
    """What the manifest says of one file; absent is unknown.

    `title`, `issuer`, `date`, `place` and `language` describe the release. The rest says where the file
    came from (`original`, `sha256`) and why a value is as it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_min_length=1)

    original: str | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    source: str | None = None
    url: str | None = Field(default=None, pattern=r"^https?://[^\s<>\"]+$", max_length=4000)
    title: str | None = None
    issuer: str | None = None
    issuer_note: str | None = None
    date: datetime.date | None = None
    date_basis: DateBasis | None = None
    date_words: str | None = None
    place: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    note: str | None = None


def read_manifest(root: Path) -> dict[str, ManifestEntry]:
    """The entries of `root`/manifest.yaml by file, a path below `root`; empty where there is no manifest.

    Raises CorpusError, naming the line, where it cannot be read or says what no entry may say.
    """
    import yaml

    path = root / FILE
    try:
        if not path.exists():
            return _fetched(root / FETCHED_FILE)
        text = path.read_text(encoding="utf-8-sig")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read ({error}): save it as UTF-8 text or remove it.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise CorpusError(
            f"{path}{line} not valid YAML ({problem}): correct it or remove the file."
        ) from error
    except (ValueError, RecursionError) as error:  # a date such as 2023-02-30, or nesting without end
        raise CorpusError(f"{path} cannot be read ({error}): correct it or remove the file.") from error
    if content is None:
        return {}
    repeated = _repeated_key(tree)
    if repeated:
        raise CorpusError(f"{path} line {repeated[1]}: {repeated[0]!r} stands twice: keep one of them.")
    releases = content.get("releases") if isinstance(content, dict) else None
    if not isinstance(releases, dict) or set(content) - {"releases"}:
        raise CorpusError(f"{path} line 1: expected one key, `releases`, over the files: put them below it.")
    return {_file(name): _entry(path, tree, name, values) for name, values in releases.items()}


def _fetched(path: Path) -> dict[str, ManifestEntry]:
    import json

    try:
        content = json.loads(path.read_bytes()) if path.exists() else {"releases": {}}
        return {file: ManifestEntry.model_validate(entry) for file, entry in content["releases"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path} is damaged ({error}): remove it, then run `python -m ingest --refresh`."
        ) from None


def _file(name: Any) -> str:
    return str(name).replace("\\", "/").removeprefix("./")


def _entry(path: Path, tree: "Node | None", name: Any, values: Any) -> ManifestEntry:
    try:
        return ManifestEntry.model_validate({} if values is None else values)
    except ValidationError as error:
        first = error.errors()[0]
        keys = ["releases", name, *first["loc"]]
        wrong = ".".join(str(key) for key in keys[1:])
        raise CorpusError(
            f"{path} line {_line(tree, keys)}: {wrong}: {first['msg']}. Correct that line."
        ) from None


def _line(tree: "Node | None", keys: list[Any]) -> int:
    """The line, from 1, of the deepest of nested keys that the document has."""
    import yaml

    line = 1
    node = tree
    for key in keys:
        if not isinstance(node, yaml.MappingNode):
            break
        for key_node, value_node in node.value:
            if key_node.value == str(key):
                line, node = key_node.start_mark.line + 1, value_node
                break
        else:
            break
    return line


def _repeated_key(node: "Node | None") -> tuple[str, int] | None:
    """A key that stands twice in one mapping, which YAML would settle in silence, with its line."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return None
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in seen:
            return key, key_node.start_mark.line + 1
        seen.add(key)
        if found := _repeated_key(value_node):
            return found
    return None
