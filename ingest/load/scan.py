"""Scanned pages: drawn as pictures by PDFium, recognised by tesseract, and given as lines for `ingest.load.lines`.

It does not know which pages are scanned, and joins nothing. Tesseract is run as a program: a package for that would
only start it, too, and so its time can be limited.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import CorpusError
from ingest.load.lines import Line, Sheet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pypdfium2 import PdfDocument

PAGE_SECONDS = 60
"""How long tesseract may take for a page; most take it two or three."""
_PROGRAM = "tesseract"
_DOTS, _SIDE = 8_700_000, 10_000
"""Of the picture of a page and of its longer side, whatever size the page claims: on A4 these are 300 an inch, which
tesseract was trained on."""
_HEIGHT = 842.0
"""Of A4 in points: pages are measured as if they were as high, for what scans say of their size is often wrong."""
_SURE = 85.0
"""Per cent: a page of whose words tesseract is less sure on average is not taken. So sure of press releases with noise
over them, it had one word in ten wrong, and one in two hundred in clean ones, where it was 95 per cent sure."""
_ALIKE = (0.7, 1.4)
"""Of the usual height of a line: what is as high is of one size, with letters above and below the line or without."""


class _Word(NamedTuple):
    """Where it stands, in points from the upper left, and how sure it is, in per cent."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float


def recognised(path: Path, named: str, pages: Iterable[int], languages: str) -> dict[int, Sheet]:
    """What stands on the pages of these places in the document, the first 0; nothing where that is not clear enough.

    Raises CorpusError where something for it is not installed, a page takes too long, or PDFium cannot draw it.
    """
    try:
        ready(languages)
    except CorpusError as error:
        raise CorpusError(f"{named} has scanned pages, which cannot be recognised: {error}") from None
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with PdfDocument(path) as document:
            found = {
                page: _read(_drawn(document, page), f"Page {page + 1} of {named}", languages)
                for page in pages
            }
    except PdfiumError as error:
        raise CorpusError(f"{named} cannot be drawn ({error}): print it to PDF again.") from error
    usual = median([_height(line) for lines in found.values() for line in lines] or [0.0])
    return {
        page: Sheet(tuple(_line(line, usual) for line in lines), 0.0, _HEIGHT)
        for page, lines in found.items()
    }


def ready(languages: str) -> str:
    """What recognises which languages. Raises CorpusError, saying what to install, where a part of it is missing."""
    try:
        import pypdfium2
    except ImportError:
        raise CorpusError("the package pypdfium2 is missing: run `pip install pypdfium2`.") from None
    try:
        listed = subprocess.run([_PROGRAM, "--list-langs"], capture_output=True, timeout=PAGE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        raise CorpusError(
            "the program tesseract is missing: install it (Debian: `apt-get install tesseract-ocr`)."
        ) from None
    known = listed.stdout.decode(errors="replace").split()
    if missing := [each for each in languages.split("+") if each not in known]:
        packages = " ".join(f"tesseract-ocr-{each.replace('_', '-')}" for each in missing)
        raise CorpusError(
            f"tesseract does not know {' and '.join(missing)}: install its data (Debian: `apt-get install {packages}`) "
            "or correct COMMUNIQUE_OCR."
        )
    return f"recognised by tesseract ({languages}), drawn by pypdfium2 {pypdfium2.PYPDFIUM_INFO}"


def _drawn(document: "PdfDocument", number: int) -> "NDArray[np.uint8]":
    """The page in shades of grey, a row of dots after the other."""
    page = document[number]
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min((_DOTS / (width * height)) ** 0.5, _SIDE / max(width, height))
    picture: NDArray[np.uint8] = page.render(scale=scale, grayscale=True).to_numpy()
    page.close()
    return picture


def _read(picture: "NDArray[np.uint8]", named: str, languages: str) -> list[list[_Word]]:
    """The lines of words in the picture, in reading order; none where too few of them are sure."""
    height, width = picture.shape[:2]
    options = ["-l", languages, "--dpi", str(max(70, round(72 * height / _HEIGHT)))]
    try:
        found = subprocess.run(
            [_PROGRAM, "stdin", "stdout", *options, "tsv"],
            input=b"P5 %d %d 255\n%s" % (width, height, picture.tobytes()),
            capture_output=True,
            timeout=PAGE_SECONDS,
            # Its threads wait for each other: with several it takes longer.
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        raise CorpusError(
            f"{named} takes longer than {PAGE_SECONDS} seconds to recognise: save its text as UTF-8."
        ) from None
    if found.returncode:
        said = found.stderr.decode(errors="replace").strip()[-200:] or f"status {found.returncode}"
        raise CorpusError(f"{named} cannot be recognised ({said}): save its text as UTF-8.")
    lines: dict[tuple[str, ...], list[_Word]] = {}
    for key, word in _words(found.stdout.decode(errors="replace"), _HEIGHT / height):
        lines.setdefault(key, []).append(word)
    sure = [word.sure for line in lines.values() for word in line]
    return list(lines.values()) if sum(sure) >= _SURE * len(sure) else []


def _words(table: str, point: float) -> Iterator[tuple[tuple[str, ...], _Word]]:
    """The words of tesseract's table, a dot of which is so much of a point, each with its block, paragraph and line."""
    for row in table.splitlines()[1:]:
        fields = row.split("\t", 11)
        if len(fields) == 12 and fields[11].strip():
            left, top, width, height = (int(each) * point for each in fields[6:10])
            word = _Word(fields[11], left, top, left + width, top + height, float(fields[10]))
            yield tuple(fields[2:5]), word


def _line(words: list[_Word], usual: float) -> Line:
    height = _height(words)
    return Line(
        " ".join(word.text for word in words),
        words[0].left,
        _HEIGHT - median(word.bottom for word in words),  # fewer reach below the line than do not
        usual if _ALIKE[0] * usual < height < _ALIKE[1] * usual else height,
        words[-1].right,
    )


def _height(words: list[_Word]) -> float:
    """That of the highest word: a scan may be askew, and then the line is higher than its letters."""
    return max(word.bottom - word.top for word in words)
