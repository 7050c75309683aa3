"""Pods that come and go while driver and kubelet are replaced, restarted or killed: nothing fails, nothing running is touched, and
nothing stays behind.

Not here: files and checkpoints that are damaged (tests.node.test_faults), and each single step of a crash (tests.component).
"""

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hack.local_system import HostProcess, LocalSystem
from tests.cluster.namespace import Namespace, Object, eventually
from tests.cluster.objects import HOLD, container, pod
from tests.cluster.traces import Traces
from tests.node.test_shares import proof_of

pytestmark = pytest.mark.node

CALLS = re.compile(r'^dra_operations_duration_seconds_count\{is_error="(true|false)",.*\} (\d+)$', re.MULTILINE)


def tenants(prefix: str, count: int) -> list[Object]:
    return [pod(f"{prefix}-{number}", container(command=HOLD, gpu=1, gpumem=1000)) for number in range(count)]


def names(pods: list[Object]) -> list[str]:
    return [one["metadata"]["name"] for one in pods]


def all_run(namespace: Namespace, pods: list[Object], timeout_s: float = 90) -> None:
    """Wait until all of them run, each held to its share."""
    for name in names(pods):
        namespace.wait_running(name, timeout_s)
        assert list(proof_of(namespace, name).values()) == [(1000, 1000)]


def nothing_stays(system: LocalSystem, before: Traces) -> None:
    eventually(lambda: Traces.of(system) == before, f"nothing but {before} is left on the node", 90)


def calls(system: LocalSystem) -> tuple[int, int]:
    """Return how many calls of the kubelet for claims went well since it started and how many failed, by its own count."""
    metrics = system.cluster.kubectl("get", "--raw", f"/api/v1/nodes/{system.cluster.node_name}/proxy/metrics")
    counted = [(is_error, int(count)) for is_error, count in CALLS.findall(metrics)]
    good, bad = (sum(count for is_error, count in counted if is_error == word) for word in ("false", "true"))
    return good, bad


def slices(system: LocalSystem) -> dict[str, Object]:
    """Return the slices of the node by UID."""
    text = system.cluster.kubectl("get", "resourceslices", "--field-selector", "spec.driver=hami.io", "-o", "json")
    return {item["metadata"]["uid"]: item for item in json.loads(text)["items"]}


def devices(system: LocalSystem) -> set[str]:
    return {device["name"] for item in slices(system).values() for device in item["spec"].get("devices") or []}


def containers(namespace: Namespace) -> dict[str, tuple[str, int]]:
    """Return the id and the restarts of the one container of each pod."""
    statuses = {one["metadata"]["name"]: one["status"]["containerStatuses"][0] for one in namespace.objects("pods")}
    return {name: (status["containerID"], status["restartCount"]) for name, status in statuses.items()}


@contextmanager
def instances(system: LocalSystem, *ids: str) -> Iterator[list[HostProcess]]:
    """Drivers that may overlap, in place of the system's one."""
    system.driver.stop()
    drivers = [system.driver_instance(name) for name in ids]
    try:
        yield drivers
    finally:
        for driver in drivers:
            driver.stop()
        system.driver.start()


def test_a_rolling_update_fails_no_call_while_pods_come_and_go(namespace: Namespace, system: LocalSystem) -> None:
    before = Traces.of(system)
    early, late = tenants("early", 5), tenants("late", 5)
    with instances(system, "old", "new") as (old, new):
        old.start()
        good, failures = calls(system)
        namespace.apply(*early)
        all_run(namespace, early)
        new.start()
        namespace.apply(*late)
        namespace.kubectl("delete", "pods", *names(early), "--wait=false")
        old.stop()
        all_run(namespace, late)
        assert calls(system)[1] == failures
        assert len(Traces.of(system).claims - before.claims) == len(late), "the old driver's claims are gone"
        namespace.kubectl("delete", "pods", "--all", "--timeout=60s")
        nothing_stays(system, before)
        good_now, failures_now = calls(system)
    assert failures_now == failures
    assert good_now - good >= 2 * len([*early, *late]), "each pod was prepared and unprepared"


def test_pods_do_not_notice_that_driver_and_kubelet_restart(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(*tenants("tenant", 2), pod("whole", container(command=HOLD, gpu=1)))
    for name in ("tenant-0", "tenant-1", "whole"):
        namespace.wait_running(name)
    untouched, offered = containers(namespace), devices(system)
    eventually(lambda: "true" in json.dumps([one["spec"] for one in slices(system).values()]), "cards are busy")

    system.driver.stop()
    published = slices(system)
    system.driver.start()
    assert slices(system).keys() == published.keys(), "the slices stay"

    system.cluster.restart("kubelet")
    eventually(
        lambda: not slices(system).keys() & published.keys() and devices(system) == offered,
        "the slices that the kubelet deleted are published again",
    )
    namespace.apply(*(after := tenants("after", 1)))
    all_run(namespace, after)
    now = containers(namespace)
    assert {name: now[name] for name in untouched} == untouched
    refused = namespace.kubectl("exec", "tenant-0", "--", "sh", "-c", "fill-until-refused --mib 2 || echo refused")
    assert "refused" in refused


def test_five_pods_that_start_while_the_driver_is_killed_get_one_share_each(
    namespace: Namespace, system: LocalSystem
) -> None:
    before = Traces.of(system)
    namespace.apply(*(pods := tenants("tenant", 5)))
    eventually(lambda: Traces.of(system).shares != before.shares, "the driver is at work")
    system.driver.kill()
    system.driver.start()
    all_run(namespace, pods)
    during = Traces.of(system)
    assert [len(now - earlier) for now, earlier in zip(during.all(), before.all(), strict=True)] == [5] * 4
    namespace.kubectl("delete", "pods", "--all", "--timeout=60s")
    nothing_stays(system, before)


def test_pods_that_are_deleted_by_force_leave_nothing(namespace: Namespace, system: LocalSystem) -> None:
    before = Traces.of(system)
    namespace.apply(*(pods := tenants("tenant", 2)))
    all_run(namespace, pods)
    namespace.kubectl("delete", "pods", "--all", "--force", "--grace-period=0")
    nothing_stays(system, before)


def test_pods_that_are_deleted_while_they_are_prepared_leave_nothing(namespace: Namespace, system: LocalSystem) -> None:
    before = Traces.of(system)
    with driver_held_up(system):
        namespace.apply(*(pods := tenants("tenant", 2)))
        for name in names(pods):
            eventually(lambda name=name: is_being_prepared(namespace, name), f"{name} is being prepared")  # type: ignore[misc]
        namespace.kubectl("delete", "pod", "tenant-0", "--wait=false")
        namespace.kubectl("delete", "pod", "tenant-1", "--force", "--grace-period=0")
    namespace.kubectl("wait", "--for=delete", "pod/tenant-0", "--timeout=60s")
    nothing_stays(system, before)


@contextmanager
def driver_held_up(system: LocalSystem) -> Iterator[None]:
    """Let every call of the driver begin inside the block, and none end."""
    process = system.cluster.guest_process("driver")
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def is_being_prepared(namespace: Namespace, name: str) -> bool:
    """Whether the kubelet has begun to make the pod's containers, which begins with its claims."""
    (status,) = namespace.get("pod", name)["status"]["containerStatuses"]
    return bool(status["state"]["waiting"]["reason"] == "ContainerCreating")


def test_a_namespace_that_is_deleted_leaves_nothing(namespace: Namespace, system: LocalSystem) -> None:
    before = Traces.of(system)
    doomed = Namespace(f"{namespace.name}-doomed", system.cluster.kubectl)
    system.cluster.kubectl("create", "namespace", doomed.name)
    doomed.apply(*(pods := tenants("tenant", 2)))
    all_run(doomed, pods)
    system.cluster.kubectl("delete", "namespace", doomed.name, "--timeout=90s")
    nothing_stays(system, before)
