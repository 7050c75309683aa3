"""What nobody needs is removed, and whatever may be needed, or cannot be asked about, stays."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalog.errors import CorruptStateError, UnavailableError
from cdi.durable import TEMPORARY_SUFFIX
from dra_driver.claims import garbage
from dra_driver.claims.checkpoint import CheckpointFile
from dra_driver.claims.garbage import Garbage
from dra_driver.claims.prepare import Node, PreparedClaims, RefusedClaims
from dra_driver.claims.recovery import restore
from dra_driver.claims.source import ClaimGoneError, ClaimReference
from dra_driver.instances import Presence
from dra_driver.kubelet.server import Sockets
from tests.unit.driver_objects import Object, claim_object, share_result
from tests.unit.test_prepare import BOOT, node_at

NAMES = ("a", "b")


@dataclass
class Cluster:
    """The API server: the claims there are, or why it does not answer."""

    claims: dict[str, Object] = field(default_factory=dict)
    fault: Exception | None = None
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    """What happens while it is asked."""

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        self.asked.append(reference.name)
        self.meanwhile()
        if self.fault:
            raise self.fault
        if reference.name not in self.claims:
            raise ClaimGoneError(f"{reference}: does not exist any more")
        return self.claims[reference.name]


@dataclass(frozen=True)
class Place:
    """A node on which two claims are prepared, of which the kubelet knows none."""

    node: Node
    cluster: Cluster
    claims: PreparedClaims
    garbage: Garbage

    def held(self) -> list[str]:
        return sorted(claim.name for claim in self.claims.held)

    def files(self) -> dict[str, int]:
        folders = {"specs": self.node.specs.folder, "shares": self.node.folders.folder}
        return {name: len(list(folder.iterdir())) for name, folder in folders.items()}


def reference(name: str) -> ClaimReference:
    return ClaimReference("team", name, str(UUID(int=ord(name))))


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    node = node_at(tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "state").write_text('{"version":"v1","checksum":1}')
    cluster = Cluster(
        {
            name: claim_object(
                share_result(share_id=str(UUID(int=ord(name) + 256))), uid=reference(name).uid, name=name
            )
            for name in NAMES
        }
    )
    claims = PreparedClaims(node, cluster, restore(node, CheckpointFile(tmp_path / "checkpoint.json"), BOOT))
    for name in NAMES:
        await claims.prepare(reference(name))
    cluster.asked.clear()
    presence = Presence(Sockets.below(tmp_path / "kubelet"), None)
    return Place(node, cluster, claims, Garbage(node, claims, cluster, presence, tmp_path / "state", tmp_path / "lib"))


async def test_a_claim_that_neither_kubelet_nor_cluster_knows_is_released_with_its_files(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    del place.cluster.claims["a"]
    await place.garbage.collect()
    assert (place.held(), place.files()) == (["b"], {"specs": 1, "shares": 1})
    assert "claim team/a" in caplog.text
    assert "claim team/b" not in caplog.text


async def test_a_claim_that_the_kubelet_knows_is_not_even_asked_about(place: Place) -> None:
    place.cluster.claims.clear()
    place.garbage.kubelet_state.write_text(f'{{"entries":"{reference("a").uid}"}}')
    await place.garbage.collect()
    assert (place.held(), place.cluster.asked) == (["a"], ["b"])


async def test_a_claim_that_exists_stays_whether_it_is_reserved_or_not(place: Place) -> None:
    await place.garbage.collect()
    assert (place.held(), place.cluster.asked) == (["a", "b"], ["a", "b"])
    assert place.files() == {"specs": 2, "shares": 2}


async def test_a_claim_that_the_kubelet_records_while_the_cluster_is_asked_stays(place: Place) -> None:
    place.cluster.claims.clear()
    place.cluster.meanwhile = lambda: place.garbage.kubelet_state.write_text(reference("a").uid)
    await place.garbage.collect()
    assert place.held() == ["a"]


async def test_a_cluster_that_cannot_be_asked_keeps_every_claim(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.cluster.fault = UnavailableError("API server: no answer")
    await place.garbage.collect()
    assert place.held() == ["a", "b"]
    assert caplog.text.count("is kept: API server: no answer") == 2


async def test_without_the_kubelets_state_no_claim_is_looked_for(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.cluster.claims.clear()
    place.garbage.kubelet_state.unlink()
    await place.garbage.collect()
    assert (place.held(), place.cluster.asked) == (["a", "b"], [])
    assert "lost claims are not looked for" in caplog.text


async def test_files_without_a_claim_go_and_those_of_others_stay(place: Place) -> None:
    specs, shares = place.node.specs, place.node.folders.folder
    gone = [specs.path("stray"), specs.folder / f".{specs.path('x').name}.1{TEMPORARY_SUFFIX}", shares / "stray"]
    for path in gone[:2]:
        path.write_text("{}")
    gone[2].mkdir()
    foreign = specs.folder / "nvidia.yaml"
    foreign.write_text("kind: nvidia.com/gpu")
    version = place.garbage.libraries / "0123456789abcdef"
    version.mkdir()
    await place.garbage.collect()
    assert not any(path.exists() for path in gone)
    assert not version.exists()
    assert foreign.exists()
    assert place.files() == {"specs": 3, "shares": 2}


async def test_a_version_of_the_interceptor_that_a_spec_names_stays(place: Place) -> None:
    version = place.garbage.libraries / "0123456789abcdef"
    version.mkdir()
    place.node.specs.path(reference("a").uid).write_text(f'{{"hostPath": "{version}/libvgpu.so"}}')
    await place.garbage.collect()
    assert version.exists()


async def test_where_the_checkpoint_cannot_be_trusted_nothing_is_removed(place: Place) -> None:
    stray = place.node.folders.folder / "stray"
    stray.mkdir()
    place.cluster.claims.clear()
    await replace(place.garbage, claims=RefusedClaims(CorruptStateError("checkpoint: corrupt"))).collect()
    assert stray.exists()
    assert place.files() == {"specs": 2, "shares": 3}
    assert place.cluster.asked == []


async def test_what_fails_is_told_and_tried_again(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_INTERVAL_S", 0.0)
    place.garbage.libraries.rmdir()
    del place.cluster.claims["a"]
    running = asyncio.create_task(place.garbage.run())
    with caplog.at_level(logging.WARNING):
        async with asyncio.timeout(30):
            while "trying again in an hour" not in caplog.text:  # noqa: ASYNC110  a thread writes it
                await asyncio.sleep(0.01)
            assert place.held() == ["a", "b"]
            place.garbage.libraries.mkdir()
            while place.held() != ["b"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    running.cancel()
