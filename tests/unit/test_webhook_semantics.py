"""What HAMi's annotations, environment variables and the cluster's rules make of a pod, case by case; refusals in their words."""

import json
from typing import Any

import pytest

from catalog.share_config import CorePolicy
from tests.conftest import Golden
from tests.unit.webhook_pods import (
    FLEET,
    Object,
    annotated,
    container,
    conversion_of,
    converted,
    devices_of,
    main,
    patched,
    pod,
    refusal,
)
from webhook.conversion.fleet import UNKNOWN_FLEET, CardKind, Fleet
from webhook.conversion.rules import DEFAULT_RULES, CardPolicy, NodePolicy, Privileged, ResourceNames, Rules


def exactly(manifest: Object, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> Object:
    (request,) = devices_of(manifest, rules, fleet)["requests"]
    found: Object = request["exactly"]
    return found


def capacity(manifest: Object, rules: Rules = DEFAULT_RULES) -> Object:
    found: Object = exactly(manifest, rules).get("capacity", {}).get("requests", {})
    return found


def is_whole(manifest: Object, rules: Rules = DEFAULT_RULES) -> bool:
    return bool(exactly(manifest, rules)["deviceClassName"] == "whole-gpu.hami.io")


@pytest.mark.parametrize(
    ("text", "mib"),
    [("1e3", 1000), ("1Ki", 1024), ("4k", 4000), ("4000.0", 4000), ("0.5k", 500), ("4000000m", 4000), ("+7", 7)],
)
def test_quantities_of_every_form_are_exact(text: str, mib: int) -> None:
    assert exactly(pod(main(gpu=1, gpumem=text))) == exactly(pod(main(gpu=1, gpumem=mib)))


@pytest.mark.parametrize("text", ["0.5", "-1", "1" * 400, "1e400", "", " 4", "４", "0x10", "NaN", "1_000", "--1"])
@pytest.mark.parametrize("resource", ["gpu", "gpumem", "gpumem-percentage", "gpucores", "priority"])
def test_what_is_no_whole_number_in_range_is_refused_and_quoted_shortly(resource: str, text: str) -> None:
    message = refusal(pod(main(**({"gpu": 1} | {resource: text}))))
    assert f"nvidia.com/{resource}: {text[:64]} is not usable" in message
    assert len(message) < 300


@pytest.mark.parametrize(("resource", "value"), [("gpumem-percentage", 101), ("gpucores", 101), ("priority", 2)])
def test_out_of_range_is_refused_with_the_range(resource: str, value: int) -> None:
    assert any(
        words in refusal(pod(main(**{"gpu": 1, resource: value}))) for words in ("from 0 to 100", "0 (goes first) or 1")
    )


@pytest.mark.parametrize(
    ("limits", "rules", "expected"),
    [
        ({"gpumem": 100}, Rules(default_count=2), {"memory": "100Mi"}),
        ({"gpu": 1, "gpucores": 30}, Rules(default_memory_mib=3000), {"memory": "3000Mi", "cores": "30"}),
        ({"gpu": 1, "gpumem": 100}, Rules(default_cores=20), {"memory": "100Mi", "cores": "20"}),
        ({"gpu": 1, "gpumem": 100, "gpucores": 0}, Rules(default_cores=20), {"memory": "100Mi"}),
        ({"gpu": 1, "gpumem": 100}, Rules(memory_factor=10), {"memory": "1000Mi"}),
        ({"gpu": 1, "gpumem": 100}, Rules(default_cores=100), {"memory": "100Mi", "cores": "100", "slots": "1k"}),
        ({"gpu": 1}, Rules(default_memory_mib=3000), {"memory": "3000Mi", "cores": "100", "slots": "1k"}),
    ],
)
def test_defaults_of_the_cluster(limits: dict[str, int], rules: Rules, expected: dict[str, str]) -> None:
    assert capacity(pod(main(**limits)), rules) == expected
    assert exactly(pod(main(**limits)), rules)["count"] == (1 if "gpu" in limits else rules.default_count)


def test_without_a_default_count_one_has_to_be_written() -> None:
    rules = Rules(default_count=0)
    assert "nvidia.com/gpu is missing" in refusal(pod(main(gpumem=100)), rules)
    assert capacity(pod(main(gpu=1, gpumem=100)), rules) == {"memory": "100Mi"}


def test_the_factor_counts_for_the_limit_too() -> None:
    message = refusal(pod(main(gpu=1, gpumem=2**22)), Rules(memory_factor=2))
    assert "pieces of 2 MiB" in message
    assert f"at most {2**21}" in message


def test_resources_of_other_names_are_converted_and_ours_are_then_none_of_ours() -> None:
    names = ResourceNames("a.example/n", "a.example/mem", "a.example/pct", "a.example/cores", "a.example/prio")
    each = {
        "name": "main",
        "resources": {"limits": {"a.example/n": "1", "a.example/mem": "100", "nvidia.com/gpu": "1"}},
    }
    manifest = pod(each)
    assert capacity(manifest, Rules(names=names)) == {"memory": "100Mi"}
    assert patched(manifest, Rules(names=names))["spec"]["containers"][0]["resources"]["limits"] == {
        "nvidia.com/gpu": "1"
    }
    assert converted(pod(main(gpu=1)), Rules(names=names)) is None


@pytest.mark.parametrize(
    ("limits", "annotations", "expected"),
    [
        ({"gpu": 1}, {"hami_gpu_memory": "4000", "hami_gpu_core": "30"}, {"memory": "4000Mi", "cores": "30"}),
        ({"gpu": 1}, {"hami_gpu_memory": "4000"}, {"memory": "4000Mi"}),
        ({"gpu": 1}, {"hami_gpu_core": "30"}, {"cores": "30"}),
        ({"gpu": 1, "gpumem": 100}, {"hami_gpu_memory": "4000", "hami_gpu_core": "30"}, {"memory": "100Mi"}),
        ({"gpu": 1, "gpucores": 10}, {"hami_gpu_memory": "4000"}, {"cores": "10"}),
        ({"gpumem": 100}, {"hami_gpu_memory": "4000"}, {"memory": "100Mi"}),
    ],
)
def test_annotations_of_memory_and_cores_are_for_containers_that_name_a_count_alone(
    limits: dict[str, int], annotations: dict[str, str], expected: dict[str, str]
) -> None:
    assert capacity(annotated(pod(main(**limits)), **annotations)) == expected


def test_annotations_of_all_cores_are_a_whole_card_or_alone_on_one() -> None:
    assert is_whole(annotated(pod(main(gpu=1)), hami_gpu_core="100"))
    manifest = annotated(pod(main(gpu=1)), hami_gpu_core="100", hami_gpu_memory="100")
    assert capacity(manifest) == {"memory": "100Mi", "cores": "100", "slots": "1k"}


def test_a_percentage_goes_before_the_annotation() -> None:
    assert is_whole(annotated(pod(main(gpu=1, **{"gpumem-percentage": 100})), hami_gpu_memory="4000"))


def test_annotations_give_nothing_to_containers_without_a_count() -> None:
    manifest = annotated(pod(main(gpu=1), container("plain"), container("none", gpu=0)), hami_gpu_memory="4000")
    assert [request["name"] for request in devices_of(manifest)["requests"]] == ["main"]


@pytest.mark.parametrize(
    ("annotations", "words"),
    [
        ({"hami_gpu_memory": "4Gi"}, ("hami.io/gpu-memory: '4Gi'", "MiB per card")),
        ({"hami_gpu_core": "101"}, ("hami.io/gpu-core: '101'", "up to 100")),
        ({"vgpu_mode": "mps"}, ("nvidia.com/vgpu-mode: 'mps'", "hami-core, mig, whole")),
        ({"numa_bind": "maybe"}, ("nvidia.com/numa-bind: 'maybe'", "true or false")),
        ({"hami_node_scheduler_policy": "best"}, ("hami.io/node-scheduler-policy: 'best'", "binpack, spread")),
        ({"hami_gpu_scheduler_policy": "binpack,best"}, ("'best'", "binpack, spread, numa, topology-aware, mutex")),
        ({"use_gpuindexes": "0,a"}, ("nvidia.com/use-gpuindexes: 'a'", "such as 0,1")),
        ({"use_gpuuuid": "x" * 65}, ("nvidia.com/use-gpuuuid", "at most 64 characters")),
        ({"use_gputype": "a\nb"}, ("nvidia.com/use-gputype: 'a\\nb'", "printable")),
        ({"use_gpuuuid": ",".join(f"GPU-{n}" for n in range(65))}, ("has 65 items", "at most 64")),
    ],
)
def test_annotations_that_mean_nothing_are_refused_with_what_may_be_written(
    annotations: dict[str, str], words: tuple[str, ...]
) -> None:
    message = refusal(annotated(pod(main(gpu=1, gpumem=1)), **annotations))
    assert all(word in message for word in words), message


def with_env(each: Object, **values: Any) -> Object:  # noqa: ANN401  a value, or where it comes from
    entries = [
        {"name": name, **(value if isinstance(value, dict) else {"value": value})} for name, value in values.items()
    ]
    return each | {"env": [*each["env"], *entries]}


def parameters(manifest: Object, rules: Rules = DEFAULT_RULES) -> Object:
    """What the one configuration of the claim says, beside what it is."""
    config = devices_of(manifest, rules).get("config", [])
    if not config:
        return {}
    (entry,) = config
    assert (entry["requests"], entry["opaque"]["driver"]) == (["main"], "hami.io")
    found: Object = dict(entry["opaque"]["parameters"])
    assert (found.pop("apiVersion"), found.pop("kind")) == ("hami.io/v1alpha1", "ShareConfig")
    return found


DISABLING = Rules(allow_disable_control=True)


@pytest.mark.parametrize(
    ("limits", "env", "rules", "expected"),
    [
        ({"priority": 0}, {}, DEFAULT_RULES, {"priority": 0}),
        ({"priority": 1}, {"CUDA_TASK_PRIORITY": "0"}, DEFAULT_RULES, {}),
        ({}, {"CUDA_TASK_PRIORITY": "0"}, DEFAULT_RULES, {"priority": 0}),
        ({}, {"CUDA_TASK_PRIORITY": "1"}, DEFAULT_RULES, {}),
        ({}, {"GPU_CORE_UTILIZATION_POLICY": "force"}, DEFAULT_RULES, {"corePolicy": "force"}),
        ({}, {"GPU_CORE_UTILIZATION_POLICY": "default"}, Rules(core_policy=CorePolicy.FORCE), {}),
        ({}, {}, Rules(core_policy=CorePolicy.FORCE), {"corePolicy": "force"}),
        ({}, {"CUDA_DISABLE_CONTROL": "true"}, DISABLING, {"enforce": False}),
        ({}, {"CUDA_DISABLE_CONTROL": "false"}, DEFAULT_RULES, {}),
        ({}, {"CUDA_OVERSUBSCRIBE": "false"}, DEFAULT_RULES, {"oversubscribe": False}),
        ({}, {"CUDA_OVERSUBSCRIBE": "true"}, DEFAULT_RULES, {}),
    ],
)
def test_priority_and_policies_go_into_the_claim(
    limits: dict[str, int], env: dict[str, str], rules: Rules, expected: Object
) -> None:
    assert parameters(pod(with_env(main(gpu=1, gpumem=1, **limits), **env)), rules) == expected


def test_a_whole_card_has_no_configuration() -> None:
    manifest = pod(with_env(main(gpu=1, priority=0), CUDA_DISABLE_CONTROL="true", GPU_CORE_UTILIZATION_POLICY="force"))
    assert "config" not in devices_of(manifest)


def test_requests_of_equal_configuration_share_an_entry() -> None:
    manifest = pod(main(gpumem=1, priority=0), container("other", gpumem=1, priority=0), container("plain", gpumem=1))
    (entry,) = devices_of(manifest)["config"]
    assert entry["requests"] == ["main", "other"]


def test_a_request_that_two_containers_use_takes_nothing_from_either() -> None:
    manifest = pod(
        with_env(main(gpumem=1), GPU_CORE_UTILIZATION_POLICY="force", CUDA_OVERSUBSCRIBE="0"),
        init=(container("init", gpumem=1, priority=0),),
    )
    assert parameters(manifest) == {"priority": 0, "oversubscribe": False}


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"CUDA_TASK_PRIORITY": "2"}, ("env CUDA_TASK_PRIORITY", "0 (goes first) nor 1")),
        ({"CUDA_TASK_PRIORITY": "s3cret"}, ("env CUDA_TASK_PRIORITY",)),
        ({"CUDA_OVERSUBSCRIBE": "s3cret"}, ("env CUDA_OVERSUBSCRIBE", "neither true nor false", "write false where")),
        ({"GPU_CORE_UTILIZATION_POLICY": "s3cret"}, ("env GPU_CORE_UTILIZATION_POLICY", "default, force, disable")),
        (
            {"CUDA_DISABLE_CONTROL": "True"},
            ("env CUDA_DISABLE_CONTROL", "no share without limits", "remove the variable"),
        ),
    ],
)
def test_variables_out_of_bounds_are_refused_without_their_value(env: dict[str, str], words: tuple[str, ...]) -> None:
    message = refusal(pod(with_env(main(gpu=1, gpumem=1), **env)))
    assert all(word in message for word in words), message
    assert "s3cret" not in message


def test_a_variable_that_comes_from_elsewhere_has_no_effect_and_that_is_told() -> None:
    source = {"valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}
    manifest = pod(with_env(main(gpu=1, gpumem=1), CUDA_TASK_PRIORITY=source))
    assert parameters(manifest) == {}
    (warning,) = conversion_of(manifest).warnings
    assert "valueFrom" in warning


@pytest.mark.parametrize(("name", "expected"), [("hami-scheduler", "default-scheduler"), ("volcano", "volcano")])
def test_schedulers_that_are_gone_give_their_pods_to_the_default(name: str, expected: str) -> None:
    assert patched(pod(main(gpu=1), schedulerName=name))["spec"]["schedulerName"] == expected
    assert patched(pod(main(gpu=0), schedulerName=name))["spec"]["schedulerName"] == expected


def test_a_runtime_class_is_given_to_pods_with_cards_that_name_none() -> None:
    rules = Rules(runtime_class_name="nvidia")
    assert patched(pod(main(gpu=1)), rules)["spec"]["runtimeClassName"] == "nvidia"
    assert patched(pod(main(gpu=1), runtimeClassName="kata"), rules)["spec"]["runtimeClassName"] == "kata"
    assert "runtimeClassName" not in patched(pod(main(gpu=0)), rules)["spec"]


def test_containers_without_a_card_are_told_to_see_none() -> None:
    image_says_all = with_env(container("all"), NVIDIA_VISIBLE_DEVICES="all")
    already = with_env(container("already"), NVIDIA_VISIBLE_DEVICES="none")
    bare = {"name": "bare", "image": "example.org/app:1"}
    manifest = pod(main(gpu=1), image_says_all, already, bare, init=(container("init"),))
    spec = patched(manifest, Rules(overwrite_env=True))["spec"]
    told = {
        each["name"]: [entry["value"] for entry in each.get("env", []) if entry["name"] == "NVIDIA_VISIBLE_DEVICES"]
        for each in (*spec["initContainers"], *spec["containers"])
    }
    assert told == {"init": ["none"], "main": [], "all": ["none"], "already": ["none"], "bare": ["none"]}
    assert patched(manifest)["spec"]["containers"][1] == image_says_all


def test_converted_pods_go_to_the_nodes_that_are_migrated() -> None:
    rules = Rules(node_selector=(("example.com/dra", "on"),))
    assert patched(pod(main(gpu=1)), rules)["spec"]["nodeSelector"] == {"example.com/dra": "on"}
    both = pod(main(gpu=1), nodeSelector={"disk": "ssd"})
    assert patched(both, rules)["spec"]["nodeSelector"] == {"disk": "ssd", "example.com/dra": "on"}
    assert "spec.nodeSelector: example.com/dra" in refusal(
        pod(main(gpu=1), nodeSelector={"example.com/dra": "off"}), rules
    )


PRIVILEGED = pod(main(gpu=1), container("root") | {"securityContext": {"privileged": True}})


def test_privileged_containers_are_allowed_warned_of_or_denied() -> None:
    assert conversion_of(PRIVILEGED, Rules(privileged=Privileged.ALLOW)).warnings == ()
    (warning,) = conversion_of(PRIVILEGED).warnings
    assert 'container "root": is privileged' in warning
    assert 'container "root": is privileged' in refusal(PRIVILEGED, Rules(privileged=Privileged.DENY))
    assert converted(pod(*PRIVILEGED["spec"]["containers"][1:]), Rules(privileged=Privileged.DENY)) is None


@pytest.mark.parametrize(
    ("annotations", "word"),
    [({"hami_vulkan": "true"}, "Vulkan"), ({"hami_device_scoring_weights": "slot=1,core=1,memory=3"}, "has no effect")],
)
def test_what_is_not_held_or_not_followed_is_told(annotations: dict[str, str], word: str) -> None:
    (warning,) = conversion_of(annotated(pod(main(gpu=1)), **annotations)).warnings
    assert word in warning


def test_more_constraints_than_a_claim_can_have_are_refused() -> None:
    pairs = [container(f"c-{number}", gpu=2, gpumem=1) for number in range(16)]
    assert "48 constraints; a claim can have 32" in refusal(
        annotated(pod(*pairs), hami_gpu_scheduler_policy="topology-aware")
    )
    assert len(devices_of(annotated(pod(*pairs), hami_gpu_scheduler_policy="numa"))["constraints"]) == 32


def test_selectors_that_would_fill_the_claim_are_refused() -> None:
    many = ",".join("x" * 62 + f"{number:02}" for number in range(64))
    lists = {"use_gputype": many, "nouse_gputype": many, "use_gpuuuid": many, "nouse_gpuuuid": many}
    assert devices_of(annotated(pod(main(gpu=1)), **lists))
    containers = [container(f"c-{number}", gpumem=1) for number in range(32)]
    assert "in the pod's 32 requests; a claim can have 524288" in refusal(annotated(pod(*containers), **lists))


SPREAD_AND_PACK = Rules(node_policy=NodePolicy.SPREAD, card_policies=(CardPolicy.BINPACK,))
GOLDEN_PODS: dict[str, tuple[Object, Rules, Fleet]] = {
    "percentage": (pod(main(gpu=1, **{"gpumem-percentage": 50})), DEFAULT_RULES, FLEET),
    "alone-on-its-card": (pod(main(gpu=1, gpumem=4000, gpucores=100)), DEFAULT_RULES, FLEET),
    "topology-and-type": (
        annotated(pod(main(gpu=4, gpumem=16384)), use_gputype="A100", hami_gpu_scheduler_policy="topology-aware"),
        DEFAULT_RULES,
        FLEET,
    ),
    "policies-of-the-cluster": (pod(main(gpu=1, gpumem=4000)), SPREAD_AND_PACK, FLEET),
    "everything-told": (
        annotated(
            pod(
                with_env(main(gpu=2, gpumem=4, priority=0), GPU_CORE_UTILIZATION_POLICY="force"),
                container("plain") | {"securityContext": {"privileged": True}},
                schedulerName="hami-scheduler",
            ),
            nouse_gpuuuid="GPU-bad",
            use_gpuindexes="0,1",
            numa_bind="true",
            vgpu_mode="hami-core,mig",
            hami_node_scheduler_policy="binpack",
            hami_vulkan="true",
        ),
        Rules(memory_factor=1000, runtime_class_name="nvidia", overwrite_env=True, node_selector=(("pool", "dra"),)),
        Fleet((*FLEET.kinds, CardKind("NVIDIA A100-SXM4-80GB", 9728, 7, is_mig=True))),
    ),
}


@pytest.mark.parametrize("name", GOLDEN_PODS)
def test_patches_templates_and_warnings_are_as_reviewed(name: str, golden: Golden) -> None:
    conversion = conversion_of(*GOLDEN_PODS[name])
    assert conversion.template is not None
    found = {
        "patch": conversion.patch,
        "template": conversion.template.manifest(),
        "warnings": conversion.warnings,
    }
    golden(f"webhook/{name}.json", json.dumps(found, indent=2, ensure_ascii=False) + "\n")
