"""What is checked of a share's time: each check gives findings, as those of memory do (hack.gpu_check.checks).

What a program had is the time of its units, which are work of a known amount, over the time that passed; beside it stands what the node
saw by NVML. Not here: how tenants run side by side (hack.gpu_check.scene).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from catalog.share_config import CorePolicy, ShareConfig
from dra_driver.shares.limits_file import changing
from dra_driver.shares.pages import change_limits
from hack.gpu_check.checks import Bench, Finding, verdict
from hack.gpu_check.scene import Batch, Scene, percent_between, scene
from hack.gpu_check.tenant import Tenant

_LIMIT: Final = 30
_UNITS_US: Final = (100, 1000, 5000, 20000)
_FORCE: Final = ShareConfig(core_policy=CorePolicy.FORCE)
_BEGIN_S: Final = 1.5
"""For a program to start, and to learn how long its units are; then the next one does."""
_UNITS_LEAST: Final = 95.0
_UNITS_MOST: Final = 102.0
"""Percent of the card that units take together where nobody else is; beyond that they are not as long as they say."""
_WINDOW_NS: Final = 100_000_000
_SETTLED: Final = 5.0
_SETTLED_S: Final = 0.5
_HIGH_LEAST: Final = 80.0
_DECODE: Final = ("--step", "200", "--pause-us", "300")


def units(bench: Bench) -> Iterator[Finding]:
    """Whether keep-busy's units are as long as they say: without the library they fill the card, and no more."""
    with scene(bench, "units") as here:
        tenant = here.tenant("bare", 0)
        for unit_us in _UNITS_US:
            heard = here.busy(tenant, bench.seconds, unit_us, bare=True).heard()
            seen = f"{heard.events_percent:.1f} % of the card by events"
            fits = _UNITS_LEAST <= heard.events_percent <= _UNITS_MOST
            yield verdict(f"units of {_ms(unit_us)} without the library", seen, fits)


def alone(bench: Bench) -> Iterator[Finding]:
    """Whether a share alone on its card has its limit, whatever its units look like."""
    with scene(bench, "alone") as here:
        for unit_us in _UNITS_US:
            tenant = here.tenant(f"alone-{unit_us}", _LIMIT, _FORCE)
            (had,) = _had(here, bench, [tenant], unit_us)
            tolerance = _tolerance(bench, unit_us)
            yield verdict(
                f"alone at {_LIMIT}, units of {_ms(unit_us)}",
                f"{had}, ± {tolerance:.1f} allowed",
                abs(had.percent - _LIMIT) <= tolerance,
            )


def neighbours(bench: Bench) -> Iterator[Finding]:
    """Whether two shares with limits have both, and keep the card busy together."""
    for unit_us in _UNITS_US[1:3]:
        with scene(bench, f"neighbours-{unit_us}") as here:
            tenants = [here.tenant("three", 30), here.tenant("seven", 70)]
            had = _had(here, bench, tenants, unit_us)
        tolerance = 2 * _tolerance(bench, unit_us)
        off = (abs(had[0].percent - 30), abs(had[1].percent - 70))
        yield verdict(
            f"30 / 70, units of {_ms(unit_us)}", f"{_each(had)}, ± {tolerance:.1f} allowed", max(off) <= tolerance
        )


def beside_unlimited(bench: Bench) -> Iterator[Finding]:
    """Whether a share has no more than its limit beside a tenant that has none; how much it has is a figure."""
    for unit_us in _UNITS_US[1:3]:
        with scene(bench, f"unlimited-{unit_us}") as here:
            tenants = [here.tenant("limited", _LIMIT), here.tenant("unlimited", 0)]
            had = _had(here, bench, tenants, unit_us)
        tolerance = 2 * _tolerance(bench, unit_us)
        yield verdict(
            f"{_LIMIT} beside a tenant without limit, units of {_ms(unit_us)}",
            f"{_each(had)}, {_LIMIT} + {tolerance:.1f} allowed",
            had[0].percent <= _LIMIT + tolerance,
        )


def live_change(bench: Bench) -> Iterator[Finding]:
    """How soon a limit that is changed while the program runs is what it has."""
    with scene(bench, "change") as here:
        tenant = here.tenant("changed", 30, _FORCE)
        running = here.busy(tenant, 0, 1000)
        time.sleep(_BEGIN_S)
        changed_ns = time.monotonic_ns()
        _change_cores(tenant, 60)
        time.sleep(bench.seconds)
        settled_s = settling_s(running.trace(), changed_ns, 60)
    seen = "never" if settled_s is None else f"after {settled_s:.1f} s"
    what = "a limit of 30 changed to 60, within 5 points of it in windows of 0.1 s"
    yield verdict(what, seen, settled_s is not None and settled_s <= _SETTLED_S)


def priority(bench: Bench) -> Iterator[Finding]:
    """Whether a share of priority 0 goes before one of priority 1."""
    with scene(bench, "priority") as here:
        tenants = [here.tenant("high", 100, ShareConfig(priority=0)), here.tenant("low", 100)]
        had = _had(here, bench, tenants, 1000)
    yield verdict("priority 0 / priority 1, units of 1 ms", _each(had), had[0].percent >= _HIGH_LEAST)


def decoder(bench: Bench) -> Iterator[Finding]:
    """What the library costs a loop of 200 short kernels, a wait and a pause, as a decoder has it."""
    with scene(bench, "decoder") as here:
        tenant = here.tenant("decoder", 100, _FORCE)
        bare = here.busy(tenant, bench.seconds, 20, *_DECODE, bare=True).heard()
        held = here.busy(tenant, bench.seconds, 20, *_DECODE).heard()
    each_us = [heard.unit_us * 200 for heard in (bare, held)]
    seen = f"{each_us[0]:.0f} µs a step without the library, {each_us[1]:.0f} with it"
    yield Finding(
        "steps of 200 kernels of 20 µs, a share of 100",
        f"{seen}: {each_us[1] / each_us[0] * 100 - 100:+.2f} %",
        "measured",
    )
    yield Finding(
        "a launch of these",
        f"{bare.launch_ns} ns of the host without the library, {held.launch_ns} with it",
        "measured",
    )


def own_time(bench: Bench) -> Iterator[Finding]:
    """What holding a limit costs the program in processor time."""
    with scene(bench, "own-time") as here:
        tenant = here.tenant("own", 50, _FORCE)
        for unit_us in (20, 1000):
            bare = here.busy(tenant, bench.seconds, unit_us, bare=True).heard()
            held = here.busy(tenant, bench.seconds, unit_us).heard()
            yield Finding(
                f"processor time of a program with units of {_ms(unit_us)}",
                f"{bare.core_percent:.2f} % of a core without the library, {held.core_percent:.2f} in a share of 50",
                "measured",
            )


TIME_CHECKS: Final[tuple[Callable[[Bench], Iterator[Finding]], ...]] = (
    units,
    alone,
    neighbours,
    beside_unlimited,
    live_change,
    priority,
    decoder,
    own_time,
)


def settling_s(batches: Sequence[Batch], changed_ns: int, percent: float) -> float | None:
    """Return how long after the change the program had within 5 points of `percent`, in this and the next window of 0.1 s; None: never."""
    windows = [0] * (max((batch.seen_ns for batch in batches), default=0) // _WINDOW_NS - changed_ns // _WINDOW_NS + 1)
    for batch in batches:
        if batch.seen_ns >= changed_ns:
            windows[(batch.seen_ns - changed_ns) // _WINDOW_NS] += batch.busy_ns
    near = [abs(busy_ns * 100 / _WINDOW_NS - percent) <= _SETTLED for busy_ns in windows]
    found = (number for number, both in enumerate(pairwise(near)) if all(both))
    first = next(found, None)
    return None if first is None else first * _WINDOW_NS / 1e9


@dataclass(frozen=True, slots=True)
class _Had:
    """What a share had of the card, in percent: by its units, and as the node saw it; None: it cannot."""

    percent: float
    node_percent: float | None

    def __str__(self) -> str:
        seen = "not seen" if self.node_percent is None else f"{self.node_percent:.1f}"
        return f"{self.percent:.1f} % ({seen} by the node)"


def _had(here: Scene, bench: Bench, tenants: Sequence[Tenant], unit_us: int) -> list[_Had]:
    """Keep the card busy in all of these shares at once; return what each had while all ran. The last begins first."""
    running = {}
    for tenant in reversed(tenants):
        running[tenant.share_folder] = here.busy(tenant, 0, unit_us)
        time.sleep(_BEGIN_S)
    from_ns = time.monotonic_ns()
    nodes = here.node_percents(tenants, bench.seconds)
    to_ns = time.monotonic_ns()
    traces = [running[tenant.share_folder].trace() for tenant in tenants]
    return [_Had(percent_between(trace, from_ns, to_ns), node) for trace, node in zip(traces, nodes, strict=True)]


def _each(had: Sequence[_Had]) -> str:
    return " / ".join(map(str, had))


def _change_cores(tenant: Tenant, cores_percent: int) -> None:
    with changing(tenant.share_folder) as page:
        change_limits(
            page,
            memory_bytes=tenant.limit_bytes,
            cores_percent=cores_percent,
            priority=1,
            policy=CorePolicy.FORCE,
            weight=100,
        )


def _tolerance(bench: Bench, unit_us: int) -> float:
    """In points: one, and two units of what was measured."""
    return 1 + 2 * unit_us / 1e4 / bench.seconds


def _ms(unit_us: int) -> str:
    return f"{unit_us / 1000:g} ms"
