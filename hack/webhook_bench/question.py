"""What the webhooks are asked: the review of a pod of 6 KB, of which one container asks for a share. Pure."""

import json
from typing import Any, Final

POD_BYTES: Final = 6 * 1024

Object = dict[str, Any]


def review() -> bytes:
    """Return an AdmissionReview as the API server sends it."""
    request = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "namespace": "bench",
        "operation": "CREATE",
        "object": pod(),
        "dryRun": False,
    }
    return json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}).encode()


def pod() -> Object:
    """A pod of two containers, of which one asks for a share, with environment and an annotation up to the size wanted."""
    asked = {"nvidia.com/gpu": "1", "nvidia.com/gpumem": "4000", "nvidia.com/gpucores": "30"}
    resources = {"limits": {"cpu": "4", "memory": "8Gi", **asked}, "requests": {"cpu": "2", "memory": "8Gi", **asked}}
    environment = [{"name": f"SETTING_{number:02}", "value": "value " * 6} for number in range(20)]
    trainer = {"name": "trainer", "image": "example.org/trainer:1", "env": environment, "resources": resources}
    sidecar = {"name": "logs", "image": "example.org/logs:1", "env": environment, "resources": {}}
    pod: Object = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": "train-5d9c7b-", "labels": {"app": "train"}, "annotations": {}},
        "spec": {"containers": [trainer, sidecar]},
    }
    pod["metadata"]["annotations"]["example.org/filling"] = "x" * (POD_BYTES - len(json.dumps(pod)) - 28)
    return pod
