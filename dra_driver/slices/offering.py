"""Keeps the offer of a node's cards true while the driver runs: as the configuration file changes, and as cards become busy and free.

Not here: what is offered (dra_driver.slices.offer), and the slices (dra_driver.slices.publisher).
"""

import logging
from collections.abc import Callable, Collection, Sequence
from typing import Final

from dra_driver.cards.card import Card
from dra_driver.configuration import NodeConfiguration
from dra_driver.configuration_file import ConfigurationFile
from dra_driver.shares.share import Claim
from dra_driver.slices.offer import Offer, Use, offers, settled, uses, withheld
from dra_driver.slices.oversubscription import factors_held
from dra_driver.ticks import tick

_LOG: Final = logging.getLogger(__name__)
_LOOK_S: Final = 2.0
"""What two looks in a row agree on is published, so a card is busy or free for 2 to 4 s before that is said."""


class Offering:
    """The offer of one node."""

    def __init__(
        self, cards: Sequence[Card], configuration: ConfigurationFile, held: Callable[[], Collection[Claim]]
    ) -> None:
        """`held` returns the claims that hold something now."""
        self._cards = cards
        self._configuration = configuration
        self._held = held
        self._earlier: frozenset[Use] = uses(held())
        self._in_use = self._earlier
        self._factors = factors_held(held())
        self._reasons: dict[str, str] = {}
        self._scalings: dict[str, float] = {}
        self._told: tuple[NodeConfiguration, frozenset[Use], dict[str, float]] | None = None
        self._log_withheld()
        self._log_scalings()

    def current(self) -> tuple[Offer, ...]:
        """Return what is offered now."""
        return offers(self._cards, self._configuration.current(), self._in_use, self._factors)

    async def follow(self, publish: Callable[[tuple[Offer, ...]], None]) -> None:
        """Look at file and claims for ever, and hand on what is offered; `publish` sees whether that is news."""
        while True:
            await tick(_LOOK_S)
            self.look()
            now = (self._configuration.current(), self._in_use, self._factors)
            if now != self._told:
                self._told = now
                self._log_withheld()
                self._log_scalings()
                publish(self.current())

    def look(self) -> None:
        """Take in what the file says and what is held now."""
        self._configuration.reload()
        now = uses(self._held())
        self._factors = factors_held(self._held())
        self._in_use, self._earlier = settled(self._in_use, self._earlier, now), now

    def _log_withheld(self) -> None:
        """Say of each card once why it is not offered, and when it is offered again."""
        reasons = {card.uuid: reason for card, reason in withheld(self._cards, self._configuration.current())}
        for card in self._cards:
            reason = reasons.get(card.uuid)
            if reason and reason != self._reasons.get(card.uuid):
                _LOG.warning("card %d (%s) is not offered: %s", card.index, card.uuid, reason)
            elif not reason and card.uuid in self._reasons:
                _LOG.info("card %d (%s) is offered again", card.index, card.uuid)
        self._reasons = reasons

    def _log_scalings(self) -> None:
        """Say of each card once that it is oversubscribed, or that it waits to be."""
        configuration = self._configuration.current()
        for offer in self.current():
            card, scaling = offer.card, offer.memory_scaling
            wanted = configuration.memory_scaling_of(card)
            if wanted > scaling and self._scalings.get(card.uuid) != wanted:
                _LOG.warning(
                    "card %d (%s): shares hold %g times its memory together until those that hold it now are gone, and %g times then",
                    card.index,
                    card.uuid,
                    scaling,
                    wanted,
                )
            elif wanted == scaling > 1 and self._scalings.get(card.uuid, 1.0) != scaling:
                _LOG.info(
                    "card %d (%s) is oversubscribed: %g times its memory is offered", card.index, card.uuid, scaling
                )
            self._scalings[card.uuid] = wanted
