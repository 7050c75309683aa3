"""What uses a card past the interceptor, on played looks: what is found, what is not, and that each is found once."""

import struct
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest

from catalog.names import MIB
from catalog.share_config import CorePolicy, ShareConfig
from dra_driver.accounting import cross_check
from dra_driver.accounting.cross_check import CrossCheck, Finding, Reason
from dra_driver.accounting.node import Look
from dra_driver.accounting.overhead import CardProcess
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import change_limits
from dra_driver.shares.share import Share
from dra_driver.shares.slots import Holdings
from tests.unit.driver_objects import add_sample

CARD = "GPU-1"
POD = "3c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d11"
SECOND = 10**9
CONTEXT_MIB = 300


class Node:
    """Shares on disk, and processes that say of themselves what a test wants: process 7 has the PID 7 in namespace 1."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.found: list[Finding] = []
        self.is_on = True
        self.monitors: set[str | None] = set()
        self.pods: dict[int, str | None] = {}
        self.starts: dict[int, int] = {}
        self.servers: set[int] = set()
        self.now_ns = 1000 * SECOND
        monkeypatch.setattr(cross_check, "identity_of", lambda pid: (1, pid))
        monkeypatch.setattr(cross_check, "serves_mps", lambda pid: pid in self.servers)
        monkeypatch.setattr(cross_check, "started", lambda pid: self.starts.get(pid, 1))
        monkeypatch.setattr(cross_check, "pod_uid_of", lambda pid: self.pods.get(pid, POD))
        self.check = CrossCheck(
            folder, lambda: self.is_on, lambda _, pod: pod in self.monitors, self.found.append, lambda: self.now_ns
        )

    def share(
        self, name: str, cores: int = 30, config: ShareConfig | None = None, context_mib: int = CONTEXT_MIB
    ) -> str:
        share = Share(name, "main", "n", "gpu-0-share", name, CARD, False, 2**30, cores, 100, config or ShareConfig())
        ShareFolders(self.folder, UUID(int=7), {CARD: context_mib * MIB}).create(share)
        return name

    def look(self, processes: Mapping[int, tuple[int, str]], accounted: Mapping[str, Mapping[int, int]] = {}) -> None:
        """`processes`: MiB and share by PID; `accounted`: MiB by PID, of each share."""
        self.check.take(
            Look(
                {
                    CARD: [
                        CardProcess(mib * MIB, frozenset({name} - {""}), pid) for pid, (mib, name) in processes.items()
                    ]
                },
                {
                    name: Holdings(sum(slots.values()) * MIB, 0, frozenset((1, pid) for pid in slots))
                    for name, slots in accounted.items()
                },
            )
        )

    def reasons(self) -> list[tuple[Reason, int]]:
        return [(finding.reason, finding.pid) for finding in self.found]

    def pass_time(self, seconds: int, seen: Mapping[str, float], accounted: Mapping[str, float]) -> None:
        """Let shares use such parts of the card's time, as the node sees it and as they account it themselves."""
        self.now_ns += seconds * SECOND
        for name, part in seen.items():
            add_sample(self.folder / name / "limits", int(part * seconds * SECOND), self.now_ns)
        for name, part in accounted.items():
            at = layout.USAGE_FIELDS["slots"][0] + layout.SLOT_FIELDS["busy_ns"][0]
            with (self.folder / name / "usage").open("r+b") as usage:
                usage.seek(at)
                (before,) = struct.unpack("<Q", usage.read(8))
                usage.seek(at)
                usage.write(struct.pack("<Q", before + int(part * seconds * SECOND)))


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    return Node(tmp_path, monkeypatch)


def test_processes_that_account_what_they_hold_are_never_found(node: Node) -> None:
    for _ in range(5):
        node.look({7: (1000, node.share("a")), 8: (2400, "a")}, {"a": {7: 900, 8: 1500}})
    assert node.found == []


def test_a_process_without_a_share_is_found_at_the_second_look_and_once(node: Node) -> None:
    node.look({7: (500, "")})
    assert node.found == []
    for _ in range(3):
        node.look({7: (500, "")})
    (finding,) = node.found
    assert (finding.reason, finding.card_uuid, finding.pid, finding.pod_uid, finding.share) == (
        Reason.OUTSIDE,
        CARD,
        7,
        POD,
        None,
    )
    assert "process 7 uses it (500 MiB) and has no share of it" in finding.message
    assert node.check.findings == {("outside", CARD): 1}


def test_what_comes_and_goes_between_two_looks_is_no_finding(node: Node) -> None:
    for pid in range(5):
        node.look({pid: (500, "")})
    assert node.found == []


def test_another_process_under_the_same_pid_is_found_again(node: Node) -> None:
    for start in (1, 1, 2, 2):
        node.starts[7] = start
        node.look({7: (500, "")})
    assert node.reasons() == [(Reason.OUTSIDE, 7)] * 2


def test_the_nodes_own_processes_are_told_apart(node: Node) -> None:
    node.pods[7] = None
    for _ in range(2):
        node.look({7: (500, "")})
    assert node.reasons() == [(Reason.NODE, 7)]


def test_who_monitors_the_card_may_use_it(node: Node) -> None:
    node.monitors.add(POD)
    for _ in range(3):
        node.look({7: (500, "")})
    assert node.found == []
    assert not node.check.findings


def test_a_process_of_a_share_that_accounts_nothing_is_found(node: Node) -> None:
    for _ in range(3):
        node.look({7: (1000, node.share("a")), 8: (400, "a")}, {"a": {7: 1000}})
    (finding,) = node.found
    assert (finding.reason, finding.pid, finding.share, finding.pod_uid) == (Reason.UNACCOUNTED, 8, "a", POD)


def test_a_process_that_cannot_name_its_namespace_is_known_by_its_pid(node: Node) -> None:
    node.share("a")
    for _ in range(3):
        held = Holdings(500 * MIB, 0, frozenset({(0, 7)}))
        node.check.take(Look({CARD: [CardProcess(500 * MIB, frozenset({"a"}), 7)]}, {"a": held}))
    assert node.found == []


def test_a_process_that_accounts_on_another_of_its_shares_is_not_found(node: Node) -> None:
    both = CardProcess(500 * MIB, frozenset({node.share("a"), node.share("b")}), 7)
    for _ in range(3):
        node.check.take(Look({CARD: [both]}, {"a": Holdings(0, 0), "b": Holdings(500 * MIB, 0, frozenset({(1, 7)}))}))
    assert node.found == []


@pytest.mark.parametrize(("mib", "is_found"), [(300, False), (900, False), (3000, True)])
def test_where_contexts_are_not_accounted_a_process_may_hold_one(node: Node, mib: int, is_found: bool) -> None:
    for _ in range(3):
        node.look({7: (mib, node.share("a", context_mib=0))}, {"a": {}})
    assert bool(node.found) is is_found


@pytest.mark.parametrize(("held_mib", "is_found"), [(3000, False), (5000, True)])
def test_a_share_that_holds_more_than_code_explains_is_found(node: Node, held_mib: int, is_found: bool) -> None:
    for _ in range(3):
        node.look({7: (held_mib // 2, node.share("a")), 8: (held_mib // 2 + 1, "a")}, {"a": {7: 500, 8: 500}})
    assert node.reasons() == ([(Reason.MEMORY, 8)] if is_found else [])


@pytest.mark.parametrize(("held_mib", "is_found"), [(4000, False), (6000, True)])
def test_where_contexts_are_not_accounted_each_process_of_a_share_may_hold_one(
    node: Node, held_mib: int, is_found: bool
) -> None:
    share = node.share("a", context_mib=0)
    for _ in range(3):
        node.look({7: (held_mib // 2, share), 8: (held_mib // 2, share)}, {"a": {7: 500, 8: 500}})
    assert bool(node.found) is is_found


def test_a_share_whose_pages_cannot_be_read_is_no_finding(node: Node) -> None:
    for _ in range(3):
        node.look({7: (5000, node.share("a"))}, {})
    assert node.found == []


def test_nothing_is_found_while_it_is_off(node: Node) -> None:
    node.is_on = False
    for _ in range(3):
        node.look({7: (500, "")})
    node.is_on = True
    node.look({7: (500, "")})
    assert node.found == []
    node.is_on = False
    node.look({7: (500, "")})
    node.is_on = True
    node.look({7: (500, "")})
    assert node.found == [], "two looks in a row have it, not two with a pause between them"
    node.look({7: (500, "")})
    assert node.reasons() == [(Reason.OUTSIDE, 7)]


FORCE = ShareConfig(core_policy=CorePolicy.FORCE)


def time_of(
    node: Node, seen: Mapping[str, float], accounted: Mapping[str, float], windows: int = 2
) -> list[tuple[Reason, int]]:
    """Let windows of 10 s pass; shares are a: process 1, b: process 2."""
    processes = {pid: (500, name) for pid, name in enumerate(seen, 1)}
    holdings = {name: {pid: 500} for pid, name in enumerate(seen, 1)}
    for _ in range(windows):
        for _ in range(10):
            node.pass_time(1, seen, accounted)
            node.look(processes, holdings)
    return node.reasons()


@pytest.mark.parametrize(
    ("seen", "accounted", "is_found"),
    [(0.9, 0.3, True), (0.9, 0.85, False), (0.38, 0.1, False), (0.3, 0.3, False)],
)
def test_a_share_over_its_cap_that_accounts_less_is_found(
    node: Node, seen: float, accounted: float, is_found: bool
) -> None:
    node.share("a", config=FORCE)
    assert time_of(node, {"a": seen}, {"a": accounted}) == ([(Reason.TIME, 1)] if is_found else [])


def test_less_than_ten_seconds_over_the_cap_are_no_finding(node: Node) -> None:
    node.share("a", config=FORCE)
    assert time_of(node, {"a": 0.9}, {"a": 0.1}, windows=1) == []


@pytest.mark.parametrize(("neighbour", "is_found"), [(0.0, False), (0.1, True)])
def test_a_cap_by_the_default_policy_binds_beside_neighbours_at_work(
    node: Node, neighbour: float, is_found: bool
) -> None:
    node.share("a")
    node.share("b")
    found = time_of(node, {"a": 0.9, "b": neighbour}, {"a": 0.1, "b": neighbour})
    assert found == ([(Reason.TIME, 1)] if is_found else [])


@pytest.mark.parametrize("config", [ShareConfig(core_policy=CorePolicy.DISABLE), FORCE])
def test_a_share_without_a_cap_is_never_over_it(node: Node, config: ShareConfig) -> None:
    node.share("a", cores=30 if config.core_policy is CorePolicy.DISABLE else 0, config=config)
    node.share("b")
    assert time_of(node, {"a": 1.0, "b": 0.2}, {"a": 0.0, "b": 0.2}) == []


def test_a_cap_that_changed_meanwhile_is_held_against_the_next_window(node: Node) -> None:
    node.share("a", cores=90, config=FORCE)
    assert time_of(node, {"a": 0.9}, {"a": 0.1}, windows=1) == []
    with (node.folder / "a/limits").open("r+b") as limits:
        change_limits(limits.fileno(), memory_bytes=1, cores_percent=30, priority=1, policy=CorePolicy.FORCE, weight=1)
    assert time_of(node, {"a": 0.9}, {"a": 0.1}, windows=1) == []
    assert time_of(node, {"a": 0.9}, {"a": 0.1}, windows=1) == [(Reason.TIME, 1)]


@pytest.mark.parametrize("pod", [None, POD])
def test_an_mps_server_is_told_as_such_and_once(node: Node, pod: str | None) -> None:
    """Listed alone, as before Volta, with all that its clients hold; or with its clients, who account that."""
    node.servers, node.pods[9] = {9}, pod
    for _ in range(3):
        node.look({9: (9000, "")}, {node.share("a"): {7: 4000}})
    (finding,) = node.found
    assert (finding.reason, finding.pid, finding.share) == (Reason.MPS, 9, None)
    assert "process 9 is an MPS server" in finding.message
    assert node.check.findings == {("mps", CARD): 1}


def test_clients_beside_their_server_are_held_against_what_they_account(node: Node) -> None:
    node.servers = {9}
    for _ in range(3):
        node.look({9: (30, ""), 7: (4100, node.share("a")), 8: (900, node.share("b"))}, {"a": {7: 4000}, "b": {}})
    assert node.reasons() == [(Reason.MPS, 9), (Reason.UNACCOUNTED, 8)]


def test_a_server_in_the_namespace_of_a_monitor_is_left_alone(node: Node) -> None:
    node.servers, node.monitors = {9}, {POD}
    for _ in range(3):
        node.look({9: (30, "")})
    assert node.found == []


@pytest.mark.parametrize("listed", [{9: (4100, "a")}, {9: (30, "a"), 7: (4100, "a")}])
def test_a_shares_own_mps_server_accounts_nothing_and_is_no_finding(
    node: Node, listed: Mapping[int, tuple[int, str]]
) -> None:
    node.share("a")
    node.servers = {9}
    for _ in range(3):
        node.look(listed, {"a": {7: 4000}})
    assert node.found == []


def test_who_calls_itself_a_server_of_its_share_cannot_hold_what_it_does_not_account(node: Node) -> None:
    node.share("a")
    node.servers = {9}
    for _ in range(3):
        node.look({9: (5000, "a"), 7: (400, "a")}, {"a": {7: 400}})
    assert node.reasons() == [(Reason.MEMORY, 9)]


def test_clients_of_a_shares_own_server_overlap_and_are_not_taken_for_too_busy(node: Node) -> None:
    node.share("a", config=FORCE)
    node.servers = {1}
    assert time_of(node, {"a": 0.6}, {"a": 0.3}) == []
