"""The components of a cluster: their command lines. Pure.

The files that these command lines name are rendered in configuration.py; starting them is cluster.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from hack.local_cluster.emulation import AS_BUILT, Emulation
from hack.local_cluster.layout import API_PORT, SERVICE_NETWORK, Addresses, Layout, NodeLayout
from hack.local_cluster.programs import Profile

ETCD_URL: Final = "http://127.0.0.1:2379"
ETCD_PEER_URL: Final = "http://127.0.0.1:2380"


class Component(StrEnum):
    """What a process of a cluster is, named as its program."""

    ETCD = "etcd"
    API_SERVER = "kube-apiserver"
    CONTROLLER_MANAGER = "kube-controller-manager"
    SCHEDULER = "kube-scheduler"
    CONTAINERD = "containerd"
    KUBELET = "kubelet"


CONTROL_PLANE: Final = (Component.ETCD, Component.API_SERVER, Component.CONTROLLER_MANAGER, Component.SCHEDULER)
NODE: Final = (Component.CONTAINERD, Component.KUBELET)

IDENTITIES: Final = {
    "admin": ("admin", ("system:masters",)),
    Component.CONTROLLER_MANAGER: ("system:kube-controller-manager", ()),
    Component.SCHEDULER: ("system:kube-scheduler", ()),
}
"""Kubeconfigs by file name: user and groups, as Kubernetes' default roles know them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One process of a cluster: a component, and for those of a node, which node's."""

    component: Component
    node: int = 0

    def __str__(self) -> str:
        """`kubelet`, on further nodes `kubelet-1`, …: the name of its log and its record."""
        return f"{self.component}-{self.node}" if self.node else str(self.component)


def units_of(profile: Profile, nodes: int) -> tuple[Unit, ...]:
    """The processes of a cluster, in the order in which they start."""
    control_plane = tuple(map(Unit, CONTROL_PLANE))
    if profile is Profile.CONTROL_PLANE:
        return control_plane
    return (*control_plane, *(Unit(component, node) for component in NODE for node in range(nodes)))


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """All that the configuration of one cluster follows from, besides the machine."""

    layout: Layout
    addresses: Addresses
    profile: Profile
    programs: Mapping[str, Path]
    node_count: int = 1
    emulation: Emulation = AS_BUILT

    @property
    def nodes(self) -> tuple[NodeLayout, ...]:
        """The cluster's nodes; none in profile control-plane."""
        return tuple(map(self.layout.node, range(self.node_count))) if self.profile is Profile.FULL else ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """The cluster's processes, in the order in which they start."""
        return units_of(self.profile, self.node_count)

    def unit(self, name: str) -> Unit:
        """The process of that name, such as `kubelet-1`.

        Raises InvalidInputError where the cluster has none.
        """
        found = next((unit for unit in self.units if str(unit) == name), None)
        if found is None:
            raise InvalidInputError(
                f"{name}: not a component of cluster {self.layout.name}, which has {', '.join(map(str, self.units))}"
            )
        return found


def command(plan: ClusterPlan, unit: Unit) -> list[str]:
    """Program and flags of a component."""
    match unit.component:
        case Component.ETCD:
            flags = _etcd(plan)
        case Component.API_SERVER:
            flags = _api_server(plan) | plan.emulation.flags()
        case Component.CONTROLLER_MANAGER:
            flags = _controller_manager(plan) | plan.emulation.flags()
        case Component.SCHEDULER:
            flags = _scheduler(plan) | plan.emulation.flags()
        case Component.CONTAINERD:
            flags = {"config": plan.layout.node(unit.node).configuration / "containerd.toml"}
        case Component.KUBELET:
            flags = _kubelet(plan, plan.layout.node(unit.node))
    return [str(plan.programs[unit.component]), *(f"--{name}={value}" for name, value in flags.items())]


def _etcd(plan: ClusterPlan) -> dict[str, object]:
    return {
        "name": "etcd",
        "data-dir": plan.layout.data / "etcd",
        "listen-client-urls": ETCD_URL,
        "advertise-client-urls": ETCD_URL,
        "listen-peer-urls": ETCD_PEER_URL,
        "initial-advertise-peer-urls": ETCD_PEER_URL,
        "initial-cluster": f"etcd={ETCD_PEER_URL}",
        "unsafe-no-fsync": "true",  # a cluster that does not outlive its machine's boot gains nothing from fsync
        "log-level": "warn",
    }


def _api_server(plan: ClusterPlan) -> dict[str, object]:
    certificates = plan.layout.certificates
    return {
        "etcd-servers": ETCD_URL,
        "bind-address": "0.0.0.0",  # noqa: S104  of the cluster's own namespace
        "advertise-address": plan.addresses.node,
        "secure-port": API_PORT,
        "endpoint-reconciler-type": "none",
        "service-cluster-ip-range": SERVICE_NETWORK,
        "enable-aggregator-routing": "true",  # webhook Services are reached by endpoint, without kube-proxy
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "client-ca-file": certificates / "ca.crt",
        "tls-cert-file": certificates / "kube-apiserver.crt",
        "tls-private-key-file": certificates / "kube-apiserver.key",
        "kubelet-client-certificate": certificates / "kubelet-client.crt",
        "kubelet-client-key": certificates / "kubelet-client.key",
        "kubelet-certificate-authority": certificates / "ca.crt",
        "kubelet-preferred-address-types": "InternalIP",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": certificates / "service-accounts.pub",
        "service-account-signing-key-file": certificates / "service-accounts.key",
        "max-requests-inflight": 1000,
        "max-mutating-requests-inflight": 1000,
        "cert-dir": certificates,
        "profiling": "false",
    }


def _controller_manager(plan: ClusterPlan) -> dict[str, object]:
    certificates = plan.layout.certificates
    kubeconfig = _kubeconfig(plan, Component.CONTROLLER_MANAGER)
    # Nodes that a test plays send no heartbeats; the controller would taint them.
    controllers = "*,-node-lifecycle-controller" if plan.profile is Profile.CONTROL_PLANE else "*"
    return {
        "kubeconfig": kubeconfig,
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "service-account-private-key-file": certificates / "service-accounts.key",
        "root-ca-file": certificates / "ca.crt",
        "use-service-account-credentials": "true",
        "leader-elect": "false",
        "bind-address": "127.0.0.1",
        "controllers": controllers,
        "kube-api-qps": 1000,
        "kube-api-burst": 2000,
        "profiling": "false",
    }


def _scheduler(plan: ClusterPlan) -> dict[str, object]:
    kubeconfig = _kubeconfig(plan, Component.SCHEDULER)
    return {
        "config": plan.layout.configuration / "kube-scheduler.yaml",
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "bind-address": "127.0.0.1",
    }


def _kubelet(plan: ClusterPlan, node: NodeLayout) -> dict[str, object]:
    return {
        "config": node.configuration / "kubelet.yaml",
        "kubeconfig": plan.layout.configuration / f"{node.of('kubelet')}.kubeconfig",
        "hostname-override": node.name,
        "node-ip": plan.addresses.kubelet(node.index),
        "root-dir": node.kubelet,
        "cert-dir": node.kubelet / "pki",
    }


def _kubeconfig(plan: ClusterPlan, component: Component) -> Path:
    return plan.layout.configuration / f"{component}.kubeconfig"
