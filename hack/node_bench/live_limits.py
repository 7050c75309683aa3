"""How soon a limit is in force that `hami-dra limit` changes while a program runs: by that program.

A change is seen on the page within 0.1 ms. Not here: what the program does (hack.node_bench.program).
"""

import mmap
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from dra_driver.boot import read_boot_id
from dra_driver.claims.checkpoint import checkpoint_below
from dra_driver.claims.live_limits import LiveLimits, Target, Wish
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.folders import LIMITS
from hack.gpu_check.tenant import Tenant
from hack.node_bench.moments import Change, bend_ns, first_answer_after_ns
from hack.node_bench.node import NAMESPACE, SHARE_MIB, Machine, Node

GRANTED_CORES: Final = 80
FEW_CORES: Final = 20
LITTLE_MIB: Final = 65
"""One more than a context takes of the simulated card: the program's slab has no room beside it."""
_VERSION: Final = layout.LIMITS_FIELDS["version"][0] // 8
_PROGRAM: Final = Path(__file__).with_name("program.py")
_COMMAND: Final = Path(sys.executable).parent / "hami-dra"
_POLL_S: Final = 0.00005
_LONGEST_S: Final = 10.0
_LOOK_NS: Final = 600_000_000
"""For how long a rate is looked at, before and after a change."""
_BETWEEN_S: Final = {"memory": 0.2, "cores": 1.0}
_ASLEEP_S: Final = 0.5
"""After this a program that had 80 percent of the card, and now has one, waits for credit: a unit of 20 ms takes two seconds."""
_SLEEP_S: Final = 0.1
"""For so long at most the interceptor sleeps before it looks at its limits: changes come at all times of it."""


@dataclass(slots=True)
class Times:
    """What was measured, in ms; a value for each change."""

    python: list[float] = field(default_factory=list)
    """The interpreter alone, from its start to its end."""
    change: list[float] = field(default_factory=list)
    """The turn, the checkpoint and the page, in a process that has everything imported."""
    used: list[float] = field(default_factory=list)
    """CPU time of the whole command, which does not go by what runs beside it."""
    written: list[float] = field(default_factory=list)
    """From the start of the command to the new limits on the page."""
    acted: dict[str, list[float]] = field(default_factory=dict)
    """From the page to the program, for memory and for cores."""
    woken: list[float] = field(default_factory=list)
    """From the page to a launch that waited for its share's credit, and has 80 times as much from then on."""
    in_force: dict[str, list[float]] = field(default_factory=dict)
    """From the start of the command to the program."""


def measured(machine: Machine, changes: int) -> Times:
    """Return the times of so many changes of each kind."""
    one, times = machine.node("limits", 1, GRANTED_CORES), Times()
    times.python = [_ms(_interpreter) for _ in range(changes)]
    times.change = _in_process(one, changes)
    for what, values in (("memory", (LITTLE_MIB, SHARE_MIB)), ("cores", (FEW_CORES, GRANTED_CORES))):
        _of(what, values, one, changes, times)
    times.woken = _woken(one, changes)
    return times


def _of(what: str, values: tuple[int, int], one: Node, changes: int, times: Times) -> None:
    """Change one limit to and fro under a program that asks for what it limits."""
    (tenant,) = one.tenants
    lines = one.state / f"{what}.lines"
    _limit(one, f"--{what}", values[1])
    with _running(tenant, what, lines):
        time.sleep(2 * _BETWEEN_S[what])
        seen = [_changed(one, tenant, f"--{what}", values[number % 2], _BETWEEN_S[what]) for number in range(changes)]
        end_ns = time.monotonic_ns()
    acted_ns = [*(_by_answers(lines, seen) if what == "memory" else _by_rate(lines, seen, end_ns))]
    times.used += [change.used_ms for change in seen]
    times.written += [(change.written_ns - change.asked_ns) / 1e6 for change in seen]
    times.acted[what] = [(at - change.written_ns) / 1e6 for at, change in zip(acted_ns, seen, strict=True)]
    times.in_force[what] = [(at - change.asked_ns) / 1e6 for at, change in zip(acted_ns, seen, strict=True)]


def _by_answers(lines: Path, seen: Sequence[Change]) -> Iterator[float]:
    answers = [(int(at), int(error)) for at, error in map(str.split, lines.read_text().splitlines())]
    for number, change in enumerate(seen):
        at_ns = first_answer_after_ns(answers, change, refused=number % 2 == 0)
        if at_ns is None:
            raise UnavailableError(f"the program never met change {number} of its memory; does it still run?")
        yield at_ns


def _by_rate(lines: Path, seen: Sequence[Change], end_ns: int) -> Iterator[float]:
    ends_ns = [int(line) for line in lines.read_text().splitlines()]
    nexts_ns = [*(change.asked_ns for change in seen[1:]), end_ns]
    for change, next_ns in zip(seen, nexts_ns, strict=True):
        yield bend_ns(ends_ns, change, next_ns, _LOOK_NS)


def _changed(one: Node, tenant: Tenant, flag: str, value: int, pause_s: float) -> Change:
    """Change a limit by the command, and let the program go by it for a while."""
    with (tenant.share_folder / LIMITS).open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as page:
        words = memoryview(page).cast("Q")
        before, used_s, asked_ns = words[_VERSION], _children_s(), time.monotonic_ns()
        with subprocess.Popen(_words(one, flag, value), stdout=subprocess.DEVNULL) as command:
            while words[_VERSION] == before and time.monotonic_ns() - asked_ns < _LONGEST_S * 1e9:
                time.sleep(_POLL_S)
            written_ns = time.monotonic_ns()
        words.release()
    used_ms = (_children_s() - used_s) * 1000
    if command.returncode:
        raise UnavailableError(f"hami-dra limit {flag} {value} ended with {command.returncode}; its message is above")
    time.sleep(pause_s)
    return Change(asked_ns, written_ns, used_ms)


def _limit(one: Node, flag: str, value: int) -> None:
    subprocess.run(_words(one, flag, value), check=True, stdout=subprocess.DEVNULL)


def _words(one: Node, flag: str, value: int) -> list[str]:
    folders = ["--kubelet-dir", str(one.kubelet), "--state-dir", str(one.state)]
    return [str(_COMMAND), "limit", f"{NAMESPACE}/share-0", flag, str(value), *folders]


@contextmanager
def _running(tenant: Tenant, what: str, lines: Path) -> Iterator[None]:
    program = tenant.start(sys.executable, str(_PROGRAM), what, str(lines))
    try:
        deadline_s = time.monotonic() + _LONGEST_S
        while not lines.exists() or not lines.stat().st_size:
            if program.poll() is not None or time.monotonic() > deadline_s:
                program.kill()
                raise UnavailableError(f"the program in the share did not start: {program.communicate()[1].strip()}")
            time.sleep(0.01)
        yield
    finally:
        program.kill()
        program.communicate()


def _interpreter() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def _in_process(one: Node, changes: int) -> list[float]:
    """Time changes without the command, by what it calls."""
    limits = LiveLimits(checkpoint_below(one.kubelet), one.state / "shares", read_boot_id())
    target = Target(NAMESPACE, "share-0")
    return [
        _ms(partial(limits.change, target, Wish(cores_percent=cores)))
        for cores in (GRANTED_CORES - 1, GRANTED_CORES) * (changes // 2)
    ]


def _children_s() -> float:
    """Return the CPU seconds of all that was started here and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _woken(one: Node, changes: int) -> list[float]:
    """Free a program from a long wait, again and again."""
    (tenant,) = one.tenants
    lines = one.state / "waits.lines"
    limits = LiveLimits(checkpoint_below(one.kubelet), one.state / "shares", read_boot_id())
    freed_ns = []
    with _running(tenant, "waits", lines):
        for number in range(changes):
            limits.change(Target(NAMESPACE, "share-0"), Wish(cores_percent=1))
            time.sleep(_ASLEEP_S + _SLEEP_S * number / changes)
            limits.change(Target(NAMESPACE, "share-0"), Wish(cores_percent=GRANTED_CORES))
            freed_ns.append(time.monotonic_ns())
            time.sleep(_ASLEEP_S)
    returned_ns = [int(line) for line in lines.read_text().splitlines()]
    return [(next(at for at in returned_ns if at >= freed) - freed) / 1e6 for freed in freed_ns]


def _ms(call: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    call()
    return (time.perf_counter() - start_s) * 1000
