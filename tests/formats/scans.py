"""Releases as PDF documents with a text layer, and pages of these as scans of what was printed."""

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pypdf import PdfReader, PdfWriter

from tests.formats.hostile import pdf, stream

LINE_CHARACTERS, LINES = 88, 48
"""Of a page, in 11 points on A4."""
DOTS = 200
"""An inch: what offices scan with."""


def printed(text: str) -> bytes:
    """The text on pages with a text layer, each of its lines a paragraph."""
    paragraphs = [textwrap.wrap(line, LINE_CHARACTERS) for line in text.split("\n") if line.strip()]
    lines = [line for paragraph in paragraphs for line in (*paragraph, "")]
    pages = [lines[start : start + LINES] for start in range(0, len(lines), LINES)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 595 842]>>" % (kids, len(pages)),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding>>",
    ]
    for number, page in enumerate(pages):
        objects += [
            b"<</Type /Page /Parent 2 0 R /Contents %d 0 R /Resources <</Font <</F 3 0 R>>>>>>"
            % (5 + 2 * number),
            stream(_drawn(page)),
        ]
    return pdf(objects)


def scanned(document: bytes, resolution: float = DOTS) -> bytes:
    """The document as pictures of its pages, as large as `resolution` dots an inch make them."""
    import pypdfium2

    with pypdfium2.PdfDocument(document) as opened:
        pictures = [page.render(scale=DOTS / 72, grayscale=True).to_pil() for page in opened]
    return pictured(pictures, resolution)


def pictured(pictures: Sequence[Image.Image], resolution: float = DOTS) -> bytes:
    """The pictures as the pages of a PDF document."""
    written = io.BytesIO()
    pictures[0].save(written, "PDF", save_all=True, append_images=pictures[1:], resolution=resolution)
    return written.getvalue()


def put_together(path: Path, *pages: tuple[bytes, int]) -> Path:
    """A PDF document of these pages of documents, the first 0."""
    writer = PdfWriter()
    for document, number in pages:
        writer.add_page(PdfReader(io.BytesIO(document)).pages[number])
    writer.write(path)
    return path


def _drawn(lines: Sequence[str]) -> bytes:
    escapes = str.maketrans({each: f"\\{each}" for each in "\\()"})
    rows = (b"(%s) Tj T*\n" % line.translate(escapes).encode("cp1252", "replace") for line in lines)
    return b"BT /F 11 Tf 14 TL 70 770 Td\n%sET" % b"".join(rows)
