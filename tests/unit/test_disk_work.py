"""Work on the disk: what comes together is done together, in order, and what fails fails alone."""

import asyncio
import threading

import pytest

from dra_driver.disk_work import DiskWork


async def test_what_comes_while_some_is_under_way_is_done_in_one_thread_in_order() -> None:
    work, gate, done = DiskWork(), threading.Event(), list[int]()
    threads = set[int]()

    def piece(number: int) -> int:
        gate.wait()
        threads.add(threading.get_ident())
        done.append(number)
        return number

    waiting = [asyncio.create_task(work.run(lambda number=number: piece(number))) for number in range(20)]  # type: ignore[misc]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*waiting) == done == list(range(20))
    assert threading.get_ident() not in threads


async def test_a_piece_that_fails_fails_alone() -> None:
    work = DiskWork()

    def refused() -> None:
        raise OSError("full")

    outcomes = await asyncio.gather(work.run(lambda: 1), work.run(refused), work.run(lambda: 2), return_exceptions=True)
    assert [outcomes[0], outcomes[2]] == [1, 2]
    assert isinstance(outcomes[1], OSError)
    with pytest.raises(OSError, match="full"):
        await work.run(refused)


async def test_a_caller_that_leaves_takes_no_work_along() -> None:
    work, gate, done = DiskWork(), threading.Event(), list[str]()
    first = asyncio.create_task(work.run(gate.wait))
    second = asyncio.create_task(work.run(lambda: done.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    await first
    assert await work.run(lambda: "third") == "third"
    assert done == ["second"]
