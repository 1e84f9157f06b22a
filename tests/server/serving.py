"""The real server in a process of its own on a free port of this machine, for as long as tests need it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 100.0
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Serving:
    """A server that runs: its address, with the base path and no slash at its end, and its data folder."""

    address: str
    folder: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def port(self) -> int:
        port = httpx.URL(self.address).port
        assert port
        return port

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=f"{self.address}/api/v1", timeout=60, trust_env=False, **options)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(data: Path, corpus: Path, port: int | None = None, **settings: str) -> Iterator[Serving]:
    """A server over the index in `data` that can answer; it is stopped at the end, and must have logged no mistake."""
    port = port or free_port()
    variables = {name.upper(): value for name, value in settings.items()}
    log = data / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", str(port)],
            cwd=data,
            env={
                **os.environ,
                "COMMUNIQUE_DATA_DIR": str(data),
                "COMMUNIQUE_CORPUS_DIR": str(corpus),
                **variables,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Serving(
        f"http://127.0.0.1:{port}{variables.get('COMMUNIQUE_BASE_PATH', '')}", data, process, log
    )
    try:
        _wait_until_ready(server)
        yield server
    finally:
        server.stop()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def _wait_until_ready(server: Serving) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, server.log.read_text("utf-8")
        try:
            if httpx.get(f"{server.address}/readyz", timeout=10, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the server was not ready in {START_SECONDS} seconds")
