"""A node without a kubelet, whose slices are what the driver would publish; and pods with claims that ask for its cards.

So a probe sees API server and scheduler alone, in milliseconds. The pods are bound and never start.
"""

import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from catalog.errors import UnavailableError
from dra_driver.cards.card import Card
from dra_driver.configuration import NodeConfiguration
from dra_driver.slices.offer import offers
from dra_driver.slices.plan import Create, Pool, dropped_fields, plan, shared_contents
from hack.played_cards import played_card

TIMEOUT_S: Final = 30.0
SETTLED_S: Final = 1.0
"""A scheduler that has not seen the newest slices yet says no, and tries again when it has."""

POLL_S: Final = 0.1
_NUMBERS: Final = itertools.count()

Object = dict[str, Any]
Request = Mapping[str, Any]


class Kubectl(Protocol):
    """Runs kubectl with arguments and returns what it prints; raises UnavailableError with its message."""

    def __call__(self, *arguments: str, stdin: str | None = None) -> str:
        """Run it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a pod with a claim: the devices that it got, or why it got none."""

    devices: tuple[str, ...] = ()
    waits: str = ""
    """The scheduler's reason."""
    refused: str = ""
    """The API server's reason."""

    @property
    def granted(self) -> bool:
        """Whether devices were allocated."""
        return bool(self.devices)


@dataclass(slots=True)
class PlayedNode:
    """A node of its own for one probe, with so many cards of 80 GiB, and a namespace of its own for what asks for them."""

    kubectl: Kubectl
    card_count: int
    taint: Mapping[str, str] | None = None
    """A taint on every device of the first card."""
    name: str = field(default_factory=lambda: f"probe-{next(_NUMBERS)}")
    dropped: tuple[str, ...] = ()
    """Fields of the slices that the API server did not keep."""

    def __enter__(self) -> "PlayedNode":
        """Make the node and its slices."""
        self.kubectl("create", "namespace", self.name)
        self._create(_node(self.name))
        uid = json.loads(self.kubectl("get", "node", self.name, "-o", "json"))["metadata"]["uid"]
        cards = [_card(self.name, index) for index in range(self.card_count)]
        pool = Pool(self.name, uid, shared_contents(offers(cards, NodeConfiguration())))
        writes = [write for write in plan(pool, []) if isinstance(write, Create)]
        dropped = {path for write in writes for path in self._publish(json.loads(json.dumps(write.manifest)))}
        self.dropped = tuple(sorted(dropped))
        return self

    def __exit__(self, *_: object) -> None:
        """Remove everything."""
        self.kubectl("-n", self.name, "delete", "pods", "--all", "--force", "--grace-period=0")
        self.kubectl("delete", "resourceslices", "--field-selector", f"spec.nodeName={self.name}", "--wait=false")
        self.kubectl("delete", "namespace", self.name, "--wait=false")
        self.kubectl("delete", "node", self.name, "--wait=false")

    def ask(
        self, pod: str, *requests: Request, constraints: Sequence[Mapping[str, Any]] = (), namespace: str = ""
    ) -> Answer:
        """Create a claim and a pod that uses it, and wait for what becomes of them."""
        where = namespace or self.name
        devices = {"requests": list(requests), "constraints": list(constraints)}
        claim = {
            "apiVersion": "resource.k8s.io/v1",
            "kind": "ResourceClaim",
            "metadata": {"name": pod, "namespace": where},
            "spec": {"devices": devices},
        }
        claims = [{"name": "cards", "resourceClaimName": pod}]
        try:
            self._create(claim)
            self._create(self._pod(pod, where, {"claims": [{"name": "cards"}]}, resourceClaims=claims))
        except UnavailableError as error:
            return Answer(refused=str(error))
        return self._await(pod, where, pod)

    def ask_extended(self, pod: str, resource: str) -> Answer:
        """Create a pod with a limit on an extended resource, and wait for what becomes of it."""
        self._create(self._pod(pod, self.name, {"limits": {resource: "1"}}))
        return self._await(pod, self.name, "")

    def _await(self, pod: str, namespace: str, claim: str) -> Answer:
        started = time.monotonic()
        while time.monotonic() < started + TIMEOUT_S:
            found = json.loads(self.kubectl("-n", namespace, "get", "pod", pod, "-o", "json"))
            claim = claim or found["status"].get("extendedResourceClaimStatus", {}).get("resourceClaimName", "")
            if "nodeName" in found["spec"] and claim:
                return Answer(devices=self._allocated(namespace, claim))
            if (waits := _unschedulable(found)) and time.monotonic() > started + SETTLED_S:
                return Answer(waits=waits)
            time.sleep(POLL_S)
        raise UnavailableError(f"pod {namespace}/{pod}: neither scheduled nor refused within {TIMEOUT_S:.0f} s")

    def _allocated(self, namespace: str, claim: str) -> tuple[str, ...]:
        found = json.loads(self.kubectl("-n", namespace, "get", "resourceclaim", claim, "-o", "json"))
        return tuple(result["device"] for result in found["status"]["allocation"]["devices"]["results"])

    def _publish(self, manifest: Object) -> tuple[str, ...]:
        for device in manifest["spec"].get("devices", []):
            if self.taint and device["name"].split("-")[1] == "0":
                device["taints"] = [self.taint]
        return dropped_fields(manifest, self._create(manifest))

    def _create(self, manifest: Mapping[str, Any]) -> Object:
        stored: Object = json.loads(self.kubectl("create", "-f", "-", "-o", "json", stdin=json.dumps(manifest)))
        return stored

    def _pod(self, name: str, namespace: str, resources: Mapping[str, Any], **spec: Any) -> Object:  # noqa: ANN401
        container = {"name": "main", "image": "none:local", "imagePullPolicy": "Never", "resources": resources}
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "containers": [container],
                "nodeSelector": {"kubernetes.io/hostname": self.name},
                "tolerations": [{"operator": "Exists"}],  # nobody reports the node as ready
                **spec,
            },
        }


def _unschedulable(pod: Object) -> str:
    conditions = pod["status"].get("conditions", [])
    return next((c["message"] for c in conditions if c["type"] == "PodScheduled" and c["status"] == "False"), "")


def _card(node_name: str, index: int) -> Card:
    """Cards are linked in pairs, and on two NUMA nodes in turn."""
    return played_card(node_name, index, numa_node=index % 2, pcie_root="pci0000:10", nvlink_domain=index // 2 * 2)


def _node(name: str) -> Object:
    quantities = {"cpu": "64", "memory": "256Gi", "pods": "110"}
    ready = {"type": "Ready", "status": "True", "reason": "Probe", "message": "there is no kubelet"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "status": {"allocatable": quantities, "capacity": quantities, "conditions": [ready]},
    }
