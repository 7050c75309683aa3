"""Oversubscribed cards: at which factor shares are made, what a share is then, and that pinned memory always has room."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import ConflictError
from catalog.names import MIB
from catalog.share_config import ShareConfig
from dra_driver.cards.card import Card
from dra_driver.claims.allocation import read_claim
from dra_driver.claims.occupancy import check_room
from dra_driver.configuration import CardScaling, Mode, NodeConfiguration
from dra_driver.shares.share import Claim, Share
from dra_driver.slices.devices import share_device, whole_device
from dra_driver.slices.offer import offers, withheld
from dra_driver.slices.oversubscription import factor_of, factors_held, offered_scaling
from tests.unit.driver_objects import NODE, card, claim_object, share_result, whole_result

CARD = card(0)
OLD = replace(card(1), compute_capability=(5, 2), product_name="Tesla M40")
DOUBLED = NodeConfiguration(memory_scaling=2.0)


def claim(number: int, memory_mib: int, scaling: float, oversubscribe: bool = True, of: Card = CARD) -> Claim:
    result = share_result(memory=f"{memory_mib}Mi", cores="0", slots="1")
    found = read_claim(claim_object(result, uid=f"uid-{number}", name=f"c{number}"), NODE, (of,))
    config = ShareConfig(oversubscribe=oversubscribe)
    return replace(found, shares=tuple(replace(each, memory_scaling=scaling, config=config) for each in found.shares))


def test_shares_of_a_free_card_are_made_at_the_configured_factor_and_others_as_those_that_hold_it() -> None:
    assert factor_of(CARD, NodeConfiguration(memory_scaling=0.5), {}) == 1
    assert factor_of(CARD, DOUBLED, {}) == 2
    assert factor_of(CARD, DOUBLED, {CARD.uuid: 1.0}) == 1
    assert factor_of(CARD, NodeConfiguration(), {CARD.uuid: 3.0}) == 3
    assert factor_of(OLD, DOUBLED, {}) == 1


def test_less_is_offered_at_once_and_more_when_the_card_is_free() -> None:
    assert offered_scaling(CARD, DOUBLED, {}) == 2
    assert offered_scaling(CARD, DOUBLED, {CARD.uuid: 1.0}) == 1
    assert offered_scaling(CARD, NodeConfiguration(memory_scaling=0.5), {CARD.uuid: 2.0}) == 0.5


def test_whole_cards_and_looks_have_no_factor() -> None:
    held = read_claim(claim_object(whole_result()), NODE, (CARD,))
    assert factors_held([held]) == {}
    assert factors_held([held, claim(1, 10, 1.5)]) == {CARD.uuid: 1.5}


def test_what_is_offered_is_scaled_and_the_attributes_say_the_truth() -> None:
    (offer,) = offers((CARD,), DOUBLED)
    share, whole = share_device(offer), whole_device(offer)
    memory = share["capacity"]["memory"]
    assert (memory["value"], memory["requestPolicy"]["validRange"]["max"]) == ("160Gi", "160Gi")
    assert whole["capacity"]["memory"]["value"] == "80Gi"
    for device in (share, whole):
        assert device["attributes"]["memoryMiB"] == {"int": 81920}
        assert device["attributes"]["oversubscribed"] == {"bool": True}
    (held,) = offers((CARD,), DOUBLED, factors={CARD.uuid: 1.0})
    assert share_device(held)["attributes"]["oversubscribed"] == {"bool": False}


def test_a_card_that_cannot_evict_is_not_offered_and_the_reason_says_how_to_have_it() -> None:
    ((refused, reason),) = withheld((CARD, OLD), DOUBLED)
    assert refused is OLD
    assert "compute capability 5.2 is below 6.0" in reason
    assert "cards: [{index: 1, deviceMemoryScaling: 1}]" in reason
    excepted = replace(DOUBLED, card_scalings=(CardScaling(1.0, index=1),))
    assert [offer.memory_scaling for offer in offers((CARD, OLD), excepted)] == [2, 1]
    assert list(withheld((OLD,), replace(DOUBLED, mode=Mode.WHOLE))) == []


@pytest.mark.parametrize(
    ("scaling", "oversubscribe", "limit", "physical"),
    [(1.0, True, 60000, 60000), (1.0, False, 60000, 60000), (1.5, True, 60000, 40000), (1.5, False, 40000, 40000)],
)
def test_a_share_that_may_not_be_evicted_has_its_part_of_the_card(
    scaling: float, oversubscribe: bool, limit: int, physical: int
) -> None:
    (share,) = claim(1, 60000, scaling, oversubscribe).shares
    assert (share.limit_bytes, share.physical_bytes) == (limit * MIB, physical * MIB)
    assert share.is_managed is (scaling > 1 and oversubscribe)


def test_the_smallest_share_may_pin_something() -> None:
    (share,) = claim(1, 1, 10.0).shares
    assert share.physical_bytes == MIB


def test_a_message_names_what_the_shares_of_a_card_may_hold() -> None:
    check_room(claim(2, 81920, 2.0), [claim(1, 81920, 2.0)], (CARD,))
    with pytest.raises(ConflictError, match=r"memory of card .* would come to 163841Mi of 160Gi"):
        check_room(claim(2, 81921, 2.0), [claim(1, 81920, 2.0)], (CARD,))


SCALINGS = st.sampled_from([0.5, 1.0, 1.3, 2.0, 3.7])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("configure"), SCALINGS),
        st.tuples(st.just("claim"), st.sampled_from([0.01, 0.3, 0.5, 1.0])),
        st.tuples(st.just("release"), st.integers(0, 20)),
    ),
    max_size=40,
)


@given(STEPS)
def test_what_all_shares_may_pin_is_never_more_than_the_card_has(steps: list[tuple[str, float]]) -> None:
    configuration = NodeConfiguration()
    held: list[Claim] = []
    for number, (step, value) in enumerate(steps):
        factors = factors_held(held)
        if step == "configure":
            configuration = NodeConfiguration(memory_scaling=value)
        elif step == "release" and held:
            held.pop(int(value) % len(held))
        elif step == "claim":
            offered_bytes = offered_scaling(CARD, configuration, factors) * CARD.memory_bytes
            room_mib = int(offered_bytes - sum(map(memory_of, held))) // MIB
            if room_mib > 0:
                wanted = claim(number, max(1, int(room_mib * value)), factor_of(CARD, configuration, factors))
                check_room(wanted, held, (CARD,))  # what the scheduler sees room for, the node grants
                held.append(wanted)
        assert sum(physical(each) for each in held) <= CARD.memory_bytes
        assert len({share.memory_scaling for each in held for share in each.shares}) <= 1


def memory_of(held: Claim) -> int:
    return sum(share.memory_bytes for share in held.shares)


def physical(held: Claim) -> int:
    shares: tuple[Share, ...] = held.shares
    return sum(share.physical_bytes for share in shares)
