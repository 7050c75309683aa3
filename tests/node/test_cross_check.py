"""A container whose program loads nothing before it: the node finds it, names its pod and evicts it, by the rights that are printed."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, pod
from tests.node.test_accounting import run
from tests.node.test_config import configuration

__all__ = ["configuration"]

LOADER = Path("/lib64/ld-linux-x86-64.so.2")
PRELOAD, NOTHING = b"/etc/ld.so.preload", b"/etc/ld.so.nothing"
SHARE_MIB = 1000

pytestmark = [pytest.mark.node, pytest.mark.skipif(not LOADER.exists(), reason="the loader is that of x86-64")]


@pytest.fixture
def evicting(system: LocalSystem, configuration: Path) -> Iterator[None]:
    """The driver evicts, and may; afterwards as before."""
    system.cluster.kubectl("apply", "-f", "-", stdin=system.manifests("--driver-evicts"))
    configuration.write_text("defaults: {crossCheck: evict}")
    yield
    system.cluster.kubectl("apply", "-f", "-", stdin=system.manifests())


@pytest.mark.usefixtures("evicting")
def test_a_pod_with_a_loader_of_its_own_is_told_and_evicted(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("escaped", container(gpu=1, gpumem=SHARE_MIB)))
    namespace.wait_running("escaped")
    own = base64.b64encode(LOADER.read_bytes().replace(PRELOAD, NOTHING)).decode()
    namespace.kubectl(
        "exec", "-i", "escaped", "--", "sh", "-c", "base64 -d >/tmp/loader && chmod +x /tmp/loader", stdin=own
    )
    fill = f"/tmp/loader /usr/bin/fill-until-refused --mib {2 * SHARE_MIB} --hold 600 </dev/null >/tmp/log 2>&1 &"
    run(namespace, "escaped", fill)
    eventually(lambda: "escaped" not in names(namespace), "the pod is gone")
    assert "of the share holds" in namespace.events("escaped")
    assert "accounts nothing: no interceptor is in it" in namespace.events("escaped")
    log = system.cluster.log_of(system.driver.name).read_text()
    assert f"cross-check (unaccounted): pod {namespace.name}/escaped: " in log
    assert f"cross-check: pod {namespace.name}/escaped (" in log


def names(namespace: Namespace) -> list[str]:
    return [item["metadata"]["name"] for item in namespace.objects("pods")]
