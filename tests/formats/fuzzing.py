"""Real files changed at random, and what the loaders make of them: guided by what is new about their outcome."""

import io
import random
import re
import resource
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from bot.errors import CorpusError
from ingest.clean import clean
from ingest.guard import Guard
from ingest.load import CONTAINERS, Kind, kind_of, load
from ingest.unpack import unpack
from tests.formats.hostile import GOOD, page_of
from tests.formats.writers import web_page, word_document

SECONDS = 60.0
"""What one mutant may take, on a machine that does other work, too."""
MEMORY = 1 << 30
_POOL = 60
_TOKENS = [
    *(
        b"\0",
        b"\xff\xfe",
        b"<",
        b">",
        b"&#0;",
        b"]]>",
        b"<!--",
        b"</w:p>",
        b"{",
        b"}",
        b"\\par",
        b"\\u-99999?",
        b"\\bin9 ",
    ),
    *(
        b"[",
        b'"',
        b"\\",
        b",",
        b"\n\n",
        b"endobj",
        b"/Length 0",
        b"<<",
        b">>",
        b"0 0 R",
        b"stream\n",
        b"99999999999",
    ),
    *(
        b"-1",
        b"1e999",
        b"BT ",
        b" Tj",
        b"ET",
        b"q ",
        b"/Kids [2 0 R]",
        b"Content-Type: multipart/mixed; boundary=a\n",
    ),
    *(
        b"Content-Transfer-Encoding: base64\n",
        b"charset=utf-7",
        b"\xf0\x9f",
        "é".encode(),
        b"PK\x01\x02",
        b"PK\x05\x06",
    ),
]


@dataclass(slots=True)
class Tally:
    """What became of the mutants: how many of each outcome, the worst that one took, and what must not be."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    """Exceptions of a library that a loader turned into the reason of its file."""
    crashes: list[str] = field(default_factory=list)
    slowest: float = 0.0


def seeds(folder: Path, release: Path, office: Mapping[str, Path]) -> dict[str, list[bytes]]:
    """Real files of every format, by suffix; `office` are those that LibreOffice wrote, where there are any."""
    source = release.read_text(encoding="utf-8")
    text = source.encode()
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = (
        "Fwd: Opening",
        "a@un.example",
        "Fri, 23 Jun 2023 10:00:00 +0200",
    )
    mail.set_content(source)
    mail.add_alternative(web_page(source), subtype="html")
    mail.add_attachment(text, "text", "plain", filename="a.txt")
    record = b'{"id": 1, "title": "T", "date": "2023-06-23", "text": "%s"}' % GOOD.encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.txt", GOOD)
        opened.writestr("b/c.eml", mail.as_bytes())
        opened.writestr("d.jsonl", record)
    words = GOOD.replace("–", "-").encode()
    drawn = b"BT /F 12 Tf 72 700 Td 14 TL (%s) Tj T* (%s) ' ET\n" % (words, words) * 3
    rtf = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Times;}}{\info{\title A release}}\pard "
        + words
        + rb"\par \'e9 \u233?\line x\par}"
    )
    content = (
        f'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        f'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:h>T</text:h>'
        f"<text:p>{GOOD}<text:s text:c='3'/><text:line-break/></text:p><text:list><text:list-item><text:p>One</text:p>"
        f"</text:list-item></text:list></office:text></office:body></office:document>"
    )
    found = {
        ".md": [f"---\ntitle: T\ndate: 2023-06-23\n---\n{source}".encode(), text],
        ".html": [web_page(source).encode()],
        ".docx": [word_document(source, folder / "seed.docx").read_bytes()],
        ".fodt": [content.encode()],
        ".rtf": [rtf],
        ".pdf": [page_of(drawn, b"/Font <</F 5 0 R>>")],
        ".eml": [mail.as_bytes()],
        ".json": [b'{"items": [%s, %s]}' % (record, record), record],
        ".jsonl": [record + b"\n" + record],
        ".csv": [b'id;title;text\n1;T;"%s"\n2;T;x\n' % GOOD.encode()],
        ".zip": [archive.getvalue()],
        ".msg": [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(40)
            + "__properties_version1.0".encode("utf-16-le") * 30
        ],
    }
    for suffix, path in office.items():
        found.setdefault(f".{suffix}", []).append(path.read_bytes())
    return found


def read(path: Path, named: str) -> int:
    """How many characters the file yields; for a guarded process."""
    kind = kind_of(path, named)
    if kind not in CONTAINERS:
        return len(clean(load(path, named, kind).text)[0])
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for member in unpack(path, named, kind, {}, Path(folder)).members[:5]:
            if member.content is not None:
                total += _yield(member.content, named, member.kind)
    return total


def _yield(path: Path, named: str, kind: Kind) -> int:
    try:
        return len(load(path, named, kind).text)
    except CorpusError:
        return 0


def mutant(pool: list[bytes], chance: random.Random) -> bytes:
    """A file of the pool with a few changes; of a ZIP archive often one of its members is changed and packed again."""
    content = chance.choice(pool)
    if content.startswith(b"PK") and chance.random() < 0.6:
        try:
            return _repacked(content, pool, chance)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            ValueError,
            OSError,
            EOFError,
            RuntimeError,
            KeyError,
        ):
            pass  # what was changed before is no archive any more
    return _changed(content, pool, chance)


def _repacked(content: bytes, pool: list[bytes], chance: random.Random) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        chosen = chance.choice(old.namelist())
        for name in dict.fromkeys(old.namelist()):
            part = old.read(name)
            new.writestr(name, _changed(part, [part], chance) if name == chosen else part)
    return written.getvalue()


def _changed(content: bytes, pool: list[bytes], chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        size = len(found)
        at = chance.randrange(size + 1)
        end = min(size, at + chance.choice((1, 4, 30, 500)))
        match chance.randrange(7):
            case 0 if size:
                found[chance.randrange(size)] = chance.randrange(256)
            case 1:
                del found[at:end]
            case 2:
                found[at:at] = found[at:end] * chance.choice((1, 2, 50))
            case 3:
                found[at:at] = chance.choice(_TOKENS) * chance.choice((1, 1, 3, 200))
            case 4:
                found[at:end] = chance.choice(_TOKENS)
            case 5:
                other = chance.choice(pool)
                start = chance.randrange(len(other) + 1)
                found[at:end] = other[start : start + 2000]
            case _:
                del found[at + size // 2 :]
        if len(found) > 2_000_000:
            del found[2_000_000:]
    return bytes(found)


def fuzz(
    suffix: str,
    pool: list[bytes],
    folder: Path,
    chance: random.Random,
    *,
    seconds: float = 1e9,
    most: int = 10**9,
) -> Tally:
    """What becomes of mutants, for so many seconds or mutants; the pool grows by those with a new outcome."""
    tally, pool, known = Tally(), list(pool), set[str]()
    path, named = folder / f"mutant{suffix}", f"mutant{suffix}"
    until = time.monotonic() + seconds
    with Guard(SECONDS, MEMORY) as guard:
        while time.monotonic() < until and tally.outcomes.total() < most:
            content = mutant(pool, chance)
            path.write_bytes(content)
            started = time.monotonic()
            try:
                size = guard.call(named, read, path, named)
                outcome, sign = "read", f"read {size.bit_length()}"
            except CorpusError as error:
                outcome, sign = _outcome(str(error), tally)
            if outcome in ("too slow", "too large", "crashed"):
                kept = folder / f"crash{len(tally.crashes)}{suffix}"
                kept.write_bytes(content)
                tally.crashes.append(f"{outcome}: {kept}")
            tally.slowest = max(tally.slowest, time.monotonic() - started)
            tally.outcomes[outcome] += 1
            if sign not in known and len(pool) < _POOL:
                known.add(sign)
                pool.append(content)
    return tally


def _outcome(reason: str, tally: Tally) -> tuple[str, str]:
    """Which of the outcomes a reason tells, and what makes it like others."""
    for words, outcome in (
        ("took longer than", "too slow"),
        ("of memory to read", "too large"),
        ("ends the process", "crashed"),
    ):
        if words in reason:
            return outcome, outcome
    if found := re.search(r"of a form that is not understood \((\w+)", reason):
        tally.faults[found[1]] += 1
        return "refused", found[1]
    return "refused", re.sub(r"\W*\d+\W*", "#", reason)[:60]


def peak_memory() -> int:
    """Bytes that the largest of the processes that ended took; 0 where that is no more than this one took itself.

    A process begins as a copy of its parent, and Linux counts that as its own.
    """
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return largest * 1024 if largest > own else 0
