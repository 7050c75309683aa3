"""The two drivers that are measured beside each other: their command lines, folders and claims.

Both have the same rights, metrics on, their folders on the same disk and their CDI specs in memory, as on a node.
Not here: what is measured (measuring.py).
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from catalog.names import DRIVER

REPOSITORY: Final = Path(__file__).resolve().parents[2]
CLAIMS: Final = 100
"""Claims of each driver, all of which fit its devices at once."""
PEER_DRIVER: Final = "test-driver.cdi.k8s.io"
_CARDS: Final = "cards:\n- model: NVIDIA A100-SXM4-80GB\n  count: 4\n"
_CARD_COUNT: Final = 4
_NAMESPACE: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Contender:
    """One driver, and where it has its files."""

    title: str
    guest: str
    """Its name as a process of the cluster."""
    driver: str
    node: str
    folder: Path
    command: tuple[str, ...]

    @property
    def registry(self) -> Path:
        """Where the kubelet looks for its registration socket; no other driver's is there."""
        return self.folder / "kubelet" / "plugins_registry"

    def claim(self, number: int) -> dict[str, Any]:
        """Return the claim `number` as a pod's template would make it."""
        request = {"name": "main", "exactly": {"deviceClassName": f"{self.guest}.bench"}}
        return {
            "apiVersion": "resource.k8s.io/v1",
            "kind": "ResourceClaim",
            "metadata": {"namespace": "default", "name": f"{self.guest}-{number}"},
            "spec": {"devices": {"requests": [request]}},
        }

    def status(self, number: int) -> dict[str, Any]:
        """Return the status that the scheduler would write: allocated, and reserved for a pod."""
        pod = {"resource": "pods", "name": f"{self.guest}-{number}", "uid": str(uuid5(_NAMESPACE, str(number)))}
        result = {"driver": self.driver, "pool": self.node, "request": "main", **self._device(number)}
        return {"allocation": {"devices": {"results": [result]}}, "reservedFor": [pod]}

    def _device(self, number: int) -> Mapping[str, Any]:
        if self.driver == PEER_DRIVER:
            return {"device": f"device-{number:02d}"}
        return {
            "device": f"gpu-{number % _CARD_COUNT}-share",
            "shareID": str(uuid5(_NAMESPACE, f"{number}")),
            "consumedCapacity": {"memory": "16Mi", "cores": "0", "slots": "10"},
        }


def ours(folder: Path, cdi: Path, node: str, kubeconfig: Path) -> Contender:
    """Return our driver, with simulated cards; `folder` is made. `cdi` is where its CDI specs go."""
    cards = folder / "cards.yaml"
    (folder / "kubelet/plugins_registry").mkdir(parents=True)
    cards.write_text(_CARDS)
    flags = {
        "--backend": "simulated",
        "--cards": cards,
        "--node-name": node,
        "--split-count": CLAIMS,
        "--kubeconfig": kubeconfig,
        "--library": REPOSITORY / "build" / "libvgpu.so",
        "--kubelet-dir": folder / "kubelet",
        "--cdi-dir": cdi,
        "--state-dir": folder / "state",
        "--metrics-listen": "127.0.0.1:0",
    }
    command = (str(Path(sys.executable).parent / "hami-dra"), "driver", *_words(flags))
    return Contender("hami-dra", "ours", DRIVER, node, folder, command)


def peer(folder: Path, cdi: Path, node: str, kubeconfig: Path, program: Path) -> Contender:
    """Return the Go driver; as above. Its limit on calls to the API server is lifted, so that it never waits for it."""
    for name in (f"kubelet/plugins/{PEER_DRIVER}", "kubelet/plugins_registry"):
        (folder / name).mkdir(parents=True)
    flags = {
        "--kubeconfig": kubeconfig,
        "--kube-api-qps": 10_000,
        "--kube-api-burst": 10_000,
        "--http-endpoint": "127.0.0.1:0",
        "--node-name": node,
        "--num-devices": CLAIMS,
        "--cdi-dir": cdi,
        "--datadir": folder / "kubelet" / "plugins",
        "--plugin-registration-path": folder / "kubelet" / "plugins_registry",
    }
    command = (str(program), "kubelet-plugin", *_words(flags))
    return Contender("Go test driver", "peer", PEER_DRIVER, node, folder, command)


def _words(flags: Mapping[str, object]) -> list[str]:
    return [f"{flag}={value}" for flag, value in flags.items()]
