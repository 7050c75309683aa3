"""Driver and webhook as processes of this machine, beside a local cluster: what `make demo` and the tests run.

They are started by the command that users type, with identities of their own. Not here: the cluster itself, and any pod.
"""

import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from catalog.errors import UnavailableError
from hack.local_cluster import Cluster, NodeLayout, processes

REPOSITORY: Final = Path(__file__).resolve().parent.parent
COMMAND: Final = Path(sys.executable).parent / "hami-dra"
LIBRARY: Final = REPOSITORY / "build" / "libvgpu.so"
DEMO_PROGRAMS: Final = {
    f"/usr/bin/{name}": REPOSITORY / "build" / "samples" / name for name in ("fill-until-refused", "keep-busy")
}

WEBHOOK_PORT: Final = 9443
WEBHOOK_METRICS_PORT: Final = 9397
METRICS_PORT: Final = 9398
DRIVER_USER: Final = "hami-dra-driver"
WEBHOOK_USER: Final = "hami-dra-webhook"
READY_TIMEOUT_S: Final = 30.0
LOG_TAIL_LINES: Final = 15


@dataclass(frozen=True, slots=True)
class HostProcess:
    """One program of ours, as a guest of the cluster: any later command finds it, and it ends with the cluster."""

    cluster: Cluster
    name: str
    command: Callable[[], list[str]]
    is_ready: Callable[[str], bool]
    """Whether it is ready, told what it has logged since it was started."""

    def start(self) -> None:
        """Start it, unless it runs, and wait until it is ready; raises `UnavailableError` with the end of its log."""
        if self.is_running():
            return
        log = self.cluster.log_of(self.name)
        earlier_bytes = log.stat().st_size if log.exists() else 0
        self.cluster.start_guest(self.name, self.command())
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not self.is_ready(logged := log.read_bytes()[earlier_bytes:].decode(errors="replace")):
            if not self.is_running() or time.monotonic() > deadline:
                tail = "\n".join(logged.splitlines()[-LOG_TAIL_LINES:])
                raise UnavailableError(f"{self.name} did not become ready; the end of {log}:\n{tail}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as an operator would, and wait until it is gone."""
        self.cluster.stop_guest(self.name)

    def kill(self) -> None:
        """End it as a crash would, and wait until it is gone."""
        processes.kill([self._process()])
        while self.is_running():
            time.sleep(0.01)

    def is_running(self) -> bool:
        """Whether it lives."""
        return self.cluster.is_guest_running(self.name)

    def resident_bytes(self) -> int:
        """Memory that the process occupies now, shared pages included (VmRSS of /proc/<pid>/status)."""
        status = Path(f"/proc/{self._process().pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))

    def _process(self) -> processes.ProcessIdentity:
        process = self.cluster.guest_process(self.name)
        if process is None:
            raise UnavailableError(f"{self.name} is not running; start it first")
        return process


class LocalSystem:
    """A driver with simulated cards on each node, and the webhook, for one cluster that is up."""

    def __init__(
        self, cluster: Cluster, cards: Path, split_count: int = 10, cards_of: Mapping[int, Path] | None = None
    ) -> None:
        """`cards` is the cards file of every node but those that have one of their own in `cards_of`, by number from 0."""
        self.cluster = cluster
        self.cards = cards
        self._cards_of = cards_of or {}
        self._split_count = split_count
        self.configuration: Path | None = None
        """The drivers' configuration file, from their next start on."""
        self.driver_flags: tuple[str, ...] = ()
        """Further flags of the drivers, from their next start on."""
        self.webhook = HostProcess(cluster, "webhook", self._webhook_command, self._webhook_answers)
        self.driver = self.driver_on(0)

    def start_webhook(self) -> None:
        """Apply device classes and roles, start the webhook, register it when it is ready: in the order that leaves no pod refused."""
        manifests = self.manifests()
        rights = [each for each in yaml.safe_load_all(manifests) if not each["kind"].endswith("WebhookConfiguration")]
        self.cluster.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(rights))
        self.webhook.start()
        self.cluster.kubectl("apply", "-f", "-", stdin=manifests)

    def start(self) -> None:
        """Start everything; a second call changes nothing."""
        self.start_webhook()
        self.cluster.load_demo_image(DEMO_PROGRAMS)
        for node in self.cluster.nodes:
            self.driver_on(node.index).start()

    def stop(self) -> None:
        """End drivers and webhook; pods go on running."""
        for node in self.cluster.nodes:
            self.driver_on(node.index).stop()
        self.webhook.stop()

    def driver_on(self, node: int) -> HostProcess:
        """The driver of a node, by number from 0; logs to `driver.log`, on further nodes `driver-1.log`, …"""
        layout = self.cluster.node(node)
        command = partial(self._driver_command, layout)
        return HostProcess(self.cluster, layout.of("driver"), command, partial(self._driver_is_ready, layout))

    def driver_instance(self, instance: str, node: int = 0) -> HostProcess:
        """A driver with `--instance`, for overlaps as in a rolling update; logs to `driver-<instance>.log`.

        Drivers overlap only where each has an instance: stop `driver`, which has none, before the first of them is started.
        Both may want the metrics address: the later one gets it when the earlier ends.
        """
        layout = self.cluster.node(node)
        return HostProcess(
            self.cluster,
            f"driver-{instance}",
            lambda: [*self._driver_command(layout), "--instance", instance],
            partial(self._driver_is_ready, layout),
        )

    def manifests(self, *flags: str) -> str:
        """Return what `hami-dra manifests` prints for this cluster, with further flags."""
        command = [str(COMMAND), "manifests", "--hami-dra-class", "--webhook-url", f"{self._webhook_url}/mutate"]
        command += [
            "--ca-file",
            str(self.cluster.ca_cert),
            "--driver-user",
            DRIVER_USER,
            "--driver-scope",
            "cluster",
            "--webhook-user",
            WEBHOOK_USER,
            *flags,
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    @property
    def metrics_url(self) -> str:
        """Where the first node's driver's metrics are."""
        return f"http://{self.cluster.host_address}:{METRICS_PORT}/metrics"

    @property
    def driver_state(self) -> Path:
        """The first node's driver's state folder: shares, library versions, the simulated driver root."""
        return _driver_state(self.cluster.node(0))

    @property
    def _webhook_url(self) -> str:
        return f"https://{self.cluster.host_address}:{WEBHOOK_PORT}"

    def _webhook_command(self) -> list[str]:
        address = self.cluster.host_address
        certificate, key = self.cluster.issue_certificate(WEBHOOK_USER, [address], [], self.cluster.state / "webhook")
        command = [str(COMMAND), "webhook", "--listen", f"{address}:{WEBHOOK_PORT}"]
        command += ["--tls-cert", str(certificate), "--tls-key", str(key)]
        command += ["--drain", "0", "--metrics-listen", f"{address}:{WEBHOOK_METRICS_PORT}"]
        return [*command, "--kubeconfig", str(self.cluster.kubeconfig_for(WEBHOOK_USER))]

    def _driver_command(self, node: NodeLayout) -> list[str]:
        cluster = self.cluster
        cards = self._cards_of.get(node.index, self.cards)
        command = [str(COMMAND), "driver", "--backend", "simulated", "--cards", str(cards)]
        command += [
            "--split-count",
            str(self._split_count),
            "--node-name",
            node.name,
            "--library",
            str(LIBRARY),
        ]
        command += ["--kubeconfig", str(cluster.kubeconfig_for(DRIVER_USER)), "--kubelet-dir", str(node.kubelet)]
        if self.configuration is not None:
            command += ["--config", str(self.configuration)]
        command += [
            "--cdi-dir",
            str(node.cdi),
            "--state-dir",
            str(_driver_state(node)),
            "--pod-logs-dir",
            str(node.pod_logs),
        ]
        command += self.driver_flags
        return [*command, "--metrics-listen", f"{cluster.host_address}:{METRICS_PORT + node.index}"]

    def _webhook_answers(self, _logged: str) -> bool:
        trust = ssl.create_default_context(cafile=str(self.cluster.ca_cert))
        try:
            with urllib.request.urlopen(f"{self._webhook_url}/readyz", context=trust, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _driver_is_ready(self, node: NodeLayout, logged: str) -> bool:
        if "kubelet: registered" not in logged:
            return False
        fields = f"spec.driver=hami.io,spec.nodeName={node.name}"
        return bool(self.cluster.kubectl("get", "resourceslices", "-o", "name", "--field-selector", fields).strip())


def _driver_state(node: NodeLayout) -> Path:
    return node.data / "hami.io"
