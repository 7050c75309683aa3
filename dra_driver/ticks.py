"""Moments to look at what nobody tells, the same for all who look: an idle driver wakes once for them and not once for each.

Not here: what is looked at.
"""

import asyncio
from math import floor

from dra_driver.background import settle


async def tick(period_s: float) -> None:
    """Return at a moment of the loop's clock that is a multiple of `period_s`, half a period to one and a half from now."""
    loop = asyncio.get_running_loop()
    moment_s = (floor(loop.time() / period_s + 0.5) + 1) * period_s
    arrived: asyncio.Future[None] = loop.create_future()
    timer = loop.call_at(moment_s, settle, arrived, None, None)
    try:
        await arrived
    finally:
        timer.cancel()
