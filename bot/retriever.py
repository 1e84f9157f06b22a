"""Retrieval as LangChain knows it: a question in, documents out, for chains of a user's own.

How passages are found it leaves to `find`; inside Communiqué passages travel as themselves.
"""

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from bot.catalog import Catalog
from bot.domain import Passage, Release
from bot.retrieve import Found


class ReleaseRetriever(BaseRetriever):
    """The passages that may answer a question, best first, each a document with its release and its span."""

    catalog: Catalog
    find: Callable[[str], Sequence[Found]]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            _document(item.passage, release)
            for item in self.find(query)
            if (release := self.catalog.release(item.passage.release_id, item.passage.revision))
        ]


def _document(passage: Passage, release: Release) -> Document:
    """The passage with metadata of plain JSON types; its text is the release's from `start` to `end`."""
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "release_id": release.id,
            "title": release.title,
            "date": release.date.isoformat() if release.date else None,
            "language": passage.language,
            "file": release.file,
            "start": passage.start,
            "end": passage.end,
            "revision": release.revision,
            "page": release.page(passage.start),
            "recognised": release.is_recognised(passage.start, passage.end),
            "kind": passage.kind,
        },
    )
