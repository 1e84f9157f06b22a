"""What a person is shown of an answer, looked at with suspicion: prose, live HTML, codes for a terminal.

It does not use the code that draws or proves, whose work it looks at.
"""

import re
import unicodedata
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from bot.domain import Answer

_ROUND = str.maketrans("[]【】［］", "()()()")
_LETTER = re.compile(r"[^\W\d_]")
_MARK = re.compile(r" ?\[\d+\]")
_ADDRESS = re.compile(r"\b(?:https?|ftp|javascript|data|mailto|tel|file):\S|\bwww\.\w", re.IGNORECASE)
_ALLOWED = {
    **dict.fromkeys(("div", "article", "header"), frozenset({"class", "id"})),
    **dict.fromkeys(("p", "span", "strong", "mark", "bdi"), frozenset({"class", "dir", "title", "lang"})),
    **dict.fromkeys(("blockquote", "details", "summary"), frozenset({"class", "dir", "lang"})),
    "a": frozenset({"class", "href"}),
}
"""The elements that an answer may be drawn with, and their attributes."""
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows them, on a terminal that of other lines too."""


def own_prose(answer: Answer) -> str:
    """The answer's text in one line, without marks, whole quotes of its citations, and the title of a release it names.

    A quote may stand there in round brackets, since `[n]` is a mark.
    """
    text = _line(answer.text)
    verbatim = [citation.quote for citation in answer.citations]
    verbatim += [answer.closest.title] if answer.closest else []
    for quote in sorted(map(_line, verbatim), key=len, reverse=True):
        while (place := text.translate(_ROUND).find(quote.translate(_ROUND))) >= 0:
            text = f"{text[:place]} {text[place + len(quote) :]}"
    return _MARK.sub("", text).strip()


def own_sentences(answer: Answer) -> list[str]:
    """The answer's text without whole quotes, cut behind each mark, each line, and each stop that a space follows.

    None for a decline, whose words are ours."""
    text = "" if answer.declined else answer.text
    for citation in answer.citations:
        text = text.replace(f"{citation.quote.strip()} [{citation.number}]", "\n")
    return [piece for piece in re.split(r"\s*\[\d+\]|(?<=[.!?…])\s|\n", text) if _LETTER.search(piece)]


def _line(text: str) -> str:
    return " ".join(text.split())


def live_markdown(text: str) -> list[str]:
    """The links, images and HTML that a page would make of `text` if it took it for Markdown, and bare addresses."""
    tokens = [
        token for block in MarkdownIt("commonmark").parse(text) for token in [block, *(block.children or [])]
    ]
    kinds = {"link_open", "image", "html_inline", "html_block"}
    return [token.content or token.type for token in tokens if token.type in kinds] + [
        found.group() for found in _ADDRESS.finditer(text)
    ]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        allowed = _ALLOWED.get(tag)
        if allowed is None:
            self.live.append(f"<{tag}>")
            return
        for name, value in attributes:
            elsewhere = name == "href" and not (value or "").startswith("#source-")
            if name not in allowed or elsewhere:
                self.live.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.live.append(f"<!--{data}-->")

    def handle_decl(self, declaration: str) -> None:
        self.live.append(f"<!{declaration}>")

    def unknown_decl(self, data: str) -> None:
        self.live.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.live.append(f"<?{data}>")


def live_html(html: str) -> list[str]:
    """The elements and attributes of drawn HTML that an answer is not drawn with, and links that leave the page."""
    parser = _Elements()
    parser.feed(html)
    parser.close()
    return parser.live


def codes(text: str) -> list[str]:
    """The characters of `text` that a terminal obeys: controls but line ends and tabs, and overrides of direction."""
    return [
        f"U+{ord(character):04X}"
        for character in text
        if (unicodedata.category(character) == "Cc" and character not in "\n\t") or character in _DIRECTIONS
    ]
