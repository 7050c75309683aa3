"""What driver and webhook make of it: real pods with limits as HAMi has them, on a node with a kubelet and four simulated cards of 80 GiB.

The pods of a probe are gone before the next one.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from catalog.errors import UnavailableError
from hack.compatibility.probes import YES
from hack.local_system import LocalSystem

TIMEOUT_S: Final = 15.0
POLL_S: Final = 0.2
CORDON: Final = "hami.io/device-cordon"
_PROOF: Final = re.compile(r"card \d+ (GPU-\S+): allocated (\d+) MiB of (\d+) MiB beside (\d+) MiB in use .*refused")

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SystemProbe:
    """One row, like Probe, seen with driver and webhook."""

    title: str
    meaning: str
    look: Callable[[LocalSystem], str]


def _offer(system: LocalSystem) -> str:
    types = {device["attributes"]["type"]["string"] for device in _devices(system)}
    return {frozenset({"gpu", "share"}): YES, frozenset({"gpu"}): "whole cards only"}.get(frozenset(types), str(types))


def _limited(gpu: int, gpumem: int) -> Callable[[LocalSystem], str]:
    """Whether a pod with limits runs and each of its cards ends where the limit is."""

    def look(system: LocalSystem) -> str:
        with _pod(system, {"gpu": gpu, "gpumem": gpumem}):
            proofs = _eventually(lambda: _proofs(system, gpu), f"its limit on {gpu} card(s)")
            right = len({uuid for uuid, *_ in proofs}) == gpu
            right &= all(
                int(allocated) + int(context) == int(total) == gpumem for _, allocated, total, context in proofs
            )
            return YES if right else f"seen: {proofs}"

    return look


def _proofs(system: LocalSystem, count: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = _PROOF.findall(system.cluster.kubectl("logs", "probe"))
    return found if len(found) == count else []


def _whole(system: LocalSystem) -> str:
    with _pod(system, {"gpu": 1}):
        return (
            YES if "81920MiB" in system.cluster.kubectl("exec", "probe", "--", "nvidia-smi").replace(" ", "") else "no"
        )


def _claim_status(system: LocalSystem) -> str:
    with _pod(system, {"gpu": 1}):
        claims = _eventually(lambda: _reported(system), "status.devices")
        return YES if claims else "no"


def _reported(system: LocalSystem) -> list[Object]:
    claims = json.loads(system.cluster.kubectl("get", "resourceclaims", "-o", "json"))["items"]
    return [device for claim in claims for device in claim.get("status", {}).get("devices", [])]


def _pod_health(system: LocalSystem) -> str:
    def look() -> object:
        status = json.loads(system.cluster.kubectl("get", "pod", "probe", "-o", "json"))["status"]
        return status["containerStatuses"][0].get("allocatedResourcesStatus")

    with _pod(system, {"gpu": 1}):
        return YES if _eventually(look, "allocatedResourcesStatus") else "no"


def _cordon(system: LocalSystem) -> str:
    kubectl, node = system.cluster.kubectl, system.cluster.node_name
    uuids = {device["attributes"]["uuid"]["string"] for device in _devices(system)}
    kubectl("annotate", "node", node, f"{CORDON}={','.join(sorted(uuids))}")
    try:
        _eventually(lambda: all("taints" in device for device in _devices(system)), "slices that say so, or none")
        with _pod(system, {"gpu": 1}, running=False):
            _eventually(lambda: _waits(system), "that a new pod waits")
            kubectl("annotate", "node", node, f"{CORDON}-")
            _eventually(lambda: _is_running(system), "that it runs once the cards are back")
            return YES
    finally:
        kubectl("annotate", "node", node, f"{CORDON}-")


def _devices(system: LocalSystem) -> list[Object]:
    """The devices in the slices of the node, in any order that stays."""
    fields = f"spec.nodeName={system.cluster.node_name}"
    text = system.cluster.kubectl("get", "resourceslices", "--field-selector", fields, "-o", "json")
    return [device for item in json.loads(text)["items"] for device in item["spec"].get("devices", [])]


def _waits(system: LocalSystem) -> bool:
    conditions = json.loads(system.cluster.kubectl("get", "pod", "probe", "-o", "json"))["status"].get("conditions", [])
    return any(c["type"] == "PodScheduled" and c["status"] == "False" for c in conditions)


def _is_running(system: LocalSystem) -> bool:
    statuses = json.loads(system.cluster.kubectl("get", "pod", "probe", "-o", "json"))["status"]
    return any("running" in status["state"] for status in statuses.get("containerStatuses", []))


@contextmanager
def _pod(system: LocalSystem, limits: Mapping[str, int], *, running: bool = True) -> Iterator[None]:
    """A pod with limits, that fills its card until it is refused."""
    container = {
        "name": "main",
        "image": "hami.io/demo:local",
        "command": ["fill-until-refused", "--hold", "3600"],
        "resources": {"limits": {f"nvidia.com/{name}": str(value) for name, value in limits.items()}},
    }
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "probe"},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [container]},
    }
    system.cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    try:
        if running:
            _eventually(lambda: _is_running(system), "that it runs")
        yield
    finally:
        system.cluster.kubectl("delete", "pod", "probe", "--wait=true")


def _eventually(look: Callable[[], Any], what: str) -> Any:  # noqa: ANN401  whatever was looked for
    deadline = time.monotonic() + TIMEOUT_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise UnavailableError(f"not seen: {what}")
        time.sleep(POLL_S)
    return found


SYSTEM_PROBES: Final = (
    SystemProbe("The driver offers cards whole and in shares", "it takes what the API server keeps", _offer),
    SystemProbe("A legacy pod with `gpu: 1, gpumem: 4000` runs and is held to it", "sharing", _limited(1, 4000)),
    SystemProbe(
        "A legacy pod with `gpu: 3, gpumem: 1000` has three cards and is held to it on each",
        "sharing of several cards",
        _limited(3, 1000),
    ),
    SystemProbe("A legacy pod with `gpu: 1` has a card to itself", "whole cards", _whole),
    SystemProbe("The claim shows what was granted", "`kubectl describe resourceclaim`", _claim_status),
    SystemProbe("The pod shows its card's health", "`allocatedResourcesStatus` in its status", _pod_health),
    SystemProbe("Cordoned cards are given to no new pod, and come back", "annotation `hami.io/device-cordon`", _cordon),
)


def seen(system: LocalSystem) -> dict[str, str]:
    """What each probe saw, by title."""
    return {probe.title: _seen(probe, system) for probe in SYSTEM_PROBES}


def _seen(probe: SystemProbe, system: LocalSystem) -> str:
    try:
        return probe.look(system)
    except UnavailableError as error:
        _, denied, reason = str(error).partition("denied the request: ")
        return f"refused: {reason.splitlines()[0]}" if denied else str(error).splitlines()[0]
