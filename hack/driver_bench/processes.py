"""What a process occupies and uses, from /proc (proc(5)) and its CPU clock (clock_gettime(2))."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SCHEDULER_CLOCK: Final = 2
"""CPUCLOCK_SCHED of the kernel: user and system time of all threads of a process, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a process, in MiB."""

    resident_mib: float
    proportional_mib: float
    """Shared pages counted in parts (PSS)."""
    private_mib: float
    """What would be free without it (USS)."""


def memory(pid: int) -> Memory:
    """Return what a process occupies now."""
    sizes: dict[str, float] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, *_ = line.split()
        sizes[name] = int(size) / 1024
    return Memory(sizes["Rss:"], sizes["Pss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"])


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used, all threads together."""
    return time.clock_gettime(~pid << 3 | _SCHEDULER_CLOCK)
