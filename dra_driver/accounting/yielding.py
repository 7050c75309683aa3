"""Which shares of priority 1 wait for shares of priority 0 on their card: said on their limits pages while such a share is held there.

Looked at afresh at each look of the node, so that neither a restart nor a change that failed leaves anything behind. Not here: when a
share is at work, and what it is to wait, which is the interceptor's (native/src/pacer.h).
"""

import logging
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError
from dra_driver.accounting.node import Look
from dra_driver.shares.limits_file import changing, limits_at
from dra_driver.shares.pages import change_yields
from dra_driver.shares.share import Claim, Share

_LOG: Final = logging.getLogger(__name__)
_HIGH: Final = 0
"""The priority that others wait for."""


class Yielding:
    """Of the shares of one node. `held` returns the claims that are prepared."""

    def __init__(self, shares_folder: Path, held: Callable[[], Collection[Claim]]) -> None:
        self._folder = shares_folder
        self._held = held
        self._free: set[str] = set()
        """Shares that were seen not to wait: their pages are made so, and looked at no more."""

    def take(self, look: Look) -> None:
        """Put in force what follows from what is held, on shares whose pages the node looks at. Blocks."""
        if not look.holdings:  # nothing is held, or a newer driver sees to it
            self._free.clear()
            return
        shares = [share for claim in self._held() for share in claim.shares if share.is_limited]
        self._free &= {share.name for share in shares}
        waiting = those_that_wait(shares)
        for share in shares:
            if share.name in look.holdings and (share.name in waiting or share.name not in self._free):
                self._put_in_force(share.name, yields=share.name in waiting)

    def _put_in_force(self, name: str, *, yields: bool) -> None:
        try:
            with changing(self._folder / name) as page:
                if limits_at(page).yields is not yields:
                    change_yields(page, yields=yields)
        except (OSError, CorruptStateError) as error:
            _LOG.debug("share %s: %s", name, error)
            return
        if yields:
            self._free.discard(name)
        else:
            self._free.add(name)


def those_that_wait(shares: Iterable[Share]) -> frozenset[str]:
    """Return the names of those shares beside which one of priority 0 is on the card.

    One with `liveCores: false` never does: its programs may have the driver's own launch functions.
    """
    limited = [share for share in shares if share.is_limited]
    cards = {share.card_uuid for share in limited if share.config.priority == _HIGH}
    return frozenset(
        share.name
        for share in limited
        if share.card_uuid in cards and share.config.priority != _HIGH and share.config.live_cores
    )
