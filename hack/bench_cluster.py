"""How long a cluster takes to come up, and a legacy pod to run beside a pod without a card; and what our processes occupy."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from catalog.errors import HamiError
from hack.local_cluster import Cluster
from hack.local_system import REPOSITORY, LocalSystem

ROUNDS: Final = 10
POLL_S: Final = 0.02
TIMEOUT_S: Final = 60.0
CARDS: Final = REPOSITORY / "hack" / "demo" / "cards.yaml"
PLAIN: Final[dict[str, str]] = {}
LEGACY: Final = {"nvidia.com/gpu": "1", "nvidia.com/gpumem": "3072", "nvidia.com/gpucores": "30"}


def main() -> int:
    """Measure and print; the cluster is removed again."""
    cluster = Cluster("bench")
    try:
        cluster.down()
        up_s = _seconds(cluster.up)
        system = LocalSystem(cluster, CARDS)
        start_s = _seconds(system.start)
        _run_pod(cluster, "warm", LEGACY)
        times_s: dict[str, list[float]] = {"plain": [], "legacy": []}
        for number in range(ROUNDS):
            times_s["plain"].append(_run_pod(cluster, f"plain-{number}", PLAIN))
            times_s["legacy"].append(_run_pod(cluster, f"legacy-{number}", LEGACY))
        _report(up_s, start_s, times_s, system)
    except HamiError as error:
        print(f"bench_cluster: {error}", file=sys.stderr)
        return 1
    finally:
        cluster.down()
    return 0


def _report(up_s: float, start_s: float, times_s: dict[str, list[float]], system: LocalSystem) -> None:
    plain_s, legacy_s = (statistics.median(times_s[kind]) for kind in ("plain", "legacy"))
    print(f"cluster up, programs built            {up_s:6.1f} s   (target ≤ 15)")
    print(f"driver, webhook, image, cards ready   {start_s:6.1f} s")
    print(
        f"legacy pod created → running, median  {legacy_s:6.2f} s   worst {max(times_s['legacy']):.2f} s   (target ≤ 3)"
    )
    print(f"pod without a card, median            {plain_s:6.2f} s   ratio {legacy_s / plain_s:.2f}")
    print(f"driver resident                       {system.driver.resident_bytes() / 2**20:6.1f} MiB (target ≤ 90)")
    print(f"webhook resident                      {system.webhook.resident_bytes() / 2**20:6.1f} MiB (target ≤ 60)")


def _run_pod(cluster: Cluster, name: str, limits: dict[str, str]) -> float:
    """Seconds from the creation of a pod until its container runs; the pod is gone afterwards."""
    started = time.monotonic()
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(_pod(name, limits)))
    while not _is_running(json.loads(cluster.kubectl("get", "pod", name, "-o", "json"))):
        if time.monotonic() - started > TIMEOUT_S:
            raise HamiError(f"pod {name} does not run after {TIMEOUT_S:.0f} s; see kubectl describe pod {name}")
        time.sleep(POLL_S)
    took_s = time.monotonic() - started
    cluster.kubectl("delete", "pod", name, "--wait=true")
    return took_s


def _pod(name: str, limits: dict[str, str]) -> dict[str, Any]:
    container = {
        "name": "main",
        "image": "hami.io/demo:local",
        "command": ["sleep", "3600"],
        "resources": {"limits": limits},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [container]},
    }


def _is_running(pod: dict[str, Any]) -> bool:
    return any("running" in status["state"] for status in pod["status"].get("containerStatuses", []))


def _seconds(action: Callable[[], object]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
