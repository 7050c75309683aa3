"""Accounting inside containers, where nobody allocates: the dead are refunded although no peer asks, and contexts are charged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.names import MIB
from dra_driver.shares.slots import NOTHING, Holdings
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, pod
from tests.holdings import read_holdings
from tests.node.test_shares import CONTEXT_MIB, KILL

pytestmark = pytest.mark.node

FILL = "fill-until-refused --mib {mib} --hold 600 </dev/null >/tmp/log 2>&1 &"


@pytest.fixture
def not_charging(system: LocalSystem) -> Iterator[None]:
    """The driver charges no overhead to shares that are made; afterwards it runs as before."""
    system.driver_flags = ("--no-account-overhead",)
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


def run(namespace: Namespace, pod_name: str, script: str) -> str:
    return namespace.kubectl("exec", pod_name, "--", "sh", "-c", script)


def test_what_killed_processes_held_is_refunded_though_nobody_asks(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("killed", container(gpu=1, gpumem=1000)))
    namespace.wait_running("killed")
    usage = share_of(system, namespace, "killed") / "usage"
    run(namespace, "killed", FILL.format(mib=600))
    eventually(lambda: read_holdings(usage) == Holdings((600 + CONTEXT_MIB) * MIB, 0), "the program holds its memory")
    run(namespace, "killed", KILL)
    eventually(lambda: read_holdings(usage) == NOTHING, "the node has refunded it")


def test_a_context_is_part_of_its_share_from_its_first_moment_to_its_end(
    namespace: Namespace, system: LocalSystem
) -> None:
    namespace.apply(pod("charged", container(gpu=1, gpumem=1000)))
    namespace.wait_running("charged")
    usage = share_of(system, namespace, "charged") / "usage"
    run(namespace, "charged", FILL.format(mib=400))
    eventually(lambda: read_holdings(usage).living_bytes == (400 + CONTEXT_MIB) * MIB, "the program holds its memory")
    assert f"{400 + CONTEXT_MIB}MiB" in run(namespace, "charged", "nvidia-smi").replace(" ", "")
    rest_mib = 1000 - 400 - 2 * CONTEXT_MIB
    assert f"allocated {rest_mib} MiB of 1000 MiB" in run(namespace, "charged", "fill-until-refused; true")
    run(namespace, "charged", KILL)
    eventually(lambda: read_holdings(usage) == NOTHING, "the node has refunded it")
    assert f"allocated {1000 - CONTEXT_MIB} MiB of 1000 MiB" in run(namespace, "charged", "fill-until-refused; true")


@pytest.mark.usefixtures("not_charging")
def test_a_share_that_is_made_without_is_left_to_what_its_programs_allocate(namespace: Namespace) -> None:
    namespace.apply(pod("free", container(gpu=1, gpumem=1000)))
    namespace.wait_running("free")
    assert "allocated 1000 MiB of 1000 MiB (rounded" in run(namespace, "free", "fill-until-refused; true")
