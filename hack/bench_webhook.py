"""What an admission costs: 1,000 calls over one TLS connection with a pod of 6 KB, against the webhook in a process of its own.

Prints percentiles and the webhook's memory. Not a test: nothing is asserted.
"""

import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

from hack.local_cluster.pki import Authority

COMMAND: Final = Path(sys.executable).parent / "hami-dra"
CALLS: Final = 1000
WARM_UP_CALLS: Final = 100
POD_BYTES: Final = 6 * 1024
HOST: Final = "127.0.0.1"

Object = dict[str, Any]


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="hami-bench-") as place:
        folder = Path(place)
        authority = Authority.create(folder / "ca")
        with _templates(authority, folder) as kubeconfig, _webhook(authority, folder, kubeconfig) as (pid, port):
            calls_s = _call(authority, port)
            rss_mib = _resident_mib(pid)
    _report(calls_s, rss_mib)
    return 0


def _call(authority: Authority, port: int) -> list[float]:
    """Return the seconds of each call after the warm-up."""
    body = json.dumps(_review(_pod())).encode()
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    connection = HTTPSConnection(HOST, port, context=trust, timeout=10)
    taken_s = []
    for _ in range(WARM_UP_CALLS + CALLS):
        started = time.perf_counter()
        connection.request("POST", "/mutate", body)
        answer = connection.getresponse().read()
        taken_s.append(time.perf_counter() - started)
        if b'"patch"' not in answer:
            raise RuntimeError(f"the webhook did not convert the pod: {answer.decode()}")
    connection.close()
    return taken_s[WARM_UP_CALLS:]


def _report(calls_s: list[float], rss_mib: float) -> None:
    percentiles = statistics.quantiles(calls_s, n=100)
    p50_ms, p99_ms = percentiles[49] * 1000, percentiles[98] * 1000
    print(f"{len(calls_s)} admissions of a pod of {len(json.dumps(_pod()))} bytes, one after the other")
    print(f"p50 {p50_ms:6.2f} ms   p99 {p99_ms:6.2f} ms (target ≤ 5)   worst {max(calls_s) * 1000:.2f} ms")
    print(f"webhook's memory {rss_mib:6.1f} MiB RSS (target ≤ 60)")


@contextmanager
def _webhook(authority: Authority, folder: Path, kubeconfig: Path) -> Iterator[tuple[int, int]]:
    """Run the webhook; yields its process id and port."""
    certificate, key = authority.issue(folder / "webhook", "webhook", [HOST])
    command = [str(COMMAND), "webhook", "--listen", f"{HOST}:0", "--tls-cert", str(certificate), "--tls-key", str(key)]
    log = folder / "webhook.log"
    with log.open("w") as output:
        process = subprocess.Popen([*command, "--kubeconfig", str(kubeconfig)], stderr=output)
    try:
        yield process.pid, _port_in(log, process)
    finally:
        process.terminate()
        process.wait()


def _port_in(log: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until the webhook says at which port it listens."""
    while process.poll() is None:
        _, found, port = log.read_text().partition(f"listening at {HOST} port ")
        if found and port.endswith("\n"):
            return int(port)
        time.sleep(0.01)
    raise RuntimeError(f"the webhook did not start: {log.read_text()}")


@contextmanager
def _templates(authority: Authority, folder: Path) -> Iterator[Path]:
    """Run an API server that stores every template it is sent; yields a kubeconfig."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue(folder / "api", "api server", [HOST]))
    server = HTTPServer((HOST, 0), _Echo)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield _kubeconfig(authority, folder, server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Echo(BaseHTTPRequestHandler):
    """Answers a creation with what was sent."""

    def do_POST(self) -> None:
        """Send the body back."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _kubeconfig(authority: Authority, folder: Path, port: int) -> Path:
    cluster = {"server": f"https://{HOST}:{port}", "certificate-authority": str(authority.certificate)}
    path = folder / "kubeconfig"
    document = {
        "kind": "Config",
        "current-context": "bench",
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench"}}],
        "clusters": [{"name": "bench", "cluster": cluster}],
        "users": [{"name": "bench", "user": {"token": "bench"}}],
    }
    path.write_text(json.dumps(document))
    return path


def _review(pod: Object) -> Object:
    request = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "namespace": "bench",
        "operation": "CREATE",
        "object": pod,
        "dryRun": False,
    }
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


def _pod() -> Object:
    """A pod of two containers, of which one asks for a share, with environment and managed fields up to the size wanted."""
    asked = {"nvidia.com/gpu": "1", "nvidia.com/gpumem": "4000", "nvidia.com/gpucores": "30"}
    resources = {"limits": {"cpu": "4", "memory": "8Gi", **asked}, "requests": {"cpu": "2", "memory": "8Gi", **asked}}
    environment = [{"name": f"SETTING_{number:02}", "value": "value " * 6} for number in range(20)]
    trainer = {"name": "trainer", "image": "example.org/trainer:1", "env": environment, "resources": resources}
    sidecar = {"name": "logs", "image": "example.org/logs:1", "env": environment, "resources": {}}
    pod: Object = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": "train-5d9c7b-", "labels": {"app": "train"}, "annotations": {}},
        "spec": {"containers": [trainer, sidecar]},
    }
    pod["metadata"]["annotations"]["example.org/filling"] = "x" * (POD_BYTES - len(json.dumps(pod)) - 28)
    return pod


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


if __name__ == "__main__":
    sys.exit(main())
