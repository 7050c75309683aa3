"""The node's own check: sums of memory, cores and slots, exclusiveness, and that a repeated claim is not counted twice."""

from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import ConflictError
from dra_driver.claims.allocation import read_claim
from dra_driver.claims.occupancy import check_room
from dra_driver.shares.share import Claim
from tests.unit.driver_objects import NODE, Object, card, claim_object, share_result, whole_result

CARDS = (card(0, memory_mib=1000), card(1, memory_mib=1000))


def claim(number: int, *results: Object) -> Claim:
    return read_claim(claim_object(*results, uid=f"uid-{number}", name=f"c{number}"), NODE, CARDS)


def share(number: int, memory_mib: int = 1, cores: int = 0, slots: int = 1) -> Claim:
    return claim(number, share_result(memory=f"{memory_mib}Mi", cores=str(cores), slots=str(slots)))


AMOUNTS = st.tuples(st.integers(1, 600), st.integers(0, 60), st.integers(1, 600))


@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_no_sequence_of_claims_gets_more_than_a_card_has(amounts: list[tuple[int, int, int]]) -> None:
    held: list[Claim] = []
    for number, (memory, cores, slots) in enumerate(amounts):
        wanted = share(number, memory, cores, slots)
        granted = [other.shares[0] for other in held]
        fits = (
            sum(each.memory_bytes for each in granted) + memory * 2**20 <= 1000 * 2**20
            and sum(each.cores_percent for each in granted) + cores <= 100
            and sum(each.slots for each in granted) + slots <= 1000
        )
        with nullcontext() if fits else pytest.raises(ConflictError, match=f"^claim team/c{number}: "):
            check_room(wanted, held, CARDS)
            held.append(wanted)


def test_a_claim_prepared_again_is_not_counted_twice() -> None:
    check_room(share(1, memory_mib=900), [share(1, memory_mib=900)], CARDS)


@pytest.mark.parametrize(("first", "second"), [("gpu-0", "gpu-0-share"), ("gpu-0-share", "gpu-0"), ("gpu-0", "gpu-0")])
def test_a_whole_card_stands_alone(first: str, second: str) -> None:
    results = {"gpu-0": whole_result("gpu-0"), "gpu-0-share": share_result(memory="1Mi", slots="1")}
    with pytest.raises(ConflictError, match="held by claim team/c1"):
        check_room(claim(2, results[second]), [claim(1, results[first])], CARDS)


def test_a_claim_cannot_hold_a_card_whole_and_in_part() -> None:
    with pytest.raises(ConflictError, match="another of its own requests"):
        check_room(claim(1, whole_result("gpu-0"), share_result(request="b")), [], CARDS)


def test_another_card_is_another_matter() -> None:
    check_room(claim(2, whole_result("gpu-1")), [claim(1, whole_result("gpu-0"))], CARDS)


def test_a_card_that_is_gone_does_not_stand_in_the_way() -> None:
    held = [claim(1, whole_result("gpu-1"))]
    check_room(share(2), held, CARDS[:1])


def test_cores_beyond_a_card_are_given_where_the_node_is_configured_so() -> None:
    held = [share(number, cores=60) for number in range(2)]
    check_room(share(3, cores=30), held, CARDS, cores_percent=150)
    with pytest.raises(ConflictError, match="cores of card"):
        check_room(share(3, cores=31), held, CARDS, cores_percent=150)


def test_lowered_cores_leave_what_is_held_alone_and_give_no_more() -> None:
    held = [share(number, cores=60) for number in range(2)]
    check_room(share(3, cores=0), held, CARDS, cores_percent=100)
    with pytest.raises(ConflictError, match="cores of card"):
        check_room(share(3, cores=1), held, CARDS, cores_percent=100)


def test_what_is_offered_of_a_card_at_the_moment_takes_nothing_from_what_is_there() -> None:
    check_room(share(2, memory_mib=1000, cores=100, slots=1000), [], CARDS, cores_percent=50)
    check_room(claim(2, whole_result("gpu-0")), [], CARDS, cores_percent=50)


def test_who_only_looks_takes_nothing_and_is_in_nobodys_way() -> None:
    watcher = claim(1, *({**result, "adminAccess": True} for result in (whole_result("gpu-0"), share_result())))
    whole, full = claim(2, whole_result("gpu-0")), share(3, memory_mib=1000, cores=100, slots=1000)
    for held, wanted in (([watcher], whole), ([whole], watcher), ([watcher], full), ([full], watcher)):
        check_room(wanted, held, CARDS)
