"""`hami-dra driver`: the node driver's flags. The driver itself is imported when it runs."""

import argparse
import os
import socket
from pathlib import Path

LOG_LEVELS = ("debug", "info", "warning", "error")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the node driver."""
    parser.add_argument(
        "--node-name", default=socket.gethostname().lower(), help="this node's name in Kubernetes (%(default)s)"
    )
    parser.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="default: $KUBECONFIG, else the pod's service account"
    )
    parser.add_argument(
        "--backend", choices=("nvml", "simulated"), default="nvml", help="real or simulated cards (%(default)s)"
    )
    parser.add_argument("--cards", type=Path, metavar="FILE", help="the simulated cards, as YAML")
    parser.add_argument(
        "--driver-root",
        type=Path,
        metavar="DIR",
        help="where the NVIDIA driver stands: / or, simulated, STATE_DIR/simulated",
    )
    parser.add_argument(
        "--library",
        type=Path,
        metavar="FILE",
        default=Path("/usr/lib/hami-dra/libvgpu.so"),
        help="the interceptor; the simulated driver is in sim/ beside it (%(default)s)",
    )
    parser.add_argument(
        "--split-count", type=int, default=10, metavar="N", help="shares per card, at least (%(default)s)"
    )
    for name, default, purpose in (
        ("kubelet", "/var/lib/kubelet", "the kubelet's root folder"),
        ("cdi", "/var/run/cdi", "where the container runtime finds CDI specs"),
        ("state", "/var/lib/hami.io", "shares, library versions, simulated driver"),
    ):
        parser.add_argument(
            f"--{name}-dir", type=Path, default=Path(default), metavar="DIR", help=f"{purpose} (%(default)s)"
        )
    parser.add_argument(
        "--instance",
        metavar="ID",
        default=os.environ.get("POD_UID") or None,
        help="tells two drivers apart that overlap during a rolling update (default: $POD_UID; without one, a driver is alone)",
    )
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="info", help="(%(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Run the driver until it is told to stop."""
    import asyncio
    import logging

    from dra_driver.main import Options
    from dra_driver.main import run as run_driver

    logging.basicConfig(level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    for chatty in ("asyncio", "grpc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    options = Options(
        node_name=arguments.node_name,
        library=arguments.library.absolute(),
        backend=arguments.backend,
        cards_file=arguments.cards,
        driver_root=arguments.driver_root.absolute() if arguments.driver_root else None,
        kubeconfig=arguments.kubeconfig,
        kubelet_folder=arguments.kubelet_dir.absolute(),
        cdi_folder=arguments.cdi_dir.absolute(),
        state_folder=arguments.state_dir.absolute(),
        split_count=arguments.split_count,
        instance=arguments.instance,
    )
    asyncio.run(run_driver(options))
    return 0
