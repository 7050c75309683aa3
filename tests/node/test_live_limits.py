"""`hami-dra limit` on a node: a container that runs sees what is changed, and what was granted stays the bound, whoever restarts."""

import re
import subprocess

import pytest

from dra_driver.shares.time_pages import Samples, read_samples
from hack.local_system import COMMAND, LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, pod
from tests.node.test_accounting import FILL, run, share_of
from tests.node.test_shares import CONTEXT_MIB, KILL
from tests.node.test_time import BACKGROUND, FORCE

pytestmark = pytest.mark.node

GRANTED_MIB, GRANTED_CORES = 1000, 60
FEW_CORES = 20
SECOND = 10**9
SETTLED_NS = SECOND
"""What the node sees is a quarter of a second old; after this it is all of the new limit."""
WINDOW_NS = 2 * SECOND
AT_MOST = FEW_CORES + 5
"""A share may save up 50 ms of credit, and NVML's windows are a sixth of a second."""


class Limited:
    """A pod with a share of a card, and the command that changes its limits."""

    def __init__(self, namespace: Namespace, system: LocalSystem, name: str) -> None:
        self.namespace, self.name, self._system = namespace, name, system
        namespace.apply(pod(name, container(gpu=1, gpumem=GRANTED_MIB, gpucores=GRANTED_CORES) | FORCE))
        namespace.wait_running(name)
        self.share = share_of(system, namespace, name)
        self._claim = namespace.claim_of(name)["metadata"]["name"]

    def limit(self, *flags: str) -> "subprocess.CompletedProcess[str]":
        """Run the command on the node."""
        folders = ("--kubelet-dir", self._system.cluster.kubelet_dir, "--state-dir", self._system.driver_state)
        command = [*map(str, (COMMAND, "limit", f"{self.namespace.name}/{self._claim}", *flags, *folders))]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def run(self, script: str) -> str:
        """Run something in the container."""
        return run(self.namespace, self.name, script)

    def in_force(self) -> list[str]:
        """Return the limits on memory and cores that the command shows."""
        words = self.limit().stdout.splitlines()[1].split()
        return [words[2], words[5]]

    def percent(self, window_ns: int) -> float:
        """Return what the node sees the share use of the card, from a while from now on, for as long as that."""
        begin = self._after(self._after(1).sampled_at_ns + SETTLED_NS)
        end = self._after(begin.sampled_at_ns + window_ns)
        return 100 * (end.busy_ns - begin.busy_ns) / (end.sampled_at_ns - begin.sampled_at_ns)

    def _after(self, moment_ns: int) -> Samples:
        """Return the node's first sample from a moment on."""
        page = self.share / "limits"
        eventually(lambda: read_samples(page.read_bytes()).sampled_at_ns >= moment_ns, "the node samples the share")
        return read_samples(page.read_bytes())


def test_a_limit_below_what_is_used_refuses_more_and_outlives_the_driver(
    namespace: Namespace, system: LocalSystem
) -> None:
    limited = Limited(namespace, system, "shrunk")
    limited.run(FILL.format(mib=400))
    eventually(lambda: "allocated 400 MiB" in limited.run("cat /tmp/log"), "it holds its memory")
    done = limited.limit("--memory", "300")
    assert done.returncode == 0, done.stderr
    assert "uses more memory than its limit, keeps it" in done.stdout
    assert "300MiB" in limited.run("nvidia-smi").replace(" ", "")
    assert "CUDA_ERROR_OUT_OF_MEMORY" in limited.run("fill-until-refused 2>&1; true"), "not even a context is granted"
    limited.run(KILL)
    system.driver.stop()
    system.driver.start()
    assert limited.in_force() == ["300Mi", str(GRANTED_CORES)]
    eventually(
        lambda: allocated_mib(limited) == 300 - CONTEXT_MIB, "what is free below the new limit is granted, and no more"
    )
    assert limited.limit("--reset").returncode == 0
    assert allocated_mib(limited) == GRANTED_MIB - CONTEXT_MIB


def test_fewer_cores_hold_for_a_program_that_runs_and_more_than_granted_is_refused(
    namespace: Namespace, system: LocalSystem
) -> None:
    limited = Limited(namespace, system, "slowed")
    limited.run(BACKGROUND)
    eventually(lambda: limited.percent(SECOND // 2) > AT_MOST, "the program has more of the card than it will have")
    for flag, much, granted in (("--cores", "61", "60 percent"), ("--memory", "1001", "1000 MiB")):
        refused = limited.limit(flag, much)
        assert refused.returncode == 1
        assert re.search(f"{much}.* is more than the {granted} that were granted", refused.stderr), refused.stderr
    assert limited.in_force() == [f"{GRANTED_MIB}Mi", str(GRANTED_CORES)], "what is refused changes nothing"
    assert limited.limit("--cores", str(FEW_CORES)).returncode == 0
    assert 0 < limited.percent(WINDOW_NS) <= AT_MOST
    assert limited.limit("--reset").returncode == 0
    eventually(lambda: limited.percent(SECOND // 2) > AT_MOST, "it has more again, and was never restarted")


def allocated_mib(limited: Limited) -> int:
    found = re.search(r"allocated (\d+) MiB", limited.run("fill-until-refused 2>&1; true"))
    return int(found[1]) if found else 0
