"""Cards whose shares may hold more memory together than the card has: which can be, and at which factor. Pure.

Such memory is managed: the driver of the card evicts it to the host's memory while others use the card. All shares of a card are made
at one factor, so a card that is held keeps that of its shares, whatever the configuration says meanwhile.
Not here: what the interceptor does with it (native/src/managed.h), and how much of it lies on the card (dra_driver.accounting.residency).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from dra_driver.cards.card import Card
from dra_driver.configuration import NodeConfiguration
from dra_driver.shares.share import Claim

_PASCAL: Final = (6, 0)
"""The first architecture that evicts managed memory (CUDA's concurrentManagedAccess, on Linux). NVML does not tell of it, and CUDA would
have to be started on each card to be asked; the interceptor asks at the first allocation."""


def cannot_be_oversubscribed(card: Card) -> str | None:
    """Return why a card cannot have a factor above 1, with the remedy; None where it can."""
    if card.compute_capability >= _PASCAL:
        return None
    return (
        f"its memory cannot be oversubscribed: compute capability {'.'.join(map(str, card.compute_capability))} is below 6.0, so that "
        f"managed memory stays on it; write cards: [{{index: {card.index}, deviceMemoryScaling: 1}}] in --config FILE"
    )


def factors_held(claims: Iterable[Claim]) -> dict[str, float]:
    """Return the factor of each card that has shares, by UUID: the one that they were made at."""
    shares = (share for claim in claims for share in claim.shares if share.is_limited)
    return {share.card_uuid: share.memory_scaling for share in shares}


def factor_of(card: Card, configuration: NodeConfiguration, held: Mapping[str, float]) -> float:
    """Return the factor, 1 or more, at which a share of the card is made now."""
    wanted = 1.0 if cannot_be_oversubscribed(card) else max(1.0, configuration.memory_scaling_of(card))
    return held.get(card.uuid, wanted)


def offered_scaling(card: Card, configuration: NodeConfiguration, held: Mapping[str, float]) -> float:
    """Return what shares may hold together, in parts of the card's memory. Less counts at once; more, when the card is free."""
    return min(configuration.memory_scaling_of(card), factor_of(card, configuration, held))
