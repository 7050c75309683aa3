"""The time that shares use of their cards, on a played NVML: summed up by share, written in place, and said to be unknown where it is."""

import asyncio
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest

from catalog.errors import CorruptStateError, UnavailableError
from catalog.share_config import CorePolicy, ShareConfig
from dra_driver.accounting import utilization
from dra_driver.accounting.node import Look
from dra_driver.accounting.overhead import CardProcess
from dra_driver.accounting.utilization import Utilization
from dra_driver.nvml.utilization import CardTime
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import change_limits, read_limits
from dra_driver.shares.share import Share
from dra_driver.shares.time_pages import Samples, read_samples, read_time
from tests.unit.driver_objects import add_sample

CARD, OTHER_CARD = "GPU-1", "GPU-2"
SECOND = 10**9
HALF = SECOND // 2


class Node:
    """Shares on disk, a clock that is set, and an NVML that says what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_ns = 1000 * SECOND
        self.says: dict[str, CardTime] = {}
        self.asked: list[Mapping[str, int]] = []
        self.mounted: dict[int, frozenset[str]] = {}
        self.utilization = Utilization(folder, self._read, self.mounted.get, lambda: self.now_ns)

    def _read(self, seen_us: Mapping[str, int]) -> Mapping[str, CardTime]:
        self.asked.append(dict(seen_us))
        return {uuid: self.says.get(uuid, CardTime({}, after)) for uuid, after in seen_us.items()}

    def share(self, name: str, cores: int = 30, card: str = CARD, config: ShareConfig | None = None) -> str:
        share = Share(name, "main", "n", "gpu-0-share", name, card, False, 2**30, cores, 100, config or ShareConfig())
        ShareFolders(self.folder, UUID(int=7)).create(share)
        return name

    def at_work(self, shares: Mapping[int, frozenset[str]], card: str = CARD) -> None:
        self.utilization.take(Look({card: [CardProcess(2**20, names, pid) for pid, names in shares.items()]}))

    def after(self, passed_ns: int, percents: Mapping[int, float], card: str = CARD) -> None:
        self.now_ns += passed_ns
        self.says[card] = CardTime(percents, self.now_ns // 1000)
        self.utilization.sample()

    def samples(self, name: str) -> Samples:
        return read_samples((self.folder / name / "limits").read_bytes())


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def test_busy_time_is_the_percent_of_all_processes_times_the_time_between_samples(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")}), 2: frozenset({"a"}), 3: frozenset({node.share("b")})})
    node.after(HALF, {1: 99, 2: 1, 3: 50})
    assert node.samples("a") == Samples(0, node.now_ns), "what was before the first look is of an unknown time"
    node.after(HALF, {1: 20, 2: 10, 3: 40})
    assert node.samples("a") == Samples(HALF * 30 // 100, node.now_ns)
    assert node.samples("b") == Samples(HALF * 40 // 100, node.now_ns)
    node.after(SECOND, {1: 10, 77: 90})
    assert node.samples("a") == Samples(HALF * 30 // 100 + SECOND // 10, node.now_ns)
    assert node.samples("b") == Samples(HALF * 40 // 100, node.now_ns), "a share that idles is sampled as idle"


def test_samples_are_asked_for_from_the_newest_on_that_was_seen(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    first_us = node.now_ns // 1000
    node.after(HALF, {1: 50})
    assert node.asked == [{CARD: 0}, {CARD: first_us}]


def test_a_time_without_samples_is_over_for_the_next_question(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    seen_us = node.now_ns // 1000
    node.says.clear()
    for number in (1, 2):
        node.now_ns += HALF
        node.utilization.sample()
        assert node.asked[-1] == {CARD: seen_us + (number - 1) * HALF // 1000}


def test_a_process_with_two_shares_of_a_card_counts_once(node: Node) -> None:
    node.at_work({1: frozenset({node.share("b"), node.share("a")})})
    node.after(HALF, {1: 60})
    node.after(HALF, {1: 60})
    assert (node.samples("a").busy_ns, node.samples("b")) == (HALF * 60 // 100, Samples(0, 0))


def test_a_process_that_came_since_the_last_look_is_counted_for_its_share(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 10})
    node.mounted.update({2: frozenset({"a"}), 3: frozenset({"b"})})
    node.after(HALF, {1: 10, 2: 20, 3: 30, 4: 40})
    assert node.samples("a").busy_ns == HALF * 30 // 100


def test_a_share_that_comes_to_work_on_a_sampled_card_begins_its_own_series(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 10})
    node.at_work({1: frozenset({"a"}), 2: frozenset({node.share("b")})})
    node.after(HALF, {1: 10, 2: 50})
    assert (node.samples("a").busy_ns, node.samples("b").busy_ns) == (HALF // 10, 0)
    node.after(HALF, {1: 10, 2: 50})
    assert node.samples("b").busy_ns == HALF // 2


@pytest.mark.parametrize(("predicted_s", "seen_s"), [(0, 0), (2, 3), (100, 10)])
def test_what_was_not_seen_counts_as_the_shares_own_clock_has_it(node: Node, predicted_s: int, seen_s: int) -> None:
    """By its factor, 1.5 here, since the last sample that it took in, and no more than the time that passed."""
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    factor = layout.USAGE_FIELDS["factor"][0]
    with (node.folder / "a/usage").open("r+b") as usage:
        for at, value in (
            (factor + layout.FACTOR_FIELDS["factor_q32"][0], 3 << 31),
            (factor + layout.FACTOR_FIELDS["next"][0], 2),
            (factor + layout.FACTOR_FIELDS["predicted_ns"][0] + 8, 7 * SECOND),
            (layout.USAGE_FIELDS["predicted_ns"][0], (7 + predicted_s) * SECOND),
        ):
            usage.seek(at)
            usage.write(struct.pack("<Q", value))
    node.after(10 * SECOND, {1: 50})
    assert node.samples("a") == Samples(seen_s * SECOND, node.now_ns)


def test_no_share_was_busier_than_its_card(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")}), 2: frozenset({"a"})})
    node.after(HALF, {})
    node.after(HALF, {1: 70, 2: 70})
    assert node.samples("a").busy_ns == HALF


def test_after_a_pause_a_new_series_begins(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    node.after(10 * SECOND, {1: 50})
    assert node.samples("a") == Samples(0, node.now_ns)
    node.after(HALF, {1: 50})
    assert node.samples("a").busy_ns == HALF // 2


SERVER = 9


@pytest.mark.parametrize("percents", [{SERVER: 97}, {}, {1: 30, SERVER: 97}])
def test_of_the_clients_of_an_mps_server_there_are_no_samples(
    node: Node, percents: Mapping[int, float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A share that is not named would be sampled as idle, and then be let have four times its limit."""
    clients = {1: frozenset({node.share("a")}), SERVER: frozenset[str]()}
    node.at_work(clients)
    node.after(HALF, {1: 30})
    node.after(HALF, {1: 30})
    assert node.samples("a").sampled_at_ns
    monkeypatch.setattr(utilization, "serves_mps", lambda pid: pid == SERVER)
    node.at_work(clients)
    asked = len(node.asked)
    for _ in range(3):
        node.after(HALF, percents)
    assert node.samples("a").sampled_at_ns == 0
    assert node.utilization.sampled == {CARD: False}
    assert len(node.asked) == asked
    assert caplog.text.count("an MPS server runs its clients' work") == 1
    node.at_work({1: frozenset({"a"})})
    node.after(31 * SECOND, {1: 30})
    node.after(HALF, {1: 30})
    assert node.samples("a").sampled_at_ns == node.now_ns, "the server has gone"
    assert node.utilization.sampled == {CARD: True}


def test_other_cards_are_sampled_beside_one_that_a_server_runs(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utilization, "serves_mps", lambda pid: pid == SERVER)
    own, other = frozenset({node.share("a")}), frozenset({node.share("b", card=OTHER_CARD)})
    node.utilization.take(
        Look(
            {
                CARD: [CardProcess(1, own, 1), CardProcess(1, frozenset(), SERVER)],
                OTHER_CARD: [CardProcess(1, other, 2)],
            }
        )
    )
    node.after(HALF, {2: 40}, OTHER_CARD)
    node.after(HALF, {2: 40}, OTHER_CARD)
    assert node.asked[-1].keys() == {OTHER_CARD}
    assert (node.samples("a"), node.samples("b").busy_ns) == (Samples(0, 0), HALF * 40 // 100)


def test_a_shares_own_server_uses_the_card_for_it(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utilization, "serves_mps", lambda pid: pid == SERVER)
    node.at_work({SERVER: frozenset({node.share("a")})})
    node.after(HALF, {SERVER: 30})
    node.after(HALF, {SERVER: 30})
    assert node.samples("a").busy_ns == HALF * 30 // 100


def test_samples_change_no_version_of_the_limits(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    before = read_limits((node.folder / "a/limits").read_bytes())
    for _ in range(3):
        node.after(HALF, {1: 50})
    assert read_limits((node.folder / "a/limits").read_bytes()) == before


@pytest.mark.parametrize(
    ("cores", "config", "asked"),
    [
        (30, ShareConfig(), True),
        (0, ShareConfig(), False),
        (0, ShareConfig(priority=0), False),
        (30, ShareConfig(core_policy=CorePolicy.DISABLE), False),
        (30, ShareConfig(core_policy=CorePolicy.DISABLE, priority=0), False),
    ],
)
def test_a_card_is_sampled_only_for_shares_that_have_a_limit(
    node: Node, cores: int, config: ShareConfig, asked: bool
) -> None:
    node.at_work({1: frozenset({node.share("a", cores, config=config)})})
    node.after(HALF, {1: 50})
    assert bool(node.asked) is asked


def test_a_share_that_goes_first_is_sampled_where_it_is_not_alone(node: Node) -> None:
    first = node.share("a", cores=0, config=ShareConfig(priority=0))
    node.at_work({1: frozenset({first}), 2: frozenset({node.share("b", cores=0)})})
    node.after(HALF, {1: 50})
    assert len(node.asked) == 1


def test_a_limit_that_comes_while_programs_run_is_seen(node: Node) -> None:
    shares = {1: frozenset({node.share("a", cores=0)})}
    node.at_work(shares)
    node.after(HALF, {1: 50})
    assert not node.asked
    with (node.folder / "a/limits").open("r+b") as page:
        change_limits(page.fileno(), memory_bytes=1, cores_percent=30, priority=1, policy=CorePolicy.FORCE, weight=1)
    node.at_work(shares)
    node.after(HALF, {1: 50})
    assert len(node.asked) == 1


def test_nobody_is_asked_where_nobody_works_any_more(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    node.utilization.take(Look())
    node.after(HALF, {})
    assert len(node.asked) == 1


async def test_an_idle_node_wakes_seldom_and_asks_nobody(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def tick(period_s: float) -> None:
        waits.append(period_s)
        if len(waits) == 3:
            node.at_work({1: frozenset({node.share("a")})})
        if len(waits) == 6:
            node.utilization.take(Look())
        if len(waits) == 8:
            raise asyncio.CancelledError

    monkeypatch.setattr(utilization, "tick", tick)
    with pytest.raises(asyncio.CancelledError):
        await node.utilization.follow(lambda: True)
    assert waits == [2.0, 2.0, 2.0, 0.5, 0.5, 0.5, 2.0, 2.0]
    assert len(node.asked) == 3


def test_a_card_that_cannot_say_it_is_named_once_and_its_shares_go_by_their_own_clock(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    assert node.utilization.sampled == {CARD: True}
    for _ in range(3):
        node.now_ns += HALF
        node.says[CARD] = CardTime({}, 0, "Not Supported")
        node.utilization.sample()
    assert node.samples("a").sampled_at_ns == 0
    assert caplog.text.count("Not Supported") == 1
    assert node.utilization.sampled == {CARD: False}
    assert len(node.asked) == 2, "it is not asked again at once"
    node.now_ns += 31 * SECOND
    node.utilization.sample()
    assert len(node.asked) == 3
    assert caplog.text.count("Not Supported") == 1, "nor is it said again when it is asked again"


def test_a_card_that_can_say_it_again_is_sampled_again(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.says[CARD] = CardTime({}, 0, "GPU is lost")
    node.utilization.sample()
    node.after(31 * SECOND, {1: 50})
    node.after(HALF, {1: 50})
    assert node.samples("a") == Samples(HALF // 2, node.now_ns)
    assert node.utilization.sampled == {CARD: True}


def test_where_processes_cannot_be_seen_their_time_cannot_either(node: Node) -> None:
    node.utilization.take(Look({CARD: []}, is_blind=True))
    assert node.utilization.sampled == {CARD: False}
    node.utilization.take(Look(unseen=frozenset({CARD})))
    assert node.utilization.sampled == {CARD: False}
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 50})
    assert node.utilization.sampled == {CARD: True}


def test_an_nvml_that_fails_as_a_whole_is_every_cards_refusal(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: object) -> Mapping[str, CardTime]:
        raise UnavailableError("NVML fails; does nvidia-smi work?")

    node.at_work({1: frozenset({node.share("a")})})
    monkeypatch.setattr(node.utilization, "_read", fails)
    node.utilization.sample()
    assert "does nvidia-smi work?" in caplog.text
    assert node.utilization.sampled == {CARD: False}


def test_a_page_that_was_made_anew_is_the_one_that_is_written(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")})})
    node.after(HALF, {1: 10})
    path = node.folder / "a/limits"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    node.after(HALF, {1: 10})
    assert node.samples("a").sampled_at_ns == node.now_ns


def test_a_share_that_is_gone_meanwhile_takes_nobody_elses_sample(node: Node) -> None:
    node.at_work({1: frozenset({node.share("a")}), 2: frozenset({node.share("b")})})
    node.after(HALF, {1: 10, 2: 10})
    (node.folder / "a/limits").unlink()
    node.after(HALF, {1: 10, 2: 10})
    assert node.samples("b").busy_ns == HALF // 10


def test_a_sample_is_seen_by_who_has_the_page_mapped(node: Node) -> None:
    path = node.folder / node.share("a") / "limits"
    with path.open("rb") as file, mmap.mmap(file.fileno(), layout.LIMITS_BYTES, prot=mmap.PROT_READ) as mapped:
        add_sample(path, 5, 7)
        add_sample(path, 6, 9)
        assert read_samples(mapped[:]) == Samples(11, 9)


@pytest.mark.parametrize("content", [b"", bytes(100), bytes(layout.LIMITS_BYTES)])
def test_nothing_is_written_into_another_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "limits"
    path.write_bytes(content)
    with pytest.raises(CorruptStateError):
        add_sample(path, 5, 7)
    assert path.read_bytes() == content


def test_what_processes_account_is_summed_over_their_slots(node: Node) -> None:
    usage = bytearray((node.folder / node.share("a") / "usage").read_bytes())
    assert read_time(bytes(usage)).factor == 1.0, "where nothing has corrected it"
    slots = layout.USAGE_FIELDS["slots"][0]
    for slot, values in ((0, (5, 6, 7)), (1023, (10, 20, 30))):
        for name, value in zip(("busy_ns", "throttled_ns", "launches"), values, strict=True):
            offset, form = layout.SLOT_FIELDS[name]
            struct.pack_into(form, usage, slots + slot * layout.SLOT_BYTES + offset, value)
    offset, form = layout.USAGE_FIELDS["credit_ns"]
    struct.pack_into(form, usage, offset, -12)
    struct.pack_into("<Q", usage, layout.USAGE_FIELDS["factor"][0], 3 << 31)
    found = read_time(bytes(usage))
    assert (found.busy_ns, found.throttled_ns, found.launches, found.credit_ns, found.factor) == (15, 26, 37, -12, 1.5)
    with pytest.raises(CorruptStateError):
        read_time(bytes(usage[:-1]))
