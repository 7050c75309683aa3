"""The pages of cards and the seats on them: one page for all shares of a card, a seat for each, given back with the share."""

import os
import struct
import threading
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from catalog.errors import UnavailableError
from catalog.share_config import Copies, ShareConfig
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import change_limits, read_limits
from dra_driver.shares.share import Share

BOOT = UUID(int=7)
CARD, OTHER_CARD = "GPU-1", "GPU-2"
ANY = ShareConfig()
BITS = ("present", "active", "queued")


def share(name: str, card_uuid: str = CARD, config: ShareConfig = ANY) -> Share:
    return Share(name, "main", "node", "gpu-0-share", name, card_uuid, False, 2**30, 30, 100, config)


def folders_at(folder: Path, boot: UUID = BOOT) -> ShareFolders:
    for name in ("shares", "cards"):
        (folder / name).mkdir(exist_ok=True)
    return ShareFolders(folder / "shares", boot, cards=CardPages(folder / "cards", boot))


@pytest.fixture
def folders(tmp_path: Path) -> ShareFolders:
    return folders_at(tmp_path)


def page(folders: ShareFolders, name: str) -> Path:
    return folders.folder / name / "card"


def seat(folders: ShareFolders, name: str) -> int:
    return read_limits((folders.folder / name / "limits").read_bytes()).seat


def words(path: Path, field: str) -> tuple[int, ...]:
    offset, form = layout.CARD_FIELDS[field]
    return struct.unpack_from(form, path.read_bytes(), offset)


def write(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def test_all_shares_of_a_card_have_one_page_and_a_seat_each(folders: ShareFolders) -> None:
    for name, card_uuid in (("a", CARD), ("b", CARD), ("c", OTHER_CARD)):
        folders.create(share(name, card_uuid))
    assert page(folders, "a").samefile(page(folders, "b"))
    assert not page(folders, "a").samefile(page(folders, "c"))
    assert [seat(folders, name) for name in "abc"] == [0, 1, 0]
    status = page(folders, "a").stat()
    assert (status.st_size, status.st_mode & 0o777) == (layout.CARD_BYTES, 0o666)


def test_a_seat_stays_when_limits_change_and_when_a_driver_starts(folders: ShareFolders, tmp_path: Path) -> None:
    for name in "ab":
        folders.create(share(name))
    with (folders.folder / "b/limits").open("r+b") as limits:
        change_limits(
            limits.fileno(), memory_bytes=1, cores_percent=5, priority=0, policy=ShareConfig().core_policy, weight=1
        )
    inode = page(folders, "a").stat().st_ino
    restarted = folders_at(tmp_path)
    restarted.make_ready()
    for name in "abc":
        restarted.create(share(name))
    assert [seat(restarted, name) for name in "abc"] == [0, 1, 2]
    assert page(restarted, "c").stat().st_ino == inode


def test_a_seat_is_wiped_and_given_again_when_its_share_is_gone(folders: ShareFolders) -> None:
    for name in "ab":
        folders.create(share(name))
    card = page(folders, "b")
    for field in BITS:
        write(card, layout.CARD_FIELDS[field][0], b"\xff" * 128)
    write(card, layout.CARD_FIELDS["seats"][0], b"\xff" * 2 * layout.SEAT_BYTES)
    folders.remove("a")
    for field in BITS:
        assert words(card, field) == (2**64 - 2, *[2**64 - 1] * 15), "of no other share"
    (seats,) = words(card, "seats")
    assert bytes(seats)[: 2 * layout.SEAT_BYTES] == bytes(layout.SEAT_BYTES) + b"\xff" * layout.SEAT_BYTES
    folders.create(share("c"))
    assert seat(folders, "c") == 0


def test_a_seat_is_not_given_again_while_the_lease_names_it(folders: ShareFolders) -> None:
    for name in "ab":
        folders.create(share(name))
    write(page(folders, "b"), layout.CARD_FIELDS["lease"][0], struct.pack("<Q", 77 << 16 | 0 + 1))
    folders.remove("a")
    folders.create(share("c"))
    assert seat(folders, "c") == 2


def test_bits_that_others_set_at_the_same_time_are_kept(folders: ShareFolders) -> None:
    """Bits are cleared while another thread sets and clears its own, by the same atomic operation of the kernel."""
    for name in "ab":
        folders.create(share(name))
    card, cards = page(folders, "b"), folders.cards
    assert cards is not None
    write(card, layout.CARD_FIELDS["active"][0], b"\xff" * 128)
    threads = [threading.Thread(target=cards.leave, args=(CARD, number)) for number in range(40, 72)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gone = sum(1 << number for number in range(40, 72))
    row = sum(word << 64 * index for index, word in enumerate(words(card, "active")))
    assert row == 2**1024 - 1 - gone


@pytest.mark.parametrize("damage", ["cut", "scribbled"])
def test_a_page_that_a_container_damaged_is_mended_in_place(folders: ShareFolders, damage: str) -> None:
    folders.create(share("a"))
    card = page(folders, "a")
    whole, inode = card.read_bytes()[: layout.HEAD_BYTES], card.stat().st_ino
    if damage == "cut":
        os.truncate(card, 100)
    else:
        write(card, 0, os.urandom(layout.HEAD_BYTES))
    folders.create(share("b"))
    assert card.stat().st_ino == inode
    assert card.stat().st_size == layout.CARD_BYTES
    assert card.read_bytes()[: layout.HEAD_BYTES] == whole
    assert seat(folders, "b") == 1


def test_a_page_that_was_cut_is_mended_at_the_next_look(folders: ShareFolders) -> None:
    folders.create(share("a"))
    card, cards = page(folders, "a"), folders.cards
    assert cards is not None
    write(card, layout.CARD_HEADER_BYTES - 1, b"\x07")
    cards.keep_whole([CARD, OTHER_CARD])
    assert card.read_bytes()[layout.CARD_HEADER_BYTES - 1] == 7, "a whole one is left alone"
    os.truncate(card, 4096)
    cards.keep_whole([CARD, OTHER_CARD])
    assert card.stat().st_size == layout.CARD_BYTES
    assert not (cards.folder / OTHER_CARD).exists()


def test_a_share_can_leave_a_page_that_was_cut(folders: ShareFolders) -> None:
    folders.create(share("a"))
    os.truncate(page(folders, "a"), 0)
    folders.remove("a")
    assert list(folders.folder.iterdir()) == []


def test_a_page_that_no_share_maps_is_removed_at_the_next_start_and_made_anew_after_a_reboot(tmp_path: Path) -> None:
    folders = folders_at(tmp_path)
    folders.create(share("a"))
    rebooted = folders_at(tmp_path, UUID(int=8))
    rebooted.make_ready()
    rebooted.remove("a")
    rebooted.create(share("a"))
    offset, form = layout.HEAD_FIELDS["boot_id"]
    assert struct.unpack_from(form, page(rebooted, "a").read_bytes(), offset) == (UUID(int=8).bytes,)
    rebooted.remove("a")
    rebooted.make_ready()
    assert list((tmp_path / "cards").iterdir()) == []
    assert (tmp_path / "cards").stat().st_mode & 0o777 == 0o700


def test_a_share_that_an_older_version_made_is_given_a_seat_and_keeps_its_pages(
    folders: ShareFolders, tmp_path: Path
) -> None:
    ShareFolders(tmp_path / "shares", BOOT).create(share("old"))
    folders.create(share("new"))
    inode = (folders.folder / "old/limits").stat().st_ino
    before = read_limits((folders.folder / "old/limits").read_bytes())
    folders.create(share("old"))
    given = seat(folders, "old")
    assert read_limits((folders.folder / "old/limits").read_bytes()) == replace(before, seat=given)
    assert given != seat(folders, "new")
    assert (folders.folder / "old/limits").stat().st_ino == inode
    assert page(folders, "old").samefile(page(folders, "new"))
    folders.remove("old")
    assert not (folders.folder / "old").exists()


def test_a_full_disk_leaves_no_half_directory(folders: ShareFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space left"):
        folders.create(share("a"))
    assert list(folders.folder.iterdir()) == []


def test_pages_of_shares_and_cards_on_different_file_systems_are_refused_with_the_remedy(
    folders: ShareFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", elsewhere)
    with pytest.raises(UnavailableError, match=r"are not of one mount.*; mount .* as a whole"):
        folders.create(share("a"))
    assert list(folders.folder.iterdir()) == []


@pytest.mark.parametrize("live", [True, False])
def test_cores_are_fixed_where_the_claim_says_that_they_do_not_change(folders: ShareFolders, live: bool) -> None:
    folders.create(share("a", config=ShareConfig(live_cores=live)))
    assert read_limits((folders.folder / "a/limits").read_bytes()).fixed_cores is not live


@pytest.mark.parametrize("copies", Copies)
def test_copies_are_charged_where_the_claim_says_so(folders: ShareFolders, copies: Copies) -> None:
    folders.create(share("a", config=ShareConfig(copies=copies)))
    assert read_limits((folders.folder / "a/limits").read_bytes()).copies is (copies is Copies.CHARGED)
