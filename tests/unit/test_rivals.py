"""Who else offers a node's cards: device plugins by what is allocatable, DRA drivers by their slices."""

import pytest

from dra_driver.slices.rivals import rivals


def slice_of(driver: str, devices: int) -> dict[str, object]:
    return {"spec": {"driver": driver, "devices": [{"name": f"gpu-{index}"} for index in range(devices)]}}


def node(**allocatable: str) -> dict[str, object]:
    return {"status": {"allocatable": {"cpu": "8", **allocatable}}}


@pytest.mark.parametrize("resource", ["nvidia.com/gpu", "nvidia.com/gpu.shared", "nvidia.com/mig-1g.10gb"])
def test_a_device_plugin_is_a_rival_as_long_as_it_offers_something(resource: str) -> None:
    (rival,) = rivals(node(**{resource: "4"}), [])
    assert rival == f"a device plugin (4 {resource} in the node's status.allocatable)"
    assert rivals(node(**{resource: "0"}), []) == ()


def test_other_resources_are_no_rivals() -> None:
    assert (
        rivals(node(**{"nvidia.com/gpumem": "4", "amd.com/gpu": "2"}), [slice_of("hami.io", 4), slice_of("nic.io", 1)])
        == ()
    )
    assert rivals({}, []) == ()


@pytest.mark.parametrize("driver", ["gpu.nvidia.com", "hami-core-gpu.project-hami.io"])
def test_another_driver_of_the_same_cards_is_a_rival_unless_its_pool_is_empty(driver: str) -> None:
    assert rivals(node(), [slice_of(driver, 3), slice_of(driver, 1)]) == (f"the DRA driver {driver} (4 devices)",)
    assert rivals(node(), [slice_of(driver, 0)]) == ()
