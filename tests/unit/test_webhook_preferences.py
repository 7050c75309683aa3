"""Alternatives of a request: percentages by the sizes of the fleet, forms of a card, and what is preferred in which order; laws about
sizes over generated fleets.
"""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.quantity import parse_quantity
from tests.unit.webhook_pods import Object, annotated, container, conversion_of, devices_of, pod
from webhook.conversion.fleet import UNKNOWN_FLEET, CardKind, Fleet
from webhook.conversion.rules import DEFAULT_RULES, CardPolicy, NodePolicy, Rules

MIB = 2**20
A30 = CardKind("NVIDIA A30", 24576, 16)
A100 = CardKind("NVIDIA A100-SXM4-80GB", 81920, 8)
H100 = CardKind("NVIDIA H100 80GB HBM3", 81559, 2)
MIG = CardKind("NVIDIA A100-SXM4-80GB", 9728, 7, is_mig=True)
MIXED = Fleet((A100, A30, H100))

BUSY = 'device.attributes["hami.io"].busy'
BUSY_NODE = 'device.attributes["hami.io"].nodeBusy'


def limits(percent: int | None = None, **others: int) -> Object:
    return container("main", **others, **({} if percent is None else {"gpumem-percentage": percent}))


def choices_of(manifest: Object, fleet: Fleet = MIXED, rules: Rules = DEFAULT_RULES) -> list[Object]:
    """The alternatives of the one request."""
    (request,) = devices_of(manifest, rules, fleet)["requests"]
    found: list[Object] = request.get("firstAvailable") or [request["exactly"]]
    return found


def conditions(choice: Object) -> list[str]:
    return [each["cel"]["expression"] for each in choice.get("selectors", [])]


def names(manifest: Object, fleet: Fleet = MIXED, rules: Rules = DEFAULT_RULES) -> list[str]:
    return [choice["name"] for choice in choices_of(manifest, fleet, rules)]


def memory_of(choice: Object) -> str:
    found: str = choice["capacity"]["requests"]["memory"]
    return found


def test_a_percentage_is_one_alternative_per_size_the_most_frequent_first() -> None:
    choices = choices_of(pod(limits(50)))
    assert [(each["name"], memory_of(each)) for each in choices] == [
        ("24576mib", "12Gi"),
        ("81920mib", "40Gi"),
        ("81559mib", "40779Mi"),
    ]
    assert [conditions(each) for each in choices] == [
        [f'device.capacity["hami.io"].memory.compareTo(quantity("{size}")) == 0']
        for size in ("24Gi", "80Gi", "81559Mi")
    ]


def test_two_halves_fit_a_card() -> None:
    (choice,) = choices_of(pod(limits(50)), Fleet((H100,)))
    assert 2 * parse_quantity(memory_of(choice)) <= 81559 * MIB


def test_a_uniform_fleet_needs_no_list() -> None:
    (choice,) = choices_of(pod(limits(25, gpu=1)), Fleet((A100, CardKind("NVIDIA other", 81920, 1), MIG)))
    assert choice == {
        "deviceClassName": "gpu.hami.io",
        "allocationMode": "ExactCount",
        "count": 1,
        "capacity": {"requests": {"memory": "20Gi"}},
    }


def test_sizes_are_narrowed_by_type_first() -> None:
    (choice,) = choices_of(annotated(pod(limits(50)), use_gputype="a30"))
    assert memory_of(choice) == "12Gi"
    assert [memory_of(each) for each in choices_of(annotated(pod(limits(50)), nouse_gputype="A30"))] == [
        "40Gi",
        "40779Mi",
    ]


def test_all_memory_is_asked_without_knowing_how_much_that_is() -> None:
    (choice,) = choices_of(pod(limits(100, gpucores=30)), UNKNOWN_FLEET)
    assert choice["capacity"]["requests"] == {"cores": "30"}


@pytest.mark.parametrize("fleet", [UNKNOWN_FLEET, Fleet(), Fleet((MIG,))])
def test_a_percentage_of_nobody_knows_what_is_refused_with_a_remedy(fleet: Fleet) -> None:
    with pytest.raises(
        InvalidInputError, match=r"(gpumem-percentage.*write gpumem in MiB.*fleet\.expected)|no card is there"
    ):
        conversion_of(pod(limits(50)), DEFAULT_RULES, fleet)


def test_sizes_that_are_expected_come_last() -> None:
    rules = Rules(expected=(CardKind("NVIDIA H200", 143771, cards=0),))
    assert names(pod(limits(50)), MIXED, rules)[-1] == "143771mib"
    conversion = conversion_of(pod(limits(50)), rules, Fleet())
    assert conversion.template is not None
    assert conversion.warnings == (
        'container "main": no card that is there now is enough; the pod waits for one of fleet.expected',
    )


def test_beyond_eight_sizes_neighbours_are_merged_upward_with_a_warning() -> None:
    sizes = (8192, 11264, 16384, 24576, 32768, 40960, 46068, 48896, 81559, 81920)
    fleet = Fleet(tuple(CardKind(f"card {mib}", mib, 10) for mib in sizes))
    choices = choices_of(pod(limits(50)), fleet)
    assert len(choices) == 8
    merged = {each["name"]: each for each in choices if ">=" in conditions(each)[0]}
    assert {name: memory_of(each) for name, each in merged.items()} == {"81920mib": "40Gi", "48896mib": "24448Mi"}
    (warning,) = conversion_of(pod(limits(50)), DEFAULT_RULES, fleet).warnings
    assert "10 sizes" in warning


sizes = st.lists(st.integers(1000, 200_000), min_size=1, max_size=12, unique=True)
CONDITION = re.compile(r'compareTo\(quantity\("([^"]+)"\)\) (==|>=|<=)')


def takes(choice: dict[str, Any], card_mib: int) -> bool:
    """Whether a card of this size is among those of an alternative, by reading its conditions."""
    found = [
        (parse_quantity(text) // MIB, sign) for each in conditions(choice) for text, sign in CONDITION.findall(each)
    ]
    return all({"==": card_mib == mib, ">=": card_mib >= mib, "<=": card_mib <= mib}[sign] for mib, sign in found)


@given(sizes, st.integers(1, 99))
def test_each_card_is_of_one_alternative_and_gives_no_less_than_the_percentage(cards: list[int], percent: int) -> None:
    fleet = Fleet(tuple(CardKind("card", mib, 1 + number % 3) for number, mib in enumerate(cards)))
    choices = choices_of(pod(limits(percent)), fleet)
    assert len(choices) <= 8
    for mib in cards:
        (choice,) = [each for each in choices if takes(each, mib)]
        share = parse_quantity(memory_of(choice)) // MIB
        assert share >= max(1, mib * percent // 100)
        if len(cards) <= 8:
            assert share == max(1, mib * percent // 100)


@given(
    sizes,
    st.integers(1, 99),
    st.sampled_from(["binpack", "spread"]),
    st.sampled_from(["binpack", "spread"]),
    st.booleans(),
)
def test_preferences_give_way_to_sizes_and_never_the_other_way_round(
    cards: list[int], percent: int, node: str, card: str, several: bool
) -> None:
    fleet = Fleet(tuple(CardKind("card", mib, 1) for mib in cards))
    plain = choices_of(pod(limits(percent)), fleet)
    policies = {"hami_node_scheduler_policy": node, "hami_gpu_scheduler_policy": f"{card},topology-aware"}
    manifest = annotated(pod(limits(percent, gpu=2 if several else 1)), **policies)
    choices = choices_of(manifest, fleet)
    assert len(choices) <= 8
    assert {memory_of(each) for each in choices} == {memory_of(each) for each in plain}
    last = choices[-len(plain) :]
    assert [conditions(each) for each in last] == [conditions(each) for each in plain]


@pytest.mark.parametrize(
    ("node", "card", "expected"),
    [
        ("", "binpack", [("busy", [BUSY]), ("any", [])]),
        ("", "spread", [("idle", [f"!{BUSY}"]), ("any", [])]),
        ("binpack", "", [("busy-node", [BUSY_NODE]), ("any", [])]),
        ("spread", "", [("idle-node", [f"!{BUSY_NODE}"]), ("any", [])]),
        ("binpack", "binpack", [("busy", [BUSY]), ("busy-node", [BUSY_NODE]), ("any", [])]),
        ("spread", "spread", [("idle-node", [f"!{BUSY_NODE}"]), ("idle", [f"!{BUSY}"]), ("any", [])]),
        ("spread", "binpack", [("idle-node", [f"!{BUSY_NODE}"]), ("busy", [BUSY]), ("any", [])]),
        (
            "binpack",
            "spread",
            [("busy-node-idle", [f"{BUSY_NODE} && !{BUSY}"]), ("busy-node", [BUSY_NODE]), ("any", [])],
        ),
        ("spread", "mutex,binpack", [("idle-node", [f"!{BUSY_NODE}"]), ("any", [])]),
        ("", "spread,binpack", [("idle", [f"!{BUSY}"]), ("any", [])]),
    ],
)
def test_policies_prefer_nodes_first_and_cards_then(
    node: str, card: str, expected: list[tuple[str, list[str]]]
) -> None:
    manifest = annotated(
        pod(limits(gpu=1, gpumem=100)), hami_node_scheduler_policy=node, hami_gpu_scheduler_policy=card
    )
    assert [(each["name"], conditions(each)) for each in choices_of(manifest)] == expected


def test_policies_of_the_cluster_hold_for_pods_that_name_none() -> None:
    rules = Rules(node_policy=NodePolicy.BINPACK, card_policies=(CardPolicy.BINPACK,))
    manifest = pod(limits(gpu=1, gpumem=100))
    assert names(manifest, MIXED, rules) == ["busy", "busy-node", "any"]
    assert names(annotated(manifest, hami_gpu_scheduler_policy="spread"), MIXED, rules) == [
        "busy-node-idle",
        "busy-node",
        "any",
    ]


def test_mutex_takes_all_places_of_an_idle_card() -> None:
    (choice,) = choices_of(annotated(pod(limits(gpu=1, gpumem=100)), hami_gpu_scheduler_policy="mutex"))
    assert choice["capacity"]["requests"] == {"memory": "100Mi", "slots": "1k"}


def test_a_whole_card_prefers_nodes_and_no_cards() -> None:
    manifest = annotated(pod(limits(gpu=1)), hami_node_scheduler_policy="binpack", hami_gpu_scheduler_policy="spread")
    choices = choices_of(manifest)
    assert [(each["name"], each["deviceClassName"]) for each in choices] == [
        ("busy-node", "whole-gpu.hami.io"),
        ("any", "whole-gpu.hami.io"),
    ]


def constraints_of(manifest: Object) -> list[Object]:
    found: list[Object] = devices_of(manifest, DEFAULT_RULES, MIXED).get("constraints", [])
    return found


DISTINCT = {"requests": ["main"], "distinctAttribute": "hami.io/uuid"}


def test_numa_bind_is_a_must_and_concerns_several_cards() -> None:
    assert constraints_of(annotated(pod(limits(gpu=2, gpumem=1)), numa_bind="true")) == [
        DISTINCT,
        {"requests": ["main"], "matchAttribute": "hami.io/numaNode"},
    ]
    assert constraints_of(annotated(pod(limits(gpu=2)), numa_bind="true")) == [
        {"requests": ["main"], "matchAttribute": "hami.io/numaNode"}
    ]
    assert constraints_of(annotated(pod(limits(gpu=1, gpumem=1)), numa_bind="true")) == []
    assert constraints_of(annotated(pod(limits(gpu=2, gpumem=1)), numa_bind="false")) == [DISTINCT]


@pytest.mark.parametrize(
    ("annotations", "alternatives", "constraints"),
    [
        (
            {"hami_gpu_scheduler_policy": "topology-aware"},
            ["island", "numa", "any"],
            [
                {"requests": ["main/island"], "matchAttribute": "hami.io/nvlinkDomain"},
                {"requests": ["main/numa"], "matchAttribute": "hami.io/numaNode"},
            ],
        ),
        (
            {"hami_gpu_scheduler_policy": "numa"},
            ["numa", "any"],
            [{"requests": ["main/numa"], "matchAttribute": "hami.io/numaNode"}],
        ),
        (
            {"hami_gpu_scheduler_policy": "topology-aware", "numa_bind": "true"},
            ["island", "any"],
            [
                {"requests": ["main/island"], "matchAttribute": "hami.io/nvlinkDomain"},
                {"requests": ["main"], "matchAttribute": "hami.io/numaNode"},
            ],
        ),
        (
            {"hami_gpu_scheduler_policy": "topology-aware,spread"},
            ["island-idle", "island", "numa-idle", "numa", "idle", "any"],
            [
                {"requests": ["main/island-idle", "main/island"], "matchAttribute": "hami.io/nvlinkDomain"},
                {"requests": ["main/numa-idle", "main/numa"], "matchAttribute": "hami.io/numaNode"},
            ],
        ),
    ],
)
def test_topology_is_preferred(annotations: dict[str, str], alternatives: list[str], constraints: list[Object]) -> None:
    manifest = annotated(pod(limits(gpu=2, gpumem=1)), **annotations)
    assert names(manifest) == alternatives
    assert constraints_of(manifest) == [DISTINCT, *constraints]


def test_what_is_given_up_is_told_and_nothing_else() -> None:
    policies = {"hami_node_scheduler_policy": "spread", "hami_gpu_scheduler_policy": "topology-aware,binpack"}
    manifest = annotated(pod(limits(gpu=2, gpumem=1)), **policies)
    assert names(manifest) == ["island-idle-node", "numa-idle-node", "idle-node", "island", "numa", "any"]
    (warning,) = conversion_of(manifest, DEFAULT_RULES, MIXED).warnings
    assert "binpack or spread" in warning
    of_sizes = annotated(pod(limits(30, gpu=2)), hami_gpu_scheduler_policy="topology-aware")
    (warning,) = conversion_of(of_sizes, DEFAULT_RULES, MIXED).warnings
    assert "topology" in warning


WITH_MIG = Fleet((A100, MIG))


def classes(manifest: Object, fleet: Fleet = WITH_MIG) -> list[str]:
    return [each["deviceClassName"] for each in choices_of(manifest, fleet)]


@pytest.mark.parametrize(
    ("asked", "mode", "expected"),
    [
        ({"gpu": 1, "gpumem": 4000}, "", ["gpu.hami.io", "mig.hami.io"]),
        ({"gpu": 1, "gpumem": 4000, "gpucores": 10}, "", ["gpu.hami.io"]),
        ({"gpu": 1, "gpumem-percentage": 10}, "", ["gpu.hami.io"]),
        ({"gpu": 1}, "", ["whole-gpu.hami.io"]),
        ({"gpu": 1, "gpumem": 4000}, "hami-core", ["gpu.hami.io"]),
        ({"gpu": 1, "gpumem": 4000}, "mig", ["mig.hami.io"]),
        ({"gpu": 1, "gpumem": 4000}, "mig,hami-core", ["mig.hami.io", "gpu.hami.io"]),
        ({"gpu": 1, "gpumem": 4000}, "whole", ["whole-gpu.hami.io"]),
    ],
)
def test_the_mode_chooses_the_form_and_without_it_a_share_goes_before_mig(
    asked: dict[str, int], mode: str, expected: list[str]
) -> None:
    assert classes(annotated(pod(container("main", **asked)), vgpu_mode=mode)) == expected


def test_mig_devices_may_be_of_one_card_and_shares_never() -> None:
    devices = devices_of(pod(limits(gpu=2, gpumem=4000)), DEFAULT_RULES, WITH_MIG)
    assert devices["constraints"] == [{"requests": ["main/hami-core"], "distinctAttribute": "hami.io/uuid"}]
    assert "constraints" not in devices_of(annotated(pod(limits(gpu=2, gpumem=4000)), vgpu_mode="mig"))


def test_a_whole_card_as_a_share_is_alone_with_all_of_it() -> None:
    (choice,) = choices_of(annotated(pod(limits(gpu=1)), vgpu_mode="hami-core"))
    assert choice["deviceClassName"] == "gpu.hami.io"
    assert choice["capacity"]["requests"] == {"cores": "100", "slots": "1k"}


def test_a_whole_card_has_at_least_the_memory_that_was_asked() -> None:
    (choice,) = choices_of(annotated(pod(limits(gpu=1, gpumem=50000, gpucores=30)), vgpu_mode="whole"))
    assert choice["capacity"]["requests"] == {"memory": "50000Mi"}


def test_a_whole_card_has_any_percentage() -> None:
    (choice,) = choices_of(annotated(pod(limits(50)), vgpu_mode="whole"), UNKNOWN_FLEET)
    assert "capacity" not in choice


@pytest.mark.parametrize("asked", [{"gpu": 1}, {"gpu": 1, "gpucores": 30}, {"gpu": 1, "gpumem-percentage": 50}])
def test_a_mig_device_is_chosen_by_mib_alone(asked: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError, match=r"MIG device.*write gpumem.*vgpu-mode"):
        devices_of(annotated(pod(container("main", **asked)), vgpu_mode="mig"), DEFAULT_RULES, WITH_MIG)
