"""What is known of the cards just now: their health and who is cordoned, for the slices' taints and the kubelet's stream.

One event loop's: nothing here is called from another thread. Not here: finding out (dra_driver.health.watch), and the
rules (dra_driver.cards.health, dra_driver.health.taints).
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from dra_driver.cards.card import Card
from dra_driver.cards.health import CardHealth, Condition, Look, Signs, XidError, judge, standing
from dra_driver.health.taints import Taint, card_taints

STALE_S: Final = 30.0
"""After so long without a look, nothing is known of the cards any more."""

_LOG: Final = logging.getLogger(__name__)
_NOT_SEEN: Final = CardHealth(Condition.UNKNOWN, message="not looked at yet")


class HealthBoard:
    """The cards of one node. Nothing is known of them before the first look, and nobody is cordoned."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = {card.uuid: card for card in cards}
        self._verdicts = dict.fromkeys(self._cards, _NOT_SEEN)
        self._errors: dict[str, XidError | None] = dict.fromkeys(self._cards)
        self._cordoned: frozenset[str] | None = None
        self._looked_s: float | None = None
        self._change = asyncio.Event()
        self.looked_at = 0.0
        """When the cards were looked at last, in seconds since 1970."""
        self.version = 0
        """Rises with every change of health or cordons."""
        self.known = asyncio.Event()
        """Set once cards and cordons have been looked at."""

    @property
    def uuids(self) -> tuple[str, ...]:
        """The cards, in order."""
        return tuple(self._cards)

    def take(self, look: Look) -> None:
        """Take in a look at the cards."""
        self._looked_s, self.looked_at = time.monotonic(), time.time()
        changed = [self._judge(uuid, signs, look.errors_of(uuid)) for uuid, signs in look.signs.items()]
        self._announce(changed=any(changed))

    def cordon(self, uuids: frozenset[str]) -> None:
        """Take in which cards are cordoned now."""
        before, self._cordoned = self._cordoned or frozenset(), uuids
        for uuid in sorted(uuids - before):
            if uuid in self._cards:
                _LOG.info("card %d (%s): cordoned; new pods avoid it", self._cards[uuid].index, uuid)
            else:
                _LOG.warning("cordon: this node has no card %s; correct the node's annotation", uuid)
        for uuid in sorted((before - uuids) & self._cards.keys()):
            _LOG.info("card %d (%s): no longer cordoned", self._cards[uuid].index, uuid)
        self._announce(changed=before != uuids)

    def health(self, uuid: str) -> CardHealth:
        """Return the verdict on a card, while it is fresh."""
        if self._looked_s is not None and time.monotonic() - self._looked_s > STALE_S:
            return CardHealth(Condition.UNKNOWN, message=f"NVML has not answered for {STALE_S:.0f} s")
        return self._verdicts.get(uuid, _NOT_SEEN)

    def taints(self) -> dict[str, tuple[Taint, ...]]:
        """Return the taints of every card. Silence of NVML changes none."""
        cordoned = self._cordoned or frozenset()
        return {uuid: card_taints(verdict, cordoned=uuid in cordoned) for uuid, verdict in self._verdicts.items()}

    async def newer_than(self, version: int, timeout_s: float | None = None) -> None:
        """Return when something has changed since `version`, or after `timeout_s`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.version == version:
                    await self._change.wait()

    def _judge(self, uuid: str, signs: Signs, new: Sequence[int]) -> bool:
        """Set the verdict on one card; return whether it is another one."""
        self._errors[uuid] = standing(self._errors[uuid], new, signs, time.monotonic())
        before, verdict = self._verdicts[uuid], judge(signs, self._errors[uuid])
        self._verdicts[uuid] = verdict
        if verdict.condition is Condition.UNHEALTHY and verdict != before:
            _LOG.error("card %d (%s): unhealthy: %s; new pods avoid it", self._cards[uuid].index, uuid, verdict.message)
        elif verdict.condition is not before.condition and before is not _NOT_SEEN:
            _LOG.warning("card %d (%s): %s %s", self._cards[uuid].index, uuid, verdict.condition.value, verdict.message)
        return verdict != before

    def _announce(self, *, changed: bool) -> None:
        if self._looked_s is not None and self._cordoned is not None:
            self.known.set()
        if changed:
            self.version += 1
            self._change.set()
            self._change = asyncio.Event()
