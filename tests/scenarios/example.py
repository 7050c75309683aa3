"""One file of docs/examples on the real cluster: apply it as a user does, look into its containers, take it away.

Not here: what the containers must see (tests.scenarios.test_examples).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, Object, eventually
from tests.cluster.objects import HOLD
from tests.cluster.traces import Traces
from tests.node.test_shares import proofs

PROVER = HOLD[0]
LOOK = (
    "nvidia-smi --query-gpu=uuid,memory.total --format=csv,noheader,nounits; echo --;"
    "ls /run/hami.io/shares 2>/dev/null; echo --; grep -sho -m 1 libvgpu /etc/ld.so.preload; echo --;"
    "nvidia-smi -L | grep -o '^  MIG [^ ]*'"
)


@dataclass(frozen=True, slots=True)
class View:
    """What one container sees."""

    sizes_mib: tuple[int, ...]
    """Memory of each of its cards, as nvidia-smi says it."""
    is_limited: bool
    """Whether the interceptor stands before the driver."""
    mig: tuple[str, ...] = ()
    """Profiles of its MIG devices, as nvidia-smi lists them; `sizes_mib` are those of their cards."""
    uuids: frozenset[str] = field(default=frozenset(), compare=False)
    shares: tuple[str, ...] = field(default=(), compare=False)


def limited(*sizes_mib: int) -> View:
    """What a container with shares of that many MiB sees."""
    return View(sizes_mib, is_limited=True)


def whole(*sizes_mib: int) -> View:
    """What a container with whole cards sees."""
    return View(sizes_mib, is_limited=False)


Views = dict[tuple[str, str], View]
"""By pod (for pods of a Deployment: its name) and container."""


class Running:
    """An example that has been applied."""

    def __init__(self, namespace: Namespace, system: LocalSystem, manifests: list[Object]) -> None:
        self.namespace = namespace
        self.system = system
        self._manifests = manifests

    def views(self, waiting: frozenset[str] = frozenset()) -> Views:
        """Wait until all pods but the waiting ones run, and look into their containers; alike pods must see alike."""
        found: Views = {}
        for pod in eventually(lambda: self._ready(waiting), "the pods of the example run", 90):
            labels = pod["metadata"].get("labels") or {}
            for container in pod["spec"]["containers"]:
                key = (labels.get("app", pod["metadata"]["name"]), container["name"])
                view = self._look(pod["metadata"]["name"], container["name"])
                assert found.setdefault(key, view) == view
                self._check_proof(pod["metadata"]["name"], container, view)
        return found

    def start_again(self, pod: str) -> None:
        """Delete a pod and create it anew, after the others that is, and wait until it runs."""
        (manifest,) = (one for one in self._manifests if one["kind"] == "Pod" and one["metadata"]["name"] == pod)
        self.namespace.kubectl("delete", "pod", pod, "--timeout=90s")
        self.namespace.apply(manifest)
        eventually(lambda: self._ready(frozenset()), f"{pod} runs again", 90)

    def _ready(self, waiting: frozenset[str]) -> list[Object]:
        """Return the pods that should run if all of them do, else none."""
        pods = [pod for pod in self.namespace.objects("pods") if pod["metadata"]["name"] not in waiting]
        ready = [pod for pod in pods if _is_ready(pod)]
        return ready if len(ready) == self._count - len(waiting) else []

    @property
    def _count(self) -> int:
        """How many pods the manifests stand for."""
        kinds = [(one["kind"], one.get("spec", {})) for one in self._manifests]
        return sum(spec.get("replicas", 1) for kind, spec in kinds if kind in ("Pod", "Deployment"))

    def _look(self, pod: str, container: str) -> View:
        answer = self.namespace.kubectl("exec", pod, "-c", container, "--", "sh", "-c", f"{LOOK}; true")
        cards, shares, interceptor, mig = (part.split("\n")[:-1] for part in answer.split("--\n"))
        uuids, sizes = zip(*(line.split(", ") for line in cards), strict=True)
        assert len(set(uuids)) == len(uuids), "a card is seen twice"
        profiles = tuple(line.split()[1] for line in mig)
        return View(tuple(map(int, sizes)), interceptor == ["libvgpu"], profiles, frozenset(uuids), tuple(shares))

    def _check_proof(self, pod: str, container: Object, view: View) -> None:
        """Where the container's program fills its cards, each must have given all that the container sees, and no more."""
        if container["command"][0] != PROVER or "--mib" in container["command"] or view.mig:
            return
        logs = eventually(
            lambda: proofs(self.namespace.logs(pod, "-c", container["name"])),
            f"{container['name']} of {pod} met its limit",
        )
        assert logs.keys() == view.uuids
        assert sorted(logs.values()) == sorted((size, size) for size in view.sizes_mib)


@contextmanager
def applied(namespace: Namespace, system: LocalSystem, path: Path) -> Iterator[Running]:
    """Apply an example inside the block, in its own namespace if it brings one; afterwards nothing of it may be left."""
    manifests = [manifest for manifest in yaml.safe_load_all(path.read_text()) if manifest]
    own = [one["metadata"]["name"] for one in manifests if one["kind"] == "Namespace"]
    namespace = Namespace(own[0], system.cluster.kubectl) if own else namespace
    before = Traces.of(system)
    system.cluster.kubectl("apply", *(() if own else ("--namespace", namespace.name)), "-f", str(path))
    try:
        yield Running(namespace, system, manifests)
    finally:
        namespace.kubectl("delete", "deployments,pods", "--all", "--timeout=90s")
    eventually(lambda: Traces.of(system) == before, "nothing of the example is left on the node")
    eventually(lambda: not _allocated(namespace), "no claim of the example holds a card")
    for name in own:
        system.cluster.kubectl("delete", "namespace", name, "--timeout=90s")


def _is_ready(pod: Object) -> bool:
    statuses = pod.get("status", {}).get("containerStatuses", [])
    return bool(statuses) and all(status["ready"] for status in statuses)


def _allocated(namespace: Namespace) -> list[str]:
    claims = json.loads(namespace.kubectl("get", "resourceclaims", "-o", "json"))["items"]
    return [claim["metadata"]["name"] for claim in claims if claim.get("status", {}).get("allocation")]
