"""The webhook's configuration: every field, HAMi's device configuration as it is, and what is refused in which words."""

from pathlib import Path

import pytest

from catalog.errors import InvalidInputError
from catalog.share_config import CorePolicy
from webhook.conversion.fleet import CardKind
from webhook.conversion.rules import CardPolicy, NodePolicy, Privileged, ResourceNames, Rules, rules_from

EVERYTHING = """
resources:
  count: example.com/gpu
  memory: example.com/gpumem
  memoryPercentage: example.com/gpumem-percentage
  cores: example.com/gpucores
  priority: example.com/priority
memoryFactor: 2
defaults:
  count: 2
  memoryMiB: 4000
  cores: 10
  corePolicy: force
  nodeSchedulerPolicy: binpack
  gpuSchedulerPolicy: [mutex, spread]
runtimeClassName: nvidia
overwriteEnv: true
schedulerNames: [hami-scheduler, old]
privileged: deny
allowDisableControl: true
nodeSelector: {example.com/dra: "on"}
fleet:
  expected:
  - {productName: NVIDIA H200, memoryMiB: 143771}
"""

HAMI = """
nvidia:
  resourceCountName: "nvidia.com/gpu"
  resourceMemoryName: "example.com/gpumem"
  resourceMemoryPercentageName: ""
  resourceCoreName: nvidia.com/gpucores
  resourcePriorityName: nvidia.com/priority
  overwriteEnv: true
  defaultMemory: 3000
  defaultCores: 20
  defaultGPUNum: 1
  memoryFactor: 10
  deviceSplitCount: 10
  deviceMemoryScaling: 1
  deviceCoreScaling: 1
  gpuCorePolicy: default
  libCudaLogLevel: 1
  runtimeClassName: ""
  migProfileAllowlist:
  - models: [A30]
    profiles: [1g.6gb]
cambricon:
  resourceCountName: cambricon.com/vmlu
vnpus: {}
"""


def test_the_examples_are_read_and_the_one_of_hami_says_its_defaults() -> None:
    folder = Path(__file__).parents[2] / "docs/examples/webhook"
    found = {path.name: rules_from(path.read_text(), path.name) for path in folder.iterdir()}
    assert found["rules.yaml"].privileged is Privileged.DENY
    assert found["device-config.yaml"] == Rules()


def test_an_empty_file_says_nothing() -> None:
    assert rules_from("", "rules.yaml") == Rules()


def test_every_field_is_read() -> None:
    domain = "example.com"
    assert rules_from(EVERYTHING, "rules.yaml") == Rules(
        names=ResourceNames(
            *(f"{domain}/{name}" for name in ("gpu", "gpumem", "gpumem-percentage", "gpucores", "priority"))
        ),
        memory_factor=2,
        default_count=2,
        default_memory_mib=4000,
        default_cores=10,
        core_policy=CorePolicy.FORCE,
        node_policy=NodePolicy.BINPACK,
        card_policies=(CardPolicy.MUTEX, CardPolicy.SPREAD),
        runtime_class_name="nvidia",
        overwrite_env=True,
        scheduler_names=frozenset({"hami-scheduler", "old"}),
        privileged=Privileged.DENY,
        allow_disable_control=True,
        node_selector=(("example.com/dra", "on"),),
        expected=(CardKind("NVIDIA H200", 143771, cards=0),),
    )


def test_hamis_device_configuration_is_read_as_it_is() -> None:
    rules = rules_from(HAMI, "device-config.yaml")
    assert rules == Rules(
        names=ResourceNames(memory="example.com/gpumem"),
        memory_factor=10,
        default_memory_mib=3000,
        default_cores=20,
        overwrite_env=True,
        without_effect=rules.without_effect,
    )
    assert rules.without_effect == (
        *(f"nvidia.{name}" for name in ("deviceSplitCount", "deviceMemoryScaling", "deviceCoreScaling")),
        *("nvidia.libCudaLogLevel", "nvidia.migProfileAllowlist", "cambricon", "vnpus"),
    )


def test_our_fields_count_over_hamis() -> None:
    rules = rules_from(HAMI + "memoryFactor: 1\ndefaults: {cores: 0}\nprivileged: allow\n", "device-config.yaml")
    assert (rules.memory_factor, rules.default_cores, rules.privileged) == (1, 0, Privileged.ALLOW)
    assert rules.default_memory_mib == 3000


@pytest.mark.parametrize(
    ("section", "policy"),
    [
        ("gpuCorePolicy: force", CorePolicy.FORCE),
        ("gpuCorePolicy: ''", CorePolicy.DEFAULT),
        ("disableCoreLimit: true", CorePolicy.DISABLE),
    ],
)
def test_hamis_core_policies(section: str, policy: CorePolicy) -> None:
    assert rules_from(f"nvidia: {{{section}}}", "f").core_policy is policy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1", ("the file", "unknown field `a`", "the fields here are resources, memoryFactor")),
        ("defaults: {core: 1}", ("defaults", "unknown field `core`", "corePolicy")),
        ("defaults: {cores: 101}", ("defaults.cores", "<= 100")),
        ("defaults: {cores: ten}", ("defaults.cores", "`int", "got `str`")),
        ("defaults: {gpuSchedulerPolicy: [best]}", ("defaults.gpuSchedulerPolicy[0]", "best")),
        ("memoryFactor: 0", ("memoryFactor", ">= 1")),
        ("privileged: never", ("privileged", "never")),
        ("fleet: {expected: [{memoryMiB: 0}]}", ("fleet.expected[0].memoryMiB", ">= 1")),
        ("fleet: {expected: [{memory: 1}]}", ("fleet.expected[0]", "memory")),
        ("resources: {count: gpu}", ("'gpu' is no name of a resource", "nvidia.com/gpu")),
        ("resources: {count: nvidia.com/gpumem}", ("nvidia.com/gpumem is named twice",)),
        ("nvidia: {defaultMemory: much}", ("nvidia", "defaultMemory", "`int`")),
        ("nvidia: 3", ("nvidia", "`object`")),
        ("[]", ("no mapping",)),
        ("a: {", ("not YAML",)),
    ],
)
def test_what_cannot_be_used_is_named_with_its_path(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        rules_from(text, "rules.yaml")
    message = str(caught.value)
    assert message.startswith("rules.yaml: ")
    assert all(word in message for word in words), message
