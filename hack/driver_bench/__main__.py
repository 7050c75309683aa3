"""`make bench-driver`: build the peer, bring a control plane up, measure, print, and take everything down again.

Fails only where something cannot be measured; a target that is missed is a line of the table.
"""

import asyncio
import signal
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from catalog.errors import HamiError
from hack import bench_prepare
from hack.driver_bench import figures
from hack.driver_bench.contenders import REPOSITORY, ours, peer
from hack.driver_bench.figures import Row
from hack.driver_bench.measuring import PODS_AT_ONCE, Measuring, Times
from hack.local_cluster import Cluster, host, store
from hack.local_cluster.build import Builder
from hack.local_cluster.components import Component
from hack.local_cluster.programs import Profile, dra_test_driver
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import pinned
from kube.client import ApiServer
from kube.config import load_config

NAME: Final = "benchdra"
MEMORY: Final = "/dev/shm"  # noqa: S108  a folder in it, with a name of its own
"""For CDI specs, which on a node stand below /var/run."""
_ADMINISTRATORS: Final = "system:masters"
_PREPARE_LIMIT_MS: Final = 20.0


def main() -> int:
    """Measure and print; return 1 where that cannot be done, 130 where it was interrupted."""
    progress = Progress("bench-driver")
    cluster = Cluster(NAME, Profile.CONTROL_PLANE, progress)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _print(*_measured(cluster, progress))
    except HamiError as error:
        print(f"bench-driver: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench-driver: interrupted", file=sys.stderr)
        return 130
    return 0


def _measured(cluster: Cluster, progress: Progress) -> tuple[bench_prepare.Measured, dict[str, Times]]:
    host.require_root()
    if not (REPOSITORY / "build/libvgpu.so").exists():
        raise HamiError("build/libvgpu.so is missing; run make native")
    builder = Builder(store.cache_folder().resolve(), pinned().go.version, progress)
    program = builder.ensure([dra_test_driver(pinned())])["dra-test-driver"]
    progress.say("Prepare without the API's GET")
    alone = bench_prepare.measured()
    cluster.down()
    try:
        cluster.up()
        for component in (Component.CONTROLLER_MANAGER, Component.SCHEDULER):
            cluster.stop(component)  # claims here have no pods: nobody may clear them away, or work beside
        return alone, asyncio.run(_beside(cluster, program, progress))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # a second interrupt must not leave the half of a cluster
        cluster.down()


async def _beside(cluster: Cluster, program: Path, progress: Progress) -> dict[str, Times]:
    kubeconfig = cluster.kubeconfig_for("bench-driver", [_ADMINISTRATORS])
    folder = cluster.data / "bench"
    async with ApiServer(load_config(cluster.kubeconfig)) as api:
        with TemporaryDirectory(prefix="hami-bench-", dir=MEMORY) as place:
            cdi = Path(place)
            contenders = (
                ours(folder / "ours", cdi / "ours", NAME, kubeconfig),
                peer(folder / "peer", cdi / "peer", NAME, kubeconfig, program),
            )
            return await Measuring(cluster, api, contenders, folder / "bytecode", progress).run()


def _print(alone: bench_prepare.Measured, times: dict[str, Times]) -> None:
    mine, theirs = times.values()
    rows = [*_calls(mine, theirs), *_lives(mine, theirs), *_without_api(alone)]
    print(figures.HEADER)
    for row in rows:
        print(row.text())
    missed = [row.what for row in rows if row.missed]
    print(f"\nmissed: {'; '.join(missed) if missed else 'nothing'}")


def _calls(mine: Times, theirs: Times) -> list[Row]:
    many = f"Prepare, {PODS_AT_ONCE} pods at once"
    hundred_s = (statistics.median(mine.hundred_ms) / 1000, statistics.median(theirs.hundred_ms) / 1000)
    return [
        figures.beside("Prepare, 1 pod", mine.one, theirs.one, 50),
        figures.beside("Prepare, 1 pod", mine.one, theirs.one, 99),
        figures.beside(many, mine.many, theirs.many, 50),
        figures.beside(many, mine.many, theirs.many, 99),
        figures.below("Prepare, 100 pods at once, all answered", "s", hundred_s[0], 2.0, hundred_s[1]),
        figures.told("Unprepare, 1 pod, p50", "ms", *(_typical_ms(side.unprepare) for side in (mine, theirs))),
    ]


def _typical_ms(rounds: Sequence[Sequence[float]]) -> float:
    return statistics.median(figures.percentile(times, 50) for times in rounds)


def _lives(mine: Times, theirs: Times) -> list[Row]:
    registered = [statistics.median(side.registered_s) for side in (mine, theirs)]
    published = [statistics.median(side.published_s) for side in (mine, theirs)]
    rows = [
        figures.below("start → registered", "s", registered[0], 1.5, registered[1]),
        figures.below("registered → published", "s", published[0], 1.0, published[1]),
        figures.below("idle CPU, of one core", "%", mine.idle_percent, 0.1, theirs.idle_percent),
    ]
    if mine.used and theirs.used:
        rows.append(
            figures.below("resident after all rounds", "MiB", mine.used.resident_mib, 70, theirs.used.resident_mib)
        )
        rows.append(figures.told("  of which its own (USS)", "MiB", mine.used.private_mib, theirs.used.private_mib))
        rows.append(
            figures.told(
                "  shared pages in parts (PSS)", "MiB", mine.used.proportional_mib, theirs.used.proportional_mib
            )
        )
    if mine.fresh and theirs.fresh:
        rows.append(
            figures.told("resident after 30 first pods", "MiB", mine.fresh.resident_mib, theirs.fresh.resident_mib)
        )
    return rows


def _without_api(alone: bench_prepare.Measured) -> list[Row]:
    return [
        figures.told("Prepare without the API's GET, p50", "ms", figures.percentile(alone.prepared_ms, 50)),
        figures.below(
            "Prepare without the API's GET, p99", "ms", figures.percentile(alone.prepared_ms, 99), _PREPARE_LIMIT_MS
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
