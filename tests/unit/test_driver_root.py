"""What is found in a driver root: libraries, programs, device files by card; sysfs; the loader's cache; what is missing."""

import os
import stat
from pathlib import Path

import pytest

from catalog.errors import InvalidInputError, UnavailableError
from dra_driver.cards.driver_root import parse_loader_cache, read_driver_root
from dra_driver.containers.library import install_library
from dra_driver.nvml.cards import read_cards, read_numa_node, read_pcie_root
from tests.unit.driver_objects import card

LIBRARIES = Path("usr/lib/x86_64-linux-gnu")
CACHE = """3 libs found in cache `/etc/ld.so.cache'
\tlibnvidia-ml.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libnvidia-ml.so.1
\tlibnvidia-ml.so.1 (libc6) => /lib/i386-linux-gnu/libnvidia-ml.so.1
\tlibnvidia-ml.so (libc6,x86-64) => /lib/x86_64-linux-gnu/libnvidia-ml.so
\tlibcuda.so.1 (libc6,x86-64, OS ABI: Linux 2.6.32) => /opt/driver/libcuda.so.1
\tlibc.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libc.so.6
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    names = ("libcuda.so.1", "libcuda.so.580.95.05", "libnvidia-ml.so.1", "libnvidia-ml.so", "libssl.so.3")
    for path in (*(LIBRARIES / name for name in names), Path("usr/bin/nvidia-smi"), Path("dev/hami-sim0")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


def test_driver_libraries_and_programs_are_found_and_no_others(root: Path) -> None:
    found = read_driver_root(root, [card()])
    assert [file.container_path for file in found.libraries] == [
        "/usr/bin/nvidia-smi",
        *(f"/{LIBRARIES}/{name}" for name in ("libcuda.so.1", "libcuda.so.580.95.05", "libnvidia-ml.so.1")),
    ]
    assert all(file.host_path == f"{root}{file.container_path}" for file in found.libraries)


def test_a_regular_file_is_a_simulated_card(root: Path) -> None:
    file = read_driver_root(root, [card()]).device_files[card().uuid]
    assert (file.container_path, file.is_device) == ("/dev/hami-sim0", False)


@pytest.mark.skipif(os.geteuid() != 0, reason="device nodes are made by root")
def test_a_character_device_is_a_real_card(root: Path) -> None:
    for name in ("nvidia0", "nvidiactl"):
        os.mknod(root / "dev" / name, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    found = read_driver_root(root, [card()])
    assert found.device_files[card().uuid].container_path == "/dev/nvidia0"
    assert found.device_files[card().uuid].is_device
    assert [file.container_path for file in found.control_files] == ["/dev/nvidiactl"]


def test_a_missing_device_file_names_the_card(root: Path) -> None:
    with pytest.raises(UnavailableError, match=r"card 1 \(GPU-00000001.*load the NVIDIA kernel modules"):
        read_driver_root(root, [card(1)])


def test_a_root_without_a_driver_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"no libcuda\.so\.1"):
        read_driver_root(tmp_path, [])
    with pytest.raises(UnavailableError, match=r"no libnvidia-ml\.so\.1 in usr/lib"):
        read_cards(tmp_path)


def test_a_library_that_is_none_is_refused(root: Path) -> None:
    with pytest.raises(UnavailableError, match=r"libnvidia-ml\.so\.1 cannot be loaded"):
        read_cards(root)


def test_the_loaders_cache_gives_the_driver_of_this_word_size() -> None:
    assert parse_loader_cache(CACHE) == (
        Path("/lib/x86_64-linux-gnu/libnvidia-ml.so.1"),
        Path("/opt/driver/libcuda.so.1"),
    )


def test_sysfs_tells_numa_node_and_pcie_root(tmp_path: Path) -> None:
    device = tmp_path / "devices/pci0000:10/0000:10:01.0/0000:17:00.0"
    device.mkdir(parents=True)
    (device / "numa_node").write_text("1\n")
    links = tmp_path / "bus/pci/devices"
    links.mkdir(parents=True)
    (links / "0000:17:00.0").symlink_to("../../../devices/pci0000:10/0000:10:01.0/0000:17:00.0")
    assert read_numa_node(tmp_path, "0000:17:00.0") == 1
    assert read_pcie_root(tmp_path, "0000:17:00.0") == "pci0000:10"
    (device / "numa_node").write_text("-1\n")
    assert read_numa_node(tmp_path, "0000:17:00.0") is None
    assert read_numa_node(tmp_path, "0000:18:00.0") is None
    assert read_pcie_root(tmp_path, "0000:18:00.0") is None


def test_each_version_of_the_interceptor_has_its_own_place(tmp_path: Path) -> None:
    source, cuda, nvml = (tmp_path / name for name in ("libvgpu.so", "libvgpu-cuda.so", "libvgpu-nvml.so"))
    for path in (source, cuda, nvml):
        path.write_bytes(b"\x7fELF one")
    first = install_library(source, tmp_path / "lib")
    inode = first.path.stat().st_ino
    assert install_library(source, tmp_path / "lib") == first
    assert first.path.stat().st_ino == inode
    source.write_bytes(b"\x7fELF two")
    second = install_library(source, tmp_path / "lib")
    assert second.path != first.path
    assert first.path.read_bytes() == b"\x7fELF one"
    assert second.preload.read_text() == "/run/hami.io/lib/libvgpu.so\n"
    cuda.write_bytes(b"\x7fELF three")
    third = install_library(source, tmp_path / "lib")
    assert third.shim("libcuda.so.1").read_bytes() == b"\x7fELF three"
    assert second.shim("libcuda.so.1").read_bytes() == b"\x7fELF one"


def test_an_interceptor_that_is_missing_or_none_is_refused(tmp_path: Path) -> None:
    for name in ("libvgpu-nvml.so", "libvgpu-cuda.so"):
        with pytest.raises(InvalidInputError, match="build it with `make native`"):
            install_library(tmp_path / "libvgpu.so", tmp_path / "lib")
        (tmp_path / name).write_bytes(b"\x7fELF")
    (tmp_path / "libvgpu.so").write_text("#!/bin/sh\n")
    with pytest.raises(InvalidInputError, match="not a shared library"):
        install_library(tmp_path / "libvgpu.so", tmp_path / "lib")
