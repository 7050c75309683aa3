"""Prepare and Unprepare on a real disk without sockets: hung-up callers, full disks, claims allocated anew, shared commits."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalog.errors import ConflictError, CorruptStateError, UnavailableError
from catalog.names import MIB
from cdi.store import SpecStore
from dra_driver.claims.checkpoint import CheckpointFile, State, decode
from dra_driver.claims.ledger import Ledger
from dra_driver.claims.prepare import Node, PreparedClaims, RefusedClaims
from dra_driver.claims.recovery import restore
from dra_driver.claims.source import ClaimReference
from dra_driver.configuration import NodeConfiguration
from dra_driver.containers.edits import NodeFiles
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import read_limits
from dra_driver.shares.share import Claim
from tests.unit.driver_objects import (
    CLAIM_UID,
    NODE,
    Object,
    card,
    claim_object,
    files_of_simulated_node,
    opaque,
    share_result,
    whole_result,
)

BOOT = UUID(int=7)
REFERENCE = ClaimReference("team", "claim", CLAIM_UID)


@dataclass
class GivenClaims:
    """A source that gives what the test says."""

    claims: dict[str, Object] = field(default_factory=dict)

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        return self.claims[reference.uid]


@dataclass(frozen=True)
class Place:
    """A node on disk."""

    node: Node
    checkpoint: CheckpointFile
    source: GivenClaims
    claims: PreparedClaims

    def files(self) -> list[str]:
        folders = (self.node.specs.folder, self.node.folders.folder, self.node.files.metadata)
        return [str(path) for folder in folders for path in folder.rglob("*")]

    def committed(self) -> tuple[Claim, ...]:
        return decode(self.checkpoint.path.read_bytes()).claims


def node_at(folder: Path) -> Node:
    cards = (card(0), card(1))
    files = files_of_simulated_node(*cards)
    for name in ("cdi", "shares", "cards", "metadata"):
        (folder / name).mkdir(exist_ok=True)
    return Node(
        name=NODE,
        cards=cards,
        files=NodeFiles(files.driver_root, files.library, folder / "shares", folder / "metadata"),
        folders=ShareFolders(folder / "shares", BOOT, cards=CardPages(folder / "cards", BOOT)),
        specs=SpecStore(folder / "cdi", "hami.io/claim"),
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    node, checkpoint = node_at(tmp_path), CheckpointFile(tmp_path / "checkpoint.json")
    source = GivenClaims({CLAIM_UID: claim_object(share_result())})
    return Place(node, checkpoint, source, PreparedClaims(node, source, restore(node, checkpoint, BOOT)))


async def test_what_a_caller_that_hangs_up_began_is_finished(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    saving, go_on = asyncio.Event(), asyncio.Event()
    commit = Ledger.commit

    async def slow_commit(ledger: Ledger) -> None:
        saving.set()
        await go_on.wait()
        await commit(ledger)

    monkeypatch.setattr(Ledger, "commit", slow_commit)
    call = asyncio.create_task(place.claims.prepare(REFERENCE))
    await saving.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    go_on.set()
    await place.claims.drain()
    assert [claim.uid for claim in place.committed()] == [CLAIM_UID]
    assert place.node.specs.ids() == {CLAIM_UID}


async def test_unprepare_waits_for_a_prepare_of_the_same_claim(place: Place) -> None:
    await asyncio.gather(place.claims.prepare(REFERENCE), place.claims.prepare(REFERENCE))
    await asyncio.gather(place.claims.prepare(REFERENCE), place.claims.unprepare(REFERENCE))
    await place.claims.unprepare(REFERENCE)
    assert place.files() == []


@pytest.mark.parametrize("step", ["mkdtemp", "save", "write"])
async def test_a_full_disk_is_that_claims_error_and_the_same_call_repairs_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    targets = {
        "mkdtemp": "tempfile.mkdtemp",
        "save": "dra_driver.claims.checkpoint.write_file",
        "write": "cdi.store.write_file",
    }
    with monkeypatch.context() as full:
        full.setattr(targets[step], _no_space)
        with pytest.raises(UnavailableError, match=r"No space left on device; is the disk"):
            await place.claims.prepare(REFERENCE)
    assert place.node.specs.ids() == frozenset()
    await place.claims.prepare(REFERENCE)
    assert place.node.specs.ids() == {CLAIM_UID}
    assert len(place.committed()) == 1


def _no_space(*_arguments: object, **_options: object) -> None:
    raise OSError(28, "No space left on device")


async def test_a_prepare_that_failed_can_be_unprepared(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr("dra_driver.claims.checkpoint.write_file", _no_space)
        with pytest.raises(UnavailableError):
            await place.claims.prepare(REFERENCE)
        await place.claims.unprepare(REFERENCE)  # nothing of it was committed, and so nothing must be
    assert place.files() == []
    assert not place.checkpoint.path.exists()


async def test_a_claim_that_could_not_be_committed_is_in_nobodys_way(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await place.claims.prepare(REFERENCE)
    other = ClaimReference("team", "other", "uid-2")
    place.source.claims["uid-2"] = claim_object(whole_result("gpu-1"), uid="uid-2", name="other")
    with monkeypatch.context() as full:
        full.setattr("dra_driver.claims.checkpoint.write_file", _no_space)
        with pytest.raises(UnavailableError):
            await place.claims.prepare(other)
        assert await place.claims.prepare(REFERENCE) == first
        with pytest.raises(UnavailableError):
            await place.claims.unprepare(REFERENCE)
    assert [claim.uid for claim in place.claims.held if claim.uid == "uid-2"] == []
    await place.claims.unprepare(REFERENCE)
    assert place.committed() == ()
    assert place.files() == []


async def test_a_claim_allocated_anew_gives_up_what_it_held(place: Place) -> None:
    await place.claims.prepare(REFERENCE)
    place.source.claims[CLAIM_UID] = claim_object(whole_result("gpu-1"))
    (device,) = await place.claims.prepare(REFERENCE)
    assert device.device == "gpu-1"
    assert place.node.folders.names() == frozenset()
    assert [share.device for claim in place.committed() for share in claim.shares] == ["gpu-1"]


async def test_what_is_refused_leaves_no_trace(place: Place) -> None:
    await place.claims.prepare(REFERENCE)
    before = place.files()
    other = ClaimReference("team", "other", "uid-2")
    place.source.claims["uid-2"] = claim_object(whole_result("gpu-0"), uid="uid-2", name="other")
    with pytest.raises(ConflictError):
        await place.claims.prepare(other)
    assert place.files() == before
    assert len(place.committed()) == 1


async def test_commits_made_during_a_write_share_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = CheckpointFile(tmp_path / "checkpoint.json")
    writes: list[int] = []
    save = CheckpointFile.save

    def counted(self: CheckpointFile, state: State) -> None:
        writes.append(len(state.claims))
        save(self, state)

    monkeypatch.setattr(CheckpointFile, "save", counted)
    ledger = Ledger(file, State(BOOT))

    async def granted(number: int) -> None:
        ledger.put(Claim(f"uid-{number}", "team", "claim", ()))
        await ledger.commit()

    await asyncio.gather(*(granted(number) for number in range(50)))
    assert len(writes) <= 2
    assert len(decode(file.path.read_bytes()).claims) == 50
    await ledger.commit()
    assert len(writes) <= 2


async def test_a_refusal_says_why_and_how_to_go_on() -> None:
    refused = RefusedClaims(CorruptStateError("it is kept as /x; remove that file"))
    for call in (refused.prepare, refused.unprepare):
        with pytest.raises(CorruptStateError, match=f"claim team/claim .{CLAIM_UID}.: refused: it is kept as /x"):
            await call(REFERENCE)


async def test_a_claim_whose_card_is_gone_stays_in_the_checkpoint(place: Place, tmp_path: Path) -> None:
    await place.claims.prepare(REFERENCE)
    place.node.specs.delete(CLAIM_UID)
    poorer = Node(NODE, (card(1),), place.node.files, place.node.folders, place.node.specs)
    ledger = restore(poorer, place.checkpoint, BOOT)
    assert [claim.uid for claim in ledger.claims] == [CLAIM_UID]
    assert place.node.specs.ids() == frozenset()
    await PreparedClaims(poorer, place.source, ledger).unprepare(REFERENCE)
    assert place.committed() == ()


async def test_shares_of_an_oversubscribed_card_are_made_at_its_factor_and_stay_so(
    place: Place, tmp_path: Path
) -> None:
    in_force = [NodeConfiguration(memory_scaling=2.0)]
    node = replace(place.node, configuration=lambda: in_force[0])
    claims = PreparedClaims(node, place.source, restore(node, place.checkpoint, BOOT))
    await claims.prepare(REFERENCE)
    (share,) = claims.held[0].shares
    page = node.folders.folder / share.name / "limits"
    limits = read_limits(page.read_bytes())
    assert (limits.managed, limits.memory_bytes, limits.pinned_bytes) == (True, 4000 * MIB, 2000 * MIB)
    in_force[0] = NodeConfiguration()
    other = ClaimReference("team", "other", "9c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d11")
    place.source.claims[other.uid] = claim_object(share_result(share_id="s2"), uid=other.uid, name="other")
    await claims.prepare(other)
    assert {share.memory_scaling for held in claims.held for share in held.shares} == {2.0}
    rebooted = UUID(int=8)
    for folder in node.folders.folder.iterdir():
        node.folders.remove(folder.name)
    restore(replace(node, folders=ShareFolders(node.folders.folder, rebooted)), place.checkpoint, rebooted)
    assert read_limits(page.read_bytes()) == limits


async def test_a_share_that_may_not_be_evicted_has_device_memory(place: Place) -> None:
    node = replace(place.node, configuration=lambda: NodeConfiguration(memory_scaling=2.0))
    place.source.claims[CLAIM_UID] = claim_object(share_result(), config=[opaque({"oversubscribe": False}, "main")])
    claims = PreparedClaims(node, place.source, restore(node, place.checkpoint, BOOT))
    await claims.prepare(REFERENCE)
    (share,) = claims.held[0].shares
    limits = read_limits((node.folders.folder / share.name / "limits").read_bytes())
    assert (limits.managed, limits.memory_bytes, limits.pinned_bytes) == (False, 2000 * MIB, 2000 * MIB)
