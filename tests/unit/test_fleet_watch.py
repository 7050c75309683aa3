"""The fleet that slices make: each card once, by its newest generation, with what a share of it can have."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.names import MIB
from dra_driver.configuration import Mode, NodeConfiguration
from dra_driver.slices.offer import Offer, offers
from dra_driver.slices.plan import Create, Pool, plan, shared_contents
from tests.unit.driver_objects import card
from webhook.conversion.fleet import CardKind, Fleet
from webhook.fleet_watch import fleet_of, in_words, pool_part

Object = dict[str, Any]


def slices(node: str, offered: tuple[Offer, ...], generation: int = 1) -> Iterator[Object]:
    """The slices that a driver writes for a node."""
    for number, write in enumerate(plan(Pool(node, f"uid-{node}", shared_contents(offered)), ())):
        assert isinstance(write, Create)
        manifest = dict(write.manifest)
        pool = manifest["spec"]["pool"] | {"generation": generation}
        yield {"metadata": {"name": f"{node}-{number}"}, "spec": manifest["spec"] | {"pool": pool}}


def offered(count: int, memory_mib: int = 81920, name: str = "NVIDIA A100", node: str = "n") -> tuple[Offer, ...]:
    alike = [
        replace(card(index), uuid=f"GPU-{node}-{index}", memory_bytes=memory_mib * MIB, product_name=name)
        for index in range(count)
    ]
    return offers(tuple(alike), NodeConfiguration())


def fleet(*found: Object) -> Fleet:
    return fleet_of(part for slice_ in found if (part := pool_part(slice_)))


def test_a_card_counts_once_however_many_views_it_has_and_the_most_frequent_kind_comes_first() -> None:
    few, many = offered(2, 40960, "NVIDIA L40", "a"), offered(8, node="b")
    assert fleet(*slices("a", few), *slices("b", many)).kinds == (
        CardKind("NVIDIA A100", 81920, 8),
        CardKind("NVIDIA L40", 40960, 2),
    )


def test_only_the_newest_generation_of_a_pool_counts() -> None:
    old, new = slices("a", offered(4), generation=1), slices("a", offered(2), generation=2)
    assert fleet(*new, *old).kinds == (CardKind("NVIDIA A100", 81920, 2),)


def test_a_card_of_which_less_is_offered_has_less() -> None:
    halved = offers(tuple(each.card for each in offered(1)), NodeConfiguration(memory_scaling=0.5))
    assert fleet(*slices("a", halved)).kinds == (CardKind("NVIDIA A100", 40960, 1),)


def test_a_card_that_is_oversubscribed_has_what_a_share_of_it_can_have() -> None:
    doubled = offers(tuple(each.card for each in offered(1)), NodeConfiguration(memory_scaling=2.0))
    assert fleet(*slices("a", doubled)).kinds == (CardKind("NVIDIA A100", 163840, 1),)
    (whole,) = offers(tuple(each.card for each in offered(1)), NodeConfiguration(memory_scaling=2.0, mode=Mode.WHOLE))
    assert fleet(*slices("a", (whole,))).kinds == (CardKind("NVIDIA A100", 81920, 1),)


def test_mig_devices_are_kinds_of_their_own_and_each_counts() -> None:
    def mig(name: str) -> Object:
        attributes = {
            "type": {"string": "mig"},
            "uuid": {"string": "GPU-1"},
            "productName": {"string": "NVIDIA A100"},
            "memoryMiB": {"int": 9728},
        }
        return {"name": name, "attributes": attributes, "capacity": {"memory": {"value": "9728Mi"}}}

    devices = [mig("gpu-0-mig-1g10gb-0"), mig("gpu-0-mig-1g10gb-1")]
    slice_ = {"spec": {"pool": {"name": "a", "generation": 1}, "devices": devices}}
    assert fleet(slice_).kinds == (CardKind("NVIDIA A100", 9728, 2, is_mig=True),)


def test_no_slices_are_a_fleet_that_is_known_to_be_empty() -> None:
    assert fleet() == Fleet((), is_known=True)
    assert in_words(fleet()) == "no cards"


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["memoryMiB", "int", "string", "uuid", "type", "value", "memory"]), inner)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["attributes", "capacity", "name"]), st.dictionaries(st.text(), anything)))
def test_devices_of_any_kind_are_left_out_or_counted(device: Object) -> None:
    attributes = {
        name: value if isinstance(value, dict) else {} for name, value in device.get("attributes", {}).items()
    }
    capacity = {name: value if isinstance(value, dict) else {} for name, value in device.get("capacity", {}).items()}
    known = device | {"attributes": attributes, "capacity": capacity}
    assert len(fleet({"spec": {"pool": {"name": "a"}, "devices": [known]}}).kinds) <= 1
