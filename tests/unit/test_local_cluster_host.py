"""What the machine says about itself, read from the texts of /proc, and what is said where it does not suffice."""

from pathlib import Path

import pytest

from catalog.errors import InvalidInputError
from hack.local_cluster import host
from hack.local_cluster.host import GIB, CgroupMode
from hack.local_cluster.programs import Profile
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import DebianPackages

HYBRID = """\
/dev/vda / ext4 rw,relatime 0 0
tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0
cgroup /sys/fs/cgroup/freezer cgroup rw,freezer 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
"""
UNIFIED = """\
/dev/vda / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw,nosuid,nodev 0 0
cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0
overlay /home/someone overlay rw 0 0
"""
PACKAGES = DebianPackages(control_plane={"ip": ["iproute2"]}, full={"no-such-program": ["one", "two"], "sh": ["dash"]})


def test_controllers_mounted_apart_are_cgroup_v1_and_the_freezer_registers_processes() -> None:
    mode, hierarchies = host.cgroups_of(HYBRID)
    assert mode is CgroupMode.LEGACY
    assert hierarchies[0] == Path("/sys/fs/cgroup/freezer")
    assert set(hierarchies) == {Path("/sys/fs/cgroup") / name for name in ("freezer", "cpu", "unified")}


def test_one_hierarchy_at_the_root_is_cgroup_v2() -> None:
    assert host.cgroups_of(UNIFIED) == (CgroupMode.UNIFIED, (Path("/sys/fs/cgroup"),))


def test_a_machine_without_cgroups_is_told_what_to_mount() -> None:
    with pytest.raises(
        InvalidInputError, match=r"control groups: none are mounted at /sys/fs/cgroup; .* mount cgroup2 there"
    ):
        host.cgroups_of("/dev/vda / ext4 rw 0 0\n")


def test_the_file_system_of_a_path_is_that_of_the_longest_mount_point_above_it() -> None:
    assert host.filesystem_of(UNIFIED, Path("/home/someone/.cache/x")) == "overlay"
    assert host.filesystem_of(UNIFIED, Path("/home/someone-else")) == "ext4"
    assert host.filesystem_of(UNIFIED + "tmpfs / tmpfs rw 0 0\n", Path("/var")) == "tmpfs"


def test_available_memory_is_read_in_bytes() -> None:
    assert host.available_memory_bytes("MemTotal:  100 kB\nMemAvailable:   2048 kB\n") == 2 * 1024 * 1024


def test_a_shortage_says_what_is_there_and_what_is_needed() -> None:
    assert host.shortages(GIB, 3 * GIB, "of memory available") == [
        "1.0 GiB of memory available, and 3.0 GiB are needed"
    ]
    assert host.shortages(3 * GIB, 3 * GIB, "of memory available") == []


def test_too_little_disk_is_refused_with_the_folder_and_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(host.RUN_DISK_BYTES, Profile.FULL, 1 << 60)
    with pytest.raises(
        InvalidInputError, match=f"profile full: .* of disk free at {tmp_path}, .* needed. .*XDG_CACHE_HOME"
    ):
        host.require_for_run(tmp_path / "not" / "there" / "yet", Profile.FULL)


def test_only_root_may_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(InvalidInputError, match=r"needs root, .* run the command again with sudo"):
        host.require_root()
    monkeypatch.setattr("os.geteuid", lambda: 0)
    host.require_root()


def test_packages_are_missing_where_their_program_is() -> None:
    assert host.missing_packages(PACKAGES, Profile.FULL) == {"no-such-program": ["one", "two"]}


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(
        InvalidInputError, match=r"programs no-such-program: not found .* install what Debian calls one, two"
    ):
        host.install_packages({"no-such-program": ["one", "two"]}, Progress("test"))
