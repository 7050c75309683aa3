"""Processes are known by pid and start time, so that a recycled pid is never signalled; and they end."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hack.local_cluster import processes
from hack.local_cluster.processes import ProcessIdentity


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[ProcessIdentity]:
    process = processes.spawn(["/bin/sleep", "1000"], {}, tmp_path / "log")
    yield process
    processes.end([process], 5.0)


def stat_of(state: str, name: str = "sleep", start: int = 4711) -> str:
    return f"7 ({name}) {state} " + " ".join(["0"] * 18) + f" {start} 0 0"


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=20))
def test_a_process_may_be_called_anything(name: str) -> None:
    assert processes.parse_stat(7, stat_of("S", name)) == ProcessIdentity(7, 4711)


@pytest.mark.parametrize("state", ["Z", "X"])
def test_remains_that_were_not_reaped_are_no_process(state: str) -> None:
    assert processes.parse_stat(7, stat_of(state)) is None


def test_a_started_process_lives_in_a_session_of_its_own_without_terminal(sleeper: ProcessIdentity) -> None:
    assert processes.is_alive(sleeper)
    assert os.getsid(sleeper.pid) == sleeper.pid
    assert (Path("/proc") / str(sleeper.pid) / "fd" / "0").readlink() == Path(os.devnull)


def test_a_lock_that_the_caller_holds_is_not_held_by_what_it_starts(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock, (tmp_path / "lock").open("w") as rival:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        process = processes.spawn(["/bin/sleep", "1000"], {}, tmp_path / "log")
        lock.close()
        try:
            fcntl.flock(rival, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            processes.end([process], 5.0)


def test_a_recycled_pid_is_neither_alive_nor_signalled(sleeper: ProcessIdentity) -> None:
    earlier = ProcessIdentity(sleeper.pid, sleeper.start_ticks - 1)
    assert not processes.is_alive(earlier)
    processes.end([earlier], 5.0)
    processes.kill([earlier])
    assert processes.is_alive(sleeper)


def test_a_process_that_does_not_want_to_end_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stubborn = processes.spawn(["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"], {}, log)
    while "ready" not in log.read_text():
        time.sleep(0.01)
    processes.end([stubborn], 0.1)
    assert not processes.is_alive(stubborn)


def test_a_process_may_end_in_its_own_way(tmp_path: Path) -> None:
    log = tmp_path / "log"
    polite = processes.spawn(
        ["/bin/sh", "-c", "trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.05; done"], {}, log
    )
    while "ready" not in log.read_text():
        time.sleep(0.01)
    processes.end([polite], 30.0)
    assert log.read_text() == "ready\nbye\n"


def test_what_the_caller_does_with_signals_does_not_reach_what_it_starts(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = "grep -E 'SigBlk|SigIgn' /proc/self/status; exec sleep 1000"
    earlier = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    process = processes.spawn(["/bin/sh", "-c", script], {"PATH": "/bin:/usr/bin"}, log)
    try:
        while "SigIgn" not in log.read_text():
            time.sleep(0.01)
        blocked, ignored = (int(mask, 16) for mask in log.read_text().split()[1::2])
        assert blocked == 0
        assert not [number for number in processes.USUAL_SIGNALS if ignored >> (number - 1) & 1]
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, earlier)
        signal.signal(signal.SIGHUP, handler)
        processes.end([process], 5.0)


def test_a_child_that_ended_is_not_alive_though_nobody_waited_for_it() -> None:
    with subprocess.Popen(["/bin/true"]) as child:
        identity = processes.identity_of(child.pid)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert processes.identity_of(child.pid) is None
        assert identity is None or identity.pid == child.pid


def test_a_record_gives_the_process_back_and_a_damaged_one_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "pid" / "etcd.json"
    processes.record(path, ProcessIdentity(12, 34))
    assert processes.recorded(path) == ProcessIdentity(12, 34)
    path.write_bytes(path.read_bytes()[:-3])
    assert processes.recorded(path) is None
    assert processes.recorded(tmp_path / "none.json") is None
