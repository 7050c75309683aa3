"""The `hack/cluster` command: arguments, messages, exit statuses. What happens is cluster.py's.

Exit status: 0 done, 1 not done (one message says why), 2 wrong usage, 130 interrupted.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

from catalog.errors import HamiError, UnavailableError
from hack.local_cluster import host, store
from hack.local_cluster.build import Builder
from hack.local_cluster.cluster import DEFAULT_NAME, Cluster
from hack.local_cluster.emulation import EMULATED_VERSIONS, parsed_gates
from hack.local_cluster.interrupts import INTERRUPTS
from hack.local_cluster.layout import MAX_NODES
from hack.local_cluster.programs import Profile, sources
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import pinned

DESCRIPTION = """\
A real Kubernetes on this machine: etcd, API server, controller manager, scheduler, and in profile full nodes, each with
kubelet and containerd of its own. It runs in a network namespace of its own and needs root. Several clusters of different
names can be up; each has its own addresses."""

EPILOG = """\
environment:
  HAMI_DRA_CLUSTER_BIN  folder with prebuilt programs, used instead of building
  XDG_CACHE_HOME        built programs and sources are kept in $XDG_CACHE_HOME/hami-dra (default ~/.cache/hami-dra)

The first `up` builds Kubernetes from source: about 10 minutes on two cores, 8 GiB of disk, 4 GiB of memory.
Later ones take seconds. `down` leaves nothing but that cache.

Nodes of one cluster are called hami-<cluster>, hami-<cluster>-1, … They share one network namespace, so pods with hostNetwork
share ports across them, and each says that it has all the processors and memory of this machine."""

EMULATE: Final = """\
let API server, controller manager and scheduler play this older version: fields and gates are as there, defects that
newer code has mended are not; the kubelet keeps its own version"""
GATES: Final = """\
feature gates of API server, controller manager and scheduler, and without --emulate of the kubelet, e.g.
DRAConsumableCapacity=true,DRADeviceTaints=true"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parsed = _parse(list(sys.argv[1:] if arguments is None else arguments))
    for number in INTERRUPTS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup's wish is respected
            signal.signal(number, _interrupt)
    try:
        return _COMMANDS[parsed.command](parsed)
    except KeyboardInterrupt:
        print("cluster: interrupted", file=sys.stderr)
        return 130
    except HamiError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    except (OSError, subprocess.SubprocessError) as error:
        print(f"cluster: this machine does not allow what a cluster needs: {error}", file=sys.stderr)
        return 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    """Parse; all that follows `kubectl [--name NAME]` is kubectl's, options too."""
    if arguments[:1] != ["kubectl"] or arguments[1:] in (["--help"], ["-h"]):
        return _parser().parse_args(arguments)
    own = 3 if arguments[1:2] == ["--name"] else 1
    parsed = _parser().parse_args(arguments[:own])
    parsed.arguments = arguments[own:]
    return parsed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hack/cluster",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in {
        "up": "bring the cluster up; a no-op if it is",
        "down": "remove everything of the cluster",
        "status": "say what runs",
        "shell": "a shell in the cluster's network, with kubectl and KUBECONFIG",
        "kubeconfig": "print an administrator's kubeconfig; it works anywhere on this machine",
        "build": "install and build what `up` needs, and start nothing",
        "kubectl": "run kubectl as administrator; the arguments follow",
    }.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "--name", default=DEFAULT_NAME, help=f"which cluster (default {DEFAULT_NAME}); several can be up"
        )
        if name in {"up", "build"}:
            command.add_argument(
                "--profile", type=Profile, default=Profile.FULL, choices=list(Profile), help="default full"
            )
        if name == "up":
            command.add_argument("--nodes", type=int, metavar="N", help=f"1 to {MAX_NODES} (default 1)")
            command.add_argument("--emulate", metavar="VERSION", help=f"{', '.join(EMULATED_VERSIONS)}: {EMULATE}")
            command.add_argument("--feature-gates", metavar="A=true,…", help=GATES)
    return parser


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Break off once; cleaning up is not to be broken off again."""
    for further in INTERRUPTS:
        signal.signal(further, signal.SIG_IGN)
    raise KeyboardInterrupt


def _up(parsed: argparse.Namespace) -> int:
    gates = None if parsed.feature_gates is None else parsed_gates(parsed.feature_gates)
    Cluster(parsed.name, parsed.profile, nodes=parsed.nodes, emulate=parsed.emulate, feature_gates=gates).up()
    return 0


def _down(parsed: argparse.Namespace) -> int:
    removed = Cluster(parsed.name).down()
    Progress("cluster").say(f"cluster {parsed.name} is {'down; nothing of it is left' if removed else 'not there'}")
    return 0


def _status(parsed: argparse.Namespace) -> int:
    host.require_root()
    cluster = Cluster(parsed.name)
    states = cluster.states()
    if not states:
        print(f"cluster {parsed.name}: there is none")
        return 1
    up = cluster.is_up()
    print(f"cluster {parsed.name}: {'up' if up else 'not whole; `hack/cluster up` starts what ended'}")
    print(f"kubeconfig: {cluster.kubeconfig}\napi: {cluster.api_url}\nlogs: {cluster.state / 'log'}")
    if nodes := cluster.nodes:
        print(f"nodes: {', '.join(node.name for node in nodes)}")
    if played := str(cluster.emulation):
        print(f"plays: {played}")
    for component, lives in states.items():
        print(f"  {component:<24} {'running' if lives else 'ended'}")
    return 0 if up else 1


def _kubeconfig(parsed: argparse.Namespace) -> int:
    host.require_root()
    cluster = Cluster(parsed.name)
    if not cluster.states():
        raise UnavailableError(
            f"cluster {parsed.name}: there is none; bring it up with `hack/cluster up --name {parsed.name}`"
        )
    print(cluster.kubeconfig.read_text(), end="")
    return 0


def _shell(parsed: argparse.Namespace) -> int:
    host.require_root()
    cluster = Cluster(parsed.name)
    shell = os.environ.get("SHELL", "/bin/sh")
    environ = cluster.environment()
    Progress("cluster").say(f"shell in the network of cluster {parsed.name}; leave it with exit")
    os.execvpe("nsenter", ["nsenter", f"--net={cluster.netns}", shell], environ)  # noqa: S606  replaced, as a shell's user expects


def _build(parsed: argparse.Namespace) -> int:
    progress = Progress("cluster")
    missing = host.missing_packages(pinned().debian, parsed.profile)
    if missing:
        host.require_root()
        host.install_packages(missing, progress)
    programs = Builder(store.cache_folder().resolve(), pinned().go.version, progress).ensure(
        sources(pinned(), parsed.profile)
    )
    for path in dict.fromkeys(path.parent for path in programs.values()):
        print(path)
    return 0


def _kubectl(parsed: argparse.Namespace) -> int:
    host.require_root()
    environ = Cluster(parsed.name).environment()
    os.execvpe("kubectl", ["kubectl", *parsed.arguments], environ)  # noqa: S606  replaced, so that exec -it has the terminal


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "up": _up,
    "down": _down,
    "status": _status,
    "kubeconfig": _kubeconfig,
    "shell": _shell,
    "build": _build,
    "kubectl": _kubectl,
}
