"""The real scheduler on what pods prefer and select: node and card, alone and together, and what it takes when nothing better is free.

Slices are written by hand, so that a card is busy when the test says so. There is no kubelet, so pods stay unstarted.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest

from dra_driver.configuration import NodeConfiguration
from dra_driver.slices.offer import offers
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import Object, limited, pod
from tests.control_plane.conftest import cards, offer
from tests.unit.mig_objects import mig_card
from tests.unit.webhook_pods import annotated, conversion_of, patched
from webhook.conversion.fleet import CardKind, Fleet
from webhook.conversion.rules import DEFAULT_RULES

pytestmark = pytest.mark.control_plane

NodeOfCards = Callable[..., str]
Busy = Callable[..., None]
"""Says which cards of a node are in use, by index."""


@pytest.fixture
def busy(system: LocalSystem) -> Busy:
    def publish(node: str, count: int, *indexes: int) -> None:
        of_node = cards(node, count)
        in_use = frozenset((of_node[index].uuid, False) for index in indexes)
        offer(system, node, offers(of_node, NodeConfiguration(), in_use))

    return publish


def among(nodes: Sequence[str]) -> Object:
    """What of a pod's spec leaves these nodes alone."""
    expression = {"key": "kubernetes.io/hostname", "operator": "In", "values": list(nodes)}
    terms = [{"matchExpressions": [expression]}]
    return {
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}
    }


def wishing(name: str, nodes: Sequence[str], limits: dict[str, int], **annotations: str) -> Object:
    manifest = pod(name, limited(limits), **among(nodes))
    manifest["metadata"]["annotations"] = {}
    return annotated(manifest, **annotations)


ONE = {"gpu": 1, "gpumem": 1000}


def placed(namespace: Namespace, manifest: Object) -> set[tuple[str, str]]:
    """Apply a pod; returns node and device of what it got."""
    namespace.apply(manifest)
    return {(result["pool"], result["device"]) for result in namespace.results_of(manifest["metadata"]["name"])}


def test_a_node_in_use_or_not_in_use_is_preferred_and_none_is_demanded(
    namespace: Namespace, node_of_cards: NodeOfCards, busy: Busy
) -> None:
    nodes = [node_of_cards(2) for _ in range(4)]
    busy(nodes[2], 2, 1)
    for name, policy, expected in (("pack", "binpack", {nodes[2]}), ("spread", "spread", {*nodes} - {nodes[2]})):
        for number in range(2):
            manifest = wishing(f"{name}-{number}", nodes, ONE, hami_node_scheduler_policy=policy)
            ((node, _),) = placed(namespace, manifest)
            assert node in expected
    large = {"gpu": 2, "gpumem": 81000}  # does not fit the busy node any more
    ((node, _), _) = placed(namespace, wishing("large", nodes, large, hami_node_scheduler_policy="binpack"))
    assert node != nodes[2]
    ((node, _),) = placed(namespace, wishing("only", nodes[2:3], ONE, hami_node_scheduler_policy="spread"))
    assert node == nodes[2]


def test_a_card_in_use_or_not_in_use_is_preferred_and_none_is_demanded(
    namespace: Namespace, node_of_cards: NodeOfCards, busy: Busy
) -> None:
    node = node_of_cards(3)
    third = wishing("holder", [node], {"gpu": 1, "gpumem": 60000}, use_gpuindexes="2")
    assert placed(namespace, third) == {(node, "gpu-2-share")}
    busy(node, 3, 2)
    small, large = {"gpu": 1, "gpumem": 10000}, {"gpu": 1, "gpumem": 30000}
    pack, spread = {"hami_gpu_scheduler_policy": "binpack"}, {"hami_gpu_scheduler_policy": "spread"}
    assert placed(namespace, wishing("pack", [node], small, **pack)) == {(node, "gpu-2-share")}
    assert placed(namespace, wishing("no-room", [node], large, **pack)) == {(node, "gpu-0-share")}
    busy(node, 3, 0, 2)
    assert placed(namespace, wishing("spread", [node], small, **spread)) == {(node, "gpu-1-share")}
    busy(node, 3, 0, 1, 2)
    assert placed(namespace, wishing("none-idle", [node], small, **spread)) == {(node, "gpu-0-share")}


def test_policies_of_node_and_card_work_together(namespace: Namespace, node_of_cards: NodeOfCards, busy: Busy) -> None:
    used, other = node_of_cards(2), node_of_cards(2)
    busy(used, 2, 1)
    both = [used, other]
    spread_pack = {"hami_node_scheduler_policy": "spread", "hami_gpu_scheduler_policy": "binpack"}
    pack_spread = {"hami_node_scheduler_policy": "binpack", "hami_gpu_scheduler_policy": "spread"}
    pack_pack = {"hami_node_scheduler_policy": "binpack", "hami_gpu_scheduler_policy": "binpack"}
    assert placed(namespace, wishing("pack-pack", both, ONE, **pack_pack)) == {(used, "gpu-1-share")}
    assert placed(namespace, wishing("pack-spread", both, ONE, **pack_spread)) == {(used, "gpu-0-share")}
    ((node, _),) = placed(namespace, wishing("spread-pack", both, ONE, **spread_pack))
    assert node == other
    busy(other, 2, 0, 1)
    assert placed(namespace, wishing("packed-at-least", [used], ONE, **spread_pack)) == {(used, "gpu-1-share")}


def test_linked_cards_are_preferred_and_others_are_taken(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    """Cards 0 and 1 are an island, so are 2 and 3; even and odd cards are on different NUMA nodes."""
    node = node_of_cards(4)
    linked = {"hami_gpu_scheduler_policy": "topology-aware"}
    whole, pair = {"gpu": 1}, {"gpu": 2, "gpumem": 1000}
    assert placed(namespace, wishing("first", [node], whole, use_gpuindexes="0")) == {(node, "gpu-0")}
    assert placed(namespace, wishing("island", [node], pair, **linked)) == {
        (node, "gpu-2-share"),
        (node, "gpu-3-share"),
    }
    assert placed(namespace, wishing("second", [node], {"gpu": 1, "gpumem": 80000}, use_gpuindexes="2"))
    assert placed(namespace, wishing("numa", [node], {"gpu": 2, "gpumem": 2000}, **linked)) == {
        (node, "gpu-1-share"),
        (node, "gpu-3-share"),
    }
    bound = wishing("bound", [node], {"gpu": 3, "gpumem": 500}, numa_bind="true")
    namespace.apply(bound)
    assert "cannot allocate all claims" in namespace.pending_reason("bound")
    three = placed(namespace, wishing("any", [node], {"gpu": 3, "gpumem": 500}, **linked))
    assert three == {(node, f"gpu-{index}-share") for index in (1, 2, 3)}


def test_mutex_takes_a_card_that_nobody_uses_and_nobody_joins_it(
    namespace: Namespace, node_of_cards: NodeOfCards
) -> None:
    node = node_of_cards(2)
    assert placed(namespace, wishing("shared", [node], ONE)) == {(node, "gpu-0-share")}
    alone = wishing("alone", [node], ONE, hami_gpu_scheduler_policy="mutex")
    assert placed(namespace, alone) == {(node, "gpu-1-share")}
    namespace.apply(wishing("joins", [node], ONE, use_gpuindexes="1"))
    assert namespace.pending_reason("joins")
    namespace.apply(wishing("second", [node], {"gpu": 1, "gpumem": 1000, "gpucores": 100}))
    assert namespace.pending_reason("second")


def test_cards_are_chosen_by_type_uuid_and_index(
    namespace: Namespace, node_of_cards: NodeOfCards, system: LocalSystem
) -> None:
    node = node_of_cards(3)
    first, second, third = cards(node, 3)
    mixed = (first, replace(second, product_name="NVIDIA A30"), third)
    offer(system, node, offers(mixed, NodeConfiguration()))
    for name, annotations, device in (
        ("type", {"use_gputype": "t4,a30"}, "gpu-1-share"),
        ("hami-type", {"use_gputype": "NVIDIA-NVIDIA A30"}, "gpu-1-share"),
        ("not-type", {"nouse_gputype": "A100"}, "gpu-1-share"),
        ("uuid", {"use_gpuuuid": f"GPU-none, {third.uuid}"}, "gpu-2-share"),
        ("not-uuid", {"nouse_gpuuuid": first.uuid, "nouse_gputype": "A30"}, "gpu-2-share"),
        ("index", {"use_gpuindexes": "1,2", "nouse_gpuindexes": "1"}, "gpu-2-share"),
    ):
        manifest = wishing(name, [node], ONE, **annotations)
        found = eventually(partial(placed, namespace, manifest), f"{name}: the webhook knows the types")
        assert found == {(node, device)}, name


def placed_in(namespace: Namespace, manifest: Object, fleet: Fleet) -> tuple[str, str, str]:
    """Convert a pod here, with a fleet that the test knows, and apply what comes of it; returns node, device and memory."""
    template = conversion_of(manifest, DEFAULT_RULES, fleet).template
    assert template is not None
    namespace.apply(template.manifest(), patched(manifest, DEFAULT_RULES, fleet))
    (result,) = namespace.results_of(manifest["metadata"]["name"])
    return result["pool"], result["device"], result.get("consumedCapacity", {}).get("memory", "")


def test_a_percentage_is_of_the_card_that_is_given(
    namespace: Namespace, node_of_cards: NodeOfCards, system: LocalSystem
) -> None:
    large, small = node_of_cards(1), node_of_cards(1)
    less = tuple(replace(card, memory_bytes=24576 * 2**20, product_name="NVIDIA A30") for card in cards(small, 1))
    offer(system, small, offers(less, NodeConfiguration()))
    fleet = Fleet((CardKind("NVIDIA A100-SXM4-80GB", 81920, 1), CardKind("NVIDIA A30", 24576, 1)))
    half = {"gpumem-percentage": 50}
    assert placed_in(namespace, wishing("large", [large], half), fleet) == (large, "gpu-0-share", "40Gi")
    assert placed_in(namespace, wishing("small", [small], half), fleet) == (small, "gpu-0-share", "12Gi")


def test_the_mode_chooses_the_form_of_a_card(
    namespace: Namespace, node_of_cards: NodeOfCards, system: LocalSystem
) -> None:
    """One card is shared, one is in MIG mode with a large device and two small ones."""
    node = node_of_cards(2)
    shared, other = cards(node, 2)
    offer(system, node, offers((shared, replace(mig_card(1), uuid=other.uuid)), NodeConfiguration()))
    fleet = Fleet((CardKind("", 81920, 1), CardKind("", 9728, 2, is_mig=True), CardKind("", 40192, 1, is_mig=True)))

    def device(name: str, memory_mib: int, mode: str) -> str:
        manifest = wishing(name, [node], {"gpu": 1, "gpumem": memory_mib}, vgpu_mode=mode)
        return placed_in(namespace, manifest, fleet)[1]

    assert device("share-first", 9000, "") == "gpu-0-share"
    assert device("share", 70000, "hami-core") == "gpu-0-share"
    assert device("mig-then", 9000, "") == "gpu-1-mig-1g10gb-0"
    assert device("mig", 9728, "mig") == "gpu-1-mig-1g10gb-1"
    assert device("mig-large", 9729, "mig,hami-core") == "gpu-1-mig-3g40gb-4"
    namespace.kubectl("delete", "pod", "share-first", "share", "--force", "--grace-period=0")
    assert device("whole", 50000, "whole") == "gpu-0"


HOSTILE = ('"]) || true || ("', "\\", '\\"', "a\\u0022", "${x}", "€", "😀", "'", "`", "//")


def test_no_annotation_breaks_the_selector_or_is_too_much_for_it(
    namespace: Namespace, node_of_cards: NodeOfCards
) -> None:
    """The API server compiles every selector and estimates what it costs; a UUID that no card has selects none."""
    node = node_of_cards(1)
    hostile = [
        wishing(f"hostile-{number}", [node], ONE, nouse_gputype=text, use_gpuuuid=text, nouse_gpuuuid=text)
        for number, text in enumerate(HOSTILE)
    ]
    many = ",".join(f"{number:02}{'x' * 62}" for number in range(64))
    lists = {"nouse_gputype": many, "use_gpuuuid": many, "nouse_gpuuuid": many}
    lists["use_gputype"] = f"{many[:-65]},A100"  # a type that no card is of may be refused at once
    namespace.apply(*hostile, wishing("many", [node], ONE, **lists))
    for manifest in hostile:
        assert "cannot allocate all claims" in namespace.pending_reason(manifest["metadata"]["name"])
    assert "cannot allocate all claims" in namespace.pending_reason("many")
    assert placed(namespace, pod("plain", limited(ONE), **among([node]))) == {(node, "gpu-0-share")}
