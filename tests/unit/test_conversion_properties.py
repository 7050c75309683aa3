"""Laws of conversion over generated pods: the patch applies, a second pass changes nothing, nothing of others is touched, each container
gets at least what it asked, containers that run together never share a request, nothing is asked in vain, values are exact.
Hostile names and values are refused in our words or converted; nothing else happens.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.quantity import format_quantity, parse_quantity
from catalog.share_config import CorePolicy, ShareConfig
from tests.unit.webhook_pods import Object, annotation_of, conversion_of, converted, patched, requests_of, used_by
from webhook.conversion.needs import Need

MIB = 2**20
LEGACY = ("nvidia.com/gpu", "nvidia.com/gpumem", "nvidia.com/gpucores")

Law = Callable[..., None]


@dataclass(frozen=True)
class Ask:
    """What a container writes: None is not written."""

    gpu: int | None = None
    gpumem: int | None = None
    gpucores: int | None = None

    def written(self) -> dict[str, int]:
        values = zip(LEGACY, (self.gpu, self.gpumem, self.gpucores), strict=True)
        return {name: value for name, value in values if value is not None}


asks = st.builds(
    Ask,
    st.none() | st.integers(0, 4),
    st.none() | st.integers(0, 4_000_000),
    st.none() | st.integers(0, 100),
)
configs = st.builds(
    ShareConfig, priority=st.integers(0, 1), core_policy=st.sampled_from(CorePolicy), enforce=st.booleans()
)
needs = st.builds(Need, st.integers(1, 32), whole=st.just(True)) | st.builds(
    Need,
    st.integers(1, 32),
    memory_mib=st.integers(0, 2**22),
    cores=st.integers(0, 100),
    memory_percent=st.integers(0, 99),
    alone=st.booleans(),
    config=configs,
)
needs_of_all_memory = st.builds(
    Need, st.integers(1, 32), memory_mib=st.none(), cores=st.integers(0, 100), alone=st.booleans(), config=configs
)
needs |= needs_of_all_memory
flags = st.booleans()
others = st.fixed_dictionaries({}, optional={"cpu": st.just("500m"), "example.com/nic": st.just("1")})
labels = st.dictionaries(st.sampled_from(["app", "a/b", "~x~1"]), st.sampled_from(["", "on", "é\n"]), max_size=3)


def law(*arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> Callable[[Law], Law]:
    """A test over generated values; how long a busy machine takes for one is no part of any law."""
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    return lambda test: patient(given(*arguments, **named)(test))


@st.composite
def spelled(draw: st.DrawFn, value: int) -> str | int:
    """A number as people and the API server write it."""
    texts = (str(value), format_quantity(value), f"{value}e0", f"{value}000m", f"{value}.0")
    ways: st.SearchStrategy[str | int] = st.one_of(st.just(value), st.sampled_from(texts))
    return draw(ways)


@st.composite
def resources(draw: st.DrawFn, ask: Ask) -> Object:
    written = {name: draw(spelled(value)) for name, value in ask.written().items()}
    result: Object = {}
    where = draw(st.sampled_from([("limits",), ("requests",), ("limits", "requests")]))
    for section in ("limits", "requests"):
        content = draw(others) | (written if section in where else {})
        if draw(flags) or content:
            result[section] = content
    if draw(flags):
        result["claims"] = draw(st.sampled_from([[], [{"name": "net"}], [{"name": "net", "request": "a"}]]))
    return result


@dataclass(frozen=True)
class Case:
    """A pod, and what it was made of."""

    manifest: Object
    asks: dict[str, Ask]

    def phases(self) -> Iterator[set[str]]:
        """Yield the containers that run at the same time, phase by phase of the pod's life."""
        sidecars: set[str] = set()
        for each in self.manifest["spec"].get("initContainers", []):
            yield sidecars | {each["name"]}
            if each.get("restartPolicy") == "Always":
                sidecars.add(each["name"])
        yield sidecars | {each["name"] for each in self.manifest["spec"]["containers"]}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    found: dict[str, Ask] = {}

    def containers(prefix: str, most: int) -> list[Object]:
        made = []
        for number in range(draw(st.integers(0, most))):
            name, ask = f"{prefix}-{number}", draw(asks)
            found[name] = ask
            made.append({"name": name, "env": [{"name": "E", "value": "v"}], "resources": draw(resources(ask))})
        return made

    spec: Object = {"containers": containers("app", 2), "dnsPolicy": "Default"}
    starting = containers("init", 3)
    if draw(flags) or starting:
        spec["initContainers"] = [each | draw(st.sampled_from([{}, {"restartPolicy": "Always"}])) for each in starting]
    if draw(flags):
        spec["resourceClaims"] = draw(st.sampled_from([[], [{"name": "net", "resourceClaimName": "nic"}]]))
    metadata: Object = {"generateName": "p-"}
    for field in ("labels", "annotations"):
        if draw(flags):
            metadata[field] = draw(labels)
    case = Case({"metadata": metadata, "spec": spec}, found)
    assume(any(ask.written() for ask in found.values()))
    return case


def asked_need(ask: Ask) -> Need | None:
    """What an ask means, by HAMi's rules, told once more and differently."""
    memory, cores_written = ask.gpumem or None, ask.gpucores is not None
    if ask.gpu == 0 or (ask.gpu is None and not memory and not ask.gpucores):
        return None
    count = 1 if ask.gpu is None else ask.gpu
    if memory or (cores_written and ask.gpucores != 100):
        return Need(count, memory_mib=memory, cores=ask.gpucores or 0, alone=ask.gpucores == 100)
    return Need(count, whole=True)


def asked_needs(case: Case) -> dict[str, Need]:
    found = {name: asked_need(ask) for name, ask in case.asks.items()}
    return {name: need for name, need in found.items() if need}


def need_in(exactly: Object) -> Need:
    """Read a request back."""
    whole = exactly["deviceClassName"] == "whole-gpu.hami.io"
    capacity = exactly.get("capacity", {}).get("requests", {})
    memory = parse_quantity(capacity["memory"]) if "memory" in capacity else None
    assert memory is None or memory % MIB == 0
    cores = parse_quantity(capacity.get("cores", "0"))
    alone = capacity.get("slots") == "1k"
    return Need(exactly["count"], whole, None if memory is None else memory // MIB, cores, alone=alone)


def without_ours(manifest: Object) -> Object:
    """The pod without anything that conversion removes or adds; empty and absent are the same."""
    result = deepcopy(manifest)
    annotations = result["metadata"].get("annotations") or {}
    annotations.pop("hami.io/converted", None)
    result["metadata"]["annotations"] = annotations
    result["spec"]["resourceClaims"] = [c for c in result["spec"].get("resourceClaims") or [] if c["name"] != "hami"]
    for each in [*result["spec"].get("initContainers", []), *result["spec"]["containers"]]:
        for section in ("limits", "requests"):
            content = each["resources"].get(section) or {}
            each["resources"][section] = {name: value for name, value in content.items() if name not in LEGACY}
        each["resources"]["claims"] = [c for c in each["resources"].get("claims") or [] if c["name"] != "hami"]
    return result


@law(cases())
def test_the_patch_applies_and_a_second_pass_finds_nothing_to_do(case: Case) -> None:
    assert converted(patched(case.manifest)) is None


@law(cases())
def test_nothing_of_others_is_touched(case: Case) -> None:
    assert without_ours(patched(case.manifest)) == without_ours(case.manifest)


@law(cases())
def test_each_container_that_asked_gets_at_least_that_and_no_other_gets_anything(case: Case) -> None:
    requests, used = requests_of(case.manifest), used_by(case.manifest)
    asked = asked_needs(case)
    assert used.keys() == asked.keys()
    for name, need in asked.items():
        granted = need_in(requests[used[name]])
        assert granted.joined(need) == granted


@law(cases())
def test_containers_that_run_together_never_share_a_request(case: Case) -> None:
    used = used_by(case.manifest)
    for together in case.phases():
        taken = [used[name] for name in together if name in used]
        assert len(taken) == len(set(taken))


@law(cases())
def test_each_request_is_exactly_what_its_users_need_together(case: Case) -> None:
    requests, used = requests_of(case.manifest), used_by(case.manifest)
    asked = asked_needs(case)
    for name, exactly in requests.items():
        users = [asked[container] for container, request in used.items() if request == name]
        assert need_in(exactly) == reduce(Need.joined, users)


@law(cases())
def test_init_containers_add_a_request_only_where_no_container_can_lend_one(case: Case) -> None:
    used = used_by(case.manifest)
    lasting = [name for name in list(case.phases())[-1] if name in used]
    added = len(requests_of(case.manifest)) - len(lasting)
    assert added == 0 if any(name.startswith("app") for name in lasting) else added in (0, 1)


@law(cases())
def test_several_cards_are_different_cards(case: Case) -> None:
    template = conversion_of(case.manifest).template
    devices = template.spec["devices"] if template else {"requests": []}
    several = [r["name"] for r in devices["requests"] if r["exactly"]["count"] > 1 and "whole" not in json.dumps(r)]
    assert devices.get("constraints", []) == [{"requests": [r], "distinctAttribute": "hami.io/uuid"} for r in several]


@law(cases())
def test_the_annotation_is_exact(case: Case) -> None:
    expected = {name: {key: str(value) for key, value in ask.written().items()} for name, ask in case.asks.items()}
    assert annotation_of(case.manifest) == {name: values for name, values in expected.items() if values}


@law(cases(), cases())
def test_templates_have_one_name_exactly_if_they_ask_the_same(one: Case, other: Case) -> None:
    first, second = conversion_of(one.manifest).template, conversion_of(other.manifest).template
    if first and second:
        assert (first.name == second.name) == (first.spec == second.spec)


@law(cases(), st.text(max_size=20))
def test_a_template_depends_on_nothing_but_the_needs(case: Case, text: str) -> None:
    changed = deepcopy(case.manifest)
    changed["metadata"] |= {"name": text, "namespace": text, "uid": text}
    changed["spec"] |= {"serviceAccountName": text}
    for each in changed["spec"]["containers"]:
        each["image"] = text
    assert conversion_of(changed).template == conversion_of(case.manifest).template


@law(needs, needs, needs)
def test_joining_needs_is_a_semilattice(a: Need, b: Need, c: Need) -> None:
    assert a.joined(a) == a
    assert a.joined(b) == b.joined(a)
    assert a.joined(b).joined(c) == a.joined(b.joined(c))


@law(needs, needs)
def test_a_joined_need_meets_both(a: Need, b: Need) -> None:
    joined = a.joined(b)
    assert joined.count >= max(a.count, b.count)
    assert joined.whole == (a.whole or b.whole)
    if not joined.whole:
        assert joined.cores == max(a.cores, b.cores)
        assert (joined.memory_mib is None) == (None in (a.memory_mib, b.memory_mib))
        assert joined.memory_mib is None or joined.memory_mib == max(a.memory_mib or 0, b.memory_mib or 0)
        assert joined.memory_mib is None or joined.memory_percent == max(a.memory_percent, b.memory_percent)
        assert joined.alone == (a.alone or b.alone)
        assert joined.config.priority == min(a.config.priority, b.config.priority)


hostile_values = st.text(max_size=80) | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)


@law(
    name=st.text(max_size=80),
    value=hostile_values,
    resource=st.sampled_from(LEGACY),
    twice=st.booleans(),
)
def test_hostile_names_and_values_are_converted_or_refused_and_nothing_else(
    name: str, value: str | float, resource: str, twice: bool
) -> None:
    each = {"name": name, "resources": {"limits": {resource: value}}}
    manifest = {"metadata": {"name": name}, "spec": {"containers": [each] * (2 if twice else 1)}}
    try:
        conversion = converted(manifest)
    except InvalidInputError as error:
        message = str(error)
    else:
        assert conversion is not None
        assert converted(patched(manifest)) is None
        message = ""
    assert len(message) < 400
