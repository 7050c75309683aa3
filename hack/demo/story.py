"""The demo told in order: legacy manifests in, what Kubernetes made of them, and the proof that each limit holds."""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from catalog.errors import UnavailableError
from catalog.quantity import format_quantity, parse_quantity
from hack.demo.plan import say
from hack.local_cluster import Cluster

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "docs" / "examples"
TENANTS: Final = Path(__file__).parent / "tenants.yaml"
ROLLOUT_TIMEOUT: Final = "300s"
PROOF_TIMEOUT_S: Final = 60.0
PROOF: Final = re.compile(r"(GPU-\S+): allocated (\d+) MiB of (\d+) MiB beside (\d+) MiB in use .*then refused")
CORES: Final = EXAMPLES / "gpucores.yaml"
BUSY_POD: Final = "gpucores"
"""Of a program that allocates nothing, so that its memory proves nothing."""
BUSY: Final = re.compile(r"launches, ([\d.]+) % of the card")
SECONDS: Final = 4
CORES_PERCENT: Final = 30
CORES_TOLERANCE: Final = 2
"""A share may save up 50 ms of credit, which is 1.3 percent of four seconds."""
ROUNDING_MIB: Final = 2
"""What the program rounds to: the driver hands out whole slabs."""

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """What one container could allocate on one card until it was refused, what it was granted, and what its context took, in MiB."""

    pod: str
    card: str
    allocated_mib: int
    granted_mib: int
    context_mib: int

    def holds(self, context_mib: int) -> bool:
        """Whether it got all that it was granted, and no more, with a context of the size that its card's file says."""
        whole_slabs = (self.granted_mib - context_mib) // ROUNDING_MIB * ROUNDING_MIB
        return self.context_mib == context_mib and self.allocated_mib == whole_slabs

    def row(self) -> tuple[str, ...]:
        """Return its line of the table."""
        sizes = (self.allocated_mib, self.context_mib, self.granted_mib)
        return (self.pod, self.card[:12], *(f"{size} MiB" for size in sizes))


class Story:
    """One telling, on one cluster."""

    def __init__(self, cluster: Cluster, context_mib: int) -> None:
        """`context_mib` is what a context takes of the cluster's cards."""
        self._kubectl = cluster.kubectl
        self._context_mib = context_mib

    def tell(self) -> None:
        """Apply the manifests, wait, show. Raises `UnavailableError` where something does not come to be."""
        self._apply()
        self._show_conversion()
        self._show_claim()
        self._show_slices()
        self._show_proofs()
        self._show_time()
        _say_what_next()

    def _apply(self) -> None:
        heading("Legacy manifests, as HAMi's users write them")
        # Tenants first: the scheduler fills cards in their order, so that all 26 find room on the first one.
        for path, workload in (
            (TENANTS, "deployment/tenants"),
            (EXAMPLES / "legacy-pod.yaml", None),
            (EXAMPLES / "legacy-deployment.yaml", None),
        ):
            say(f"$ kubectl apply -f {path.name}")
            say(self._kubectl("apply", "-f", str(path)).strip())
            if workload:
                self._kubectl("rollout", "status", workload, f"--timeout={ROLLOUT_TIMEOUT}")
        self._kubectl("wait", "--for=condition=Ready", "pods", "--all", f"--timeout={ROLLOUT_TIMEOUT}")
        say()
        say(self._kubectl("get", "pods", "--sort-by=.metadata.name").strip())

    def _show_conversion(self) -> None:
        heading("What the webhook made of the pod: its limits became a claim")
        pod = self._pod("legacy-pod")
        container = pod["spec"]["containers"][0]
        shown = {
            "metadata": {"annotations": {"hami.io/converted": pod["metadata"]["annotations"]["hami.io/converted"]}},
            "spec": {
                "resourceClaims": pod["spec"]["resourceClaims"],
                "containers": [{"name": container["name"], "resources": container["resources"]}],
            },
        }
        say(json.dumps(shown, indent=2))

    def _show_claim(self) -> None:
        name = self._pod("legacy-pod")["status"]["resourceClaimStatuses"][0]["resourceClaimName"]
        heading(f"$ kubectl describe resourceclaim {name}")
        say(self._kubectl("describe", "resourceclaim", name).strip())

    def _show_slices(self) -> None:
        heading("The cards, as the driver publishes them: one exclusive view and one shared view of each")
        rows: list[tuple[str, ...]] = [("SLICE", "DEVICE", "SHARED", "MEMORY", "CORES", "SLOTS")]
        for item in json.loads(self._kubectl("get", "resourceslices", "-o", "json"))["items"]:
            rows += [_device_row(item["metadata"]["name"], device) for device in item["spec"].get("devices", [])]
        say(table(rows))

    def _show_proofs(self) -> None:
        heading(
            "The proof: in each container a CUDA program allocates until it is refused, while all others hold theirs"
        )
        names = [pod["metadata"]["name"] for pod in self._pods()]
        proofs = [proof for name in names if name != BUSY_POD for proof in self._proofs(name)]
        header = ("POD", "CARD", "ALLOCATED UNTIL REFUSED", "CONTEXT", "GRANTED")
        say(table([header, *(proof.row() for proof in proofs)]))
        wrong = [proof.pod for proof in proofs if not proof.holds(self._context_mib)]
        if wrong:
            raise UnavailableError(
                f"the limit does not hold exactly in {', '.join(wrong)}; please report this with the table above"
            )
        say(f"\nAll {len(proofs)} limits hold to the MiB: what was allocated and the context are what was granted.\n")
        say("The program's own words, in one container:")
        say(self._kubectl("logs", "legacy-pod").strip())

    def _show_time(self) -> None:
        heading("And the card's time: a program that would keep the card busy has gpucores: 30, policy force")
        say(f"$ kubectl apply -f {CORES.name}")
        say(self._kubectl("apply", "-f", str(CORES)).strip())
        self._kubectl("wait", "--for=condition=Ready", f"pod/{BUSY_POD}", f"--timeout={ROLLOUT_TIMEOUT}")
        seconds = [float(percent) for percent in self._in_log(BUSY_POD, BUSY, SECONDS)]
        say(table([("SECOND", "OF THE CARD"), *((str(number), f"{each} %") for number, each in enumerate(seconds, 1))]))
        mean = sum(seconds) / len(seconds)
        if mean > CORES_PERCENT + CORES_TOLERANCE:
            raise UnavailableError(
                f"pod gpucores had {mean:.1f} % of its card's time and was granted {CORES_PERCENT} %"
            )
        say(
            f"\n{mean:.1f} % in the mean, of {CORES_PERCENT} % granted. A machine that is busy itself can only give less."
        )

    def _proofs(self, pod: str) -> list["Proof"]:
        return [Proof(pod, card, *map(int, sizes)) for card, *sizes in self._in_log(pod, PROOF, 1)]

    def _in_log(self, pod: str, pattern: re.Pattern[str], count: int) -> list[Any]:
        """Return what is found in a pod's log, once that is so much."""
        deadline = time.monotonic() + PROOF_TIMEOUT_S
        while True:
            log = self._kubectl("logs", pod)
            found = pattern.findall(log)
            if len(found) >= count:
                return found
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"pod {pod}: no proof of its limit within {PROOF_TIMEOUT_S:.0f} s; its log says:\n{log}"
                )
            time.sleep(0.2)

    def _pod(self, name: str) -> Object:
        found: Object = json.loads(self._kubectl("get", "pod", name, "-o", "json"))
        return found

    def _pods(self) -> list[Object]:
        found: list[Object] = json.loads(self._kubectl("get", "pods", "--sort-by=.metadata.name", "-o", "json"))[
            "items"
        ]
        return found


def heading(text: str) -> None:
    """Print a heading."""
    say(f"\n── {text}")


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Align rows in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _device_row(slice_name: str, device: Object) -> tuple[str, ...]:
    capacity = {
        name: format_quantity(parse_quantity(value["value"])) for name, value in device.get("capacity", {}).items()
    }
    shared = "yes" if device.get("allowMultipleAllocations") else "no"
    return (slice_name, device["name"], shared, *(capacity.get(name, "-") for name in ("memory", "cores", "slots")))


def _say_what_next() -> None:
    heading("What to try next")
    say(
        "  hack/cluster shell                                                  a shell with kubectl, in the cluster's network"
    )
    say("  hack/cluster kubectl exec legacy-pod -- nvidia-smi                  the share's own view of its card")
    say(
        "  hack/cluster kubectl exec legacy-pod -- fill-until-refused          a second process: nothing is left to give it"
    )
    say(
        "  hack/cluster kubectl logs -f gpucores                               what it has of its card, second by second"
    )
    say("  hack/cluster kubectl scale deployment tenants --replicas 27         the 27th finds room on another card")
    say("  hack/cluster kubectl apply -f docs/examples/shared-claim.yaml       two pods, one claim, one limit")
    say("  make demo-down                                                      stop; nothing stays but the cache")
