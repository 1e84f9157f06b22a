"""PDF documents: the lines of their text layer, with where they stand and how large, for `ingest.load.lines`.

It joins nothing. Of the properties the title is a hint. Pages that are scanned have no text to give, unless
`ingest.load.scan` is asked to recognise it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import CorpusError
from ingest.load.limits import PAGES, TEXT_CHARACTERS
from ingest.load.lines import Line, Sheet, joined
from ingest.load.loaded import Loaded, Said
from ingest.load.scan import recognised
from ingest.load.titles import usable

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_CONTENT_BYTES = 32 << 20
"""Of the instructions that draw one page, unpacked."""
_LEVEL = 0.02
"""Sine of the angle beyond which text is turned: stamps and watermarks are."""
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}


def load(path: Path, named: str, ocr: str = "") -> Loaded:
    """The text of the document and where its pages begin; with languages in `ocr` also that of scanned pages.

    Raises CorpusError where it is damaged, encrypted, or has nothing but pages whose scan is not recognised.
    """
    from pypdf.errors import PyPdfError

    with path.open("rb") as file, _quiet():
        try:
            reader = _opened(file, named)
            sheets, widths = [], _Widths()
            scanned, characters = [], 0
            for number, page in enumerate(reader.pages):
                sheet = _sheet(page, widths)
                sheets.append(sheet)
                if not sheet.lines and _has_picture(page):
                    scanned.append(number)
                characters += sum(len(line.text) for line in sheet.lines)
                if characters > TEXT_CHARACTERS:
                    raise CorpusError(f"{named} has more than {TEXT_CHARACTERS:,} characters: split it.")
            title = usable(reader.metadata.title if reader.metadata else None)
        except PyPdfError as error:
            raise CorpusError(
                f"{named} is a damaged PDF document ({error}): print it to PDF again."
            ) from error
    if ocr and scanned:
        for number, sheet in recognised(path, named, scanned, ocr).items():
            sheets[number] = sheet
    text, pages = joined(sheets)
    if not text.strip():
        if scanned:
            raise CorpusError(_scanned(named, len(sheets), bool(ocr)))
        raise CorpusError(f"{named} is a PDF document without text: save the release's text.")
    return Loaded(
        text,
        hints=Said(title=title),
        pages=pages,
        scanned=tuple(number + 1 for number in scanned),
        recognised=tuple(number + 1 for number in scanned if sheets[number].lines),
    )


def _scanned(named: str, pages: int, tried: bool) -> str:
    number = "its page is a picture" if pages == 1 else f"its {pages} pages are pictures"
    if tried:
        return f"{named} is a scan: {number} in which no text is recognised with certainty. Save its text as UTF-8."
    return (
        f"{named} is a scan: {number} without text. Set COMMUNIQUE_OCR to recognise it, or save it as UTF-8."
    )


def _opened(file: Any, named: str) -> "PdfReader":
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise CorpusError(f"{named} is encrypted: save it without a password.")
    if len(reader.pages) > PAGES:
        raise CorpusError(
            f"{named} has {len(reader.pages):,} pages, more than the {PAGES:,} of a release: split it."
        )
    return reader


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what pypdf logs about every oddity that it mends."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _sheet(page: "PageObject", widths: "_Widths") -> Sheet:
    """The lines of a page in the order in which they are drawn."""
    lines: list[Line] = []
    fresh = True

    def take(text: str, matrix: Any, own: Any, font: Any, size: Any) -> None:
        nonlocal fresh
        x = own[4] * matrix[0] + own[5] * matrix[2] + matrix[4]
        y = own[4] * matrix[1] + own[5] * matrix[3] + matrix[5]
        across, along = own[0] * matrix[1] + own[1] * matrix[3], own[0] * matrix[0] + own[1] * matrix[2]
        height = abs(float(size) * (own[2] * matrix[1] + own[3] * matrix[3]))
        turned = abs(across) > _LEVEL * max(abs(along), 1e-6)
        for number, part in enumerate(text.split("\n")):
            fresh = fresh or number > 0
            if turned or not part.strip():
                if lines and not fresh and part and not turned:
                    lines[-1] = lines[-1].followed_by(" ", float(x), 0.0)
                continue
            words = part.translate(_LIGATURES)
            end = x + widths.of(font, words) * abs(along) * float(size)
            if fresh or abs(lines[-1].y - y) > 0.5 * max(height, lines[-1].size, 1.0):
                lines.append(Line(words, float(x), float(y), height, float(end)))
            else:
                lines[-1] = lines[-1].followed_by(words, float(x), float(end))
            fresh = False

    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) <= _CONTENT_BYTES:
        page.extract_text(visitor_text=take)
    return Sheet(tuple(lines), float(page.mediabox.bottom), float(page.mediabox.top))


class _Widths:
    """How wide words are in the fonts of a document, in parts of their size."""

    def __init__(self) -> None:
        self._fonts: dict[
            int, tuple[Any, dict[str, float]]
        ] = {}  # with the resource, whose id stays its own so

    def of(self, resource: Any, words: str) -> float:
        """The width; half a size for each letter of which the font does not say."""
        if resource is None:
            return 0.5 * len(words)
        if id(resource) not in self._fonts:
            self._fonts[id(resource)] = resource, self._read(resource)
        widths = self._fonts[id(resource)][1]
        return sum(widths.get(each, 500.0) for each in words) / 1000

    def _read(self, resource: Any) -> dict[str, float]:
        """The widths of characters: a font has them by its own codes."""
        from pypdf.generic._font import Font  # what pypdf itself measures with

        font = Font.from_font_resource(resource)
        widths = {str(code): width for code, width in font.character_widths.items() if code != "default"}
        mapped = {
            str(text): widths[str(code)] for code, text in font.character_map.items() if str(code) in widths
        }
        return mapped or widths


def _has_picture(page: "PageObject") -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    return bool(
        objects
        and any(
            each.get_object().get("/Subtype") in ("/Image", "/Form") for each in objects.get_object().values()
        )
    )
