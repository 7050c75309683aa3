"""From a pod with legacy limits to the patch and the ResourceClaimTemplate that ask for the same by a claim.

A pure function of the pod, the cluster's rules and its fleet: converting what was converted changes nothing. What cannot be met is
refused, never left Pending. Not here: needs, wishes, their requests (assignment), the template, operations of patches: each in
its module beside this one; and any I/O.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import CONVERTED_ANNOTATION, POD_CLAIM, WEBHOOK_LABEL
from webhook.conversion.assignment import Asking, Assignment, assign
from webhook.conversion.environment import config_of, contradictions
from webhook.conversion.fit import check_fit
from webhook.conversion.fleet import UNKNOWN_FLEET, Fleet
from webhook.conversion.needs import PLAIN, Need, asked_by, need_of
from webhook.conversion.patch import (
    Operation,
    seeing_no_card,
    with_item,
    with_member,
    with_members,
    with_request,
    without_resources,
)
from webhook.conversion.review import Container, Pod
from webhook.conversion.rules import DEFAULT_RULES, Privileged, Rules
from webhook.conversion.template import Shape, Template, shape_of
from webhook.conversion.wishes import Mode, Wishes, wishes_of

MAX_DEVICES: Final = 32
"""Allocation results of one claim (resource.k8s.io/v1, AllocationResultsMaxSize)."""
DEFAULT_SCHEDULER: Final = "default-scheduler"

_OPT_OUT: Final = "ignore"
_SIDECAR_POLICY: Final = "Always"
"""`restartPolicy` of an init container that runs as long as the pod does."""
_DNS_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)


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
    is_starting: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the pod's containers ask, and what their users are told about it."""

    assignment: Assignment
    warnings: tuple[str, ...]


def convert(pod: Pod, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Conversion | None:
    """Return what to do to a pod, or None if it is to stay as it is: it opted out, or names no legacy resource.

    Resources that ask for no card (`nvidia.com/gpu: 0`) are removed too, so that no admitted pod has any. Raises `InvalidInputError`
    naming container, field and remedy.
    """
    if (pod.metadata.labels or {}).get(WEBHOOK_LABEL) == _OPT_OUT:
        return None
    found = list(_find(pod, rules))
    if not found:
        return None
    _refuse_bad_names([each.container.name for each in found])
    wishes = wishes_of(pod.metadata.annotations, rules)
    fleet = fleet.with_expected(rules.expected) if rules.expected else fleet
    asked = _ask(found, wishes, rules, fleet)
    if not asked.assignment.requests:
        return Conversion(tuple(_patch(pod, found, asked.assignment, None, rules)), None)
    _refuse_what_could_not_run(pod, asked.assignment, rules)
    shape = shape_of(asked.assignment.requests, wishes, fleet)
    patch = tuple(_patch(pod, found, asked.assignment, shape.template, rules))
    return Conversion(patch, shape.template, _warnings(pod, asked, wishes, shape, rules))


def convert_again(pod: Pod, rules: Rules = DEFAULT_RULES) -> Conversion | None:
    """Return what to do to a stored pod to which legacy limits come back, as when its manifest is applied a second time.

    The limits that it was converted from are removed again, so that nothing changes; a pod that was never converted is none of ours.
    Raises `InvalidInputError` where they differ: what a pod holds is fixed when it is created.
    """
    annotation = (pod.metadata.annotations or {}).get(CONVERTED_ANNOTATION)
    if annotation is None:
        return None
    found = list(_find(pod, rules))
    original = _read_annotation(annotation)
    for each in found:
        if original.get(each.container.name) != _shown(each.asked):
            raise InvalidInputError(
                f'container "{each.container.name[:64]}": its limits differ from those that the pod was created with'
                f" (annotation {CONVERTED_ANNOTATION}), and a claim cannot change; delete the pod and create it anew"
            )
    names = rules.names.all()
    patch = [operation for each in found for operation in without_resources(each.container, each.path, names)]
    return Conversion(tuple(patch), None) if found else None


def _read_annotation(text: str) -> Mapping[str, Mapping[str, str]]:
    try:
        return msgspec.json.decode(text, type=dict[str, dict[str, str]])
    except msgspec.DecodeError:
        return {}


def _shown(asked: Mapping[str, int]) -> dict[str, str]:
    """The limits of a container as the annotation has them."""
    return {name: str(value) for name, value in asked.items()}


def _places(pod: Pod) -> Iterator[tuple[Container, str, bool]]:
    for index, container in enumerate(pod.spec.init_containers or ()):
        yield container, f"/spec/initContainers/{index}", True
    for index, container in enumerate(pod.spec.containers or ()):
        yield container, f"/spec/containers/{index}", False


def _find(pod: Pod, rules: Rules) -> Iterator[_Found]:
    for container, path, is_starting in _places(pod):
        asked = asked_by(container, rules)
        if asked:
            yield _Found(container, path, asked, is_starting)


def _ask(found: Sequence[_Found], wishes: Wishes, rules: Rules, fleet: Fleet) -> _Asked:
    starting: list[Asking] = []
    containers: list[Asking] = []
    warnings: list[str] = []
    for each in found:
        name = each.container.name
        need = need_of(name, each.asked, wishes, rules)
        if need is None:
            continue
        need, told = _configured(need, each, wishes, rules)
        warnings += [*told, *check_fit(name, need, wishes, rules, fleet)]
        asking = Asking(name, need, is_sidecar=each.is_starting and each.container.restart_policy == _SIDECAR_POLICY)
        (starting if each.is_starting else containers).append(asking)
    return _Asked(assign(starting, containers), tuple(warnings))


def _configured(need: Need, found: _Found, wishes: Wishes, rules: Rules) -> tuple[Need, tuple[str, ...]]:
    """Return a need of shares with their configuration; whole cards and MIG devices have none."""
    if Mode.SHARE not in (wishes.modes or (Mode.WHOLE if need.whole else Mode.SHARE,)):
        return need, ()
    config, warnings = config_of(found.container, found.asked.get(rules.names.priority), rules)
    if need.whole or config == PLAIN:
        return need, warnings
    warnings += contradictions(found.container, need.cores, rules.names.cores)
    return replace(need, config=config), warnings


def _refuse_bad_names(names: Sequence[str]) -> None:
    """A request is named as its container is. What Kubernetes would refuse in a pod is refused before a template is written."""
    if len(set(names)) < len(names):
        name, times = Counter(names).most_common(1)[0]
        raise InvalidInputError(f'container "{name[:64]}": the name is used {times} times; give each container its own')
    for name in names:
        if not _DNS_LABEL.fullmatch(name):
            raise InvalidInputError(
                f'container "{name[:64]}": the name is not usable; write at most 63 of a-z, 0-9 and - (not at the ends)'
            )


def _refuse_what_could_not_run(pod: Pod, assignment: Assignment, rules: Rules) -> None:
    total = sum(need.count for need in assignment.requests.values())
    if total > MAX_DEVICES:
        parts = ", ".join(f"{name}: {need.count}" for name, need in assignment.requests.items())
        raise InvalidInputError(
            f"the pod asks for {total} cards by {rules.names.count} ({parts[:500]}); a pod can have {MAX_DEVICES}: ask for fewer"
        )
    if any(claim.name == POD_CLAIM for claim in pod.spec.resource_claims or ()):
        raise InvalidInputError(
            f'spec.resourceClaims: the name "{POD_CLAIM}" is taken, and legacy limits ({", ".join(rules.names.all())}) are there as'
            " well; rename the claim, or ask for all cards by claims and remove the limits"
        )
    if pod.spec.node_name:
        raise InvalidInputError(
            "spec.nodeName is set, so that the scheduler, which hands out cards, never sees the pod;"
            " write spec.nodeSelector with kubernetes.io/hostname instead"
        )
    _refuse_privileged(pod, rules)
    _refuse_other_nodes(pod, rules)


def _refuse_privileged(pod: Pod, rules: Rules) -> None:
    names = _privileged(pod) if rules.privileged is Privileged.DENY else []
    if names:
        raise InvalidInputError(
            f'container "{names[0][:64]}": is privileged, and so would see every card of its node; this cluster allows that to no pod'
            f" with cards: remove securityContext.privileged, or {rules.names.count} and its like"
        )


def _privileged(pod: Pod) -> list[str]:
    return [
        container.name
        for container, _, _ in _places(pod)
        if container.security_context and container.security_context.privileged
    ]


def _refuse_other_nodes(pod: Pod, rules: Rules) -> None:
    for label, value in rules.node_selector:
        given = (pod.spec.node_selector or {}).get(label, value)
        if given != value:
            raise InvalidInputError(
                f"spec.nodeSelector: {label}: is {given[:64]!r}, and cards are given out where it is {value!r}; leave it out"
            )


def _warnings(pod: Pod, asked: _Asked, wishes: Wishes, shape: Shape, rules: Rules) -> tuple[str, ...]:
    found = [*asked.warnings, *wishes.warnings, *shape.warnings]
    if rules.privileged is Privileged.WARN:
        found += [
            f'container "{name[:64]}": is privileged: it sees every card of its node, and its limits can be evaded'
            for name in _privileged(pod)
        ]
    return tuple(dict.fromkeys(found)) if found else ()


def _patch(
    pod: Pod, found: Sequence[_Found], assignment: Assignment, template: Template | None, rules: Rules
) -> Iterator[Operation]:
    names = rules.names.all()
    for each in found:
        yield from without_resources(each.container, each.path, names)
        request = assignment.request_of.get(each.container.name)
        if request:
            yield with_request(each.container, each.path, request)
    came_with = {each.container.name: _shown(each.asked) for each in found}
    shown = msgspec.json.encode(came_with).decode()
    yield with_member("/metadata/annotations", pod.metadata.annotations, CONVERTED_ANNOTATION, shown)
    if template:
        claim = {"name": POD_CLAIM, "resourceClaimTemplateName": template.name}
        yield with_item("/spec/resourceClaims", pod.spec.resource_claims, claim)
    yield from _pod_patch(pod, assignment, rules)


def _pod_patch(pod: Pod, assignment: Assignment, rules: Rules) -> Iterator[Operation]:
    """Yield what the cluster's rules change of a pod beside its claim."""
    if pod.spec.scheduler_name in rules.scheduler_names:
        yield {"op": "replace", "path": "/spec/schedulerName", "value": DEFAULT_SCHEDULER}
    if rules.overwrite_env:
        for container, path, _ in _places(pod):
            if container.name not in assignment.request_of:
                yield from seeing_no_card(container, path)
    if not assignment.requests:
        return
    if rules.runtime_class_name and pod.spec.runtime_class_name is None:
        yield {"op": "add", "path": "/spec/runtimeClassName", "value": rules.runtime_class_name}
    if rules.node_selector:
        yield from with_members("/spec/nodeSelector", pod.spec.node_selector, dict(rules.node_selector))
