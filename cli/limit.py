"""`hami-dra limit`: show or change the limits of a claim's shares while its containers run, on the claim's node.

What it does is imported when it runs.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dra_driver.claims.live_limits import LiveShare, Target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command."""
    parser.description = (
        "Show the limits of a claim's shares, or change them in place while its containers run, never to more than was granted. "
        "Run it on the claim's node, in the driver's container. What is changed is in force until the claim is prepared anew or the "
        "machine is booted."
    )
    parser.add_argument("claim", metavar="NAMESPACE/CLAIM", help="a ResourceClaim that is prepared on this node")
    parser.add_argument("--request", metavar="NAME", help="only the shares of this request (default: of all)")
    parser.add_argument("--cores", type=int, metavar="PERCENT", help="of each card's time, 0 to 100; 0: not limited")
    parser.add_argument("--memory", type=int, metavar="MIB", help="of each card, at least 1")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--reset", action="store_true", help="put in force what was granted")
    other.add_argument("--show", action="store_true", help="change nothing (so it is where no change is asked for)")
    for name, default in (("kubelet", "/var/lib/kubelet"), ("state", "/var/lib/hami.io")):
        parser.add_argument(
            f"--{name}-dir", type=Path, default=Path(default), metavar="DIR", help="as the driver's (%(default)s)"
        )


def run(arguments: argparse.Namespace) -> int:
    """Change what is asked for, and print what was granted and what is in force."""
    from catalog.errors import InvalidInputError
    from dra_driver.boot import read_boot_id
    from dra_driver.claims.checkpoint import checkpoint_below
    from dra_driver.claims.live_limits import LiveLimits, Wish, remarks

    wish = Wish(arguments.memory, arguments.cores)
    if wish != Wish() and (arguments.reset or arguments.show):
        raise InvalidInputError("--cores and --memory change limits; --reset and --show go without them")
    limits = LiveLimits(
        checkpoint_below(arguments.kubelet_dir.absolute()), arguments.state_dir.absolute() / "shares", read_boot_id()
    )
    target = _target(arguments.claim, arguments.request)
    if arguments.reset:
        shares = limits.reset(target)
    elif wish != Wish():
        shares = limits.change(target, wish)
    else:
        shares = limits.of(target)
    for line in (*_table(shares), *(f"note: {text}" for live in shares for text in remarks(live))):
        print(line)
    return 0


def _target(claim: str, request: str | None) -> "Target":
    from catalog.errors import InvalidInputError
    from dra_driver.claims.live_limits import Target

    namespace, _, name = claim.partition("/")
    if not namespace or not name or "/" in name:
        raise InvalidInputError(f"{claim!r}: write NAMESPACE/CLAIM, as `kubectl get resourceclaims -A` lists them")
    return Target(namespace, name, request)


def _table(shares: "Sequence[LiveShare]") -> "Iterator[str]":
    """Yield a table of what was granted and what is in force."""
    from catalog.names import MIB

    rows = [("REQUEST", "DEVICE", "MEMORY", "OF GRANTED", "USED", "CORES", "OF GRANTED")]
    for live in shares:
        sizes = (live.in_force.memory_bytes, live.share.limit_bytes, live.used_bytes)
        memory, granted, used = (f"{size // MIB}Mi" for size in sizes)
        cores = (_cores(live.in_force.cores_percent), _cores(live.share.cores_percent))
        rows.append((live.share.request, live.share.device, memory, granted, used, *cores))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()


def _cores(percent: int) -> str:
    return str(percent) if percent else "unlimited"
