"""The log as JSON: one object a line, with the claim and pods of the call that it is about, whatever the message holds."""

import asyncio
import json
import logging
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daemon.logs import JsonFormatter
from dra_driver.call import Call, Pod, answering, current_call
from dra_driver.logs import call_at_hand

CALL = Call("team", "claim", "uid-1", (Pod("team", "pod-a", "uid-a"),))


def line(message: str, *arguments: object, error: bool = False) -> dict[str, Any]:
    record = logging.LogRecord(
        "dra_driver.x", logging.WARNING, "x.py", 1, message, arguments, sys.exc_info() if error else None
    )
    text = JsonFormatter(call_at_hand).format(record)
    assert "\n" not in text
    document: dict[str, Any] = json.loads(text)
    return document


@given(st.text())
def test_any_message_is_one_line_and_comes_back_whole(message: str) -> None:
    assert line("%s", message)["message"] == message


def test_outside_a_call_there_is_no_claim() -> None:
    document = line("slices: published %d", 2)
    assert sorted(document) == ["level", "logger", "message", "time"]
    assert (document["level"], document["message"]) == ("warning", "slices: published 2")


def test_inside_a_call_the_line_names_claim_and_pods() -> None:
    with answering(CALL):
        document = line("x")
    assert document["claim"] == {"namespace": "team", "name": "claim", "uid": "uid-1"}
    assert document["pods"] == ["pod-a"]
    assert current_call() is None


def test_an_error_brings_its_traceback() -> None:
    document: dict[str, Any] = {}
    try:
        document["metadata"]
    except KeyError:
        document = line("a fault of the driver", error=True)
    assert "KeyError" in document["error"]


async def test_calls_at_once_do_not_mix() -> None:
    async def call(number: int) -> bool:
        with answering(Call("team", f"claim-{number}", str(number))) as own:
            await asyncio.sleep(0)
            seen_in_thread = await asyncio.to_thread(current_call)
            return current_call() is own and seen_in_thread is own

    assert all(await asyncio.gather(*(call(number) for number in range(20))))
