"""A share of the card's time in a container: a legacy pod with gpucores is held to it, its neighbour is not, and the node sees both."""

import re
from pathlib import Path

import pytest

from dra_driver.shares.time_pages import TimeUsage, read_samples, read_time
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, pod
from tests.node.test_accounting import run, share_of

pytestmark = pytest.mark.node

CORES = 30
FORCE = {"env": [{"name": "GPU_CORE_UTILIZATION_POLICY", "value": "force"}]}
"""The cap holds also while nobody else is at work."""
IN_ALL = re.compile(r"in all \d+ launches of 1000 us in [\d.]+ s: ([\d.]+) % of the card by wall time")
BACKGROUND = "keep-busy --seconds 0 --unit-us 1000 </dev/null >/tmp/log 2>&1 &"
AT_MOST = CORES + 5
"""A share may save up 50 ms of credit, which is 1.3 percent of the four seconds."""


def used_percent(namespace: Namespace, pod_name: str) -> float:
    said = run(namespace, pod_name, "keep-busy --seconds 4 --unit-us 1000")
    found = IN_ALL.search(said)
    assert found, said
    return float(found[1])


def test_a_legacy_pod_with_gpucores_has_that_much_of_the_card_and_its_neighbour_is_not_held(
    namespace: Namespace, system: LocalSystem
) -> None:
    namespace.apply(pod("capped", container(gpu=1, gpumem=1000, gpucores=CORES) | FORCE))
    namespace.wait_running("capped")
    assert 0 < used_percent(namespace, "capped") <= AT_MOST, "alone"
    card = namespace.kubectl("exec", "capped", "--", "nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader").strip()
    neighbour = pod("free", container(gpu=1, gpumem=1000))
    neighbour["metadata"]["annotations"] = {"nvidia.com/use-gpuuuid": card}
    namespace.apply(neighbour)
    namespace.wait_running("free")
    capped, free = (share_of(system, namespace, name) for name in ("capped", "free"))
    assert (capped / "card").samefile(free / "card")
    for name in ("capped", "free"):
        run(namespace, name, BACKGROUND)
    eventually(lambda: time_of(capped).throttled_ns > 0, "the capped program was held back")
    eventually(
        lambda: read_samples((capped / "limits").read_bytes()).busy_ns > 0, "the node sees the capped one's time"
    )
    eventually(lambda: read_samples((free / "limits").read_bytes()).busy_ns > 0, "and its neighbour's")
    assert time_of(free).throttled_ns == 0
    assert 0 < used_percent(namespace, "capped") <= AT_MOST, "with another process of its own, and a neighbour"


def time_of(share: Path) -> TimeUsage:
    return read_time((share / "usage").read_bytes())
