"""The plan of ResourceSlices: limits of the API, generations, order of writes, repair of any state, dropped fields, goldens."""

import copy
import dataclasses
import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.quantity import parse_quantity
from dra_driver.cards.attributes import semantic_version
from dra_driver.cards.card import Card
from dra_driver.configuration import NodeConfiguration
from dra_driver.slices.devices import share_device
from dra_driver.slices.offer import Offer, offers
from dra_driver.slices.plan import (
    Create,
    Delete,
    Pool,
    Update,
    Write,
    dropped_fields,
    exclusive_contents,
    normalised,
    plan,
    shared_contents,
)
from tests.component.fake_api import merged
from tests.conftest import Golden
from tests.unit.driver_objects import NODE, card

Slice = dict[str, Any]
NUMBERS = count(1)


def pool_of(*cards: Card, split_count: int = 10) -> Pool:
    return Pool(NODE, "node-uid", shared_contents([Offer(card, split_count) for card in cards]))


def applied(writes: tuple[Write, ...], observed: list[Slice]) -> list[Slice]:
    """Return the slices after the writes, as an API server would have them."""
    slices = {slice_["metadata"]["name"]: copy.deepcopy(slice_) for slice_ in observed}
    for write in writes:
        match write:
            case Delete():
                assert slices.pop(write.name)["metadata"]["uid"] == write.uid
            case Update():
                assert slices[write.name]["metadata"]["resourceVersion"] == write.patch["metadata"]["resourceVersion"]
                slices[write.name] = with_version(merged(slices[write.name], write.patch))
            case Create():
                slice_ = with_version(copy.deepcopy(dict(write.manifest)))
                slice_["metadata"]["name"] = f"{slice_['metadata']['generateName'][:58]}{next(NUMBERS):05d}"
                slice_["metadata"]["uid"] = f"uid-{next(NUMBERS)}"
                slices[slice_["metadata"]["name"]] = slice_
    return list(slices.values())


def with_version(slice_: Slice) -> Slice:
    slice_["metadata"]["resourceVersion"] = str(next(NUMBERS))
    return slice_


def content(slices: list[Slice]) -> list[Any]:
    """Return what the slices hold, in the order of their names, and check that they are one complete pool."""
    ordered = sorted(slices, key=lambda slice_: str(slice_["metadata"]["name"]))
    assert len({slice_["spec"]["pool"]["generation"] for slice_ in ordered}) == 1
    assert all(slice_["spec"]["pool"]["resourceSliceCount"] == len(ordered) for slice_ in ordered)
    return [
        {field: slice_["spec"][field] for field in ("sharedCounters", "devices") if slice_["spec"].get(field)}
        for slice_ in ordered
    ]


def wanted(pool: Pool) -> list[Any]:
    return [{field: value for field, value in part.items() if value} for part in pool.contents]


NAMES = st.one_of(
    st.integers(0, 6).map(lambda index: f"{index:05x}-hami.io-{NODE}-"),
    st.sampled_from(["leftover-", "00000", "0000g-hami.io-"]),
)
CARD_COUNTS = st.integers(0, 40)


@st.composite
def strange_slices(draw: st.DrawFn) -> list[Slice]:
    """Slices of our driver and node in any state: left by older versions, half deleted, doubled, of other generations."""
    slices = []
    for _ in range(draw(st.integers(0, 6))):
        cards = [Offer(card(index)) for index in range(draw(st.integers(0, 3)))]
        contents = draw(st.sampled_from([*shared_contents(cards), *exclusive_contents(cards)]))
        pool = {
            "name": draw(st.sampled_from([NODE, NODE, NODE, "elsewhere"])),
            "generation": draw(st.integers(1, 3)),
            "resourceSliceCount": draw(st.integers(1, 3)),
        }
        metadata = {"name": f"{draw(NAMES)}{next(NUMBERS):05d}", "uid": f"uid-{next(NUMBERS)}"}
        spec = {"driver": "hami.io", "nodeName": NODE, "pool": pool, **copy.deepcopy(dict(contents))}
        slices.append(with_version({"metadata": metadata, "spec": spec}))
    return slices


@given(CARD_COUNTS, strange_slices())
def test_any_state_becomes_the_pool_in_one_pass_and_then_rests(cards: int, observed: list[Slice]) -> None:
    pool = pool_of(*(card(index) for index in range(cards)))
    after = applied(plan(pool, observed), observed)
    assert content(after) == wanted(pool)
    assert plan(pool, after) == ()


@given(st.integers(0, 12), st.integers(0, 12))
def test_cards_that_come_and_go_raise_the_generation_unless_one_slice_alone_changes(before: int, now: int) -> None:
    observed = applied(plan(pool_of(*(card(index) for index in range(before))), []), [])
    pool = pool_of(*(card(index) for index in range(now)))
    writes = plan(pool, observed)
    after = applied(writes, observed)
    changed = [write for write in writes if not isinstance(write, Delete)]
    assert after[0]["spec"]["pool"]["generation"] == (1 if len(changed) <= 1 and not created(writes) else 2)


def created(writes: tuple[Write, ...]) -> list[Create]:
    return [write for write in writes if isinstance(write, Create)]


@given(CARD_COUNTS, strange_slices())
def test_obsolete_slices_go_first_and_new_ones_come_last(cards: int, observed: list[Slice]) -> None:
    kinds = [type(write) for write in plan(pool_of(*(card(index) for index in range(cards))), observed)]
    assert kinds == sorted(kinds, key=[Delete, Update, Create].index)


@given(CARD_COUNTS, st.integers(1, 1000))
def test_slices_keep_the_limits_of_the_api(cards: int, split_count: int) -> None:
    contents = shared_contents([Offer(card(index), split_count) for index in range(cards)])
    assert all(len(part.get("sharedCounters", [])) <= 8 and len(part.get("devices", [])) <= 64 for part in contents)
    assert not any("sharedCounters" in part and "devices" in part for part in contents)
    devices = [device for part in contents for device in part.get("devices", [])]
    assert len({device["name"] for device in devices}) == len(devices) == 2 * cards
    sets = {counters["name"] for part in contents for counters in part.get("sharedCounters", [])}
    assert {consumed["counterSet"] for device in devices for consumed in device["consumesCounters"]} == sets


@given(st.integers(2 * 2**20, 2**40), st.integers(1, 1000))
def test_capacities_obey_the_step_rule_and_leave_room_for_the_split(memory_bytes: int, split_count: int) -> None:
    device = share_device(Offer(dataclasses.replace(card(), memory_bytes=memory_bytes), split_count))
    for capacity in device["capacity"].values():
        value, policy = parse_quantity(capacity["value"]), capacity["requestPolicy"]
        least, most, step = (parse_quantity(policy["validRange"][field]) for field in ("min", "max", "step"))
        default = parse_quantity(policy["default"])
        assert most == value
        assert least <= default <= most
        assert all(bound % step == 0 for bound in (default, most, value))
        assert least + step <= value
    assert parse_quantity(device["capacity"]["slots"]["requestPolicy"]["default"]) * split_count <= 1000


def test_a_card_in_mig_mode_without_mig_devices_is_not_published() -> None:
    contents = shared_contents(offers([card(0, mig_enabled=True), card(1)], NodeConfiguration()))
    assert [device["name"] for part in contents for device in part.get("devices", [])] == ["gpu-1", "gpu-1-share"]


def test_cards_without_a_numa_node_agree_in_that() -> None:
    attributes = share_device(Offer(dataclasses.replace(card(), numa_node=None)))["attributes"]
    assert attributes["numaNode"] == {"int": -1}
    assert "resource.kubernetes.io/numaNode" not in attributes


def test_no_cards_are_published_as_an_empty_slice() -> None:
    assert shared_contents([]) == ({"devices": []},)
    assert exclusive_contents([]) == ({"devices": []},)


def test_quantities_are_compared_by_value() -> None:
    observed = applied(plan(pool_of(card()), []), [])
    memory = observed[1]["spec"]["devices"][1]["capacity"]["memory"]
    memory["value"] = str(80 * 2**30)
    memory["requestPolicy"]["validRange"]["min"] = "1024Ki"
    assert plan(pool_of(card()), observed) == ()
    memory["value"] = "79Gi"
    assert plan(pool_of(card()), observed)


def test_text_that_looks_like_a_quantity_is_compared_as_text() -> None:
    assert normalised({"string": "1Ki"}) != normalised({"string": "1024"})


@pytest.mark.parametrize("field", ["allowMultipleAllocations", "consumesCounters"])
def test_fields_that_the_server_drops_are_named(field: str) -> None:
    sent = created(plan(pool_of(card()), []))[1].manifest
    stored = copy.deepcopy(dict(sent))
    del stored["spec"]["devices"][1][field]
    assert dropped_fields(sent, stored) == (f"spec.devices[1].{field}",)
    assert dropped_fields(sent, sent) == ()


def test_versions_become_semantic_ones() -> None:
    assert semantic_version("580.95.05") == "580.95.5"
    assert semantic_version("550.54") == "550.54.0"
    assert semantic_version("535.183.01-grid") == "535.183.0"


@pytest.mark.parametrize("shape", ["shared", "exclusive"])
def test_slices_read_as_reviewed(golden: Golden, shape: str) -> None:
    cards = [Offer(card(0)), Offer(card(1))]
    contents = shared_contents(cards) if shape == "shared" else exclusive_contents(cards)
    manifests = [write.manifest for write in created(plan(Pool(NODE, "node-uid", contents), []))]
    golden(f"slices/two-cards-{shape}.json", json.dumps(manifests, indent=2) + "\n")
