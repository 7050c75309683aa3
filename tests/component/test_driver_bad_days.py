"""The bad days of a node, with the real driver process: each with the outcome that the documentation promises.

API server away, full disk, read-only CDI folder, clock jumps, foreign and broken files, a kubelet that refuses or sends nonsense,
claims that exist nowhere any more.
"""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import grpc
import pytest

from dra_driver.claims.checkpoint import decode
from dra_driver.kubelet import dra_v1_pb2 as dra
from dra_driver.kubelet import dra_v1_pb2_grpc as dra_grpc
from dra_driver.kubelet import pluginregistration_v1_pb2 as registration
from tests.component.driver_process import NODE, DriverNode, driver, failing
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_driver_socket import published, small_share, stored
from tests.unit.driver_objects import claim_object, share_result, whole_result
from tests.waiting import until

PAGES = "pages"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")


@pytest.fixture
async def kubelet(node: DriverNode) -> AsyncIterator[FakeKubelet]:
    async with driver(node), FakeKubelet(node.kubelet_folder) as registered:
        yield registered


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a file system of 1 MiB at `folder`: room for three shares."""
    folder.mkdir(parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", "size=1m,nr_inodes=64", "hami-test", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def pages_on(node: DriverNode) -> None:
    """Put the pages of shares and cards on that disk, and nothing else of the driver's state."""
    (node.folder / "state").mkdir()
    for name in ("shares", "cards"):
        (node.folder / PAGES / name).mkdir()
        (node.folder / "state" / name).symlink_to(node.folder / PAGES / name)


def fill(folder: Path) -> Path:
    """Leave no byte in a file system."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return filler
    raise AssertionError("a disk without an end")


@needs_root
@pytest.mark.parametrize("where", ["kubelet/plugins/hami.io", "cdi", PAGES])
async def test_a_full_disk_refuses_new_claims_keeps_old_ones_and_heals(
    api: FakeApi, node: DriverNode, where: str
) -> None:
    old, new = stored(api, small_share(), name="old"), stored(api, small_share(), name="new")
    uid = new["metadata"]["uid"]
    with small_disk(node.folder / where):
        if where == PAGES:
            pages_on(node)
        async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
            first = await kubelet.prepare(old)
            filler = fill(node.folder / where)
            error = (await kubelet.prepare(new))[uid].error
            assert "No space left on device; is the disk of the node full" in error
            assert await kubelet.prepare(old) == first
            filler.unlink()
            assert (await kubelet.prepare(new))[uid].error == ""
            filler = fill(node.folder / where)
            taken_back = (await kubelet.unprepare(new))[uid].error
            assert ("No space left" in taken_back) == (where == "kubelet/plugins/hami.io")
            filler.unlink()
            for claim in (new, old):
                assert (await kubelet.unprepare(claim))[claim["metadata"]["uid"]].error == ""
        assert (node.specs, node.shares) == ([], [])
        assert decode(node.checkpoint.read_bytes()).claims == ()
    assert "Traceback" not in node.log.read_text()


@needs_root
async def test_a_read_only_cdi_folder_is_each_calls_error_until_it_can_be_written(
    api: FakeApi, node: DriverNode
) -> None:
    old, new = stored(api, small_share(), name="old"), stored(api, small_share(), name="new")
    folder = node.folder / "cdi"
    with small_disk(folder):
        async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
            await kubelet.prepare(old)
            mount("-o", "remount,ro", str(folder))
            for answer in (await kubelet.prepare(new), await kubelet.unprepare(old)):
                (entry,) = answer.values()
                assert "Read-only file system; is the disk of the node full or read-only?" in entry.error
            assert len(node.specs) == 1  # of the old one, whose containers may start again
            mount("-o", "remount,rw", str(folder))
            assert (await kubelet.prepare(new))[new["metadata"]["uid"]].error == ""
            assert (await kubelet.unprepare(old))[old["metadata"]["uid"]].error == ""
            assert len(node.specs) == len(node.shares) == 1
        mount("-o", "remount,ro", str(folder))
        assert f"folder {folder}: cannot be written" in await failing(node)
    assert "Traceback" not in node.log.read_text()


async def test_without_an_api_server_claims_are_taken_back_and_new_ones_wait_for_it(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    old, new = stored(api, small_share(), name="old"), stored(api, small_share(), name="new")
    await published(api)
    await kubelet.prepare(old)
    await api.go_away()
    waiting = asyncio.create_task(kubelet.prepare(new))
    assert (await kubelet.unprepare(old))[old["metadata"]["uid"]].error == ""
    assert not waiting.done()
    await api.listen()
    assert (await waiting)[new["metadata"]["uid"]].error == ""
    api.wipe_slices()
    await published(api)


@pytest.mark.parametrize("moment", [0, 2**32], ids=["past", "future"])
async def test_no_clock_that_jumps_changes_what_is_prepared(api: FakeApi, node: DriverNode, moment: int) -> None:
    claim = stored(api, small_share())
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        first = await kubelet.prepare(claim)
        for path in node.folder.rglob("*"):
            if path.is_file() or path.is_dir():
                os.utime(path, (moment, moment))
        assert await kubelet.prepare(claim) == first
    pages, specs = [node.pages(share) for share in node.shares], [path.stat().st_ino for path in node.specs]
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        assert ([node.pages(share) for share in node.shares], [path.stat().st_ino for path in node.specs]) == (
            pages,
            specs,
        )
        assert await kubelet.prepare(claim) == first


async def test_foreign_and_broken_files_are_left_and_a_broken_spec_of_ours_is_written_again(
    api: FakeApi, node: DriverNode
) -> None:
    claim = stored(api, small_share())
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
    (spec,) = node.specs
    good = spec.read_bytes()
    spec.write_bytes(good[: len(good) // 2])
    foreign = {"nvidia.yaml": b"\xff\xfe: [", "broken.json": b"{", "hami.io-claimant_x.json": b""}
    for name, content in foreign.items():
        spec.with_name(name).write_bytes(content)
    spec.with_name("hami.io-claim_folder.json").mkdir()
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        assert spec.read_bytes() == good
        assert (await kubelet.unprepare(claim))[claim["metadata"]["uid"]].error == ""
    assert {path.name: path.read_bytes() for path in node.specs if path.is_file()} == foreign
    assert "Traceback" not in node.log.read_text()


async def test_a_refused_registration_is_tried_again(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    await kubelet.notify(registration.RegistrationStatus(plugin_registered=False, error="not today"))
    await until(lambda: node.log.read_text().count("hami.io-reg.sock") >= 2)
    await kubelet.notify(registration.RegistrationStatus(plugin_registered=True))
    assert "refuses to register the driver: not today; registering again" in node.log.read_text()
    claim = stored(api, small_share())
    assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""


async def test_nonsense_from_the_kubelet_is_that_claims_error(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    long, good = "n" * 253, stored(api, small_share(), name="good")
    many = stored(
        api,
        *(share_result(request=f"r{number}", share_id=str(uuid4()), memory="1Mi", cores="1", slots="1") for number in range(32)),
        name=long,
    )  # fmt: skip
    unusable = {
        "does not exist any more": claim_object(uid="not-there", name="n" * 253),
        "device gpu-7-share is not on this node": stored(api, share_result("gpu-7-share"), name="unknown"),
        "consumedCapacity.memory is 0": stored(api, share_result(memory="0"), name="zero"),
        "from pool elsewhere": stored(api, whole_result() | {"pool": "elsewhere"}, name="elsewhere"),
    }
    del api.claims["team", long]
    wrong_uid = claim_object(uid="wrong", name="good")
    answer = await kubelet.prepare(good, good, wrong_uid, *unusable.values())
    assert answer[good["metadata"]["uid"]].error == ""
    assert "made anew" in answer["wrong"].error
    assert {words for words, claim in unusable.items() if words in answer[claim["metadata"]["uid"]].error} == set(
        unusable
    )
    api.claims["team", long] = many
    assert len((await kubelet.prepare(many))[many["metadata"]["uid"]].devices) == 32
    for name in ("", "..", "a/b", "a?watch=true", "n" * 254, "\u00e9"):
        odd = {"metadata": {"namespace": "team", "name": name, "uid": "odd"}}
        assert "is not one that Kubernetes gives" in (await kubelet.prepare(odd))["odd"].error
        assert (await kubelet.unprepare(odd))["odd"].error == ""
    assert await kubelet.prepare() == {}
    assert len(node.specs) == 2
    assert "Traceback" not in node.log.read_text()


async def test_a_message_beyond_all_bounds_is_refused_and_the_next_one_served(
    api: FakeApi, kubelet: FakeKubelet
) -> None:
    huge = [dra.Claim(namespace="team", name="n" * 200, uid=str(number)) for number in range(30_000)]
    async with grpc.aio.insecure_channel(f"unix:{kubelet.info.endpoint}") as channel:
        call = dra_grpc.DRAPluginStub(channel).NodePrepareResources(dra.NodePrepareResourcesRequest(claims=huge))
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
    assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    claim = stored(api, small_share())
    assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""


async def test_claims_that_exist_nowhere_are_released_at_start_and_no_others(api: FakeApi, node: DriverNode) -> None:
    names = ("lost", "known-to-the-kubelet", "in-the-api-server")
    claims = {name: stored(api, small_share(), name=name) for name in names}
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(*claims.values())
    old = node.folder / "state/lib/0123456789abcdef"
    old.mkdir()
    del api.claims["team", "lost"], api.claims["team", "known-to-the-kubelet"]
    (node.kubelet_folder / "dra_manager_state").write_text(claims["known-to-the-kubelet"]["metadata"]["uid"])
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: len(node.specs) == 2)
        assert "claim team/lost" in node.log.read_text()
    held = {claim.name for claim in decode(node.checkpoint.read_bytes()).claims}
    assert held == {"known-to-the-kubelet", "in-the-api-server"}
    assert len(node.shares) == 2
    assert not old.exists()
    assert len([path for path in (node.folder / "state/lib").iterdir() if path.is_dir()]) == 1


async def test_a_monitoring_claim_is_prepared_beside_a_whole_card_that_is_taken(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    taken = stored(api, whole_result("gpu-0"), name="taken")
    watching = stored(
        api, *({**whole_result(f"gpu-{index}"), "adminAccess": True} for index in range(2)), name="watching"
    )
    for claim in (taken, watching):
        assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""
    assert node.shares == []
    assert [device.pool_name for device in (await kubelet.prepare(watching))[watching["metadata"]["uid"]].devices] == [
        NODE
    ] * 2
