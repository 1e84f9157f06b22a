"""Plain text and Markdown files, in whatever encoding they were saved, with their front matter.

It does not clean: a Markdown file leaves as its source.
"""

from pathlib import Path

from ingest.load.encoding import decoded
from ingest.load.front import front_matter
from ingest.load.loaded import Loaded


def load(path: Path, named: str) -> Loaded:
    """The decoded text of the file without front matter, and what that says.

    Raises CorpusError where the file is binary, or of no known encoding.
    """
    text, said = front_matter(decoded(path.read_bytes(), named))
    return Loaded(text, said)
