"""A release in other formats, each by a real writer: what the loaders are to make the plain text of again."""

import shutil
import subprocess
from pathlib import Path

from markdown_it import MarkdownIt

OFFICE_SECONDS = 100


def as_html(source: str) -> str:
    """The Markdown of a release as the body of a page, each of its line breaks kept."""
    return MarkdownIt("commonmark", {"breaks": True}).render(source)


def document(source: str) -> str:
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{as_html(source)}</body></html>'


def web_page(source: str) -> str:
    """A saved page of a site: the release among banners, navigation, news and a footer."""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Release</title>
<style>p {{ margin: 1em }}</style></head><body class="page sidebar-first">
<div id="cookie-consent"><p>We use cookies to improve your experience. By continuing you accept our cookie policy.</p>
<button>Accept all cookies</button></div>
<header><a href="/">Home</a><nav><ul><li><a href="/about">About us</a><li><a href="/news">News</a></ul></nav></header>
<div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/news">News</a> &gt; Press release</div>
<div id="main"><div class="node">{as_html(source)}</div></div>
<aside><h3>Related news</h3><ul><li><a href="/1">A new office opens in Madrid, and other things of note</a>
<li><a href="/2">A second story about nothing in particular at all</a></ul></aside>
<div class="share"><a href="#">Share on a network</a> <a href="#">Send to a friend</a></div>
<footer><p>© 2022 United Nations Office of Counter-Terrorism. All rights reserved.</p></footer>
<script>var text = "which nobody is to read";</script></body></html>"""


def word_document(source: str, path: Path) -> Path:
    """A Word document by python-docx, with a header and footer on its pages."""
    import docx

    written = docx.Document()
    written.sections[0].header.paragraphs[0].text = "Header on every page"
    written.sections[0].footer.paragraphs[0].text = "Page 1"
    tokens = MarkdownIt("commonmark", {"breaks": True}).parse(source)
    styles = {"heading_open": "Heading 1", "list_item_open": "List Bullet"}
    style = None
    for token in tokens:
        style = styles.get(token.type, style)
        if token.type in ("heading_close", "list_item_close"):
            style = None
        if token.type == "inline":
            paragraph = written.add_paragraph(style=style)
            bold = False
            for each in token.children or ():
                bold = {"strong_open": True, "strong_close": False}.get(each.type, bold)
                if each.type in ("softbreak", "hardbreak"):
                    paragraph.add_run().add_break()
                elif each.content:
                    paragraph.add_run(each.content).bold = bold
    written.save(str(path))
    return path


def soffice() -> str | None:
    return shutil.which("soffice")


def office_documents(source: str, folder: Path) -> dict[str, Path]:
    """The release as LibreOffice writes it: ODT, DOCX, RTF and PDF, by suffix."""
    (folder / "release.html").write_text(document(source), encoding="utf-8")
    _convert(folder, "odt", "release.html", "--infilter=HTML (StarWriter)")
    for suffix in ("docx", "rtf", "pdf"):
        _convert(folder, suffix, "release.odt")
    return {suffix: folder / f"release.{suffix}" for suffix in ("odt", "docx", "rtf", "pdf")}


def _convert(folder: Path, suffix: str, name: str, *options: str) -> None:
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *(str(soffice()), "--headless", "--norestore", f"-env:UserInstallation={profile}", *options),
            *("--convert-to", suffix, "--outdir", str(folder), str(folder / name)),
        ],
        check=True,
        capture_output=True,
        timeout=OFFICE_SECONDS,
    )
