"""What earlier runs left to do: files that failed are tried again, and a corpus that was exchanged leaves."""

import json
from pathlib import Path

import pytest

from bot.catalog import Failure
from ingest.__main__ import main
from tests.fakes import HashEmbeddings
from tests.ingest.indexed import Index, counts

TEXTS = {"morocco.md": "# Morocco\n\nThe office opened in Rabat.\n", "qatar.txt": "Qatar funds it.\n"}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path)
    made.write(TEXTS)
    return made


def failures(index: Index) -> list[Failure]:
    with index.catalog() as catalog:
        return catalog.failures()


def roots(index: Index) -> dict[str, str]:
    """The root of each release in the index."""
    with index.catalog() as catalog:
        return {summary.id: summary.root for summary in catalog.releases()}


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_file_that_fails_stays_listed_and_is_tried_again(index: Index, rebuild: bool) -> None:
    index.write({"empty.md": " "})
    index.sync()
    report = index.sync(rebuild=rebuild)
    (failure,) = failures(index)
    assert (failure.path, failure.reason) == (index.corpus / "empty.md", report.failed[0][1])
    assert failure.tries == 2
    assert failure.first_seen <= failure.last_seen


def test_a_file_that_was_mended_is_a_release_and_no_failure(index: Index) -> None:
    index.write({"empty.md": " "})
    index.sync()
    index.write({"empty.md": "No longer."})
    assert counts(index.sync()) == (1, 0, 2, 0, 0)
    assert failures(index) == []


def test_a_file_that_fails_after_it_was_a_release_is_both(index: Index) -> None:
    index.sync()
    index.write({"qatar.txt": " "})
    index.sync()
    assert [each.file for each in failures(index)] == ["qatar.txt"]
    assert set(index.files()) == set(TEXTS)


def test_a_file_that_is_gone_is_no_failure(index: Index) -> None:
    index.write({"empty.md": " "})
    index.sync()
    (index.corpus / "empty.md").unlink()
    index.sync()
    assert failures(index) == []


def test_a_run_over_one_path_leaves_the_other_failures_alone(index: Index) -> None:
    index.write({"empty.md": " ", "blank.md": "\n"})
    index.sync()
    index.sync(index.corpus / "blank.md")
    assert {each.file: each.tries for each in failures(index)} == {"empty.md": 1, "blank.md": 2}


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_failed_outside_the_corpus_is_tried_by_a_run_over_the_corpus(
    index: Index, tmp_path: Path, rebuild: bool
) -> None:
    index.write({"a.md": " ", "b.md": " ", "c.md": " "}, tmp_path / "elsewhere")
    index.sync()
    index.sync(tmp_path / "elsewhere")
    index.write({"a.md": "Mended."}, tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "b.md").unlink()
    report = index.sync(rebuild=rebuild)
    assert [file for file, _ in report.failed] == [str(tmp_path / "elsewhere" / "c.md")]
    assert [(each.file, each.tries) for each in failures(index)] == [("c.md", 2)]
    assert "a.md" in index.files()


def test_the_command_lists_failures_as_text_and_as_json(
    index: Index, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(index.data))
    assert main(["--failures"]) == 1
    assert capsys.readouterr().err.startswith("communique: There is no catalog")
    index.sync()
    assert main(["--failures"]) == 0
    assert capsys.readouterr().out == "No file failed when it was last tried.\n"
    index.write({"empty.md": " "})
    index.sync()
    assert main(["--failures", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"failures": [failures(index)[0].to_json()]}
    assert main(["--failures"]) == 0
    reason, tried = capsys.readouterr().out.splitlines()
    assert str(index.corpus / "empty.md") in reason
    assert "tried once" in tried


def test_listing_failures_takes_no_paths(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--failures", "corpus"])
    assert "leave out paths" in capsys.readouterr().err


# Which folder is the corpus


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_corpus_that_was_copied_elsewhere_is_the_same_one(
    index: Index, tmp_path: Path, rebuild: bool
) -> None:
    index.sync()
    index.corpus = tmp_path / "copy"
    index.write(TEXTS)
    embeddings = HashEmbeddings()
    report = index.sync(embeddings=embeddings, rebuild=rebuild)
    assert counts(report) == (0, 0, 2, 0, 0)
    assert rebuild or embeddings.embedded == 0
    assert roots(index) == {"morocco": str(index.corpus), "qatar": str(index.corpus)}
    assert index.sync().nothing_done


@pytest.mark.parametrize("rebuild", [False, True])
def test_another_corpus_takes_the_place_of_the_former(index: Index, tmp_path: Path, rebuild: bool) -> None:
    index.write({"empty.md": " "})
    index.sync()
    index.corpus = tmp_path / "other"
    index.write({"new.md": "Another text.", "qatar.txt": "Another text of that name."})
    report = index.sync(rebuild=rebuild)
    assert (report.removed, report.releases) == (2, 2)
    assert roots(index) == {"new": str(index.corpus), "qatar": str(index.corpus)}
    assert failures(index) == []
    assert index.wrong() == []


def test_what_was_ingested_by_its_path_stays_when_the_corpus_is_exchanged(
    index: Index, tmp_path: Path
) -> None:
    index.sync()
    index.write({"extra.md": "More."}, tmp_path / "elsewhere")
    index.sync(tmp_path / "elsewhere")
    index.corpus = tmp_path / "other"
    index.write({"new.md": "Another text."})
    index.sync()
    assert roots(index) == {"extra": str(tmp_path / "elsewhere"), "new": str(tmp_path / "other")}


def test_the_former_corpus_can_be_asked_for_by_its_path(index: Index, tmp_path: Path) -> None:
    former = index.corpus
    index.sync()
    index.corpus = tmp_path / "other"
    index.write({"new.md": "Another text."})
    index.sync(former)
    index.sync()
    assert sorted(index.files()) == ["morocco.md", "new.md", "qatar.txt"]


def test_a_folder_around_the_former_corpus_keeps_it(index: Index, tmp_path: Path) -> None:
    index.sync()
    index.corpus = tmp_path
    index.write({"new.md": "Another text."})
    assert counts(index.sync()) == (1, 0, 2, 0, 0)


def test_a_folder_in_the_former_corpus_is_all_that_stays(index: Index) -> None:
    index.write({"2024/new.md": "Another text."})
    index.sync()
    index.corpus = index.corpus / "2024"
    index.sync()
    assert roots(index) == {"new": str(index.corpus)}
    assert index.wrong() == []


def test_a_former_corpus_that_was_ingested_with_the_new_one_leaves_alone(
    index: Index, tmp_path: Path
) -> None:
    index.sync()
    index.write(TEXTS, tmp_path / "copy")
    index.sync(tmp_path / "copy")
    index.corpus = tmp_path / "copy"
    index.sync()
    assert {Path(root) for root in roots(index).values()} == {index.corpus}
