"""The simulated node's weather: health and load as the cards file says them reach the cards within three seconds, all the time.

The file is looked at, not watched, so that any way of changing it counts. Everything else in it is taken over at the
next start only. Not here: what the driver makes of a sick card; it asks NVML, as on real cards.
"""

import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from catalog.errors import InvalidInputError
from dra_driver.simulated.backend import SimulatedCard, load_cards, set_state
from dra_driver.simulated.cards import IDLE, OPEN, WELL
from dra_driver.ticks import tick

_LOG: Final = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0


@dataclass(slots=True)
class CardsFile:
    """A cards file that is in use, and the driver root that was built from it."""

    path: Path
    node_name: str
    driver_root: Path
    _seen: tuple[int, int, int] = field(init=False)
    _cards: tuple[SimulatedCard, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._stamp()
        self._cards = load_cards(self.path, self.node_name)
        set_state(self._cards, self.driver_root)

    async def follow(self) -> None:
        """Look every two seconds until cancelled. A file that cannot be used changes nothing, and is named once in the log."""
        while True:
            await tick(_LOOK_EVERY_S)
            self.look()

    def look(self) -> None:
        """Take over what has changed since the last look."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._take_over()

    def _stamp(self) -> tuple[int, int, int]:
        try:
            status = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return (status.st_mtime_ns, status.st_ino, status.st_size)

    def _take_over(self) -> None:
        try:
            cards = load_cards(self.path, self.node_name)
        except InvalidInputError as error:
            _LOG.warning("%s; the cards stay as they are", error)
            return
        if _without_state(cards) != _without_state(self._cards):
            _LOG.warning(
                "%s: more than health, utilization and refusals has changed; restart the driver to use it", self.path
            )
            return
        for before, card in zip(self._cards, cards, strict=True):
            if before != card:
                _LOG.info("%s: card %d is now %s", self.path, card.index, _words(card))
        self._cards = cards
        set_state(cards, self.driver_root)


def _without_state(cards: Sequence[SimulatedCard]) -> list[SimulatedCard]:
    return [dataclasses.replace(card, health=WELL, utilization=IDLE, refusals=OPEN) for card in cards]


def _words(card: SimulatedCard) -> str:
    signs = msgspec.structs.asdict(card.health)
    health = ", ".join(f"{name} {value}" for name, value in signs.items() if value) or "well"
    refusals = "".join(
        f", NVML refuses {name}" for name, value in msgspec.structs.asdict(card.refusals).items() if value
    )
    return f"{health}, {card.utilization.gpu} % busy{refusals}"
