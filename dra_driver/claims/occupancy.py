"""The last line against giving a card out twice: what claims hold of the cards, checked before one more is granted. Pure.

The scheduler decides; this refuses what cannot be right, such as a claim whose place an unfinished pod still holds.
"""

from collections.abc import Iterable, Mapping, Sequence

from catalog.errors import ConflictError
from catalog.names import CORES_PER_CARD, SLOTS_PER_CARD
from catalog.quantity import format_quantity
from dra_driver.cards.card import Card
from dra_driver.shares.share import Claim, Share


def check_room(claim: Claim, held: Iterable[Claim], cards: Sequence[Card], cores_percent: int = CORES_PER_CARD) -> None:
    """Raise `ConflictError` unless the shares of `claim` fit beside those of `held` on every card.

    What counts is what is there, not what is offered at the moment: all of a card's memory and places, and at least all of
    its cores; `cores_percent` is more where it is configured so. Cores that were given when that was more stay given.
    """
    by_uuid = {card.uuid: card for card in cards}
    others = [(other, share) for other in held if other.uid != claim.uid for share in _taking(other)]
    for uuid in {share.card_uuid: None for share in _taking(claim)}:
        mine = [(claim, share) for share in _taking(claim) if share.card_uuid == uuid]
        beside = [(other, share) for other, share in others if share.card_uuid == uuid]
        _check_exclusive(claim, mine, beside)
        held_cores = sum(share.cores_percent for _, share in beside)
        most_cores = max(cores_percent, CORES_PER_CARD, held_cores)
        _check_capacity(claim, by_uuid[uuid], [share for _, share in (*beside, *mine)], most_cores)


def _taking(claim: Claim) -> list[Share]:
    """Return the shares that take something: those with admin access only look."""
    return [share for share in claim.shares if not share.admin_access]


def _check_exclusive(claim: Claim, mine: Sequence[tuple[Claim, Share]], beside: Sequence[tuple[Claim, Share]]) -> None:
    together = [*beside, *mine]
    _check_mig_devices(claim, mine, beside)
    in_parts = {share.mig_uuid is not None for _, share in together}
    if len(together) < 2 or not (any(share.whole for _, share in together) or len(in_parts) > 1):
        return
    kinds = "both in MIG devices and otherwise" if len(in_parts) > 1 else "both whole and shared"
    raise _held(claim, f"card {mine[0][1].card_uuid} would be {kinds}", beside)


def _check_mig_devices(
    claim: Claim, mine: Sequence[tuple[Claim, Share]], beside: Sequence[tuple[Claim, Share]]
) -> None:
    for number, (_, share) in enumerate(mine):
        others = [each for each in (*beside, *mine[:number]) if each[1].mig_uuid == share.mig_uuid]
        if share.mig_uuid is not None and others:
            holders = [each for each in others if each[0] is not claim]
            raise _held(claim, f"MIG device {share.mig_uuid} would be given out twice", holders)


def _held(claim: Claim, trouble: str, holders: Sequence[tuple[Claim, Share]]) -> ConflictError:
    names = sorted({str(other) for other, _ in holders}) or ["another of its own requests"]
    return ConflictError(
        f"{claim}: {trouble}; it is held by {', '.join(names)}. Tried again until that is gone; if it is not, delete the pod that "
        "holds it"
    )


def _most_memory(card: Card, shares: Iterable[Share]) -> int:
    """Return what the shares of a card may hold together: by the factor that all of them are made at."""
    return int(card.memory_bytes * max((share.memory_scaling for share in shares), default=1.0))


def _check_capacity(claim: Claim, card: Card, shares: Sequence[Share], most_cores: int) -> None:
    shares = [share for share in shares if share.mig_uuid is None]
    totals: Mapping[str, tuple[int, int]] = {
        "memory": (sum(share.memory_bytes for share in shares), _most_memory(card, shares)),
        "cores": (sum(share.cores_percent for share in shares), most_cores),
        "slots": (sum(share.slots for share in shares), SLOTS_PER_CARD),
    }
    for capacity, (taken, limit) in totals.items():
        if taken > limit:
            raise ConflictError(
                f"{claim}: {capacity} of card {card.uuid} would come to {format_quantity(taken)} of "
                f"{format_quantity(limit)}; another pod has not left yet. Tried again until it has"
            )
