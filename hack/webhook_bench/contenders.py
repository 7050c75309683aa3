"""The two webhooks that are measured beside each other, each on the first core, and what ours needs: an API server of templates.

Not here: the load, and what is told of it (hack.webhook_bench.__main__).
"""

import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from hack.local_cluster.pki import Authority

HOST: Final = "127.0.0.1"
SERVER_CORE: Final = "0"
LOAD_CORE: Final = "1"
_COMMAND: Final = Path(sys.executable).parent / "hami-dra"
_PATIENCE_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Contender:
    """A webhook that runs and is ready."""

    title: str
    pid: int
    port: int
    ready_s: float
    """From its start to its first answer."""


@contextmanager
def ours(authority: Authority, folder: Path, kubeconfig: Path) -> Iterator[Contender]:
    """Run our webhook, with metrics and its log."""
    flags = ["--listen", f"{HOST}:0", "--kubeconfig", str(kubeconfig), "--metrics-listen", f"{HOST}:0", "--drain", "0"]
    command = [str(_COMMAND), "webhook", *flags]
    with _running("hami-dra", command, authority, folder / "ours", "/readyz") as contender:
        yield contender


@contextmanager
def peer(program: Path, authority: Authority, folder: Path) -> Iterator[Contender]:
    """Run the same conversion in Go, with its log, and without an API server to write to."""
    with _running("Go", [str(program), "peer"], authority, folder / "peer", "/mutate") as contender:
        yield contender


@contextmanager
def _running(title: str, command: Sequence[str], authority: Authority, stem: Path, path: str) -> Iterator[Contender]:
    certificate, key = authority.issue(stem, "webhook", [HOST])
    log = stem.with_suffix(".log")
    on_core = ["taskset", "-c", SERVER_CORE, *command, "--tls-cert", str(certificate), "--tls-key", str(key)]
    started_s = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(on_core, stderr=output, env=os.environ | {"GOMAXPROCS": "1"})
    try:
        port = _port_in(log, process)
        _wait_for_answer(authority, port, path)
        yield Contender(title, process.pid, port, time.perf_counter() - started_s)
    finally:
        process.terminate()
        process.wait()


def _port_in(log: Path, process: "subprocess.Popen[bytes]") -> int:
    """Wait until the webhook says at which port it listens."""
    deadline_s = time.perf_counter() + _PATIENCE_S
    while process.poll() is None and time.perf_counter() < deadline_s:
        found = re.search(r"listening at \S+ port (\d+)\n", log.read_text())
        if found:
            return int(found[1])
        time.sleep(0.005)
    raise RuntimeError(f"the webhook did not start: {log.read_text()}")


def _wait_for_answer(authority: Authority, port: int, path: str) -> None:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    deadline_s = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < deadline_s:
        connection = HTTPSConnection(HOST, port, context=trust, timeout=10)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.005)
    raise RuntimeError("the webhook did not become ready")


class _Server(ThreadingHTTPServer):
    block_on_close = False  # watches are open until the clients have gone


class TemplateServer:
    """An API server of an empty cluster, that takes every template it is sent, and counts them."""

    def __init__(self) -> None:
        self.writes = 0
        self.ended = threading.Event()

    @contextmanager
    def serving(self, authority: Authority, folder: Path) -> Iterator[Path]:
        """Serve; yields a kubeconfig."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.issue(folder / "api", "api server", [HOST]))
        server = _Server((HOST, 0), _echo(self))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield _kubeconfig(authority, folder, server.server_address[1])
        finally:
            self.ended.set()
            server.shutdown()
            thread.join()
            server.server_close()


def _echo(templates: TemplateServer) -> type[BaseHTTPRequestHandler]:
    class Echo(BaseHTTPRequestHandler):
        """Answers a creation with what was sent, a list with nothing, and a watch with silence."""

        def do_POST(self) -> None:
            """Send the body back."""
            templates.writes += self.path.partition("?")[0].endswith("/resourceclaimtemplates")
            self._send(201, self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            """Show that there is nothing."""
            if "watch=true" in self.path:
                self.send_response(200)
                self.end_headers()
                self.wfile.flush()
                templates.ended.wait()
            elif "/leases/" in self.path:
                self._send(404, b'{"kind": "Status", "message": "not found"}')
            else:
                self._send(200, b'{"metadata": {"resourceVersion": "1"}, "items": []}')

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Echo


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
