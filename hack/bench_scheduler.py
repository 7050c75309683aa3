"""What claims cost the stock scheduler, at 100 nodes of 8 cards without kubelets (root).

Throughput: all pods and claims are there before the scheduler starts; it takes them block by block, by priority. Blocks of converted pods
and of pods whose claim was written by hand take turns (ABBA), so that what else the machine does falls on both. Price of what cannot
fit: a pod for 8 cards where 7 of each node have room. Times are those of the scheduler's own events. Prints; asserts nothing.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from catalog.errors import HamiError, UnavailableError
from catalog.manifests import device_classes
from dra_driver.cards.card import Card
from dra_driver.configuration import NodeConfiguration
from dra_driver.slices.offer import offers
from dra_driver.slices.plan import Create, Pool, plan, shared_contents
from hack.local_cluster import Cluster, Profile
from hack.played_cards import played_card
from webhook.conversion.fleet import CardKind, Fleet
from webhook.conversion.pod import convert
from webhook.conversion.review import Pod

NODES: Final = 100
CARDS: Final = 8
BLOCK_PODS: Final = 40
TURNS: Final = 8
"""Blocks by hand and converted together."""
HARD_PODS: Final = 5
SCHEDULER: Final = "kube-scheduler"
TIMEOUT_S: Final = 180.0
FLEET: Final = Fleet((CardKind("NVIDIA A100-SXM4-80GB", 81920, NODES * CARDS),))

Object = dict[str, Any]


def main() -> int:
    """Measure and print; the cluster is removed again."""
    cluster = Cluster("bsched", Profile.CONTROL_PLANE)
    try:
        cluster.down()
        cluster.up()
        _furnish(cluster)
        _report_throughput(cluster)
        _report_price(cluster)
    except HamiError as error:
        print(f"bench_scheduler: {error}", file=sys.stderr)
        return 1
    finally:
        cluster.down()
    return 0


def _report_throughput(cluster: Cluster) -> None:
    shapes = _shapes()
    turns = [("by hand", "converted")[(number + 1) // 2 % 2] for number in range(TURNS)]
    blocks = ["by hand", *turns, *(name for name in shapes if name not in turns)]
    measured = _throughputs(cluster, [(name, shapes[name]) for name in blocks])[1:]  # the first block is for warming up
    pods_per_s: dict[str, list[float]] = {name: [] for name in shapes}
    for name, figure in zip(blocks[1:], measured, strict=True):
        pods_per_s[name].append(figure)
    by_hand = statistics.mean(pods_per_s["by hand"])
    print(f"{NODES} nodes of {CARDS} cards, blocks of {BLOCK_PODS} pods, all claims there before the scheduler starts")
    for name, figures in pods_per_s.items():
        mean = statistics.mean(figures)
        spread = f"{min(figures):.0f} to {max(figures):.0f} in {len(figures)} blocks" if len(figures) > 1 else "1 block"
        target = " (target ≥ 0.9)" if name == "converted" else ""
        print(f"{name:24} {mean:6.1f} pods/s ({spread})   {mean / by_hand:.2f} of by hand{target}")


def _report_price(cluster: Cluster) -> None:
    """One card of each node is taken whole; then pods want shares of 8."""
    taken = _spec({"nvidia.com/gpu": "1"})
    _open(cluster, "taken")
    _create(cluster, _template("taken", "claim", taken))
    pods = [_pod("taken", f"taken-{index}", {"kubernetes.io/hostname": _node_name(index)}) for index in range(NODES)]
    _create(cluster, *pods)
    _await(lambda: len(_events(cluster, "taken", "Scheduled")) == NODES, "a card of each node is taken")
    for name, limits in (
        ("8 cards", {"nvidia.com/gpu": "8", "nvidia.com/gpumem": "4000"}),
        ("7 cards, which fit", {"nvidia.com/gpu": "7", "nvidia.com/gpumem": "4000"}),
    ):
        seconds = _attempt_s(cluster, f"hard-{limits['nvidia.com/gpu']}", _spec(limits))
        target = " (target ≤ 20)" if name == "8 cards" else ""
        print(f"one attempt for {name:20} {seconds * 1000:7.1f} ms, {seconds * 1000 / NODES:.2f} ms per node{target}")


def _shapes() -> dict[str, Object]:
    """Specs of claims: one as users write it, and what conversion makes of legacy limits and annotations."""
    share = {"nvidia.com/gpu": "1", "nvidia.com/gpumem": "4000", "nvidia.com/gpucores": "5"}
    capacity = {"requests": {"memory": "4000Mi", "cores": "5"}}
    by_hand = {"name": "gpu", "exactly": {"deviceClassName": "gpu.hami.io", "capacity": capacity}}
    return {
        "by hand": {"devices": {"requests": [by_hand]}},
        "converted": _spec(share),
        "converted, type": _spec(share, {"nvidia.com/use-gputype": "A100"}),
        "converted, binpack": _spec(share, {"hami.io/gpu-scheduler-policy": "binpack"}),
        "converted, two cards": _spec(share | {"nvidia.com/gpu": "2"}),
    }


def _spec(limits: Mapping[str, str], annotations: Mapping[str, str] | None = None) -> Object:
    """Return the spec of the claim that a pod with these limits is converted to."""
    container = {"name": "main", "resources": {"limits": limits}}
    pod = {"metadata": {"annotations": annotations or {}}, "spec": {"containers": [container]}}
    conversion = convert(msgspec.convert(pod, Pod), fleet=FLEET)
    if conversion is None or conversion.template is None:
        raise UnavailableError(f"a pod with {limits} was not converted")
    return dict(conversion.template.spec)


def _throughputs(cluster: Cluster, blocks: list[tuple[str, Object]]) -> list[float]:
    """Pods that are given a node in a second, block by block in this order."""
    name = "throughput"
    cluster.stop(SCHEDULER)
    _open(cluster, name)
    for number, (_, spec) in enumerate(blocks):
        block, request = f"block-{number:02}", spec["devices"]["requests"][0]["name"]
        _create(cluster, _priority(block, 1000 - number), _template(name, block, spec), _replicas(name, block, request))
    total = BLOCK_PODS * len(blocks)
    _await(lambda: _count(cluster, name, "resourceclaims") == total, "all claims are there")
    cluster.start(SCHEDULER)
    _await(lambda: _count(cluster, name, "pods", "spec.nodeName=") == 0, "all pods have a node")
    _await(lambda: len(_events(cluster, name, "Scheduled")) == total, "the scheduler has told of all pods")
    times = [_events(cluster, name, "Scheduled", f"block-{number:02}-") for number in range(len(blocks))]
    _remove(cluster, name)
    return [(len(each) - 1) / (each[-1] - each[0]) for each in times]


def _attempt_s(cluster: Cluster, name: str, spec: Object) -> float:
    """Seconds between one decision and the next of pods alike, each of which is looked at once."""
    cluster.stop(SCHEDULER)
    _open(cluster, name)
    _create(cluster, _template(name, "claim", spec))
    _create(cluster, *[_pod(name, f"pod-{number}") for number in range(HARD_PODS)])
    _await(lambda: _count(cluster, name, "resourceclaims") == HARD_PODS, "all claims are there")
    cluster.start(SCHEDULER)
    _await(lambda: len(_decisions(cluster, name)) >= HARD_PODS, "each pod was looked at")
    times = _decisions(cluster, name)[:HARD_PODS]
    _remove(cluster, name)
    return (times[-1] - times[0]) / (len(times) - 1)


def _decisions(cluster: Cluster, namespace: str) -> list[float]:
    return sorted(_events(cluster, namespace, "Scheduled") + _events(cluster, namespace, "FailedScheduling"))


def _events(cluster: Cluster, namespace: str, reason: str, prefix: str = "") -> list[float]:
    """When the scheduler said so of pods whose names start so, in seconds, in order; to the microsecond."""
    found = cluster.kubectl(
        "-n", namespace, "get", "events.events.k8s.io", "-o", "json", f"--field-selector=reason={reason}"
    )
    items = [item for item in json.loads(found)["items"] if item["regarding"]["name"].startswith(prefix)]
    return sorted(datetime.fromisoformat(item["eventTime"]).timestamp() for item in items)


def _count(cluster: Cluster, namespace: str, kind: str, fields: str = "") -> int:
    selector = [f"--field-selector={fields}"] if fields else []
    return len(cluster.kubectl("-n", namespace, "get", kind, "-o", "name", *selector).split())


def _await(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not look():
        if time.monotonic() > deadline:
            raise UnavailableError(f"not within {TIMEOUT_S:.0f} s: {what}; the logs of the cluster say more")
        time.sleep(0.5)


def _create(cluster: Cluster, *manifests: Object) -> None:
    document = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(document))


def _open(cluster: Cluster, name: str) -> None:
    """Make a namespace, ready for pods."""
    _create(cluster, _namespace(name))
    _await(lambda: _count(cluster, name, "serviceaccounts") > 0, "the namespace has its service account")


def _remove(cluster: Cluster, namespace: str) -> None:
    """Delete all pods, which no kubelet ends, and wait until their claims are gone."""
    cluster.kubectl("-n", namespace, "delete", "replicasets", "--all", "--cascade=orphan")
    cluster.kubectl("-n", namespace, "delete", "pods", "--all", "--force", "--grace-period=0")
    _await(lambda: _count(cluster, namespace, "resourceclaims") == 0, "all claims are gone")


def _furnish(cluster: Cluster) -> None:
    """Make the classes, the nodes and their slices."""
    _create(cluster, *device_classes(), *[_node(index) for index in range(NODES)])
    # Admission marks a new node as not ready, and there is no kubelet to end that.
    cluster.kubectl("taint", "nodes", "--all", "node.kubernetes.io/not-ready:NoSchedule-")
    nodes = json.loads(cluster.kubectl("get", "nodes", "-o", "json"))["items"]
    _create(cluster, *[one for node in nodes for one in _slices(node["metadata"]["name"], node["metadata"]["uid"])])


def _slices(node: str, uid: str) -> list[Object]:
    pool = Pool(node, uid, shared_contents(offers(_cards(node), NodeConfiguration())))
    return [dict(write.manifest) for write in plan(pool, observed=[]) if isinstance(write, Create)]


def _cards(node: str) -> tuple[Card, ...]:
    return tuple(
        played_card(node, index, numa_node=index // 4, pcie_root=f"pci0000:{index:02x}", nvlink_domain=0)
        for index in range(CARDS)
    )


def _node_name(index: int) -> str:
    return f"node-{index:03}"


def _node(index: int) -> Object:
    name, room = _node_name(index), {"cpu": "64", "memory": "256Gi", "pods": "110"}
    ready = {"type": "Ready", "status": "True", "reason": "Bench", "message": "there is no kubelet"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "status": {"allocatable": room, "capacity": room, "conditions": [ready]},
    }


def _namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _priority(name: str, value: int) -> Object:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        "value": value,
        "preemptionPolicy": "Never",
    }


def _template(namespace: str, name: str, spec: Object) -> Object:
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaimTemplate",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"spec": spec},
    }


def _pod_spec(request: str, template: str = "claim") -> Object:
    container = {"name": "main", "image": "none", "resources": {"claims": [{"name": "claim", "request": request}]}}
    claims = [{"name": "claim", "resourceClaimTemplateName": template}]
    return {"containers": [container], "resourceClaims": claims}


def _pod(namespace: str, name: str, selector: Mapping[str, str] | None = None) -> Object:
    metadata = {"name": name, "namespace": namespace}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": _pod_spec("main") | {"nodeSelector": selector or {}},
    }


def _replicas(namespace: str, block: str, request: str) -> Object:
    """A block: pods of one template and one priority."""
    labels = {"app": block}
    template = {"metadata": {"labels": labels}, "spec": _pod_spec(request, block) | {"priorityClassName": block}}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": block, "namespace": namespace},
        "spec": {"replicas": BLOCK_PODS, "selector": {"matchLabels": labels}, "template": template},
    }


if __name__ == "__main__":
    sys.exit(main())
