"""How containers get the interceptor: golden CDI specs with shims, and rules that hold for each delivery and every source of libraries."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from catalog.errors import InvalidInputError
from cdi.spec import Edits, Mount
from dra_driver.cards.base_edits import BaseEdits
from dra_driver.claims.allocation import read_claim
from dra_driver.containers.delivery import Delivery
from dra_driver.containers.edits import NodeFiles, claim_spec
from dra_driver.shares.share import Claim
from tests.conftest import Golden
from tests.unit.driver_objects import (
    NODE,
    card,
    claim_object,
    files_of_real_node,
    files_of_simulated_node,
    share_result,
    whole_result,
)

CARDS = (card(0), card(1))
FOLDER = "/usr/lib/x86_64-linux-gnu"
READ_ONLY = ("ro", "nosuid", "nodev", "rbind")


def base_node(*libraries: str) -> NodeFiles:
    """A node whose CDI spec mounts the driver's libraries by their version."""
    common = Edits(mounts=tuple(Mount(path, path, READ_ONLY) for path in libraries))
    base = BaseEdits(common, {card.uuid: Edits() for card in CARDS}, {})
    return replace(files_of_real_node(*CARDS), base=base)


NODES = {
    "simulated": files_of_simulated_node(*CARDS),
    "real": files_of_real_node(*CARDS),
    "base-spec": base_node(
        f"{FOLDER}/libcuda.so.580.95.05", f"{FOLDER}/libnvidia-ml.so.580.95.05", f"{FOLDER}/libnvcuvid.so.580.95.05"
    ),
}


def claim() -> Claim:
    return read_claim(claim_object(share_result(request="main"), whole_result("gpu-1", request="big")), NODE, CARDS)


def mounts(files: NodeFiles, delivery: Delivery, device: int) -> Iterator[tuple[str, str]]:
    """Yield the places in a container that gets one device of the claim, and what stands there."""
    spec = claim_spec(claim(), replace(files, delivery=delivery))
    for mount in (*spec.edits.mounts, *spec.devices[device].edits.mounts):
        yield mount.container_path, mount.host_path


@pytest.mark.parametrize("node", ["simulated", "base-spec"])
@pytest.mark.parametrize("delivery", [Delivery.SHIM, Delivery.BOTH])
def test_specs_read_as_reviewed(golden: Golden, node: str, delivery: Delivery) -> None:
    document = claim_spec(claim(), replace(NODES[node], delivery=delivery)).document()
    golden(f"cdi/share-and-whole-card-{node}-{delivery}.json", json.dumps(document, indent=2) + "\n")


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("delivery", [Delivery.SHIM, Delivery.BOTH])
def test_every_container_of_the_node_has_the_shim_and_what_it_needs(node: str, delivery: Delivery) -> None:
    for device in (0, 1):
        found = dict(mounts(NODES[node], delivery, device))
        stands = {place: host for place, host in found.items() if "/libcuda.so" in place and "hami.io" not in place}
        assert stands
        assert {host.rpartition("/")[2] for host in stands.values()} == {"libvgpu-cuda.so"}
        assert "/libcuda.so." in found["/run/hami.io/driver/libcuda.so.1"]
        assert found["/run/hami.io/lib/libvgpu.so"].endswith("/libvgpu.so")


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("delivery", Delivery)
def test_only_containers_with_a_share_have_pages_and_a_preload_list(node: str, delivery: Delivery) -> None:
    share, whole = (dict(mounts(NODES[node], delivery, device)) for device in (0, 1))
    assert ("/etc/ld.so.preload" in share) == (delivery is not Delivery.SHIM)
    assert "/etc/ld.so.preload" not in whole
    assert any(place.endswith("/limits") for place in share)
    assert not any(place.endswith("/limits") for place in whole)


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("delivery", Delivery)
def test_nothing_is_mounted_twice_at_one_place(node: str, delivery: Delivery) -> None:
    for device in (0, 1):
        places = [place for place, _ in mounts(NODES[node], delivery, device)]
        assert len(places) == len(set(places))


@pytest.mark.parametrize("delivery", Delivery)
def test_what_is_no_driver_library_stays_as_it_is(delivery: Delivery) -> None:
    found = dict(mounts(NODES["base-spec"], delivery, 0))
    assert found[f"{FOLDER}/libnvcuvid.so.580.95.05"] == f"{FOLDER}/libnvcuvid.so.580.95.05"


def test_of_two_word_sizes_both_get_the_shim_and_ours_stands_behind_it() -> None:
    small, large = "/usr/lib/i386-linux-gnu/libcuda.so.580.95.05", "/usr/lib64/libcuda.so.580.95.05"
    for files in (base_node(small, large), base_node(large, small)):
        found = dict(mounts(files, Delivery.SHIM, 0))
        assert found["/run/hami.io/driver/libcuda.so.1"] == large
        assert found[small].endswith("/libvgpu-cuda.so")
        assert found[large].endswith("/libvgpu-cuda.so")


def test_a_spec_without_a_libcuda_of_its_own_is_refused() -> None:
    files = base_node("/usr/lib/wsl")
    assert list(mounts(files, Delivery.PRELOAD, 0))
    with pytest.raises(InvalidInputError, match=r"no mount has the driver's libcuda.so.1.*set delivery: preload"):
        list(mounts(files, Delivery.SHIM, 0))
