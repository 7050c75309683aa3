"""Shims on the real node: a share is held by the file in the driver's place, alone and beside the preload list; a whole card is not."""

from collections.abc import Iterator

import pytest

from dra_driver.containers.delivery import Delivery
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace
from tests.cluster.objects import HOLD, container, pod
from tests.node.test_shares import proof_of

pytestmark = pytest.mark.node

PRELOAD_LIST = "cat /etc/ld.so.preload 2>/dev/null || true"


@pytest.fixture(scope="module", params=[Delivery.SHIM, Delivery.BOTH])
def delivery(
    request: pytest.FixtureRequest, system: LocalSystem, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Delivery]:
    """A delivery that the node's driver was started with; afterwards it runs as before."""
    path = tmp_path_factory.mktemp("delivery") / "nodes.yaml"
    path.write_text(f"defaults: {{delivery: {request.param}}}")
    system.configuration = path
    system.driver.stop()
    system.driver.start()
    yield request.param
    system.configuration = None
    system.driver.stop()
    system.driver.start()


def maps(namespace: Namespace, name: str) -> str:
    return namespace.kubectl("exec", name, "--", "cat", "/proc/1/maps")


def test_a_share_is_held_behind_a_shim(namespace: Namespace, delivery: Delivery) -> None:
    namespace.apply(pod("tenant", container(command=HOLD, gpu=1, gpumem=4000)))
    namespace.wait_running("tenant")
    assert list(proof_of(namespace, "tenant").values()) == [(4000, 4000)]
    assert "4000MiB" in namespace.kubectl("exec", "tenant", "--", "nvidia-smi").replace(" ", "")
    listed = namespace.kubectl("exec", "tenant", "--", "sh", "-c", PRELOAD_LIST)
    assert ("libvgpu.so" in listed) == (delivery is Delivery.BOTH)
    mapped = maps(namespace, "tenant")
    assert "/run/hami.io/lib/libvgpu.so" in mapped
    assert "/run/hami.io/driver/libcuda.so.1" in mapped
    namespace.delete_pod("tenant")


def test_a_whole_card_behind_a_shim_is_whole(namespace: Namespace, delivery: Delivery) -> None:
    namespace.apply(pod("whole", container(command=HOLD, gpu=1)))
    namespace.wait_running("whole")
    ((_, total),) = proof_of(namespace, "whole").values()
    assert total == 81920
    assert "/run/hami.io/driver/libcuda.so.1" in maps(namespace, "whole")
    assert not namespace.kubectl("exec", "whole", "--", "sh", "-c", PRELOAD_LIST), delivery
    namespace.delete_pod("whole")
