"""XML of documents, parsed such that no entity is expanded and nothing outside is fetched."""

from typing import TYPE_CHECKING

from bot.errors import CorpusError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def parsed(content: bytes, named: str) -> "Element":
    """The root element. Raises CorpusError where it is not well-formed, declares entities, or is nested too deep."""
    from lxml import etree

    if b"<!ENTITY" in content or b"<!DOCTYPE" in content[:4096]:
        raise CorpusError(f"{named} declares XML entities, which no document needs: save it again.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise CorpusError(f"{named} is damaged ({error.msg}): save it again.") from error


def tag(element: "Element") -> str:
    """The element's name without its namespace; empty for a comment."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def attribute(element: "Element", name: str) -> str:
    """An attribute by its name without namespace; empty where there is none."""
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), ""
    )
