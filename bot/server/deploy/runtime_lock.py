"""The part of requirements.lock that a server needs: what pyproject.toml asks for without extras, and what that needs.

It reads the comments in which the lock says what each package came by, and runs before any package is there.
"""

import re
import sys
import tomllib
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def runtime(project: str, lock: str) -> str:
    """The entries of `lock`, hashes included, that the dependencies of `project` (a pyproject.toml) come to."""
    # A package may have several entries, for several versions of Python.
    entries = [
        (_named(entry), entry) for entry in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    ]
    needed = {_named(each) for each in tomllib.loads(project)["project"]["dependencies"]}
    if missing := needed - {name for name, _ in entries}:
        raise SystemExit(f"requirements.lock does not hold {', '.join(sorted(missing))}: run make lock.")
    while more := {name for name, entry in entries if _parents(entry) & needed} - needed:
        needed |= more
    return "".join(entry for name, entry in entries if name in needed)


def _named(text: str) -> str:
    """The name of a package with which the text begins, in the one way to write it."""
    found = _NAME.match(text)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def _parents(entry: str) -> set[str]:
    """The packages that asked for this one, as the comments below it say."""
    told = entry.partition("# via")[2].replace("#", " ")
    return {_named(line.strip()) for line in told.splitlines() if line.strip()}


if __name__ == "__main__":
    print(runtime(*(Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])), end="")
