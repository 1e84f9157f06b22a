"""Ingests that are killed at chosen points: nothing lost, nothing doubled, nothing half."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.ingest.crash_driver import POINTS

STAY = {"r02": "old", "r03": "old"}
OLD = STAY | {f"r{number:02}": "old" for number in (0, 1, *range(4, 12))}
NEW = STAY | {f"r{number:02}": "new" for number in range(4, 12)}
"""Releases before the run that is killed, and what they must be after the one that is not."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of the index, by point."""
    folder = tmp_path_factory.mktemp("crash")
    driver = [sys.executable, "-m", "tests.ingest.crash_driver", folder]
    done = subprocess.run(driver, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    return {result["point"]: result for result in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(params=POINTS)
def result(request: pytest.FixtureRequest, results: dict[str, Any]) -> Any:
    return results[request.param]


def test_the_run_was_killed_there(result: Any) -> None:
    assert result["ended"] == "signal 9"


def test_after_the_kill_every_release_is_whole_and_can_be_found(result: Any) -> None:
    left = result["after_kill"]
    assert left["missing"] == 0
    assert all("vectors without a passage" in wrong for wrong in left["wrong"])
    assert {name: OLD[name] for name in STAY}.items() <= left["releases"].items()
    assert all(state in (OLD.get(name), NEW.get(name)) for name, state in left["releases"].items())


def test_a_rebuild_that_is_killed_leaves_the_old_index_or_the_new_one(result: Any) -> None:
    if result["point"].startswith("rebuild"):
        assert result["after_kill"]["wrong"] == []
        assert result["after_kill"]["releases"] in (OLD, NEW)


def test_a_clean_run_loses_nothing_and_doubles_nothing(result: Any) -> None:
    end = result["after_run"]
    assert end["wrong"] == []
    assert end["releases"] == NEW
    assert end["collections"] == 1
    assert result["files"] == ["catalog.sqlite", "chroma", "ingest.lock"]


def test_a_clean_run_takes_up_the_work_where_it_was_left(result: Any) -> None:
    finished = sum(state == "new" for state in result["after_kill"]["releases"].values())
    assert result["report"]["changed"] == len(NEW) - len(STAY) - finished
    assert result["report"]["restored"] == 0


def test_after_it_there_is_nothing_to_do(result: Any) -> None:
    second = result["second"]
    assert second["generation"] == result["report"]["generation"]
    assert second["passages"] == second["added"] == second["changed"] == second["removed"] == 0
