"""What a claim takes of a quota: by its requests, the dearest alternative of each, and by its allocation once it has one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from tests.unit.webhook_pods import Object, container, conversion_of, pod
from webhook.quotas.charge import ALL_DEVICES, NOTHING, Charge, charge_of


def of_pod(*containers: Object, init: tuple[Object, ...] = ()) -> Charge:
    template = conversion_of(pod(*containers, init=init)).template
    assert template
    return charge_of(template.spec)


def exactly(name: str = "main", device_class: str = "gpu.hami.io", **fields: Any) -> Object:  # noqa: ANN401
    return {"name": name, "exactly": {"deviceClassName": device_class, **fields}}


def claim(*requests: Object) -> Object:
    return {"devices": {"requests": list(requests)}}


def capacity(**values: str) -> Object:
    return {"requests": values}


def test_memory_and_cores_count_per_card() -> None:
    assert of_pod(container("main", gpu=2, gpumem=4000, gpucores=30)) == Charge(2, 8000, 0, 60)


def test_a_whole_card_has_all_memory_and_all_cores() -> None:
    assert of_pod(container("main", gpu=2)) == Charge(2, 0, 2, 200)


def test_containers_add_up_and_an_init_container_does_not() -> None:
    charge = of_pod(container("a", gpumem=1000), container("b", gpumem=2000), init=(container("i", gpumem=1500),))
    assert charge == Charge(2, 3000)


def test_a_share_without_a_size_is_all_memory() -> None:
    assert charge_of(claim(exactly())) == Charge(1, 0, 1)


def test_part_of_a_mebibyte_counts_as_one() -> None:
    assert charge_of(claim(exactly(capacity=capacity(memory="1048577")))) == Charge(1, 2)


def test_classes_of_others_cost_nothing() -> None:
    assert charge_of(claim(exactly(device_class="gpu.example.org"))) == NOTHING
    assert charge_of({}) == NOTHING


def test_the_class_of_hami_dra_is_ours() -> None:
    asked = exactly(device_class="hami-core-gpu.project-hami.io", capacity=capacity(memory="1Gi", cores="10"))
    assert charge_of(claim(asked)) == Charge(1, 1024, 0, 10)


def test_all_devices_count_as_many_as_a_claim_can_have() -> None:
    assert charge_of(claim(exactly(allocationMode="All", capacity=capacity(memory="1Mi")))).cards == ALL_DEVICES


def test_who_only_looks_takes_nothing() -> None:
    looking = exactly("looking", adminAccess=True, allocationMode="All", capacity=capacity(memory="1Mi"))
    holding = exactly("holding", capacity=capacity(memory="1Gi"))
    assert charge_of(claim(looking)) == NOTHING
    assert charge_of(claim(looking, holding)) == Charge(1, 1024)
    results = [
        {"driver": "hami.io", "request": "looking", "adminAccess": True, "consumedCapacity": {"memory": "1Mi"}},
        {"driver": "hami.io", "request": "holding", "consumedCapacity": {"memory": "1Gi"}},
    ]
    assert charge_of(claim(looking), {"devices": {"results": results[:1]}}) == NOTHING
    assert charge_of(claim(looking, holding), {"devices": {"results": results}}) == Charge(1, 1024)


ALTERNATIVES = {
    "name": "main",
    "firstAvailable": [
        {"name": "small", "deviceClassName": "gpu.hami.io", "count": 2, "capacity": capacity(memory="1Gi", cores="50")},
        {"name": "large", "deviceClassName": "gpu.hami.io", "count": 1, "capacity": capacity(memory="8Gi")},
    ],
}


def test_of_alternatives_the_dearest_counts_in_each_respect() -> None:
    assert charge_of(claim(ALTERNATIVES)) == Charge(2, 8192, 0, 100)


def test_what_was_granted_counts_once_it_is() -> None:
    result = {"driver": "hami.io", "request": "main/small", "device": "gpu-0-share"}
    consumed = {"consumedCapacity": {"memory": "1Gi", "cores": "50", "slots": "100"}}
    other = {"driver": "gpu.example.org", "request": "x"}
    allocation = {"devices": {"results": [result | consumed, result | consumed, other]}}
    assert charge_of(claim(ALTERNATIVES), allocation) == Charge(2, 2048, 0, 100)


def test_a_granted_whole_card_consumes_no_capacity_and_counts_whole() -> None:
    asked = claim(exactly(device_class="whole-gpu.hami.io"))
    allocation = {"devices": {"results": [{"driver": "hami.io", "request": "main", "device": "gpu-0"}]}}
    assert charge_of(asked, allocation) == Charge(1, 0, 1, 100)


def test_what_is_no_claim_is_told_by_its_place() -> None:
    with pytest.raises(InvalidInputError, match=r"\$\.devices\.requests"):
        charge_of({"devices": {"requests": 3}})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["devices", "requests", "exactly", "firstAvailable", "count", "capacity", "memory", "deviceClassName"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(
    st.dictionaries(st.sampled_from(["devices"]), json_values),
    st.none() | st.dictionaries(st.just("devices"), json_values),
)
def test_anything_is_a_charge_or_an_error_in_words(spec: Object, allocation: Object | None) -> None:
    try:
        charge = charge_of(spec, allocation)
    except InvalidInputError:
        return
    assert min(charge.cards, charge.memory_mib, charge.whole_memory, charge.cores) >= 0


@given(st.integers(1, 8), st.integers(1, 90000), st.integers(0, 99))
def test_a_converted_pod_is_charged_what_it_asked(cards: int, memory_mib: int, cores: int) -> None:
    charge = of_pod(container("main", gpu=cards, gpumem=memory_mib, gpucores=cores))
    assert charge == Charge(cards, cards * memory_mib, 0, cards * cores)
