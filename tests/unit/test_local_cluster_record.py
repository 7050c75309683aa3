"""The record of a cluster, the lock on its name, and the leftovers outside its folders: what `down` goes by."""

import subprocess
import sys
from pathlib import Path

import pytest

from catalog.errors import ConflictError, CorruptStateError
from hack.local_cluster import kernel, teardown
from hack.local_cluster import record as records
from hack.local_cluster.lock import exclusive
from hack.local_cluster.programs import Profile
from hack.local_cluster.record import ClusterRecord

RECORD = ClusterRecord(
    name="demo",
    profile=Profile.FULL,
    network="10.89.7.0/24",
    data="/var/cache/demo",
    boot_id="b",
    programs={"etcd": "/bin/etcd"},
    absent_folders=[],
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "demo" / "cluster.json"
    assert records.read(path) is None
    records.write(path, RECORD)
    assert records.read(path) == RECORD
    assert [file.name for file in path.parent.iterdir()] == ["cluster.json"]


@pytest.mark.parametrize("text", ["", "{", '{"name": "demo"}', '{"unknown": 1}'])
def test_a_damaged_record_is_named_with_a_remedy_and_nothing_is_guessed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    path.write_text(text)
    with pytest.raises(CorruptStateError, match=f"{path}: not a readable cluster record .* by hand"):
        records.read(path)


def test_others_are_all_readable_records_but_ones_own(tmp_path: Path) -> None:
    for name in ("demo", "other", "broken"):
        records.write(tmp_path / name / "cluster.json", RECORD)
    (tmp_path / "broken" / "cluster.json").write_text("{")
    assert records.others(tmp_path / "demo" / "cluster.json") == [RECORD]


def test_a_folder_of_a_first_write_that_was_killed_is_discarded_and_any_other_is_not(tmp_path: Path) -> None:
    path = tmp_path / "demo" / "cluster.json"
    path.parent.mkdir()
    (path.parent / "cluster.new").write_text("{")
    records.discard_unfinished(path)
    assert not path.parent.exists()
    records.discard_unfinished(path)
    path.parent.mkdir()
    (path.parent / "precious").touch()
    records.discard_unfinished(path)
    assert (path.parent / "precious").exists()


def test_a_name_is_locked_between_processes_until_the_holder_is_gone() -> None:
    script = "from hack.local_cluster.lock import exclusive\nwith exclusive('cluster x'): print('got it')"
    command = [sys.executable, "-c", script]
    with exclusive("cluster x"):
        with (
            pytest.raises(ConflictError, match="cluster x: another command works on it; try again"),
            exclusive("cluster x"),
        ):
            pass
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "another command works on it" in refused.stderr
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "got it\n"


MOUNTINFO = r"""
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
60 27 0:50 / /run/hami-dra/demo/kubelet/pods/1/volumes/a rw - tmpfs tmpfs rw
61 60 0:51 / /run/hami-dra/demo/kubelet/pods/1/volumes/a/with\040blank\134 rw - tmpfs tmpfs rw
62 27 0:52 / /run/hami-dra/demo2/kubelet rw - tmpfs tmpfs rw
63 27 0:53 / /run/hami-dra/demo rw - tmpfs tmpfs rw
""".strip()


def test_mounts_below_a_folder_come_latest_first_with_their_real_names() -> None:
    assert teardown.mounts_below(MOUNTINFO, Path("/run/hami-dra/demo")) == [
        "/run/hami-dra/demo",
        "/run/hami-dra/demo/kubelet/pods/1/volumes/a/with blank\\",
        "/run/hami-dra/demo/kubelet/pods/1/volumes/a",
    ]


def test_kernel_settings_are_put_back_and_those_that_the_kernel_lacks_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "vm").mkdir()
    setting = tmp_path / "vm" / "overcommit_memory"
    setting.write_text("0\n")
    before = kernel.read(tmp_path)
    assert before == {"vm/overcommit_memory": "0"}
    setting.write_text("1\n")
    kernel.restore(before, tmp_path)
    assert kernel.read(tmp_path) == before
