"""The cards file: what is accepted, what it becomes, and what each refusal says."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.names import MIB
from dra_driver.simulated.cards import MODELS, SimulatedCard, parse_cards


def cards_of(text: str, node_name: str = "node-a") -> tuple[SimulatedCard, ...]:
    return parse_cards(yaml.safe_load(text), node_name, "cards.yaml")


def test_a_known_model_alone_makes_a_card() -> None:
    (card,) = cards_of("cards: [{model: NVIDIA A100-SXM4-80GB}]")
    assert card.memory_bytes == 81920 * MIB
    assert (card.brand, card.architecture, card.compute_capability) == (14, 7, (8, 0))
    assert (card.index, card.numa_node, card.linked_bus_ids) == (0, -1, ())
    assert (card.driver_version, card.cuda_version) == ("580.95.05", 13000)


def test_count_makes_that_many_alike_with_indexes_in_order() -> None:
    cards = cards_of("cards: [{model: NVIDIA L4, count: 3, numaNode: 1}, {model: Tesla T4}]")
    assert [card.index for card in cards] == [0, 1, 2, 3]
    assert [card.name for card in cards] == ["NVIDIA L4"] * 3 + ["Tesla T4"]
    assert [card.numa_node for card in cards] == [1, 1, 1, -1]


def test_an_unknown_model_is_taken_with_its_own_data() -> None:
    (card,) = cards_of(
        'cards: [{model: X1, memory: 10Gi, architecture: Hopper, brand: NVIDIA, computeCapability: "9.0"}]'
    )
    assert (card.memory_bytes, card.architecture, card.compute_capability) == (10240 * MIB, 9, (9, 0))


def test_given_memory_goes_before_the_models_own() -> None:
    (card,) = cards_of("cards: [{model: NVIDIA L4, memory: 8Gi}]")
    assert card.memory_bytes == 8192 * MIB


def test_the_default_context_leaves_26_tenants_of_3072_mib_their_memory_on_an_80_gib_card() -> None:
    (card,) = cards_of("cards: [{model: NVIDIA A100-SXM4-80GB}]")
    assert 26 * (3072 * MIB + card.context_bytes) + card.reserved_bytes <= card.memory_bytes


def test_generated_identities_follow_from_node_and_index_alone() -> None:
    text = "cards: [{model: NVIDIA L4, count: 2}]"
    first, again, elsewhere = cards_of(text), cards_of(text), cards_of(text, node_name="node-b")
    assert first == again
    assert {card.uuid for card in first}.isdisjoint(card.uuid for card in elsewhere)
    assert all(re.fullmatch(r"GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", card.uuid) for card in first)


def test_the_largest_node_has_distinct_identities() -> None:
    cards = cards_of("cards: [{model: NVIDIA L4, count: 64}]")
    assert len({card.uuid for card in cards}) == len({card.pci_bus_id for card in cards}) == 64


def test_a_one_sided_link_is_completed() -> None:
    first, second, third = cards_of("cards: [{model: NVIDIA H200, links: [1]}, {model: NVIDIA H200, count: 2}]")
    assert first.linked_bus_ids == (second.pci_bus_id,)
    assert second.linked_bus_ids == (first.pci_bus_id,)
    assert third.linked_bus_ids == ()


def test_cards_of_one_count_may_list_their_whole_group() -> None:
    cards = cards_of("cards: [{model: NVIDIA H200, count: 4, links: [0, 1, 2, 3]}]")
    for card in cards:
        assert set(card.linked_bus_ids) == {other.pci_bus_id for other in cards if other != card}


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=6, max_size=6))
def test_links_are_symmetric_and_never_to_oneself(links: list[list[int]]) -> None:
    specs = [
        {"model": "NVIDIA H200", "links": [peer for peer in peers if peer != index]}
        for index, peers in enumerate(links)
    ]
    cards = parse_cards({"cards": specs}, "node-a", "cards.yaml")
    linked = {(card.pci_bus_id, peer) for card in cards for peer in card.linked_bus_ids}
    assert linked == {(peer, bus_id) for bus_id, peer in linked}
    assert all(bus_id != peer for bus_id, peer in linked)


@pytest.mark.parametrize("model", MODELS)
def test_every_known_model_is_complete(model: str) -> None:
    (card,) = parse_cards({"cards": [{"model": model}]}, "node-a", "cards.yaml")
    assert card.name == model
    assert card.memory_bytes > 0


BAD_FILES: list[tuple[str, str]] = [
    ("", "cards.yaml: the file: Expected `object`, got `null`"),
    ("cards: []", "cards.yaml: cards: "),
    ("cards: [{}]", "cards.yaml: cards[0]: Object missing required field `model`"),
    ("cards: [{model: Tesla T4, memroy: 8Gi}]", "the fields here are model, count, memory, "),
    ("cards: [{model: Tesla T4}]\nnode: x", "the fields here are cards, driverVersion, cudaVersion"),
    ("cards: [{model: Tesla T4}]\ncudaVersion: 13.0", 'write it as in this example: "13.0"'),
    ("cards: [{model: Tesla T4}]\ndriverVersion: new", "driverVersion: Expected `str` matching regex"),
    (
        "cards: [{model: Tesla T4}, {model: Tesla T4, memory: 8Go}]",
        "cards.yaml: cards[1].memory: '8Go' is not a quantity",
    ),
    ("cards: [{model: Tesla T4, memory: -1Mi}]", "cards.yaml: cards[0].memory: -1Mi is out of range"),
    ("cards: [{model: Tesla T4, memory: 1500}]", "cards.yaml: cards[0].memory: 1500 is not a whole number of MiB"),
    ("cards: [{model: Tesla T4, memory: 60Mi}]", "at least reservedMiB + contextMiB + 2 = 66Mi"),
    (
        "cards: [{model: X1, memory: 8Gi}]",
        "give architecture, brand, computeCapability too, or a known model: NVIDIA A100",
    ),
    (
        "cards: [{model: Tesla T4, architecture: Turning}]",
        "cards[0].architecture: 'Turning' is not known; one of Volta, Turing",
    ),
    ("cards: [{model: Tesla T4, count: 0}]", "cards[0].count: "),
    ("cards: [{model: Tesla T4, count: 40}, {model: Tesla T4, count: 40}]", "80 cards; a node has at most 64"),
    ("cards: [{model: Tesla T4, links: [0]}]", "cards[0].links: card 0 cannot be linked to itself"),
    ("cards: [{model: Tesla T4, links: [1]}]", "cards[0].links: there is no card 1; indexes go from 0 to 0"),
    ("cards: [{model: Tesla T4, count: 20, links: [0]}]", "cards[0].links: card 0 has over 18 links"),
    ("cards: [{model: Tesla T4, pciBusID: 17:00.0}]", 'write it as in this example: "0000:17:00.0"'),
    ("cards: [{model: Tesla T4, count: 2, uuid: GPU-00000000-0000-0000-0000-000000000000}]", "cannot name 2 cards"),
    (
        "cards: [{model: Tesla T4, pciBusID: '0000:1e:00.0'}, {model: Tesla T4}]",
        "cards[1].pciBusID: 0000:1E:00.0 names more",
    ),
    ("cards: [{model: 'Tesla T4 '}]", "cards[0].model: "),
]


@pytest.mark.parametrize(("text", "message"), BAD_FILES)
def test_a_broken_file_is_refused_with_object_field_and_remedy(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        cards_of(text)
    assert message in str(refusal.value)
    assert str(refusal.value).startswith("cards.yaml: ")


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["cards", "model", "links"]), inner),
    max_leaves=8,
)


@given(json_like)
def test_any_document_without_a_known_model_is_refused_and_never_a_traceback(document: object) -> None:
    with pytest.raises(InvalidInputError, match=r"cards\.yaml: "):
        parse_cards(document, "node-a", "cards.yaml")
