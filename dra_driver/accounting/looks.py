"""What looks at the processes on the node's cards, put together: NVML is asked once a second, for all who want to know.

Wiring only. Not here: the accounting, the samples, and the cross-check themselves.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from dra_driver.accounting.cross_check import CrossCheck, Finding
from dra_driver.accounting.cross_check_reports import CrossCheckReports
from dra_driver.accounting.node import NodeAccounting, Observer, of_node
from dra_driver.accounting.utilization import Utilization
from dra_driver.accounting.yielding import Yielding
from dra_driver.configuration import CrossCheckPolicy
from dra_driver.nvml.utilization import read_card_times
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.processes import finder_of
from dra_driver.shares.share import Claim

REAPER: Final = "hami-reap"
"""Beside the interceptor: what refunds the dead."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What looks, and can be asked what it saw."""

    accounting: NodeAccounting
    utilization: Utilization
    cross_check: CrossCheck

    def watches(self, is_newest: Callable[[], bool]) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        """Return what is to run for as long as the driver does."""
        return partial(self.accounting.follow, is_newest), partial(self.utilization.follow, is_newest)


def looks_at_node(
    driver_root: Path,
    shares_folder: Path,
    library: Path,
    held: Callable[[], Collection[Claim]],
    reports: CrossCheckReports,
    cards: CardPages | None,
    *,
    account_overhead: bool,
) -> Looks:
    """Return the looks at cards that NVML shows below `driver_root`; what the cross-check finds is told in the running loop."""
    loop = asyncio.get_running_loop()

    def tell(finding: Finding) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is told any more
            loop.call_soon_threadsafe(partial(reports.report, finding))

    utilization = Utilization(shares_folder, partial(read_card_times, driver_root), finder_of(shares_folder))
    cross_check = CrossCheck(
        shares_folder,
        lambda: reports.policy() is not CrossCheckPolicy.OFF,
        reports.is_monitor,
        tell,
    )
    observers: list[Observer] = [utilization.take, cross_check.take]
    if cards is not None:
        observers.append(lambda look: cards.keep_whole(look.processes))
        observers.append(Yielding(shares_folder, held).take)
    accounting = of_node(
        driver_root,
        shares_folder,
        library.with_name(REAPER),
        held,
        observers,
        charges=account_overhead,
    )
    return Looks(accounting, utilization, cross_check)
