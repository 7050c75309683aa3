"""One Kubernetes namespace for one test: apply, read, wait. Waiting has a bound and says what was seen last."""

import json
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Object = dict[str, Any]
T = TypeVar("T")

TIMEOUT_S = 60.0
POLL_S = 0.2


class Kubectl(Protocol):
    """Runs kubectl with arguments and returns what it prints; raises with its error text."""

    def __call__(self, *arguments: str, stdin: str | None = None) -> str: ...


def eventually(look: Callable[[], T], what: str, timeout_s: float = TIMEOUT_S) -> T:
    """Return the first truthy answer of `look`; fail with `what` and the last answer or error otherwise."""
    deadline = time.monotonic() + timeout_s
    while True:
        last: object
        try:
            answer = look()
            if answer:
                return answer
            last = answer
        except Exception as error:  # noqa: BLE001 a look may fail until the object is there; the last error is shown
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:.0f} s: {what}; last seen: {last!r}")
        time.sleep(POLL_S)


class Namespace:
    """A namespace of its own in a running cluster."""

    def __init__(self, name: str, kubectl: Kubectl) -> None:
        self.name = name
        self._kubectl = kubectl

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl in this namespace."""
        return self._kubectl("--namespace", self.name, *arguments, stdin=stdin)

    def apply(self, *manifests: Object, dry_run: bool = False) -> None:
        """Apply manifests as a user does."""
        document = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(manifests)})
        self.kubectl("apply", *(["--dry-run=server"] if dry_run else []), "-f", "-", stdin=document)

    def get(self, kind: str, name: str) -> Object:
        """Return one object."""
        found: Object = json.loads(self.kubectl("get", kind, name, "-o", "json"))
        return found

    def objects(self, kind: str, *arguments: str) -> list[Object]:
        """Return all objects of a kind."""
        found: list[Object] = json.loads(self.kubectl("get", kind, *arguments, "-o", "json"))["items"]
        return found

    def delete_pod(self, name: str) -> None:
        """Delete a pod and wait until it is gone."""
        self.kubectl("delete", "pod", name, "--wait=true", "--timeout=60s")

    def granted(self, pod_name: str) -> str:
        """Return what `kubectl describe` says of the claim of a pod once the driver has written its status, in one line."""
        name = self.claim_of(pod_name)["metadata"]["name"]
        words = eventually(
            lambda: text if "Prepared" in (text := self.kubectl("describe", "resourceclaim", name)) else "",
            "the claim has a status",
        )
        return " ".join(words.split())

    def claim_of(self, pod: str) -> Object:
        """Return the claim that a pod uses, once it exists."""

        def look() -> Object | None:
            statuses = self.get("pod", pod).get("status", {}).get("resourceClaimStatuses", [])
            return self.get("resourceclaim", statuses[0]["resourceClaimName"]) if statuses else None

        return eventually(lambda: look() or {}, f"pod {pod} has a claim")

    def results_of(self, pod: str) -> list[Object]:
        """Return the allocation results of a pod's claim, once it is allocated."""

        def look() -> list[Object]:
            allocation = self.claim_of(pod).get("status", {}).get("allocation", {})
            results: list[Object] = allocation.get("devices", {}).get("results", [])
            return results

        return eventually(look, f"the claim of pod {pod} is allocated")

    def pending_reason(self, pod: str) -> str:
        """Return why the scheduler could not place a pod, once it said so."""

        def look() -> str:
            conditions = self.get("pod", pod).get("status", {}).get("conditions", [])
            return next(
                (c["message"] for c in conditions if c["type"] == "PodScheduled" and c["status"] == "False"), ""
            )

        return eventually(look, f"the scheduler says why pod {pod} waits")

    def wait_running(self, pod: str, timeout_s: float = TIMEOUT_S) -> None:
        """Wait until every container of a pod is ready."""
        eventually(lambda: self._ready(pod), f"pod {pod} is running", timeout_s)

    def logs(self, pod: str, *arguments: str) -> str:
        """Return a container's output."""
        return self.kubectl("logs", pod, *arguments)

    def events(self, name: str) -> str:
        """Return the messages of the events about an object, one a line."""
        items = self.objects("events", "--field-selector", f"involvedObject.name={name}")
        return "\n".join(item.get("message", "") for item in items)

    def _ready(self, pod: str) -> bool:
        statuses = self.get("pod", pod).get("status", {}).get("containerStatuses", [])
        return bool(statuses) and all(status["ready"] for status in statuses)
