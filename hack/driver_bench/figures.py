"""What the measured times amount to: percentiles, ratios with their scatter, targets, and the table. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: our figure, the peer's, and what was asked for."""

    what: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: str = ""
    target: str = ""
    missed: bool = False

    def text(self) -> str:
        """Return the line."""
        peer = "" if self.peer is None else f"{self.peer:.3g}"
        verdict = "" if not self.target else "  MISSED" if self.missed else "  met"
        return f"{self.what:<44} {self.ours:>8.3g} {peer:>8} {self.unit:<4} {self.ratio:<20} {self.target}{verdict}".rstrip()


HEADER = f"{'':<44} {'hami-dra':>8} {'Go':>8} {'':<4} {'ratio (of rounds)':<20} target"


def percentile(times: Sequence[float], percent: int) -> float:
    """Return a percentile, between neighbours where it falls between two; of a single value, that value."""
    if len(times) == 1:
        return times[0]
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def beside(what: str, ours: Sequence[Sequence[float]], peer: Sequence[Sequence[float]], percent: int) -> Row:
    """Compare a percentile of times in ms, round by round: target ≤ 1.0×. The figures are medians of the rounds."""
    mine = [percentile(times, percent) for times in ours]
    theirs = [percentile(times, percent) for times in peer]
    ratios = [one / other for one, other in zip(mine, theirs, strict=True)]
    ratio = statistics.median(ratios)
    return Row(
        f"{what}, p{percent}",
        "ms",
        statistics.median(mine),
        statistics.median(theirs),
        f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        "≤ 1.0×",
        ratio > 1.0,
    )


def below(what: str, unit: str, ours: float, limit: float, peer: float | None = None, target: str = "") -> Row:
    """Compare a figure with a limit. `target` is how the limit is worded, default `≤ <limit>`."""
    ratio = f"{ours / peer:.2f}" if peer else ""
    return Row(what, unit, ours, peer, ratio, target or f"≤ {limit:g} {unit}", ours > limit)


def told(what: str, unit: str, ours: float, peer: float | None = None) -> Row:
    """Return a figure for which no limit was set."""
    return Row(what, unit, ours, peer, f"{ours / peer:.2f}" if peer else "")
