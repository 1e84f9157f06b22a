"""Passages embedded by the workers of a Ray cluster, on this machine or on others.

It knows no release and no store: workers only embed, and the process that holds the lock of the index writes it.
"""

import logging
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import EmbeddingsError, SettingsError
from bot.settings import EMBEDDED
from bot.store.packing import Spans

if TYPE_CHECKING:
    from bot.embeddings import PassageEmbeddings
    from ingest.embedding import Embedded, Embedding

LOCAL = "local"
"""In place of an address: a cluster of this machine alone, for as long as it is needed."""
TRIES = 8
"""How often a part may lose its worker. More would be the fault of the part."""
REACHED_SECONDS = 10.0
AHEAD = 2
"""Parts for each processor of the cluster: one that is embedded, one on its way."""

_ROOT = Path(__file__).resolve().parent.parent
_STAYS_HERE = ".git .venv .communique .*_cache .hypothesis /corpus /tests *.onnx *.png __pycache__".split()
"""What workers do not need of this program; it travels to them as an archive."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a worker opens: an embedding model, as `bot.embeddings.open_embeddings` takes it."""

    spec: str
    name: str
    cache: str
    api_key: str | None = None
    base_url: str | None = None


class _Cluster:
    def __init__(self, model: Model, embed: Any, processors: int) -> None:
        self.name = model.name
        self.ahead = AHEAD * processors
        self._model = model
        self._embed = embed

    def submit(self, texts: list[str], spans: list[Spans]) -> "Future[Embedded]":
        answer: Future[Embedded] = Future()
        reference = self._embed.remote(self._model, texts, spans)
        reference.future().add_done_callback(lambda done: _hand_over(done, answer))
        return answer


@contextmanager
def on_ray(address: str, model: Model) -> Iterator["Embedding"]:
    """Embedding by the cluster at `address`, as Ray names it, or by one of this machine (`local`).

    A part whose worker or machine dies is embedded by another. Raises SettingsError where Ray is not installed, and
    EmbeddingsError where no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would tell its makers
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address == LOCAL:
        # So named for where it is the default: every socket is on the loopback address.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        import ray
    except ImportError as error:
        raise SettingsError("Ray is not installed: run `pip install ray`, or leave out --ray.") from error
    here: dict[str, Any] = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        _reach(address)
        ray.init(
            address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"working_dir": str(_ROOT), "excludes": _STAYS_HERE},
            **(here if address == LOCAL else {}),
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise EmbeddingsError(
            f"No Ray cluster answers at {address} ({error}): start one with `ray start --head`, or leave out --ray."
        ) from error
    try:
        embed = ray.remote(num_cpus=1, max_retries=TRIES)(_embed)
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        with redirect_stdout(sys.stderr):  # where Ray tells of workers that died
            yield _Cluster(model, embed, max(1, int(resources.get("CPU", 1))))
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Raises OSError where nothing listens at the address: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), REACHED_SECONDS).close()


def _embed(model: Model, texts: list[str], spans: list[Spans]) -> "Embedded":
    """The vectors of a part, in a worker."""
    opened = _opened(model)
    if opened.name != model.name:
        raise EmbeddingsError(
            f"A worker has {opened.name} and not {model.name}: install the same packages on every machine."
        )
    if model.spec != EMBEDDED:
        return opened.embed_passages(texts, spans)
    import numpy as np

    # One after the other: a worker has one processor, and as many threads as its machine has would only get
    # into each other's way.
    found = [opened.embed_passages([text], [own]) for text, own in zip(texts, spans, strict=True)]
    return np.concatenate([whole for whole, _ in found]), [parts[0] for _, parts in found]


@lru_cache(maxsize=1)
def _opened(model: Model) -> "PassageEmbeddings":
    from bot.embeddings import open_embeddings

    cache = Path(model.cache)
    if not cache.is_dir():
        cache = Path(tempfile.gettempdir()) / "communique-models"
    return open_embeddings(model.spec, cache, api_key=model.api_key, base_url=model.base_url)


def _hand_over(done: "Future[Embedded]", answer: "Future[Embedded]") -> None:
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
        return
    cause = getattr(error, "cause", None)
    if isinstance(cause, EmbeddingsError):
        answer.set_exception(cause)
    else:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        answer.set_exception(
            EmbeddingsError(
                f"The workers of Ray failed ({reason}): look at its logs, and run the command again."
            )
        )
