"""A release whose title, text and file name are markup is ingested, quoted, opened, exported and reported: as text."""

import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit as st
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from bot.chain import Bot
from bot.domain import Answer, Turn
from bot.evaluation.command import run
from bot.server.export import as_document
from bot.settings import Settings
from bot.web.page import script
from bot.web.release import Place
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

QUESTION = "Who funds the <script>alert(1)</script> Lantern Programme?"
TITLE = "LANTERN PROGRAMME <script>alert(1)</script> OPENS [here](javascript:alert(1)) ![x](https://evil.example/x.png)"
FUNDED = (
    "The Lantern Programme is funded by Sweden for $12 million and $30 million <img src=x onerror=alert(1)> "
    "[more](javascript:alert(1)) ![x](https://evil.example/x.png) :material/face: `code`."
)
RELEASE = f"""{TITLE}

10 May 2021, New York – <script>alert(2)</script> The Office opened the Lantern Programme today.

{FUNDED}

<iframe src="javascript:alert(3)"></iframe> It works in &lt;b&gt;three&lt;/b&gt; countries.
"""
FILE = "<img src=x onerror=alert(1)> $x$ [a](javascript:1).txt"
LIVE_TAGS = frozenset("script img iframe svg object embed form meta link base video audio math".split())


class Elements(HTMLParser):
    """The tags and the addresses in a piece of HTML, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: set[str] = set()
        self.handlers: set[str] = set()
        self.shown = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            if name in ("href", "src", "action", "srcset"):
                self.targets.add(value or "")
            if name.startswith("on"):
                self.handlers.add(name)

    def handle_data(self, data: str) -> None:
        self.shown += data


def assert_harmless(html: str, own: frozenset[str] = frozenset()) -> Elements:
    """`own` are the tags that the page itself has."""
    found = Elements(html)
    assert found.tags & (LIVE_TAGS - own) == set()
    assert found.handlers == set()
    assert not [each for each in found.targets if not each.startswith(("#", "?", "data:"))]
    return found


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Settings]:
    from ingest.sync import sync_settings

    place = tmp_path_factory.mktemp("hostile")
    corpus, data = place / "corpus", place / "data"
    corpus.mkdir()
    data.mkdir()
    (corpus / FILE).write_text(RELEASE, encoding="utf-8")
    (data / "models").symlink_to(model_cache)
    found = Settings(data_dir=data, corpus_dir=corpus, minimum_probability=0)
    assert sync_settings(found).added == 1
    yield found
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(scope="module")
def answer(settings: Settings) -> Answer:
    with closing(Bot(settings)) as bot:
        given = bot.ask(QUESTION)
        (citation, *_) = given.citations
        release = bot.catalog.release(citation.release_id, citation.revision)
    assert release
    assert release.text[citation.start : citation.end] == citation.quote
    assert "onerror=alert(1)" in citation.quote
    assert "<script>" in citation.title
    return given


def labels(session: AppTest) -> list[str]:
    """Everything that Streamlit draws as Markdown."""
    elements = [*session.button, *session.markdown, *session.info, *session.warning, *session.error]
    return [str(getattr(element, "label", "") or getattr(element, "value", "")) for element in elements]


def assert_no_markdown(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    kinds = {child.type for token in tokens for child in token.children or ()}
    kinds |= {token.type for token in tokens}
    assert kinds & {"image", "link_open", "html_inline", "html_block", "code_inline", "fence"} == set(), text
    assert not re.search(r"(?<!\\)\$", text), text


def test_the_chat_and_the_page_of_the_release_show_it_as_text(
    settings: Settings, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(settings.corpus_dir))
    monkeypatch.setenv("COMMUNIQUE_MINIMUM_PROBABILITY", "0")
    session = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=100).run()
    session.chat_input[0].set_value(QUESTION).run()
    citation = answer.citations[0]
    place = Place(citation.release_id, citation.revision, citation.start, citation.end)
    opened = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=100)
    opened.query_params.update(place.parameters)
    for page in (session, opened.run()):
        assert not page.exception
        # Of ours is the script that scrolls, which holds nothing of a release.
        drawn = [
            element.proto.body.replace(f"<script>{script()}</script>", "") for element in page.get("html")
        ]
        shown = "".join(assert_harmless(html).shown for html in drawn)
        assert "<img src=x onerror=alert(1)>" in shown
        assert "<script>alert(1)</script>" in shown
        for text in labels(page):
            assert_no_markdown(text)


def test_the_export_shows_it_as_text(answer: Answer) -> None:
    document = as_document(answer.citations[0].title, [Turn(QUESTION, answer)])
    assert_no_markdown(document)
    html = MarkdownIt("commonmark", {"html": True}).render(document)
    shown = assert_harmless(html).shown
    for text in (QUESTION, answer.citations[0].title, FILE, answer.citations[0].quote):
        assert " ".join(text.split()) in " ".join(shown.split())


def test_the_evaluation_report_shows_it_as_text(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = QUESTION.replace("'", "''")
    (tmp_path / "set.yaml").write_text(
        f"- {{id: wrong, question: '{question}', facts: [['<script>alert(4)</script>']]}}\n"
        "- {id: right, question: 'Who funds the Lantern Programme?', facts: [[Sweden]]}\n",
        encoding="utf-8",
    )
    run([tmp_path / "set.yaml"], tmp_path / "out", lambda: Bot(settings))
    capsys.readouterr()
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    shown = assert_harmless(page, own=frozenset({"svg", "meta", "link"})).shown
    assert "<script>alert(4)</script>" in shown
    assert "onerror=alert(1)" in shown
    assert_no_live_markdown((tmp_path / "out" / "report.md").read_text("utf-8"))


def assert_no_live_markdown(text: str) -> None:
    """A report has tables and code of its own, but neither links, images nor HTML."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    kinds = {token.type for token in tokens} | {
        child.type for each in tokens for child in each.children or ()
    }
    assert kinds & {"image", "link_open", "html_inline", "html_block"} == set()
