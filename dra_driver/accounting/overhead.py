"""What the processes of a share hold of its card beside what they account: contexts, modules, the driver's own needs. Pure.

Not here: where the numbers come from (dra_driver.accounting.node).
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

STEP_BYTES: Final = 1 << 20
"""Smaller changes are not worth a new version of the limits."""


@dataclass(frozen=True, slots=True)
class CardProcess:
    """A process that NVML lists on a card, and the shares of that card whose pages it sees; none: it is not ours."""

    memory_bytes: int
    shares: frozenset[str]
    pid: int = 0
    """In the driver's PID namespace."""


def unaccounted(processes: Iterable[CardProcess], accounted: Mapping[str, int]) -> dict[str, int]:
    """Return for each share of one card the bytes that its processes hold and do not account, never less than 0.

    `accounted` has every share of the card. Shares that one process sees together cannot be told apart by NVML: what is
    over is charged to the first of them by name.
    """
    charged = [process for process in processes if process.shares]
    result = dict.fromkeys(accounted, 0)
    for group in _groups(process.shares for process in charged):
        held = sum(process.memory_bytes for process in charged if process.shares <= group)
        over = held - sum(accounted.get(share, 0) for share in group)
        result[min(group)] = max(0, over)
    return result


def next_overhead(in_force: int, earlier: int, now: int) -> int:
    """Return what to charge after two samples in a row.

    More only where both say so, since memory that comes and goes while a sample is taken looks like overhead; less at once.
    Changes below `STEP_BYTES` are left, but for those to 0.
    """
    wanted = min(earlier, now)
    return wanted if abs(wanted - in_force) >= STEP_BYTES or not wanted else in_force


def _groups(sets: Iterable[Set[str]]) -> list[frozenset[str]]:
    """Return the sets, united where they have something in common."""
    groups: list[frozenset[str]] = []
    for one in sets:
        touching = [group for group in groups if group & one]
        groups = [group for group in groups if not group & one]
        groups.append(frozenset(one).union(*touching))
    return groups
