"""Shares of priority 1 wait while one of priority 0 is held on their card, and no longer."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from catalog.share_config import CorePolicy, ShareConfig
from dra_driver.accounting.node import Look
from dra_driver.accounting.yielding import Yielding, those_that_wait
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import change_limits, read_limits
from dra_driver.shares.share import Claim, Share
from dra_driver.shares.slots import NOTHING
from tests.unit.driver_objects import card

MIB = 2**20
LOW = ShareConfig()
HIGH = ShareConfig(priority=0)
FIXED = ShareConfig(live_cores=False)


def share(name: str, config: ShareConfig = LOW, index: int = 0) -> Share:
    return Share(name, "main", "node-a", f"gpu-{index}-share", name, card(index).uuid, False, 100 * MIB, 0, 100, config)


class Node:
    """A node's shares, and a driver that looks at them."""

    def __init__(self, folder: Path, *shares: Share) -> None:
        self.folder = folder
        self.held: dict[str, Share] = {}
        self.folders = ShareFolders(folder, UUID(int=7))
        for one in shares:
            self.prepare(one)
        self.restart()

    def prepare(self, one: Share) -> None:
        self.folders.create(one)
        self.held[one.name] = one

    def unprepare(self, name: str) -> None:
        self.folders.remove(name)
        del self.held[name]

    def restart(self) -> None:
        self.driver = Yielding(
            self.folder, lambda: [Claim(name, "team", name, (one,)) for name, one in self.held.items()]
        )

    def look(self, *, is_newest: bool = True) -> set[str]:
        """Look once; return who waits."""
        self.driver.take(Look(holdings=dict.fromkeys(self.held, NOTHING) if is_newest else {}))
        return {name for name in self.held if read_limits((self.folder / name / "limits").read_bytes()).yields}

    def versions(self) -> list[int]:
        return [read_limits((self.folder / name / "limits").read_bytes()).version for name in self.held]


def test_those_of_the_card_wait_and_neither_priority_0_nor_fixed_cores_nor_other_cards_do() -> None:
    shares = [share("low"), share("fixed", FIXED), share("high", HIGH), share("elsewhere", index=1)]
    assert those_that_wait(shares) == {"low"}
    assert those_that_wait(shares[:2]) == frozenset()


@pytest.mark.parametrize("config", [LOW, ShareConfig(core_policy=CorePolicy.DISABLE)])
def test_cores_make_no_difference(config: ShareConfig) -> None:
    assert those_that_wait([replace(share("low", config), cores_percent=30), share("high", HIGH)]) == {"low"}


def test_whole_cards_and_looks_at_cards_neither_wait_nor_are_waited_for() -> None:
    whole, looking = replace(share("whole", HIGH), whole=True), replace(share("looking", HIGH), admin_access=True)
    assert those_that_wait([whole, looking, share("low")]) == frozenset()


def test_shares_wait_for_as_long_as_priority_0_is_held(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"))
    assert node.look() == set()
    node.prepare(share("high", HIGH))
    assert node.look() == {"low"}
    node.prepare(share("late"))
    node.prepare(share("second", HIGH))
    assert node.look() == {"low", "late"}
    node.unprepare("high")
    assert node.look() == {"low", "late"}
    node.unprepare("second")
    assert node.look() == set()


def test_pages_are_written_only_where_something_changes(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"), share("elsewhere", index=1), share("high", HIGH))
    for _ in range(3):
        node.look()
    assert node.versions() == [2, 1, 1]


def test_a_driver_that_starts_anew_takes_back_what_holds_no_longer(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"), share("high", HIGH))
    assert node.look() == {"low"}
    node.unprepare("high")
    node.restart()
    assert node.look() == set()


def test_a_share_whose_page_was_made_anew_waits_again(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"), share("high", HIGH))
    assert node.look() == {"low"}
    node.unprepare("low")
    node.prepare(share("low"))
    assert node.look() == {"low"}


def test_what_a_newer_driver_left_is_seen_when_it_has_gone(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"))
    older = node.driver
    node.look()
    node.prepare(share("high", HIGH))
    node.restart()
    node.look()
    node.driver = older
    assert node.look(is_newest=False) == {"low"}
    node.unprepare("high")
    assert node.look(is_newest=False) == {"low"}
    assert node.look() == set()


def test_new_limits_leave_it_as_it_is(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"), share("high", HIGH))
    node.look()
    with (tmp_path / "low/limits").open("r+b") as page:
        change_limits(
            page.fileno(), memory_bytes=MIB, cores_percent=20, priority=1, policy=CorePolicy.DEFAULT, weight=1
        )
    assert node.look() == {"low"}
    assert node.versions() == [3, 1]


def test_a_page_that_is_not_there_stops_nobody(tmp_path: Path) -> None:
    node = Node(tmp_path, share("low"), share("high", HIGH))
    (tmp_path / "low/limits").rename(tmp_path / "gone")
    node.driver.take(Look(holdings=dict.fromkeys(node.held, NOTHING)))
    (tmp_path / "gone").rename(tmp_path / "low/limits")
    assert node.look() == {"low"}
