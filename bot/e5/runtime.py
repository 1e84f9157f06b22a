"""Runs a network with ONNX Runtime, and work on several texts at once.

It knows neither what goes into a network nor what comes out.
"""

import atexit
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.errors import EmbeddingsError

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Runs:
    """Counts the runs of all networks, so that none is still running when Python ends.

    A thread that nobody waits for, such as one that draws a page, would come back from C++ to find no Python there;
    C++ then aborts the process.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._ended = False
        atexit.register(self.end)

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._changed:
            if self._ended:
                raise EmbeddingsError("Nothing is read any more: the process is ending. Start it again.")
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def end(self) -> None:
        """Lets the runs finish and no other begin."""
        with self._changed:
            self._ended = True
            self._changed.wait_for(lambda: not self._running)


_RUNS = _Runs()


class Network:
    """A network that is run on the thread that calls it: threads share it, each with a text of its own.

    So a text is never padded to the length of another, and what one reads stays in its processor's cache:
    quicker, measured, than many texts in one run over all processors. Raises EmbeddingsError where it cannot
    be loaded.
    """

    def __init__(self, model: bytes, name: str) -> None:
        import onnxruntime  # type: ignore[import-untyped]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The graph is written in fused operators already.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3  # errors
        self._name = name
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise EmbeddingsError(
                f"onnxruntime {onnxruntime.__version__} cannot load {name} ({error}): "
                "run `pip install --upgrade onnxruntime`."
            ) from error

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """The outputs, in the order of the model. Raises EmbeddingsError where it fails."""
        with _RUNS.one():
            try:
                outputs: list[NDArray[np.float32]] = self._session.run(None, dict(inputs))
            except Exception as error:
                tokens = max(array.shape[1] for array in inputs.values() if array.ndim > 1)
                raise EmbeddingsError(
                    f"{self._name} failed on a text of {tokens} tokens ({error}): try again with more memory free."
                ) from error
        return outputs


class Threads:
    """As many threads as there are processors, started when they are first needed."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(processors(), name)

    def map(
        self, work: Callable[[Item], Result], items: Sequence[Item], size: Callable[[Item], int]
    ) -> list[Result]:
        """`work` done on each item, the results in order.

        The largest item is begun first: no processor is left with it while the others have nothing more to do.
        """
        if len(items) < 2:
            return [work(item) for item in items]
        results: dict[int, Result] = {}
        remaining = iter(sorted(range(len(items)), key=lambda i: -size(items[i])))

        def take() -> None:
            for i in remaining:
                results[i] = work(items[i])

        tasks = [self._pool.submit(take) for _ in range(min(len(items), processors()))]
        try:
            for task in tasks:
                task.result()
        finally:
            for _ in remaining:  # after an error or Ctrl-C the other threads find nothing more to do
                pass
        return [results[i] for i in range(len(items))]


def processors() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
