"""What Prepare and Unprepare cost without the API server: over the real socket, with real files and fsync, in a process of its own.

Prints percentiles over 200 claims that are all held at once, and the driver's memory. Not a test: nothing is asserted.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import grpc

from dra_driver.boot import read_boot_id
from dra_driver.claims.source import ClaimReference
from dra_driver.health.board import HealthBoard
from dra_driver.kubelet import dra_v1_pb2 as dra
from dra_driver.kubelet import dra_v1_pb2_grpc as dra_grpc
from dra_driver.kubelet.health import HealthReports
from dra_driver.kubelet.server import Sockets, serving
from dra_driver.main import Options, open_claims, open_node

ROOT: Final = Path(__file__).parent.parent
CALLS: Final = 200
DISK: Final = "/var/tmp"  # noqa: S108  a disk, where /tmp may be memory; the folder in it has a name of its own
NODE: Final = "bench"
CARDS: Final = "cards:\n- model: NVIDIA A100-SXM4-80GB\n  count: 2\n"
_NAMESPACE: Final = UUID(int=0)

Call = Callable[[dra.Claim], Awaitable[str]]


def main() -> int:
    """Run the benchmark, or with `--serve FOLDER` the driver that it measures."""
    parser = argparse.ArgumentParser(prog="bench_prepare", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--serve", type=Path, metavar="FOLDER", help="be the driver that is measured")
    folder = parser.parse_args().serve
    if folder:
        asyncio.run(_serve(folder))
        return 0
    if not (ROOT / "build/libvgpu.so").exists():
        print("bench_prepare: build/libvgpu.so is missing; run make native", file=sys.stderr)
        return 1
    result = measured()
    print(f"{CALLS} claims, one after another, {CALLS} held at the end; files and fsync on {DISK}")
    _print_row("Prepare", result.prepared_ms)
    _print_row("Unprepare", result.unprepared_ms)
    print(f"driver process: {result.resident_mib:.1f} MiB resident")
    return 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What the calls took, and what the driver occupied with all claims held."""

    prepared_ms: list[float]
    unprepared_ms: list[float]
    resident_mib: float


def measured() -> Measured:
    """Measure, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hami-bench-", dir=DISK) as place:
        return asyncio.run(_measure(Path(place)))


class _AllocatedClaims:
    """Gives every claim it is asked for: a share of 1 MiB and one slot, on one of two cards."""

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        """Return an allocated claim."""
        result = {
            "driver": "hami.io",
            "pool": NODE,
            "device": f"gpu-{int(reference.name) % 2}-share",
            "request": "main",
            "shareID": str(uuid5(_NAMESPACE, reference.uid)),
            "consumedCapacity": {"memory": "1Mi", "cores": "0", "slots": "1"},
        }
        metadata = {"namespace": reference.namespace, "name": reference.name, "uid": reference.uid}
        return {"metadata": metadata, "status": {"allocation": {"devices": {"results": [result]}}}}


async def _serve(folder: Path) -> None:
    (folder / "cards.yaml").write_text(CARDS)
    (folder / "cdi").mkdir()
    (folder / "state/shares").mkdir(parents=True)
    (folder / "state/metadata").mkdir()
    sockets = Sockets.below(folder)
    for socket in (sockets.plugin, sockets.registration):
        socket.parent.mkdir(parents=True)
    options = Options(
        node_name=NODE,
        library=ROOT / "build/libvgpu.so",
        backend="simulated",
        cards_file=folder / "cards.yaml",
        cdi_folder=folder / "cdi",
        state_folder=folder / "state",
    )
    boot_id = read_boot_id()
    node = open_node(options, boot_id)
    claims = open_claims(node, folder / "checkpoint.json", boot_id, _AllocatedClaims())
    async with serving(sockets, claims, HealthReports(HealthBoard(node.cards), NODE, tuple)):
        await asyncio.Event().wait()


async def _measure(folder: Path) -> Measured:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hack.bench_prepare", "--serve", str(folder), cwd=ROOT
    )
    claims = [dra.Claim(namespace="bench", uid=str(uuid5(_NAMESPACE, f"{n}")), name=str(n)) for n in range(CALLS)]
    try:
        await _appearance(Sockets.below(folder).registration, process)
        async with grpc.aio.insecure_channel(f"unix:{Sockets.below(folder).plugin}") as channel:
            plugin = dra_grpc.DRAPluginStub(channel)
            await plugin.NodePrepareResources(dra.NodePrepareResourcesRequest(), wait_for_ready=True)
            prepared = [await _timed(_preparing(plugin), claim) for claim in claims]
            resident = _resident_mib(process.pid)
            unprepared = [await _timed(_unpreparing(plugin), claim) for claim in claims]
    finally:
        process.terminate()
        await process.wait()
    return Measured(prepared, unprepared, resident)


def _preparing(plugin: "dra_grpc.DRAPluginAsyncStub") -> Call:
    async def prepare(claim: dra.Claim) -> str:
        answer = await plugin.NodePrepareResources(dra.NodePrepareResourcesRequest(claims=[claim]))
        return answer.claims[claim.uid].error

    return prepare


def _unpreparing(plugin: "dra_grpc.DRAPluginAsyncStub") -> Call:
    async def unprepare(claim: dra.Claim) -> str:
        answer = await plugin.NodeUnprepareResources(dra.NodeUnprepareResourcesRequest(claims=[claim]))
        return answer.claims[claim.uid].error

    return unprepare


async def _timed(call: Call, claim: dra.Claim) -> float:
    """Return the milliseconds that a call takes."""
    start = time.perf_counter()
    error = await call(claim)
    if error:
        raise SystemExit(f"bench_prepare: {error}")
    return (time.perf_counter() - start) * 1000


async def _appearance(socket: Path, process: asyncio.subprocess.Process) -> None:
    while not socket.exists():  # noqa: ASYNC240  a look at a folder
        if process.returncode is not None:
            raise SystemExit("bench_prepare: the driver did not start; its message is above")
        await asyncio.sleep(0.02)


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _print_row(name: str, times_ms: list[float]) -> None:
    cuts = statistics.quantiles(times_ms, n=100, method="inclusive")
    print(f"{name:<10} p50 {cuts[49]:6.2f} ms   p99 {cuts[98]:6.2f} ms   max {max(times_ms):6.2f} ms")


if __name__ == "__main__":
    sys.exit(main())
