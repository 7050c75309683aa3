"""The node driver as a whole: from its options to a process that publishes and prepares until it is told to stop.

Wiring only. Stopping takes the driver off the kubelet's list and ends what was begun; slices, specs and shares stay, so that a
restart disturbs no pod.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

from catalog.errors import CorruptStateError, InvalidInputError, UnavailableError
from catalog.names import CDI_KIND
from cdi.store import SpecStore
from daemon.metrics_server import Address, serve_metrics
from dra_driver.accounting.cross_check_reports import CrossCheckReports
from dra_driver.accounting.looks import Looks, looks_at_node
from dra_driver.accounting.process_pods import POD_LOGS
from dra_driver.accounting.residency import Residency
from dra_driver.boot import read_boot_id
from dra_driver.cards.base_source import AUTO, NONE, BaseSource
from dra_driver.cards.card import Card
from dra_driver.cards.contexts import context_bytes
from dra_driver.cards.driver_root import DriverRoot, read_driver_root
from dra_driver.claims.checkpoint import CheckpointFile, checkpoint_below
from dra_driver.claims.garbage import KUBELET_STATE, Garbage
from dra_driver.claims.pod_events import PodEvents
from dra_driver.claims.prepare import Node, PreparedClaims, RefusedClaims
from dra_driver.claims.recovery import restore
from dra_driver.claims.source import ApiClaims, ClaimSource
from dra_driver.claims.status import ClaimStatuses
from dra_driver.configuration import NodeConfiguration
from dra_driver.configuration_file import ConfigurationFile
from dra_driver.containers.driver_files import DriverFiles
from dra_driver.containers.edits import NodeFiles
from dra_driver.containers.library import install_library
from dra_driver.health.board import HealthBoard
from dra_driver.health.watch import follow_cards, follow_cordon
from dra_driver.instance import make_folders
from dra_driver.instances import Presence, check_instance_id, present
from dra_driver.kubelet.health import HealthReports
from dra_driver.kubelet.server import Sockets, serving
from dra_driver.metrics import Metrics, Observed, ResidencyCollector
from dra_driver.node_events import NodeEvents
from dra_driver.nvml.cards import read_cards
from dra_driver.nvml.memory import read_memory
from dra_driver.observed_claims import ObservedClaims, ObservedSource
from dra_driver.outbox import Outbox
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.share import Claim
from dra_driver.simulated.backend import build_driver_root, load_cards
from dra_driver.simulated.state import CardsFile
from dra_driver.slices.offering import Offering
from dra_driver.slices.publisher import Publisher
from kube.client import ApiServer
from kube.config import load_config

_LOG: Final = logging.getLogger(__name__)
_REGISTRATION_S: Final = 5.0
_FAREWELL_S: Final = 2.0
"""The kubelet looks once a second for registrations that were withdrawn."""
Watch = Callable[[], Coroutine[Any, Any, None]]
"""What runs beside the servers for as long as they do."""
_LOWEST_SPLIT, _HIGHEST_SPLIT = 1, 1000


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator chose."""

    node_name: str
    library: Path
    """The interceptor, libvgpu.so; its shims stand beside it, and the simulated driver in the folder `sim`."""
    backend: Literal["nvml", "simulated"] = "nvml"
    cards_file: Path | None = None
    """Of the simulated backend."""
    driver_root: Path | None = None
    """Default: `/`, or `<state_folder>/simulated` for the simulated backend."""
    base_cdi_spec: str = AUTO
    """`auto`, `none`, or the path of the node's CDI spec of its cards; simulated cards have none."""
    kubeconfig: Path | None = None
    kubelet_folder: Path = Path("/var/lib/kubelet")
    cdi_folder: Path = Path("/var/run/cdi")
    state_folder: Path = Path("/var/lib/hami.io")
    split_count: int = 10
    """Shares that a card has room for, at least, where the configuration file does not say."""
    configuration_file: Path | None = None
    force: bool = False
    """Whether to publish cards that somebody else offers too."""
    account_overhead: bool = True
    """Whether shares are charged with contexts, and with what their processes hold of the card beside what they account."""
    pod_logs: Path = POD_LOGS
    """Where the kubelet keeps the logs of pods: their names stand there."""
    metrics_address: Address | None = None
    """None: no metrics are served."""
    instance: str | None = None
    """Tells drivers apart that overlap during a rolling update; without one, a driver is alone on its node."""


async def run(options: Options) -> None:
    """Run the driver until SIGTERM or SIGINT. Raises `HamiError` when it cannot start."""
    _LOG.info("hami-dra %s, driver of node %s", metadata.version("hami-dra"), options.node_name)
    _check(options)
    api_config = load_config(options.kubeconfig)
    defaults = NodeConfiguration(split_count=options.split_count)
    configuration = ConfigurationFile(options.configuration_file, options.node_name, defaults)
    sockets = Sockets.below(options.kubelet_folder, options.instance)
    folders = _folders(options, sockets)
    make_folders(folders)
    with present(sockets) as presence:
        boot_id = read_boot_id()
        node = open_node(options, boot_id)
        files = replace(node.files, delivery=configuration.current().delivery)
        driver_files = DriverFiles(files, _base_source(options, node.cards), node.cards)
        node = replace(node, files=files, configuration=configuration.current, latest_files=driver_files.current)
        async with ApiServer(api_config) as api:
            board = HealthBoard(node.cards)
            source = ObservedSource(ApiClaims(api))
            claims = open_claims(node, checkpoint_below(options.kubelet_folder), boot_id, source)
            offering = Offering(node.cards, configuration, lambda: claims.held)
            outbox = Outbox()
            publisher = Publisher(
                api,
                node.name,
                offering.current(),
                board,
                presence.is_newest,
                beside_rivals=options.force,
                warn=NodeEvents(api, outbox, node.name).warn,
            )
            events = PodEvents(api, outbox, node.name)
            looks = _looks(options, node, lambda: claims.held, api, outbox, events)
            watches: tuple[Watch, ...] = (
                partial(follow_cards, board, _root(options)),
                partial(follow_cordon, board, api, node.name),
                partial(offering.follow, publisher.offer),
                driver_files.follow,
                *looks.watches(presence.is_newest),
                *_cards_file_watches(options),
            )
            garbage = Garbage(
                node, claims, source, presence, options.kubelet_folder / KUBELET_STATE, options.state_folder / "lib"
            )
            reports = _reports(api, outbox, node, claims, publisher, options.metrics_address, events, looks)
            residency = Residency(node.files.shares, lambda: claims.held, partial(read_memory, _root(options)))
            reports.metrics.registry.register(ResidencyCollector(node.name, residency))
            await _serve(
                presence,
                claims,
                publisher,
                garbage,
                HealthReports(board, node.name, publisher.devices),
                watches,
                reports,
            )


def _looks(
    options: Options,
    node: Node,
    held: Callable[[], Collection[Claim]],
    api: ApiServer,
    outbox: Outbox,
    events: PodEvents,
) -> Looks:
    reports = CrossCheckReports(api, outbox, events, held, lambda: node.configuration().cross_check, options.pod_logs)
    return looks_at_node(
        _root(options),
        node.files.shares,
        options.library,
        held,
        reports,
        node.folders.cards,
        account_overhead=options.account_overhead,
    )


@dataclass(frozen=True, slots=True)
class Reports:
    """What the driver shows of itself, and the tasks that do it."""

    metrics: Metrics
    statuses: ClaimStatuses
    events: PodEvents
    context_bytes: Mapping[str, int]
    tasks: tuple[Callable[[], Coroutine[Any, Any, None]], ...]


def _reports(
    api: ApiServer,
    outbox: Outbox,
    node: Node,
    claims: PreparedClaims | RefusedClaims,
    publisher: Publisher,
    metrics_address: Address | None,
    events: PodEvents,
    looks: Looks,
) -> Reports:
    observed = Observed(
        node_name=node.name,
        shares_folder=node.files.shares,
        held=lambda: claims.held,
        slice_writes=lambda: dict(publisher.writes),
        is_published=publisher.published.is_set,
        is_sharing=lambda: publisher.is_sharing,
        has_rivals=lambda: bool(publisher.rivals),
        sampled=lambda: looks.utilization.sampled,
        findings=lambda: looks.cross_check.findings,
    )
    metrics = Metrics(metadata.version("hami-dra"), observed)
    serve = () if metrics_address is None else (partial(serve_metrics, metrics_address, metrics.registry),)
    return Reports(metrics, ClaimStatuses(api, outbox), events, node.folders.context_bytes, (outbox.run, *serve))


async def _serve(
    presence: Presence,
    claims: PreparedClaims | RefusedClaims,
    publisher: Publisher,
    garbage: Garbage,
    health: HealthReports,
    watches: Iterable[Watch],
    reports: Reports,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    observed = ObservedClaims(claims, reports.metrics, reports.statuses, reports.events, reports.context_bytes)
    reports.statuses.resume(claims.held)
    farewell_s = _FAREWELL_S if presence.sockets.is_named else 0.0
    async with serving(presence.sockets, observed, health, farewell_s) as registered, asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_publish(publisher, registered)),
            group.create_task(_settle(presence, garbage, registered)),
        ]
        tasks += [group.create_task(task()) for task in (*watches, *reports.tasks)]
        await stop.wait()
        _LOG.info("stopping; slices and prepared claims stay")
        for task in tasks:
            task.cancel()
    await claims.drain()


async def _publish(publisher: Publisher, registered: asyncio.Event) -> None:
    """Publish once the kubelet knows the driver: pods that come before that fail, and the kubelet tries again only much later."""
    try:
        async with asyncio.timeout(_REGISTRATION_S):
            await registered.wait()
    except TimeoutError:
        _LOG.warning(
            "kubelet: has not registered the driver in %.0f s; publishing all the same. Does it run, and is --kubelet-dir right?",
            _REGISTRATION_S,
        )
    await publisher.run()


async def _settle(presence: Presence, garbage: Garbage, registered: asyncio.Event) -> None:
    """Once the kubelet has turned to this driver: take over from older ones, and keep removing what nobody needs."""
    await registered.wait()
    presence.announce()
    await garbage.run()


def open_claims(node: Node, checkpoint: Path, boot_id: UUID, source: ClaimSource) -> PreparedClaims | RefusedClaims:
    """Return the claims of this node, restored; or, where the checkpoint cannot be trusted, their refusal."""
    try:
        return PreparedClaims(node, source, restore(node, CheckpointFile(checkpoint), boot_id))
    except CorruptStateError as error:
        _LOG.error("%s", error)
        return RefusedClaims(error)
    except OSError as error:
        raise UnavailableError(
            f"{error.filename or checkpoint}: {error.strerror}; the claims of this node cannot be restored. Is its disk full or "
            "read-only?"
        ) from error


def _check(options: Options) -> None:
    if options.backend == "simulated" and options.cards_file is None:
        raise InvalidInputError("--backend simulated needs --cards FILE; docs/examples/cards has some")
    if options.backend == "nvml" and options.cards_file is not None:
        raise InvalidInputError("--cards is for --backend simulated; real cards are found by NVML")
    if options.backend == "simulated" and options.base_cdi_spec not in (AUTO, NONE):
        raise InvalidInputError("--base-cdi-spec is for real cards; simulated ones are in no CDI spec of the node")
    if options.instance is not None:
        check_instance_id(options.instance)
    if not _LOWEST_SPLIT <= options.split_count <= _HIGHEST_SPLIT:
        raise InvalidInputError(
            f"--split-count {options.split_count}: write a number from {_LOWEST_SPLIT} to {_HIGHEST_SPLIT}"
        )


def _folders(options: Options, sockets: Sockets) -> tuple[Path, ...]:
    state = options.state_folder
    return (
        sockets.plugin.parent,
        sockets.registration.parent,
        options.cdi_folder,
        state / "shares",
        state / "cards",
        state / "metadata",
        state / "lib",
    )


def open_node(options: Options, boot_id: UUID) -> Node:
    """Return the node as it is: its cards, and where everything stands. Raises `HamiError` when something is missing."""
    root = _driver_root(options)
    found = read_cards(root)
    driver_root = read_driver_root(root, found)
    cards = tuple(_with_usable_mig_devices(card, driver_root) for card in found)
    _log_cards(cards)
    files = NodeFiles(
        driver_root=driver_root,
        library=install_library(options.library, options.state_folder / "lib"),
        shares=options.state_folder / "shares",
        metadata=options.state_folder / "metadata",
    )
    return Node(
        name=options.node_name,
        cards=cards,
        files=files,
        folders=ShareFolders(files.shares, boot_id, _context_bytes(options, cards), _card_pages(options, boot_id)),
        specs=SpecStore(options.cdi_folder, CDI_KIND),
    )


def _context_bytes(options: Options, cards: Iterable[Card]) -> dict[str, int]:
    """Return what contexts are charged, by the card's UUID: a simulated card says what its own take."""
    if not options.account_overhead:
        return {}
    if options.cards_file is not None:
        return {card.uuid: card.context_bytes for card in load_cards(options.cards_file, options.node_name)}
    return {card.uuid: context_bytes(card) for card in cards}


def _card_pages(options: Options, boot_id: UUID) -> CardPages:
    return CardPages(options.state_folder / "cards", boot_id)


def _with_usable_mig_devices(card: Card, root: DriverRoot) -> Card:
    return replace(card, mig_devices=tuple(mig for mig in card.mig_devices if mig.uuid in root.mig_files))


def _driver_root(options: Options) -> Path:
    """Return the driver root, built from the cards file where the backend is simulated."""
    root = _root(options)
    if options.cards_file is None:
        return root
    cards = load_cards(options.cards_file, options.node_name)
    build_driver_root(cards, options.library.parent / "sim", root)
    return root


def _root(options: Options) -> Path:
    default = Path("/") if options.cards_file is None else options.state_folder / "simulated"
    return options.driver_root or default


def _base_source(options: Options, cards: Sequence[Card]) -> BaseSource:
    """Return where the base spec is looked for; simulated cards are in none."""
    return BaseSource(NONE if options.cards_file is not None else options.base_cdi_spec, _root(options), cards)


def _cards_file_watches(options: Options) -> Iterator[Watch]:
    """Yield what lets simulated cards fall ill and recover while the driver runs."""
    if options.cards_file is not None:
        yield CardsFile(options.cards_file, options.node_name, _root(options)).follow


def _log_cards(cards: tuple[Card, ...]) -> None:
    for card in cards:
        _LOG.info("card %d: %s, %d MiB, %s", card.index, card.product_name, card.memory_bytes >> 20, card.uuid)
        for mig in card.mig_devices:
            mib = mig.memory_bytes >> 20
            _LOG.info("card %d: MIG device %s at %d, %d MiB, %s", card.index, mig.profile, mig.start, mib, mig.uuid)
    if not cards:
        _LOG.warning("NVML shows no card; an empty pool is published")
