"""Waiting for what another process or thread makes so, which tells nobody. Not here: pods and nodes (tests.cluster.namespace)."""

import asyncio
from collections.abc import Callable

import pytest

SETTLED_S = 20.0


async def until(condition: Callable[[], object], what: str = "what the test waits for") -> None:
    """Return when the condition holds; the test fails, naming `what`, where it does not within `SETTLED_S`."""
    try:
        async with asyncio.timeout(SETTLED_S):
            while not condition():  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"never came to be: {what}")
