"""What is offered: configuration and cards, devices that are held while the mode changes, and busy cards that come and go."""

import dataclasses
from collections.abc import Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dra_driver.claims.allocation import read_claim
from dra_driver.configuration import CardMode, Mode, NodeConfiguration
from dra_driver.slices.devices import share_device, whole_device
from dra_driver.slices.offer import Offer, Use, offers, settled, uses, withheld
from dra_driver.slices.plan import exclusive_contents, shared_contents
from tests.unit.driver_objects import NODE, card, claim_object, share_result, whole_result

CARDS = (card(0), card(1))
NO_MEMORY = dataclasses.replace(card(0), memory_bytes=0)


def names(configuration: NodeConfiguration, in_use: Set[Use] = frozenset()) -> list[str]:
    contents = shared_contents(offers(CARDS, configuration, in_use))
    return [device["name"] for part in contents for device in part.get("devices", [])]


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (NodeConfiguration(), ["gpu-0", "gpu-0-share", "gpu-1", "gpu-1-share"]),
        (NodeConfiguration(mode=Mode.SHARE), ["gpu-0-share", "gpu-1-share"]),
        (NodeConfiguration(mode=Mode.WHOLE), ["gpu-0", "gpu-1"]),
        (NodeConfiguration(mode=Mode.MIG), []),
        (NodeConfiguration(mode=Mode.SHARE, card_modes=(CardMode(Mode.WHOLE, index=1),)), ["gpu-0-share", "gpu-1"]),
        (NodeConfiguration(hidden_indexes=frozenset({0})), ["gpu-1", "gpu-1-share"]),
        (NodeConfiguration(hidden_uuids=frozenset({CARDS[1].uuid})), ["gpu-0", "gpu-0-share"]),
    ],
)
def test_the_configuration_chooses_the_devices(configuration: NodeConfiguration, expected: list[str]) -> None:
    assert names(configuration) == expected


@pytest.mark.parametrize(("mode", "held_whole"), [(Mode.WHOLE, False), (Mode.SHARE, True)])
def test_a_card_that_is_held_in_a_mode_that_ended_is_not_given_out_again(mode: Mode, held_whole: bool) -> None:
    configuration = NodeConfiguration(mode=mode)
    held = frozenset({(CARDS[0].uuid, held_whole)})
    assert all(name.startswith("gpu-1") for name in names(configuration, held))
    assert len(names(configuration)) == 2


def test_where_a_server_cannot_share_a_card_that_may_only_be_shared_is_left_out() -> None:
    configuration = NodeConfiguration(card_modes=(CardMode(Mode.SHARE, index=0),))
    (content,) = exclusive_contents(offers(CARDS, configuration))
    assert [device["name"] for device in content["devices"]] == ["gpu-1"]


def test_every_card_that_is_not_offered_has_a_reason() -> None:
    cards = [NO_MEMORY, card(1, mig_enabled=True), card(2), card(3), card(4)]
    configuration = NodeConfiguration(hidden_indexes=frozenset({2}), card_modes=(CardMode(Mode.MIG, index=3),))
    reasons = {each.index: reason for each, reason in withheld(cards, configuration)}
    assert "preconfiguredDeviceMemory" in reasons[0]
    assert "in MIG mode" in reasons[1]
    assert "hidden by filterDevices" in reasons[2]
    assert "configured for MIG devices" in reasons[3]
    assert [offer.card.index for offer in offers(cards, configuration)] == [4]


def test_memory_that_the_driver_does_not_report_comes_from_the_configuration() -> None:
    configuration = NodeConfiguration(preconfigured_memory_bytes=64 * 2**30)
    assert [offer.card.memory_bytes for offer in offers([NO_MEMORY, card(1)], configuration)] == [
        64 * 2**30,
        80 * 2**30,
    ]
    assert list(withheld([NO_MEMORY], configuration)) == []


def test_scaling_changes_what_shares_have_together_and_never_the_whole_card() -> None:
    configuration = NodeConfiguration(memory_scaling=0.5, core_scaling=1.5, split_count=20)
    (offer, _) = offers(CARDS, configuration)
    capacity = share_device(offer)["capacity"]
    assert capacity["memory"]["value"] == "40Gi"
    assert (capacity["cores"]["value"], capacity["cores"]["requestPolicy"]["validRange"]["max"]) == ("150", "100")
    assert (capacity["slots"]["value"], capacity["slots"]["requestPolicy"]["default"]) == ("1000", "50")
    assert whole_device(offer)["capacity"]["memory"]["value"] == "80Gi"
    (offer, _) = offers(CARDS, NodeConfiguration(core_scaling=0.5))
    cores = share_device(offer)["capacity"]["cores"]
    assert (cores["value"], cores["requestPolicy"]["validRange"]["max"]) == ("50", "50")


def test_both_devices_of_every_card_say_whether_card_and_node_are_busy() -> None:
    busy_card, free_card = offers(CARDS, NodeConfiguration(), {(CARDS[0].uuid, False)})
    for offer, busy in ((busy_card, True), (free_card, False)):
        for device in (whole_device(offer), share_device(offer)):
            assert device["attributes"]["busy"] == {"bool": busy}
            assert device["attributes"]["nodeBusy"] == {"bool": True}
    assert whole_device(Offer(CARDS[0]))["attributes"]["nodeBusy"] == {"bool": False}


def test_claims_use_cards_whole_or_in_shares() -> None:
    claim = read_claim(claim_object(share_result(), whole_result("gpu-1", request="b")), NODE, CARDS)
    assert uses([claim]) == {(CARDS[0].uuid, False), (CARDS[1].uuid, True)}


USES = st.frozensets(st.tuples(st.sampled_from("abc"), st.booleans()))


@given(USES, USES, USES)
def test_only_what_two_looks_agree_on_is_published(
    published: frozenset[Use], earlier: frozenset[Use], now: frozenset[Use]
) -> None:
    result = settled(published, earlier, now)
    assert settled(published, now, now) == now
    for use in published | earlier | now:
        agreed = (use in earlier) == (use in now)
        assert (use in result) == (use in now if agreed else use in published)
