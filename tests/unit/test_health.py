"""The rules of health: which signs make a card sick, which errors count, when a card recovers, and what the board makes of it."""

import asyncio
import logging
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dra_driver.cards.health import (
    PROGRAM_ERRORS,
    SETTLING_S,
    CardHealth,
    Condition,
    Look,
    Signs,
    XidError,
    judge,
    standing,
)
from dra_driver.health.board import HealthBoard
from tests.unit.driver_objects import card

WELL = Signs(advice="")
RESET = Signs(advice="reset the card")
OLD_DRIVER = Signs()
SIGNS = st.builds(
    Signs,
    lost=st.booleans(),
    failure=st.sampled_from(["", "Unknown Error"]),
    advice=st.sampled_from([None, "", "reset the card"]),
    uncorrected_ecc_errors=st.integers(0, 3),
)
ERRORS = st.none() | st.builds(XidError, st.just(79), st.just(0.0), st.booleans())
TAINT_VALUE = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


@pytest.mark.parametrize(
    ("signs", "error", "condition", "reason"),
    [
        (WELL, None, Condition.HEALTHY, ""),
        (OLD_DRIVER, None, Condition.HEALTHY, ""),
        (Signs(lost=True), None, Condition.UNHEALTHY, "lost"),
        (Signs(failure="Unknown Error"), None, Condition.UNKNOWN, ""),
        (Signs(failure="Unknown Error"), XidError(79, 0), Condition.UNHEALTHY, "xid-79"),
        (WELL, XidError(79, 0), Condition.UNHEALTHY, "xid-79"),
        (RESET, None, Condition.UNHEALTHY, "recovery-needed"),
        (Signs(uncorrected_ecc_errors=2), None, Condition.UNHEALTHY, "ecc"),
        (Signs(advice="reset the card", uncorrected_ecc_errors=2), None, Condition.UNHEALTHY, "ecc"),
        (Signs(advice="", uncorrected_ecc_errors=2), None, Condition.HEALTHY, ""),
    ],
)
def test_signs_and_errors_make_a_verdict(
    signs: Signs, error: XidError | None, condition: Condition, reason: str
) -> None:
    verdict = judge(signs, error)
    assert (verdict.condition, verdict.reason) == (condition, reason)


@given(SIGNS, ERRORS)
def test_a_sick_card_has_a_reason_that_can_be_a_taints_value_and_words_for_people(
    signs: Signs, error: XidError | None
) -> None:
    verdict = judge(signs, error)
    sick = verdict.condition is Condition.UNHEALTHY
    assert bool(verdict.reason) == sick
    assert bool(verdict.message) == (verdict.condition is not Condition.HEALTHY)
    assert len(verdict.message) <= 1024
    if sick:
        assert re.fullmatch(TAINT_VALUE, verdict.reason)


@given(st.sampled_from(sorted(PROGRAM_ERRORS)), SIGNS)
def test_what_a_program_did_is_no_fault_of_the_card(number: int, signs: Signs) -> None:
    assert standing(None, [number], signs, 1.0) is None


def test_a_programs_error_hides_no_error_of_the_card() -> None:
    assert standing(None, [79, 13], RESET, 1.0) == XidError(79, 1.0, advised=True)


def test_an_error_stands_until_the_driver_advises_nothing_any_more() -> None:
    error = standing(None, [79], WELL, 100.0)
    assert error == XidError(79, 100.0)
    error = standing(error, [], RESET, 102.0)
    assert error == XidError(79, 100.0, advised=True)
    assert standing(error, [], WELL, 104.0) is None


def test_an_error_that_needs_nothing_is_over_when_the_driver_has_had_time_to_say_otherwise() -> None:
    error = XidError(74, 100.0)
    assert standing(error, [], WELL, 100.0 + SETTLING_S - 0.1) == error
    assert standing(error, [], WELL, 100.0 + SETTLING_S) is None


@pytest.mark.parametrize("signs", [OLD_DRIVER, Signs(lost=True), Signs(failure="Unknown Error")])
def test_an_error_stands_as_long_as_the_driver_cannot_say(signs: Signs) -> None:
    assert standing(XidError(79, 0.0), [], signs, 1e6) == XidError(79, 0.0)


def test_the_board_tells_of_changes_only(caplog: pytest.LogCaptureFixture) -> None:
    board, uuid = HealthBoard([card(0), card(1)]), card(0).uuid
    with caplog.at_level(logging.INFO):
        versions = []
        for signs in (WELL, WELL, RESET, RESET, WELL):
            board.take(Look({uuid: signs, card(1).uuid: WELL}))
            versions.append(board.version)
    assert versions == [1, 1, 2, 2, 3]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert f"card 0 ({uuid}): unhealthy: the driver says: reset the card; new pods avoid it" in caplog.text


def test_every_device_of_a_sick_or_cordoned_card_is_tainted_and_a_silent_one_is_not() -> None:
    board = HealthBoard([card(0), card(1), card(2)])
    board.take(Look({card(0).uuid: RESET, card(1).uuid: Signs(failure="Unknown Error"), card(2).uuid: WELL}))
    board.cordon(frozenset({card(0).uuid, card(2).uuid}))
    cordoned = {"key": "hami.io/cordoned", "effect": "NoSchedule"}
    assert board.taints() == {
        card(0).uuid: (
            {"key": "hami.io/unhealthy", "value": "recovery-needed", "effect": "NoSchedule"},
            cordoned,
        ),
        card(1).uuid: (),
        card(2).uuid: (cordoned,),
    }


def test_a_cordon_of_no_card_here_is_named(caplog: pytest.LogCaptureFixture) -> None:
    board = HealthBoard([card(0)])
    board.cordon(frozenset({"GPU-elsewhere"}))
    board.cordon(frozenset({"GPU-elsewhere"}))
    assert caplog.text.count("this node has no card GPU-elsewhere; correct the node's annotation") == 1


def test_silence_of_nvml_makes_cards_unknown_and_changes_no_taint(monkeypatch: pytest.MonkeyPatch) -> None:
    board, uuid = HealthBoard([card(0)]), card(0).uuid
    assert board.health(uuid) == CardHealth(Condition.UNKNOWN, message="not looked at yet")
    board.take(Look({uuid: RESET}))
    taints, now_s = board.taints(), time.monotonic()
    assert board.health(uuid).condition is Condition.UNHEALTHY
    monkeypatch.setattr("dra_driver.health.board.time.monotonic", lambda: now_s + 31)
    assert board.health(uuid) == CardHealth(Condition.UNKNOWN, message="NVML has not answered for 30 s")
    assert board.taints() == taints


def test_the_board_is_known_after_both_looks() -> None:
    board = HealthBoard([card(0)])
    board.cordon(frozenset())
    assert not board.known.is_set()
    board.take(Look({card(0).uuid: WELL}))
    assert board.known.is_set()


async def test_whoever_waits_for_a_change_is_woken_by_it() -> None:
    board = HealthBoard([card(0)])
    waiting = [asyncio.create_task(board.newer_than(board.version)) for _ in range(2)]
    await asyncio.sleep(0)
    board.cordon(frozenset({card(0).uuid}))
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting)
    await board.newer_than(0)
    await board.newer_than(board.version, timeout_s=0.0)
