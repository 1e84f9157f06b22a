"""Saved web pages: the article without navigation, banners and footers, and what the page says of it.

What meta tags and JSON-LD say of title and date stands; the site's name is a hint of the issuer.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import CorpusError
from ingest.load.article import article_of
from ingest.load.blocks import Block, item, joined, paragraph, row
from ingest.load.encoding import decoded
from ingest.load.front import as_words, said_by
from ingest.load.loaded import Loaded, Said
from ingest.load.titles import usable
from ingest.load.xml import tag

if TYPE_CHECKING:
    from lxml.html import HtmlElement as Element

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset=["']?\s*([\w-]{2,30})""", re.IGNORECASE)
_BLOCKS = {
    *(
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "quote",
        "blockquote",
        "section",
        "article",
        "main",
    ),
    *(
        "header",
        "footer",
        "aside",
        "figure",
        "figcaption",
        "pre",
        "address",
        "dl",
        "dt",
        "dd",
        "body",
        "center",
        "hr",
    ),
    *(
        "ul",
        "ol",
        "list",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "caption",
        "form",
        "fieldset",
        "details",
        "summary",
    ),
}
_LEFT_OUT = {
    *(
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "iframe",
        "svg",
        "math",
        "object",
        "select",
        "button",
    ),
    *("input", "textarea", "title", "meta", "link", "video", "audio", "canvas", "graphic"),
}
_TRUSTED_TYPES = re.compile(r"article|posting|report|pressrelease|statement|webpage", re.IGNORECASE)
_META = {
    "title": ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title"),
    "date": (
        *("article:published_time", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "date"),
        *("citation_publication_date", "publish_date", "pubdate", "og:published_time", "dcterms.created"),
    ),
    "publisher": ("og:site_name", "dc.publisher", "dcterms.publisher", "publisher", "citation_publisher"),
}
_MOST_SCRIPTS = 50
_SPACE = re.compile(r"[ \t\r\n\f]+")


def load(path: Path, named: str) -> Loaded:
    """The article of the page. Raises CorpusError where the file is no text, or holds no article."""
    source = source_of(path.read_bytes(), named)
    tree = _tree(source, named)
    said, hints = _said(tree)
    text = text_of(article_of(tree, source))
    if not text:
        raise CorpusError(
            f"{named} is a web page without text: save the page once it has loaded, or its text."
        )
    return Loaded(text, said, hints)


def source_of(content: bytes, named: str) -> str:
    """The characters of a page, in the encoding that it declares."""
    declared = _CHARSET.search(content[:4096])
    return decoded(content, named, declared[1].decode() if declared else "")


def fragment_text(source: str, named: str) -> str:
    """The whole text of HTML that is no page, such as the body of a mail or a field of an export."""
    return text_of(_tree(source, named))


def text_of(tree: "Element") -> str:
    """All the text below `tree` but scripts, forms and navigation."""
    blocks = _Blocks()
    blocks.walk(tree)
    blocks.end()
    return joined(blocks.found)


def _tree(source: str, named: str) -> "Element":
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        # An XML declaration of another encoding than that of characters is refused.
        return html.document_fromstring(re.sub(r"^\ufeff?\s*<\?xml[^>]*>", "", source), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise CorpusError(f"{named} is a web page that cannot be parsed ({error}): save its text.") from error


class _Blocks:
    """The blocks below the elements that were walked; words between blocks are paragraphs of their own."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._words: list[str] = []
        self._item = False
        self._number: int | None = None

    def walk(self, element: "Element", verbatim: bool = False) -> None:
        self._say(element.text, verbatim)
        items = 0
        for child in element:
            name = tag(child).lower()
            if name in ("br", "lb"):
                self._words.append("\n")
            elif name in ("tr", "row"):
                self.end()
                self._row(child)
            elif name in ("li", "item"):
                items += 1
                self.end()
                ordered = tag(element).lower() == "ol" or element.get("rend") == "ol"
                self._item, self._number = True, items if ordered else None
                self.walk(child)
                self.end()
                self._item = False
            elif name in _BLOCKS:
                self.end()
                self.walk(child, name == "pre")
                self.end()
            elif name and name not in _LEFT_OUT:
                self.walk(child, verbatim)
            self._say(child.tail, verbatim)

    def _say(self, text: str | None, verbatim: bool) -> None:
        if text:
            self._words.append(text if verbatim else _SPACE.sub(" ", text))

    def end(self) -> None:
        """What was said since the last block is one; the first of a list item has its mark."""
        text = "\n".join(line.strip(" ") for line in "".join(self._words).split("\n"))
        self._words.clear()
        if not text.strip():
            return
        self.found.append(item(text, self._number) if self._item else paragraph(text))
        self._item = False

    def _row(self, element: "Element") -> None:
        contents = []
        for cell in element:
            if tag(cell).lower() in ("td", "th", "cell"):
                inside = _Blocks()
                inside.walk(cell)
                inside.end()
                contents.append(inside.found)
        filled = [content for content in contents if content]
        if len(filled) == 1:  # a table of one column lays out the page
            self.found += filled[0]
        elif filled:
            self.found.append(row(" ".join(block.text for block in content) for content in contents))


def _said(tree: "Element") -> tuple[Said, Said]:
    """What the page says of its article, and what may stand in for the rest."""
    linked = said_by(_linked_data(tree))
    meta = said_by(_meta(tree))
    site = meta.issuer or linked.issuer
    said = Said(
        title=_without_site(linked.title or meta.title, site),
        date=linked.date or meta.date,
        language=linked.language,
    )
    heading = next((" ".join(each.itertext()) for each in tree.iter("h1")), None)
    title = _without_site(usable(tree.findtext(".//title")), site)
    return said, Said(title=as_words(heading) or title, issuer=linked.issuer or site)


def _without_site(title: str | None, site: str | None) -> str | None:
    """The title without the name of the site that pages put behind it."""
    if not title:
        return None
    head, mark, tail = re.sub(r"\s+[|–—·»]\s+|\s+-\s+", "\0", title).rpartition("\0")
    if mark and site and tail.strip().casefold() == site.strip().casefold():
        return title[: len(title) - len(tail)].rstrip(" |–—·»-")
    return title if head is not None else None


def _meta(tree: "Element") -> dict[str, Any]:
    found: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = (each.get("property") or each.get("name") or each.get("itemprop") or "").strip().lower()
        content = (each.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
    return {
        field: next((found[name] for name in names if name in found), None) for field, names in _META.items()
    }


def _linked_data(tree: "Element") -> Mapping[str, Any]:
    """The first JSON-LD object of the page that describes an article."""
    import json

    for script in [each for each in tree.iter("script") if "ld+json" in (each.get("type") or "")][
        :_MOST_SCRIPTS
    ]:
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for each in _objects(data):
            if _TRUSTED_TYPES.search(str(each.get("@type"))) and (
                each.get("headline") or each.get("datePublished")
            ):
                return {
                    "title": each.get("headline"),
                    "date": each.get("datePublished"),
                    "publisher": each.get("publisher") or each.get("author"),
                    "language": each.get("inLanguage"),
                }
    return {}


def _objects(data: Any) -> Iterator[Mapping[str, Any]]:
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            yield from (one for one in graph if isinstance(one, dict)) if isinstance(graph, list) else ()
