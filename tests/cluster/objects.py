"""Manifests that tests apply: small, and only what a test is about. Not here: the examples, which stand in docs/examples."""

from collections.abc import Mapping, Sequence
from typing import Any

Object = dict[str, Any]

DEMO_IMAGE = "hami.io/demo:local"
HOLD = ("fill-until-refused", "--hold", "3600")
IDLE = ("sleep", "3600")


def container(name: str = "main", command: Sequence[str] = IDLE, **limits: str | int) -> Object:
    """A container with limits on `nvidia.com/<name>`: `container(gpu=1, gpumem=4000)`."""
    return limited(limits, name, command)


def limited(limits: Mapping[str, str | int], name: str = "main", command: Sequence[str] = IDLE) -> Object:
    """The same for limits by a mapping."""
    resources = {"limits": {f"nvidia.com/{key}": str(value) for key, value in limits.items()}} if limits else {}
    return {
        "name": name,
        "image": DEMO_IMAGE,
        "imagePullPolicy": "Never",
        "command": list(command),
        "resources": resources,
    }


def pod(name: str, *containers: Object, labels: Mapping[str, str] | None = None, **spec: Any) -> Object:  # noqa: ANN401
    """A pod that is given one second to end: with none, it would vanish from the API before its containers end."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": dict(labels or {})},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": list(containers), **spec},
    }


def deployment(name: str, replicas: int, *containers: Object) -> Object:
    """A Deployment of alike pods, labelled app=<name>."""
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"terminationGracePeriodSeconds": 1, "containers": list(containers)},
            },
        },
    }


def node(name: str) -> Object:
    """A node without a kubelet, ready for pods."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "status": {
            "allocatable": {"cpu": "64", "memory": "256Gi", "pods": "110"},
            "capacity": {"cpu": "64", "memory": "256Gi", "pods": "110"},
            "conditions": [{"type": "Ready", "status": "True", "reason": "Test", "message": "played by a test"}],
        },
    }
