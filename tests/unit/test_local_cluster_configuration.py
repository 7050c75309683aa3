"""Configuration of the local cluster: a pure function of plan and machine, and what the machine's facts change in it."""

import re
import tomllib
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.errors import InvalidInputError
from hack.local_cluster import configuration
from hack.local_cluster.components import ClusterPlan, Component, Unit, command
from hack.local_cluster.emulation import AS_BUILT, Emulation
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


def plan(profile: Profile = Profile.FULL, nodes: int = 1, emulation: Emulation = AS_BUILT) -> ClusterPlan:
    layout = Layout("demo", Path("/var/cache/hami-dra/state/demo"))
    programs = {name: Path("/var/cache/hami-dra/bin/key") / name for name in PROGRAMS}
    return ClusterPlan(layout, Addresses(IPv4Network("10.89.7.0/24")), profile, programs, nodes, emulation)


def rendered(settings: NodeSettings, profile: Profile = Profile.FULL, nodes: int = 1) -> dict[str, str]:
    files = configuration.files(plan(profile, nodes), settings, "/usr/sbin/runc")
    return {str(path.relative_to("/run/hami-dra/demo/config")): text for path, text in files.items()}


@pytest.mark.parametrize(("facts", "folder"), [(LEGACY, "legacy"), (UNIFIED, "unified")])
def test_configuration_files_are_as_reviewed(facts: HostFacts, folder: str, golden: Golden) -> None:
    for name, text in rendered(node_settings(facts)).items():
        golden(f"local_cluster/{folder}/{name}", text)


@pytest.mark.parametrize("profile", list(Profile))
def test_command_lines_are_as_reviewed(profile: Profile, golden: Golden) -> None:
    lines = ["\n  ".join(command(plan(profile), unit)) for unit in plan(profile).units]
    golden(f"local_cluster/commands-{profile}.txt", "\n".join(lines) + "\n")


def test_the_control_plane_alone_has_no_configuration_of_a_node() -> None:
    assert list(rendered(node_settings(LEGACY), Profile.CONTROL_PLANE)) == ["kube-scheduler.yaml"]


def test_nodes_that_a_test_plays_are_not_tainted_for_silence() -> None:
    assert "--controllers=*,-node-lifecycle-controller" in command(
        plan(Profile.CONTROL_PLANE), Unit(Component.CONTROLLER_MANAGER)
    )
    assert "--controllers=*" in command(plan(Profile.FULL), Unit(Component.CONTROLLER_MANAGER))


def test_nodes_differ_in_all_that_two_kubelets_of_one_machine_must_not_share() -> None:
    files = rendered(node_settings(LEGACY), nodes=3)
    texts = [files["kubelet.yaml"], files["1/kubelet.yaml"], files["2/kubelet.yaml"]]
    for key in ("address", "healthzBindAddress", "cgroupRoot", "containerRuntimeEndpoint", "podLogsDir", "tlsCertFile"):
        assert len({yaml.safe_load(text)[key] for text in texts}) == 3, key
    tomls = [tomllib.loads(files[f"{folder}containerd.toml"]) for folder in ("", "1/", "2/")]
    for key in ("root", "state"):
        assert len({toml[key] for toml in tomls}) == 3
    folders = [toml["plugins"]["io.containerd.cri.v1.runtime"]["cdi_spec_dirs"][0] for toml in tomls]
    assert folders == ["/run/hami-dra/demo/cdi", "/run/hami-dra/demo/1/cdi", "/run/hami-dra/demo/2/cdi"]


def test_the_first_of_several_nodes_is_as_the_only_one() -> None:
    several = rendered(node_settings(LEGACY), nodes=3)
    assert rendered(node_settings(LEGACY)).items() <= several.items()
    kubelets = [unit for unit in plan(nodes=3).units if unit.component is Component.KUBELET]
    assert command(plan(nodes=3), kubelets[0]) == command(plan(), Unit(Component.KUBELET))
    assert "--hostname-override=hami-demo-2" in command(plan(nodes=3), kubelets[2])


def test_a_component_is_found_by_its_name_and_an_unknown_one_is_refused_with_what_there_is() -> None:
    assert plan(nodes=2).unit("kubelet-1") == Unit(Component.KUBELET, 1)
    with pytest.raises(InvalidInputError, match=r"kubelet-2: not a component .* kubelet, kubelet-1"):
        plan(nodes=2).unit("kubelet-2")


def test_an_older_version_is_played_by_the_control_plane_and_never_by_the_kubelet() -> None:
    older = plan(emulation=Emulation("1.35", {"DRADeviceTaints": True}))
    played = [unit.component for unit in older.units if "--emulated-version=1.35" in command(older, unit)]
    assert played == [Component.API_SERVER, Component.CONTROLLER_MANAGER, Component.SCHEDULER]
    assert "--feature-gates=DRADeviceTaints=true" in command(older, Unit(Component.SCHEDULER))
    assert older.emulation.kubelet_gates() == {}
    assert Emulation("", {"DRADeviceTaints": True}).kubelet_gates() == {"DRADeviceTaints": True}


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
