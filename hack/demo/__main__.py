"""`python -m hack.demo up|down`, which `make demo` and `make demo-down` call."""

import argparse
import signal
import subprocess
import sys
import time
from types import FrameType

from catalog.errors import HamiError, UnavailableError
from catalog.names import MIB
from dra_driver.simulated.backend import load_cards
from hack.demo.plan import announce, say
from hack.demo.story import Story
from hack.local_cluster import Cluster, host
from hack.local_system import REPOSITORY, LocalSystem

CARDS = REPOSITORY / "hack" / "demo" / "cards.yaml"
SPLIT_COUNT = 26


def main() -> int:
    """Run one of the two; our errors become one message."""
    parser = argparse.ArgumentParser(
        prog="make demo", description="The whole system on this machine, with simulated cards."
    )
    parser.add_argument("action", choices=("up", "down"))
    parser.add_argument("--name", default="demo", help="of the local cluster (default: %(default)s)")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupt)
    try:
        host.require_root()
        {"up": up, "down": down}[arguments.action](Cluster(arguments.name))
    except HamiError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("demo: interrupted; what runs goes on, `make demo-down` stops it", file=sys.stderr)
        return 130
    return 0


def up(cluster: Cluster) -> None:
    """Announce, build, start, tell."""
    announce()
    started = time.monotonic()
    build_native()
    cluster.up()
    LocalSystem(cluster, CARDS, SPLIT_COUNT).start()
    say(f"driver and webhook run; their logs: {cluster.log_of('driver')}, {cluster.log_of('webhook')}")
    Story(cluster, _context_mib()).tell()
    say(f"\nDone in {time.monotonic() - started:.0f} s.")


def _context_mib() -> int:
    """Return what a context takes of each of the demo's cards."""
    (context_bytes,) = {card.context_bytes for card in load_cards(CARDS, "demo")}
    return context_bytes // MIB


def down(cluster: Cluster) -> None:
    """Stop everything and leave nothing but the cache."""
    say("demo: stopped; nothing of it is left but the cache" if cluster.down() else "demo: it is not running")


def build_native() -> None:
    """Build the interceptor and the simulated driver where they are not up to date."""
    done = subprocess.run(["make", "native"], cwd=REPOSITORY, check=False)
    if done.returncode:
        raise UnavailableError("make native failed, see above; nothing was started")


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM as Ctrl-C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
