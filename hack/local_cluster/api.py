"""Asks the API server and the kubelet whether they are ready. Not a client: a test or the product uses kubectl or `kube`."""

import http.client
import json
import ssl
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

TIMEOUT_S: Final = 2.0


class Probe:
    """HTTPS with a client certificate."""

    def __init__(self, ca: Path, certificate: Path, key: Path) -> None:
        self._context = ssl.create_default_context(cafile=str(ca))
        self._context.load_cert_chain(certificate, key)

    def is_ok(self, url: str) -> bool:
        """Whether GET answers 200."""
        return self._get(url)[0] == http.client.OK

    def document(self, url: str) -> dict[str, Any] | None:
        """The JSON object that GET answers; None for anything else."""
        status, body = self._get(url)
        return dict(json.loads(body)) if status == http.client.OK else None

    def _get(self, url: str) -> tuple[int, bytes]:
        parts = urlsplit(url)
        connection = http.client.HTTPSConnection(
            str(parts.hostname), parts.port, timeout=TIMEOUT_S, context=self._context
        )
        try:
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


def is_node_ready(node: dict[str, Any] | None) -> bool:
    """Whether a Node object says that it is ready."""
    conditions = (node or {}).get("status", {}).get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
