"""Limits that are changed while containers run: never above what was granted, on all shares of a request or on none, and taken back."""

import fcntl
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import CorruptStateError, HamiError, InvalidInputError, UnavailableError
from catalog.names import MIB
from catalog.share_config import Copies, CorePolicy, ShareConfig
from cli.main import main
from dra_driver.claims import live_limits
from dra_driver.claims.checkpoint import State, checkpoint_below, encode, turns_lock
from dra_driver.claims.live_limits import LiveLimits, LiveShare, Target, Wish, check_wish, remarks, wished
from dra_driver.shares.folders import LIMITS, ShareFolders
from dra_driver.shares.limits_file import changing, limits_at
from dra_driver.shares.pages import Limits, change_limits, change_overhead, read_limits
from dra_driver.shares.share import Claim, Share
from dra_driver.single_turn import single_turn

BOOT = UUID(int=7)
CARDS = ("GPU-0", "GPU-1")
FIXED = ShareConfig(live_cores=False)
TARGET = Target("team", "claim")


def share(
    name: str, request: str = "main", memory_mib: int = 4000, cores: int = 30, config: ShareConfig | None = None
) -> Share:
    return Share(
        name,
        request,
        "node",
        "gpu-0-share",
        name,
        CARDS[0],
        False,
        memory_mib * MIB,
        cores,
        100,
        config or ShareConfig(),
    )


class Node:
    """The files of a node on which no driver runs."""

    def __init__(self, folder: Path, *claims: Claim, boot_id: UUID = BOOT) -> None:
        self.checkpoint, self.shares = checkpoint_below(folder), folder / "state/shares"
        self.checkpoint.parent.mkdir(parents=True)
        self.shares.mkdir(parents=True)
        self.checkpoint.write_bytes(encode(State(boot_id, claims)))
        for one in (each for claim in claims for each in claim.shares if each.is_limited):
            ShareFolders(self.shares, BOOT, {CARDS[0]: 64 * MIB}).create(one)
        self.limits = LiveLimits(self.checkpoint, self.shares, BOOT)

    def in_force(self, name: str) -> tuple[int, int]:
        limits = read_limits((self.shares / name / LIMITS).read_bytes())
        return limits.memory_bytes // MIB, limits.cores_percent


def claim_of(*shares: Share, name: str = "claim") -> Claim:
    return Claim(f"uid-{name}", "team", name, shares)


def shown(shares: Sequence[LiveShare]) -> list[tuple[int, int]]:
    return [(live.in_force.memory_bytes // MIB, live.in_force.cores_percent) for live in shares]


def test_a_change_is_in_force_on_all_shares_and_reset_takes_it_back(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a"), share("b"), share("c", "other")))
    assert shown(node.limits.of(TARGET)) == [(4000, 30)] * 3
    assert shown(node.limits.change(TARGET, Wish(1000, 20))) == [(1000, 20)] * 3
    assert shown(node.limits.change(Target("team", "claim", "main"), Wish(cores_percent=10))) == [(1000, 10)] * 2
    assert [node.in_force(name) for name in "abc"] == [(1000, 10), (1000, 10), (1000, 20)]
    assert shown(node.limits.reset(TARGET)) == [(4000, 30)] * 3


@pytest.mark.parametrize(
    "config",
    [
        ShareConfig(core_policy=CorePolicy.FORCE, priority=0, weight=7),
        ShareConfig(core_policy=CorePolicy.DISABLE, weight=500),
        FIXED,
    ],
)
def test_all_else_that_was_granted_stays_in_force(tmp_path: Path, config: ShareConfig) -> None:
    node = Node(tmp_path, claim_of(share("a", config=config)))
    (before,) = node.limits.of(TARGET)
    (after,) = node.limits.change(TARGET, Wish(1000))
    changed = replace(before.in_force, version=before.in_force.version + 1, memory_bytes=1000 * MIB)
    assert after.in_force == changed
    assert (changed.priority, changed.policy, changed.weight) == (config.priority, config.core_policy, config.weight)


def test_what_changes_nothing_is_no_new_version(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a")))
    assert [live.in_force.version for live in node.limits.change(TARGET, Wish(4000, 30))] == [1]
    assert [live.in_force.version for live in node.limits.reset(TARGET)] == [1]


@pytest.mark.parametrize(
    ("granted", "wish", "words"),
    [
        (
            share("a"),
            Wish(4001),
            "memory 4001 MiB is more than the 4000 MiB that were granted (consumedCapacity.memory)",
        ),
        (share("a"), Wish(0), "memory 0: write MiB from 1 to 4000"),
        (share("a"), Wish(-1), "memory -1: write MiB from 1 to 4000"),
        (share("a"), Wish(cores_percent=31), "cores 31 is more than the 30 percent that were granted"),
        (share("a"), Wish(cores_percent=0), "0 is not limited, and so more than the 30 percent that were granted"),
        (share("a"), Wish(cores_percent=101), "cores 101: write percent of the card from 0 (not limited) to 100"),
        (share("a"), Wish(cores_percent=-1), "cores -1: write percent of the card"),
        (share("a", cores=0, config=FIXED), Wish(cores_percent=50), "ShareConfig has liveCores: false"),
    ],
)
def test_what_was_not_granted_is_refused_with_the_remedy(
    tmp_path: Path, granted: Share, wish: Wish, words: str
) -> None:
    node = Node(tmp_path, claim_of(granted))
    with pytest.raises(InvalidInputError) as refused:
        node.limits.change(TARGET, wish)
    assert str(refused.value).startswith("claim team/claim, request main (gpu-0-share): ")
    assert words in str(refused.value)
    assert node.in_force("a") == (granted.memory_bytes // MIB, granted.cores_percent)


def test_what_one_share_cannot_have_none_gets(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a"), share("b", "other", memory_mib=1000)))
    with pytest.raises(InvalidInputError, match="request other"):
        node.limits.change(TARGET, Wish(2000))
    assert [node.in_force(name) for name in "ab"] == [(4000, 30), (1000, 30)]


def test_cores_that_were_not_limited_can_be_and_are_free_again(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a", cores=0)))
    assert shown(node.limits.change(TARGET, Wish(cores_percent=100))) == [(4000, 100)]
    assert shown(node.limits.change(TARGET, Wish(cores_percent=0))) == [(4000, 0)]


def test_fixed_cores_leave_memory_free_to_change(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a", config=FIXED)))
    assert shown(node.limits.change(TARGET, Wish(2000, 30))) == [(2000, 30)]
    assert node.limits.of(TARGET)[0].in_force.fixed_cores


def test_a_change_of_limits_leaves_whether_copies_are_charged(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a", cores=50, config=ShareConfig(copies=Copies.CHARGED))))
    assert shown(node.limits.change(TARGET, Wish(cores_percent=30))) == [(4000, 30)]
    assert node.limits.of(TARGET)[0].in_force.copies


@given(
    granted=st.tuples(st.integers(1, 2**24), st.integers(0, 100)),
    wish=st.builds(Wish, st.none() | st.integers(-(2**65), 2**65), st.none() | st.integers(-200, 200)),
)
def test_nothing_above_the_grant_is_ever_put_in_force(granted: tuple[int, int], wish: Wish) -> None:
    one = share("a", memory_mib=granted[0], cores=granted[1])
    limits = Limits(CARDS[0], 1, one.memory_bytes, one.cores_percent, 1, CorePolicy.DEFAULT, 100)
    try:
        check_wish(LiveShare(claim_of(one), one, limits, 0), wish)
    except HamiError:
        return
    memory_bytes, cores_percent = wished(limits, wish)
    assert 0 < memory_bytes <= one.memory_bytes
    assert 0 <= cores_percent <= (one.cores_percent or 100)
    assert cores_percent or not one.cores_percent


def test_what_is_not_there_is_told_with_what_is(tmp_path: Path) -> None:
    whole = replace(share("w"), whole=True)
    node = Node(tmp_path, claim_of(share("a"), share("b", "other")), claim_of(whole, name="big"))
    for target, words in (
        (Target("team", "none"), "claim team/none: is not prepared on this node; there are: team/big, team/claim"),
        (Target("team", "claim", "x"), "claim team/claim, request x: there is no such request; .* main, other"),
        (Target("team", "big"), "claim team/big: has no limits: whole cards"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            node.limits.of(target)


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"checkpoint\.json: is not there"):
        LiveLimits(tmp_path / "checkpoint.json", tmp_path, BOOT).of(TARGET)
    node = Node(tmp_path, claim_of(share("a")))
    with pytest.raises(UnavailableError, match="shares-elsewhere/a/limits: No such file"):
        LiveLimits(node.checkpoint, tmp_path / "shares-elsewhere", BOOT).of(TARGET)
    with pytest.raises(UnavailableError, match="the machine was booted since"):
        LiveLimits(node.checkpoint, node.shares, UUID(int=8)).of(TARGET)
    (node.shares / "a/limits").write_bytes(b"x")
    with pytest.raises(CorruptStateError, match="limits page: 1 bytes long"):
        node.limits.of(TARGET)
    node.checkpoint.write_bytes(b"x")
    with pytest.raises(CorruptStateError, match="the driver's log says how this node is resolved"):
        node.limits.of(TARGET)
    assert [path.name for path in node.checkpoint.parent.glob("*.json*")] == ["checkpoint.json"], "it stays where it is"


def test_it_waits_for_the_turn_of_a_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(tmp_path, claim_of(share("a")))
    waiting, done = threading.Event(), threading.Event()

    def telling_turn(path: Path) -> object:
        waiting.set()
        return single_turn(path)

    def change() -> None:
        node.limits.change(TARGET, Wish(1000))
        done.set()

    monkeypatch.setattr(live_limits, "single_turn", telling_turn)
    with single_turn(turns_lock(node.checkpoint)):
        thread = threading.Thread(target=change)
        thread.start()
        assert waiting.wait(10)
        assert node.in_force("a") == (4000, 30)
        assert not done.is_set()
    thread.join(10)
    assert node.in_force("a") == (1000, 30)


def test_changes_of_two_processes_are_both_kept(tmp_path: Path) -> None:
    """The driver charges overhead while somebody changes limits: each begins with what the other has written."""
    node = Node(tmp_path, claim_of(share("a")))
    folder, rounds = node.shares / "a", 100

    def charge() -> None:
        for overhead in range(1, rounds + 1):
            with changing(folder) as page:
                change_overhead(page, overhead)

    thread = threading.Thread(target=charge)
    thread.start()
    for cores in range(rounds):
        node.limits.change(TARGET, Wish(cores_percent=cores % 30 + 1))
    thread.join()
    (live,) = node.limits.of(TARGET)
    assert (live.in_force.overhead_bytes, live.in_force.cores_percent) == (rounds, (rounds - 1) % 30 + 1)
    assert live.in_force.version == 1 + 2 * rounds


def test_what_a_container_locks_holds_nobody_off(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a")))
    with (node.shares / "a" / LIMITS).open("rb") as mounted:
        fcntl.flock(mounted, fcntl.LOCK_EX)
        with changing(node.shares / "a") as page:
            assert limits_at(page).version == 1


def test_what_may_surprise_is_remarked(tmp_path: Path) -> None:
    disabled = ShareConfig(core_policy=CorePolicy.DISABLE)
    node = Node(tmp_path, claim_of(share("a", config=disabled)))
    (live,) = node.limits.change(TARGET, Wish(63))
    assert [text.partition("): ")[2][:29] for text in remarks(replace(live, used_bytes=64 * MIB))] == [
        "uses more memory than its lim",
        "no CUDA program can start, si",
        "cores are not held, since its",
    ]
    node = Node(tmp_path / "other", claim_of(share("a")))
    (quiet,) = node.limits.of(TARGET)
    assert list(remarks(quiet)) == []
    full = replace(quiet, used_bytes=3999 * MIB)
    assert list(remarks(full)) == []
    charged = replace(full, in_force=replace(full.in_force, overhead_bytes=2 * MIB))
    assert len(list(remarks(charged))) == 1, "what is charged beside counts as used"


def command(node: Node, folder: Path, *words: str) -> int:
    return main(["limit", *words, "--kubelet-dir", str(folder), "--state-dir", str(folder / "state")])


def test_the_command_shows_what_was_granted_and_what_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dra_driver.boot.read_boot_id", lambda: BOOT)
    node = Node(tmp_path, claim_of(share("a", cores=0), share("b", "other")))
    assert command(node, tmp_path, "team/claim", "--memory", "1000", "--cores", "5", "--request", "main") == 0
    capsys.readouterr()
    assert command(node, tmp_path, "team/claim", "--show") == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["main", "gpu-0-share", "1000Mi", "4000Mi", "0Mi", "5", "unlimited"],
        ["other", "gpu-0-share", "4000Mi", "4000Mi", "0Mi", "30", "30"],
    ]
    assert command(node, tmp_path, "team/claim", "--reset") == 0
    assert node.in_force("a") == (4000, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("claim",), "'claim': write NAMESPACE/CLAIM"),
        (("a/b/c",), "'a/b/c': write NAMESPACE/CLAIM"),
        (("team/claim", "--reset", "--cores", "5"), "--reset and --show go without them"),
        (("team/claim", "--cores", "31"), "cores 31 is more than the 30 percent that were granted"),
    ],
)
def test_the_command_refuses_in_one_line(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("dra_driver.boot.read_boot_id", lambda: BOOT)
    assert command(Node(tmp_path, claim_of(share("a"))), tmp_path, *words) == 1
    line = capsys.readouterr().err
    assert line.startswith("hami-dra limit: ")
    assert said in line
    assert line.count("\n") == 1


def test_a_damaged_limits_page_is_not_changed(tmp_path: Path) -> None:
    node = Node(tmp_path, claim_of(share("a")))
    os.truncate(node.shares / "a" / LIMITS, 100)
    with changing(node.shares / "a") as page, pytest.raises(CorruptStateError):
        change_limits(page, memory_bytes=1, cores_percent=0, priority=1, policy=CorePolicy.DEFAULT, weight=1)
