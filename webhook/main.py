"""The webhook as a program: wires its parts, and runs them until SIGTERM or SIGINT. Not here: flags (cli.webhook)."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from daemon.followed_file import FollowedFile
from daemon.metrics_server import Address, serve_metrics
from kube.client import ApiServer
from kube.config import load_config
from webhook.admission import Admission
from webhook.certificates.authority import renewed
from webhook.certificates.own import OwnCertificate, Place
from webhook.certificates.shown import Certificate, ShownCertificate
from webhook.claims.admission import ClaimAdmission
from webhook.claims.registration import VALIDATE_PATH
from webhook.cluster import Cluster
from webhook.conversion.rules import DEFAULT_RULES, Rules, rules_from
from webhook.metrics import Metrics, State
from webhook.registration import MUTATE_PATH
from webhook.serving.connections import CONNECTIONS_MAX, Connections
from webhook.serving.readiness import Readiness
from webhook.serving.server import Server
from webhook.templates.store import FOLLOWED_MEMORY_S, TemplateStore
from webhook.warning_events import WarningEvents

DRAIN_S: Final = 5.0
"""Time from the signal to the last answer: until nobody is led here any more, which takes a cluster a second or two."""
_CONFIGURATION_POLL_S: Final = 2.0

_log: Final = logging.getLogger(__name__)

Task = Callable[[], Coroutine[Any, Any, None]]
"""What runs beside the server for as long as it does."""


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """A certificate chain and its key, in PEM, that somebody else keeps current."""

    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the program is told."""

    host: str
    port: int
    certificate: CertificateFiles | Place
    """Files, or where certificates of our own are kept."""
    kubeconfig: Path | None
    configuration_file: Path | None = None
    metrics_address: Address | None = None
    """None: no metrics are served."""
    drain_s: float = DRAIN_S
    lease_namespace: str = "kube-system"
    """Where the Lease is kept by which one replica collects templates."""
    connections_max: int = CONNECTIONS_MAX
    """Open at a time."""


async def run(options: Options) -> None:
    """Serve until a signal; raises `HamiError` if it cannot start."""
    stopping = _stop_signal()
    version = metadata.version("hami-dra")
    readiness, shown, connections = Readiness(), ShownCertificate(), Connections(options.connections_max)
    rules = _rules_file(options.configuration_file)
    async with ApiServer(load_config(options.kubeconfig)) as api:
        keep_certificate = _certificate(options.certificate, api, shown, readiness)
        templates = TemplateStore(api, FOLLOWED_MEMORY_S)
        metrics = Metrics(
            version,
            State(readiness, connections, lambda: templates.writes, lambda: shown.ends_at, lambda: cluster.rivals),
        )
        events = WarningEvents(api)
        in_force = rules.current() if rules else DEFAULT_RULES
        admission = Admission(templates, in_force, observe=metrics.observe, tell=events.tell)
        cluster = Cluster(api, admission, templates, options.lease_namespace)
        cluster.require(readiness)
        claims = ClaimAdmission(cluster.quotas, lambda: admission.rules, metrics.observe)
        reviews = {MUTATE_PATH: admission.reply, VALIDATE_PATH: claims.answer}
        async with Server(reviews, readiness, shown.context, options.host, options.port, connections) as server:
            _log.info("hami-dra %s, webhook: listening at %s port %d", version, options.host, server.port)
            tasks = (keep_certificate, cluster.run, events.run, *_tasks(options, metrics, admission, rules))
            try:
                await _until_drained(tasks, stopping, readiness, options.drain_s)
            except ExceptionGroup as group:
                raise _first(group) from group


async def _until_drained(
    tasks: tuple[Task, ...], stopping: asyncio.Event, readiness: Readiness, drain_s: float
) -> None:
    """Run the tasks until the program is told to stop and those that are led here have had time to turn to another replica."""
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(task()) for task in tasks]
        await stopping.wait()
        readiness.drain()
        _log.info("stopping: not ready any more, and answering for %.0f s what still comes", drain_s)
        await asyncio.sleep(drain_s)
        for task in running:
            task.cancel()


def _first(error: Exception) -> Exception:
    """Return the error that ended the tasks: an operator is told one, not a group of groups."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _tasks(
    options: Options, metrics: Metrics, admission: Admission, rules: FollowedFile[Rules] | None
) -> Iterator[Task]:
    if options.metrics_address:
        yield partial(serve_metrics, options.metrics_address, metrics.registry)
    if rules:
        yield partial(_follow_rules, rules, admission)


def _certificate(
    source: CertificateFiles | Place, api: ApiServer, shown: ShownCertificate, readiness: Readiness
) -> Task:
    """Show the certificate; return what keeps it current."""
    if isinstance(source, CertificateFiles):
        return Certificate(source.chain, source.key, shown).keep_current
    # Until the shared certificate is there, probes are answered with one that nobody trusts: alive, but not ready.
    passing = renewed(None, source.names, datetime.now(UTC), is_trusted=False)
    shown.show(passing.chain, passing.key)
    own = OwnCertificate(api, source, shown)
    readiness.require("certificate", lambda: own.is_there)
    return own.keep_current


def _rules_file(path: Path | None) -> FollowedFile[Rules] | None:
    return FollowedFile(path, lambda text: rules_from(text, str(path))) if path else None


async def _follow_rules(rules: FollowedFile[Rules], admission: Admission) -> None:
    while True:
        await asyncio.sleep(_CONFIGURATION_POLL_S)
        if rules.reload():
            admission.rules = rules.current()


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
