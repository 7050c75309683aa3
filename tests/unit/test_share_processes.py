"""Whose shares a process uses: told by the file that is mounted, wherever a container mounts it."""

import os
from pathlib import Path, PurePosixPath

from dra_driver.shares.processes import KnownProcesses, Place, parse_mounts, place_of, shares_of

FOLDER = Place("8:1", PurePosixPath("/var/lib/hami.io/shares"))


def process(proc: Path, *mounts: str) -> frozenset[str] | None:
    (proc / "7").mkdir(parents=True)
    lines = (f"{number} 1 {mount} rw,relatime shared:1 - ext4 /dev/sda1 rw\n" for number, mount in enumerate(mounts))
    (proc / "7/mountinfo").write_text("".join(lines))
    return shares_of(7, FOLDER, proc)


def test_the_usage_pages_that_are_mounted_name_the_shares(tmp_path: Path) -> None:
    assert process(
        tmp_path,
        "8:1 / /",
        "8:1 /var/lib/hami.io/shares/one/limits /run/hami.io/shares/one/limits",
        "8:1 /var/lib/hami.io/shares/one/usage /run/hami.io/shares/one/usage",
        "8:1 /var/lib/hami.io/shares/two/usage /elsewhere",
    ) == frozenset({"one", "two"})


def test_a_file_of_ones_own_at_the_place_of_anothers_share_is_no_share(tmp_path: Path) -> None:
    assert (
        process(
            tmp_path,
            "8:1 /var/lib/kubelet/pods/p/volumes/v/shares/one/usage /run/hami.io/shares/one/usage",
            "0:52 /var/lib/hami.io/shares/one/usage /run/hami.io/shares/one/usage",
        )
        == frozenset()
    )


def test_a_process_that_is_gone_is_told_from_one_without_shares(tmp_path: Path) -> None:
    assert shares_of(7, FOLDER, tmp_path) is None


def test_escapes_of_the_kernel_are_undone() -> None:
    (mount,) = parse_mounts("1 1 8:1 /a\\040b\\134c/\u00e4 /d rw - ext4 /dev/sda1 rw")
    assert mount.root.path == PurePosixPath("/a b\\c/\u00e4")


def test_a_folder_is_named_by_its_nearest_mount(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    target = tmp_path / "state/shares"
    target.mkdir(parents=True)
    (tmp_path / "self/mountinfo").write_text(
        f"1 1 0:30 / / rw - overlay overlay rw\n2 1 8:1 /var/lib/hami.io {tmp_path}/state rw - ext4 /dev/sda1 rw\n"
    )
    assert place_of(target, tmp_path) == FOLDER


def test_of_mounts_over_one_another_the_last_holds_the_folder(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    target = tmp_path / "state/shares"
    target.mkdir(parents=True)
    lines = [
        f"{number} 1 {root} {tmp_path}/state rw - ext4 x rw\n"
        for number, root in ((2, "0:23 /"), (3, "8:1 /var/lib/hami.io"))
    ]
    (tmp_path / "self/mountinfo").write_text("".join(lines))
    assert place_of(target, tmp_path) == FOLDER


def test_this_process_has_no_share_of_another_folder(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    assert place is not None
    assert shares_of(os.getpid(), place) == frozenset()


def a_process(proc: Path, pid: int, namespace: str, *lines: str) -> None:
    folder = proc / str(pid)
    (folder / "ns").mkdir(parents=True, exist_ok=True)
    (folder / "ns/mnt").unlink(missing_ok=True)
    (folder / "ns/mnt").symlink_to(f"mnt:[{namespace}]")
    (folder / "mountinfo").write_text("\n".join(lines))


def test_mounts_are_read_once_for_each_process_and_anew_for_another_of_its_pid(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/mountinfo").write_text("1 0 8:1 / / rw - ext4 x rw\n")
    line = f"2 1 8:1 {tmp_path}/shares/{{}}/usage /run/usage rw - ext4 x rw"
    known = KnownProcesses(tmp_path / "shares", tmp_path)
    a_process(tmp_path, 7, "4026532001", line.format("a"))
    assert known.of([7, 8]) == {7: frozenset({"a"}), 8: None}
    (tmp_path / "7/mountinfo").write_text("")
    assert known.of([7]) == {7: frozenset({"a"})}, "as it was when it was read"
    a_process(tmp_path, 7, "4026532002", line.format("b"))
    assert known.of([7]) == {7: frozenset({"b"})}, "another process, in another namespace"
    known.of([])
    a_process(tmp_path, 7, "4026532002", line.format("c"))
    assert known.of([7]) == {7: frozenset({"c"})}, "one that was away is another"
