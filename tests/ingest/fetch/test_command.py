"""Addresses on the command line: fetched, ingested, and said where they fail."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.__main__ import main
from tests.fakes import HashEmbeddings
from tests.ingest.fetch.site import Answer, Site, site
from tests.ingest.indexed import Index


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    made = Index(tmp_path)
    made.write({"morocco.md": "# Morocco\n\nThe office opened in Rabat.\n"})
    monkeypatch.setattr("bot.embeddings.open_embeddings", lambda *_, **__: HashEmbeddings())
    monkeypatch.setattr("ingest.fetch.client.SECONDS_BETWEEN", 0.0)
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(made.data))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(made.corpus))
    monkeypatch.setenv("COMMUNIQUE_ALLOW_PRIVATE_ADDRESSES", "true")
    return made


def test_an_address_becomes_a_release_that_stays_with_the_corpus(
    web: Site, index: Index, capsys: pytest.CaptureFixture[str]
) -> None:
    web.page("/news/geneva", "A branch in Geneva", "Qatar funds the branch.", ETag='"1"')
    assert main([f"{web.address}/news/geneva", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["added"], report["failed"]) == (1, [])
    with index.catalog() as catalog:
        (release,) = [catalog.release(each.id) for each in catalog.releases()]
    assert release
    assert release.title == "A branch in Geneva"
    assert release.url == f"{web.address}/news/geneva"
    assert "Home About" not in release.text

    assert main(["--json"]) == 0  # over the corpus, and with it over what was fetched
    assert json.loads(capsys.readouterr().out)["unchanged"] == 1
    assert main(["--refresh", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == 2
    assert web.paths() == ["/news/geneva", "/news/geneva"]


def test_what_cannot_be_fetched_is_named_and_the_rest_is_ingested(
    web: Site, index: Index, capsys: pytest.CaptureFixture[str]
) -> None:
    web.page("/a", "Signed", "Qatar funds it.")
    web.answers["/b"] = Answer(status=404)
    path = str(index.corpus / "morocco.md")
    assert main([f"{web.address}/a", f"{web.address}/b", path, "--json"]) == 1
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert report["added"] == 2
    assert [each["file"] for each in report["failed"]] == [f"{web.address}/b"]
    assert "communique: " in told.err
    assert "status 404" in told.err


def test_without_leave_this_machine_is_not_fetched_from(
    web: Site, index: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COMMUNIQUE_ALLOW_PRIVATE_ADDRESSES")
    assert main([f"{web.address}/a"]) == 1
    assert "COMMUNIQUE_ALLOW_PRIVATE_ADDRESSES" in capsys.readouterr().err
    assert web.asked == []
