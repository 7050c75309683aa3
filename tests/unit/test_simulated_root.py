"""The simulated driver root: what is laid out, what a second start keeps, and when it refuses without changing anything."""

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog.errors import ConflictError, InvalidInputError
from dra_driver.simulated.backend import build_driver_root, load_cards
from dra_driver.simulated.card_file import static_part, unused
from dra_driver.simulated.card_layout import (
    FILE_SIZE,
    LINK_FIELDS,
    LINK_SIZE,
    LINKS_OFFSET,
    MAGIC,
    SLOT_FIELDS,
    SLOT_LOCK_BYTE,
    SLOT_SIZE,
    STATE_SIZE,
    STATIC_FIELDS,
    STATIC_SIZE,
)
from dra_driver.simulated.cards import SimulatedCard, parse_cards

TWO_CARDS = {"cards": [{"model": "NVIDIA A100-SXM4-80GB", "count": 2, "links": [0, 1], "numaNode": 1}]}


def cards_of(document: object) -> tuple[SimulatedCard, ...]:
    return parse_cards(document, "node-a", "cards.yaml")


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    folder = tmp_path / "libraries"
    folder.mkdir()
    for name in ("libcuda.so.1", "libnvidia-ml.so.1", "nvidia-smi"):
        (folder / name).write_text(f"{name}, first build")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


def build(document: object, libraries: Path, root: Path) -> None:
    build_driver_root(cards_of(document), libraries, root, real_driver=root / "no-real-driver")


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(root)): (path.stat().st_ino, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@contextmanager
def a_process_holding(card_file: Path) -> Iterator[None]:
    """Hold the first slot's life lock as a process of the card does."""
    with card_file.open("r+b") as file:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("@hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, SLOT_LOCK_BYTE, 1, 0))
        yield


def test_the_root_holds_libraries_cards_and_sysfs(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    library_folder = root / "usr/lib/x86_64-linux-gnu"
    assert (library_folder / "libcuda.so.1").read_text() == "libcuda.so.1, first build"
    assert os.access(root / "usr/bin/nvidia-smi", os.X_OK)
    assert sorted(path.name for path in (root / "dev").iterdir()) == ["hami-sim0", "hami-sim1"]
    assert (root / "dev/hami-sim0").stat().st_mode & 0o777 == 0o666
    device = root / "sys/bus/pci/devices/0000:17:00.0"
    assert (device / "numa_node").read_text() == "1\n"
    assert device.resolve().parent.name == "pci0000:10"


def test_a_card_file_says_what_the_card_is(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    content = (root / "dev/hami-sim1").read_bytes()
    first, second = cards_of(TWO_CARDS)

    def field(name: str) -> object:
        offset, fmt = STATIC_FIELDS[name]
        (value,) = struct.unpack_from(fmt, content, offset)
        return value.rstrip(b"\0").decode() if isinstance(value, bytes) else value

    assert len(content) == FILE_SIZE
    assert (field("magic"), field("index"), field("uuid")) == (MAGIC, 1, second.uuid)
    assert (field("memory_bytes"), field("numa_node"), field("link_count")) == (second.memory_bytes, 1, 1)
    assert field("pci_device_id") == 0x20B210DE
    offset, fmt = LINK_FIELDS["remote_pci_bus_id"]
    (peer,) = struct.unpack_from(fmt, content, LINKS_OFFSET + offset)
    assert peer.rstrip(b"\0").decode() == first.pci_bus_id
    assert LINKS_OFFSET + 18 * LINK_SIZE <= STATIC_SIZE


def test_a_second_start_changes_nothing_and_keeps_the_memory_state(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    with (root / "dev/hami-sim0").open("r+b") as file:
        file.seek(STATIC_SIZE + STATE_SIZE + SLOT_FIELDS["memory_bytes"][0])
        file.write(struct.pack("<Q", 1 << 30))
    before = snapshot(root)
    build(TWO_CARDS, libraries, root)
    assert snapshot(root) == before


def test_a_changed_card_in_use_is_refused_and_nothing_changes(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    (libraries / "nvidia-smi").write_text("second build")
    before = snapshot(root)
    with a_process_holding(root / "dev/hami-sim1"), pytest.raises(ConflictError, match="hami-sim1: this card differs"):
        build({"cards": [{"model": "NVIDIA L4", "count": 2}]}, libraries, root)
    assert snapshot(root) == before


def test_a_removed_card_in_use_is_refused_and_nothing_changes(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    before = snapshot(root)
    with (
        a_process_holding(root / "dev/hami-sim1"),
        pytest.raises(ConflictError, match="hami-sim1: this card is removed"),
    ):
        build({"cards": [{"model": "NVIDIA A100-SXM4-80GB"}]}, libraries, root)
    assert snapshot(root) == before


def test_an_unused_card_is_changed_in_place_with_free_memory(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    path = root / "dev/hami-sim0"
    inode = path.stat().st_ino
    with path.open("r+b") as file:
        file.seek(STATIC_SIZE + STATE_SIZE)
        file.write(b"\1" * SLOT_SIZE)
    document = {"cards": [{"model": "NVIDIA L4", "count": 2}]}
    build(document, libraries, root)
    assert path.stat().st_ino == inode
    assert path.read_bytes() == static_part(cards_of(document)[0]) + bytes(FILE_SIZE - STATIC_SIZE)


def test_cards_that_are_gone_leave_no_file(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    build({"cards": [{"model": "NVIDIA A100-SXM4-80GB"}]}, libraries, root)
    assert [path.name for path in (root / "dev").iterdir()] == ["hami-sim0"]
    assert [path.name for path in (root / "sys/bus/pci/devices").iterdir()] == ["0000:17:00.0"]


def test_a_new_library_takes_its_place_by_rename(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    target = root / "usr/lib/x86_64-linux-gnu/libcuda.so.1"
    with target.open("rb") as mapped_by_a_container:
        (libraries / "libcuda.so.1").write_text("second build")
        build(TWO_CARDS, libraries, root)
        assert mapped_by_a_container.read() == b"libcuda.so.1, first build"
    assert target.read_text() == "second build"
    assert [path.name for path in target.parent.iterdir() if path.name.startswith(".")] == []


def test_a_file_of_other_size_is_made_whole(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    path = root / "dev/hami-sim0"
    os.truncate(path, STATIC_SIZE)
    build(TWO_CARDS, libraries, root)
    assert path.stat().st_size == FILE_SIZE


def test_a_real_driver_is_never_covered(libraries: Path, root: Path) -> None:
    real = libraries / "nvidiactl"
    real.touch()
    with pytest.raises(ConflictError, match="has a real NVIDIA driver"):
        build_driver_root(cards_of(TWO_CARDS), libraries, root, real_driver=real)
    assert not root.exists()


def test_a_missing_library_is_named_before_anything_is_written(libraries: Path, root: Path) -> None:
    (libraries / "nvidia-smi").unlink()
    with pytest.raises(InvalidInputError, match="nvidia-smi: no such file; build the simulated driver"):
        build(TWO_CARDS, libraries, root)
    assert not root.exists()


def test_the_machines_own_root_is_refused(libraries: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be /"):
        build_driver_root(cards_of(TWO_CARDS), libraries, Path("/"), real_driver=tmp_path / "none")


def test_a_card_is_unused_again_when_its_process_is_gone(libraries: Path, root: Path) -> None:
    build(TWO_CARDS, libraries, root)
    path = root / "dev/hami-sim0"
    with path.open("r+b") as file:
        with a_process_holding(path), unused(file.fileno()) as free:
            assert not free
        with unused(file.fileno()) as free:
            assert free


def test_a_cards_file_that_is_no_yaml_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cards.yaml"
    with pytest.raises(InvalidInputError, match=r"cards\.yaml: No such file"):
        load_cards(path, "node-a")
    path.write_text("cards: [{")
    with pytest.raises(InvalidInputError, match=r"cards\.yaml: not YAML"):
        load_cards(path, "node-a")
