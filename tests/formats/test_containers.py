"""A file of several releases is followed member by member: what is new, changed, gone or wrong, and what is not."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingest import unpacker
from ingest.load import load
from ingest.load.loaded import Said
from ingest.sync import Report
from ingest.unpack import unpack
from tests.formats.same import assert_same, entry_of
from tests.formats.writers import web_page, word_document
from tests.ingest.indexed import Index, counts

TEXTS = {
    "morocco": "Rabat, 24 June 2022 – The office opened.",
    "qatar": "Doha, 27 March 2022 – Qatar funds it.",
}


def archive(texts: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in texts.items():
            opened.writestr(f"{name}.txt", text)
    return written.getvalue()


def lines(texts: Mapping[str, str]) -> bytes:
    return "\n".join(json.dumps({"id": name, "text": text}) for name, text in texts.items()).encode()


def array(texts: Mapping[str, str]) -> bytes:
    return json.dumps(
        {"count": len(texts), "items": [{"slug": n, "body": t} for n, t in texts.items()]}
    ).encode()


def table(texts: Mapping[str, str]) -> bytes:
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";")
    rows.writerows([("Slug", "Texte", "Titre"), *((name, text, "T") for name, text in texts.items())])
    return written.getvalue().encode()


def mail(texts: Mapping[str, str]) -> bytes:
    written = EmailMessage()
    written["From"], written["Subject"] = "press@un.example", "Releases"
    written.set_content("Please find our releases attached.")
    for name, text in texts.items():
        written.add_attachment(text.encode(), "text", "plain", filename=f"{name}.txt")
    written.add_attachment(b"\x89PNG", "image", "png", filename="logo.png")
    return written.as_bytes()


CONTAINERS = [
    pytest.param("all.zip", archive),
    *(
        pytest.param(name, write, marks=pytest.mark.slow)
        for name, write in (("all.jsonl", lines), ("all.json", array), ("all.csv", table), ("all.eml", mail))
    ),
]
SUFFIX = {"all.zip": ".txt", "all.eml": ".txt"}
Write = Callable[[Mapping[str, str]], bytes]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path)


def put(index: Index, name: str, content: bytes) -> Report:
    index.corpus.mkdir(exist_ok=True)
    (index.corpus / name).write_bytes(content)
    return index.sync()


@pytest.mark.parametrize(("name", "write"), CONTAINERS)
def test_members_come_change_leave_and_stay_one_by_one(
    index: Index, name: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    suffix = SUFFIX.get(name, "")
    assert counts(put(index, name, write(TEXTS))) == (2, 0, 0, 0, 0)
    assert set(index.files()) == {f"{name}/{each}{suffix}" for each in TEXTS}

    unpacked: list[str] = []
    unpack = unpacker.Unpacker.unpack
    monkeypatch.setattr(
        unpacker.Unpacker,
        "unpack",
        lambda self, path, *rest: unpacked.append(path.name) or unpack(self, path, *rest),
    )
    assert index.sync().nothing_done
    assert unpacked == []  # its bytes are the same

    changed = {"morocco": TEXTS["morocco"], "qatar": "Doha – Qatar funds two.", "madrid": "Madrid – A hub."}
    assert counts(put(index, name, write(changed))) == (1, 1, 1, 0, 0)
    assert unpacked == [name]
    assert counts(put(index, name, write({"madrid": "Madrid – A hub."}))) == (0, 0, 1, 2, 0)
    assert set(index.files()) == {f"{name}/madrid{suffix}"}
    assert index.wrong() == []
    assert not (index.data / "unpacked").exists()

    (index.corpus / name).unlink()
    (index.corpus / "other.txt").write_text("Other.")
    assert counts(index.sync()) == (1, 0, 0, 1, 0)


def test_a_member_that_fails_is_named_tried_again_and_leaves_the_others_alone(index: Index) -> None:
    report = put(index, "all.jsonl", lines(TEXTS) + b'\n{"id": "x"}\n{"id": 5, \n')
    assert counts(report) == (2, 0, 0, 0, 2)
    assert [Path(file).name for file, _ in report.failed] == ["3", "4"]
    assert "line 3 is no record with a text" in report.failed[0][1]
    assert "line 4 is not valid JSON at line 1, column 10" in report.failed[1][1]
    again = index.sync()
    assert counts(again) == (0, 0, 2, 0, 2)
    assert again.failed == report.failed


def test_a_container_that_breaks_keeps_what_was_read_of_it(index: Index) -> None:
    put(index, "all.zip", archive(TEXTS))
    report = put(index, "all.zip", archive(TEXTS)[:-30])
    assert counts(report)[3:] == (0, 1)
    assert "all.zip is damaged" in report.failed[0][1]
    assert len(index.files()) == 2
    assert len(put(index, "all.zip", archive(TEXTS)).failed) == 0


def test_a_manifest_describes_a_member_too(index: Index) -> None:
    put(index, "all.zip", archive(TEXTS))
    (index.corpus / "manifest.yaml").write_text("releases:\n  all.zip/qatar.txt:\n    title: Another title\n")
    assert counts(index.sync()) == (0, 1, 1, 0, 0)
    with index.catalog() as catalog:
        release = catalog.release("all.zip/qatar")
    assert release is not None
    assert (release.title, release.member, release.container) == ("Another title", "qatar.txt", "all.zip")


def test_the_original_of_a_member_is_its_container_as_it_was_read(index: Index) -> None:
    from bot.server.problems import ProblemError
    from bot.server.releases import original

    content = archive(TEXTS)
    put(index, "all.zip", content)
    with index.catalog() as catalog:
        served: Any = SimpleNamespace(bot=lambda: SimpleNamespace(catalog=catalog))
        caller: Any = None
        response = original("all.zip/qatar", served, caller)
        assert response.body == content
        assert response.headers["content-disposition"].endswith("all.zip")
        (index.corpus / "all.zip").write_bytes(archive({}))
        with pytest.raises(ProblemError, match="changed or gone"):
            original("all.zip/qatar", served, caller)


def test_a_rebuild_makes_every_member_again(index: Index) -> None:
    put(index, "all.zip", archive(TEXTS))
    assert counts(index.sync(rebuild=True)) == (0, 0, 2, 0, 0)
    assert len(index.files()) == 2
    assert index.sync().nothing_done
    assert index.wrong() == []


def test_containers_lie_in_containers_and_every_member_has_its_path(index: Index) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr("2024/letter.eml", mail(TEXTS))
        opened.writestr("export.jsonl", lines({"https://un.example/a/b": "One text."}))
        opened.writestr("photo.png", b"\x89PNG")
        opened.writestr("__MACOSX/._letter.eml", b"\0\0")
        opened.writestr("inner.zip", archive(TEXTS))
        opened.writestr("communiqué № 1 – بيان.txt", "Un texte.")
    report = put(index, "all.zip", written.getvalue())
    assert set(index.files()) == {
        "all.zip/2024/letter.eml/morocco.txt",
        "all.zip/2024/letter.eml/qatar.txt",
        "all.zip/export.jsonl/un.example_a_b",
        "all.zip/communiqué № 1 – بيان.txt",
    }
    assert [Path(file).name for file, _ in report.failed] == ["inner.zip"]
    assert "archive in an archive" in report.failed[0][1]
    assert report.skipped == 2


def test_one_record_is_the_release_that_its_file_is(index: Index) -> None:
    record = {"title": "Office opens", "date": "2023-06-23", "text": "<p>It <b>opened</b>.</p><p>Today.</p>"}
    put(index, "a.json", json.dumps(record).encode())
    with index.catalog() as catalog:
        release = catalog.release("a")
    assert release is not None
    assert (release.title, str(release.date), release.text) == (
        "Office opens",
        "2023-06-23",
        "It opened.\n\nToday.",
    )
    assert index.sync().nothing_done


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_says_what_its_columns_are_called_for(tmp_path: Path, separator: str) -> None:
    rows = [
        ["Titre", "Date", "Langue", "Texte"],
        ["Un bureau", "2023-06-23", "fr", 'Il a dit « "oui" »,\nhier; puis\tparti.'],
    ]
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(written.getvalue().encode("cp1252"))
    (member,) = unpack(path, "a.csv", "csv", {}, tmp_path).members
    assert member.content is not None
    loaded = load(member.content, "a.csv/1", member.kind)
    assert loaded.said == Said("Un bureau", date(2023, 6, 23), language="fr")
    assert loaded.text == rows[1][3]


def letter(release: Path, html: bool = False) -> EmailMessage:
    source = release.read_text(encoding="utf-8")
    written = EmailMessage()
    written["From"], written["To"] = "UNOCT Press <press@un.example>", "desk@news.example"
    written["Subject"], written["Date"] = "Fwd: Press release", "Mon, 28 Mar 2022 09:00:00 +0000"
    if html:
        from tests.formats.writers import document

        written.set_content(document(source), subtype="html")
    else:
        written.set_content(source + "\n-- \nPress Office\n+1 212 555 0100\n")
    return written


@pytest.mark.parametrize("html", [False, True])
def test_a_release_sent_by_mail_yields_the_passages_of_the_text(
    release: Path, tmp_path: Path, html: bool
) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(letter(release, html).as_bytes())
    assert_same(entry_of(path), entry_of(release))


def test_a_mail_with_a_text_and_attachments_is_several_releases(english: Path, tmp_path: Path) -> None:
    written = letter(english)
    document = word_document(english.read_text(encoding="utf-8"), tmp_path / "a.docx").read_bytes()
    written.add_attachment(document, "application", "octet-stream", filename="../../Annex é.docx")
    written.add_attachment(web_page("A page. " * 30).encode(), "text", "html")
    written.add_attachment(letter(english))
    path = tmp_path / "letter.eml"
    path.write_bytes(written.as_bytes())
    unpacked = unpack(path, "letter.eml", "mail", {}, tmp_path)
    assert unpacked.failed == {}
    assert {(each.name, each.kind) for each in unpacked.members} == {
        ("", "mail"),
        ("Annex é.docx", "word"),
        ("2.html", "html"),
        ("3.eml", "mail"),
    }
