"""The configuration of a node: all formats, patterns and defaults, what is refused with which words, and any text at all."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from dra_driver.configuration import CardMode, CrossCheckPolicy, Mode, NodeConfiguration, parse_configuration
from dra_driver.containers.delivery import Delivery
from tests.unit.driver_objects import card

EXAMPLES = Path(__file__).parents[2] / "docs/examples/configuration"
BASE = NodeConfiguration(split_count=26)

OURS = """\
defaults:
  deviceSplitCount: 4
  filterDevices: {index: [7]}
nodes:
- name: "dgx-0*"
  deviceSplitCount: 20
  deviceMemoryScaling: 0.5
  deviceCoreScaling: 1.5
  mode: share
  cards:
  - {index: 1, mode: whole}
  - {uuid: GPU-x, mode: mig}
  preconfiguredDeviceMemory: 65536
  disableCoreLimit: true
  strict: true
  delivery: both
  crossCheck: evict
- name: "dgx-*"
  deviceSplitCount: 3
"""


def parsed(text: str, node: str = "dgx-01") -> NodeConfiguration:
    return parse_configuration(text, node, "node.yaml", BASE)


def test_the_first_entry_that_matches_stands_over_the_defaults() -> None:
    assert parsed(OURS) == NodeConfiguration(
        split_count=20,
        memory_scaling=0.5,
        core_scaling=1.5,
        hidden_indexes=frozenset({7}),
        mode=Mode.SHARE,
        card_modes=(CardMode(Mode.WHOLE, index=1), CardMode(Mode.MIG, uuid="GPU-x")),
        preconfigured_memory_bytes=64 * 2**30,
        disable_core_limit=True,
        strict=True,
        delivery=Delivery.BOTH,
        cross_check=CrossCheckPolicy.EVICT,
    )
    assert parsed(OURS, "dgx-10") == NodeConfiguration(split_count=3, hidden_indexes=frozenset({7}))
    assert parsed(OURS, "other") == NodeConfiguration(split_count=4, hidden_indexes=frozenset({7}))


def test_an_entry_can_take_back_what_the_defaults_say() -> None:
    text = "defaults: {filterDevices: {index: [0]}, deviceCoreScaling: 2}\n"
    taken_back = text + "nodes: [{name: '*', filterDevices: {}, deviceCoreScaling: 1}]"
    assert parsed(taken_back) == BASE


@pytest.mark.parametrize("word", ["off", '"off"', "false"])
def test_the_cross_check_can_be_turned_off_as_yaml_has_it(word: str) -> None:
    assert parsed(f"defaults: {{crossCheck: {word}}}").cross_check is CrossCheckPolicy.OFF


@pytest.mark.parametrize("word", ["on", "true", "kill", "1"])
def test_another_word_for_the_cross_check_is_refused(word: str) -> None:
    with pytest.raises(InvalidInputError, match=r"node.yaml: .*crossCheck.*write one of report, evict, off"):
        parsed(f"defaults: {{crossCheck: {word}}}")


@pytest.mark.parametrize("text", ["", "{}", "nodes: []", "defaults: {}", "# nothing yet\n"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert parsed(text) == BASE


HAMI = {
    "nodeconfig": [
        {
            "name": "dgx-01",
            "operatingmode": "hami-core",
            "devicememoryscaling": 1,
            "devicecorescaling": 2,
            "devicesplitcount": 5,
            "preconfigureddevicememory": 1024,
            "migstrategy": "none",
            "filterdevices": {"uuid": ["GPU-x"], "index": [0]},
        },
        {"name": "dgx-01", "deviceSplitCount": 6, "devicecorescaling": 0, "filterdevices": {"uuid": [], "index": []}},
        {"name": "dgx-02", "devicememoryscaling": 1.8, "operatingmode": "mig", "migstrategy": "mixed", "libcudaloglevel": 3},
    ]
}  # fmt: skip


def test_hamis_own_file_is_read_as_it_is() -> None:
    assert parsed(json.dumps(HAMI)) == NodeConfiguration(
        split_count=6,
        core_scaling=2,
        hidden_uuids=frozenset({"GPU-x"}),
        hidden_indexes=frozenset({0}),
        preconfigured_memory_bytes=2**30,
    )
    assert parsed(json.dumps(HAMI), "dgx-03") == BASE


def test_a_value_that_cannot_be_had_is_refused_on_its_node_alone() -> None:
    text = json.dumps({"nodeconfig": [{"name": "dgx-01"}, {"name": "dgx-02", "devicememoryscaling": 11}]})
    assert parsed(text) == BASE
    with pytest.raises(InvalidInputError) as refused:
        parsed(text, "dgx-02")
    assert str(refused.value) == "node.yaml: nodeconfig[1].devicememoryscaling: 11: write 10 or less"


def test_hamis_memory_scaling_is_ours() -> None:
    assert parsed(json.dumps(HAMI), "dgx-02").memory_scaling == 1.8


DEVICE_CONFIG = """\
nvidia:
  resourceCountName: nvidia.com/gpu
  deviceSplitCount: 12
  deviceMemoryScaling: 1.5
  deviceCoreScaling: 1
  preConfiguredDeviceMemory: 0
  disableCoreLimit: true
  libCudaLogLevel: 1
cambricon: {resourceCountName: cambricon.com/vmlu}
defaults: {cores: 20}
"""


def test_hamis_device_configuration_is_for_every_node() -> None:
    for node in ("dgx-01", "other"):
        assert parsed(DEVICE_CONFIG, node) == replace(
            BASE, split_count=12, memory_scaling=1.5, core_scaling=1, disable_core_limit=True
        )
    assert parsed("nvidia: {deviceMemoryScaling: 0}") == BASE
    with pytest.raises(InvalidInputError, match=r"^node.yaml: nvidia.deviceMemoryScaling: 12: write 10 or less"):
        parsed("nvidia: {deviceMemoryScaling: 12}")
    with pytest.raises(InvalidInputError, match=r"nvidia.deviceMemoryScaling: .*; write a number above 0 and up to 10"):
        parsed("nvidia: {deviceMemoryScaling: x}")


def test_hamis_mig_mode_and_fields_without_effect_are_kept_apart() -> None:
    text = json.dumps({"nodeconfig": [HAMI["nodeconfig"][2] | {"devicememoryscaling": 1, "enablenumatopology": False}]})
    found = parsed(text, "dgx-02")
    assert found.mode is Mode.MIG
    assert found.without_effect == ("libcudaloglevel", "enablenumatopology", "migstrategy")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nodes: [", "node.yaml: not YAML"),
        ("- 1", "node.yaml: the file: Expected `object`, got `array`; docs/configuration.md"),
        ("node: []", "the file: Object contains unknown field `node`; the fields here are defaults, nodes"),
        ("nodes: [{deviceSplitCount: 3}]", r"nodes\[0\]: Object missing required field `name`"),
        ("nodes: [{name: a, splitCount: 3}]", r"nodes\[0\]: .*unknown field `splitCount`; the fields here are device.*, name"),
        ("nodes: [{name: a, deviceSplitCount: 0}]", r"nodes\[0\].deviceSplitCount: .*; write a number from 1 to 1000"),
        ("defaults: {deviceSplitCount: many}", "defaults.deviceSplitCount: .*; write a number from 1 to 1000"),
        ("defaults: {deviceMemoryScaling: 10.1}", "defaults.deviceMemoryScaling: 10.1: write 10 or less"),
        ("defaults: {deviceMemoryScaling: 0}", "defaults.deviceMemoryScaling: .*; write a number above 0 and up to 10"),
        ("defaults: {deviceMemoryScaling: .inf}", "defaults.deviceMemoryScaling: .*; write a number above 0 and up to 10"),
        ("defaults: {cards: [{index: 1}]}", r"defaults.cards\[0\]: says nothing; write mode or deviceMemoryScaling"),
        ("defaults: {cards: [{index: 1, deviceMemoryScaling: 20}]}", r"cards\[0\].deviceMemoryScaling: 20: write 10 or less"),
        ("defaults: {deviceCoreScaling: 11}", "defaults.deviceCoreScaling: 11: write 10 or less"),
        ("defaults: {deviceCoreScaling: .nan}", "defaults.deviceCoreScaling: .*; write a number above 0"),
        ("defaults: {mode: hami-core}", "defaults.mode: .*; write one of share, whole, both, mig"),
        ("defaults: {cards: [{mode: share}]}", r"defaults.cards\[0\]: name the card by either uuid or index"),
        ("defaults: {cards: [{mode: mig, uuid: a, index: 1}]}", r"cards\[0\]: name the card by either uuid or index"),
        ("defaults: {cards: [{index: 1, mod: mig}]}", r"cards\[0\]: .*unknown field `mod`; the fields here are mode, deviceM"),
        ("defaults: {filterDevices: {uuids: []}}", "filterDevices: .*unknown field `uuids`; the fields here are uuid, index"),
        ("defaults: {preconfiguredDeviceMemory: 64Gi}", "write whole MiB, such as 65536"),
        ("defaults: {disableCoreLimit: 1}", "write true or false"),
        ("defaults: {delivery: chroot}", "write one of preload, shim, both"),
        ('{"nodeconfig": [{"name": "dgx-01", "splits": 2}]}', r"nodeconfig\[0\]: .*unknown field `splits`; the fields here are n"),
        ('{"nodeconfig": [{"name": "dgx-01", "operatingmode": "mps"}]}', r"nodeconfig\[0\].operatingmode: mps is not supported"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_path_and_remedy(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as refused:
        parsed(text)
    assert str(refused.value).startswith("node.yaml: ")


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_every_example_is_good(path: Path) -> None:
    assert parse_configuration(path.read_text(), "dgx-01", path.name, BASE) != BASE


def test_exceptions_and_hidden_cards_are_found_by_uuid_or_index() -> None:
    configuration = NodeConfiguration(
        hidden_uuids=frozenset({card(0).uuid}),
        hidden_indexes=frozenset({1}),
        card_modes=(CardMode(Mode.WHOLE, index=2), CardMode(Mode.MIG, uuid=card(2).uuid)),
    )
    assert [configuration.hides(card(index)) for index in range(3)] == [True, True, False]
    assert [configuration.mode_of(card(index)) for index in (2, 3)] == [Mode.WHOLE, Mode.BOTH]


def test_a_card_may_have_a_memory_scaling_of_its_own() -> None:
    found = parsed(
        "defaults: {deviceMemoryScaling: 2, cards: [{index: 1, deviceMemoryScaling: 1}, {index: 2, mode: whole}]}"
    )
    assert [found.memory_scaling_of(card(index)) for index in range(3)] == [2, 1, 2]
    assert found.card_modes == (CardMode(Mode.WHOLE, index=2),)


YAML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2000) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["defaults", "nodes", "nodeconfig", "name", "deviceSplitCount", "filterDevices", "uuid", "index", "mode",
                 "devicesplitcount", "filterdevices", "cards", "deviceCoreScaling", "deviceMemoryScaling", "x"]
            ),
            inner, max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(YAML_VALUES)
def test_any_document_is_either_a_configuration_or_refused_in_words(document: object) -> None:
    with suppress(InvalidInputError):
        found = parsed(yaml.safe_dump(document))
        assert 1 <= found.split_count <= 1000
        assert 0 < found.memory_scaling <= 10
        assert 1 <= found.cores_percent <= 1000
