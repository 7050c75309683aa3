"""A local cluster as an object: bring it up, use it, take it down.

A facade: whether and how it comes up is lifecycle.py's.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from hack.local_cluster import host, images
from hack.local_cluster.bringup import Bringup
from hack.local_cluster.emulation import Emulation
from hack.local_cluster.image import Contents
from hack.local_cluster.layout import NodeLayout
from hack.local_cluster.lifecycle import Lifecycle
from hack.local_cluster.processes import ProcessIdentity
from hack.local_cluster.programs import Profile
from hack.local_cluster.progress import Progress
from hack.local_cluster.shape import Shape

DEFAULT_NAME: Final = "demo"


class Cluster:
    """One cluster, by name. Making the object does nothing; whatever is used of the cluster needs it to be there."""

    def __init__(
        self,
        name: str = DEFAULT_NAME,
        profile: Profile | str = Profile.FULL,
        progress: Progress | None = None,
        *,
        nodes: int | None = None,
        emulate: str | None = None,
        feature_gates: Mapping[str, bool] | None = None,
    ) -> None:
        """What is None is left open: one node, Kubernetes as built, or whatever the cluster that is up has.

        Raises InvalidInputError for what cannot be.
        """
        self.name = name
        self.profile = Profile(profile)
        shape = Shape(self.profile, nodes, emulate, feature_gates)
        self._life = Lifecycle(name, shape, progress or Progress("cluster"))

    # Life

    def up(self) -> None:
        """Bring the cluster up; one that is up stays as it is, and components of it that ended are started.

        Installs missing Debian packages and builds missing programs first, and says so. If it fails or is interrupted,
        what it started is removed again. Raises HamiError.
        """
        self._life.up()

    def down(self) -> bool:
        """Remove everything of the cluster but the cache; returns whether there was anything. Raises HamiError."""
        return self._life.down()

    def is_up(self) -> bool:
        """Whether the cluster has come up and all its components live."""
        return self._life.is_up()

    def states(self) -> dict[str, bool]:
        """For each component: does it live. Empty where there is no cluster."""
        return self._life.states()

    # Places and addresses

    @property
    def kubeconfig(self) -> Path:
        """Kubeconfig of an administrator."""
        return self._life.layout().admin_kubeconfig

    @property
    def state(self) -> Path:
        """Folder of the cluster's sockets, logs (`log/`) and configuration; short, maybe on tmpfs, maybe mounted noexec."""
        return self._life.layout().state

    @property
    def data(self) -> Path:
        """Folder of the cluster on disk, for what is large or must be executable; removed with the cluster."""
        return self._life.layout().data

    @property
    def nodes(self) -> tuple[NodeLayout, ...]:
        """The cluster's nodes: names and folders; none in profile control-plane."""
        return self._bringup.plan.nodes

    def node(self, index: int) -> NodeLayout:
        """Name and folders of a node, by number from 0; there or not."""
        return self._life.layout().node(index)

    @property
    def kubelet_dir(self) -> Path:
        """The first node's kubelet's root: `plugins/`, `plugins_registry/`, `pods/`."""
        return self._life.layout().node(0).kubelet

    @property
    def cdi_dir(self) -> Path:
        """The one folder that the first node's containerd reads CDI specs from."""
        return self._life.layout().node(0).cdi

    @property
    def netns(self) -> Path:
        """Network namespace of the cluster, for `nsenter --net=`."""
        return self._life.layout().netns

    @property
    def node_name(self) -> str:
        """Name of the cluster's first node (profile full)."""
        return self._life.layout().node(0).name

    @property
    def emulation(self) -> Emulation:
        """Which Kubernetes the cluster's control plane plays."""
        return self._bringup.plan.emulation

    @property
    def host_address(self) -> str:
        """Address of the machine at which its processes can listen and the API server and pods reach them."""
        return str(self._bringup.plan.addresses.host)

    @property
    def api_url(self) -> str:
        """URL of the API server, from the machine and from the namespace."""
        return self._bringup.plan.addresses.api_url

    @property
    def ca_cert(self) -> Path:
        """Certificate of the cluster's authority (PEM)."""
        return self._bringup.authority.certificate

    @property
    def ca_key(self) -> Path:
        """Key of the cluster's authority (PEM)."""
        return self._bringup.authority.key

    def log_of(self, name: str) -> Path:
        """Log file of a component or a guest."""
        return self._life.layout().logs / f"{name}.log"

    # Use

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl as administrator; returns its standard output.

        Raises UnavailableError with kubectl's own message where it fails.
        """
        command = [str(self._bringup.plan.programs["kubectl"]), *arguments]
        done = subprocess.run(
            command, env=self.environment(), input=stdin or "", capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise UnavailableError(
                f"kubectl {' '.join(arguments)}: {done.stderr.strip() or f'status {done.returncode}'}"
            )
        return done.stdout

    def environment(self) -> dict[str, str]:
        """The caller's environment, with kubectl on PATH, KUBECONFIG set, and kubectl's cache in the cluster's folder."""
        kubectl = self._bringup.plan.programs["kubectl"]
        return os.environ | {
            "KUBECONFIG": str(self.kubeconfig),
            "KUBECACHEDIR": str(self.state / "kubectl-cache"),
            "KUBERC": "off",
            "PATH": f"{kubectl.parent}:{os.environ.get('PATH', host.SYSTEM_PATH)}",
        }

    def issue_certificate(
        self, common_name: str, names: Sequence[str], organizations: Sequence[str], folder: Path
    ) -> tuple[Path, Path]:
        """Issue a certificate of the cluster's authority for server and client use into `folder`, as tls.crt and tls.key.

        `names` are DNS names or IP addresses; Kubernetes reads `common_name` as the user and `organizations` as the groups.
        """
        return self._bringup.authority.issue(folder / "tls", common_name, names, organizations)

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        """A kubeconfig for a user by certificate; what the user may do is RBAC's."""
        stem = self.state / "users" / user.replace("/", "_").replace(":", "_")
        target = Path(f"{stem}.kubeconfig")
        self._bringup.write_kubeconfig(target, stem, user, tuple(groups))
        return target

    def load_image(
        self, name: str, files: Mapping[str, Path], command: Sequence[str] = (), base: Contents | None = None
    ) -> None:
        """Load an image of the given files (path in the image → file of the machine) over `base`, on all nodes, in place of an earlier one.

        `command` runs where a pod gives neither command nor args. Pods use the image with the default pull policy, unless
        its tag is `latest`.
        """
        contents = (base or Contents()).merged(Contents(files=dict(files)))
        bringup = self._bringup
        for node in bringup.plan.nodes:
            bringup.containerd(node).load(name, contents, command)

    def load_demo_image(self, files: Mapping[str, Path]) -> None:
        """Load `hami.io/demo:local` (BusyBox and the C library, as `up` leaves it) with further files."""
        self.load_image(images.DEMO_IMAGE, files, images.SHELL, images.base())

    # Components and guests

    def start(self, component: str) -> None:
        """Start a component, unless it runs, and wait until it answers; `kubelet-1` is the kubelet of the second node."""
        bringup = self._bringup
        unit = bringup.plan.unit(component)
        bringup.start(unit)
        bringup.await_unit(unit)

    def stop(self, component: str) -> None:
        """End a component and wait until it has ended (SIGTERM, after 5 s SIGKILL)."""
        bringup = self._bringup
        bringup.stop(bringup.plan.unit(component))

    def restart(self, component: str) -> None:
        """Stop and start a component."""
        self.stop(component)
        self.start(component)

    def start_guest(self, name: str, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
        """Start a process of the machine that belongs to the cluster, such as a driver or a webhook.

        It has the machine's network and logs to `log_of(name)`; `down` ends it (SIGTERM, after 3 s SIGKILL).
        Raises ConflictError where one of that name runs.
        """
        self._bringup.start_guest(name, list(command), dict(os.environ if environ is None else environ))

    def stop_guest(self, name: str) -> None:
        """End a process started by start_guest and wait until it has ended (SIGTERM, after 5 s SIGKILL)."""
        self._bringup.stop_guest(name)

    def guest_process(self, name: str) -> ProcessIdentity | None:
        """The process started by start_guest, if it lives."""
        return self._bringup.guest_process(name)

    def is_guest_running(self, name: str) -> bool:
        """Whether a process started by start_guest lives."""
        return self.guest_process(name) is not None

    @property
    def _bringup(self) -> Bringup:
        return self._life.bringup()
