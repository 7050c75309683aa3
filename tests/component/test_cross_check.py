"""A pod that uses a simulated card past the interceptor, beside the real driver: its event, the metric, and the eviction."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from dra_driver.simulated.backend import LIBRARY_FOLDER
from hack.local_cluster.host import cgroups_of
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_driver_reports import metrics
from tests.component.test_live_limits import CONTAINER, REPOSITORY
from tests.unit.driver_objects import claim_object, opaque, share_result

PROGRAMS = Path(__file__).parent / "simulated_programs"
WINDOWS_S = 60.0
"""Within this a share's time has been held against its cap: two windows of ten seconds, and what it takes to see it at work."""
ENTER = 'echo $$ > "$1"; shift; exec "$@"'

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="control groups are root's")


@contextmanager
def in_pod(uid: str, command: list[str | Path]) -> Iterator[None]:
    """Run a program in the control group of a pod until the block ends."""
    _, hierarchies = cgroups_of(Path("/proc/mounts").read_text())
    group = hierarchies[0] / f"hami-test-pod{uid}"
    group.mkdir()
    try:
        with subprocess.Popen(
            ["sh", "-euc", ENTER, "sh", group / "cgroup.procs", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield
            process.kill()
    finally:
        group.rmdir()


class Watched:
    """A node whose driver evicts, a claim that is prepared on it, and a pod whose name the kubelet's folder of logs knows."""

    def __init__(self, folder: Path, api: FakeApi, pod: str) -> None:
        self.pod, self.uid, self._api = pod, str(uuid4()), api
        logs, configuration = folder / "logs", folder / "configuration.yaml"
        (logs / f"team_{pod}_{self.uid}").mkdir(parents=True)
        configuration.write_text("defaults: {crossCheck: evict}\n")
        self.node = DriverNode(
            folder, api.kubeconfig, more=("--pod-logs-dir", str(logs), "--config", str(configuration))
        )
        config = [opaque({"corePolicy": "force"})]
        self.claim = api.claims["team", "claim"] = claim_object(share_result(), config=config, uid=str(uuid4()))

    @property
    def library(self) -> Path:
        return self.node.folder / "state/simulated" / LIBRARY_FOLDER / "libcuda.so.1"

    async def is_told(self, reason: str, words: str) -> None:
        """Wait for the eviction; by then metric, event and log must name the pod and the reason, once."""
        async with asyncio.timeout(WINDOWS_S):
            while not self._api.evicted:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.05)
        found = await metrics(self.node)
        assert self._api.evicted == [self.pod]
        (event,) = self._api.events.values()
        assert (event["reason"], event["involvedObject"]["name"]) == ("CardUsedOutsideOfShare", self.pod)
        assert words in event["message"]
        counts = {name: value for name, value in found.items() if "findings_total" in name}
        assert [(f'reason="{reason}"' in name, value) for name, value in counts.items()] == [(True, 1)]
        assert f"cross-check ({reason}): pod team/{self.pod}: " in self.node.log.read_text()


@needs_root
async def test_a_pod_without_a_share_of_the_card_that_it_uses_is_told_and_evicted(tmp_path: Path, api: FakeApi) -> None:
    watched = Watched(tmp_path, api, "stranger")
    async with driver(watched.node), FakeKubelet(watched.node.kubelet_folder) as kubelet:
        await kubelet.prepare(watched.claim)
        with in_pod(watched.uid, [sys.executable, PROGRAMS / "cuda_holder.py", watched.library, "100", "2"]):
            await watched.is_told("outside", "has no share of it")


@needs_root
async def test_a_pod_that_launches_past_the_interceptor_is_told_of_its_time_and_evicted(
    tmp_path: Path, api: FakeApi
) -> None:
    """It accounts its context as others do, and launches by an address that it found in the driver's table of symbols."""
    watched = Watched(tmp_path, api, "escapee")
    async with driver(watched.node), FakeKubelet(watched.node.kubelet_folder) as kubelet:
        await kubelet.prepare(watched.claim)
        (share,) = watched.node.shares
        escapee = (sys.executable, PROGRAMS / "cuda_escapee.py", watched.library)
        container = ("unshare", "--mount", "sh", "-euc", CONTAINER, "sh", share, REPOSITORY / "build/libvgpu.so")
        with in_pod(watched.uid, [*container, *escapee]):
            await watched.is_told("time", "where it may have 30%, and accounts 0%")
