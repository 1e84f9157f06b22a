"""Where on a web page its article stands, and what stands within that belongs to the page.

It knows no metadata and makes no text.
"""

import re
from typing import TYPE_CHECKING, Any

from ingest.load.xml import tag

if TYPE_CHECKING:
    from lxml.html import HtmlElement as Element

_OPENING = 60
"""Characters by which a paragraph that was found is recognised on the page."""
_TELLING = 40
_LEAVES = {
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "blockquote",
    "dd",
    "pre",
    "div",
    "section",
    "span",
}
_HEADLINE_SHARE = 1.5
"""How much larger than the paragraphs found a main part may be: its headline and a date, but not a list of news."""
_FURNITURE_SHARE = 0.4
"""An element with more of the text than that is no furniture, whatever its name."""
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu"}
_TAGS = {"nav", "aside", "footer", "form", "dialog"}
_NAMES = re.compile(
    r"""(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|breadcrumbs?|fil-?ariane|shar(?:e|ing)|partager?|social|related|similar
    |newsletter|subscribe|sidebar|side-?nav|menu|nav|navbar|navigation|pager|pagination|comments?|advert\w*|promo
    |skip(?:-?link)?|toolbar|modal|popup|site-?footer|site-?header|visually-?hidden|sr-only)(?:$|[\s_-])""",
    re.VERBOSE | re.IGNORECASE,
)


def article_of(tree: "Element", source: str) -> "Element":
    """The element that holds the article, without the page's furniture; the whole page where it cannot be told."""
    body = tree.find("body")
    whole = tree if body is None else body
    found = _container(whole, _paragraphs(source))
    _strip(found)
    return found


def _paragraphs(source: str) -> list[str]:
    """What is an article's on the page, by its text: some of it may be missing."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(source, include_comments=False, with_metadata=False)
    if found is None or found.body is None:
        return []
    texts = ("".join(each.itertext()) for each in found.body.iter("p", "item", "quote", "head", "cell"))
    return [words for text in texts if len(words := _folded(text)) >= _TELLING]


def _container(whole: "Element", paragraphs: list[str]) -> "Element":
    leaves = {
        _folded("".join(each.itertext()))[:_OPENING]: each
        for each in whole.iter()
        if tag(each).lower() in _LEAVES and not any(tag(child).lower() in _LEAVES for child in each)
    }
    hits = [leaves[words[:_OPENING]] for words in paragraphs if words[:_OPENING] in leaves]
    if not hits:
        return whole
    common = [hits[0], *hits[0].iterancestors()]
    for hit in hits[1:]:
        above = {hit, *hit.iterancestors()}
        common = [each for each in common if each in above]
    inner = next(
        (each for each in common if tag(each).lower() not in ("ul", "ol", "table", "tbody", "tr")), whole
    )
    if inner in hits:
        inner = inner.getparent() if inner.getparent() is not None else inner
    size = _size(inner)
    headed = next(inner.iter("h1"), None) is not None
    for outer in (inner, *inner.iterancestors()):
        name = tag(outer).lower()
        if name in ("body", "html"):
            break
        main = name in ("article", "main") or outer.get("role") == "main"
        headline = not headed and next(outer.iter("h1"), None) is not None
        if (main or headline) and _size(outer, bare=True) <= _HEADLINE_SHARE * size:
            return outer
    return inner


def _strip(container: "Element") -> None:
    """Take the furniture out of the container."""
    most = _FURNITURE_SHARE * _size(container)
    for each in [each for each in container.iterdescendants() if _is_furniture(each)]:
        if each.getparent() is not None and _size(each) <= most:
            each.drop_tree()


def _is_furniture(element: "Element") -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        tag(element).lower() in _TAGS
        or (element.get("role") or "").lower() in _ROLES
        or element.get("aria-hidden") == "true"
        or _NAMES.search(names) is not None
    )


def _size(element: "Element", *, bare: bool = False) -> int:
    """How many characters of text, white space and scripts not counted; and where `bare` no furniture."""
    total = 0
    waiting = [element]
    while waiting:
        each = waiting.pop()
        total += len(_folded(each.text or ""))
        for child in each:
            total += len(_folded(child.tail or ""))
            name = tag(child).lower()
            if name and name not in ("script", "style") and not (bare and _is_furniture(child)):
                waiting.append(child)
    return total


def _folded(text: str) -> str:
    return "".join(text.split())
