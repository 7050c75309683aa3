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
        "--base-cdi-spec",
        metavar="FILE",
        default="auto",
        help="CDI spec of the node's cards (nvidia.com/gpu), whose libraries and hooks containers get; auto: the node's own, "
        "else what nvidia-ctk generates, else what the loader knows; none: the last of these (%(default)s)",
    )
    parser.add_argument(
        "--library",
        type=Path,
        metavar="FILE",
        default=Path("/usr/lib/hami-dra/libvgpu.so"),
        help="the interceptor; its shims are beside it, the simulated driver in sim/ (%(default)s)",
    )
    parser.add_argument(
        "--split-count",
        type=int,
        default=10,
        metavar="N",
        help="shares per card, at least, where the configuration does not say (%(default)s)",
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="what holds on which node, followed while the driver runs; HAMi's config.json is read too",
    )
    parser.add_argument(
        "--force", action="store_true", help="publish cards that a device plugin or another driver offers too"
    )
    parser.add_argument(
        "--account-overhead",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="charge shares with contexts, and with what their processes hold of the card beside what they account "
        "(default: yes; otherwise what containers take of a card is more than their shares)",
    )
    for name, default, purpose in (
        ("kubelet", "/var/lib/kubelet", "the kubelet's root folder"),
        ("cdi", "/var/run/cdi", "where the container runtime finds CDI specs"),
        ("state", "/var/lib/hami.io", "shares, library versions, simulated driver"),
        ("pod-logs", "/var/log/pods", "where the kubelet keeps the logs of pods, which tell their names"),
    ):
        parser.add_argument(
            f"--{name}-dir", type=Path, default=Path(default), metavar="DIR", help=f"{purpose} (%(default)s)"
        )
    parser.add_argument(
        "--metrics-listen",
        default="127.0.0.1:9398",
        metavar="ADDRESS:PORT",
        help="where metrics are served; empty: nowhere (%(default)s)",
    )
    parser.add_argument("--log-format", choices=("text", "json"), default="text", help="(%(default)s)")
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

    from daemon.logs import set_up_logging
    from daemon.metrics_server import Address
    from dra_driver.allocator import use_one_arena
    from dra_driver.logs import call_at_hand
    from dra_driver.main import Options
    from dra_driver.main import run as run_driver

    use_one_arena()
    set_up_logging(arguments.log_format, arguments.log_level, call_at_hand)
    options = Options(
        node_name=arguments.node_name,
        library=arguments.library.absolute(),
        backend=arguments.backend,
        cards_file=arguments.cards,
        driver_root=arguments.driver_root.absolute() if arguments.driver_root else None,
        base_cdi_spec=arguments.base_cdi_spec,
        kubeconfig=arguments.kubeconfig,
        kubelet_folder=arguments.kubelet_dir.absolute(),
        cdi_folder=arguments.cdi_dir.absolute(),
        state_folder=arguments.state_dir.absolute(),
        pod_logs=arguments.pod_logs_dir.absolute(),
        split_count=arguments.split_count,
        metrics_address=Address.parse(arguments.metrics_listen) if arguments.metrics_listen else None,
        configuration_file=arguments.config.absolute() if arguments.config else None,
        force=arguments.force,
        account_overhead=arguments.account_overhead,
        instance=arguments.instance,
    )
    asyncio.run(run_driver(options))
    return 0
