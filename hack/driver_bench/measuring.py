"""The measurements themselves: starts, Prepare under three loads, memory, idle CPU. Contenders take turns, round by round.

The API server is real and so is every GET of a claim; kubelet and scheduler are played, so that nothing else is timed.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from dra_driver.kubelet import dra_v1_pb2 as dra
from hack.driver_bench import processes
from hack.driver_bench.contenders import CLAIMS, Contender
from hack.driver_bench.played_kubelet import Calls, connected, register
from hack.local_cluster import Cluster
from hack.local_cluster.progress import Progress
from kube.client import ApiServer

STARTS: Final = 5
ROUNDS: Final = 7
PODS_AT_ONCE: Final = 30
BURSTS: Final = 3
"""Bursts of 30 pods in one round, so that its percentiles have 90 values."""
IDLE_S: Final = 60
LOG_TAIL_LINES: Final = 12
_SETTLE_S: Final = 8.0
"""After this the driver's reports on the last claims are written."""
_PUBLISH_S: Final = 30.0
_SLICES: Final = "/apis/resource.k8s.io/v1/resourceslices"
_CLAIMS: Final = "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims"


@dataclass(slots=True)
class Times:
    """What was measured of one contender; times in ms, one list for each round."""

    registered_s: list[float] = field(default_factory=list)
    """From the start of the process."""
    published_s: list[float] = field(default_factory=list)
    """From the registration."""
    one: list[list[float]] = field(default_factory=list)
    unprepare: list[list[float]] = field(default_factory=list)
    many: list[list[float]] = field(default_factory=list)
    hundred_ms: list[float] = field(default_factory=list)
    """Until the last of 100 was answered."""
    fresh: processes.Memory | None = None
    used: processes.Memory | None = None
    idle_percent: float = 0.0
    """Of one CPU."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """One run over the contenders of a cluster that is up."""

    cluster: Cluster
    api: ApiServer
    contenders: Sequence[Contender]
    bytecode: Path
    """Where Python keeps its compiled modules, as an installation has them."""
    progress: Progress
    sockets: dict[str, Path] = field(default_factory=dict)
    """Where each driver is called, by its title, once it has registered."""

    async def run(self) -> dict[str, Times]:
        """Return what was measured of each contender, by its title."""
        times = {contender.title: Times() for contender in self.contenders}
        await self._create_node()
        claims = {contender.title: await self._create_claims(contender) for contender in self.contenders}
        for contender in self.contenders:
            await self._start(contender, Times())  # the first start is another: it installs, compiles, fills caches
        with self.progress.phase(f"{STARTS} starts of each driver", 25):
            for _ in range(STARTS):
                for contender in self.contenders:
                    await self._start(contender, times[contender.title])
        async with self._connections() as calls:
            await self._warm_up(calls, claims)
            for contender in self.contenders:
                times[contender.title].fresh = self._memory(contender)
            with self.progress.phase(f"{ROUNDS} rounds of Prepare and Unprepare", 40):
                for _ in range(ROUNDS):
                    for contender in self.contenders:
                        title = contender.title
                        await _one_after_another(calls[title], claims[title], times[title])
                    for contender in self.contenders:
                        title = contender.title
                        await _at_once(calls[title], claims[title], times[title])
            await self._idle(times)
        return times

    # Before

    async def _create_node(self) -> None:
        for name in {contender.node for contender in self.contenders}:
            await self.api.create("/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})

    async def _create_claims(self, contender: Contender) -> list[dra.Claim]:
        """Create claims and allocate them, as the scheduler would."""
        claims = []
        for number in range(CLAIMS):
            made = (await self.api.create(_CLAIMS, contender.claim(number)))["metadata"]
            await self.api.patch(f"{_CLAIMS}/{made['name']}/status", {"status": contender.status(number)})
            claims.append(dra.Claim(namespace=made["namespace"], name=made["name"], uid=made["uid"]))
        return claims

    # Starts

    async def _start(self, contender: Contender, times: Times) -> None:
        """Start a driver, or start it anew, with no slice of it there; play its registration and wait for its slices."""
        self.cluster.stop_guest(contender.guest)
        selector = f"spec.driver={contender.driver}"
        await self.api.delete(_SLICES, fieldSelector=selector)
        version = (await self.api.get(_SLICES, fieldSelector=selector))["metadata"]["resourceVersion"]
        published = asyncio.create_task(self._publication(selector, version))
        try:
            started_s = time.monotonic()
            self.cluster.start_guest(contender.guest, contender.command, self._environment())
            self.sockets[contender.title] = await self._registered(contender)
            registered_s = time.monotonic()
            async with asyncio.timeout(_PUBLISH_S):
                published_s = await published
        except TimeoutError as error:
            raise UnavailableError(f"{contender.title}: published nothing within {_PUBLISH_S:.0f} s") from error
        finally:
            published.cancel()
        times.registered_s.append(registered_s - started_s)
        times.published_s.append(max(0.0, published_s - registered_s))

    async def _registered(self, contender: Contender) -> Path:
        try:
            return await register(contender.registry)
        except UnavailableError as error:
            log = self.cluster.log_of(contender.guest).read_text(errors="replace").splitlines()
            tail = "\n".join(log[-LOG_TAIL_LINES:])
            raise UnavailableError(f"{contender.title}: {error}. The end of its log:\n{tail}") from error

    def _environment(self) -> dict[str, str]:
        """Return the caller's, without what would bend a driver: another cluster, or modules compiled at each start."""
        bending = {"KUBECONFIG", "POD_UID", "PYTHONDONTWRITEBYTECODE"}
        kept = {name: value for name, value in os.environ.items() if name not in bending}
        return kept | {"PYTHONPYCACHEPREFIX": str(self.bytecode)}

    async def _publication(self, selector: str, version: str) -> float:
        """Return when a driver's first slice is there."""
        async for event, _ in self.api.watch(_SLICES, version, fieldSelector=selector):
            if event == "ADDED":
                break
        return time.monotonic()

    @asynccontextmanager
    async def _connections(self) -> AsyncIterator[dict[str, Calls]]:
        async with AsyncExitStack() as stack:
            yield {
                contender.title: await stack.enter_async_context(connected(self.sockets[contender.title]))
                for contender in self.contenders
            }

    async def _warm_up(self, calls: Mapping[str, Calls], claims: Mapping[str, Sequence[dra.Claim]]) -> None:
        for contender in self.contenders:
            title = contender.title
            await calls[title].prepare_at_once(claims[title][:PODS_AT_ONCE])
            await _unprepare(calls[title], claims[title][:PODS_AT_ONCE])

    # After

    def _memory(self, contender: Contender) -> processes.Memory:
        return processes.memory(self._pid(contender))

    async def _idle(self, times: Mapping[str, Times]) -> None:
        """Watch the drivers do nothing, side by side."""
        with self.progress.phase("idle", round(IDLE_S + _SETTLE_S)):
            await asyncio.sleep(_SETTLE_S)
            before = {contender.title: processes.cpu_s(self._pid(contender)) for contender in self.contenders}
            started_s = time.monotonic()
            await asyncio.sleep(IDLE_S)
            for contender in self.contenders:
                used_s = processes.cpu_s(self._pid(contender)) - before[contender.title]
                times[contender.title].idle_percent = 100 * used_s / (time.monotonic() - started_s)
                times[contender.title].used = self._memory(contender)

    def _pid(self, contender: Contender) -> int:
        process = self.cluster.guest_process(contender.guest)
        if process is None:
            raise UnavailableError(f"{contender.title}: has ended; {self.cluster.log_of(contender.guest)} says why")
        return process.pid


async def _one_after_another(calls: Calls, claims: Sequence[dra.Claim], times: Times) -> None:
    """Prepare and unprepare one pod at a time."""
    prepared, unprepared = [], []
    for claim in claims:
        prepared.append(await calls.prepare(claim))
        unprepared.append(await calls.unprepare(claim))
    times.one.append(prepared)
    times.unprepare.append(unprepared)


async def _at_once(calls: Calls, claims: Sequence[dra.Claim], times: Times) -> None:
    """Prepare 30 pods at once, three times, and then 100."""
    each: list[float] = []
    for _ in range(BURSTS):
        each += (await calls.prepare_at_once(claims[:PODS_AT_ONCE]))[0]
        await _unprepare(calls, claims[:PODS_AT_ONCE])
    times.many.append(each)
    times.hundred_ms.append((await calls.prepare_at_once(claims))[1])
    await _unprepare(calls, claims)


async def _unprepare(calls: Calls, claims: Sequence[dra.Claim]) -> None:
    await asyncio.gather(*(calls.unprepare(claim) for claim in claims))
