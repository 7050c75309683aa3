"""The real API server and scheduler on what the configuration makes of cards: attributes to match on, scaling, capacities that are lowered.

There is no kubelet, so pods stay unstarted.
"""

import json
from collections.abc import Callable

import pytest

from catalog.manifests import hami_dra_class
from dra_driver.configuration import Mode, NodeConfiguration
from dra_driver.slices.offer import offers
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace
from tests.cluster.objects import Object, container, pod
from tests.control_plane.conftest import cards, offer

pytestmark = pytest.mark.control_plane

NodeOfCards = Callable[..., str]


def on(node: str) -> dict[str, dict[str, str]]:
    return {"nodeSelector": {"kubernetes.io/hostname": node}}


def pair(name: str, node: str, attribute: str) -> tuple[Object, Object]:
    """A pod with two whole cards that agree in an attribute, and the template of its claim."""
    devices = {
        "requests": [{"name": "cards", "exactly": {"deviceClassName": "whole-gpu.hami.io", "count": 2}}],
        "constraints": [{"requests": ["cards"], "matchAttribute": attribute}],
    }
    template = {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaimTemplate",
        "metadata": {"name": name},
        "spec": {"spec": {"devices": devices}},
    }
    main = container() | {"resources": {"claims": [{"name": "cards"}]}}
    claims = [{"name": "cards", "resourceClaimTemplateName": name}]
    return template, pod(name, main, resourceClaims=claims, **on(node))


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("hami.io/nvlinkDomain", {"gpu-2", "gpu-3"}),
        ("resource.kubernetes.io/numaNode", {"gpu-1", "gpu-3"}),
        ("hami.io/numaNode", {"gpu-1", "gpu-3"}),
    ],
)
def test_cards_can_be_asked_from_one_island_or_numa_node(
    namespace: Namespace, node_of_cards: NodeOfCards, attribute: str, expected: set[str]
) -> None:
    """Cards 0 and 1 are an island, so are 2 and 3; even and odd cards are on different NUMA nodes. Card 0 is taken."""
    node = node_of_cards(4)
    namespace.apply(pod("first", container(gpu=1), **on(node)))
    assert namespace.results_of("first")[0]["device"] == "gpu-0"
    namespace.apply(*pair("pair", node, attribute))
    assert {result["device"] for result in namespace.results_of("pair")} == expected


def test_cores_of_shares_may_be_more_than_a_card_together_but_not_alone(
    namespace: Namespace, node_of_cards: NodeOfCards
) -> None:
    node = node_of_cards(1, NodeConfiguration(core_scaling=1.5))
    for name, cores in (("ninety", 90), ("sixty", 60)):
        namespace.apply(pod(name, container(gpumem=1000, gpucores=cores), **on(node)))
        assert namespace.results_of(name)[0]["consumedCapacity"]["cores"] == str(cores)
    namespace.apply(pod("one-more", container(gpumem=1000, gpucores=1), **on(node)))
    assert namespace.pending_reason("one-more")


def test_lowered_capacities_leave_shares_alone_and_give_no_more(
    namespace: Namespace, node_of_cards: NodeOfCards, system: LocalSystem
) -> None:
    node = node_of_cards(1)
    namespace.apply(pod("held", container(gpumem=60000), **on(node)))
    held = namespace.results_of("held")
    offer(system, node, offers(cards(node, 1), NodeConfiguration(memory_scaling=0.5, split_count=5)))
    namespace.apply(pod("late", container(gpumem=1000), **on(node)))
    assert namespace.pending_reason("late")
    assert namespace.results_of("held") == held
    namespace.kubectl("delete", "pod", "held", "--force", "--grace-period=0")
    (result,) = namespace.results_of("late")
    assert result["consumedCapacity"]["slots"] == "200"


def test_a_card_in_another_mode_is_not_given_out_while_it_is_held(
    namespace: Namespace, node_of_cards: NodeOfCards, system: LocalSystem
) -> None:
    """A scheduler forgets what is held of devices that are in no slice: the last lines show what the offer keeps it from."""
    node = node_of_cards(1)
    namespace.apply(pod("share", container(gpumem=1000), **on(node)))
    namespace.results_of("share")
    only_whole = NodeConfiguration(mode=Mode.WHOLE)
    offer(system, node, offers(cards(node, 1), only_whole, {(cards(node, 1)[0].uuid, False)}))
    namespace.apply(pod("whole", container(gpu=1), **on(node)))
    assert namespace.pending_reason("whole")
    offer(system, node, offers(cards(node, 1), only_whole))
    assert namespace.results_of("whole")[0]["device"] == "gpu-0"


def test_a_claim_written_for_hami_dra_gets_a_share(
    namespace: Namespace, node_of_cards: NodeOfCards, system: LocalSystem
) -> None:
    """The claim is as HAMi-DRA's webhook makes it of gpu 1, gpumem 4000, gpucores 30 and use-gpuuuid."""
    node = node_of_cards(2)
    system.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(hami_dra_class()))
    domain = 'device.attributes["hami-core-gpu.project-hami.io"]'
    selectors = [f'{domain}.type == "hami-gpu"', f'{domain}.uuid in ["GPU-{node}-1"]']
    request = {
        "deviceClassName": "hami-core-gpu.project-hami.io",
        "allocationMode": "ExactCount",
        "count": 1,
        "capacity": {"requests": {"cores": "30", "memory": "4194304000"}},
        "selectors": [{"cel": {"expression": expression}} for expression in selectors],
    }
    template, tenant = pair("theirs", node, "hami.io/uuid")
    template["spec"]["spec"]["devices"] = {"requests": [{"name": "gpu", "exactly": request}]}
    namespace.apply(template, tenant)
    (result,) = namespace.results_of("theirs")
    assert (result["device"], result["consumedCapacity"]) == (
        "gpu-1-share",
        {"cores": "30", "memory": "4000Mi", "slots": "100"},
    )


def test_the_api_server_keeps_every_attribute(node_of_cards: NodeOfCards, system: LocalSystem) -> None:
    node = node_of_cards(1)
    text = system.cluster.kubectl("get", "resourceslices", "--field-selector", f"spec.nodeName={node}", "-o", "json")
    devices = [device for item in json.loads(text)["items"] for device in item["spec"].get("devices", [])]
    for device in devices:
        kept = {"busy": {"bool": False}, "nodeBusy": {"bool": False}, "nvlinkDomain": {"int": 0}}
        assert device["attributes"].items() >= (kept | {"resource.kubernetes.io/numaNode": {"int": 0}}).items()
