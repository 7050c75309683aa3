"""Reports in the background: the latest of a key counts, passing faults are repeated, others end it, nothing ends the outbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from dra_driver.outbox import Outbox, Pace
from kube.client import ApiError

AT_ONCE = Pace(interval_s=0, quiet_s=0, first_pause_s=0.001, longest_pause_s=0.002)
PATIENCE_S = 20.0


class Recorder:
    """Deliveries by name, and errors that the next of them meet."""

    def __init__(self, *errors: Exception) -> None:
        self.delivered: list[str] = []
        self.attempts = 0
        self._errors = list(errors)

    def delivery(self, name: str) -> Callable[[], Awaitable[None]]:
        async def deliver() -> None:
            self.attempts += 1
            if self._errors:
                raise self._errors.pop(0)
            self.delivered.append(name)

        return deliver


async def emptied(outbox: Outbox, until: Callable[[], bool]) -> None:
    running = asyncio.create_task(outbox.run())
    async with asyncio.timeout(PATIENCE_S):
        while not until() and not running.done():  # noqa: ASYNC110  the outbox tells nobody
            await asyncio.sleep(0.001)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_the_latest_of_a_key_is_delivered_once_in_the_first_ones_place() -> None:
    outbox, recorder = Outbox(AT_ONCE), Recorder()
    for name in ("a1", "b1", "a2"):
        outbox.put(name[0], recorder.delivery(name))
    await emptied(outbox, lambda: len(recorder.delivered) == 2)
    assert recorder.delivered == ["a2", "b1"]


@pytest.mark.parametrize("status", [0, 429, 500, 503])
async def test_a_passing_fault_is_repeated_until_it_has_passed(status: int) -> None:
    outbox, recorder = Outbox(AT_ONCE), Recorder(*[ApiError(status, "not now")] * 5)
    outbox.put("a", recorder.delivery("a"))
    await emptied(outbox, lambda: recorder.delivered == ["a"])
    assert recorder.attempts == 6


async def test_what_is_put_while_an_older_one_fails_replaces_it() -> None:
    outbox, recorder = Outbox(AT_ONCE), Recorder()

    async def failing() -> None:
        outbox.put("a", recorder.delivery("new"))
        raise ApiError(500, "not now")

    outbox.put("a", failing)
    await emptied(outbox, lambda: recorder.delivered == ["new"])


async def test_a_refusal_ends_it_and_is_explained_once(caplog: pytest.LogCaptureFixture) -> None:
    outbox, recorder = Outbox(AT_ONCE), Recorder(ApiError(403, "may not"), ApiError(403, "may not"))
    for key in ("a", "b", "c"):
        outbox.put(key, recorder.delivery(key))
    with caplog.at_level(logging.WARNING):
        await emptied(outbox, lambda: recorder.delivered == ["c"])
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["a"]
    assert "apply the output of `hami-dra manifests` again" in caplog.text


async def test_a_fault_of_ours_is_logged_and_the_next_report_goes_out(caplog: pytest.LogCaptureFixture) -> None:
    outbox, recorder = Outbox(AT_ONCE), Recorder(KeyError("metadata"))
    outbox.put("a", recorder.delivery("a"))
    outbox.put("b", recorder.delivery("b"))
    await emptied(outbox, lambda: recorder.delivered == ["b"])
    assert "a: a fault of the driver" in caplog.text


async def test_what_is_discarded_is_neither_delivered_nor_repeated() -> None:
    outbox, recorder = Outbox(AT_ONCE), Recorder()

    async def gone_meanwhile() -> None:
        recorder.attempts += 1
        outbox.discard("under way")
        raise ApiError(500, "not now")

    outbox.put("under way", gone_meanwhile)
    outbox.put("waiting", recorder.delivery("waiting"))
    outbox.put("last", recorder.delivery("last"))
    outbox.discard("waiting")
    await emptied(outbox, lambda: recorder.delivered == ["last"])
    assert recorder.attempts == 2


async def test_a_full_outbox_lets_go_of_its_oldest(caplog: pytest.LogCaptureFixture) -> None:
    outbox, recorder = Outbox(Pace(interval_s=0, quiet_s=0, capacity=2)), Recorder()
    for key in ("a", "b", "c"):
        outbox.put(key, recorder.delivery(key))
    await emptied(outbox, lambda: len(recorder.delivered) == 2)
    assert recorder.delivered == ["b", "c"]
    assert "2 wait; a is dropped" in caplog.text


async def test_a_burst_is_waited_out_but_not_for_ever() -> None:
    recorder = Recorder()
    busy = Outbox(Pace(interval_s=0, quiet_s=3600, longest_wait_s=3600))
    busy.put("a", recorder.delivery("a"))
    patient = Outbox(Pace(interval_s=0, quiet_s=3600, longest_wait_s=0.001))
    patient.put("b", recorder.delivery("b"))
    waiting = asyncio.create_task(busy.run())
    await emptied(patient, lambda: recorder.delivered == ["b"])
    waiting.cancel()
    assert recorder.delivered == ["b"]
