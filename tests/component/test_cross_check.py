"""A pod that uses a simulated card without a share of it, beside the real driver: its event, the metric, and the eviction."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from dra_driver.simulated import LIBRARY_FOLDER
from hack.local_cluster.host import cgroups_of
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_driver_reports import metrics
from tests.unit.driver_objects import claim_object, share_result
from tests.waiting import until

HOLDER = Path(__file__).parent / "simulated_programs/cuda_holder.py"
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


@needs_root
async def test_a_pod_without_a_share_of_the_card_that_it_uses_is_told_and_evicted(tmp_path: Path, api: FakeApi) -> None:
    uid = str(uuid4())
    logs, configuration = tmp_path / "logs", tmp_path / "configuration.yaml"
    (logs / f"team_stranger_{uid}").mkdir(parents=True)
    configuration.write_text("defaults: {crossCheck: evict}\n")
    node = DriverNode(tmp_path, api.kubeconfig, more=("--pod-logs-dir", str(logs), "--config", str(configuration)))
    claim = claim_object(share_result(), uid=str(uuid4()))
    api.claims["team", "claim"] = claim
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
        library = node.folder / "state/simulated" / LIBRARY_FOLDER / "libcuda.so.1"
        with in_pod(uid, [sys.executable, HOLDER, library, "100", "2"]):
            await until(lambda: api.evicted, "the pod is evicted")
            found = await metrics(node)
    assert api.evicted == ["stranger"]
    (event,) = api.events.values()
    assert (event["reason"], event["involvedObject"]["name"]) == ("CardUsedOutsideOfShare", "stranger")
    (count,) = (value for name, value in found.items() if "findings_total" in name and 'reason="outside"' in name)
    assert count == 1
    assert "cross-check (outside): pod team/stranger" in node.log.read_text()
