"""The components of a cluster: their command lines. Pure.

The files that these command lines name are rendered in configuration.py; starting them is cluster.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from hack.local_cluster.layout import API_PORT, SERVICE_NETWORK, Addresses, Layout
from hack.local_cluster.programs import Profile

ETCD_URL: Final = "http://127.0.0.1:2379"
ETCD_PEER_URL: Final = "http://127.0.0.1:2380"


class Component(StrEnum):
    """One process of a cluster, named as its program is."""

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


def components_of(profile: Profile) -> tuple[Component, ...]:
    """The components of a profile, in the order in which they start."""
    return CONTROL_PLANE if profile is Profile.CONTROL_PLANE else (*CONTROL_PLANE, *NODE)


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """All that the configuration of one cluster follows from, besides the machine."""

    layout: Layout
    addresses: Addresses
    profile: Profile
    programs: Mapping[str, Path]

    @property
    def node_name(self) -> str:
        """Name of the node (profile full)."""
        return self.layout.resource


def command(plan: ClusterPlan, component: Component) -> list[str]:
    """Program and flags of a component."""
    flags = {
        Component.ETCD: _etcd,
        Component.API_SERVER: _api_server,
        Component.CONTROLLER_MANAGER: _controller_manager,
        Component.SCHEDULER: _scheduler,
        Component.CONTAINERD: _containerd,
        Component.KUBELET: _kubelet,
    }[component](plan)
    return [str(plan.programs[component]), *(f"--{name}={value}" for name, value in flags.items())]


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


def _containerd(plan: ClusterPlan) -> dict[str, object]:
    return {"config": plan.layout.configuration / "containerd.toml"}


def _kubelet(plan: ClusterPlan) -> dict[str, object]:
    return {
        "config": plan.layout.configuration / "kubelet.yaml",
        "kubeconfig": _kubeconfig(plan, Component.KUBELET),
        "hostname-override": plan.node_name,
        "node-ip": plan.addresses.node,
        "root-dir": plan.layout.kubelet,
        "cert-dir": plan.layout.kubelet / "pki",
    }


def _kubeconfig(plan: ClusterPlan, component: Component) -> Path:
    return plan.layout.configuration / f"{component}.kubeconfig"
