"""`make bench-node`: measure on simulated cards, and print. Needs root or user namespaces, and no Kubernetes."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from catalog.errors import HamiError
from hack.driver_bench.figures import percentile
from hack.node_bench import live_limits, looks
from hack.node_bench.live_limits import Times
from hack.node_bench.node import Machine, machine

CHANGES: Final = 60
SECONDS: Final = 60
TARGET_MS: Final = 100


def main() -> int:
    """Measure what is asked for; return 1 where that cannot be done."""
    arguments = _parser().parse_args()
    try:
        with machine() as one:
            for line in _lines(one, arguments):
                print(line, flush=True)
    except HamiError as error:
        print(f"bench-node: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hack.node_bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=("limits", "looks"), help="one of both (default: both)")
    parser.add_argument("--changes", type=int, default=CHANGES, metavar="N", help="changes of each kind (%(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="S", help="how long looks are watched (%(default)s)"
    )
    return parser


def _lines(one: Machine, arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.only != "looks":
        yield f"{f'ms, {arguments.changes} changes each':<52} {'p50':>7} {'p99':>7} {'worst':>7}"
        yield from _limits(live_limits.measured(one, arguments.changes))
    if arguments.only != "limits":
        for cost in looks.measured(one, arguments.seconds):
            yield f"{f'looks at {cost.shares} shares at work on a card, % of a core':<52} {cost.core_percent:>7.2f}"


def _limits(times: Times) -> Iterator[str]:
    yield _row("hami-dra limit started → limits on the page", times.written)
    yield _row("  of which the interpreter, start to end", times.python)
    yield _row("  of which turn, checkpoint and page", times.change)
    yield _row("CPU time of the command, start to end", times.used)
    yield _row("page → program is refused or granted memory", times.acted["memory"])
    yield _row("page → program's rate is that of its new cores", times.acted["cores"])
    yield _row("page → a launch goes on that waits for credit", times.woken)
    yield _row(f"started → in force, memory (target ≤ {TARGET_MS})", times.in_force["memory"])
    yield _row(f"started → in force, cores (target ≤ {TARGET_MS})", times.in_force["cores"])


def _row(what: str, times_ms: Sequence[float]) -> str:
    p50, p99 = (percentile(times_ms, percent) for percent in (50, 99))
    return f"{what:<52} {p50:>7.1f} {p99:>7.1f} {max(times_ms):>7.1f}"


if __name__ == "__main__":
    sys.exit(main())
