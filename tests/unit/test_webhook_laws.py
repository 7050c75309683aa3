"""Laws of conversion with everything at once: all resources, annotations, variables, rules and fleets, generated.

Each pod is converted or refused in our words; a second pass changes nothing; nothing of others is touched; the claim is one that
the API server takes; no container gets less than it asked.
"""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.quantity import parse_quantity
from catalog.share_config import CorePolicy
from tests.unit.webhook_pods import Object, conversion_of, converted, patched
from webhook.conversion.fleet import UNKNOWN_FLEET, CardKind, Fleet
from webhook.conversion.rules import CardPolicy, NodePolicy, Privileged, Rules

MIB = 2**20
CANONICAL = re.compile(r"1k|\d{1,3}|\d+[MGT]i")
"""Quantities that the API server keeps as they were written: what it stores is compared with what was sent."""
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
NAMES = ("gpu", "gpumem", "gpumem-percentage", "gpucores", "priority")


@dataclass(frozen=True)
class World:
    """A pod, and what its cluster is."""

    manifest: Object
    rules: Rules
    fleet: Fleet


def law(test: Callable[..., None]) -> Callable[..., None]:
    """A test over generated worlds; how long a busy machine takes for one is no part of any law."""
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    return patient(given(worlds())(test))


kinds = st.builds(
    CardKind,
    st.sampled_from(["NVIDIA A100-SXM4-80GB", "NVIDIA A30", "Tesla T4", ""]),
    st.integers(1000, 100_000),
    st.integers(0, 9),
    st.booleans(),
)
fleets = st.just(UNKNOWN_FLEET) | st.lists(kinds, max_size=12).map(lambda found: Fleet(tuple(found)))
rules_ = st.builds(
    Rules,
    memory_factor=st.sampled_from([1, 1, 10]),
    default_count=st.sampled_from([1, 1, 1, 2, 2, 0]),
    default_memory_mib=st.sampled_from([0, 0, 2000]),
    default_cores=st.sampled_from([0, 0, 20, 100]),
    core_policy=st.sampled_from(CorePolicy),
    node_policy=st.none() | st.sampled_from(NodePolicy),
    card_policies=st.lists(st.sampled_from(CardPolicy), max_size=2).map(tuple),
    runtime_class_name=st.none() | st.just("nvidia"),
    overwrite_env=st.booleans(),
    privileged=st.sampled_from(Privileged),
    allow_disable_control=st.booleans(),
    node_selector=st.sampled_from([(), (("a/pool", "dra"),)]),
    expected=st.lists(kinds, max_size=2).map(tuple),
)
wild = st.text(st.characters(categories=["L", "P", "N", "S"]), max_size=12)
annotations = st.fixed_dictionaries(
    {},
    optional={
        "nvidia.com/use-gputype": st.sampled_from(["A100", "a30,t4", "NVIDIA", '"a', ""]) | wild,
        "nvidia.com/nouse-gputype": st.sampled_from(["A30", "x"]) | wild,
        "nvidia.com/use-gpuuuid": st.sampled_from(["GPU-1,GPU-2"]) | wild,
        "nvidia.com/nouse-gpuindexes": st.sampled_from(["0,1", ""]),
        "nvidia.com/vgpu-mode": st.sampled_from(["hami-core", "mig", "whole", "mig,hami-core", "hami-core,mig,whole"]),
        "nvidia.com/numa-bind": st.sampled_from(["true", "false", ""]),
        "hami.io/node-scheduler-policy": st.sampled_from(["binpack", "spread"]),
        "hami.io/gpu-scheduler-policy": st.lists(st.sampled_from(CardPolicy), max_size=3).map(",".join),
        "hami.io/gpu-memory": st.sampled_from(["4000", "1", "0"]),
        "hami.io/gpu-core": st.sampled_from(["30", "100", "0"]),
        "hami.io/vulkan": st.sampled_from(["true", ""]),
        "example.org/note": wild,
    },
)
amounts = {
    "gpu": st.integers(0, 4),
    "gpumem": st.integers(0, 100_000),
    "gpumem-percentage": st.integers(0, 100),
    "gpucores": st.integers(0, 100),
    "priority": st.integers(0, 1),
}
VARIABLES = (
    *(("CUDA_TASK_PRIORITY", value) for value in ("0", "1", "")),
    *(("GPU_CORE_UTILIZATION_POLICY", value) for value in ("force", "disable", "default")),
    *(("CUDA_DISABLE_CONTROL", "true"), ("NVIDIA_VISIBLE_DEVICES", "all"), ("A", "b")),
)
variables = st.lists(st.sampled_from(VARIABLES).map(lambda pair: {"name": pair[0], "value": pair[1]}), max_size=3)


@st.composite
def containers(draw: st.DrawFn, name: str) -> Object:
    asked = draw(st.fixed_dictionaries({}, optional=amounts))
    content = {"cpu": "1"} | {f"nvidia.com/{each}": str(value) for each, value in asked.items()}
    result: Object = {"name": name, "image": "i", "resources": {draw(st.sampled_from(["limits", "requests"])): content}}
    if draw(st.booleans()):
        result["env"] = draw(variables)
    if draw(st.integers(0, 9)) == 0:
        result["securityContext"] = {"privileged": True}
    return result


@st.composite
def worlds(draw: st.DrawFn) -> World:
    spec: Object = {
        "containers": [draw(containers(f"app-{number}")) for number in range(draw(st.integers(1, 2)))],
        "initContainers": [draw(containers(f"init-{number}")) for number in range(draw(st.integers(0, 2)))],
        "schedulerName": draw(st.sampled_from(["hami-scheduler", "default-scheduler", "volcano"])),
    }
    if draw(st.booleans()):
        spec["nodeSelector"] = {"disk": "ssd"}
    manifest = {"metadata": {"generateName": "p-", "annotations": draw(annotations)}, "spec": spec}
    return World(manifest, draw(rules_), draw(fleets))


def after(world: World) -> Object | None:
    """The converted pod, or None: refused in our words, or none of ours."""
    try:
        conversion = converted(world.manifest, world.rules, world.fleet)
    except InvalidInputError as error:
        if not 20 < len(str(error)) < 700:
            raise
        return None
    return patched(world.manifest, world.rules, world.fleet) if conversion else None


@law
def test_a_pod_is_converted_once_or_refused_and_nothing_else(world: World) -> None:
    result = after(world)
    if result is not None:
        assert "nvidia.com/" not in json.dumps([each["resources"] for each in all_containers(result)])
        assert converted(result, world.rules, world.fleet) is None


def all_containers(manifest: Object) -> Iterator[Object]:
    yield from manifest["spec"].get("initContainers", [])
    yield from manifest["spec"]["containers"]


@law
def test_nothing_else_of_the_pod_is_touched(world: World) -> None:
    result = after(world)
    if result is None:
        return
    before = deepcopy(world.manifest)
    del result["metadata"]["annotations"]["hami.io/converted"]
    assert result["metadata"] == before["metadata"]
    for each, was in zip(all_containers(result), all_containers(before), strict=True):
        remove_legacy(was)
        if each["resources"].pop("claims", None) is None and world.rules.overwrite_env:
            assert {"name": "NVIDIA_VISIBLE_DEVICES", "value": "none"} in each.pop("env")
            was.pop("env", None)
    for field in ("resourceClaims", "runtimeClassName", "schedulerName", "nodeSelector"):
        result["spec"].pop(field, None)
        before["spec"].pop(field, None)
    assert result["spec"] == before["spec"]


def remove_legacy(each: Object) -> None:
    for section in each["resources"].values():
        for name in NAMES:
            section.pop(f"nvidia.com/{name}", None)


@law
def test_the_claim_is_one_that_the_api_server_takes(world: World) -> None:
    if after(world) is None:
        return
    template = conversion_of(world.manifest, world.rules, world.fleet).template
    devices = template.spec["devices"] if template else {"requests": []}
    known = set()
    for request in devices["requests"]:
        choices = request.get("firstAvailable", [])
        assert len(choices) != 1
        assert len(choices) <= 8
        names = [choice["name"] for choice in choices]
        assert len(set(names)) == len(names)
        assert all(LABEL.fullmatch(name) for name in names)
        known |= {request["name"], *(f"{request['name']}/{name}" for name in names)}
        for choice in choices or [request["exactly"]]:
            expressions = [each["cel"]["expression"] for each in choice.get("selectors", [])]
            assert all(len(each) <= 10240 for each in expressions)
            amounts_asked = choice.get("capacity", {}).get("requests", {}).values()
            assert all(CANONICAL.fullmatch(each) for each in amounts_asked)
    for entry in (*devices.get("constraints", []), *devices.get("config", [])):
        assert set(entry["requests"]) <= known
    assert len(devices.get("constraints", [])) <= 32


def asked_of(each: Object) -> dict[str, int]:
    sections = each["resources"].get("limits") or each["resources"].get("requests")
    found = {name: int(sections[f"nvidia.com/{name}"]) for name in NAMES if f"nvidia.com/{name}" in sections}
    return found if found.get("gpu", 1) else {}


@law
def test_no_container_gets_less_than_it_asked(world: World) -> None:
    result = after(world)
    if result is None:
        return
    template = conversion_of(world.manifest, world.rules, world.fleet).template
    requests = {request["name"]: request for request in template.spec["devices"]["requests"]} if template else {}
    for each, was in zip(all_containers(result), all_containers(world.manifest), strict=True):
        asked = asked_of(was)
        used = [claim["request"] for claim in each["resources"].get("claims", [])]
        if asked.get("gpu") or asked.get("gpumem") or asked.get("gpumem-percentage") or asked.get("gpucores"):
            (name,) = used
            request = requests[name]
            for choice in request.get("firstAvailable") or [request["exactly"]]:
                assert_no_less(choice, asked, world)
        else:
            assert used == []


def assert_no_less(choice: dict[str, Any], asked: dict[str, int], world: World) -> None:
    assert choice["count"] >= asked.get("gpu", 1)
    capacity = {name: parse_quantity(text) for name, text in choice.get("capacity", {}).get("requests", {}).items()}
    shared = choice["deviceClassName"] == "gpu.hami.io"
    memory_mib = asked.get("gpumem", 0) * world.rules.memory_factor
    if choice["deviceClassName"] != "whole-gpu.hami.io" or "memory" in capacity:
        assert capacity.get("memory", 2**60) >= memory_mib * MIB
    if shared:
        assert capacity.get("cores", 0) >= asked.get("gpucores", 0)
        percent = 0 if memory_mib else asked.get("gpumem-percentage", 0)
        sizes = re.findall(r'quantity\("([^"]+)"\)\) (?:==|<=)', json.dumps(choice).replace('\\"', '"'))
        for size in sizes if percent else []:
            assert capacity["memory"] // MIB >= parse_quantity(size) // MIB * percent // 100


@pytest.mark.parametrize("count", [1, 40])
def test_the_laws_hold_of_pods_with_many_containers(count: int) -> None:
    many = [{"name": f"c-{number}", "resources": {"limits": {"nvidia.com/gpumem": "1"}}} for number in range(count)]
    world = World({"metadata": {"annotations": {}}, "spec": {"containers": many}}, Rules(), UNKNOWN_FLEET)
    assert (after(world) is None) == (count > 32)
