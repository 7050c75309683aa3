"""Two real driver processes of one node, as during a rolling update: sockets of their own, one state, and no call that fails."""

import asyncio
import signal
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dra_driver.claims.checkpoint import decode
from dra_driver.kubelet.server import Sockets
from tests.component.driver_process import DriverNode, driver, failing
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_driver_socket import published, small_share, stored
from tests.waiting import until


@pytest.fixture
def node(api: FakeApi) -> Iterator[DriverNode]:
    """In a folder with a short name, as nodes have: sockets carry the ids in full then."""
    with tempfile.TemporaryDirectory(prefix="hami-") as folder:
        yield DriverNode(Path(folder), api.kubeconfig)


def log_of(node: DriverNode, instance: str) -> Path:
    return node.folder / f"driver-{instance}.log"


@asynccontextmanager
async def instance(node: DriverNode, name: str) -> AsyncIterator[tuple[Process, FakeKubelet]]:
    """A driver with an instance id, and the kubelet that has registered it."""
    async with (
        driver(node, "--instance", name, log=log_of(node, name)) as process,
        FakeKubelet(node.kubelet_folder, name) as kubelet,
    ):
        yield process, kubelet


async def logged(node: DriverNode, name: str, words: str) -> None:
    await until(lambda: words in log_of(node, name).read_text())


async def test_claims_go_from_the_old_driver_to_the_new_one_without_an_error(api: FakeApi, node: DriverNode) -> None:
    claims = [stored(api, small_share(), name=f"claim-{number}") for number in range(12)]
    async with instance(node, "new") as (_, new):
        async with instance(node, "old") as (process, old):
            answers = await asyncio.gather(
                *((old, new)[number % 2].prepare(claim) for number, claim in enumerate(claims))
            )
            await asyncio.gather(*(old.unprepare(claim) for claim in claims[:4]))
            process.send_signal(signal.SIGTERM)
            late = asyncio.create_task(old.prepare(claims[0]))  # on its way while the kubelet turns to the other
            answers += [await late]
        assert [entry.error for answer in answers for entry in answer.values()] == [""] * 13
        again = await asyncio.gather(*(new.prepare(claim) for claim in claims[4:]))
        assert again == answers[4:12]
        await asyncio.gather(*(new.unprepare(claim) for claim in claims))
        assert (node.specs, node.shares) == ([], [])
        assert decode(node.checkpoint.read_bytes()).claims == ()
    assert len(api.slices) == 2  # nobody took them back


async def test_only_the_newest_publishes_and_the_older_again_when_it_is_gone(api: FakeApi, node: DriverNode) -> None:
    async with instance(node, "old"):
        await published(api)
        async with driver(node, "--instance", "new", "--split-count", "5", log=log_of(node, "new")) as process:
            async with FakeKubelet(node.kubelet_folder, "new"):
                await logged(node, "old", "left to a newer driver of this node")
                await logged(node, "new", "slices: published 2")
            process.send_signal(signal.SIGKILL)
            await process.wait()
        await logged(node, "old", "slices: published 2")
        generations = {slice_["spec"]["pool"]["generation"] for slice_ in api.slices.values()}
        assert len(generations) == 1


async def test_the_sockets_of_a_killed_driver_are_removed_by_the_next(api: FakeApi, node: DriverNode) -> None:
    async with instance(node, "killed") as (process, kubelet):
        assert kubelet.info.endpoint == f"{node.kubelet_folder}/plugins/hami.io/dra-killed.sock"
        process.send_signal(signal.SIGKILL)
        await process.wait()
    dead = Sockets.below(node.kubelet_folder, "killed")
    assert dead.plugin.is_socket()
    assert dead.registration.is_socket()
    async with instance(node, "next"):
        await logged(node, "next", f"removed {dead.plugin}, whose driver is dead")
        assert not dead.registration.exists()
    left = [path.name for path in (node.kubelet_folder / "plugins_registry").iterdir()]
    left += [path.name for path in (node.kubelet_folder / "plugins/hami.io").glob("dra*")]
    assert left == []


async def test_a_driver_that_wants_to_be_alone_is_not_beside_one_with_an_id(api: FakeApi, node: DriverNode) -> None:
    async with instance(node, "a"):
        assert "another driver serves" in await failing(node)
        assert "another driver of this instance id lives" in await failing(node, "--instance", "a")
    async with driver(node), FakeKubelet(node.kubelet_folder):
        assert "another driver serves" in await failing(node, "--instance", "b")


async def test_an_instance_id_that_is_no_part_of_a_name_is_refused(node: DriverNode) -> None:
    assert "--instance '../x': use up to 63 letters" in await failing(node, "--instance", "../x")
