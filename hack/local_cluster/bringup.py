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
from hack.local_cluster.components import IDENTITIES, ClusterPlan, Component, Unit, command
from hack.local_cluster.layout import SERVICE_NETWORK, NodeLayout
from hack.local_cluster.node import Containerd
from hack.local_cluster.pki import Authority, create_signing_key
from hack.local_cluster.processes import ProcessIdentity
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
        plan = self.plan
        network.create(plan.layout, plan.addresses, len(plan.nodes))
        cgroups.create(self.facts.cgroup_hierarchies, plan.layout.resource, [node.cgroup for node in plan.nodes])
        self._write_files()
        with ThreadPoolExecutor(max_workers=1) as pool:
            runtimes = pool.submit(self._start_runtimes)
            self._start_control_plane()
            runtimes.result()
        for node in plan.nodes:
            self.start(Unit(Component.KUBELET, node.index))
        self.await_ready()

    def start(self, unit: Unit) -> None:
        """Start a component, unless it runs; await_unit waits for it."""
        if self.is_running(unit):
            return
        register = cgroups.entrance(self.facts.cgroup_hierarchies, self.plan.layout.resource)
        inside = [*ENTER, str(register), "nsenter", f"--net={self.plan.layout.netns}"]
        self._spawn(str(unit), [*inside, *command(self.plan, unit)], self._environment())

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

    def stop(self, unit: Unit) -> None:
        """End a component and wait until it has ended; one that does not run is fine."""
        self._end(str(unit))

    def stop_guest(self, name: str) -> None:
        """End a process started by start_guest and wait until it has ended; one that does not run is fine."""
        self._end(_guest(name))

    def is_running(self, unit: Unit) -> bool:
        """Whether a component lives."""
        return self._live(str(unit)) is not None

    def guest_process(self, name: str) -> ProcessIdentity | None:
        """The process started by start_guest, if it lives."""
        return self._live(_guest(name))

    def await_ready(self) -> None:
        """Wait until pods can be created, and until each node is ready.

        Raises UnavailableError with the end of the log where a component ends or takes too long.
        """
        self.await_unit(Unit(Component.API_SERVER))
        probe, url = self.probe(), self.plan.addresses.api_url
        account = f"{url}/api/v1/namespaces/default/serviceaccounts/default"
        self._await(Unit(Component.CONTROLLER_MANAGER), lambda: probe.is_ok(account))
        for node in self.plan.nodes:
            self._await_node(node)

    def _await_node(self, node: NodeLayout) -> None:
        probe, url = self.probe(), f"{self.plan.addresses.api_url}/api/v1/nodes/{node.name}"
        self._await(Unit(Component.KUBELET, node.index), lambda: api.is_node_ready(probe.document(url)))

    def await_unit(self, unit: Unit) -> None:
        """Wait until one component answers; the others are not waited for."""
        probe, addresses = self.probe(), self.plan.addresses
        match unit.component:
            case Component.API_SERVER:
                self._await(unit, lambda: probe.is_ok(f"{addresses.api_url}/readyz"))
            case Component.KUBELET:
                self._await(unit, lambda: probe.is_ok(f"https://{addresses.kubelet(unit.node)}:10250/healthz"))
            case Component.CONTAINERD:
                self._await(unit, self.containerd(self.plan.layout.node(unit.node)).answers)
            case _:
                pass

    def probe(self) -> api.Probe:
        """HTTPS as the administrator."""
        certificates = self.plan.layout.certificates
        return api.Probe(self.authority.certificate, certificates / "admin.crt", certificates / "admin.key")

    def containerd(self, node: NodeLayout) -> Containerd:
        """A node's container runtime."""
        return Containerd(self.plan.programs["ctr"], node)

    def _start_control_plane(self) -> None:
        self.start(Unit(Component.ETCD))
        self.start(Unit(Component.API_SERVER))
        self.await_unit(Unit(Component.API_SERVER))
        self.start(Unit(Component.CONTROLLER_MANAGER))
        self.start(Unit(Component.SCHEDULER))

    def _start_runtimes(self) -> None:
        nodes = self.plan.nodes
        if not nodes:
            return
        for node in nodes:
            self.start(Unit(Component.CONTAINERD, node.index))
        pause, base = images.pause(self.plan.layout.state), images.base()
        for node in nodes:
            self.await_unit(Unit(Component.CONTAINERD, node.index))
            self.containerd(node).load(configuration.PAUSE_IMAGE, pause, ["/pause"])
            self.containerd(node).load(images.DEMO_IMAGE, base, images.SHELL)

    def _write_files(self) -> None:
        layout, plan = self.plan.layout, self.plan
        of_nodes = [folder for node in plan.nodes for folder in (node.data, node.kubelet, node.cdi)]
        for folder in (layout.configuration, layout.logs, layout.pids, *of_nodes):
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
        identities = dict(IDENTITIES)
        for node in plan.nodes:
            names = [node.name, str(plan.addresses.kubelet(node.index))]
            self.authority.issue(folder / node.of("kubelet-server"), node.name, names)
            identities[node.of("kubelet")] = (f"system:node:{node.name}", ("system:nodes",))
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

    def _await(self, unit: Unit, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_S
        while not is_ready():
            dead = next((needed for needed in self._needed_by(unit) if not self.is_running(needed)), None)
            if dead or time.monotonic() > deadline:
                culprit, what = (dead, "ended") if dead else (unit, f"not ready after {READY_S:.0f} s")
                raise UnavailableError(self._failure(culprit, what))
            time.sleep(POLL_S)

    def _needed_by(self, unit: Unit) -> tuple[Unit, ...]:
        started = self.plan.units
        if unit.component is Component.CONTAINERD:
            return (unit,)
        return started[: started.index(unit) + 1]

    def _failure(self, unit: Unit, what: str) -> str:
        log = self.plan.layout.logs / f"{unit}.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]) if log.exists() else "(no log)"
        played = str(self.plan.emulation)
        hint = f" The cluster was to play {played}: leave out what is refused below." if played else ""
        return f"{unit} of cluster {self.plan.layout.name}: {what}.{hint} The end of {log}:\n{tail}"


def _guest(name: str) -> str:
    return f"{teardown.GUEST_PREFIX}{name}"
