"""Where a MIG device's files are found: capabilities of a real driver in a folder, and what is missing."""

import os
import stat
from pathlib import Path

import pytest

from dra_driver.cards.driver_root import read_driver_root
from dra_driver.nvml.mig import profile_in
from tests.unit.mig_objects import mig, mig_card

CARD = mig_card(3, mig(2), mig(5, start=4))
CAPABILITIES = "proc/driver/nvidia/capabilities/gpu3/mig"
ACCESS = "DeviceFileMinor: {}\nDeviceFileMode: 292\nDeviceFileModify: 1\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A driver root with one card whose two MIG devices have minors 21, 22 and 48, 49."""
    for name in ("usr/lib/x86_64-linux-gnu/libcuda.so.1", "dev/nvidia3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for instance, minor in ((2, 21), (5, 48)):
        folder = tmp_path / CAPABILITIES / f"gi{instance}"
        (folder / "ci0").mkdir(parents=True)
        (folder / "access").write_text(ACCESS.format(minor))
        (folder / "ci0/access").write_text(ACCESS.format(minor + 1))
    return tmp_path


def make_nodes(root: Path, *minors: int) -> None:
    (root / "dev/nvidia-caps").mkdir()
    for minor in minors:
        os.mknod(root / f"dev/nvidia-caps/nvidia-cap{minor}", stat.S_IFCHR | 0o444, os.makedev(1, 3))


@pytest.mark.skipif(os.geteuid() != 0, reason="device nodes are made by root")
def test_a_mig_device_has_the_capabilities_of_its_two_instances(root: Path) -> None:
    make_nodes(root, 21, 22, 48, 49)
    found = read_driver_root(root, [CARD]).mig_files
    for device, minors in ((mig(2), (21, 22)), (mig(5), (48, 49))):
        assert [file.container_path for file in found[device.uuid]] == [
            f"/dev/nvidia-caps/nvidia-cap{minor}" for minor in minors
        ]
        assert all(file.is_device and file.host_path == f"{root}{file.container_path}" for file in found[device.uuid])


@pytest.mark.skipif(os.geteuid() != 0, reason="device nodes are made by root")
def test_one_without_a_device_file_is_left_out_with_the_remedy(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_nodes(root, 21, 22, 48)
    assert set(read_driver_root(root, [CARD]).mig_files) == {mig(2).uuid}
    assert f"no {root}/dev/nvidia-caps/nvidia-cap49" in caplog.text
    assert f"nvidia-modprobe -f {root / CAPABILITIES}/gi5/ci0/access" in caplog.text


def test_one_that_the_kernel_module_does_not_name_is_left_out(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / CAPABILITIES / "gi2/access").write_text("nothing of use\n")
    (root / CAPABILITIES / "gi5/access").unlink()
    assert read_driver_root(root, [CARD]).mig_files == {}
    assert "gi2/access names no device file" in caplog.text
    assert "gi5/access names no device file" in caplog.text


def test_a_simulated_mig_device_is_one_file(root: Path) -> None:
    (root / "dev/hami-sim3mig2").touch()
    (file,) = read_driver_root(root, [CARD]).mig_files[mig(2).uuid]
    assert (file.container_path, file.is_device) == ("/dev/hami-sim3mig2", False)


def test_the_profile_is_what_the_name_ends_with() -> None:
    assert profile_in("NVIDIA A100-SXM4-80GB MIG 1c.3g.40gb") == "1c.3g.40gb"
    assert profile_in("NVIDIA H100 80GB HBM3") == ""
