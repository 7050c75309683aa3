"""The node's looks at its shares in one process: what is said when NVML or PIDs are out of reach, and how often the dead are refunded."""

import logging
import os
import struct
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

import pytest

from catalog.errors import UnavailableError
from dra_driver.accounting.node import Look, NodeAccounting, Processes
from dra_driver.accounting.overhead import CardProcess
from dra_driver.claims.allocation import read_claim
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import change_overhead, read_limits
from dra_driver.shares.pages_layout import SLOT_FIELDS, USAGE_FIELDS
from dra_driver.shares.processes import KnownProcesses
from dra_driver.shares.share import Claim
from dra_driver.shares.slots import Holdings, HoldingsReader
from tests.unit.driver_objects import NODE, card, claim_object, share_result, whole_result

MIB = 2**20
NO_PROCESS = 2**22 + 1
"""Above the highest PID of Linux."""


def held(folder: Path, context_bytes: int = 64 * MIB) -> tuple[Claim, Path]:
    claim = read_claim(claim_object(share_result()), NODE, (card(),))
    (share,) = claim.shares
    ShareFolders(folder, UUID(int=7), {share.card_uuid: context_bytes}).create(share)
    return claim, folder / share.name


def accounting(
    folder: Path, claims: list[Claim], processes: Processes, program: Path = Path("/bin/true")
) -> NodeAccounting:
    return NodeAccounting(folder, program, lambda: claims, lambda _: processes)


def overhead(share: Path) -> int:
    return read_limits((share / "limits").read_bytes()).overhead_bytes


def leave_dead(share: Path) -> None:
    slot = USAGE_FIELDS["slots"][0]
    with (share / "usage").open("r+b") as page:
        for offset, value in ((USAGE_FIELDS["word"][0], MIB), (slot, 2), (slot + SLOT_FIELDS["charge_bytes"][0], MIB)):
            page.seek(offset)
            page.write(struct.pack("<Q", value))
        page.seek(slot + SLOT_FIELDS["done"][0])
        page.write(struct.pack("<Q", 2))


def test_without_shares_nvml_is_not_asked(tmp_path: Path) -> None:
    whole = read_claim(claim_object(whole_result()), NODE, (card(),))

    def asked(_: Collection[str]) -> Processes:
        raise AssertionError

    assert not NodeAccounting(tmp_path, Path("/bin/true"), lambda: [whole], asked).look()


def test_what_was_charged_before_a_restart_is_taken_back(tmp_path: Path) -> None:
    claim, share = held(tmp_path)
    with (share / "limits").open("r+b") as page:
        change_overhead(page.fileno(), 64 * MIB)
    assert not accounting(tmp_path, [claim], {card().uuid: {}}).look()
    assert overhead(share) == 0


def test_what_was_charged_to_a_share_that_was_made_without_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, share = held(tmp_path, context_bytes=0)
    monkeypatch.setattr(KnownProcesses, "of", lambda _, pids: dict.fromkeys(pids, frozenset({share.name})))
    monkeypatch.setattr(HoldingsReader, "read", lambda *_: Holdings(living_bytes=10 * MIB, dead_bytes=0))
    with (share / "limits").open("r+b") as page:
        change_overhead(page.fileno(), 64 * MIB)
    node = accounting(tmp_path, [claim], {card().uuid: {os.getpid(): 500 * MIB}})
    for _ in range(3):
        assert node.look()
        assert overhead(share) == 0


def test_processes_of_others_are_charged_to_nobody_and_nothing_is_written(tmp_path: Path) -> None:
    claim, share = held(tmp_path)
    node = accounting(tmp_path, [claim], {card().uuid: {os.getpid(): 500 * MIB}})
    before = (share / "limits").read_bytes()
    assert node.look()
    assert node.look()
    assert (share / "limits").read_bytes() == before


def test_processes_of_another_pid_namespace_are_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    claim, share = held(tmp_path)
    told: list[Look] = []
    node = NodeAccounting(
        tmp_path,
        Path("/bin/true"),
        lambda: [claim],
        lambda _: {card().uuid: {NO_PROCESS: 500 * MIB}},
        (told.append,),
    )
    assert node.look()
    assert caplog.text == ""
    for _ in range(2):
        assert node.look()
    assert [look.is_blind for look in told] == [False, True, True], "of one look all may have ended meanwhile"
    assert caplog.text.count("hostPID: true") == 1
    assert overhead(share) == 0


def test_a_card_that_does_not_say_who_uses_it_is_named_once_and_leaves_what_is_in_force(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    claim, share = held(tmp_path)
    with (share / "limits").open("r+b") as page:
        change_overhead(page.fileno(), 64 * MIB)
    told: list[Look] = []
    node = NodeAccounting(tmp_path, Path("/bin/true"), lambda: [claim], lambda _: {}, (told.append,))
    for _ in range(3):
        assert not node.look()
    assert [look.unseen for look in told] == [frozenset({card().uuid})] * 3
    assert caplog.text.count(f"card {card().uuid}: NVML does not say who uses it") == 1
    assert overhead(share) == 64 * MIB


def test_a_failing_nvml_is_named_once_and_leaves_what_is_in_force(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    claim, share = held(tmp_path)
    with (share / "limits").open("r+b") as page:
        change_overhead(page.fileno(), 64 * MIB)

    def fails(_: Collection[str]) -> Processes:
        raise UnavailableError("NVML fails; does nvidia-smi work?")

    told: list[Look] = []
    node = NodeAccounting(tmp_path, Path("/bin/true"), lambda: [claim], fails, (told.append,))
    for _ in range(3):
        node.look()
    assert {look.unseen for look in told} == {frozenset({card().uuid})}
    assert caplog.text.count("does nvidia-smi work?") == 1
    assert overhead(share) == 64 * MIB


def test_a_page_that_says_dead_again_and_again_is_swept_seldom(tmp_path: Path) -> None:
    claim, share = held(tmp_path)
    leave_dead(share)
    program = tmp_path / "reaper"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n')
    program.chmod(0o755)
    node = accounting(tmp_path, [claim], {card().uuid: {}}, program)
    for _ in range(3):
        node.look()
    assert (tmp_path / "calls").read_text() == f"{share}\n"


def test_what_is_seen_is_told_and_a_fault_of_who_is_told_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    claim, _ = held(tmp_path)
    told: list[Look] = []

    def faulty(_: Look) -> None:
        raise RuntimeError("a fault")

    processes = {card().uuid: {os.getpid(): 500 * MIB, NO_PROCESS: MIB}}
    node = NodeAccounting(tmp_path, Path("/bin/true"), lambda: [claim], lambda _: processes, (faulty, told.append))
    for _ in range(2):
        assert node.look()
    assert told[0].processes == {card().uuid: [CardProcess(500 * MIB, frozenset(), os.getpid())]}
    assert list(told[0].holdings) == [claim.shares[0].name]
    assert caplog.text.count("RuntimeError: a fault") == 1


def test_a_missing_program_is_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    claim, share = held(tmp_path)
    leave_dead(share)
    with caplog.at_level(logging.WARNING):
        accounting(tmp_path, [claim], {card().uuid: {}}, tmp_path / "hami-reap").look()
    assert caplog.text.count("refunded only when a peer is refused") == 1


@pytest.mark.parametrize("length", [0, 100, 4096, 4196])
def test_a_usage_page_that_was_cut_is_left_alone(tmp_path: Path, length: int) -> None:
    claim, share = held(tmp_path)
    leave_dead(share)
    os.truncate(share / "usage", length)
    assert not accounting(tmp_path, [claim], {card().uuid: {}}).look()


def test_a_share_that_is_unprepared_meanwhile_is_left_alone(tmp_path: Path) -> None:
    claim, share = held(tmp_path)
    (share / "usage").unlink()
    assert not accounting(tmp_path, [claim], {card().uuid: {}}).look()
