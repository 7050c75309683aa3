"""Conversion case by case: what each combination of legacy limits asks for, which container uses which request, what is left alone,
what is refused and in which words. Golden files hold whole patches and templates.
"""

import json
from copy import deepcopy
from typing import Any

import jsonpatch
import msgspec
import pytest

from catalog.errors import InvalidInputError
from tests.conftest import Golden
from tests.unit.webhook_pods import (
    Object,
    annotation_of,
    container,
    conversion_of,
    converted,
    patched,
    pod,
    requests_of,
    sidecar,
    used_by,
)
from webhook.conversion.pod import Conversion, convert_again
from webhook.conversion.review import Pod


def share(count: int = 1, **capacity: str) -> Object:
    return {
        "deviceClassName": "gpu.hami.io",
        "allocationMode": "ExactCount",
        "count": count,
        **({"capacity": {"requests": capacity}} if capacity else {}),
    }


def whole(count: int = 1) -> Object:
    return {"deviceClassName": "whole-gpu.hami.io", "allocationMode": "ExactCount", "count": count}


@pytest.mark.parametrize(
    ("limits", "request_"),
    [
        ({"gpu": 1, "gpumem": 4000, "gpucores": 30}, share(memory="4000Mi", cores="30")),
        ({"gpu": 1, "gpumem": 4000}, share(memory="4000Mi")),
        ({"gpu": 1, "gpumem": 8192}, share(memory="8Gi")),
        ({"gpu": 1, "gpucores": 30}, share(cores="30")),
        ({"gpu": 1, "gpucores": 0}, share()),
        ({"gpu": 1, "gpucores": 100}, whole()),
        ({"gpucores": 100}, whole()),
        ({"gpu": 1, "gpumem": 4000, "gpucores": 100}, share(memory="4000Mi", cores="100", slots="1k")),
        ({"gpu": 1, "gpumem-percentage": 100}, whole()),
        ({"gpumem-percentage": 100}, whole()),
        ({"gpu": 2, "gpumem-percentage": 100, "gpucores": 30}, share(2, cores="30")),
        ({"gpu": 1, "gpumem-percentage": 0}, whole()),
        ({"gpu": 1, "gpumem": 4000, "gpumem-percentage": 50}, share(memory="4000Mi")),
        ({"gpu": 1, "gpumem": 4000, "priority": 1}, share(memory="4000Mi")),
        ({"gpu": 1}, whole()),
        ({"gpu": 1, "gpumem": 0}, whole()),
        ({"gpu": 8}, whole(8)),
        ({"gpu": 2, "gpumem": 4000}, share(2, memory="4000Mi")),
        ({"gpumem": 4000}, share(memory="4000Mi")),
        ({"gpucores": 30}, share(cores="30")),
        ({"gpumem": "4k"}, share(memory="4000Mi")),
        ({"gpumem": 1}, share(memory="1Mi")),
    ],
)
def test_limits_ask_for_what_hami_gives_for_them(limits: dict[str, Any], request_: Object) -> None:
    assert requests_of(pod(container("main", **limits))) == {"main": request_}


def test_several_shares_of_one_container_are_on_different_cards() -> None:
    template = conversion_of(pod(container("a", gpu=2, gpumem=1), container("b", gpu=1, gpumem=1))).template
    assert template is not None
    assert template.spec["devices"]["constraints"] == [{"requests": ["a"], "distinctAttribute": "hami.io/uuid"}]


def test_limits_go_before_requests() -> None:
    manifest = pod(container("main", gpu=1, gpumem=4000))
    manifest["spec"]["containers"][0]["resources"]["requests"]["nvidia.com/gpumem"] = "1000"
    assert requests_of(manifest) == {"main": share(memory="4000Mi")}


def test_requests_alone_are_enough() -> None:
    manifest = pod(container("main", gpu=1, gpumem=4000))
    del manifest["spec"]["containers"][0]["resources"]["limits"]
    assert requests_of(manifest) == {"main": share(memory="4000Mi")}
    assert patched(manifest)["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "500m"}


def test_numbers_of_hand_written_json_are_read_as_well() -> None:
    manifest = pod(container("main"))
    manifest["spec"]["containers"][0]["resources"] = {"limits": {"nvidia.com/gpu": 1, "nvidia.com/gpumem": 4e3}}
    assert requests_of(manifest) == {"main": share(memory="4000Mi")}


def test_the_annotation_keeps_what_the_pod_came_with_as_plain_numbers() -> None:
    assert annotation_of(pod(container("main", gpu=1, gpumem="4k"), container("zero", gpu=0))) == {
        "main": {"nvidia.com/gpu": "1", "nvidia.com/gpumem": "4000"},
        "zero": {"nvidia.com/gpu": "0"},
    }


def test_each_container_uses_its_own_request() -> None:
    manifest = pod(container("a", gpu=1, gpumem=1), container("plain"), container("b", gpu=1))
    assert used_by(manifest) == {"a": "a", "b": "b"}


def test_claims_that_are_there_stay() -> None:
    manifest = pod(container("main", gpu=1), resourceClaims=[{"name": "net", "resourceClaimName": "nic"}])
    manifest["spec"]["containers"][0]["resources"]["claims"] = [{"name": "net"}]
    result = patched(manifest)["spec"]
    assert result["containers"][0]["resources"]["claims"] == [{"name": "net"}, {"name": "hami", "request": "main"}]
    assert [claim["name"] for claim in result["resourceClaims"]] == ["net", "hami"]


@pytest.mark.parametrize(
    ("init", "containers", "requests", "used"),
    [
        pytest.param(
            [container("init", gpumem=8000)],
            [container("main", gpumem=4000, gpucores=30)],
            {"main": share(memory="8000Mi", cores="30")},
            {"init": "main", "main": "main"},
            id="an init container widens the request of the container that follows",
        ),
        pytest.param(
            [container("init", gpumem=1000)],
            [container("main", gpu=2, gpumem=4000)],
            {"main": share(2, memory="4000Mi")},
            {"init": "main", "main": "main"},
            id="a smaller need widens nothing",
        ),
        pytest.param(
            [container("init", gpumem=5000)],
            [container("small", gpumem=1000), container("large", gpumem=4000)],
            {"small": share(memory="1000Mi"), "large": share(memory="5000Mi")},
            {"init": "large", "small": "small", "large": "large"},
            id="the request that grows least is taken",
        ),
        pytest.param(
            [container("init", gpu=1)],
            [container("main", gpu=2, gpumem=4000)],
            {"main": whole(2)},
            {"init": "main", "main": "main"},
            id="a need of whole cards makes the request one of whole cards",
        ),
        pytest.param(
            [container("init", gpumem=5000)],
            [container("share", gpumem=5000), container("whole", gpu=1)],
            {"share": share(memory="5000Mi"), "whole": whole()},
            {"init": "share", "share": "share", "whole": "whole"},
            id="of equals the first is taken",
        ),
        pytest.param(
            [container("first", gpumem=1000), container("second", gpumem=3000)],
            [container("main")],
            {"first": share(memory="3000Mi")},
            {"first": "first", "second": "first"},
            id="init containers alone share one request",
        ),
        pytest.param(
            [sidecar("side", gpumem=1000), container("init", gpumem=3000)],
            [container("main")],
            {"side": share(memory="1000Mi"), "init": share(memory="3000Mi")},
            {"side": "side", "init": "init"},
            id="a sidecar that runs already keeps its request to itself",
        ),
        pytest.param(
            [container("init", gpumem=3000), sidecar("side", gpumem=1000)],
            [container("main")],
            {"side": share(memory="3000Mi")},
            {"side": "side", "init": "side"},
            id="a sidecar that starts later lends its request",
        ),
        pytest.param(
            [container("init", gpu=1, gpucores=50)],
            [container("main", gpumem=4000)],
            {"main": share(cores="50")},
            {"init": "main", "main": "main"},
            id="all memory of a card is more than any number",
        ),
    ],
)
def test_init_containers_and_sidecars(
    init: list[Object], containers: list[Object], requests: dict[str, Object], used: dict[str, str]
) -> None:
    manifest = pod(*containers, init=tuple(init))
    assert requests_of(manifest) == requests
    assert used_by(manifest) == used


@pytest.mark.parametrize("limits", [{"gpu": 0}, {"gpu": 0, "gpumem": 4000}, {"gpumem": 0}, {"gpucores": 0}])
def test_limits_that_ask_for_no_card_are_removed_and_nothing_is_claimed(limits: dict[str, int]) -> None:
    manifest = pod(container("main", **limits))
    result = patched(manifest)["spec"]
    assert conversion_of(manifest).template is None
    assert result["containers"][0]["resources"] == {"limits": {"cpu": "1"}, "requests": {"cpu": "500m"}}
    assert "resourceClaims" not in result


def opted_out() -> Object:
    manifest = pod(container("main", gpu=1))
    manifest["metadata"]["labels"]["hami.io/webhook"] = "ignore"
    return manifest


@pytest.mark.parametrize(
    "manifest",
    [
        pod(container("main")),
        pod(container("main") | {"resources": None}),
        pod(),
        pod() | {"spec": {"containers": None}},
        pod(container("main") | {"resources": {"limits": {"amd.com/gpu": "1", "nvidia.com/mig-1g.10gb": "1"}}}),
        opted_out(),
    ],
)
def test_pods_that_name_no_legacy_resource_or_opted_out_stay_as_they_are(manifest: Object) -> None:
    assert converted(manifest) is None


@pytest.mark.parametrize("value", ["ignored", "", "true"])
def test_only_the_exact_label_opts_out(value: str) -> None:
    manifest = opted_out()
    manifest["metadata"]["labels"]["hami.io/webhook"] = value
    assert converted(manifest) is not None


def test_what_is_null_is_absent() -> None:
    manifest = pod(container("main", gpu=1), resourceClaims=None)
    manifest["metadata"] |= {"annotations": None, "labels": None}
    manifest["spec"]["containers"][0]["resources"] |= {"claims": None, "requests": None}
    assert used_by(manifest) == {"main": "main"}
    assert list(patched(manifest)["metadata"]["annotations"]) == ["hami.io/converted"]


MEMORY_REMEDY = "write MiB per card as a plain number, such as 4000 for 4000 MiB"


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (
            pod(container("main", gpu=1, gpumem=-1)),
            f'container "main": nvidia.com/gpumem: -1 is not usable; {MEMORY_REMEDY}',
        ),
        (
            pod(container("main", gpumem="abc")),
            f'container "main": nvidia.com/gpumem: abc is not usable; {MEMORY_REMEDY}',
        ),
        (
            pod(container("main", gpumem="4Gi")),
            f'container "main": nvidia.com/gpumem: 4Gi is not usable; {MEMORY_REMEDY}',
        ),
        (
            pod(container("main", gpumem="0.5")),
            f'container "main": nvidia.com/gpumem: 0.5 is not usable; {MEMORY_REMEDY}',
        ),
        (
            pod(container("main", gpu="1500m")),
            'container "main": nvidia.com/gpu: 1500m is not usable; write the number of cards, 0, 1, 2, …',
        ),
        (
            pod(container("main"), init=(container("init", gpu=1, gpucores=101),)),
            'container "init": nvidia.com/gpucores: 101 is not usable; write percent of a card, a whole number from 0 to 100',
        ),
        (
            pod(container("a", gpu=20, gpumem=1), container("b", gpu=13)),
            "the pod asks for 33 cards by nvidia.com/gpu (a: 20, b: 13); a pod can have 32: ask for fewer",
        ),
        (
            pod(container("main", gpu=1, **{"gpumem-percentage": 50})),
            'container "main": gpumem-percentage: the memory of the cards that it may have is not known; write gpumem in MiB',
        ),
        (
            pod(container("main", gpu=1, priority=2)),
            'container "main": nvidia.com/priority: 2 is not usable; write 0 (goes first) or 1',
        ),
        (
            pod(container("main", gpu=1), resourceClaims=[{"name": "hami", "resourceClaimName": "mine"}]),
            'spec.resourceClaims: the name "hami" is taken',
        ),
        (pod(container("main", gpu=1), nodeName="node-1"), "spec.nodeName is set"),
        (pod(container("main", gpu=1), container("main", gpu=1)), 'container "main": the name is used 2 times'),
        (pod(container("Main", gpu=1)), 'container "Main": the name is not usable'),
        (pod(container("a" * 64, gpu=1)), "the name is not usable"),
    ],
)
def test_what_cannot_be_met_is_refused_with_place_value_and_remedy(manifest: Object, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        converted(manifest)
    assert message in str(caught.value)


def again(stored: Object, manifest: Object) -> Conversion | None:
    """What is answered when `manifest` is applied over the pod that it became: the limits are there again."""
    pairs = zip(stored["spec"]["containers"], manifest["spec"]["containers"], strict=True)
    containers = [mine | {"resources": mine["resources"] | theirs["resources"]} for mine, theirs in pairs]
    merged = stored | {"spec": stored["spec"] | {"containers": containers}}
    return convert_again(msgspec.json.decode(json.dumps(merged), type=Pod))


def test_a_manifest_that_is_applied_again_changes_nothing() -> None:
    manifest = pod(container("main", gpu=1, gpumem=4000), container("side", gpumem=1))
    stored = patched(manifest)
    conversion = again(stored, manifest)
    assert conversion is not None
    assert conversion.template is None
    merged = stored | {"spec": stored["spec"] | {"containers": manifest["spec"]["containers"]}}
    result = jsonpatch.JsonPatch(json.loads(msgspec.json.encode(conversion.patch))).apply(deepcopy(merged))
    assert not any("nvidia.com" in json.dumps(each["resources"]) for each in result["spec"]["containers"])


def test_other_limits_for_a_pod_that_exists_are_refused_with_a_remedy() -> None:
    stored = patched(pod(container("main", gpu=1, gpumem=4000)))
    with pytest.raises(InvalidInputError, match=r'container "main".*delete the pod and create it anew'):
        again(stored, pod(container("main", gpu=1, gpumem=8000)))


@pytest.mark.parametrize("annotation", ["", "[]", '{"main":4}', "{"])
def test_an_annotation_that_somebody_broke_is_refused_too(annotation: str) -> None:
    stored = patched(pod(container("main", gpu=1, gpumem=4000)))
    stored["metadata"]["annotations"]["hami.io/converted"] = annotation
    with pytest.raises(InvalidInputError, match="delete the pod"):
        again(stored, pod(container("main", gpu=1, gpumem=4000)))


def test_changes_of_pods_that_were_never_converted_are_none_of_ours() -> None:
    manifest = pod(container("main", gpu=1, gpumem=4000))
    assert convert_again(msgspec.json.decode(json.dumps(manifest), type=Pod)) is None


def test_32_cards_are_not_too_many() -> None:
    assert requests_of(pod(container("main", gpu=32, gpumem=1))) == {"main": share(32, memory="1Mi")}


GOLDEN_PODS = {
    "one-share": pod(container("main", gpu=1, gpumem=4000, gpucores=30)),
    "whole-cards": pod(container("main", gpu=2)),
    "different-cards": pod(container("main", gpu=4, gpumem=16384)),
    "memory-alone": pod(container("main", gpumem=4000)),
    "no-card": pod(container("main", gpu=0)),
    "everything": pod(
        container("trainer", gpu=2, gpumem=16384, gpucores=50),
        container("plain"),
        container("server", gpu=1, gpumem=4000) | {"resources": {"limits": {"nvidia.com/gpumem": "4000"}}},
        init=(
            container("prepare", gpu=1, gpumem=20000),
            sidecar("monitor", gpumem=500),
            container("check", gpumem=100),
        ),
        resourceClaims=[{"name": "net", "resourceClaimName": "nic"}],
    ),
}


@pytest.mark.parametrize("name", GOLDEN_PODS)
def test_patches_and_templates_are_as_reviewed(name: str, golden: Golden) -> None:
    conversion = conversion_of(GOLDEN_PODS[name])
    shown = {
        "pod": GOLDEN_PODS[name],
        "patch": conversion.patch,
        "template": conversion.template.manifest() if conversion.template else None,
    }
    golden(f"webhook/{name}.json", json.dumps(shown, indent=2) + "\n")
