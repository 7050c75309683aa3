"""What is asked of API server and scheduler, with slices and claims as ours are; each probe answers with what was seen.

Not here: what driver and webhook make of it (system_probes.py), and the table (table.py).
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from catalog.errors import UnavailableError
from hack.compatibility.played_node import Answer, Kubectl, PlayedNode

YES: Final = "yes"
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Probe:
    """One row: what works, what that means for users, and how to see it: `yes`, or what happened instead."""

    title: str
    meaning: str
    look: Callable[[Kubectl], str]


def share(further: Mapping[str, Any] = NOTHING, gib: int = 30) -> dict[str, Any]:
    """A request for shares; `further` are fields of it."""
    capacity = {"requests": {"memory": f"{gib}Gi"}}
    return {"name": "card", "exactly": {"deviceClassName": "gpu.hami.io", "capacity": capacity, **further}}


def whole(further: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """A request for whole cards; `further` are fields of it."""
    return {"name": "card", "exactly": {"deviceClassName": "whole-gpu.hami.io", **further}}


def _slices_kept(kubectl: Kubectl) -> str:
    with PlayedNode(kubectl, 1) as node:
        return f"dropped: {', '.join(_words(node.dropped))}" if node.dropped else YES


def _words(paths: tuple[str, ...]) -> list[str]:
    """The last names of field paths, each once."""
    return sorted({f"`{path.rpartition('.')[2]}`" for path in paths})


def _shared_by_two(kubectl: Kubectl) -> str:
    with PlayedNode(kubectl, 1) as node:
        first, second = node.ask("first", share()), node.ask("second", share())
        if not (first.granted and second.granted):
            return _no(first if not first.granted else second)
        third = node.ask("third", share())
        return YES if third.waits else "shared beyond its memory"


def _whole_and_share(kubectl: Kubectl) -> str:
    with PlayedNode(kubectl, 2) as node:
        on_first = {"selectors": [_cel('device.attributes["hami.io"].index == 0')]}
        on_second = {"selectors": [_cel('device.attributes["hami.io"].index == 1')]}
        for name, request in (("share", share(on_first)), ("whole", whole(on_second))):
            if not (answer := node.ask(name, request)).granted:
                return _no(answer)
        later = (node.ask("whole-late", whole(on_first)), node.ask("share-late", share(on_second)))
        return YES if all(answer.waits for answer in later) else "one card was given out twice"


def _taints(kubectl: Kubectl) -> str:
    taint = {"key": "hami.io/unhealthy", "value": "lost", "effect": "NoSchedule"}
    with PlayedNode(kubectl, 1, taint) as node:
        if any(path.endswith("taints") for path in node.dropped):
            return "dropped: `taints`"
        if not (stays_away := node.ask("plain", whole())).waits:
            return f"ignored: {stays_away.devices}"
        tolerations = [{"key": taint["key"], "operator": "Exists"}]
        tolerates = node.ask("tolerant", whole({"tolerations": tolerations}))
        return YES if tolerates.granted else _no(tolerates)


def _prioritized_list(kubectl: Kubectl) -> str:
    missing = {"selectors": [_cel('device.attributes["hami.io"].index == 7')]}
    alternatives = [
        {"name": "best", "deviceClassName": "whole-gpu.hami.io", **missing},
        {"name": "any", "deviceClassName": "whole-gpu.hami.io"},
    ]
    with PlayedNode(kubectl, 1) as node:
        return _yes_if_granted(node.ask("second-best", {"name": "card", "firstAvailable": alternatives}))


def _admin_access(held: Mapping[str, Any]) -> Callable[[Kubectl], str]:
    """A tenant has what `held` asks, and then somebody wants to look at the node's card, by the least of a share of it."""
    least = {"requests": {"memory": "1Mi", "slots": "1"}}

    def look(kubectl: Kubectl) -> str:
        with PlayedNode(kubectl, 1) as node:
            kubectl("label", "namespace", node.name, "resource.kubernetes.io/admin-access=true")
            if not (holder := node.ask("holder", held)).granted:
                return _no(holder)
            return _yes_if_granted(node.ask("monitor", share({"adminAccess": True, "capacity": least})))

    return look


def _distinct(count: int) -> Callable[[Kubectl], str]:
    def look(kubectl: Kubectl) -> str:
        with PlayedNode(kubectl, 4) as node:
            constraint = {"requests": ["card"], "distinctAttribute": "hami.io/uuid"}
            answer = node.ask("several", share({"count": count}, gib=1), constraints=[constraint])
            if not answer.granted:
                return _no(answer)
            return YES if len(set(answer.devices)) == count else f"a card came twice: {', '.join(answer.devices)}"

    return look


def _same_island(kubectl: Kubectl) -> str:
    with PlayedNode(kubectl, 4) as node:
        if not (first := node.ask("first", whole())).granted:
            return _no(first)
        constraint = {"requests": ["card"], "matchAttribute": "hami.io/nvlinkDomain"}
        answer = node.ask("pair", whole({"count": 2}), constraints=[constraint])
        return YES if set(answer.devices) == {"gpu-2", "gpu-3"} else _no(answer)


def _extended_resource(kubectl: Kubectl) -> str:
    name = "probe.hami.io/card"
    selector = _cel('device.driver == "hami.io" && device.attributes["hami.io"].type == "gpu"')
    spec = {"selectors": [selector], "extendedResourceName": name}
    device_class = {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "DeviceClass",
        "metadata": {"name": "probe"},
        "spec": spec,
    }
    stored = json.loads(kubectl("create", "-f", "-", "-o", "json", stdin=json.dumps(device_class)))
    try:
        if "extendedResourceName" not in stored["spec"]:
            return "dropped: `extendedResourceName`"
        with PlayedNode(kubectl, 1) as node:
            return _yes_if_granted(node.ask_extended("plain", name))
    finally:
        kubectl("delete", "deviceclass", "probe")


def _cel(expression: str) -> Mapping[str, Any]:
    return {"cel": {"expression": expression}}


def _yes_if_granted(answer: Answer) -> str:
    return YES if answer.granted else _no(answer)


def _no(answer: Answer) -> str:
    """What happened instead, short enough for a table."""
    if answer.refused:
        reason = answer.refused.partition("is invalid: ")[2] or answer.refused.rpartition(": ")[2]
        return f"refused: {reason.splitlines()[0].strip('* ')}"
    return "the pod waits" if answer.waits else f"other cards: {', '.join(answer.devices)}"


PROBES: Final = (
    Probe(
        "Slices of shares are kept as the driver writes them",
        "where not, the driver says so and offers each card once, whole",
        _slices_kept,
    ),
    Probe(
        "A card is shared by pods up to its memory, and no further", "`nvidia.com/gpumem`, `gpucores`", _shared_by_two
    ),
    Probe("A card is given either whole or in shares, never both", "shared counters", _whole_and_share),
    Probe("Tainted cards are given to no new pod that does not tolerate it", "sick and cordoned cards", _taints),
    Probe("A second choice is taken where the first cannot be had", "`firstAvailable`", _prioritized_list),
    Probe(
        "A monitoring pod gets a card that is shared",
        "`adminAccess` to the least of a share, in a namespace that allows it",
        _admin_access(share()),
    ),
    Probe("The same of a card that is held whole", "kubernetes#140729", _admin_access(whole())),
    Probe("Two shares in one request are of two cards", "`nvidia.com/gpu: 2` with `gpumem`", _distinct(2)),
    Probe("Three shares in one request are of three cards", "`nvidia.com/gpu: 3` with `gpumem`", _distinct(3)),
    Probe("Two cards of one NVLink island", "`matchAttribute`", _same_island),
    Probe(
        "A device class stands in for an extended resource",
        "not used by hami-dra: its webhook does more",
        _extended_resource,
    ),
)


def seen(kubectl: Kubectl) -> dict[str, str]:
    """What each probe saw, by title; they run side by side, each on a node of its own."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        cells = pool.map(lambda probe: _seen(probe, kubectl), PROBES)
        return {probe.title: cell for probe, cell in zip(PROBES, cells, strict=True)}


def _seen(probe: Probe, kubectl: Kubectl) -> str:
    try:
        return probe.look(kubectl)
    except UnavailableError as error:
        return f"failed: {str(error).splitlines()[0][:160]}"
