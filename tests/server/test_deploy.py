"""The files for operators agree with the program: its settings, packages and metrics, how long it takes to stop."""

import configparser
import re
import socket
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.server.deploy.runtime_lock import runtime
from bot.server.run import CLOSE_SECONDS, STOP_SECONDS
from bot.settings import variables
from tests.chroma_server import chroma_server
from tests.conftest import ROOT
from tests.server.serving import Serving

DEPLOY = ROOT / "bot" / "server" / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


class Unit(configparser.RawConfigParser):
    """A unit of systemd: keys keep their case, and may come again."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit() -> configparser.SectionProxy:
    parsed = Unit(strict=False)
    parsed.read(DEPLOY / "communique.service", "utf-8")
    return parsed["Service"]


def needed_by(requirements: list[str]) -> set[str]:
    """The packages that these come to, as the packages that are installed say."""
    found: set[str] = set()
    waiting = [Requirement(each) for each in requirements]
    while waiting:
        each = waiting.pop()
        name = canonicalize_name(each.name)
        for extra in each.extras or {""}:
            if (each.marker is not None and not each.marker.evaluate({"extra": extra})) or name in found:
                continue
            try:
                below = [Requirement(line) for line in requires(name) or ()]
            except PackageNotFoundError:
                continue
            found.add(name)
            waiting += [
                more for more in below if more.marker is None or more.marker.evaluate({"extra": extra})
            ]
    return found


def test_the_image_gets_every_package_that_the_server_needs_and_no_tool_of_developers() -> None:
    import tomllib

    project = tomllib.loads(PROJECT)["project"]
    chosen = runtime(PROJECT, LOCK)
    pinned = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", chosen, re.MULTILINE)}
    assert needed_by(project["dependencies"]) - pinned == set()
    pins = {pin for pin in LOCK.splitlines() if canonicalize_name(pin.partition("==")[0]) in pinned}
    assert pins - set(chosen.splitlines()) == set()
    assert pinned & {"pytest", "mypy", "ruff", "playwright", "locust", "hypothesis", "import-linter"} == set()
    for entry in re.split(r"\n(?=\w)", chosen):
        assert "--hash=sha256:" in entry


def test_the_image_holds_what_the_program_reads_and_nothing_of_a_person() -> None:
    let_in = {
        line.removeprefix("!")
        for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert {"bot", "ingest", "prompts", "streamlit_app.py", ".streamlit", "corpus"} <= copied
    for source in copied:
        assert (ROOT / source).exists()
        assert any(f"{source}/".startswith(f"{place.removesuffix('/config.toml')}/") for place in let_in), (
            source
        )
    assert not {place for place in let_in if ".env" in place or "secrets" in place}


def test_every_container_runs_unprivileged_on_a_file_system_that_it_cannot_write() -> None:
    assert re.search(r"^USER communique$", DOCKERFILE, re.MULTILINE)
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service
        assert all("docker.sock" not in volume for volume in service["volumes"])
    assert "ports" not in COMPOSE["services"]["chroma"]
    assert COMPOSE["networks"]["stores"] == {"internal": True}
    assert [port.split(":")[0] for port in COMPOSE["services"]["app"]["ports"]] == ["127.0.0.1"]


def test_a_stop_from_outside_waits_longer_than_the_server_takes() -> None:
    longest = STOP_SECONDS + CLOSE_SECONDS
    assert int(unit()["TimeoutStopSec"]) > longest
    assert int(COMPOSE["services"]["app"]["stop_grace_period"].removesuffix("s")) > longest


def test_every_setting_that_is_named_exists() -> None:
    known = set(variables().values()) | {"COMMUNIQUE_LOG_LEVEL"}
    for file in DEPLOY.iterdir():
        if file.is_file() and file.suffix != ".py":
            named = set(re.findall(r"\bCOMMUNIQUE_[A-Z_]+\b", file.read_text("utf-8")))
            assert named - known == set(), file.name


def test_every_metric_of_the_alerts_and_the_guide_is_told(own: Serving) -> None:
    told = httpx.get(f"{own.address}/metrics", trust_env=False).text
    families = set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE))
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    assert len(rules) > 5
    used = {name for rule in rules for name in re.findall(r"communique_\w+", rule["expr"])}
    guide = set(re.findall(r"`(communique_\w+)", (DEPLOY / "OPERATING.md").read_text("utf-8")))
    assert len(guide) > 10
    for name in used | guide:
        assert name in families or name.removesuffix("_bucket") in families, name


def health_check(command: list[str], port: int, stands_for: str) -> int:
    """The exit status of a health check, of which the port is another here."""
    program, *arguments = [each.replace(f":{stands_for}/", f":{port}/") for each in command if each != "CMD"]
    assert program == "python"
    return subprocess.run([sys.executable, *arguments], capture_output=True, timeout=60).returncode


def test_the_health_check_tells_a_server_that_lives_from_one_that_does_not(own: Serving) -> None:
    (command,) = re.findall(r"^HEALTHCHECK .*? CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    check = yaml.safe_load(command)
    assert health_check(check, own.port, "8501") == 0
    with socket.create_server(("127.0.0.1", 0)) as silent:
        free = silent.getsockname()[1]
    assert health_check(check, free, "8501") != 0


@pytest.mark.slow
def test_the_health_check_of_the_store_finds_it_alive(tmp_path: Path) -> None:
    chroma = COMPOSE["services"]["chroma"]
    assert chroma["command"][:2] == ["chroma", "run"]
    with chroma_server(tmp_path) as url:
        port = httpx.URL(url).port
        assert port
        assert health_check(chroma["healthcheck"]["test"], port, "8000") == 0
