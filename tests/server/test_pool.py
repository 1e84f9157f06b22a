"""The pool: bounded, ends work that nobody waits for, hands on what the work raises."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from bot.errors import QuestionError
from bot.server.limits import Buckets, Quotas
from bot.server.pool import Pool, Stream
from bot.server.problems import ProblemError


async def everything(stream: Stream[int]) -> list[int]:
    found = []
    while (piece := await stream.next(10)) is not None:
        found.append(piece)
    return found


async def until_empty(pool: Pool) -> None:
    for _ in range(3000):
        if not pool.inside:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("there is still work inside")


async def room_for(pool: Pool, work: Callable[[], Iterator[int]]) -> Stream[int]:
    """The work, started once there is room."""
    for _ in range(3000):
        with suppress(ProblemError):
            return pool.start(work)
        await asyncio.sleep(0.01)
    raise AssertionError("there is no room")


def test_pieces_come_in_order_and_then_the_end() -> None:
    async def main() -> None:
        pool = Pool(2, 0)
        assert await everything(pool.start(lambda: iter_of(1, 2, 3))) == [1, 2, 3]
        await until_empty(pool)
        pool.stop()

    asyncio.run(main())


def iter_of(*values: int) -> Iterator[int]:
    yield from values


def test_what_the_work_raises_comes_after_its_pieces() -> None:
    def work() -> Iterator[int]:
        yield 1
        raise QuestionError("no such question")

    async def main() -> None:
        pool = Pool(1, 0)
        stream = pool.start(work)
        assert await stream.next(10) == 1
        with pytest.raises(QuestionError):
            await stream.next(10)
        await until_empty(pool)
        pool.stop()

    asyncio.run(main())


def test_work_that_nobody_waits_for_ends_at_its_next_step() -> None:
    step, closed = threading.Event(), threading.Event()

    def work() -> Iterator[int]:
        try:
            yield 1
            step.wait(60)
            yield 2
            yield 3
        finally:
            closed.set()

    async def main() -> None:
        pool = Pool(1, 0)
        stream = pool.start(work)
        assert await stream.next(10) == 1
        stream.leave()
        step.set()
        await until_empty(pool)
        assert closed.is_set()
        assert await stream.next(1) is None
        pool.stop()

    asyncio.run(main())


def test_beyond_its_room_it_is_busy_and_who_leaves_the_queue_makes_room() -> None:
    go, begun = threading.Event(), []

    def work() -> Iterator[int]:
        begun.append(1)
        go.wait(60)
        yield 1

    async def main() -> None:
        pool = Pool(1, 1)
        first, second = pool.start(work), pool.start(work)
        with pytest.raises(ProblemError) as busy:
            pool.start(work)
        assert busy.value.kind.name == "busy"
        assert int(busy.value.headers["Retry-After"]) >= 1
        second.leave()
        third = await room_for(pool, work)
        go.set()
        assert [await everything(first), await everything(third)] == [[1], [1]]
        await until_empty(pool)
        pool.stop()

    asyncio.run(main())
    assert len(begun) == 2


def test_one_caller_takes_a_quarter_of_the_room_at_most() -> None:
    go = threading.Event()

    def work() -> Iterator[int]:
        go.wait(60)
        yield 1

    async def main() -> None:
        pool = Pool(1, 7)
        streams = [pool.start(work, "one") for _ in range(2)]
        with pytest.raises(ProblemError) as refused:
            pool.start(work, "one")
        assert refused.value.kind.name == "too-many-requests"
        streams.append(pool.start(work, "other"))
        go.set()
        assert [await everything(stream) for stream in streams] == [[1]] * 3
        await until_empty(pool)
        pool.start(work, "one")
        await until_empty(pool)
        pool.stop()

    asyncio.run(main())


def test_a_closed_pool_takes_no_work() -> None:
    async def main() -> None:
        pool = Pool(1, 1)
        pool.close()
        with pytest.raises(ProblemError) as refused:
            pool.start(lambda: iter_of(1))
        assert refused.value.kind.name == "unavailable"
        pool.stop()

    asyncio.run(main())


def test_a_bucket_fills_evenly_and_each_name_has_its_own() -> None:
    now = [0.0]
    buckets = Buckets(2, clock=lambda: now[0])
    buckets.take("a")
    buckets.take("a")
    buckets.take("b")
    with pytest.raises(ProblemError) as refused:
        buckets.take("a")
    assert refused.value.headers == {"Retry-After": "30"}
    now[0] = 30.0
    buckets.take("a")
    with pytest.raises(ProblemError):
        buckets.take("a")


def test_a_quota_counts_each_name() -> None:
    quotas = Quotas()
    quotas.take("a", 1)
    quotas.take("b", 1)
    with pytest.raises(ProblemError) as refused:
        quotas.take("a", 1)
    assert refused.value.kind.name == "quota-used"
