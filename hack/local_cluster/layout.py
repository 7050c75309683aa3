"""Names and paths of one cluster. Pure: nothing is read or made here.

Everything that a cluster makes carries its name (namespace, link, control group) or lies in one of its two folders, so that
removal needs no other record.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError

RUN_FOLDER: Final = Path("/run/hami-dra")
"""Short, because the longest socket path below it must stay within the 107 bytes of `sun_path`."""

NAMESPACES: Final = Path("/run/netns")
"""Where `ip netns` keeps named network namespaces."""

SERVICE_NETWORK: Final = IPv4Network("10.96.0.0/16")
API_PORT: Final = 6443
MAX_NODES: Final = 9
"""One digit in the paths of their sockets."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one cluster's things are."""

    name: str
    data: Path
    """Folder on disk for what is large or must be executable: containerd's root, etcd's data."""

    run_folder: Path = RUN_FOLDER

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidInputError(
                f"cluster name {self.name!r}: not usable; take 1 to 10 of a-z, 0-9 and '-', the latter neither first nor last "
                "(the name becomes part of a network link's)"
            )

    @property
    def resource(self) -> str:
        """Name of the network namespace, of the host's end of the link, and of the control group."""
        return f"hami-{self.name}"

    @property
    def state(self) -> Path:
        """Folder for sockets, configuration, logs and the kubelet's root."""
        return self.run_folder / self.name

    @property
    def record(self) -> Path:
        """The file that says that the cluster is ours: written first, removed last."""
        return self.state / "cluster.json"

    @property
    def netns(self) -> Path:
        """Handle of the network namespace, for `nsenter --net=`."""
        return NAMESPACES / self.resource

    @property
    def admin_kubeconfig(self) -> Path:
        """Kubeconfig of an administrator."""
        return self.state / "admin.kubeconfig"

    @property
    def certificates(self) -> Path:
        """Certificate authority and the certificates of components."""
        return self.state / "certs"

    @property
    def configuration(self) -> Path:
        """Configuration files of components."""
        return self.state / "config"

    @property
    def logs(self) -> Path:
        """One log per component, and the pods' logs in `pods/`."""
        return self.state / "log"

    @property
    def pids(self) -> Path:
        """One process record per component."""
        return self.state / "pid"

    def node(self, index: int) -> "NodeLayout":
        """Where the things of one node are."""
        return NodeLayout(self, index)


@dataclass(frozen=True, slots=True)
class NodeLayout:
    """Where one node's things are. The first node's stand in the cluster's own folders, those of each other one in a folder below."""

    cluster: Layout
    index: int

    @property
    def name(self) -> str:
        """The node's name in Kubernetes: hami-<cluster>, hami-<cluster>-1, …"""
        return self._suffixed(self.cluster.resource)

    def of(self, component: str) -> str:
        """Name of one of the node's own components or files: `kubelet`, on further nodes `kubelet-1`, …"""
        return self._suffixed(component)

    @property
    def state(self) -> Path:
        """Folder for sockets and the kubelet's root."""
        return self._below(self.cluster.state)

    @property
    def data(self) -> Path:
        """Folder on disk for what is large or must be executable."""
        return self._below(self.cluster.data)

    @property
    def configuration(self) -> Path:
        """Configuration files of kubelet and containerd."""
        return self._below(self.cluster.configuration)

    @property
    def cgroup(self) -> Path:
        """The control group below which the node's pods stand, relative to a hierarchy."""
        return self._below(Path(self.cluster.resource))

    @property
    def pod_logs(self) -> Path:
        """The pods' logs; a kubelet removes those of pods that it does not know, so each has a folder of its own."""
        return self.cluster.logs / self._suffixed("pods")

    @property
    def kubelet(self) -> Path:
        """The kubelet's root: plugins, plugins_registry, pods."""
        return self.state / "kubelet"

    @property
    def cdi(self) -> Path:
        """The folder that the node's containerd reads CDI specs from."""
        return self.state / "cdi"

    @property
    def containerd_socket(self) -> Path:
        """Where the node's containerd listens."""
        return self.state / "containerd" / "containerd.sock"

    def _suffixed(self, name: str) -> str:
        return f"{name}-{self.index}" if self.index else name

    def _below(self, folder: Path) -> Path:
        return folder / str(self.index) if self.index else folder


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one cluster: a /24, whose first quarter is the link's and whose upper half is the pods'."""

    network: IPv4Network

    @property
    def host(self) -> IPv4Address:
        """The machine's end of the link: a process of the machine listens here and the cluster reaches it."""
        return self.network[1]

    @property
    def node(self) -> IPv4Address:
        """The namespace's end of the link: API server and first kubelet."""
        return self.network[2]

    def kubelet(self, index: int) -> IPv4Address:
        """The address of a node: of its kubelet, and of its pods in the node's network."""
        return self.network[2 + index]

    @property
    def link(self) -> IPv4Network:
        """The network of the link alone."""
        return IPv4Network(f"{self.network[0]}/26")

    @property
    def pods(self) -> IPv4Network:
        """Addresses of pods on the bridge."""
        return list(self.network.subnets(new_prefix=25))[1]

    @property
    def api_url(self) -> str:
        """The API server, as the machine and the namespace reach it."""
        return f"https://{self.node}:{API_PORT}"
