"""The run that goes on in a thread of its own."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.evaluation.evaluate import Progress
from bot.web.evaluation.kept import Kept
from bot.web.evaluation.live import Going, Live

RUN = Kept(Path("run"), ended=False, about=None)


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_run_tells_how_far_it_is_and_ends() -> None:
    live = Live()
    step = threading.Event()

    def work(progress: Progress) -> None:
        progress(0, 2)
        progress(1, 2)
        assert step.wait(30)
        progress(2, 2)

    live.start(RUN, 2, work)
    until(lambda: live.now is not None and live.now.done == 1)
    assert live.busy
    step.set()
    until(lambda: not live.busy)
    assert live.now
    assert (live.now.done, live.now.over, live.now.error) == (2, True, None)


def test_a_stopped_run_asks_no_further_question() -> None:
    live = Live()
    asked: list[int] = []
    step = threading.Semaphore(0)

    def work(progress: Progress) -> None:
        for number in range(1, 100):
            step.acquire()
            asked.append(number)
            progress(number, 100)

    live.start(RUN, 100, work)
    step.release()
    until(lambda: asked == [1])
    live.stop()
    assert live.now
    assert live.now.stopping
    step.release()
    until(lambda: not live.busy)
    assert asked == [1, 2]


def test_a_second_run_is_refused_while_one_goes_on() -> None:
    live = Live()
    step = threading.Event()
    live.start(RUN, 1, lambda progress: step.wait(30))
    with pytest.raises(StorageError, match="Another run is going on"):
        live.start(RUN, 1, lambda progress: None)
    step.set()
    until(lambda: not live.busy)
    live.start(RUN, 1, lambda progress: None)
    until(lambda: not live.busy)


def test_an_error_ends_the_run_and_is_told() -> None:
    live = Live()

    def work(progress: Progress) -> None:
        raise StorageError("The disk is full. Free space.")

    live.start(RUN, 1, work)
    until(lambda: not live.busy)
    assert live.now
    assert live.now.error == "The disk is full. Free space."


def test_a_closed_one_has_nothing_going_on() -> None:
    live = Live()

    def work(progress: Progress) -> None:
        for number in range(10_000):
            progress(number, 10_000)
            time.sleep(0.001)

    live.start(RUN, 10_000, work)
    live.close()
    assert not live.busy
    assert live.now
    assert live.now.done < 9_999


def test_the_time_that_is_left_follows_the_pace_since_it_went_on() -> None:
    assert Going(RUN, total=10, done=6, kept=4, seconds=3.0).seconds_left == 6.0
    assert Going(RUN, total=10, done=4, kept=4).seconds_left is None
