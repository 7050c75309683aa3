"""Where the pod templates of each kind of object stand: known kinds as data, further ones by the user's word.

A path is members with dots between them; `*` stands for each member of a mapping, `[*]` for each item of a list. Pure. Not here:
what is done with a template (converting).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from catalog.errors import InvalidInputError
from webhook.manifest_files.values import Value

Paths = Mapping[str, tuple[str, ...]]
"""Kind → paths. A kind is `Kind`, or `Kind.group` where several groups have one of that name."""

_TEMPLATE: Final = ("spec.template",)

KNOWN: Final[Paths] = {
    "Pod": ("",),
    "PodTemplate": ("template",),
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec.jobTemplate.spec.template",),
    # Kubeflow
    "Notebook": _TEMPLATE,
    "PyTorchJob": ("spec.pytorchReplicaSpecs.*.template",),
    "TFJob": ("spec.tfReplicaSpecs.*.template",),
    "XGBoostJob": ("spec.xgbReplicaSpecs.*.template",),
    "PaddleJob": ("spec.paddleReplicaSpecs.*.template",),
    "JAXJob": ("spec.jaxReplicaSpecs.*.template",),
    "MPIJob": ("spec.mpiReplicaSpecs.*.template",),
    "TrainingRuntime": ("spec.template.spec.replicatedJobs[*].template.spec.template",),
    "ClusterTrainingRuntime": ("spec.template.spec.replicatedJobs[*].template.spec.template",),
    # Ray
    "RayCluster": ("spec.headGroupSpec.template", "spec.workerGroupSpecs[*].template"),
    "RayJob": (
        "spec.rayClusterSpec.headGroupSpec.template",
        "spec.rayClusterSpec.workerGroupSpecs[*].template",
        "spec.submitterPodTemplate",
    ),
    "RayService": (
        "spec.rayClusterConfig.headGroupSpec.template",
        "spec.rayClusterConfig.workerGroupSpecs[*].template",
    ),
    # Others
    "Job.batch.volcano.sh": ("spec.tasks[*].template",),
    "JobSet": ("spec.replicatedJobs[*].template.spec.template",),
    "LeaderWorkerSet": ("spec.leaderWorkerTemplate.leaderTemplate", "spec.leaderWorkerTemplate.workerTemplate"),
    "Rollout": _TEMPLATE,
    "CloneSet": _TEMPLATE,
}

_FLAG: Final = re.compile(
    r"([A-Z][A-Za-z0-9]*(?:\.[a-z0-9.-]+)?)=((?:\w+(?:\[\*\])?|\*)(?:\.(?:\w+(?:\[\*\])?|\*))*)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Place:
    """An object or a template in a document: the steps that lead to it, and what is there."""

    steps: tuple[str, ...]
    value: Mapping[str, Value]


def with_paths(known: Paths, flags: Iterable[str]) -> Paths:
    """Return the paths with those of flags such as `RayCluster=spec.headGroupSpec.template` added.

    Raises `InvalidInputError`.
    """
    paths = dict(known)
    for flag in flags:
        match = _FLAG.fullmatch(flag)
        if match is None:
            raise InvalidInputError(
                f"--template-path {flag[:200]}: write KIND=PATH, such as RayCluster=spec.workerGroupSpecs[*].template;"
                " * stands for each member of a mapping, [*] for each item of a list"
            )
        kind, path = match.groups()
        paths[kind] = (*(each for each in paths.get(kind, ()) if each != path), path)
    return paths


def objects_in(document: Value, steps: tuple[str, ...] = ()) -> Iterator[Place]:
    """Yield the objects of a document: itself, or what a list holds, and lists in lists."""
    if not isinstance(document, Mapping) or not isinstance(document.get("kind"), str):
        return
    items = document.get("items")
    if document["kind"].endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            yield from objects_in(item, (*steps, "items", str(index)))
        return
    yield Place(steps, document)


def templates_in(place: Place, paths: Paths) -> Iterator[Place]:
    """Yield the pods and pod templates of an object."""
    version = place.value.get("apiVersion")
    group = version.rpartition("/")[0] if isinstance(version, str) else ""
    kind = place.value["kind"]
    for path in paths.get(f"{kind}.{group}", paths.get(kind, ())):
        parts = path.replace("[*]", ".[*]").split(".") if path else []
        for found in _follow(place, parts):
            if isinstance(found.value, Mapping) and isinstance(found.value.get("spec"), Mapping):
                yield found


def _follow(place: Place, parts: list[str]) -> Iterator[Place]:
    if not parts:
        yield place
        return
    part, *rest = parts
    for name, value in _members(place.value, part):
        yield from _follow(Place((*place.steps, name), value), rest)


def _members(value: Value, part: str) -> Iterator[tuple[str, Value]]:
    if part == "[*]":
        yield from ((str(index), item) for index, item in enumerate(value)) if isinstance(value, list) else ()
    elif isinstance(value, Mapping):
        yield from value.items() if part == "*" else [(part, value[part])] if part in value else []
