"""`hami-dra healthy`: whether the driver of this node serves the kubelet, for probes. Exit code 0 or 1."""

import argparse
import os
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the check."""
    parser.add_argument(
        "--kubelet-dir",
        type=Path,
        default=Path("/var/lib/kubelet"),
        metavar="DIR",
        help="as the driver's (%(default)s)",
    )
    parser.add_argument(
        "--instance",
        metavar="ID",
        default=os.environ.get("POD_UID") or None,
        help="as the driver's (default: $POD_UID)",
    )
    parser.add_argument(
        "--timeout", type=float, default=10.0, metavar="SECONDS", help="how long to wait for an answer (%(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask, and print that it serves; raise `HamiError` otherwise."""
    import asyncio

    from dra_driver.kubelet.liveness import check_health
    from dra_driver.kubelet.server import Sockets

    sockets = Sockets.below(arguments.kubelet_dir.absolute(), arguments.instance)
    asyncio.run(check_health(sockets.plugin, arguments.timeout))
    print(f"serving at {sockets.plugin}")
    return 0
