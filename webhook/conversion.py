"""From a pod with legacy limits to the patch and the ResourceClaimTemplate that ask for the same by a claim.

A pure function of the pod: converting what was converted changes nothing. What cannot be met is refused, never left Pending.
Not here: needs (webhook.needs), their requests (webhook.assignment), the template (webhook.template), and any I/O.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import CONVERTED_ANNOTATION, LEGACY_COUNT, POD_CLAIM, WEBHOOK_LABEL
from webhook.assignment import Asking, Assignment, assign
from webhook.fleet import UNKNOWN_FLEET, Fleet
from webhook.needs import RESOURCES, asked_by, need_of
from webhook.review import Container, Pod
from webhook.rules import DEFAULT_RULES, Rules
from webhook.template import Template, template_for

MAX_DEVICES: Final = 32
"""Allocation results of one claim (resource.k8s.io/v1, AllocationResultsMaxSize)."""

_OPT_OUT: Final = "ignore"
_SIDECAR_POLICY: Final = "Always"
"""`restartPolicy` of an init container that runs as long as the pod does."""
_DNS_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)

Operation = dict[str, Any]
"""One operation of a JSON patch, RFC 6902."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What admission does to a pod: `patch` it, after `template` exists. No template: no container needs a card."""

    patch: tuple[Operation, ...]
    template: Template | None
    warnings: tuple[str, ...] = ()
    """What the user is told although the pod is admitted."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A container that names legacy resources, and where it stands in the pod (JSON pointer)."""

    container: Container
    path: str
    asked: Mapping[str, int]


def convert(pod: Pod, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Conversion | None:
    """Return what to do to a pod, or None if it is to stay as it is: it opted out, or names no legacy resource.

    Resources that ask for no card (`nvidia.com/gpu: 0`) are removed too, so that no admitted pod has any. Raises `InvalidInputError`
    naming container, field and remedy.
    """
    if (pod.metadata.labels or {}).get(WEBHOOK_LABEL) == _OPT_OUT:
        return None
    starting = list(_find(pod.spec.init_containers, "/spec/initContainers"))
    containers = list(_find(pod.spec.containers, "/spec/containers"))
    if not starting and not containers:
        return None
    assignment = _assign(starting, containers)
    template = template_for(assignment.requests) if assignment.requests else None
    if template:
        _refuse_what_could_not_run(pod, assignment)
    return Conversion(tuple(_patch(pod, [*starting, *containers], assignment, template)), template)


def convert_again(pod: Pod, rules: Rules = DEFAULT_RULES) -> Conversion | None:
    """Return what to do to a stored pod to which legacy limits come back, as when its manifest is applied a second time.

    The limits that it was converted from are removed again, so that nothing changes; a pod that was never converted is none of ours.
    Raises `InvalidInputError` where they differ: what a pod holds is fixed when it is created.
    """
    annotation = (pod.metadata.annotations or {}).get(CONVERTED_ANNOTATION)
    found = [*_find(pod.spec.init_containers, "/spec/initContainers"), *_find(pod.spec.containers, "/spec/containers")]
    if annotation is None or not found:
        return None
    original = _read_annotation(annotation)
    for each in found:
        if original.get(each.container.name) != _shown(each.asked):
            raise InvalidInputError(
                f'container "{each.container.name[:64]}": its limits differ from those that the pod was created with'
                f" (annotation {CONVERTED_ANNOTATION}), and a claim cannot change; delete the pod and create it anew"
            )
    return Conversion(tuple(operation for each in found for operation in _container_patch(each, request=None)), None)


def _read_annotation(text: str) -> Mapping[str, Mapping[str, str]]:
    try:
        return msgspec.json.decode(text, type=dict[str, dict[str, str]])
    except msgspec.DecodeError:
        return {}


def _shown(asked: Mapping[str, int]) -> dict[str, str]:
    """The limits of a container as the annotation has them."""
    return {name: str(value) for name, value in asked.items()}


def _find(containers: Sequence[Container] | None, path: str) -> Iterator[_Found]:
    for index, container in enumerate(containers or ()):
        asked = asked_by(container)
        if asked:
            yield _Found(container, f"{path}/{index}", asked)


def _assign(starting: Sequence[_Found], containers: Sequence[_Found]) -> Assignment:
    _refuse_bad_names([found.container.name for found in (*starting, *containers)])
    return assign(list(_asking(starting)), list(_asking(containers)))


def _asking(found: Sequence[_Found]) -> Iterator[Asking]:
    for each in found:
        need = need_of(each.asked)
        if need:
            yield Asking(each.container.name, need, is_sidecar=each.container.restart_policy == _SIDECAR_POLICY)


def _refuse_bad_names(names: Sequence[str]) -> None:
    """A request is named as its container is. What Kubernetes would refuse in a pod is refused before a template is written."""
    for name, times in Counter(names).items():
        if times > 1:
            raise InvalidInputError(
                f'container "{name[:64]}": the name is used {times} times; give each container its own'
            )
        if not _DNS_LABEL.fullmatch(name):
            raise InvalidInputError(
                f'container "{name[:64]}": the name is not usable; write at most 63 of a-z, 0-9 and - (not at the ends)'
            )


def _refuse_what_could_not_run(pod: Pod, assignment: Assignment) -> None:
    total = sum(need.count for need in assignment.requests.values())
    if total > MAX_DEVICES:
        parts = ", ".join(f"{name}: {need.count}" for name, need in assignment.requests.items())
        raise InvalidInputError(
            f"the pod asks for {total} cards by {LEGACY_COUNT} ({parts[:500]}); a pod can have {MAX_DEVICES}: ask for fewer"
        )
    if any(claim.name == POD_CLAIM for claim in pod.spec.resource_claims or ()):
        raise InvalidInputError(
            f'spec.resourceClaims: the name "{POD_CLAIM}" is taken, and legacy limits ({", ".join(RESOURCES)}) are there as well;'
            f" rename the claim, or ask for all cards by claims and remove the limits"
        )
    if pod.spec.node_name:
        raise InvalidInputError(
            "spec.nodeName is set, so that the scheduler, which hands out cards, never sees the pod;"
            " write spec.nodeSelector with kubernetes.io/hostname instead"
        )


def _patch(pod: Pod, found: Sequence[_Found], assignment: Assignment, template: Template | None) -> Iterator[Operation]:
    for each in found:
        yield from _container_patch(each, assignment.request_of.get(each.container.name))
    came_with = {each.container.name: _shown(each.asked) for each in found}
    yield _with_member(
        "/metadata/annotations",
        pod.metadata.annotations,
        CONVERTED_ANNOTATION,
        msgspec.json.encode(came_with).decode(),
    )
    if template:
        claim = {"name": POD_CLAIM, "resourceClaimTemplateName": template.name}
        yield _with_item("/spec/resourceClaims", pod.spec.resource_claims, claim)


def _container_patch(found: _Found, request: str | None) -> Iterator[Operation]:
    resources = found.container.resources
    if resources is None:
        return
    for section, members in (("limits", resources.limits), ("requests", resources.requests)):
        for name in RESOURCES:
            if name in (members or {}):
                yield {"op": "remove", "path": f"{found.path}/resources/{section}/{_escaped(name)}"}
    if request:
        yield _with_item(f"{found.path}/resources/claims", resources.claims, {"name": POD_CLAIM, "request": request})


def _with_item(path: str, present: Sequence[object] | None, item: object) -> Operation:
    if present is None:
        return {"op": "add", "path": path, "value": [item]}
    return {"op": "add", "path": f"{path}/-", "value": item}


def _with_member(path: str, present: Mapping[str, str] | None, name: str, value: str) -> Operation:
    if present is None:
        return {"op": "add", "path": path, "value": {name: value}}
    return {"op": "add", "path": f"{path}/{_escaped(name)}", "value": value}


def _escaped(name: str) -> str:
    """A member's name in a JSON pointer, RFC 6901; ours hold no `~`."""
    return name.replace("/", "~1")
