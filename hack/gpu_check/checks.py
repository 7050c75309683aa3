"""What is checked on a card: each check gives findings, what was seen and whether it is as it must be.

Not here: how programs get into a share (hack.gpu_check.tenant), and what the card says (hack.gpu_check.truth).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from catalog.names import MIB
from dra_driver.accounting.node import of_node
from dra_driver.cards.card import Card
from dra_driver.cards.contexts import MEASURED, driver_branch
from dra_driver.shares.folders import LIMITS
from dra_driver.shares.pages import read_limits
from hack.gpu_check.tenant import LIBRARY, Answer, Process, Tenant
from hack.gpu_check.truth import Truth, parse_smi, smi_path

_OUT_OF_MEMORY: Final = 2
_NOT_SUPPORTED: Final = 801
_SLAB_BYTES: Final = 2 * MIB
_MANAGED_DEVICE_MEMORY: Final = 21
"""What the probe says of a buffer that is managed (1) and a device's (CU_MEMORYTYPE_DEVICE, 2)."""
_NO_TORCH: Final = 77
_TRAINING: Final = Path(__file__).with_name("training.py")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result."""

    what: str
    seen: str
    verdict: Literal["holds", "fails", "measured", "left out"]


@dataclass(frozen=True, slots=True)
class Bench:
    """A card to check, and how."""

    card: Card
    driver_root: Path
    folder: Path
    share_mib: int
    context_bytes: int
    """What contexts are charged."""
    truth: Truth
    python: str
    """The Python that has PyTorch."""
    seconds: int
    """How long each figure of a share's time is measured."""
    traces: Path
    """Where programs that measure time leave their traces."""

    def tenant(self, name: str, share_mib: int | None = None, memory_scaling: float = 1.0) -> Tenant:
        """Return a new share of the card, of `self.share_mib` where no size is said."""
        folder = self.folder / name
        folder.mkdir()
        size_mib = self.share_mib if share_mib is None else share_mib
        return Tenant(folder, self.driver_root, self.card, size_mib, self.context_bytes, memory_scaling)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Memory of some kind that a program asks for."""

    what: str
    do: str
    more: Mapping[str, int] = field(default_factory=dict)


def _array(what: str, width: int, height: int = 0, depth: int = 0, *, flags: int = 0, levels: int = 1) -> _Sample:
    """An array of four 8-bit channels."""
    shape = {"width": width, "height": height, "depth": depth}
    return _Sample(what, "array", shape | {"form": 1, "channels": 4, "flags": flags, "levels": levels})


_LAYERED: Final = 1
_CUBEMAP: Final = 4
SAMPLES: Final = (
    _Sample("buffer of 1 MiB", "buffer", {"size": MIB}),
    _Sample("buffer of 3 MiB", "buffer", {"size": 3 * MIB}),
    _Sample("buffer of 256 MiB", "buffer", {"size": 256 * MIB}),
    _Sample("pool, 10 MiB", "pool", {"size": 10 * MIB}),
    _Sample("pool, 40 MiB", "pool", {"size": 40 * MIB}),
    _Sample("handle of 10 MiB", "handle", {"size": 10 * MIB}),
    _array("array of 131072", 131072),
    _array("array of 1024 × 2560", 1024, 2560),
    _array("array of 1000 × 999", 1000, 999),
    _array("array of 128 × 128 × 128", 128, 128, 128),
    _array("array of 1024 × 1024, 3 layers", 1024, 1024, 3, flags=_LAYERED),
    _array("cubemap of 512 × 512", 512, 512, 6, flags=_CUBEMAP),
    _array("mipmaps of 2048 × 2048, 12 levels", 2048, 2048, levels=12),
)


def contexts(bench: Bench) -> Iterator[Finding]:
    """What a context takes, and what it is charged: the first of a process, and another beside it."""
    tenant = bench.tenant("contexts")
    with tenant.process() as process:
        for what, do in (("a process's first context", "primary"), ("another context of that process", "context")):
            yield _charged_and_taken(bench, tenant, process, _Sample(what, do))
            if do == "primary":
                yield Finding(
                    "row for dra_driver/cards/contexts.py",
                    row(bench.card, bench.truth.taken_bytes(process.pid)),
                    "measured",
                )


def row(card: Card, taken_bytes: int) -> str:
    """Return what was measured as a row of the table."""
    size_mib = -(-taken_bytes // _SLAB_BYTES) * 2
    source = f"{MEASURED} {card.product_name}, driver {card.driver_version}"
    return f'ContextSize("{card.product_name}", "{card.architecture}", {driver_branch(card.driver_version)}, {size_mib}, "{source}")'


def sizes(bench: Bench) -> Iterator[Finding]:
    """Whether each kind of memory is charged no less than the card gives for it."""
    for number, sample in enumerate(SAMPLES):
        tenant = bench.tenant(f"size-{number}")
        with tenant.process() as process:
            process.ask("primary")
            yield _charged_and_taken(bench, tenant, process, sample)


def _charged_and_taken(bench: Bench, tenant: Tenant, process: Process, sample: _Sample) -> Finding:
    charged, taken = tenant.charged_bytes(), bench.truth.taken_bytes(process.pid)
    answer = process.ask(sample.do, **sample.more)
    charged, taken = tenant.charged_bytes() - charged, bench.truth.taken_bytes(process.pid) - taken
    if answer.is_unknown or answer.error == _NOT_SUPPORTED:
        return Finding(sample.what, "this driver does not have it", "left out")
    if answer.error:
        return Finding(sample.what, f"refused with CUDA error {answer.error}", "fails")
    return verdict(sample.what, f"takes {_mib(taken)}, charged {_mib(charged)}", charged >= taken)


def limit(bench: Bench) -> Iterator[Finding]:
    """Whether a program gets all of its share, and the card gives not a byte more."""
    tenant = bench.tenant("limit")
    with tenant.process() as process:
        process.ask("primary")
        got = process.ask("fill")
        yield _filled("a share that is filled", bench, tenant, process, got)
        more = process.ask("buffer", size=_SLAB_BYTES)
        yield verdict("2 MiB more", f"CUDA error {more.error}", more.error == _OUT_OF_MEMORY)
        total = process.ask("total").bytes
        yield verdict("cuMemGetInfo in the share", f"a card of {_mib(total)}", total == tenant.limit_bytes)
        process.ask("release")
        again = process.ask("fill").bytes
        yield verdict("filled again after all was freed", _mib(again), again == got.bytes)


def two_tenants(bench: Bench) -> Iterator[Finding]:
    """Whether two shares of a card are each as if the other were not there."""
    first, second = bench.tenant("first"), bench.tenant("second")
    with first.process() as one, second.process() as other:
        for process in (one, other):
            process.ask("primary")
        got = one.ask("fill"), other.ask("fill")
        yield _filled("the first of two tenants", bench, first, one, got[0])
        yield _filled("the second of two tenants", bench, second, other, got[1])


def _filled(what: str, bench: Bench, tenant: Tenant, process: Process, got: Answer) -> Finding:
    if got.error:
        return Finding(what, f"CUDA error {got.error}", "fails")
    taken = bench.truth.taken_bytes(process.pid) if bench.truth.lists(process.pid) else None
    context = -(-bench.context_bytes // _SLAB_BYTES) * _SLAB_BYTES
    expected = (tenant.limit_bytes - context) // _SLAB_BYTES * _SLAB_BYTES
    seen = f"{_mib(got.bytes)} beside a context of {_mib(context)}, of {_mib(tenant.limit_bytes)}"
    seen += "; NVML does not list it" if taken is None else f"; takes {_mib(taken)}"
    return verdict(what, seen, got.bytes == expected and (taken is None or taken <= tenant.limit_bytes))


def smi_in_a_share(bench: Bench) -> Iterator[Finding]:
    """Whether nvidia-smi shows the share, its processes' memory, and nobody else's."""
    tenant = bench.tenant("smi")
    with tenant.process() as process:
        process.ask("primary")
        process.ask("buffer", size=100 * MIB)
        fields = "uuid,memory.total,memory.used,memory.free"
        ended = tenant.run(str(smi_path(bench.driver_root)), f"--query-gpu={fields}", "--format=csv,noheader,nounits")
        used_mib = tenant.charged_bytes() // MIB
        expected = [bench.card.uuid, *map(str, (bench.share_mib, used_mib, bench.share_mib - used_mib))]
        rows = parse_smi(ended.stdout)
        seen = next((", ".join(row[1:]) for row in rows if row[0] == bench.card.uuid), ended.stderr.strip())
        yield verdict("nvidia-smi in the share: total, used, free", f"{seen} MiB", expected in rows)


def overhead(bench: Bench) -> Iterator[Finding]:
    """Whether the node makes good what processes hold beside what they account."""
    what = "used and overhead, after two looks of the node"
    tenant = bench.tenant("overhead")
    node = of_node(bench.driver_root, tenant.shares_folder, LIBRARY.with_name("hami-reap"), lambda: [tenant.claim])
    with tenant.process() as process:
        process.ask("primary")
        process.ask("buffer", size=64 * MIB)
        if not bench.truth.lists(process.pid):
            yield Finding(what, "NVML does not list processes by the PIDs that they have here", "left out")
            return
        node.look()
        node.look()
        taken, used = bench.truth.taken_bytes(process.pid), tenant.charged_bytes()
        (page,) = tenant.shares_folder.glob(f"*/{LIMITS}")
        beside = read_limits(page.read_bytes()).overhead_bytes
        exact = max(0, taken - used)
        yield verdict(
            what, f"takes {_mib(taken)}, used {_mib(used)}, overhead {_mib(beside)}", 0 <= exact - beside < MIB
        )


def training(bench: Bench) -> Iterator[Finding]:
    """Whether PyTorch trains at its limit, with retries where memory ends."""
    what = "PyTorch, batches grown until memory ends"
    ended = bench.tenant("training").run(bench.python, str(_TRAINING))
    if ended.returncode == _NO_TORCH:
        yield Finding(what, f"{bench.python} has no PyTorch with CUDA; --python names one that has", "left out")
        return
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no message"])[-1]
        yield Finding(what, f"ended with {ended.returncode}: {last}", "fails")
        return
    seen = json.loads(ended.stdout.splitlines()[-1])
    text = f"{seen['steps']} steps, {seen['retries']} retries, at most {_mib(seen['reserved_bytes'])} reserved"
    fits = seen["reserved_bytes"] <= bench.share_mib * MIB - bench.context_bytes
    yield verdict(what, text, fits and seen["retries"] > 0 and seen["is_finite"])


def oversubscribed(bench: Bench) -> Iterator[Finding]:
    """What device memory is on an oversubscribed card, what of it is bounded, and whether two tenants keep more than the card has."""
    tenant = bench.tenant("oversubscribed", memory_scaling=2.0)
    with tenant.process() as process:
        process.ask("primary")
        if process.ask("buffer", size=3 * MIB).error == _NOT_SUPPORTED:
            yield Finding("an oversubscribed card", "its driver does not evict managed memory", "left out")
            return
        kind = process.ask("managed").bytes
        yield verdict(
            "a buffer there", f"managed {kind % 10}, memory type {kind // 10}", kind == _MANAGED_DEVICE_MEMORY
        )
        error = process.ask("export").error
        yield verdict("an IPC handle of it", f"CUDA error {error}", error != 0)
        error = process.ask("handle", size=bench.share_mib * MIB // 2).error
        yield verdict(
            "a handle of all that may stay on the card, beside a context",
            f"CUDA error {error}",
            error == _OUT_OF_MEMORY,
        )
    yield from _more_than_the_card(bench)


def _more_than_the_card(bench: Bench) -> Iterator[Finding]:
    size_mib = bench.card.memory_bytes // MIB * 3 // 5
    tenants = [bench.tenant(name, size_mib, memory_scaling=2.0) for name in ("evicted", "evicting")]
    with tenants[0].process() as first, tenants[1].process() as second:
        marks = {}
        for value, process in enumerate((first, second), start=1):
            process.ask("primary")
            process.ask("fill")
            marks[value] = process.ask("mark", value=value).bytes
        found = {value: process.ask("marked", value=value).bytes for value, process in ((1, first), (2, second))}
    slab_mib = _SLAB_BYTES // MIB
    seen = f"{sum(found.values()) * slab_mib} of {sum(marks.values()) * slab_mib} MiB are as they were written"
    is_more = sum(marks.values()) * _SLAB_BYTES > bench.card.memory_bytes
    yield verdict("two tenants of 60 percent of the card each", seen, is_more and found == marks)


CHECKS: Final[tuple[Callable[[Bench], Iterator[Finding]], ...]] = (
    contexts,
    sizes,
    limit,
    two_tenants,
    smi_in_a_share,
    overhead,
    oversubscribed,
    training,
)


def verdict(what: str, seen: str, holds: bool) -> Finding:
    """Return what was seen, and whether it is as it must be."""
    return Finding(what, seen, "holds" if holds else "fails")


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / MIB:g} MiB"
