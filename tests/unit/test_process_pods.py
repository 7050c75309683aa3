"""Which pod a process is in: control groups as container runtimes name them, and the kubelet's folders of logs."""

import os
from pathlib import Path

import pytest

from dra_driver.accounting.process_pods import identity_of, pod_named, pod_uid_of, started
from dra_driver.call import Pod

UID = "3c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d11"
STATIC = "0123456789abcdef0123456789abcdef"


def in_group(proc: Path, cgroup: str) -> str | None:
    (proc / "7").mkdir()
    (proc / "7/cgroup").write_text(cgroup)
    return pod_uid_of(7, proc)


@pytest.mark.parametrize(
    ("cgroup", "uid"),
    [
        (f"0::/kubepods/burstable/pod{UID}/8f3a\n", UID),
        (f"0::/kubepods.slice/kubepods-pod{UID.replace('-', '_')}.slice/cri-containerd-8f3a.scope\n", UID),
        (f"12:memory:/a\n4:pids:/demo/kubepods/pod{UID}/8f3a\n1:name=systemd:/\n", UID),
        (f"0::/../../kubepods-besteffort-pod{UID.replace('-', '_')}.slice/cri-containerd-8f3a.scope\n", UID),
        (f"0::/kubepods/pod{STATIC}/8f3a\n", STATIC),
        (f"0::/kubepods/pod{UID}", UID),
        ("0::/system.slice/nvidia-persistenced.service\n", None),
        ("0::/kubepods/podium/8f3a\n", None),
        (f"0::/user.slice/tripod{UID}/x\n", None),
        ("", None),
    ],
)
def test_the_pod_stands_in_the_control_group(tmp_path: Path, cgroup: str, uid: str | None) -> None:
    assert in_group(tmp_path, cgroup) == uid


def test_a_process_that_is_gone_is_in_no_pod(tmp_path: Path) -> None:
    assert pod_uid_of(7, tmp_path) is None
    assert started(7, tmp_path) == 0
    assert identity_of(7, tmp_path) == (0, 0)


def test_a_pods_name_is_that_of_its_folder_of_logs(tmp_path: Path) -> None:
    (tmp_path / f"team_trainer-0_{UID}").mkdir()
    (tmp_path / f"other_x_{STATIC}").mkdir()
    assert pod_named(UID, tmp_path) == Pod("team", "trainer-0", UID)
    assert pod_named("7d11", tmp_path) is None
    assert pod_named(UID, tmp_path / "none") is None


def test_a_program_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    behind = " ".join(["S", *map(str, range(1, 19)), "4711", "0"])
    (tmp_path / "7/stat").write_text(f"7 (a) b) ( c) {behind}\n")
    assert started(7, tmp_path) == 4711


def test_a_process_knows_itself_by_its_own_pid_namespace(tmp_path: Path) -> None:
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("NSpid:"))
    assert identity_of(os.getpid()) == (namespace, int(own.split()[-1]))
    (tmp_path / "7/ns").mkdir(parents=True)
    (tmp_path / "7/ns/pid").write_text("")
    (tmp_path / "7/status").write_text("Name:\tx\nNSpid:\t7\t312\t5\n")
    assert identity_of(7, tmp_path)[1] == 5
