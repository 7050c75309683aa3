"""Turns at the shared state: one process at a time, all calls of it together, nobody starved, nothing kept after an error."""

import asyncio
from pathlib import Path

import pytest

from dra_driver import turns
from dra_driver.single_turn import single_turn
from dra_driver.turns import Turns


def test_a_process_that_starts_waits_for_nobody_when_it_is_alone(tmp_path: Path) -> None:
    for _ in range(2):
        with single_turn(tmp_path / "lock"):
            pass


async def test_calls_of_one_process_share_a_turn_that_begins_once(tmp_path: Path) -> None:
    begun: list[int] = []
    mine = Turns(tmp_path / "lock", lambda: begun.append(1))
    async with mine.shared(), mine.shared():
        assert begun == [1]
    async with mine.shared():
        assert begun == [1, 1]


async def test_two_processes_are_never_inside_together(tmp_path: Path) -> None:
    both = [Turns(tmp_path / "lock", lambda: None) for _ in range(2)]
    inside: set[int] = set()
    most = 0

    async def call(number: int) -> None:
        nonlocal most
        async with both[number % 2].shared():
            inside.add(number)
            most = max(most, len({each % 2 for each in inside}))
            await asyncio.sleep(0.001)
            inside.discard(number)

    await asyncio.gather(*(call(number) for number in range(50)))
    assert most == 1


async def test_who_keeps_the_turn_for_long_gives_it_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_LONGEST_S", 0.0)
    busy, other = (Turns(tmp_path / "lock", lambda: None) for _ in range(2))
    first, end = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def call(mine: Turns, name: str) -> None:
        async with mine.shared():
            order.append(name)
            first.set()
            await end.wait()

    tasks = [asyncio.create_task(call(busy, "busy"))]
    await first.wait()
    tasks += [asyncio.create_task(call(other, "other")), asyncio.create_task(call(busy, "late"))]
    await asyncio.sleep(0.02)
    assert order == ["busy"]  # neither the other process nor the newcomer
    end.set()
    await asyncio.gather(*tasks)
    assert sorted(order[1:]) == ["late", "other"]


async def test_alone_means_that_no_call_is_under_way(tmp_path: Path) -> None:
    mine = Turns(tmp_path / "lock", lambda: None)
    order: list[str] = []
    entered = asyncio.Event()

    async def call() -> None:
        async with mine.shared():
            entered.set()
            await asyncio.sleep(0.01)
            order.append("call")

    async def clean() -> None:
        async with mine.alone():
            order.append("alone")
            await asyncio.sleep(0.01)
            order.append("alone")

    first = asyncio.create_task(call())
    await entered.wait()
    await asyncio.gather(first, clean(), call())
    assert order in (["call", "alone", "alone", "call"], ["call", "call", "alone", "alone"])


async def test_a_turn_that_may_not_begin_is_free_for_others(tmp_path: Path) -> None:
    def refuse() -> None:
        raise ValueError("refused")

    refused, other = Turns(tmp_path / "lock", refuse), Turns(tmp_path / "lock", lambda: None)
    for attempt in (refused.shared, refused.alone):
        with pytest.raises(ValueError, match="refused"):
            async with attempt():
                pass
    async with other.shared():
        pass
