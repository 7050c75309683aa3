"""NVLink islands: groups of cards in which each is linked to each, from the table of links. Pure.

Where every card is linked to every other, directly or by a switch, that is one island. A partial mesh is divided: the largest group goes
first, and so on with what is left; of groups of equal size the one under fewest PCIe roots, then on fewest NUMA
nodes, then of the lowest indexes. A card that is left over is an island of its own.
"""

from collections.abc import Iterator, Mapping, Sequence, Set

from dra_driver.cards.card import Card

SWITCH = "switch"
"""Stands for the switch at the far end of a link; whoever is linked to it reaches all others that are."""


def nvlink_domains(cards: Sequence[Card], links: Mapping[str, Set[str]]) -> dict[str, int]:
    """Return each card's island, by UUID: the lowest index in it.

    `links` has, by PCI address of a card, the PCI addresses at the far ends of its active links, or `SWITCH`. A link counts
    where both ends report it.
    """
    peers = _peers(cards, links)
    domains: dict[str, int] = {}
    left = set(peers)
    while left:
        island = min(_maximal_cliques(set(), set(left), set(), peers), key=_rank)
        left -= island
        domains |= {card.uuid: min(card.index for card in island) for card in island}
    return domains


def _peers(cards: Sequence[Card], links: Mapping[str, Set[str]]) -> dict[Card, set[Card]]:
    def linked(card: Card, other: Card) -> bool:
        mine, theirs = links.get(card.pci_bus_id, frozenset()), links.get(other.pci_bus_id, frozenset())
        direct = other.pci_bus_id in mine and card.pci_bus_id in theirs
        return card != other and (direct or (SWITCH in mine and SWITCH in theirs))

    return {card: {other for other in cards if linked(card, other)} for card in cards}


def _rank(island: Set[Card]) -> tuple[int, int, int, list[int]]:
    """Order islands: the least is the best."""
    roots = {card.pcie_root for card in island}
    numa_nodes = {card.numa_node for card in island}
    return -len(island), len(roots), len(numa_nodes), sorted(card.index for card in island)


def _maximal_cliques(
    chosen: set[Card], candidates: set[Card], excluded: set[Card], peers: Mapping[Card, Set[Card]]
) -> Iterator[set[Card]]:
    """Yield every group that no card can join: the algorithm of Bron and Kerbosch, with a pivot."""
    if not candidates and not excluded:
        yield chosen
        return
    pivot = max(candidates | excluded, key=lambda card: len(candidates & peers[card]))
    for card in candidates - peers[pivot]:
        yield from _maximal_cliques(chosen | {card}, candidates & peers[card], excluded & peers[card], peers)
        candidates = candidates - {card}
        excluded = excluded | {card}
