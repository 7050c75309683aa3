"""Taints in slices: on every device of a card, without a new generation, with stable times, and what is left without them."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dra_driver.health.taints import Taints, devices_of, parse_cordon, tainted, with_stored_times, without_tainted
from dra_driver.slices.offer import Offer
from dra_driver.slices.plan import Content, Pool, Update, dropped_fields, plan, shared_contents
from tests.unit.driver_objects import NODE, card
from tests.unit.test_slices import applied

CARDS = [card(index) for index in range(3)]
CORDON = {"key": "hami.io/cordoned", "effect": "NoSchedule"}
LOST = {"key": "hami.io/unhealthy", "value": "lost", "effect": "NoSchedule"}
WHEN = "2026-01-02T03:04:05Z"


def pool(taints: Taints) -> Pool:
    return Pool(NODE, "node-uid", tainted(shared_contents([Offer(card) for card in CARDS]), taints))


def stored_with_times(slices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the slices as a server stores them: with the time of each taint that came without."""
    stored = copy.deepcopy(slices)
    for slice_ in stored:
        for device in slice_["spec"].get("devices", []):
            for taint in device.get("taints", []):
                taint.setdefault("timeAdded", WHEN)
    return stored


def taints_of(contents: tuple[Content, ...]) -> dict[str, Any]:
    return {device["name"]: device.get("taints") for content in contents for device in content.get("devices", [])}


def test_the_whole_card_and_its_shares_are_tainted_together_and_others_not_at_all() -> None:
    found = taints_of(
        tainted(shared_contents([Offer(card) for card in CARDS]), {CARDS[1].uuid: (LOST, CORDON), CARDS[2].uuid: ()})
    )
    assert found == {
        "gpu-0": None,
        "gpu-0-share": None,
        "gpu-1": [LOST, CORDON],
        "gpu-1-share": [LOST, CORDON],
        "gpu-2": None,
        "gpu-2-share": None,
    }


def test_a_taint_changes_one_slice_and_keeps_the_generation() -> None:
    before = applied(plan(pool({}), []), [])
    for taints in ({CARDS[0].uuid: (CORDON,)}, {CARDS[0].uuid: (CORDON,), CARDS[2].uuid: (LOST,)}, {}):
        writes = plan(pool(taints), before)
        before = stored_with_times(applied(writes, before))
        assert [type(write) for write in writes] == [Update]
        assert {slice_["spec"]["pool"]["generation"] for slice_ in before} == {1}


def test_the_servers_time_is_no_difference() -> None:
    wanted = pool({CARDS[0].uuid: (CORDON,)})
    sent = applied(plan(wanted, []), [])
    stored = stored_with_times(sent)
    assert stored != sent
    assert plan(wanted, stored) == ()
    assert all(dropped_fields(one, other) == () for one, other in zip(sent, stored, strict=True))


def test_a_standing_taint_keeps_its_time_when_another_comes() -> None:
    stored = stored_with_times(applied(plan(pool({CARDS[0].uuid: (CORDON,)}), []), []))
    (write,) = plan(pool({CARDS[0].uuid: (CORDON, LOST)}), stored)
    assert isinstance(write, Update)
    first, *_ = write.patch["spec"]["devices"]
    assert first["taints"] == [CORDON | {"timeAdded": WHEN}, LOST]


def test_a_taint_with_another_reason_gets_a_new_time() -> None:
    content = tainted(shared_contents([Offer(CARDS[0])]), {CARDS[0].uuid: (LOST,)})[1]
    stored = {"devices": [{"name": "gpu-0", "taints": [LOST | {"value": "ecc", "timeAdded": WHEN}]}]}
    assert with_stored_times(content, stored) == content


@given(st.sets(st.sampled_from([one.uuid for one in CARDS])))
def test_without_taints_the_server_is_offered_the_other_cards_only(sick: set[str]) -> None:
    contents = shared_contents([Offer(card) for card in CARDS])
    kept = devices_of(without_tainted(contents, dict.fromkeys(sick, (LOST,))))
    assert kept == tuple(device for device in devices_of(contents) if device[1] not in sick)
    assert len(without_tainted(contents, {})) == len(contents)


@pytest.mark.parametrize(
    ("annotation", "uuids"),
    [("", set()), ("GPU-1", {"GPU-1"}), (" GPU-1 ,,GPU-2,", {"GPU-1", "GPU-2"}), (",", set())],
)
def test_the_cordon_is_a_list_with_commas(annotation: str, uuids: set[str]) -> None:
    assert parse_cordon(annotation) == uuids
