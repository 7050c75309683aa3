"""Pods for the webhook's tests, as the API server sends them, and what conversion makes of them."""

import json
from copy import deepcopy
from typing import Any

import jsonpatch
import msgspec
import pytest

from catalog.errors import InvalidInputError
from catalog.names import CONVERTED_ANNOTATION
from webhook.conversion.fleet import UNKNOWN_FLEET, CardKind, Fleet
from webhook.conversion.pod import Conversion, convert
from webhook.conversion.review import Pod
from webhook.conversion.rules import DEFAULT_RULES, Rules

Object = dict[str, Any]

A100 = CardKind("NVIDIA A100-SXM4-80GB", 81920, 8)
FLEET = Fleet((A100, CardKind("NVIDIA A30", 24576, 16)))


def container(name: str, **limits: str | int) -> Object:
    """A container with limits on `nvidia.com/<name>`, and their equal requests, which the API server adds."""
    named = {f"nvidia.com/{key}": str(value) for key, value in limits.items()}
    resources = {"limits": {"cpu": "1", **named}, "requests": {"cpu": "500m", **named}}
    return {
        "name": name,
        "image": "example.org/app:1",
        "env": [{"name": "TOKEN", "value": "s3cret"}],
        "resources": resources,
    }


def main(**limits: int | str) -> Object:
    """The container of which most pods have one."""
    return container("main", **limits)


def sidecar(name: str, **limits: str | int) -> Object:
    """An init container that runs on."""
    return container(name, **limits) | {"restartPolicy": "Always"}


def pod(*containers: Object, init: tuple[Object, ...] = (), **spec: Any) -> Object:  # noqa: ANN401  any field of a spec
    """A pod of a Deployment, at admission."""
    metadata = {"generateName": "app-7d4b9c-", "labels": {"app": "app"}, "annotations": {"example.org/note": "kept"}}
    content: Object = {"containers": list(containers), **spec}
    if init:
        content["initContainers"] = list(init)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": content}


def converted(manifest: Object, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Conversion | None:
    """Return what conversion answers, through the webhook's own decoder."""
    return convert(msgspec.json.decode(json.dumps(manifest), type=Pod), rules, fleet)


def conversion_of(manifest: Object, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Conversion:
    """Return the conversion of a pod that is to be converted."""
    conversion = converted(manifest, rules, fleet)
    assert conversion is not None
    return conversion


def refusal(manifest: Object, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> str:
    """Return the words in which a pod is refused."""
    with pytest.raises(InvalidInputError) as caught:
        converted(manifest, rules, fleet)
    return str(caught.value)


def devices_of(manifest: Object, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Object:
    """Return `spec.devices` of the pod's claim."""
    template = conversion_of(manifest, rules, fleet).template
    assert template is not None
    devices: Object = template.spec["devices"]
    return devices


def annotated(manifest: Object, **annotations: str) -> Object:
    """Return the pod with annotations; `vgpu_mode` is `nvidia.com/vgpu-mode`, and `hami_gpu_memory` is `hami.io/gpu-memory`."""
    named = {_annotation(name): value for name, value in annotations.items()}
    metadata = manifest["metadata"] | {"annotations": manifest["metadata"]["annotations"] | named}
    return manifest | {"metadata": metadata}


def _annotation(name: str) -> str:
    domain, rest = ("hami.io", name.removeprefix("hami_")) if name.startswith("hami_") else ("nvidia.com", name)
    return f"{domain}/{rest.replace('_', '-')}"


def patched(manifest: Object, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Object:
    """Return the pod after the webhook's patch, applied by an implementation that is not ours."""
    operations = json.loads(msgspec.json.encode(conversion_of(manifest, rules, fleet).patch))
    result: Object = jsonpatch.JsonPatch(operations).apply(deepcopy(manifest))
    return result


def requests_of(manifest: Object) -> dict[str, Object]:
    """Return the requests of the pod's claim by name: each one's `exactly`."""
    template = conversion_of(manifest).template
    return {request["name"]: request["exactly"] for request in template.spec["devices"]["requests"]} if template else {}


def used_by(manifest: Object) -> dict[str, str]:
    """Return, for each container of the patched pod that uses the claim, the name of its request."""
    spec = patched(manifest)["spec"]
    return {
        each["name"]: claim["request"]
        for each in [*(spec.get("initContainers") or []), *spec["containers"]]
        for claim in each.get("resources", {}).get("claims") or []
        if claim["name"] == "hami"
    }


def annotation_of(manifest: Object) -> Object:
    """Return what the pod came with, as its annotation has it."""
    found: Object = json.loads(patched(manifest)["metadata"]["annotations"][CONVERTED_ANNOTATION])
    return found
