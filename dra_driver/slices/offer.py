"""What a node offers of its cards: what the configuration makes of them, and which are in use. Pure.

Not here: how an offer is written as devices (dra_driver.slices.devices), and who holds what (dra_driver.claims.ledger).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType

from catalog.names import CORES_PER_CARD
from dra_driver.cards.card import Card
from dra_driver.cards.mig import MigDevice
from dra_driver.configuration import DEFAULT_SPLIT_COUNT, Mode, NodeConfiguration
from dra_driver.shares.share import Claim
from dra_driver.slices.oversubscription import cannot_be_oversubscribed, offered_scaling

Use = tuple[str, bool]
"""That a card is held: its UUID, and whether whole."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One card as it is offered."""

    card: Card
    split_count: int = DEFAULT_SPLIT_COUNT
    """Shares that the card has room for, at least."""
    memory_scaling: float = 1.0
    """What shares may hold together, in parts of the card's memory."""
    cores_percent: int = CORES_PER_CARD
    """`cores` that shares may hold together, in percent of the card."""
    whole: bool = True
    shared: bool = True
    mig: tuple[MigDevice, ...] = ()
    """What is offered of a card in MIG mode."""
    busy: bool = False
    """Whether somebody holds the card or a share of it."""
    node_busy: bool = False
    """Whether somebody holds any card of the node."""


def offers(
    cards: Sequence[Card],
    configuration: NodeConfiguration,
    in_use: Set[Use] = frozenset(),
    factors: Mapping[str, float] = MappingProxyType({}),
) -> tuple[Offer, ...]:
    """Return what is offered of `cards`, in their order; `factors` are those at which shares of cards were made that are held.

    A card that is held in a way that is not offered any more is offered in no other way until it is free: schedulers
    count only what they see in slices, and would give it out a second time.
    """
    found = (_offer(configuration.with_memory(card), configuration, in_use, factors) for card in cards)
    withheld_uuids = {card.uuid for card, _ in withheld(cards, configuration)}
    return tuple(
        offer for offer in found if offer.card.uuid not in withheld_uuids and (offer.whole or offer.shared or offer.mig)
    )


def withheld(cards: Iterable[Card], configuration: NodeConfiguration) -> Iterator[tuple[Card, str]]:
    """Yield the cards that are not offered at all, with the reason for the operator."""
    for card in cards:
        reason = _reason(configuration.with_memory(card), configuration)
        if reason:
            yield card, reason


def uses(claims: Iterable[Claim]) -> frozenset[Use]:
    """Return which cards claims hold, and how; who has admin access only looks."""
    shares = (share for claim in claims for share in claim.shares if not share.admin_access)
    return frozenset((share.card_uuid, share.whole) for share in shares)


def settled(published: Set[Use], earlier: Set[Use], now: Set[Use]) -> frozenset[Use]:
    """Return what to publish as in use: what two looks in a row agree on, and for the rest what is published already.

    So a card that comes and goes between looks costs no write, and each card at most one write in two looks.
    """
    return frozenset((earlier & now) | (published & (earlier ^ now)))


def _offer(card: Card, configuration: NodeConfiguration, in_use: Set[Use], factors: Mapping[str, float]) -> Offer:
    mode = configuration.mode_of(card)
    whole = mode in (Mode.WHOLE, Mode.BOTH) and not card.mig_enabled
    shared = mode in (Mode.SHARE, Mode.BOTH) and not card.mig_enabled
    return Offer(
        card=card,
        split_count=configuration.split_count,
        memory_scaling=offered_scaling(card, configuration, factors),
        cores_percent=configuration.cores_percent,
        whole=whole and (shared or (card.uuid, False) not in in_use),
        shared=shared and (whole or (card.uuid, True) not in in_use),
        mig=card.mig_devices if (card.uuid, True) not in in_use else (),
        busy=any(uuid == card.uuid for uuid, _ in in_use),
        node_busy=bool(in_use),
    )


def _reason(card: Card, configuration: NodeConfiguration) -> str | None:
    if configuration.hides(card):
        return "hidden by filterDevices"
    mode = configuration.mode_of(card)
    if card.mig_enabled:
        return _mig_reason(card, mode)
    if mode is Mode.MIG:
        return (
            "configured for MIG devices, and not in MIG mode; turn it on with nvidia-smi -mig 1, create MIG devices and restart "
            "the driver, or choose mode share, whole or both"
        )
    if not card.memory_bytes:
        return "its driver reports no memory; say how much it has with preconfiguredDeviceMemory (MiB) in --config FILE"
    oversubscribed = mode is not Mode.WHOLE and configuration.memory_scaling_of(card) > 1
    return cannot_be_oversubscribed(card) if oversubscribed else None


def _mig_reason(card: Card, mode: Mode) -> str | None:
    if mode in (Mode.SHARE, Mode.WHOLE):
        return f"in MIG mode, and configured for mode {mode}; choose mode mig or both, or turn it off with nvidia-smi -mig 0"
    if not card.mig_devices:
        return (
            "in MIG mode, and it has no MIG devices; create some with nvidia-smi mig -cgi PROFILE -C and restart the driver, or "
            "turn it off with nvidia-smi -mig 0"
        )
    return None
