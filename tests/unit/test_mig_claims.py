"""A MIG device in a claim: what is granted, who conflicts, what the container gets and reads, what is reported and kept."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from catalog.errors import ConflictError, InvalidInputError
from cdi.foreign import parse_spec
from cdi.store import SpecStore
from dra_driver.cards.base_edits import BASE_KIND, BaseEdits, base_edits
from dra_driver.cards.card import Card
from dra_driver.claims.allocation import read_claim
from dra_driver.claims.checkpoint import CheckpointFile, State, decode, encode
from dra_driver.claims.occupancy import check_room
from dra_driver.claims.prepare import Node, PreparedClaims
from dra_driver.claims.recovery import restore
from dra_driver.claims.source import ClaimReference
from dra_driver.claims.status import device_statuses
from dra_driver.containers.device_metadata import request_metadata
from dra_driver.containers.edits import NodeFiles, claim_spec
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.share import Claim
from tests.conftest import Golden
from tests.unit.driver_objects import CLAIM_UID, NODE, Object, card, claim_object, opaque, share_result, whole_result
from tests.unit.mig_objects import files_of_real_mig_node, files_of_simulated_mig_node, mig, mig_card, mig_result
from tests.unit.test_metrics import metrics_of, value
from tests.unit.test_prepare import GivenClaims

SMALL, OTHER, LARGE = "gpu-0-mig-1g10gb-0", "gpu-0-mig-1g10gb-1", "gpu-0-mig-3g40gb-4"
CARDS = (mig_card(0), mig_card(1))
NODES = {"real": files_of_real_mig_node(*CARDS), "simulated": files_of_simulated_mig_node(*CARDS)}
BOOT = UUID(int=7)


def claim(*results: Object, number: int = 1, cards: tuple[Card, ...] = CARDS) -> Claim:
    return read_claim(claim_object(*results, uid=f"uid-{number}", name=f"c{number}"), NODE, cards)


def test_a_mig_device_is_granted_with_its_own_memory_and_no_limits() -> None:
    (share,) = claim(mig_result(LARGE)).shares
    assert (share.card_uuid, share.mig_uuid) == (card(0).uuid, mig(0).uuid)
    assert (share.memory_bytes, share.whole, share.is_limited) == (40192 * 2**20, False, False)


def test_who_only_looks_at_a_mig_device_holds_nothing_of_it() -> None:
    looking = claim(mig_result() | {"adminAccess": True}, number=2)
    assert looking.shares[0].memory_bytes == 0
    check_room(looking, [claim(mig_result())], CARDS)


@pytest.mark.parametrize("device", ["gpu-0", "gpu-0-share"])
def test_a_card_in_mig_mode_is_not_given_otherwise(device: str) -> None:
    with pytest.raises(InvalidInputError, match=f"device {device} is not on this node .there are: {SMALL}"):
        claim(share_result(device))


def test_a_mig_device_needs_no_limits() -> None:
    document = claim_object(mig_result(), config=[opaque({"enforce": False})])
    assert read_claim(document, NODE, CARDS).shares[0].mig_uuid == mig(2).uuid


def test_mig_devices_of_one_card_stand_beside_each_other() -> None:
    check_room(
        claim(mig_result(LARGE), number=3), [claim(mig_result(SMALL)), claim(mig_result(OTHER), number=2)], CARDS
    )
    check_room(claim(mig_result(SMALL), mig_result(LARGE, "second")), [], CARDS)


def test_one_mig_device_is_given_once() -> None:
    with pytest.raises(
        ConflictError, match=f"MIG device {mig(2).uuid} would be given out twice; .* held by claim team/c1"
    ):
        check_room(claim(mig_result(), number=2), [claim(mig_result())], CARDS)
    with pytest.raises(ConflictError, match="another of its own requests"):
        check_room(claim(mig_result(), mig_result(request="second")), [], CARDS)
    check_room(claim(mig_result()), [claim(mig_result())], CARDS)


@pytest.mark.parametrize(
    "other", [whole_result("gpu-0"), share_result(memory="1Mi", slots="1")], ids=["whole", "share"]
)
def test_a_card_is_not_held_in_mig_devices_and_otherwise(other: Object) -> None:
    before = claim(other, cards=(card(0), card(1)))
    with pytest.raises(ConflictError, match="both in MIG devices and otherwise; it is held by claim team/c1"):
        check_room(claim(mig_result(), number=2), [before], CARDS)
    with pytest.raises(ConflictError, match="both in MIG devices and otherwise; it is held by claim team/c2"):
        check_room(before, [claim(mig_result(), number=2)], (card(0), card(1)))


@pytest.mark.parametrize("node", NODES)
def test_specs_read_as_reviewed(golden: Golden, node: str) -> None:
    spec = claim_spec(claim(mig_result(SMALL), mig_result("gpu-1-mig-3g40gb-4", "large")), NODES[node])
    golden(f"cdi/mig-devices-{node}.json", json.dumps(spec.document(), indent=2) + "\n")


@pytest.mark.parametrize("files", NODES.values(), ids=NODES)
def test_a_container_gets_its_own_instance_and_no_interceptor(files: NodeFiles) -> None:
    (device,) = claim_spec(claim(mig_result(SMALL)), files).devices
    paths = [node.path for node in device.edits.device_nodes] + [m.container_path for m in device.edits.mounts]
    all_files = {uuid: [file.container_path for file in own] for uuid, own in files.driver_root.mig_files.items()}
    assert set(all_files.pop(mig(2).uuid)) <= set(paths)
    assert not any(path in paths for own in all_files.values() for path in own)
    assert not any("/run/hami.io" in path or "preload" in path for path in paths)


def test_the_metadata_speak_of_the_mig_device() -> None:
    document = json.loads(request_metadata(claim(mig_result(LARGE)), "main", CARDS).splitlines()[0])
    attributes = document["requests"][0]["devices"][0]["attributes"]
    assert (attributes["type"], attributes["memoryMiB"]) == ({"string": "mig"}, {"int": 40192})
    assert (attributes["uuid"], attributes["migUuid"]) == ({"string": card(0).uuid}, {"string": mig(0).uuid})
    assert attributes["profile"] == {"string": "3g.40gb"}
    assert "shareMemoryMiB" not in attributes


def test_the_status_names_card_and_mig_device() -> None:
    (status,) = device_statuses(claim(mig_result(LARGE)), datetime.now(UTC))
    assert status["data"] == {"card": card(0).uuid, "mig": mig(0).uuid, "memory": "40192Mi"}
    assert status["conditions"][0]["message"] == "the MIG device is the container's own"


def test_metrics_count_mig_devices_as_such(tmp_path: Path) -> None:
    metrics = metrics_of(tmp_path, [claim(mig_result(SMALL), mig_result(LARGE, "second"))])
    assert value(metrics, "hami_dra_prepared_shares", kind="mig") == 2
    assert value(metrics, "hami_dra_prepared_shares", kind="share") == 0


def test_the_checkpoint_keeps_mig_devices_and_reads_files_of_before() -> None:
    state = State(BOOT, (claim(mig_result()), claim(share_result(), number=2, cards=(card(0),))))
    assert decode(encode(state)) == state
    older = msgspec.to_builtins(state.claims[1])
    for share in older["shares"]:
        del share["mig_uuid"]
    assert msgspec.convert(older, Claim) == state.claims[1]


def node_at(folder: Path, *cards: Card) -> Node:
    for name in ("cdi", "shares", "metadata"):
        (folder / name).mkdir(exist_ok=True)
    files = dataclasses.replace(
        files_of_simulated_mig_node(*cards), shares=folder / "shares", metadata=folder / "metadata"
    )
    folders, specs = ShareFolders(folder / "shares", BOOT), SpecStore(folder / "cdi", "hami.io/claim")
    return Node(NODE, cards, files, folders, specs)


async def test_a_mig_device_is_prepared_restored_and_released(tmp_path: Path) -> None:
    reference, checkpoint = ClaimReference("team", "claim", CLAIM_UID), CheckpointFile(tmp_path / "checkpoint.json")
    source = GivenClaims({CLAIM_UID: claim_object(mig_result())})
    node = node_at(tmp_path, *CARDS)
    claims = PreparedClaims(node, source, restore(node, checkpoint, BOOT))
    first = await claims.prepare(reference)
    assert await claims.prepare(reference) == first
    assert node.folders.names() == frozenset()
    node.specs.delete(CLAIM_UID)
    claims = PreparedClaims(node, source, restore(node, checkpoint, BOOT))
    assert node.specs.ids() == {CLAIM_UID}
    await claims.unprepare(reference)
    assert decode(checkpoint.path.read_bytes()).claims == ()


async def test_a_mig_device_that_was_made_anew_is_another_one_and_one_that_is_gone_stops_no_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reference, checkpoint = ClaimReference("team", "claim", CLAIM_UID), CheckpointFile(tmp_path / "checkpoint.json")
    source = GivenClaims({CLAIM_UID: claim_object(mig_result())})
    node = node_at(tmp_path, *CARDS)
    await PreparedClaims(node, source, restore(node, checkpoint, BOOT)).prepare(reference)
    node.specs.delete(CLAIM_UID)
    changed = node_at(tmp_path, mig_card(0, mig(5)))
    claims = PreparedClaims(changed, source, restore(changed, checkpoint, BOOT))
    assert f"card {mig(2).uuid} is gone" in caplog.text
    await claims.prepare(reference)
    assert [share.mig_uuid for held in claims.held for share in held.shares] == [mig(5).uuid]


def base_of_node(*devices: tuple[str, str, str]) -> BaseEdits:
    """Return a base spec of two cards in MIG mode: name, card and capability of each MIG device."""
    nodes = [{"path": "/dev/nvidiactl"}]
    entries = [
        {"name": name, "containerEdits": {"deviceNodes": [{"path": path} for path in paths]}}
        for name, *paths in devices
    ]
    text = json.dumps(
        {"cdiVersion": "0.6.0", "kind": BASE_KIND, "devices": entries, "containerEdits": {"deviceNodes": nodes}}
    )
    spec = parse_spec(text, "nvidia.json", BASE_KIND)
    assert spec is not None
    return base_edits(spec, CARDS, Path("/"), lambda _: True)


def device_nodes(base: BaseEdits) -> list[str]:
    files = dataclasses.replace(NODES["real"], base=base)
    (device,) = claim_spec(claim(mig_result(SMALL)), files).devices
    return [node.path for node in device.edits.device_nodes]


def test_a_mig_device_is_had_from_the_base_spec_by_its_uuid() -> None:
    base = base_of_node((mig(2).uuid, "/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap99"))
    assert device_nodes(base) == ["/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap99"]


def test_a_base_spec_that_gives_a_mig_device_with_another_card_refuses_the_claim() -> None:
    base = base_of_node((mig(2).uuid, "/dev/nvidia1", "/dev/nvidia-caps/nvidia-cap99"))
    with pytest.raises(
        InvalidInputError, match=f"{mig(2).uuid} gives /dev/nvidia1 and not /dev/nvidia0; write it anew"
    ):
        device_nodes(base)


def test_a_mig_device_that_the_base_spec_has_by_index_alone_is_had_from_the_driver_root() -> None:
    base = base_of_node(("0:0", "/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap99"))
    expected = [file.container_path for file in NODES["real"].driver_root.mig_files[mig(2).uuid]]
    assert device_nodes(base)[-2:] == expected
    assert "/dev/nvidia0" in device_nodes(base)
