"""hack/cluster on this machine: up, use, break-offs, and that nothing is left. Needs root; clusters of its own names."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog.errors import ConflictError, HamiError, InvalidInputError
from hack.local_cluster import Cluster, Profile, processes

pytestmark = pytest.mark.node

REPOSITORY = Path(__file__).parents[2]
TOOL = [sys.executable, "-m", "hack.local_cluster"]
NAME = "tool"
PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: bridged}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: shell, image: "hami.io/demo:local", command: [sh, -c, "echo started; exec sleep 100000"]}]
---
apiVersion: v1
kind: Pod
metadata: {name: hostnet}
spec:
  hostNetwork: true
  terminationGracePeriodSeconds: 0
  containers: [{name: shell, image: "hami.io/demo:local", command: [sh, -c, "echo started; exec sleep 100000"]}]
"""


def left_of(name: str) -> list[str]:
    """Everything on the machine that bears the cluster's name or runs on its behalf."""
    resource, state, data = f"hami-{name}", f"/run/hami-dra/{name}", f"hami-dra/state/{name}"
    found = [f"process {pid}: {line}" for pid, line in command_lines() if f"{state}/" in line or f"{data}/" in line]
    found += [f"process in {path.parent.parent}" for path in cgroup_folders(resource)]
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    found += [f"mount {line}" for line in mounts if state in line or data in line or resource in line]
    found += [
        str(path)
        for path in [Path("/sys/class/net") / resource, Path("/run/netns") / resource, Path(state)]
        if path.exists()
    ]
    found += [str(path) for path in Path("/var/log/containers").glob("*") if state in str(path.readlink())]
    found += [str(path) for path in Path("/var/lib/cni/results").glob("*") if state.encode() in path.read_bytes()]
    return found


def command_lines() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                yield int(folder.name), (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue


def cgroup_folders(resource: str) -> list[Path]:
    return [
        path
        for path in (Path("/sys/fs/cgroup") / resource, *Path("/sys/fs/cgroup").glob(f"*/{resource}"))
        if path.exists()
    ]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(NAME, Profile.FULL)
    cluster.down()
    cluster.up()
    yield cluster
    cluster.down()
    assert left_of(NAME) == []


def test_pods_run_on_the_bridge_and_in_the_nodes_network_with_logs_and_exec(cluster: Cluster) -> None:
    cluster.kubectl("apply", "-f", "-", stdin=PODS)
    cluster.kubectl("wait", "--for=condition=Ready", "pod/bridged", "pod/hostnet", "--timeout=60s")
    assert cluster.kubectl("logs", "bridged") == "started\n"
    assert cluster.kubectl("exec", "bridged", "--", "sh", "-c", "echo from inside") == "from inside\n"
    addresses = cluster.kubectl("get", "pods", "-o", "jsonpath={.items[*].status.podIP}").split()
    assert addresses[0].rpartition(".")[0] == addresses[1].rpartition(".")[0] == cluster.host_address.rpartition(".")[0]


def test_a_pod_on_the_bridge_and_the_machine_reach_each_other(cluster: Cluster) -> None:
    cluster.kubectl("apply", "-f", "-", stdin=PODS)
    cluster.kubectl("wait", "--for=condition=Ready", "pod/bridged", "--timeout=60s")
    cluster.kubectl("exec", "bridged", "--", "ping", "-c", "1", "-W", "5", cluster.host_address)
    pod = cluster.kubectl("get", "pod", "bridged", "-o", "jsonpath={.status.podIP}")
    cluster.kubectl("exec", "bridged", "--", "sh", "-c", "nc -l -p 8080 -e cat </dev/null >/dev/null 2>&1 & sleep 0.2")
    assert (
        subprocess.run(
            ["bash", "-c", f"exec 3<>/dev/tcp/{pod}/8080 && echo hello >&3 && head -n 1 <&3"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        == "hello\n"
    )


def test_up_again_changes_nothing(cluster: Cluster, capfd: pytest.CaptureFixture[str]) -> None:
    before = cluster.kubectl("get", "namespace", "default", "-o", "jsonpath={.metadata.uid}")
    Cluster(NAME, Profile.FULL).up()
    assert "is up already" in capfd.readouterr().err
    assert cluster.kubectl("get", "namespace", "default", "-o", "jsonpath={.metadata.uid}") == before


def test_up_with_another_profile_is_refused_and_the_cluster_stays(cluster: Cluster) -> None:
    with pytest.raises(ConflictError, match="is up with profile full"):
        Cluster(NAME, Profile.CONTROL_PLANE).up()
    assert cluster.is_up()


def test_status_says_what_runs(cluster: Cluster) -> None:
    status = subprocess.run(
        [*TOOL, "status", "--name", NAME], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert status.stdout.count("running") == 6
    assert str(cluster.kubeconfig) in status.stdout


def test_a_user_by_certificate_has_the_rights_that_rbac_gives_and_no_others(cluster: Cluster) -> None:
    kubeconfig = cluster.kubeconfig_for("somebody", ["some-group"])
    with pytest.raises(HamiError, match='User "somebody" cannot list resource "pods"'):
        cluster.kubectl("get", "pods", f"--kubeconfig={kubeconfig}")
    cluster.kubectl("create", "clusterrolebinding", "some-viewers", "--clusterrole=view", "--group=some-group")
    cluster.kubectl("get", "pods", f"--kubeconfig={kubeconfig}")


def test_a_restarted_kubelet_goes_on_with_its_pods(cluster: Cluster) -> None:
    cluster.kubectl("apply", "-f", "-", stdin=PODS)
    cluster.kubectl("wait", "--for=condition=Ready", "pod/bridged", "--timeout=60s")
    cluster.restart("kubelet")
    assert cluster.is_up()
    assert first_answer(lambda: cluster.kubectl("exec", "bridged", "--", "echo", "still here")) == "still here\n"
    assert cluster.kubectl("get", "pod", "bridged", "-o", "jsonpath={.status.containerStatuses[0].restartCount}") == "0"


def first_answer(ask: Callable[[], str]) -> str:
    """Ask until there is an answer: a kubelet knows its pods a moment after it answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return ask()
        except HamiError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_an_image_of_given_files_replaces_one_of_the_same_name(cluster: Cluster, tmp_path: Path) -> None:
    for text in ("one", "two"):
        (tmp_path / "greeting").write_text(text)
        cluster.load_demo_image({"/greeting": tmp_path / "greeting"})
        cluster.kubectl("delete", "pod", "greeter", "--ignore-not-found")
        cluster.kubectl("run", "greeter", "--image=hami.io/demo:local", "--restart=Never", "--", "cat", "/greeting")
        cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/greeter", "--timeout=60s")
        assert cluster.kubectl("logs", "greeter") == text


def test_a_killed_component_is_seen_and_up_starts_it_again(cluster: Cluster) -> None:
    record = processes.recorded(cluster.state / "pid" / "kube-scheduler.json")
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    while processes.is_alive(record):
        time.sleep(0.01)
    assert not cluster.is_up()
    cluster.up()
    assert cluster.is_up()


def test_a_guest_lives_in_the_machines_network_and_ends_with_a_signal_that_it_can_handle(cluster: Cluster) -> None:
    script = 'trap "echo asked to end; exit" TERM; ip -o link show; echo ready; while :; do sleep 0.1; done'
    cluster.start_guest("listener", ["/bin/sh", "-c", script])
    log = cluster.log_of("listener")
    while "ready" not in log.read_text():
        assert cluster.is_guest_running("listener")
        time.sleep(0.02)
    cluster.stop_guest("listener")
    assert "hami-tool" in log.read_text()
    assert log.read_text().endswith("asked to end\n")
    assert not cluster.is_guest_running("listener")


def test_down_leaves_nothing_even_after_components_were_killed() -> None:
    cluster = Cluster("killed", Profile.FULL, nodes=2)
    cluster.up()
    cluster.kubectl("apply", "-f", "-", stdin=PODS)
    cluster.kubectl("wait", "--for=condition=Ready", "pod/bridged", "--timeout=60s")
    cluster.start_guest("stubborn", ["/bin/sh", "-c", "trap '' TERM; sleep 100000"])
    for component in ("kubelet", "kubelet-1", "containerd-1", "etcd"):
        record = processes.recorded(cluster.state / "pid" / f"{component}.json")
        assert record is not None
        os.kill(record.pid, signal.SIGKILL)
    assert left_of("killed") != []
    assert cluster.down()
    assert left_of("killed") == []
    assert not cluster.down()


def test_clusters_of_different_names_and_versions_come_up_at_once_and_share_nothing() -> None:
    """Each is asked by the kubeconfig that `hack/cluster kubeconfig` prints, from the machine's own network."""
    twins = [
        Cluster("twin-a", Profile.CONTROL_PLANE),
        Cluster("twin-b", Profile.CONTROL_PLANE, emulate="1.35", feature_gates={"DRADeviceTaints": True}),
    ]
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Cluster.up, twins))
        assert [emulated_minor(twin.name) for twin in twins] == [None, "35"]
        assert len({twin.host_address for twin in twins}) == len({twin.netns for twin in twins}) == 2
        with pytest.raises(ConflictError, match=r"is up with Kubernetes 1.35 .*, not Kubernetes 1.36"):
            Cluster("twin-b", Profile.CONTROL_PLANE, emulate="1.36").up()
        assert twins[0].down()
        assert left_of("twin-a") == []
        assert emulated_minor("twin-b") == "35"
    finally:
        for twin in twins:
            twin.down()
    assert left_of("twin-b") == []


def emulated_minor(name: str) -> str | None:
    """What the cluster that the printed kubeconfig leads to says of itself."""
    printed = subprocess.run(
        [*TOOL, "kubeconfig", "--name", name], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    with tempfile.NamedTemporaryFile("w", suffix=".kubeconfig") as copy:
        copy.write(printed.stdout)
        copy.flush()
        version = json.loads(Cluster(name).kubectl("get", "--raw", "/version", f"--kubeconfig={copy.name}"))
    emulated: str | None = version.get("emulationMinor")
    return emulated if emulated != version["minor"] else None


def test_a_feature_gate_that_does_not_exist_is_named_and_nothing_is_left() -> None:
    with pytest.raises(HamiError, match=r"leave out what is refused below(?s:.)*unrecognized feature gate: DRANoSuch"):
        Cluster("broken", Profile.CONTROL_PLANE, feature_gates={"DRANoSuch": True}).up()
    assert left_of("broken") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("sign", ["cluster.json", "config/kubelet.yaml", "pid/kube-apiserver.json", "pid/kubelet.json"])
def test_an_interrupted_up_leaves_nothing(sign: str, number: signal.Signals) -> None:
    process = started_up_to("broken", sign)
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert "interrupted; removing what was started" in errors
    assert left_of("broken") == []


def test_after_a_killed_up_the_next_one_removes_what_it_left_and_comes_up() -> None:
    process = started_up_to("broken", "pid/kube-apiserver.json")
    process.kill()
    process.communicate()
    assert left_of("broken") != []
    cluster = Cluster("broken", Profile.CONTROL_PLANE)
    cluster.up()
    assert cluster.is_up()
    cluster.down()
    assert left_of("broken") == []


def started_up_to(name: str, sign: str) -> subprocess.Popen[str]:
    """Start `up` and return as soon as a file of its work is there."""
    command = [
        "env",
        "--default-signal",
        *TOOL,
        "up",
        "--name",
        name,
    ]  # also where the test runner itself ignores interrupts
    process = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
    path = Path("/run/hami-dra") / name / sign
    while not path.exists():
        assert process.poll() is None, f"up ended before {path} was there"
        time.sleep(0.005)
    return process


def test_a_foreign_network_namespace_is_named_and_nothing_is_changed() -> None:
    subprocess.run(["ip", "netns", "add", "hami-foreign"], check=True)
    try:
        with pytest.raises(
            ConflictError, match=r"network namespace hami-foreign .remove it with `ip netns delete hami-foreign`"
        ):
            Cluster("foreign", Profile.CONTROL_PLANE).up()
        with pytest.raises(ConflictError, match="not of a cluster that this tool made"):
            Cluster("foreign").down()
        assert Path("/run/netns/hami-foreign").exists()
        assert not Path("/run/hami-dra/foreign").exists()
    finally:
        subprocess.run(["ip", "netns", "delete", "hami-foreign"], check=True)


def test_a_foreign_folder_is_named_and_left_as_it_is() -> None:
    folder = Path("/run/hami-dra/foreign")
    folder.mkdir(parents=True)
    (folder / "precious").touch()
    try:
        with pytest.raises(ConflictError, match="folder /run/hami-dra/foreign"):
            Cluster("foreign", Profile.CONTROL_PLANE).up()
        assert (folder / "precious").exists()
    finally:
        (folder / "precious").unlink()
        folder.rmdir()
        with contextlib.suppress(OSError):
            folder.parent.rmdir()


def test_a_component_that_cannot_start_is_named_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kubelet"):
        program(tmp_path / name, "exec sleep 1000")
    program(tmp_path / "etcd", "echo no space left on device; exit 1")
    monkeypatch.setenv("HAMI_DRA_CLUSTER_BIN", str(tmp_path))
    with pytest.raises(
        HamiError, match=r"etcd of cluster broken: ended. The end of .*etcd.log:\nno space left on device"
    ):
        Cluster("broken", Profile.CONTROL_PLANE).up()
    assert left_of("broken") == []


def test_a_folder_of_programs_that_lacks_some_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "etcd", "exit 1")
    monkeypatch.setenv("HAMI_DRA_CLUSTER_BIN", str(tmp_path))
    with pytest.raises(InvalidInputError, match=f"HAMI_DRA_CLUSTER_BIN={tmp_path}: no executable kube-apiserver, "):
        Cluster("broken", Profile.CONTROL_PLANE).up()
    assert left_of("broken") == []


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
