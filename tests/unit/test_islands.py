"""NVLink islands: whole meshes, switches, partial meshes and their ties, and what holds of any table of links."""

import dataclasses
from collections.abc import Iterable, Mapping, Set
from itertools import combinations

import pynvml
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dra_driver.cards.card import Card
from dra_driver.cards.islands import SWITCH, nvlink_domains
from dra_driver.nvml import cards as nvml
from tests.unit.driver_objects import card

Pairs = frozenset[tuple[int, int]]


def cards_of(count: int) -> list[Card]:
    return [dataclasses.replace(card(index), uuid=f"GPU-{index}") for index in range(count)]


def table(cards: list[Card], pairs: Iterable[tuple[int, int]]) -> dict[str, frozenset[str]]:
    both = {pair for a, b in pairs for pair in ((a, b), (b, a))}
    return {each.pci_bus_id: frozenset(cards[b].pci_bus_id for a, b in both if a == each.index) for each in cards}


def domains(cards: list[Card], links: Mapping[str, Set[str]]) -> list[int]:
    found = nvlink_domains(cards, links)
    return [found[each.uuid] for each in cards]


def test_a_full_mesh_is_one_island_and_without_links_each_card_is_its_own() -> None:
    cards = cards_of(4)
    assert domains(cards, table(cards, combinations(range(4), 2))) == [0, 0, 0, 0]
    assert domains(cards, {}) == [0, 1, 2, 3]


def test_cards_on_a_switch_are_one_island() -> None:
    cards = cards_of(16)
    links = {each.pci_bus_id: frozenset({SWITCH}) for each in cards[:14]}
    assert domains(cards, links) == [0] * 14 + [14, 15]


def test_a_large_switched_node_is_quick() -> None:
    cards = cards_of(64)
    assert set(domains(cards, {each.pci_bus_id: frozenset({SWITCH}) for each in cards})) == {0}


def test_a_hybrid_cube_mesh_is_its_two_quads() -> None:
    """Eight V100: two full meshes of four, joined by four links across."""
    cards = cards_of(8)
    quads = [*combinations(range(4), 2), *combinations(range(4, 8), 2)]
    assert domains(cards, table(cards, [*quads, (0, 4), (1, 5), (2, 6), (3, 7)])) == [0, 0, 0, 0, 4, 4, 4, 4]


def test_of_equal_groups_the_one_under_fewest_pcie_roots_goes_first_then_on_fewest_numa_nodes() -> None:
    ring = [(0, 1), (1, 2), (2, 3), (3, 0)]

    def placed(roots: str, numa_nodes: str) -> list[int]:
        cards = [
            dataclasses.replace(each, pcie_root=root, numa_node=int(node))
            for each, root, node in zip(cards_of(4), roots, numa_nodes, strict=True)
        ]
        return domains(cards, table(cards, ring))

    assert placed("aaaa", "0000") == [0, 0, 2, 2]
    assert placed("abba", "0000") == [0, 1, 1, 0]
    assert placed("aaaa", "0110") == [0, 1, 1, 0]
    assert placed("abba", "0011") == [0, 1, 1, 0], "the root counts before the NUMA node"


def test_a_link_that_one_end_alone_reports_does_not_count() -> None:
    cards = cards_of(2)
    assert domains(cards, {cards[0].pci_bus_id: frozenset({cards[1].pci_bus_id})}) == [0, 1]


@st.composite
def meshes(draw: st.DrawFn) -> tuple[list[Card], Pairs]:
    count = draw(st.integers(1, 7))
    every = list(combinations(range(count), 2))
    return cards_of(count), draw(st.frozensets(st.sampled_from(every))) if every else frozenset()


def is_clique(group: Iterable[int], pairs: Pairs) -> bool:
    return all(pair in pairs for pair in combinations(sorted(group), 2))


@given(meshes())
def test_islands_divide_the_cards_into_meshes_the_largest_there_is_first(mesh: tuple[list[Card], Pairs]) -> None:
    cards, pairs = mesh
    found = domains(cards, table(cards, pairs))
    islands = [[index for index, domain in enumerate(found) if domain == each] for each in sorted(set(found))]
    assert all(is_clique(island, pairs) for island in islands)
    assert all(min(island) == found[island[0]] for island in islands)
    largest = max(
        size
        for size in range(1, len(cards) + 1)
        if any(is_clique(group, pairs) for group in combinations(range(len(cards)), size))
    )
    assert max(map(len, islands)) == largest


@given(meshes(), st.randoms(use_true_random=False))
def test_the_order_of_the_cards_does_not_matter(mesh: tuple[list[Card], Pairs], random: st.DrawFn) -> None:
    cards, pairs = mesh
    links = table(cards, pairs)
    shuffled = list(cards)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert nvlink_domains(shuffled, links) == nvlink_domains(cards, links)


class FakePci:
    domain, bus, device = 0, 0x18, 0


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [([2], [SWITCH]), ([0], ["0000:18:00.0"]), (None, ["0000:18:00.0"]), ([0, None, 2], ["0000:18:00.0", SWITCH])],
    ids=["switch", "card", "a driver that does not say", "one link of three is down"],
)
def test_links_are_read_until_there_are_no_more(
    monkeypatch: pytest.MonkeyPatch, kinds: list[int | None] | None, expected: list[str]
) -> None:
    """`kinds` are NVML's kinds of far ends (nvmlIntNvLinkDeviceType_t) by link; None is a link that is down."""
    links = [0] if kinds is None else kinds

    def state(_handle: object, link: int) -> int:
        if link >= len(links):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_INVALID_ARGUMENT)
        return int(links[link] is not None)

    def kind(_handle: object, link: int) -> int | None:
        if kinds is None:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND)
        return links[link]

    monkeypatch.setattr(pynvml, "nvmlDeviceGetNvLinkState", state)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetNvLinkRemoteDeviceType", kind)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetNvLinkRemotePciInfo", lambda _handle, _link: FakePci())
    assert list(nvml._linked(object())) == expected
