"""What a user gets: legacy pods and claims on the real kubelet, limits proven inside the container, nothing left afterwards.

Covered: one tenant and what it may try, two cards, three replicas on two cards, 26 tenants on one card, the whole card, claims of
others' shape, several processes, neighbours, containers without a card, restarts, and the end of a pod.
"""

import re
from pathlib import Path

import pytest

from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, IDLE, container, deployment, pod

pytestmark = pytest.mark.node

KILL = "kill -9 $(pidof fill-until-refused)"
CONTEXT_MIB = 64
"""What a context takes of a simulated card whose file does not say it."""
PROOF = re.compile(
    rf"(GPU-\S+): allocated (\d+) MiB of (\d+) MiB beside {CONTEXT_MIB} MiB in use .*refused: CUDA_ERROR_OUT_OF_MEMORY"
)


def proofs(log: str) -> dict[str, tuple[int, int]]:
    """Card UUID → (MiB that a program held when it was refused more: its context, and what it allocated; MiB that it saw)."""
    return {uuid: (CONTEXT_MIB + int(allocated), int(total)) for uuid, allocated, total in PROOF.findall(log)}


def proof_of(namespace: Namespace, pod_name: str, *arguments: str) -> dict[str, tuple[int, int]]:
    return eventually(lambda: proofs(namespace.logs(pod_name, *arguments)), f"pod {pod_name} met its limit")


def files_of_shares(system: LocalSystem) -> list[Path]:
    return [*(system.driver_state / "shares").iterdir(), *system.cluster.cdi_dir.iterdir()]


def test_a_legacy_pod_gets_its_memory_to_the_byte_and_leaves_nothing(namespace: Namespace, system: LocalSystem) -> None:
    before = set(files_of_shares(system))
    namespace.apply(pod("tenant", container(command=HOLD, gpu=1, gpumem=4000, gpucores=30)))
    namespace.wait_running("tenant")
    assert list(proof_of(namespace, "tenant").values()) == [(4000, 4000)]
    assert "4000MiB" in namespace.kubectl("exec", "tenant", "--", "nvidia-smi").replace(" ", "")
    assert set(files_of_shares(system)) != before
    namespace.delete_pod("tenant")
    assert set(files_of_shares(system)) == before


def test_an_odd_limit_is_held_to_the_rounding_that_is_printed(namespace: Namespace) -> None:
    namespace.apply(pod("odd", container(command=HOLD, gpu=1, gpumem=1001)))
    namespace.wait_running("odd")
    assert list(proof_of(namespace, "odd").values()) == [(1000, 1001)]
    assert f"allocated {1000 - CONTEXT_MIB} MiB of 1001 MiB" in namespace.logs("odd")
    assert "rounded to 2 MiB" in namespace.logs("odd")


def test_processes_of_a_container_share_its_limit_and_a_killed_one_gives_back(namespace: Namespace) -> None:
    namespace.apply(pod("many", container(gpu=1, gpumem=4000)))
    namespace.wait_running("many")
    script = "fill-until-refused --mib 3000 --hold 600 </dev/null >/tmp/first 2>&1 & sleep 2; fill-until-refused; echo second=$?"
    both = namespace.kubectl("exec", "many", "--", "sh", "-c", script)
    held_mib = 3000 + 2 * CONTEXT_MIB
    assert f"allocated {4000 - held_mib} MiB of 4000 MiB beside {held_mib} MiB in use" in both
    after = namespace.kubectl("exec", "many", "--", "sh", "-c", f"{KILL}; sleep 0.2; fill-until-refused")
    assert list(proofs(after).values()) == [(4000, 4000)]


def test_a_container_changes_its_limit_neither_by_its_environment_nor_by_its_files(namespace: Namespace) -> None:
    namespace.apply(pod("tenant", container(gpu=1, gpumem=500)))
    namespace.wait_running("tenant")
    variables = "CUDA_DEVICE_MEMORY_LIMIT=60g CUDA_DEVICE_MEMORY_LIMIT_0=x CUDA_DEVICE_MEMORY_SHARED_CACHE=/tmp/own CUDA_OVERSUBSCRIBE=true"
    script = (
        f"for page in /run/hami.io/shares/*/limits; do (: >> $page) || echo kept; done; {variables} fill-until-refused"
    )
    said = namespace.kubectl("exec", "tenant", "--", "sh", "-c", script)
    assert "kept" in said
    assert list(proofs(said).values()) == [(500, 500)]


def test_three_replicas_share_two_cards(namespace: Namespace) -> None:
    namespace.apply(deployment("pair", 3, container(command=HOLD, gpu=2, gpumem=20000)))
    namespace.kubectl("rollout", "status", "deployment/pair", "--timeout=90s")
    seen = [proof_of(namespace, item["metadata"]["name"]) for item in namespace.objects("pods")]
    assert len(seen) == 3
    assert len({frozenset(each) for each in seen}) == 1, "all on the same two cards"
    assert all(list(each.values()) == [(20000, 20000)] * 2 for each in seen)


def test_26_tenants_on_one_card(namespace: Namespace) -> None:
    namespace.apply(deployment("tenants", 26, container(command=HOLD, gpu=1, gpumem=3072)))
    namespace.kubectl("rollout", "status", "deployment/tenants", "--timeout=180s")
    seen = [proof_of(namespace, item["metadata"]["name"]) for item in namespace.objects("pods")]
    assert len(seen) == 26
    assert len({uuid for each in seen for uuid in each}) == 1, "all on one card"
    assert {value for each in seen for value in each.values()} == {(3072, 3072)}


def test_a_whole_card_comes_without_interceptor(namespace: Namespace) -> None:
    namespace.apply(pod("whole", container(command=HOLD, gpu=1)))
    namespace.wait_running("whole")
    ((allocated, total),) = proof_of(namespace, "whole").values()
    assert total == 81920
    assert allocated <= total
    assert "libvgpu" not in namespace.kubectl("exec", "whole", "--", "cat", "/proc/1/maps")


def test_neighbours_in_one_pod_have_limits_of_their_own(namespace: Namespace) -> None:
    namespace.apply(
        pod(
            "two",
            container("big", HOLD, gpu=1, gpumem=8000),
            container("small", HOLD, gpumem=1000),
            container("none", IDLE),
        )
    )
    namespace.wait_running("two")
    for name, mib in (("big", 8000), ("small", 1000)):
        found = proof_of(namespace, "two", "-c", name)
        assert list(found.values()) == [(mib, mib)]
    assert "/run/hami.io" not in namespace.kubectl("exec", "two", "-c", "none", "--", "cat", "/proc/1/mounts")


def test_a_restarted_container_has_its_whole_share_again(namespace: Namespace) -> None:
    script = "fill-until-refused --hold 86400; exit 1"
    namespace.apply(pod("again", container(command=("sh", "-c", script), gpu=1, gpumem=2000)))
    namespace.wait_running("again")
    assert list(proof_of(namespace, "again").values()) == [(2000, 2000)]
    namespace.kubectl("exec", "again", "--", "sh", "-c", KILL)
    eventually(lambda: restarts(namespace, "again") == 1, "the container was restarted", 90)
    namespace.wait_running("again", 90)
    assert list(proof_of(namespace, "again").values()) == [(2000, 2000)]


def restarts(namespace: Namespace, pod_name: str) -> int:
    count: int = namespace.get("pod", pod_name)["status"]["containerStatuses"][0]["restartCount"]
    return count


def test_the_library_reaches_read_only_and_unprivileged_containers(namespace: Namespace) -> None:
    closed = container(command=HOLD, gpu=1, gpumem=1000) | {
        "securityContext": {
            "readOnlyRootFilesystem": True,
            "runAsUser": 65534,
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
    }
    namespace.apply(pod("closed", closed))
    namespace.wait_running("closed")
    assert list(proof_of(namespace, "closed").values()) == [(1000, 1000)]
