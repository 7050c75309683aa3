"""The real scheduler on our slices, with legacy pods through the real webhook; there is no kubelet, so pods stay unstarted.

Covered: places on a card by memory, cores and slots; the waiting tenant; whole card against shares; distinct cards;
what users read.
"""

import json
from collections.abc import Callable

import pytest

from catalog.errors import UnavailableError
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, deployment, limited, pod

pytestmark = pytest.mark.control_plane

NodeOfCards = Callable[[int], str]
"""Makes a node with so many shared 80 GiB cards; the pods of the test are bound to it by name of its label."""


def on(node: str) -> dict[str, dict[str, str]]:
    return {"nodeSelector": {"kubernetes.io/hostname": node}}


def test_three_tenants_share_a_card_and_the_fourth_runs_when_one_leaves(
    namespace: Namespace, node_of_cards: NodeOfCards
) -> None:
    node = node_of_cards(1)
    tenants = [f"tenant-{number}" for number in range(3)]
    namespace.apply(*[pod(name, container(gpu=1, gpumem=20480), **on(node)) for name in tenants])
    results = [namespace.results_of(name)[0] for name in tenants]
    assert {result["device"] for result in results} == {"gpu-0-share"}
    assert {result["consumedCapacity"]["memory"] for result in results} == {"20Gi"}
    assert len({result["shareID"] for result in results}) == 3

    namespace.apply(pod("fourth", container(gpu=1, gpumem=20481), **on(node)))
    assert "cannot allocate all claims" in namespace.pending_reason("fourth")
    namespace.kubectl("delete", "pod", tenants[0], "--force", "--grace-period=0")
    assert namespace.results_of("fourth")[0]["consumedCapacity"]["memory"] == "20481Mi"


def test_cores_are_capacity_too(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    node = node_of_cards(1)
    namespace.apply(pod("seventy", container(gpu=1, gpumem=1000, gpucores=70), **on(node)))
    assert namespace.results_of("seventy")[0]["consumedCapacity"]["cores"] == "70"
    namespace.apply(pod("forty", container(gpu=1, gpumem=1000, gpucores=40), **on(node)))
    assert namespace.pending_reason("forty")
    namespace.apply(pod("unlimited", container(gpu=1, gpumem=1000), **on(node)))
    assert namespace.results_of("unlimited")[0]["consumedCapacity"]["cores"] == "0"


def test_a_share_keeps_the_whole_card_away(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    node = node_of_cards(1)
    namespace.apply(pod("share", container(gpu=1, gpumem=1), **on(node)))
    assert namespace.results_of("share")[0]["device"] == "gpu-0-share"
    namespace.apply(pod("whole", container(gpu=1), **on(node)))
    assert namespace.pending_reason("whole")
    namespace.kubectl("delete", "pod", "share", "--force", "--grace-period=0")
    assert namespace.results_of("whole")[0]["device"] == "gpu-0"


def test_a_whole_card_keeps_shares_away(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    node = node_of_cards(1)
    namespace.apply(pod("whole", container(gpu=1), **on(node)))
    assert namespace.results_of("whole")[0]["device"] == "gpu-0"
    namespace.apply(pod("share", container(gpu=1, gpumem=1), **on(node)))
    assert namespace.pending_reason("share")
    namespace.kubectl("delete", "pod", "whole", "--force", "--grace-period=0")
    assert namespace.results_of("share")[0]["device"] == "gpu-0-share"


def test_two_cards_are_two_cards(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    node = node_of_cards(2)
    namespace.apply(pod("pair", container(gpu=2, gpumem=4000), **on(node)))
    assert {result["device"] for result in namespace.results_of("pair")} == {"gpu-0-share", "gpu-1-share"}
    namespace.apply(pod("triple", container(gpu=3, gpumem=1), **on(node)))
    assert namespace.pending_reason("triple")


def test_slots_bound_the_tenants_of_a_card(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    node = node_of_cards(1)
    namespace.apply(*[pod(f"small-{number:02}", container(gpumem=1), **on(node)) for number in range(10)])
    for number in range(10):
        assert namespace.results_of(f"small-{number:02}")[0]["consumedCapacity"]["slots"] == "100"
    namespace.apply(pod("eleventh", container(gpumem=1), **on(node)))
    assert namespace.pending_reason("eleventh")


def test_replicas_share_one_template(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    manifest = deployment("three", 3, container(gpu=1, gpumem=1000))
    manifest["spec"]["template"]["spec"] |= on(node_of_cards(1))
    namespace.apply(manifest)
    eventually(lambda: len(namespace.objects("resourceclaims")) == 3, "each replica has a claim")
    templates = namespace.objects("resourceclaimtemplates")
    assert [template["metadata"]["labels"]["app.kubernetes.io/managed-by"] for template in templates] == ["hami-dra"]


def test_describe_shows_what_a_share_was_granted(namespace: Namespace, node_of_cards: NodeOfCards) -> None:
    namespace.apply(pod("shown", container("trainer", gpu=1, gpumem=4000, gpucores=30), **on(node_of_cards(1))))
    namespace.results_of("shown")
    text = namespace.kubectl("describe", "resourceclaim", namespace.claim_of("shown")["metadata"]["name"])
    for line in ("Cores:   30", "Memory:  4000Mi", "Device:    gpu-0-share", "Request:   trainer"):
        assert line in text


def test_a_dry_run_writes_nothing(namespace: Namespace) -> None:
    namespace.apply(pod("dry", container(gpu=1, gpumem=4000)), dry_run=True)
    assert namespace.objects("resourceclaimtemplates") == []


def test_what_is_applied_twice_is_converted_once(namespace: Namespace) -> None:
    manifest = pod("again", container(gpu=1, gpumem=4000))
    namespace.apply(manifest)
    first = namespace.get("pod", "again")
    namespace.apply(manifest)
    stored = namespace.get("pod", "again")
    assert stored["spec"] == first["spec"]
    with pytest.raises(UnavailableError, match="delete the pod and create it anew"):
        namespace.apply(pod("again", container(gpu=1, gpumem=5000)))
    assert [claim["name"] for claim in stored["spec"]["resourceClaims"]] == ["hami"]
    assert stored["spec"]["containers"][0]["resources"]["claims"] == [{"name": "hami", "request": "main"}]
    assert json.loads(stored["metadata"]["annotations"]["hami.io/converted"]) == {
        "main": {"nvidia.com/gpu": "1", "nvidia.com/gpumem": "4000"}
    }
    assert not any(
        key.startswith("nvidia.com/") for key in stored["spec"]["containers"][0]["resources"].get("limits", {})
    )


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"gpu": 1, "gpumem": -1}, ("nvidia.com/gpumem", "-1", "main")),
        ({"gpu": 1, "gpucores": 101}, ("nvidia.com/gpucores", "101", "main")),
        ({"gpu": "1500m"}, ("nvidia.com/gpu", "1500m", "main")),
        ({"gpu": 33, "gpumem": 1}, ("nvidia.com/gpu", "33", "32")),
        ({"gpu": 1, "gpumem": "abc"}, ("quantities must match",)),  # the API server, before any webhook
    ],
)
def test_unusable_values_are_refused_with_field_and_remedy(
    namespace: Namespace, limits: dict[str, str | int], words: tuple[str, ...]
) -> None:
    with pytest.raises(UnavailableError) as caught:
        namespace.apply(pod("refused", limited(limits)))
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert namespace.objects("pods") == []


def test_kubectl_shows_what_a_user_should_know_of_an_admitted_pod(namespace: Namespace) -> None:
    manifest = pod("vulkan", container(gpu=1, gpumem=4000))
    manifest["metadata"]["annotations"] = {"hami.io/vulkan": "true"}
    with pytest.raises(UnavailableError, match=r"Warning: annotation hami.io/vulkan: memory that Vulkan takes"):
        namespace.kubectl("create", "--warnings-as-errors", "-f", "-", stdin=json.dumps(manifest))
    assert namespace.get("pod", "vulkan")["spec"]["resourceClaims"]


def test_a_pod_that_opted_out_is_left_alone(namespace: Namespace) -> None:
    namespace.apply(pod("own-way", container(gpu=1), labels={"hami.io/webhook": "ignore"}))
    assert "resourceClaims" not in namespace.get("pod", "own-way")["spec"]
