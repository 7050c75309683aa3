"""When a program began to go by a new limit, told by what it did. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression
from typing import Final

_SETTLED_NS: Final = 200_000_000
"""After this the new rate is looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a limit, in ns of CLOCK_MONOTONIC."""

    asked_ns: int
    """The command was started."""
    written_ns: int
    """The new limits were seen on the page."""
    used_ms: float = 0.0
    """CPU time of the command."""


def first_answer_after_ns(answers: Sequence[tuple[int, int]], change: Change, refused: bool) -> int | None:
    """Return when the first answer came that goes by the new limit, of (time, CUDA error) in order of time; None: never."""
    return next((at_ns for at_ns, error in answers if at_ns >= change.asked_ns and bool(error) is refused), None)


def bend_ns(ends_ns: Sequence[int], change: Change, next_asked_ns: int, look_ns: int) -> float:
    """Return when the rate of units changed, by their ends: where the line of their number before the change meets the one after.

    Lines are fitted to `look_ns` before the new limits were written, and to what begins 200 ms after, up to the next change. Launches may
    be late and make up for it later; of single ones no moment can be told.
    """
    before = _line(ends_ns, change.written_ns - look_ns, change.written_ns, change.written_ns)
    after = _line(ends_ns, change.written_ns + _SETTLED_NS, next_asked_ns, change.written_ns)
    return change.written_ns + (before[1] - after[1]) / (after[0] - before[0])


def _line(ends_ns: Sequence[int], from_ns: int, to_ns: int, zero_ns: int) -> tuple[float, float]:
    """Return slope and height, at `zero_ns`, of the number of units that had ended, as a function of time."""
    first, last = bisect_left(ends_ns, from_ns), bisect_left(ends_ns, to_ns)
    numbers = range(first, last)
    slope, height = linear_regression([ends_ns[number] - zero_ns for number in numbers], [*numbers])
    return slope, height
