"""What a document holds beside its paragraphs: tables, notes, boxes, changes, and pages that are pictures."""

from pathlib import Path

import pytest

from bot.errors import CorpusError
from ingest.load import load
from tests.formats.hostile import GOOD, paragraph, word, zipped


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def cell(text: str) -> str:
    return f"<w:tc>{paragraph(text)}</w:tc>"


LISTED = "<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='3'/></w:numPr></w:pPr>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p>{run('kept ')}<w:ins>{run('put in ')}</w:ins><w:del>{run('gone')}</w:del></w:p>",
         "kept put in"),
        (f"<w:p>{run('seen')}{run(' hidden', '<w:vanish/>')}</w:p>", "seen"),
        (f"<w:p><w:hyperlink>{run('a link')}</w:hyperlink>{run(' and more')}</w:p>", "a link and more"),
        (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{run('1')}<w:r><w:br/></w:r>{run('2')}</w:p>", "1\n2"),
        (f"<w:tbl><w:tr>{cell('Germany')}{cell('5 million')}</w:tr><w:tr>{cell('Japan')}{cell('3')}</w:tr></w:tbl>",
         "Germany\t5 million\nJapan\t3"),
        (f"<w:tbl><w:tr><w:tc>{paragraph('Laid out')}{paragraph('by a table')}</w:tc></w:tr></w:tbl>",
         "Laid out\n\nby a table"),
        (f"<w:p>{LISTED}{run('one,')}</w:p><w:p>{LISTED}{run('two.')}</w:p>{paragraph('After.')}",
         "• one,\n• two.\n\nAfter."),
        (f"<w:sdt><w:sdtContent>{paragraph('In a field')}</w:sdtContent></w:sdt>", "In a field"),
        (f"<w:p>{run('Text')}<w:r><w:txbxContent>{paragraph('Boxed')}</w:txbxContent></w:r></w:p>", "Text\n\nBoxed"),
    ],
)  # fmt: skip
def test_a_word_document_gives_what_a_reader_sees(tmp_path: Path, body: str, text: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word(body))
    assert load(path).text == text


TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<t:tracked-changes><t:p>gone</t:p></t:tracked-changes><t:h>Head</t:h><t:p>a<t:s t:c='2'/>b<t:tab/>c</t:p>",
         "Head\n\na b\tc"),
        ("<t:list><t:list-item><t:p>one</t:p><t:list><t:list-item><t:p>two</t:p></t:list-item></t:list></t:list-item></t:list>",
         "• one\n• two"),
        ("<t:p>Text<t:note><t:note-citation>1</t:note-citation><t:note-body><t:p>Noted.</t:p></t:note-body></t:note>.</t:p>",
         "Text.\n\nNoted."),
    ],
)  # fmt: skip
def test_an_opendocument_text_gives_what_a_reader_sees(tmp_path: Path, body: str, text: str) -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    content = f"<o:d xmlns:o='{office}' xmlns:t='{TEXT}'><o:body><o:text>{body}</o:text></o:body></o:d>"
    path = tmp_path / "a.odt"
    path.write_bytes(zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}))
    assert load(path).text == text


def test_footnotes_of_a_word_document_come_last_and_its_separators_not_at_all(tmp_path: Path) -> None:
    names = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    notes = f"<w:footnotes {names}><w:footnote w:type='separator'>{paragraph('---')}</w:footnote>" \
        f"<w:footnote>{paragraph('The source.')}</w:footnote></w:footnotes>"  # fmt: skip
    body = f"<w:document {names}><w:body>{paragraph(GOOD)}</w:body></w:document>"
    path = tmp_path / "a.docx"
    path.write_bytes(zipped({"word/document.xml": body, "word/footnotes.xml": notes}))
    assert load(path).text == f"{GOOD}\n\nThe source."


@pytest.mark.parametrize(("pages", "said"), [(1, "its page is a picture"), (3, "its 3 pages are pictures")])
def test_a_scan_is_reported_as_one(tmp_path: Path, pages: int, said: str) -> None:
    from PIL import Image

    path = tmp_path / "scan.pdf"
    pictures = [Image.new("RGB", (60, 80), "white") for _ in range(pages)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:])
    with pytest.raises(CorpusError, match=rf"scan.pdf is a scan: {said} without text"):
        load(path)
