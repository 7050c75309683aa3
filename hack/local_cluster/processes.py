"""Processes of a cluster: started apart from the caller's terminal, known by pid and start time, ended gently, then surely.

A pid alone is never trusted: it may have been given to another process meanwhile.
"""

import contextlib
import os
import signal
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

POLL_S: Final = 0.02
USUAL_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE, signal.SIGXFSZ)
"""Signals that this process, or Python itself, may ignore, and that a new process must treat as usual."""


class ProcessIdentity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process for as long as it lives; `start_ticks` is its start in clock ticks since boot."""

    pid: int
    start_ticks: int


def identity_of(pid: int) -> ProcessIdentity | None:
    """Identity of a live process; None if there is none, or only its unreaped remains."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return parse_stat(pid, stat)


def parse_stat(pid: int, stat: str) -> ProcessIdentity | None:
    """Identity in the text of /proc/<pid>/stat (proc(5)); None for a zombie. The second field, a name, may hold anything."""
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else ProcessIdentity(pid, int(fields[18]))


def is_alive(process: ProcessIdentity) -> bool:
    """Whether this very process still lives."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)  # reaps it if it was started by this process and has ended
    return identity_of(process.pid) == process


def spawn(command: Sequence[str], environ: Mapping[str, str], log: Path) -> ProcessIdentity:
    """Start a program in a session of its own, without terminal, its output appended to `log`.

    It inherits nothing that the caller has open: a lock that the caller was started under must not outlive it in a daemon.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
        *((os.POSIX_SPAWN_CLOSE, descriptor) for descriptor in _inheritable()),
    ]
    pid = os.posix_spawn(
        command[0],
        list(command),
        environ,
        file_actions=actions,
        setsid=True,
        setsigmask=(),
        setsigdef=USUAL_SIGNALS,
    )
    return identity_of(pid) or ProcessIdentity(pid, 0)


def _inheritable() -> Iterator[int]:
    """Open descriptors, beyond the usual three, that a new program would find open."""
    for descriptor in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        with contextlib.suppress(OSError):  # the one of the listing itself is closed by now
            if descriptor > 2 and os.get_inheritable(descriptor):
                yield descriptor


def end(processes: Collection[ProcessIdentity], grace_s: float) -> None:
    """Ask processes to end, and kill those that have not within `grace_s`."""
    _signal(processes, signal.SIGTERM)
    remaining = _await_end(processes, grace_s)
    _signal(remaining, signal.SIGKILL)
    _await_end(remaining, grace_s)


def kill(processes: Collection[ProcessIdentity]) -> None:
    """Kill processes at once."""
    _signal(processes, signal.SIGKILL)


def _signal(processes: Collection[ProcessIdentity], number: signal.Signals) -> None:
    for process in processes:
        try:
            handle = os.pidfd_open(process.pid)
        except OSError:
            continue
        try:
            # The handle pins the process that has the pid now; only if that is the one meant is it signalled.
            if identity_of(process.pid) == process:
                signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            continue
        finally:
            os.close(handle)


def _await_end(processes: Collection[ProcessIdentity], limit_s: float) -> list[ProcessIdentity]:
    deadline = time.monotonic() + limit_s
    remaining = list(processes)
    while (remaining := [process for process in remaining if is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return remaining


def record(path: Path, process: ProcessIdentity) -> None:
    """Write a process record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(process))


def recorded(path: Path) -> ProcessIdentity | None:
    """The process of a record; None where there is no readable one."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ProcessIdentity)
    except (OSError, msgspec.DecodeError):
        return None
