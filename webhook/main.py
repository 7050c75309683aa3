"""The webhook as a program: wires its parts, and runs them until SIGTERM or SIGINT. Not here: flags (cli.webhook)."""

import asyncio
import logging
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kube.client import ApiServer
from kube.config import load_config
from webhook.admission import Admission
from webhook.certificate import Certificate
from webhook.server import Server
from webhook.template_store import TemplateStore

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What the program is told."""

    host: str
    port: int
    tls_certificate: Path
    tls_key: Path
    kubeconfig: Path | None


async def run(options: Options) -> None:
    """Serve until a signal; raises `HamiError` if it cannot start."""
    stopping = _stop_signal()
    certificate = Certificate(options.tls_certificate, options.tls_key)
    async with ApiServer(load_config(options.kubeconfig)) as api:
        admission = Admission(TemplateStore(api))
        async with Server(admission, certificate.context, options.host, options.port) as server:
            _log.info("listening at %s port %d", options.host, server.port)
            renewal = asyncio.create_task(certificate.keep_current())
            await stopping.wait()
            _log.info("stopping: answering what was asked")
            renewal.cancel()


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
