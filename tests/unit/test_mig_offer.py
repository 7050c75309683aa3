"""What is offered of cards in MIG mode: names, order, attributes, counters, taints, and why a card is not offered."""

import dataclasses
import json

import pytest

from catalog.manifests import device_classes
from dra_driver.cards.card import Card
from dra_driver.configuration import CardMode, Mode, NodeConfiguration
from dra_driver.health.taints import devices_of, tainted
from dra_driver.slices.offer import offers, withheld
from dra_driver.slices.plan import exclusive_contents, shared_contents
from tests.conftest import Golden
from tests.unit.driver_objects import Object, card
from tests.unit.mig_objects import mig, mig_card

ANY = NodeConfiguration()


def devices(*cards: Card, configuration: NodeConfiguration = ANY) -> list[Object]:
    contents = shared_contents(offers(cards, configuration))
    return [device for content in contents for device in content.get("devices", [])]


def names(*cards: Card, configuration: NodeConfiguration = ANY) -> list[str]:
    return [device["name"] for device in devices(*cards, configuration=configuration)]


def test_the_slices_of_a_node_with_both_kinds_of_cards_read_as_reviewed(golden: Golden) -> None:
    contents = shared_contents(offers((card(0), mig_card(1)), ANY))
    golden("slices/mig-card-beside-another.json", json.dumps(contents, indent=2) + "\n")


@pytest.mark.parametrize(
    ("profile", "compute_instance", "name"),
    [
        ("1g.10gb", 0, "gpu-0-mig-1g10gb-4"),
        ("7g.80gb", 0, "gpu-0-mig-7g80gb-4"),
        ("1g.10gb+me", 0, "gpu-0-mig-1g10gbme-4"),
        ("1c.3g.40gb", 2, "gpu-0-mig-1c3g40gb-4-c2"),
    ],
)
def test_a_device_is_named_after_profile_and_place(profile: str, compute_instance: int, name: str) -> None:
    device = dataclasses.replace(mig(profile="1g.10gb", start=4), profile=profile, compute_instance=compute_instance)
    assert mig_card(0).mig_device_name(device) == name


def test_the_smallest_devices_of_the_node_come_first() -> None:
    large_first = mig_card(0, mig(0, "3g.40gb", 0, 40192), mig(1, "1g.10gb", 4))
    assert names(large_first, card(1), mig_card(2, mig(0, "2g.20gb", 0, 19968), mig(1, "1g.10gb", 2))) == [
        "gpu-1",
        "gpu-1-share",
        "gpu-0-mig-1g10gb-4",
        "gpu-2-mig-1g10gb-2",
        "gpu-2-mig-2g20gb-0",
        "gpu-0-mig-3g40gb-0",
    ]


def test_a_card_in_mig_mode_is_neither_whole_nor_shared_and_needs_no_counter() -> None:
    contents = shared_contents(offers((mig_card(0), card(1)), ANY))
    assert [counter["name"] for counter in contents[0]["sharedCounters"]] == ["gpu-1"]
    assert not {"gpu-0", "gpu-0-share"} & set(names(mig_card(0), card(1)))
    assert all("consumesCounters" not in device for device in devices(mig_card(0)))
    (content,) = shared_contents(offers((mig_card(0),), ANY))
    assert set(content) == {"devices"}


def test_every_attribute_that_other_devices_always_have_is_there_with_the_cards_uuid() -> None:
    (whole, _), parts = devices(card(0)), devices(mig_card(0))
    for part in parts:
        assert set(whole["attributes"]) <= set(part["attributes"])
        assert part["attributes"]["uuid"] == {"string": card(0).uuid}
        assert part["attributes"]["type"] == {"string": "mig"}
    assert {part["attributes"]["migUuid"]["string"] for part in parts} == {
        device.uuid for device in mig_card(0).mig_devices
    }


def test_the_class_selects_mig_devices_alone() -> None:
    (found,) = (each for each in device_classes() if each["metadata"]["name"] == "mig.hami.io")
    (selector,) = found["spec"]["selectors"]
    assert selector["cel"]["expression"] == 'device.driver == "hami.io" && device.attributes["hami.io"].type == "mig"'


def test_a_taint_of_the_card_is_on_all_its_mig_devices() -> None:
    contents = shared_contents(offers((mig_card(0), card(1)), ANY))
    sick = tainted(contents, {card(0).uuid: ({"key": "hami.io/unhealthy", "effect": "NoSchedule"},)})
    marked = [device["name"] for content in sick for device in content.get("devices", []) if "taints" in device]
    assert marked == names(mig_card(0))
    assert {uuid for name, uuid in devices_of(contents) if "mig" in name} == {card(0).uuid}


def test_where_a_server_cannot_share_mig_devices_are_offered_all_the_same() -> None:
    (content,) = exclusive_contents(offers((mig_card(0), card(1)), ANY))
    assert [device["name"] for device in content["devices"]] == ["gpu-1", *names(mig_card(0))]


def test_many_mig_devices_go_to_several_slices() -> None:
    cards = [mig_card(index, *(mig(n, start=n, index=index) for n in range(7))) for index in range(10)]
    contents = shared_contents(offers(cards, ANY))
    assert [len(content["devices"]) for content in contents] == [64, 6]


@pytest.mark.parametrize(("mode", "offered"), [(Mode.BOTH, 3), (Mode.MIG, 3), (Mode.SHARE, 0), (Mode.WHOLE, 0)])
def test_mig_devices_are_offered_where_the_configuration_allows_them(mode: Mode, offered: int) -> None:
    configuration = NodeConfiguration(card_modes=(CardMode(mode, index=0),))
    assert len(names(mig_card(0), configuration=configuration)) == offered
    assert [each.index for each, _ in withheld([mig_card(0)], configuration)] == ([] if offered else [0])


def test_a_card_that_is_not_offered_has_a_reason_with_a_remedy() -> None:
    empty = card(0, mig_enabled=True)
    cards = (empty, mig_card(1), card(2))
    configuration = NodeConfiguration(card_modes=(CardMode(Mode.SHARE, index=1), CardMode(Mode.MIG, index=2)))
    reasons = [reason for _, reason in withheld(cards, configuration)]
    assert "it has no MIG devices; create some with nvidia-smi mig -cgi PROFILE -C" in reasons[0]
    assert "configured for mode share; choose mode mig or both" in reasons[1]
    assert "not in MIG mode; turn it on with nvidia-smi -mig 1" in reasons[2]


def test_a_card_that_is_still_held_whole_offers_no_mig_devices() -> None:
    assert offers((mig_card(0),), ANY, frozenset({(card(0).uuid, True)})) == ()


def test_a_held_mig_device_makes_its_card_busy() -> None:
    (offer,) = offers((mig_card(0),), ANY, frozenset({(card(0).uuid, False)}))
    assert (offer.busy, offer.node_busy, len(offer.mig)) == (True, True, 3)
