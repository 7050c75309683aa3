"""The node's part in accounting, inside containers: the dead are refunded although no peer asks, and contexts are charged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.names import MIB
from dra_driver.pages import read_limits
from dra_driver.slots import NOTHING, Holdings, read_holdings
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, pod
from tests.node.test_shares import KILL

pytestmark = pytest.mark.node

CONTEXT = 64 * MIB
FILL = "fill-until-refused --mib {mib} --hold 600 </dev/null >/tmp/log 2>&1 &"


@pytest.fixture
def charging(system: LocalSystem) -> Iterator[None]:
    """The driver charges overhead; afterwards it runs as before."""
    system.driver_flags = ("--account-overhead",)
    system.driver.stop()
    system.driver.start()
    yield
    system.driver_flags = ()
    system.driver.stop()
    system.driver.start()


def share_of(system: LocalSystem, namespace: Namespace, pod_name: str) -> Path:
    uid = namespace.claim_of(pod_name)["metadata"]["uid"]
    (folder,) = (system.driver_state / "shares").glob(f"{uid}-*")
    return folder


def overhead_bytes(share: Path) -> int:
    return read_limits((share / "limits").read_bytes()).overhead_bytes


def run(namespace: Namespace, pod_name: str, script: str) -> str:
    return namespace.kubectl("exec", pod_name, "--", "sh", "-c", script)


def test_what_killed_processes_held_is_refunded_though_nobody_asks(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("killed", container(gpu=1, gpumem=1000)))
    namespace.wait_running("killed")
    usage = share_of(system, namespace, "killed") / "usage"
    run(namespace, "killed", FILL.format(mib=600))
    eventually(lambda: read_holdings(usage) == Holdings(600 * MIB, 0), "the program holds its memory")
    run(namespace, "killed", KILL)
    eventually(lambda: read_holdings(usage) == NOTHING, "the node has refunded it")


@pytest.mark.usefixtures("charging")
def test_a_context_is_charged_to_its_share_while_its_process_lives(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("charged", container(gpu=1, gpumem=1000)))
    namespace.wait_running("charged")
    share = share_of(system, namespace, "charged")
    run(namespace, "charged", FILL.format(mib=400))
    eventually(lambda: overhead_bytes(share) == CONTEXT, "the context is charged")
    assert "464MiB" in run(namespace, "charged", "nvidia-smi").replace(" ", "")
    assert "allocated 536 MiB of 1000 MiB" in run(namespace, "charged", "fill-until-refused; true")
    run(namespace, "charged", KILL)
    eventually(lambda: overhead_bytes(share) == 0, "nothing is charged any more")
    assert "allocated 1000 MiB of 1000 MiB" in run(namespace, "charged", "fill-until-refused; true")
