"""The releases of an index, one at a time, as they are drafted from.

It opens no index.
"""

from collections import defaultdict
from collections.abc import Iterator

from bot.catalog import Catalog, Entry, Summary
from bot.domain import Definition


class Stored:
    """The entries of a catalog in the order of their ids, without terms and vectors; each pass reads them anew.

    What a correction replaced is left out: it answers nothing any more.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def __len__(self) -> int:
        return len(self._answering())

    def __iter__(self) -> Iterator[Entry]:
        definitions: dict[str, list[Definition]] = defaultdict(list)
        for definition in self._catalog.definitions():
            definitions[definition.release_id].append(definition)
        for summary in self._answering():
            if release := self._catalog.release(summary.id):
                yield Entry(
                    release,
                    summary.fingerprint,
                    self._catalog.passages_of(summary.id),
                    definitions=definitions[summary.id],
                )

    def _answering(self) -> list[Summary]:
        versions = self._catalog.versions()
        replaced = {id_ for id_, version in versions.items() if version.superseded_by}
        return [summary for summary in self._catalog.releases() if summary.id not in replaced]
