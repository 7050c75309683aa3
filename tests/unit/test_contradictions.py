"""What contradicts itself about compute is admitted with a warning at the path of its field; what does not, without one."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.share_config import CorePolicy, ShareConfig
from tests.unit.webhook_pods import Object, container, conversion_of, pod
from webhook.contradictions import MOST_WARNINGS, warnings_of_claim
from webhook.conversion.rules import DEFAULT_RULES, Rules

TYPE = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig"}
WHERE = "spec.devices.config[{}].opaque.parameters"


def request(name: str = "main", cores: object = None, device_class: str = "gpu.hami.io") -> Object:
    capacity = {} if cores is None else {"capacity": {"requests": {"cores": cores}}}
    return {"name": name, "exactly": {"deviceClassName": device_class} | capacity}


def config(parameters: Object, *requests: str) -> Object:
    return {"requests": list(requests), "opaque": {"driver": "hami.io", "parameters": TYPE | parameters}}


def claim(requests: list[Object], *configs: Object) -> Object:
    return {"devices": {"requests": requests, "config": list(configs)}}


@pytest.mark.parametrize(
    ("spec", "warnings"),
    [
        (
            claim([request(cores="30")], config({"corePolicy": "disable"})),
            ["[0].corePolicy: disable: capacity cores 30 is set aside on the card and not held"],
        ),
        (claim([request()], config({"corePolicy": "force"})), ["[0].corePolicy: force: has no effect without capacity cores"]),
        (claim([request(cores="0")], config({"corePolicy": "force"})), ["[0].corePolicy: force: has no effect"]),
        (claim([request()], config({"liveCores": False, "priority": 0})), ["[0].liveCores: false .* priority is 0"]),
        (claim([request(cores=30)], config({"liveCores": False})), ["[0].liveCores: false .* cores are asked"]),
        (claim([request()], config({"copies": "charged", "liveCores": False})), ["[0].copies: charged has no effect"]),
        (claim([request()], config({"copies": "charged", "corePolicy": "disable"})), []),
        (claim([request(cores="30")], config({"copies": "charged"})), []),
        (
            claim([request()], config({"weight": 5}), config({"weight": 7}, "main")),
            [r"[1]: takes the place of spec\.devices\.config\[0\]\.opaque\.parameters for request main, whole"],
        ),
        (claim([request("a", "5"), request("b")], config({"corePolicy": "force"}, "a")), []),
        (claim([request("a", "5"), request("b")], config({"corePolicy": "force"}, "b")), ["[0].corePolicy: .*request b"]),
        (claim([request("a"), request("b")], config({"weight": 5}, "a"), config({"weight": 7}, "b")), []),
        (claim([request(cores="30")], config({"corePolicy": "force"})), []),
        (claim([request()], config({"corePolicy": "disable", "liveCores": False})), []),
        (
            claim([request(cores="30")], config({"corePolicy": "disable", "liveCores": False})),
            ["[0].corePolicy: disable: capacity cores 30 is set aside"],
        ),
        (claim([request()], {"opaque": {"driver": "gpu.example.org", "parameters": {"corePolicy": "force"}}}), []),
        (
            claim([request()], config({"weight": 5}), config({"weight": 6}), config({"weight": 7})),
            [r"[1]: takes the place of spec\.devices\.config\[0\]", r"[2]: takes the place of spec\.devices\.config\[1\]"],
        ),
        (claim([request(device_class="gpu.example.org")], config({"corePolicy": "force"})), []),
    ],
)  # fmt: skip
def test_contradictions_of_a_claim_are_told_by_their_path(spec: Object, warnings: list[str]) -> None:
    found = warnings_of_claim(spec, "spec")
    assert len(found) == len(warnings)
    for text, expected in zip(found, warnings, strict=True):
        index, _, words = expected.removeprefix("[").partition("]")
        assert text.startswith(WHERE.format(index))
        assert len(text) <= 256, "kubectl shows no more of a warning"
        assert re.search(words.removeprefix("."), text), text


def test_the_alternative_that_asks_most_counts_and_alternatives_can_be_named() -> None:
    choices = [
        {"name": "big", "deviceClassName": "gpu.hami.io", "capacity": {"requests": {"cores": "50"}}},
        {"name": "small", "deviceClassName": "gpu.hami.io"},
    ]
    spec = claim([{"name": "main", "firstAvailable": choices}], config({"corePolicy": "disable"}, "main/big"))
    (text,) = warnings_of_claim(spec, "spec")
    assert "cores 50" in text


def test_no_claim_is_told_more_than_can_be_read() -> None:
    many = [request(f"r{index}") for index in range(32)]
    assert len(warnings_of_claim(claim(many, config({"corePolicy": "force"})), "spec")) == MOST_WARNINGS


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["name", "exactly", "firstAvailable", "capacity", "requests", "cores", "deviceClassName", "x"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(anything, anything)
def test_whatever_the_requests_look_like_nothing_is_raised(requests: object, devices: object) -> None:
    entry: dict[str, Any] = config(ShareConfig(core_policy=CorePolicy.FORCE).parameters())
    warnings_of_claim({"devices": {"requests": requests, "config": [entry, devices]}}, "spec")
    warnings_of_claim({"devices": devices}, "spec")


def told(limits: dict[str, int], policy: str = "", rules: Rules = DEFAULT_RULES) -> tuple[str, ...]:
    asking = container("main", gpu=1, **limits)
    asking["env"].append({"name": "GPU_CORE_UTILIZATION_POLICY", "value": policy})
    return conversion_of(pod(asking), rules).warnings


@pytest.mark.parametrize(
    ("limits", "policy", "words"),
    [
        (
            {"gpumem": 1, "gpucores": 30},
            "disable",
            "disable: nvidia.com/gpucores 30 is set aside on the card and not held; leave one of both out",
        ),
        ({"gpumem": 1}, "force", "force: has no effect without nvidia.com/gpucores"),
    ],
)
def test_a_containers_own_policy_is_compared_with_its_cores(limits: dict[str, int], policy: str, words: str) -> None:
    assert told(limits, policy) == (f'container "main": env GPU_CORE_UTILIZATION_POLICY: {words}',)


def test_what_agrees_is_told_nothing() -> None:
    assert told({"gpumem": 1, "gpucores": 30}, "force") == ()
    assert told({"gpumem": 1}, "disable") == ()
    assert told({}, "force") == (), "a whole card has no limits"
    assert told({"gpumem": 1, "gpucores": 30}, rules=Rules(core_policy=CorePolicy.DISABLE)) == (), (
        "the cluster's own policy"
    )


def test_of_a_variable_that_is_there_twice_the_last_counts_here_too() -> None:
    asking = container("main", gpu=1, gpumem=1)
    asking["env"] += [{"name": "GPU_CORE_UTILIZATION_POLICY", "value": value} for value in ("often", "force")]
    assert len(conversion_of(pod(asking)).warnings) == 1
