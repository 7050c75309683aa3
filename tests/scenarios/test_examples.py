"""Every file of docs/examples runs, and each of its containers sees what the example promises; afterwards nothing is left.

A new example needs an entry in EXPECTED: without one, its test fails. A full card of this node has 81920 MiB.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from catalog.errors import HamiError
from catalog.share_config import CorePolicy
from dra_driver.shares.pages import read_limits
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, Object, eventually
from tests.node.test_shares import proof_of
from tests.scenarios.example import Running, View, Views, applied, limited, whole

pytestmark = pytest.mark.node

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CARDS = 4


def no_more(_running: Running, _views: Views) -> None:
    pass


def undisturbed(_system: LocalSystem) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example shows."""

    views: Views
    also: Callable[[Running, Views], None] = no_more
    """What else must hold while it runs."""
    given: Callable[[LocalSystem], AbstractContextManager[None]] = undisturbed
    """What is the case on the node while it is looked at."""
    waiting: frozenset[str] = frozenset()
    """Pods that the scheduler cannot place while that is the case; they run afterwards."""


def on_one_card(_running: Running, views: Views) -> None:
    assert len({view.uuids for view in views.values()}) == 1


def on_distinct_cards(_running: Running, views: Views) -> None:
    assert len({view.uuids for view in views.values()}) == len(views)


def with_nothing_left(running: Running, views: Views) -> None:
    """One limit for all: they and their contexts hold 6 GiB, and none of them gets another 2 MiB."""
    on_one_card(running, views)
    assert len({view.shares for view in views.values()}) == 1
    for pod, container in views:
        more = ("exec", pod, "-c", container, "--", "fill-until-refused", "--mib", "2")
        eventually(lambda more=more: refused(running.namespace, more), f"{container} of {pod} is refused more")  # type: ignore[misc]


def refused(namespace: Namespace, command: tuple[str, ...]) -> bool:
    try:
        namespace.kubectl(*command)
    except HamiError as error:
        return "exit code 1" in str(error)
    return False


def of_the_second_alternative(running: Running, views: Views) -> None:
    (result,) = running.namespace.results_of("prioritized-list")
    assert result["request"] == "gpu/any-card"
    assert policies(running, views) == {"main": (0, CorePolicy.DEFAULT)}


def of_one_numa_node(running: Running, views: Views) -> None:
    """No card of this node is linked; one is in MIG mode. A card may be said to be busy for seconds after another example has gone."""
    results = running.namespace.results_of("legacy-policies")
    assert {result["request"] for result in results} in ({"trainer/hami-core-numa"}, {"trainer/hami-core-numa-busy"})
    assert "gpu-0-share" not in {result["device"] for result in results}
    assert set(policies(running, views).values()) == {(0, CorePolicy.DEFAULT)}


def with_all_of(size_mib: int) -> Callable[[Running, Views], None]:
    """The program gets all of its MIG device's memory, its context included."""

    def check(running: Running, views: Views) -> None:
        ((pod, _),) = views
        assert list(proof_of(running.namespace, pod).values()) == [(size_mib, size_mib)]

    return check


def with_policies(running: Running, views: Views) -> None:
    on_one_card(running, views)
    assert policies(running, views) == {"inference": (0, CorePolicy.DEFAULT), "batch": (1, CorePolicy.FORCE)}


def with_part_of_the_time(running: Running, _views: Views) -> None:
    """Each second it says what it has of the card; 50 ms of credit may come on top, saved up over the second before."""

    def said() -> list[float]:
        lines = running.namespace.kubectl("logs", "gpucores").splitlines()
        return [float(line.rpartition(", ")[2].split(" %")[0]) for line in lines if "launches, " in line]

    parts = eventually(lambda: found if len(found := said()) >= 3 else [], "it has told of three seconds")
    assert 0 < sum(parts) / len(parts) <= 35


def policies(running: Running, views: Views) -> dict[str, tuple[int, CorePolicy]]:
    """Return priority and core policy of each container's one share, as its limits page has them."""
    folder = running.system.driver_state / "shares"
    pages = {
        container: read_limits((folder / share / "limits").read_bytes())
        for (_, container), view in views.items()
        for share in view.shares
    }
    return {container: (page.priority, page.policy) for container, page in pages.items()}


def with_a_free_monitor(running: Running, views: Views) -> None:
    """The monitor sees the tenant's card and what the tenant holds there, its context included, and is charged nothing.

    One that comes while a card is held does so too.
    """
    monitor, tenant = views["monitor", "main"], views["tenant", "main"]
    assert len(monitor.uuids) == CARDS
    assert tenant.uuids < monitor.uuids
    assert monitor.shares == ()
    assert all(result["adminAccess"] for result in running.namespace.results_of("monitor"))
    sees_what_is_held(running)
    running.start_again("monitor")
    sees_what_is_held(running)


def sees_what_is_held(running: Running) -> None:
    table = running.namespace.kubectl("exec", "monitor", "--", "nvidia-smi")
    assert "4000MiB / 81920MiB" in table
    assert table.count(" 0MiB / 81920MiB") == CARDS - 1


@contextmanager
def all_cards_cordoned(system: LocalSystem) -> Iterator[None]:
    uuids = sorted({device["attributes"]["uuid"]["string"] for device in devices(system)})
    node = ("annotate", "node", system.cluster.node_name, "--overwrite")
    system.cluster.kubectl(*node, f"hami.io/device-cordon={','.join(uuids)}")
    eventually(lambda: all(device.get("taints") for device in devices(system)), "all cards are cordoned")
    try:
        yield
    finally:
        system.cluster.kubectl(*node, "hami.io/device-cordon-")
    eventually(lambda: not any(device.get("taints") for device in devices(system)), "no card is cordoned any more")


@contextmanager
def cards_oversubscribed(system: LocalSystem) -> Iterator[None]:
    with TemporaryDirectory() as folder:
        system.configuration = Path(folder, "nodes.yaml")
        system.configuration.write_text("defaults: {deviceMemoryScaling: 2}")
        restart_driver(system)
        eventually(lambda: "160Gi" in shared_memory(system), "more memory than there is is offered")
        try:
            yield
        finally:
            system.configuration = None
            restart_driver(system)
    eventually(lambda: shared_memory(system) == {"80Gi"}, "all cards have what they have again")


def restart_driver(system: LocalSystem) -> None:
    system.driver.stop()
    system.driver.start()


def shared_memory(system: LocalSystem) -> set[str]:
    shared = [device for device in devices(system) if device.get("allowMultipleAllocations")]
    return {device["capacity"]["memory"]["value"] for device in shared}


def devices(system: LocalSystem) -> list[Object]:
    slices = Namespace("default", system.cluster.kubectl)
    items = slices.objects("resourceslices", "--field-selector", "spec.driver=hami.io")
    return [device for item in items for device in item["spec"].get("devices") or []]


EXPECTED = {
    "admin-access": Expectation(
        {("monitor", "main"): whole(*[81920] * CARDS), ("tenant", "main"): limited(4000)}, with_a_free_monitor
    ),
    "claim": Expectation({("claim", "main"): limited(2048)}),
    "claim-template": Expectation({("claim-template", "main"): limited(1024, 1024)}),
    "cordoned-card": Expectation(
        {("tester", "main"): limited(1024), ("ordinary", "main"): limited(1024)},
        given=all_cards_cordoned,
        waiting=frozenset({"ordinary"}),
    ),
    "distinct-cards": Expectation(
        {("distinct-cards", "trainer"): limited(16384), ("distinct-cards", "evaluator"): limited(4096)},
        on_distinct_cards,
    ),
    "gpucores": Expectation({("gpucores", "worker"): limited(4000)}, with_part_of_the_time),
    "hami-dra-claim": Expectation({("hami-dra-claim", "main"): limited(4000)}),
    "legacy-deployment": Expectation({("legacy-deployment", "worker"): limited(20000, 20000)}),
    "legacy-policies": Expectation({("legacy-policies", "trainer"): limited(6000, 6000)}, of_one_numa_node),
    "legacy-pod": Expectation({("legacy-pod", "trainer"): limited(4000)}),
    "mig": Expectation({("mig", "main"): View((81920,), is_limited=False, mig=("1g.10gb",))}, with_all_of(10240)),
    "mig-profile": Expectation(
        {("mig-profile", "main"): View((81920,), is_limited=False, mig=("3g.40gb",))}, with_all_of(40960)
    ),
    "oversubscribed": Expectation(
        {
            ("oversubscribed", "training"): limited(60000),
            ("oversubscribed", "notebook"): limited(60000),
            ("oversubscribed", "ranks"): limited(10000),
        },
        on_one_card,
        given=cards_oversubscribed,
    ),
    "prioritized-list": Expectation({("prioritized-list", "main"): limited(4096)}, of_the_second_alternative),
    "several-cards": Expectation({("several-cards", "main"): limited(8192, 8192, 8192)}),
    "share-config": Expectation(
        {("share-config", "inference"): limited(8192), ("share-config", "batch"): limited(2048)}, with_policies
    ),
    "shared-by-containers": Expectation(
        {("shared-by-containers", "first"): limited(6144), ("shared-by-containers", "second"): limited(6144)},
        with_nothing_left,
    ),
    "shared-claim": Expectation(
        {("shared-claim-first", "main"): limited(6144), ("shared-claim-second", "main"): limited(6144)},
        with_nothing_left,
    ),
    "whole-card": Expectation({("whole-card", "main"): whole(81920)}),
}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_an_example_shows_what_it_promises_and_leaves_nothing(
    namespace: Namespace, system: LocalSystem, path: Path
) -> None:
    assert path.stem in EXPECTED, f"what do the containers of {path.name} see? write it into EXPECTED"
    expected = EXPECTED[path.stem]
    with ExitStack() as circumstances:
        circumstances.enter_context(expected.given(system))
        with applied(namespace, system, path) as example:
            if expected.waiting:
                assert example.views(expected.waiting).items() <= expected.views.items()
                for pod in expected.waiting:
                    assert "cannot allocate all claims" in example.namespace.pending_reason(pod)
                circumstances.close()
            views = example.views()
            assert views == expected.views
            expected.also(example, views)
