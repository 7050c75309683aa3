"""The alternatives of a request, the best first: forms of a card, preferences of node and card, and sizes of memory.

The scheduler takes the first that it can meet and ranks nodes by its place in the list, which ends at 8. Sizes are no preference:
each card is of one. Pure. Not here: how an alternative is written (webhook.conversion.template).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

from catalog.errors import InvalidInputError
from catalog.names import ATTRIBUTE_ISLAND, ATTRIBUTE_NUMA_NODE, CORES_PER_CARD
from webhook.conversion.fleet import Fleet
from webhook.conversion.needs import WHOLE_PERCENT, Need
from webhook.conversion.rules import CardPolicy, NodePolicy
from webhook.conversion.selectors import BUSY, BUSY_NODE, IDLE, IDLE_NODE, allows, memory_selector
from webhook.conversion.wishes import Mode, Wishes

MAX_ALTERNATIVES: Final = 8
"""Subrequests of `firstAvailable` (resource.k8s.io/v1, FirstAvailableDeviceRequestMaxSize)."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a need, for each of its cards alike."""

    name: str
    """Says what is special about it; a DNS label."""
    mode: Mode
    memory_mib: int | None = None
    """None is the device's default: all."""
    cores: int = 0
    alone: bool = False
    conditions: tuple[str, ...] = ()
    """In CEL, beside what holds for all alternatives."""
    alike: tuple[str, ...] = ()
    """Attributes in which the cards agree."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What a request may be met by, and what was given up to keep the list short."""

    choices: tuple[Alternative, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Preference:
    """A part of what is preferred; the empty one is none."""

    name: str = ""
    condition: str = ""
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Size:
    """Cards from so much memory to so much, and what a share of each is to have."""

    least_mib: int
    most_mib: int
    share_mib: int
    cards: int


_NONE: Final = _Preference()
_NODES: Final = {
    NodePolicy.BINPACK: _Preference("busy-node", BUSY_NODE),
    NodePolicy.SPREAD: _Preference("idle-node", IDLE_NODE),
}
_CARDS: Final = {CardPolicy.BINPACK: _Preference("busy", BUSY), CardPolicy.SPREAD: _Preference("idle", IDLE)}
_ISLAND: Final = _Preference("island", alike=(ATTRIBUTE_ISLAND,))
_GIVEN_UP: Final = (
    "binpack or spread of annotation hami.io/gpu-scheduler-policy",
    "annotation hami.io/node-scheduler-policy",
    "topology of annotation hami.io/gpu-scheduler-policy",
)
"""What is given up to keep a list short, in this order."""
_NUMA: Final = _Preference("numa", alike=(ATTRIBUTE_NUMA_NODE,))


def modes_of(need: Need, wishes: Wishes, fleet: Fleet) -> tuple[Mode, ...]:
    """Return the forms in which a need may be met, the best first.

    Where the pod says nothing, a share may also be a MIG device, if there are some and memory is all that was asked: how many cores
    those have is not known here.
    """
    if wishes.modes:
        return wishes.modes
    if need.whole:
        return (Mode.WHOLE,)
    only_memory = need.memory_mib and not (need.memory_percent or need.cores or _is_alone(need, wishes))
    if only_memory and any(kind.is_mig and allows(wishes, kind.product_name) for kind in fleet.kinds):
        return (Mode.SHARE, Mode.MIG)
    return (Mode.SHARE,)


def alternatives_for(container: str, need: Need, wishes: Wishes, fleet: Fleet) -> Alternatives:
    """Return by what a need may be met: all combinations, the node's policy first, then topology, the card's policy, and size.

    Beyond 8 the card's policy is given up, then the node's, then topology; sizes are merged upward after that, never dropped.
    Raises `InvalidInputError` naming the container for what cannot be asked.
    """
    modes = modes_of(need, wishes, fleet)
    _refuse_mig_without_mib(container, need, modes)
    sizes = _sizes(container, need, wishes, fleet) if need.memory_percent and Mode.SHARE in modes else []
    choices = _combined(need, wishes, modes, sizes, given_up=0)
    warnings: list[str] = []
    for given_up, name in enumerate(_GIVEN_UP, start=1):
        if len(choices) <= MAX_ALTERNATIVES:
            break
        fewer = _combined(need, wishes, modes, sizes, given_up)
        if len(fewer) < len(choices):
            warnings.append(
                f'container "{container}": {name} is not followed: a request has {MAX_ALTERNATIVES} alternatives at most'
            )
        choices = fewer
    if len(choices) > MAX_ALTERNATIVES:
        merged = _merged(sizes, MAX_ALTERNATIVES - (len(modes) - 1))
        choices = _combined(need, wishes, modes, merged, len(_GIVEN_UP))
        warnings.append(
            f'container "{container}": its cards may be of {len(sizes)} sizes, more than a request can name: on some, it gets more than'
            " its percentage of the memory"
        )
    return Alternatives(choices, tuple(warnings))


def _refuse_mig_without_mib(container: str, need: Need, modes: Sequence[Mode]) -> None:
    if Mode.MIG in modes and not (need.memory_mib and not need.memory_percent):
        raise InvalidInputError(
            f'container "{container}": a MIG device is chosen by its memory in MiB, and none is asked; write gpumem, or leave mig'
            " out of annotation nvidia.com/vgpu-mode"
        )


def _combined(
    need: Need, wishes: Wishes, modes: Sequence[Mode], sizes: Sequence[_Size], given_up: int
) -> tuple[Alternative, ...]:
    found: dict[tuple[Mode, tuple[str, ...], tuple[str, ...]], Alternative] = {}
    for mode in modes:
        for preference in _preferences(need, wishes, mode, given_up):
            for size in sizes if mode is Mode.SHARE and sizes else (None,):
                choice = _alternative(need, wishes, mode, preference, size, several_sizes=len(sizes) > 1)
                name = f"{mode}-{choice.name}".removesuffix("-") if len(modes) > 1 else choice.name or "any"
                found.setdefault((mode, choice.conditions, choice.alike), replace(choice, name=name))
    return tuple(found.values())


def _alternative(
    need: Need, wishes: Wishes, mode: Mode, preference: _Preference, size: _Size | None, *, several_sizes: bool
) -> Alternative:
    conditions = [preference.condition] if preference.condition else []
    names = [preference.name] if preference.name else []
    if size and several_sizes:
        conditions.append(memory_selector(size.least_mib, size.most_mib))
        names.append(f"{size.most_mib}mib")
    whole_share = need.whole and mode is Mode.SHARE
    return Alternative(
        name="-".join(names),
        mode=mode,
        memory_mib=size.share_mib if size else need.memory_mib or None,
        cores=CORES_PER_CARD if whole_share else need.cores,
        alone=whole_share or _is_alone(need, wishes),
        conditions=tuple(conditions),
        alike=preference.alike,
    )


def _is_alone(need: Need, wishes: Wishes) -> bool:
    return need.alone or CardPolicy.MUTEX in wishes.card_policies


def _preferences(need: Need, wishes: Wishes, mode: Mode, given_up: int) -> Iterator[_Preference]:
    """Yield what is preferred, the best first; at the end, without any preference, what merely has to be."""
    takes_idle = mode is Mode.WHOLE or (mode is Mode.SHARE and (need.whole or _is_alone(need, wishes)))
    card = next((_CARDS[policy] for policy in wishes.card_policies if policy in _CARDS), _NONE)
    node = _NODES[wishes.node_policy] if wishes.node_policy else _NONE
    cards = [_NONE] if takes_idle or given_up > 0 else [card, _NONE]
    nodes = [_NONE] if given_up > 1 else [node, _NONE]
    topologies = _topologies(need, wishes)[-1 if given_up > 2 else 0 :]
    for each_node, topology, each_card in product(nodes, topologies, cards):
        use = _use(each_node, each_card, node)
        if use:
            yield _Preference("-".join(filter(None, (topology.name, use.name))), use.condition, topology.alike)


def _topologies(need: Need, wishes: Wishes) -> list[_Preference]:
    """Return what is preferred of several cards together, the best first, and last what has to be."""
    if need.count == 1:
        return [_NONE]
    if wishes.numa_bind:
        bound = _Preference(alike=_NUMA.alike)
        linked = _Preference(_ISLAND.name, alike=(*_ISLAND.alike, *_NUMA.alike))
        return [linked, bound] if CardPolicy.TOPOLOGY in wishes.card_policies else [bound]
    if CardPolicy.TOPOLOGY in wishes.card_policies:
        return [_ISLAND, _NUMA, _NONE]
    return [_NUMA, _NONE] if CardPolicy.NUMA in wishes.card_policies else [_NONE]


def _use(node: _Preference, card: _Preference, wanted_node: _Preference) -> _Preference | None:
    """Return what to prefer of a node and its cards together; None says nothing that an earlier preference did not.

    A busy card makes its node busy, and on an idle node all cards are idle.
    """
    if (node.condition, card.condition) == (IDLE_NODE, BUSY):
        return None
    if not node.condition and card.condition == IDLE and wanted_node.condition == BUSY_NODE:
        return None
    if not card.condition or (node.condition, card.condition) == (IDLE_NODE, IDLE):
        return node
    if not node.condition or card.condition == BUSY:
        return card
    return _Preference(f"{node.name}-{card.name}", f"{node.condition} && {card.condition}")


def _sizes(container: str, need: Need, wishes: Wishes, fleet: Fleet) -> list[_Size]:
    """Return the sizes of the cards that may be taken, the most frequent first, each with its percentage in whole MiB, as HAMi counts."""
    counts: Counter[int] = Counter()
    for kind in fleet.kinds:
        if not kind.is_mig and allows(wishes, kind.product_name):
            counts[kind.memory_mib] += kind.cards
    found = [_Size(mib, mib, _share_mib(need, mib), cards) for mib, cards in counts.items()]
    found = [size for size in found if size.share_mib <= size.least_mib]
    if not found:
        raise InvalidInputError(
            f'container "{container}": gpumem-percentage: the memory of the cards that it may have is not known; write'
            " gpumem in MiB, or let the configuration say which cards will come (fleet.expected)"
        )
    return _most_frequent_first(found)


def _share_mib(need: Need, card_mib: int) -> int:
    return max(1, need.memory_mib or 0, card_mib * need.memory_percent // WHOLE_PERCENT)


def _merged(sizes: Sequence[_Size], most: int) -> list[_Size]:
    """Return no more than so many sizes: those are joined first whose shares differ least, and the larger share counts."""
    merged = sorted(sizes, key=lambda size: size.least_mib)
    while len(merged) > most:
        growth = [larger.share_mib / smaller.share_mib for smaller, larger in pairwise(merged)]
        place = growth.index(min(growth))
        smaller, larger = merged[place : place + 2]
        joined = _Size(smaller.least_mib, larger.most_mib, larger.share_mib, smaller.cards + larger.cards)
        merged[place : place + 2] = [joined]
    return _most_frequent_first(merged)


def _most_frequent_first(sizes: Sequence[_Size]) -> list[_Size]:
    return sorted(sizes, key=lambda size: (-size.cards, size.least_mib))
