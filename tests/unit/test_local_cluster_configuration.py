"""Configuration of the local cluster: a pure function of plan and machine, and what the machine's facts change in it."""

import re
import tomllib
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml

from hack.local_cluster import configuration
from hack.local_cluster.components import ClusterPlan, Component, command, components_of
from hack.local_cluster.host import CgroupMode, HostFacts
from hack.local_cluster.layout import Addresses, Layout
from hack.local_cluster.programs import Profile
from hack.local_cluster.settings import NodeSettings, node_settings
from tests.conftest import Golden

PROGRAMS = [*(str(component) for component in Component), "kubectl", "ctr", "bridge", "containerd-shim-runc-v2"]
LEGACY = HostFacts(
    CgroupMode.LEGACY,
    (Path("/sys/fs/cgroup/freezer"), Path("/sys/fs/cgroup/memory")),
    may_lower_oom_score=False,
    data_filesystem="ext4",
)
UNIFIED = HostFacts(CgroupMode.UNIFIED, (Path("/sys/fs/cgroup"),), may_lower_oom_score=True, data_filesystem="overlay")


def plan(profile: Profile = Profile.FULL) -> ClusterPlan:
    layout = Layout("demo", Path("/var/cache/hami-dra/state/demo"))
    programs = {name: Path("/var/cache/hami-dra/bin/key") / name for name in PROGRAMS}
    return ClusterPlan(layout, Addresses(IPv4Network("10.89.7.0/24")), profile, programs)


def rendered(settings: NodeSettings, profile: Profile = Profile.FULL) -> dict[str, str]:
    files = configuration.files(plan(profile), settings, "/usr/sbin/runc")
    return {str(path.relative_to("/run/hami-dra/demo/config")): text for path, text in files.items()}


@pytest.mark.parametrize(("facts", "folder"), [(LEGACY, "legacy"), (UNIFIED, "unified")])
def test_configuration_files_are_as_reviewed(facts: HostFacts, folder: str, golden: Golden) -> None:
    for name, text in rendered(node_settings(facts)).items():
        golden(f"local_cluster/{folder}/{name}", text)


@pytest.mark.parametrize("profile", list(Profile))
def test_command_lines_are_as_reviewed(profile: Profile, golden: Golden) -> None:
    lines = ["\n  ".join(command(plan(profile), component)) for component in components_of(profile)]
    golden(f"local_cluster/commands-{profile}.txt", "\n".join(lines) + "\n")


def test_the_control_plane_alone_has_no_configuration_of_a_node() -> None:
    assert list(rendered(node_settings(LEGACY), Profile.CONTROL_PLANE)) == ["kube-scheduler.yaml"]


def test_nodes_that_a_test_plays_are_not_tainted_for_silence() -> None:
    assert "--controllers=*,-node-lifecycle-controller" in command(
        plan(Profile.CONTROL_PLANE), Component.CONTROLLER_MANAGER
    )
    assert "--controllers=*" in command(plan(Profile.FULL), Component.CONTROLLER_MANAGER)


def test_on_cgroup_v1_the_kubelet_is_told_that_it_is_meant() -> None:
    assert kubelet(LEGACY)["failCgroupV1"] is False
    assert kubelet(UNIFIED)["failCgroupV1"] is True


def test_pods_stand_below_the_clusters_own_group_whatever_the_machine() -> None:
    for facts in (LEGACY, UNIFIED):
        assert kubelet(facts)["cgroupRoot"] == "/hami-demo"
        assert kubelet(facts)["cgroupDriver"] == "cgroupfs"
        assert runtime(facts)["containerd"]["runtimes"]["runc"]["options"]["SystemdCgroup"] is False


def test_without_the_capability_sandboxes_ask_for_no_lower_oom_score() -> None:
    assert runtime(LEGACY)["restrict_oom_score_adj"] is True
    assert runtime(UNIFIED)["restrict_oom_score_adj"] is False


def test_a_file_system_that_carries_no_overlay_gets_plain_copies() -> None:
    assert runtime(LEGACY)["containerd"]["runtimes"]["runc"]["snapshotter"] == "overlayfs"
    assert runtime(UNIFIED)["containerd"]["runtimes"]["runc"]["snapshotter"] == "native"


def test_every_path_in_the_configuration_is_the_clusters_own_a_programs_or_named_here() -> None:
    own = ("/run/hami-dra/demo/", "/var/cache/hami-dra/")
    others = {"/usr/sbin/runc", "/hami-demo"}
    for name, text in rendered(node_settings(LEGACY)).items():
        paths = set(re.findall(r'(?:^|[\s"=:])(/[^\s",]+)', text.replace("unix://", "")))
        assert {path for path in paths if not path.startswith(own)} <= others, name


def kubelet(facts: HostFacts) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(rendered(node_settings(facts))["kubelet.yaml"])
    return document


def runtime(facts: HostFacts) -> dict[str, Any]:
    document = tomllib.loads(rendered(node_settings(facts))["containerd.toml"])
    section: dict[str, Any] = document["plugins"]["io.containerd.cri.v1.runtime"]
    return section
