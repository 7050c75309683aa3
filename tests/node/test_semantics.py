"""Legacy pods with HAMi's annotations and variables on the real kubelet and driver: what they prefer, choose and set is what they get."""

from pathlib import Path

import pytest

from catalog.errors import UnavailableError
from catalog.share_config import CorePolicy
from dra_driver.shares.pages import Limits, read_limits
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, Object, limited, pod
from tests.node.test_config import busy
from tests.node.test_shares import proof_of
from tests.unit.webhook_pods import annotated

pytestmark = pytest.mark.node


def wishing(name: str, limits: dict[str, int], **annotations: str) -> Object:
    manifest = pod(name, limited(limits, command=HOLD))
    manifest["metadata"]["annotations"] = {}
    return annotated(manifest, **annotations)


def device_of(namespace: Namespace, manifest: Object) -> str:
    """Apply a pod, wait until it runs, and return its device."""
    name = manifest["metadata"]["name"]
    namespace.apply(manifest)
    namespace.wait_running(name)
    (result,) = namespace.results_of(name)
    return str(result["device"])


def page_of(system: LocalSystem, memory_mib: int) -> Limits:
    """The limits page of the only share with so much memory."""
    folders: list[Path] = list((system.driver_state / "shares").glob("*/limits"))
    (found,) = [page for path in folders if (page := read_limits(path.read_bytes())).memory_bytes == memory_mib * 2**20]
    return found


def test_policies_follow_what_the_driver_says_is_in_use(namespace: Namespace, system: LocalSystem) -> None:
    small = {"gpu": 1, "gpumem": 1000}
    assert device_of(namespace, wishing("holder", small, use_gpuindexes="2")) == "gpu-2-share"
    eventually(lambda: busy(system) == {"gpu-2", "gpu-2-share"}, "the card of the holder alone is busy")
    assert device_of(namespace, wishing("pack", small, hami_gpu_scheduler_policy="binpack")) == "gpu-2-share"
    spread = wishing("spread", small, hami_gpu_scheduler_policy="spread", nouse_gpuindexes="0")
    assert device_of(namespace, spread) in ("gpu-1-share", "gpu-3-share")


def test_a_share_that_is_alone_on_its_card_is_held_to_its_memory_all_the_same(namespace: Namespace) -> None:
    device_of(namespace, wishing("alone", {"gpu": 1, "gpumem": 4000, "gpucores": 100}, use_gpuindexes="1"))
    assert list(proof_of(namespace, "alone").values()) == [(4000, 4000)]
    namespace.apply(wishing("joins", {"gpu": 1, "gpumem": 1000}, use_gpuindexes="1"))
    assert "cannot allocate all claims" in namespace.pending_reason("joins")


def test_priority_and_core_policy_reach_the_limits_page(namespace: Namespace, system: LocalSystem) -> None:
    manifest = wishing("first", {"gpu": 1, "gpumem": 1234, "gpucores": 30, "priority": 0})
    manifest["spec"]["containers"][0]["env"] = [{"name": "GPU_CORE_UTILIZATION_POLICY", "value": "force"}]
    device_of(namespace, manifest)
    page = page_of(system, 1234)
    assert (page.priority, page.cores_percent, page.policy) == (0, 30, CorePolicy.FORCE)


def test_the_modes_give_a_mig_device_or_a_whole_card_to_a_legacy_pod(namespace: Namespace) -> None:
    asked = {"gpu": 1, "gpumem": 9000}
    assert device_of(namespace, wishing("mig", asked, vgpu_mode="mig")) == "gpu-4-mig-1g10gb-0"
    assert device_of(namespace, wishing("whole", asked, vgpu_mode="whole")) in {f"gpu-{index}" for index in range(4)}


def test_a_container_that_wants_no_limits_is_refused(namespace: Namespace) -> None:
    manifest = wishing("free", {"gpu": 1, "gpumem": 1000})
    manifest["spec"]["containers"][0]["env"] = [{"name": "CUDA_DISABLE_CONTROL", "value": "true"}]
    with pytest.raises(UnavailableError, match="env CUDA_DISABLE_CONTROL: this cluster allows no share without limits"):
        namespace.apply(manifest)
