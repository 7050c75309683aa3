"""From allocated claims to shares: what is granted, configuration that counts, share names, and each unusable claim's message."""

import string
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.quantity import format_quantity
from catalog.share_config import CorePolicy
from cdi.spec import Device, Edits
from dra_driver.claims.allocation import read_claim, users_of
from dra_driver.shares.share import Share, share_name
from tests.unit.driver_objects import (
    CLAIM_UID,
    NODE,
    SHARE_ID,
    Object,
    card,
    claim_object,
    opaque,
    share_result,
    whole_result,
)

CARDS = (card(0), card(1))


def shares_of(*results: Object, config: list[Object] | None = None) -> tuple[Share, ...]:
    return read_claim(claim_object(*results, config=config), NODE, CARDS).shares


def test_what_was_consumed_is_granted() -> None:
    (share,) = shares_of(share_result(memory="4000Mi", cores="30", slots="100"))
    assert (share.memory_bytes, share.cores_percent, share.slots) == (4000 * 2**20, 30, 100)
    assert (share.card_uuid, share.whole, share.share_id) == (card(0).uuid, False, SHARE_ID)


def test_a_whole_card_is_granted_with_all_it_has() -> None:
    (share,) = shares_of(whole_result("gpu-1"))
    assert (share.card_uuid, share.whole, share.memory_bytes, share.slots) == (card(1).uuid, True, 80 * 2**30, 1000)


@given(st.integers(1, 2**40), st.integers(0, 100), st.integers(1, 1000))
def test_amounts_survive_exactly(memory_bytes: int, cores: int, slots: int) -> None:
    (share,) = shares_of(share_result(memory=format_quantity(memory_bytes), cores=str(cores), slots=str(slots)))
    assert (share.memory_bytes, share.cores_percent, share.slots) == (memory_bytes, cores, slots)


def test_results_of_other_drivers_are_theirs() -> None:
    foreign = {"driver": "nic.example.com", "pool": "fabric", "device": "port-0", "request": "net"}
    assert [share.request for share in shares_of(foreign, share_result())] == ["main"]


def test_a_subrequest_answers_its_request() -> None:
    assert [share.request for share in shares_of(share_result(request="main/small"))] == ["main"]


def test_the_last_configuration_counts_and_the_claim_overrules_the_class() -> None:
    config = [
        opaque({"weight": 700}, source="FromClaim"),
        opaque({"weight": 500, "priority": 0}, source="FromClass"),
        opaque({"corePolicy": "force"}, "main"),
        opaque({"weight": 3}, "other"),
        opaque({"whatever": 1}, driver="nic.example.com"),
    ]
    (share,) = shares_of(share_result(), config=config)
    assert (share.config.core_policy, share.config.weight, share.config.priority) == (CorePolicy.FORCE, 100, 1)


@pytest.mark.parametrize("names", [(), ("main",), ("main/small",)])
def test_a_configuration_reaches_the_requests_it_names(names: tuple[str, ...]) -> None:
    (share,) = shares_of(share_result(request="main/small"), config=[opaque({"weight": 7}, *names)])
    assert share.config.weight == 7


def without(capacity: str) -> Object:
    result = share_result()
    del result["consumedCapacity"][capacity]
    return result


UNUSABLE: dict[str, tuple[Object, str]] = {
    "not allocated": ({"metadata": claim_object()["metadata"], "status": {}}, "not allocated"),
    "another driver": (
        claim_object({"driver": "gpu.example.com", "pool": NODE, "device": "x", "request": "main"}),
        "from gpu.example.com, nothing of it from hami.io",
    ),
    "no result": (claim_object(), "from no driver"),
    "another node": (claim_object(whole_result() | {"pool": "node-b"}), "request main: is allocated from pool node-b"),
    "unknown device": (claim_object(whole_result("gpu-7")), "request main: device gpu-7 is not on this node"),
    "zero memory": (claim_object(share_result(memory="0")), "request main: consumedCapacity.memory is 0"),
    "more than a card": (
        claim_object(share_result(cores="101")),
        "consumedCapacity.cores is 101; a share has at most 100",
    ),
    "negative": (claim_object(share_result(cores="-1")), "consumedCapacity.cores: -1 is negative"),
    "no quantity": (claim_object(share_result(memory="lots")), "consumedCapacity.memory: 'lots' is not a quantity"),
    "fraction": (claim_object(share_result(slots="100m")), "consumedCapacity.slots: '100m' is not a whole number"),
    "no memory": (claim_object(without("memory")), "consumedCapacity has no memory"),
    "no cores": (claim_object(without("cores")), "consumedCapacity has no cores"),
    "zero slots": (claim_object(share_result(slots="0")), "request main: consumedCapacity.slots is 0"),
    "the same twice": (claim_object(share_result(), share_result()), "two allocation results have the same request"),
    "no metadata": (claim_object(share_result()) | {"metadata": {"name": "claim"}}, "metadata cannot be read"),
    "unknown field": (
        claim_object(share_result(), config=[opaque({"wieght": 5})]),
        "request main: config (FromClaim): Object contains unknown field `wieght`",
    ),
    "not enforced": (claim_object(share_result(), config=[opaque({"enforce": False})]), "enforce is false"),
    "another shape": (claim_object("gpu-0"), "status.allocation cannot be read"),  # type: ignore[arg-type]
    "a path for a request": (claim_object(share_result(request="..")), "request or shareID is not one"),
    "a path for a share id": (claim_object(share_result(share_id="../x")), "request or shareID is not one"),
    "a path for a uid": (claim_object(share_result(), uid="../../etc"), "metadata.uid '../../etc'"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_claim_is_refused_by_name(case: str) -> None:
    claim, words = UNUSABLE[case]
    with pytest.raises(InvalidInputError) as caught:
        read_claim(claim, NODE, CARDS)
    assert str(caught.value).startswith("claim: " if case == "no metadata" else "claim team/claim")
    assert words in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
RESULTS = st.fixed_dictionaries(
    {
        "driver": st.just("hami.io"),
        "pool": st.just(NODE) | JSON,
        "device": st.just("gpu-0-share") | JSON,
        "request": JSON,
    },
    optional={"shareID": JSON, "adminAccess": JSON, "consumedCapacity": JSON},
)


@given(
    JSON
    | st.fixed_dictionaries({"devices": st.fixed_dictionaries({"results": st.lists(RESULTS | JSON), "config": JSON})})
)
def test_nonsense_is_refused_and_never_a_fault(allocation: object) -> None:
    claim = claim_object()
    claim["status"]["allocation"] = allocation
    with suppress(InvalidInputError):
        names = read_claim(claim, NODE, CARDS).share_names
        assert names
        assert not any("/" in name for name in names)


@given(st.dictionaries(st.sampled_from(["metadata", "spec", "status"]), JSON))
def test_a_claim_of_any_shape_is_refused_and_never_a_fault(document: Object) -> None:
    with pytest.raises(InvalidInputError):
        read_claim(document, NODE, CARDS)
    assert users_of(document)


def test_the_log_names_who_uses_a_claim() -> None:
    claim = claim_object(share_result())
    assert users_of(claim) == "nobody yet"
    claim["status"]["reservedFor"] = [{"resource": "pods", "name": "a", "uid": "1"}, {"resource": "pods", "name": "b"}]
    assert users_of(claim) == "pods a, pods b"


@pytest.mark.parametrize("result", [share_result(), whole_result()], ids=["share", "whole"])
def test_admin_access_takes_nothing_and_is_not_limited(result: Object) -> None:
    (share,) = read_claim(claim_object(result | {"adminAccess": True}), NODE, CARDS).shares
    assert (share.memory_bytes, share.cores_percent, share.slots) == (0, 0, 0)
    assert (share.whole, share.is_limited, share.admin_access) == (False, False, True)


def test_admin_access_needs_no_consumed_capacity() -> None:
    result = {key: value for key, value in share_result().items() if key != "consumedCapacity"} | {"adminAccess": True}
    assert read_claim(claim_object(result), NODE, CARDS).shares[0].card_uuid == CARDS[0].uuid


LABELS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=63).filter(
    lambda text: text[0] != "-" != text[-1]
)
DEVICES = st.builds("gpu-{}{}".format, st.integers(0, 63), st.sampled_from(["", "-share"]))
IDENTITIES = st.tuples(LABELS, DEVICES, st.none() | st.uuids().map(str))


@given(IDENTITIES)
def test_a_share_name_fits_everywhere_it_is_used(identity: tuple[str, str, str | None]) -> None:
    name = share_name(CLAIM_UID, *identity)
    assert len(name) <= 63
    assert name.startswith(f"{CLAIM_UID}-")
    assert Device(name, Edits(("A=b",)))


@given(st.lists(IDENTITIES, unique=True, max_size=20))
def test_shares_of_a_claim_have_names_of_their_own(identities: list[tuple[Any, ...]]) -> None:
    assert len({share_name(CLAIM_UID, *identity) for identity in identities}) == len(identities)


def test_short_names_are_readable() -> None:
    assert share_name(CLAIM_UID, "main", "gpu-0", None) == f"{CLAIM_UID}-main-gpu-0"
