"""Moments to look at: shared by all who look, never skipped, and never at once."""

import asyncio

from dra_driver.ticks import tick

PERIOD_S = 0.05


async def test_all_who_look_wake_in_the_same_turn_of_the_loop() -> None:
    turns: list[int] = []
    turn = 0

    def count() -> None:
        nonlocal turn
        turn += 1
        loop.call_soon(count)

    async def look(pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        await tick(PERIOD_S)
        turns.append(turn)

    loop = asyncio.get_running_loop()
    moment_s = (
        loop.time() // PERIOD_S + 2
    ) * PERIOD_S  # not beside the half of a period, where one would take the next moment
    await asyncio.sleep(moment_s + PERIOD_S / 8 - loop.time())
    loop.call_soon(count)
    await asyncio.gather(look(0.0), look(0.001), look(0.002))
    assert len(set(turns)) == 1


async def test_a_moment_is_half_a_period_away_or_more_and_a_multiple_of_it() -> None:
    loop = asyncio.get_running_loop()
    for _ in range(3):
        before_s = loop.time()
        await tick(PERIOD_S)
        after_s = loop.time()
        assert after_s - before_s >= PERIOD_S / 2 - 0.001
        assert after_s // PERIOD_S > before_s // PERIOD_S


async def test_who_gives_up_leaves_no_timer() -> None:
    waiting = asyncio.create_task(tick(3600.0))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
