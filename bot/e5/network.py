"""The embedding network of multilingual-e5-small as an ONNX model, built once and kept in a folder.

It knows the file it is kept in; how weights become a graph is `graph.py`'s to know.
"""

import hashlib
import os
import threading
from pathlib import Path

from bot.e5.graph import Graph, model_of
from bot.e5.weights import ModelFile
from bot.errors import StorageError

BUILD = "int8-1"
"""Names this way of building: another graph or rounding gives other vectors and needs another name."""


def body(model: ModelFile, cache: Path) -> bytes:
    """The ONNX model: `embeddings` (1, tokens, hidden) in, `states` of that shape out, both float32.

    It comes from `cache` where it lies there undamaged, and is built there otherwise; several processes may
    do so at once. Raises StorageError where the folder cannot be read or written.
    """
    path = cache / f"multilingual-e5-small-{BUILD}-{model.digest[:12]}.onnx"
    checksum = path.with_name(f"{path.name}.sha256")
    try:
        if path.exists() and checksum.exists():
            content = path.read_bytes()
            if checksum.read_bytes() == _checksum(content, path.name):
                return content
        content = _build(model)
        cache.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
        _replace(checksum, _checksum(content, path.name))
    except OSError as error:
        raise StorageError(
            f"The embedding model cannot be kept in {cache} ({error.strerror}): "
            "make that folder writable, or set COMMUNIQUE_DATA_DIR to one that is."
        ) from error
    return content


def _checksum(content: bytes, name: str) -> bytes:
    """A line that `sha256sum -c` reads."""
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    written = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        written.write_bytes(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _build(model: ModelFile) -> bytes:
    graph = Graph(model)
    states = graph.body(graph.opening("embeddings"))
    graph.node("Identity", [states], "states")
    shape = (1, "tokens", model.hidden)
    return model_of(graph, "multilingual-e5-small", {"embeddings": shape}, {"states": shape})
