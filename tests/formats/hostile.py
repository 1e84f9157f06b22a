"""Files that are made to harm whoever reads them: their bytes, and what is to be said of them."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator, Mapping
from email.message import EmailMessage

GOOD = "Rabat, 24 June 2022 – The office opened a programme for border guards."
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def zipped(members: Mapping[str, bytes | str], patch: bytes = b"", by: bytes = b"") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue().replace(patch, by) if patch else written.getvalue()


def word(body: str, head: str = "") -> bytes:
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": xml})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(objects: list[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF document of these objects, numbered from 1."""
    found, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(found))
        found += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return found + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF" % (
        *(size, table, size, trailer, len(found)),
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def page_of(content: bytes, resources: bytes = b"", entries: bytes = b"") -> bytes:
    """A PDF document of one page that draws this."""
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<%s>>>>"
            % resources,
            stream(content, entries),
            b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
            b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</A 6 0 R>>>> /Length 5>>\n"
            b"stream\n/A Do\nendstream",
        ]
    )


def _bombs() -> Iterator[tuple[str, bytes, str | None]]:
    import zlib

    yield "bomb.zip", zipped({"a.txt": b"a" * 60_000_000}), "unpacks to 60,000,000 bytes, more than is read"
    lying = zipped({"a.txt": b"a" * 3_000_000}, struct.pack("<I", 3_000_000), struct.pack("<I", 30))
    yield "lying.zip", lying, "is damaged"
    yield "nested.zip", zipped({"a.zip": zipped({"b.zip": b"PK"})}), "archive in an archive"
    yield "bomb.docx", word(" " * 60_000_000), "unpacks to"
    yield (
        "laughs.docx",
        word(paragraph("&l9;"), f"<!DOCTYPE w [<!ENTITY l0 'ha'>{_LAUGHS}]>"),
        "declares XML entities",
    )
    flat = f"<?xml version='1.0'?><!DOCTYPE d [{_LAUGHS}]><d xmlns='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>"
    yield "laughs.fodt", flat.encode(), "declares XML entities"
    yield (
        "laughs.html",
        f"<!DOCTYPE html [{_LAUGHS}]><html><body><p>&l9; {GOOD}</p></body></html>".encode(),
        None,
    )
    bomb = zlib.compress(zlib.compress(b"0" * 80_000_000))
    yield "bomb.pdf", page_of(bomb, entries=b"/Filter [/FlateDecode /FlateDecode]"), ""
    yield (
        "front.md",
        f"---\na: &a [x]\nb: &b [{'*a, ' * 9}*a]\nc: [{'*b, ' * 9}*b]\n---\n{GOOD}".encode(),
        None,
    )


def _loops() -> Iterator[tuple[str, bytes, str | None]]:
    yield (
        "pages.pdf",
        pdf([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R] /Count 1>>"]),
        "",
    )
    yield "previous.pdf", pdf([b"<</Type /Catalog>>"], b"/Root 1 0 R /Prev 9"), ""
    yield "form.pdf", page_of(b"/A Do", b"/XObject <</A 6 0 R>>"), ""
    font = b"/Font <</F 5 0 R>>"
    yield "objects.pdf", page_of(b"BT /F 12 Tf (x) Tj ET " * 300_000, font), ""
    many = [b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [] /Count 0>>", *[b"<<>>"] * 200_000]
    yield "many.pdf", pdf(many), ""
    yield (
        "count.pdf",
        pdf([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [] /Count 999999999>>"]),
        "",
    )


def _deep() -> Iterator[tuple[str, bytes, str | None]]:
    yield "deep.html", b"<html><body>" + b"<div>" * 200_000 + GOOD.encode(), ""
    yield "deep.docx", word("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000), ""
    yield "deep.rtf", b"{\\rtf1 " + b"{" * 300_000 + b"}" * 300_001, "is empty"
    yield "deep.json", b"[" * 2_000_000, "cannot be read as JSON"
    yield "digits.json", b'{"text": ' + b"9" * 100_000 + b"}", "cannot be read as JSON"
    parts = EmailMessage()
    parts["Subject"] = "Parts"
    content = parts.as_bytes()
    for number in range(300):
        content = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (
            number,
            number,
            content,
            number,
        )
    yield "deep.eml", b"Subject: Deep\n" + content, ""
    yield "open.csv", b'id,text\n1,"never closed ' + b"a,b\n" * 10_000, None
    yield "line.txt", b"a" * 300_000, None
    yield "brackets.md", (b"[" * 20_000 + b"](" * 20_000), None


def _names() -> Iterator[tuple[str, bytes, str | None]]:
    for name in ("../climbs.txt", "/absolute.txt", "a/../../b.txt", "C:/drive.txt", "line\nbreak.txt"):
        shown = name.encode("unicode_escape").decode().replace("/", "_").replace(":", "_").replace("\\", "_")
        yield f"in {shown}.zip", zipped({name: GOOD}), "leads out of the archive"
    info = zipfile.ZipInfo("passwords.txt")
    info.external_attr = 0o120777 << 16
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    yield "link.zip", written.getvalue(), "is a link"
    yield "twice.zip", zipped({"a.txt": GOOD, "b.txt": "Another."}, b"b.txt", b"a.txt"), None
    for name in (
        "الأمم المتحدة.txt",
        "联合国.txt",
        "ООН №1.txt",
        "🕊️ dove.txt",
        "\u202efdp.txt",
        "a'b\"c;d$e.txt",
    ):
        yield name, GOOD.encode(), None


def _wrong() -> Iterator[tuple[str, bytes, str | None]]:
    text = page_of(f"BT /F 12 Tf 72 700 Td ({GOOD.replace('–', '-')}) Tj ET".encode(), b"/Font <</F 5 0 R>>")
    yield "a_pdf.txt", text, None
    yield "a_page.pdf", f"<!DOCTYPE html><html><body><p>{GOOD}</p></body></html>".encode(), None
    yield "an_archive.docx", zipped({"a.txt": GOOD}), None
    yield "a_word.txt", word(paragraph(GOOD)), None
    yield "a_text.pdf", GOOD.encode(), None
    yield "an_rtf.doc.txt", b"{\\rtf1 " + GOOD.encode("ascii", "replace") + b"}", None
    yield "a_picture.docx", b"\x89PNG\r\n\x1a\n", "is a PNG image"
    yield "noise.msg", random.Random(1).randbytes(5000), ""
    yield "noise.pdf", b"%PDF-1.7" + random.Random(2).randbytes(5000), ""
    yield "old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an old Office document"
    yield "table.docx", zipped({"[Content_Types].xml": _TYPES, "xl/workbook.xml": "<a/>"}), "is a spreadsheet"
    yield "nothing.json", json.dumps({"name": "package", "files": []}).encode(), "holds no record with a text"
    yield "nothing.csv", b"a,b\n1,2\n", "has no column with a text"
    for suffix in ("pdf", "docx", "odt", "rtf", "html", "eml", "msg", "zip", "json", "jsonl", "csv", "md"):
        yield f"empty.{suffix}", b"", None if suffix == "jsonl" else ""


def _locked() -> Iterator[tuple[str, bytes, str | None]]:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(page_of(b""))))
    writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    yield "locked.pdf", written.getvalue(), "is encrypted"
    plain = zipped({"a.txt": GOOD})
    central = plain.index(b"PK\x01\x02")
    flagged = bytearray(plain)
    flagged[6] |= 1
    flagged[central + 8] |= 1
    yield "locked.zip", bytes(flagged), "is encrypted"
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    yield "locked.docx", office, "is encrypted"
    yield (
        "locked.odt",
        zipped({"mimetype": "x", "content.xml": "<a/>", "META-INF/manifest.xml": "<encryption-data/>"}),
        "is encrypted",
    )


def hostile() -> list[tuple[str, bytes, str | None]]:
    """Name, bytes, and what the reason of its failure holds; None where it is to be read."""
    return [*_bombs(), *_loops(), *_deep(), *_names(), *_wrong(), *_locked()]
