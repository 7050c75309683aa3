"""Makes a cluster: certificates, configuration, network, processes, images, and the wait until it can be used.

Knows nothing of clusters that exist already, and cleans nothing up: lifecycle.py decides that, teardown.py does it.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from catalog.errors import ConflictError, UnavailableError
from hack.local_cluster import api, cgroups, configuration, host, images, network, processes, teardown
from hack.local_cluster.components import IDENTITIES, ClusterPlan, Component, command, components_of
from hack.local_cluster.layout import SERVICE_NETWORK
from hack.local_cluster.node import Containerd
from hack.local_cluster.pki import Authority, create_signing_key
from hack.local_cluster.processes import ProcessIdentity
from hack.local_cluster.programs import Profile
from hack.local_cluster.settings import node_settings

READY_S: Final = 90.0
STOP_S: Final = 5.0
POLL_S: Final = 0.05
LOG_TAIL_LINES: Final = 12

ENTER: Final = ("/bin/sh", "-c", 'umask 022; echo 0 >"$0" && exec "$@"')
"""Enters the control group named by the next argument, then becomes the program that follows.

Whatever the caller's umask, pods that do not run as root must be able to read what components write for them.
"""


class Bringup:
    """Starts and stops the components of one plan."""

    def __init__(self, plan: ClusterPlan, facts: host.HostFacts) -> None:
        self.plan = plan
        self.facts = facts
        self.authority = Authority(plan.layout.certificates)

    def create(self) -> None:
        """Make everything from nothing and wait until it is ready."""
        network.create(self.plan.layout, self.plan.addresses)
        cgroups.create(self.facts.cgroup_hierarchies, self.plan.layout.resource)
        self._write_files()
        with ThreadPoolExecutor(max_workers=1) as pool:
            node_runtime = pool.submit(self._start_runtime) if self.plan.profile is Profile.FULL else None
            self._start_control_plane()
            if node_runtime:
                node_runtime.result()
        if self.plan.profile is Profile.FULL:
            self.start(Component.KUBELET)
        self.await_ready()

    def start(self, component: Component) -> None:
        """Start a component, unless it runs; await_component waits for it."""
        if self.is_running(component):
            return
        register = cgroups.entrance(self.facts.cgroup_hierarchies, self.plan.layout.resource)
        inside = [*ENTER, str(register), "nsenter", f"--net={self.plan.layout.netns}"]
        self._spawn(component, [*inside, *command(self.plan, component)], self._environment())

    def start_guest(self, name: str, command: list[str], environ: Mapping[str, str]) -> None:
        """Start a process of the cluster's user in the machine's own network; it ends with the cluster.

        Raises ConflictError where one of that name runs.
        """
        if self.guest_process(name):
            raise ConflictError(
                f"{name} of cluster {self.plan.layout.name}: runs already; stop it first, or take another name"
            )
        register = cgroups.entrance(self.facts.cgroup_hierarchies, self.plan.layout.resource)
        self._spawn(_guest(name), [*ENTER, str(register), *command], environ)

    def stop(self, component: Component) -> None:
        """End a component and wait until it has ended; one that does not run is fine."""
        self._end(component)

    def stop_guest(self, name: str) -> None:
        """End a process started by start_guest and wait until it has ended; one that does not run is fine."""
        self._end(_guest(name))

    def is_running(self, component: Component) -> bool:
        """Whether a component lives."""
        return self._live(component) is not None

    def guest_process(self, name: str) -> ProcessIdentity | None:
        """The process started by start_guest, if it lives."""
        return self._live(_guest(name))

    def await_ready(self) -> None:
        """Wait until pods can be created, and in profile full until the node is ready.

        Raises UnavailableError with the end of the log where a component ends or takes too long.
        """
        self.await_component(Component.API_SERVER)
        probe, url = self.probe(), self.plan.addresses.api_url
        account = f"{url}/api/v1/namespaces/default/serviceaccounts/default"
        self._await(Component.CONTROLLER_MANAGER, lambda: probe.is_ok(account))
        if self.plan.profile is Profile.FULL:
            node = f"{url}/api/v1/nodes/{self.plan.node_name}"
            self._await(Component.KUBELET, lambda: api.is_node_ready(probe.document(node)))

    def await_component(self, component: Component) -> None:
        """Wait until one component answers; the others are not waited for."""
        probe, addresses = self.probe(), self.plan.addresses
        match component:
            case Component.API_SERVER:
                self._await(component, lambda: probe.is_ok(f"{addresses.api_url}/readyz"))
            case Component.KUBELET:
                self._await(component, lambda: probe.is_ok(f"https://{addresses.node}:10250/healthz"))
            case Component.CONTAINERD:
                self._await(component, self.containerd.answers)
            case _:
                pass

    def probe(self) -> api.Probe:
        """HTTPS as the administrator."""
        certificates = self.plan.layout.certificates
        return api.Probe(self.authority.certificate, certificates / "admin.crt", certificates / "admin.key")

    @property
    def containerd(self) -> Containerd:
        """The node's container runtime."""
        return Containerd(self.plan.programs["ctr"], self.plan.layout)

    def _start_control_plane(self) -> None:
        self.start(Component.ETCD)
        self.start(Component.API_SERVER)
        self.await_component(Component.API_SERVER)
        self.start(Component.CONTROLLER_MANAGER)
        self.start(Component.SCHEDULER)

    def _start_runtime(self) -> None:
        self.start(Component.CONTAINERD)
        pause, base = images.pause(self.plan.layout.state), images.base()
        self.await_component(Component.CONTAINERD)
        self.containerd.load(configuration.PAUSE_IMAGE, pause, ["/pause"])
        self.containerd.load(images.DEMO_IMAGE, base, images.SHELL)

    def _write_files(self) -> None:
        layout, plan = self.plan.layout, self.plan
        for folder in (layout.configuration, layout.logs, layout.pids, layout.kubelet, layout.cdi):
            folder.mkdir(parents=True, exist_ok=True)
        self._issue_certificates()
        runc = host.find_program("runc") or "runc"
        for path, text in configuration.files(plan, node_settings(self.facts), runc).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o644)

    def _issue_certificates(self) -> None:
        plan, folder = self.plan, self.plan.layout.certificates
        self.authority = Authority.create(folder)
        create_signing_key(folder / "service-accounts.key", folder / "service-accounts.pub")
        service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]
        addresses = ["127.0.0.1", str(plan.addresses.node), str(SERVICE_NETWORK[1])]
        self.authority.issue(folder / "kube-apiserver", "kube-apiserver", ["localhost", *service, *addresses])
        self.authority.issue(folder / "kubelet-client", "kube-apiserver-kubelet-client", (), ["system:masters"])
        self.authority.issue(folder / "kubelet-server", plan.node_name, [plan.node_name, str(plan.addresses.node)])
        identities = {**IDENTITIES, Component.KUBELET: (f"system:node:{plan.node_name}", ("system:nodes",))}
        for name, (user, groups) in identities.items():
            target = (
                plan.layout.admin_kubeconfig if name == "admin" else plan.layout.configuration / f"{name}.kubeconfig"
            )
            self.write_kubeconfig(target, folder / name, user, groups)

    def write_kubeconfig(self, target: Path, stem: Path, user: str, groups: tuple[str, ...]) -> None:
        """Issue a client certificate at `stem` and write a kubeconfig with it, readable by its owner alone."""
        certificate, key = self.authority.issue(stem, user, (), groups)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_text(
            configuration.kubeconfig(self.plan.addresses.api_url, self.authority.certificate, certificate, key)
        )

    def _environment(self) -> dict[str, str]:
        # Only what is needed: a proxy setting of the caller must not come between API server, kubelet and webhooks.
        folders = dict.fromkeys(str(path.parent) for path in self.plan.programs.values())
        return {"PATH": ":".join([*folders, host.SYSTEM_PATH]), "HOME": str(self.plan.layout.state), "LANG": "C.UTF-8"}

    def _spawn(self, name: str, command: list[str], environ: Mapping[str, str]) -> None:
        process = processes.spawn(
            command, environ, self.plan.layout.logs / f"{name.removeprefix(teardown.GUEST_PREFIX)}.log"
        )
        processes.record(self._record(name), process)

    def _end(self, name: str) -> None:
        if process := processes.recorded(self._record(name)):
            processes.end([process], STOP_S)
            self._record(name).unlink(missing_ok=True)

    def _live(self, name: str) -> ProcessIdentity | None:
        process = processes.recorded(self._record(name))
        return process if process and processes.is_alive(process) else None

    def _record(self, name: str) -> Path:
        return self.plan.layout.pids / f"{name}.json"

    def _await(self, component: Component, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_S
        while not is_ready():
            dead = next((name for name in self._needed_by(component) if not self.is_running(name)), None)
            if dead or time.monotonic() > deadline:
                culprit, what = (dead, "ended") if dead else (component, f"not ready after {READY_S:.0f} s")
                raise UnavailableError(self._failure(culprit, what))
            time.sleep(POLL_S)

    def _needed_by(self, component: Component) -> tuple[Component, ...]:
        started = components_of(self.plan.profile)
        if component is Component.CONTAINERD:
            return (component,)
        return started[: started.index(component) + 1]

    def _failure(self, component: Component, what: str) -> str:
        log = self.plan.layout.logs / f"{component}.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]) if log.exists() else "(no log)"
        return f"{component} of cluster {self.plan.layout.name}: {what}. The end of {log}:\n{tail}"


def _guest(name: str) -> str:
    return f"{teardown.GUEST_PREFIX}{name}"
