"""What containers get: golden CDI specs of simulated and real cards, and rules that hold for each of them."""

import json

import pytest

from dra_driver.claims.allocation import read_claim
from dra_driver.containers.edits import NodeFiles, cdi_device, claim_spec
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
NODES = {"simulated": files_of_simulated_node(*CARDS), "real": files_of_real_node(*CARDS)}


def claim() -> Claim:
    return read_claim(claim_object(share_result(request="main"), whole_result("gpu-1", request="big")), NODE, CARDS)


@pytest.mark.parametrize("node", NODES)
def test_specs_read_as_reviewed(golden: Golden, node: str) -> None:
    golden(
        f"cdi/share-and-whole-card-{node}.json",
        json.dumps(claim_spec(claim(), NODES[node]).document(), indent=2) + "\n",
    )


@pytest.mark.parametrize("files", NODES.values(), ids=NODES)
def test_the_interceptor_comes_with_a_share_and_not_with_a_whole_card(files: NodeFiles) -> None:
    share, whole = claim_spec(claim(), files).devices
    assert "/etc/ld.so.preload" in {mount.container_path for mount in share.edits.mounts}
    assert not any("hami.io/lib" in mount.host_path for mount in whole.edits.mounts)


@pytest.mark.parametrize("files", NODES.values(), ids=NODES)
def test_only_the_usage_page_the_cards_page_and_card_files_can_be_written(files: NodeFiles) -> None:
    spec = claim_spec(claim(), files)
    mounts = [mount for edits in (spec.edits, *(device.edits for device in spec.devices)) for mount in edits.mounts]
    writable = {mount.container_path.rpartition("/")[2] for mount in mounts if "rw" in mount.options}
    assert writable <= {"usage", "card", "hami-sim0", "hami-sim1"}
    assert all("bind" in mount.options and ("rw" in mount.options) != ("ro" in mount.options) for mount in mounts)


def test_no_other_card_comes_by_an_nvidia_default_runtime() -> None:
    assert claim_spec(claim(), NODES["real"]).edits.environment == ("NVIDIA_VISIBLE_DEVICES=void",)


def test_a_device_is_asked_for_by_its_share() -> None:
    spec = claim_spec(claim(), NODES["real"])
    assert [cdi_device(share) for share in claim().shares] == [
        f"hami.io/claim={device.name}" for device in spec.devices
    ]


@pytest.mark.parametrize("files", NODES.values(), ids=NODES)
def test_a_monitoring_pod_gets_card_and_driver_and_no_limit(files: NodeFiles) -> None:
    results = [share_result("gpu-0-share") | {"adminAccess": True}, whole_result("gpu-1") | {"adminAccess": True}]
    spec = claim_spec(read_claim(claim_object(*results), NODE, CARDS), files)
    assert spec.edits.mounts
    for device, own in zip(spec.devices, CARDS, strict=True):
        paths = [node.path for node in device.edits.device_nodes] + [m.container_path for m in device.edits.mounts]
        assert files.driver_root.device_files[own.uuid].container_path in paths
        assert not any("/run/hami.io" in path or "preload" in path for path in paths)
