"""The configuration files of a cluster's components. Pure: from plan and settings to a mapping of path to text.

Certificates are pki.py's; the command lines that name these files are components.py's.
"""

import base64
import json
from pathlib import Path
from typing import Any, Final

import yaml

from hack.local_cluster.components import ClusterPlan, Component
from hack.local_cluster.layout import NodeLayout
from hack.local_cluster.programs import Profile
from hack.local_cluster.settings import NodeSettings

PAUSE_IMAGE: Final = "hami.io/pause:local"
SCHEDULER_QPS: Final = 1000


def files(plan: ClusterPlan, settings: NodeSettings, runc: str) -> dict[Path, str]:
    """Every configuration file of the plan; `runc` is the path of the program."""
    folder = plan.layout.configuration
    control_plane = {folder / "kube-scheduler.yaml": _yaml(_scheduler(plan))}
    if plan.profile is Profile.CONTROL_PLANE:
        return control_plane
    of_nodes = {}
    for node in plan.nodes:
        of_nodes[node.configuration / "kubelet.yaml"] = _yaml(_kubelet(plan, node, settings))
        of_nodes[node.configuration / "containerd.toml"] = _containerd(plan, node, settings, runc)
    return (
        control_plane
        | of_nodes
        | {
            folder / "resolv.conf": "",
            folder / "cni" / "10-pods.conflist": json.dumps(_cni(plan), indent=2) + "\n",
        }
    )


def kubeconfig(server: str, ca: Path, certificate: Path, key: Path) -> str:
    """A kubeconfig that carries its certificates, so that it can be copied."""

    def inline(path: Path) -> str:
        return base64.b64encode(path.read_bytes()).decode()

    return _yaml(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "local", "cluster": {"server": server, "certificate-authority-data": inline(ca)}}],
            "users": [
                {
                    "name": "user",
                    "user": {"client-certificate-data": inline(certificate), "client-key-data": inline(key)},
                }
            ],
            "contexts": [{"name": "local", "context": {"cluster": "local", "user": "user"}}],
            "current-context": "local",
        }
    )


def _scheduler(plan: ClusterPlan) -> dict[str, Any]:
    return {
        "apiVersion": "kubescheduler.config.k8s.io/v1",
        "kind": "KubeSchedulerConfiguration",
        "clientConnection": {
            "kubeconfig": str(plan.layout.configuration / f"{Component.SCHEDULER}.kubeconfig"),
            "qps": SCHEDULER_QPS,
            "burst": 2 * SCHEDULER_QPS,
        },
        "leaderElection": {"leaderElect": False},
    }


def _kubelet(plan: ClusterPlan, node: NodeLayout, settings: NodeSettings) -> dict[str, Any]:
    layout, address = plan.layout, str(plan.addresses.kubelet(node.index))
    gates = plan.emulation.kubelet_gates()
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": address,
        "authentication": {
            "x509": {"clientCAFile": str(layout.certificates / "ca.crt")},
            "anonymous": {"enabled": False},
        },
        "authorization": {"mode": "Webhook"},
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{node.cgroup}",
        "cgroupsPerQOS": True,
        "containerRuntimeEndpoint": f"unix://{node.containerd_socket}",
        "enforceNodeAllocatable": [],
        "evictionHard": {
            "memory.available": "0%",
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
        },
        "failCgroupV1": settings.fail_on_cgroup_v1,
        "failSwapOn": False,
        **({"featureGates": gates} if gates else {}),
        "healthzBindAddress": address,
        # Images come from no registry: one that was collected could not be pulled again.
        "imageGCHighThresholdPercent": 100,
        "localStorageCapacityIsolation": False,
        "podLogsDir": str(node.pod_logs),
        "resolvConf": str(layout.configuration / "resolv.conf"),
        # A pod whose Prepare failed is tried again at the next sync; the default of a minute makes people wait.
        "syncFrequency": "10s",
        "tlsCertFile": str(layout.certificates / f"{node.of('kubelet-server')}.crt"),
        "tlsPrivateKeyFile": str(layout.certificates / f"{node.of('kubelet-server')}.key"),
        "volumePluginDir": str(node.kubelet / "volume-plugins"),
    }


def _cni(plan: ClusterPlan) -> dict[str, Any]:
    pods = plan.addresses.pods
    return {
        "cniVersion": "1.0.0",
        "name": plan.layout.resource,
        "plugins": [
            {
                "type": "bridge",
                "bridge": "pods0",
                "isGateway": True,
                "ipMasq": False,
                "hairpinMode": True,
                "ipam": {
                    "type": "host-local",
                    "ranges": [[{"subnet": str(pods), "gateway": str(pods[1])}]],
                    "routes": [{"dst": "0.0.0.0/0"}],
                    "dataDir": str(plan.layout.state / "cni"),
                },
            }
        ],
    }


def _containerd(plan: ClusterPlan, node: NodeLayout, settings: NodeSettings, runc: str) -> str:
    runtime = "io.containerd.cri.v1.runtime"
    return _toml(
        {
            "": {"version": 3, "root": node.data / "containerd", "state": node.state / "containerd"},
            "grpc": {"address": node.containerd_socket},
            f'plugins."{runtime}"': {
                "cdi_spec_dirs": [str(node.cdi)],
                "disable_apparmor": True,
                "netns_mounts_under_state_dir": True,
                "restrict_oom_score_adj": settings.restrict_oom_score,
            },
            f'plugins."{runtime}".cni': {
                "bin_dirs": [str(plan.programs["bridge"].parent)],
                "conf_dir": plan.layout.configuration / "cni",
            },
            f'plugins."{runtime}".containerd': {"default_runtime_name": "runc"},
            f'plugins."{runtime}".containerd.runtimes.runc': {
                "runtime_type": "io.containerd.runc.v2",
                "snapshotter": settings.snapshotter,
            },
            f'plugins."{runtime}".containerd.runtimes.runc.options': {
                "BinaryName": runc,
                "Root": node.state / "runc",
                "SystemdCgroup": False,
            },
            'plugins."io.containerd.cri.v1.images"': {"snapshotter": settings.snapshotter},
            'plugins."io.containerd.cri.v1.images".pinned_images': {"sandbox": PAUSE_IMAGE},
            'plugins."io.containerd.internal.v1.opt"': {"path": node.data / "opt"},
            'plugins."io.containerd.nri.v1.nri"': {"disable": True},
            'plugins."io.containerd.shim.v1.manager"': {"socket_dir": node.state / "shims"},
        }
    )


def _yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False)


def _toml(tables: dict[str, dict[str, object]]) -> str:
    lines = []
    for table, values in tables.items():
        lines += [f"\n[{table}]"] if table else []
        lines += [f"{key} = {_toml_value(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _toml_value(value: object) -> str:
    # JSON's strings, numbers, booleans and lists are TOML's too.
    return json.dumps(str(value) if isinstance(value, Path) else value)
