"""The Lease of several replicas, with clocks of their own: one holds at a time, whatever the clocks say."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hack.local_cluster.pki import Authority
from kube.client import ApiError, ApiServer
from kube.config import load_config
from kube.lease import DURATION_S, Lease
from tests.component.fake_collections import FakeCollections
from tests.waiting import until

LEASES = "/apis/coordination.k8s.io/v1/leases"


class Clock:
    """Seconds since some moment, which differs from machine to machine."""

    def __init__(self, start_s: float) -> None:
        self.now_s = start_s

    def __call__(self) -> float:
        return self.now_s


class Replica:
    def __init__(self, client: ApiServer, identity: str, start_s: float) -> None:
        self.clock = Clock(start_s)
        self.lease = Lease(client, "system", "work", identity, self.clock)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeCollections]:
    async with FakeCollections(Authority.create(tmp_path / "ca"), tmp_path) as api:
        yield api


@pytest.fixture
async def client(api: FakeCollections) -> AsyncIterator[ApiServer]:
    async with ApiServer(load_config(api.kubeconfig)) as client:
        yield client


def holder(api: FakeCollections) -> object:
    lease = api.get(LEASES, "system", "work")
    assert lease
    return lease["spec"].get("holderIdentity")


async def test_the_first_holds_it_and_the_second_waits(api: FakeCollections, client: ApiServer) -> None:
    one, two = Replica(client, "one", 0), Replica(client, "two", 1e9)
    await one.lease.look()
    await two.lease.look()
    assert (one.lease.is_held, two.lease.is_held, holder(api)) == (True, False, "one")


async def test_a_silent_holder_is_followed_after_the_time_that_passed_here(
    api: FakeCollections, client: ApiServer
) -> None:
    one, two = Replica(client, "one", 0), Replica(client, "two", 1e9)
    await one.lease.look()
    await two.lease.look()
    for replica in (one, two):
        replica.clock.now_s += DURATION_S
    await two.lease.look()
    assert (one.lease.is_held, two.lease.is_held) == (False, False), "the old one has stopped before the new one begins"
    two.clock.now_s += 1
    await two.lease.look()
    assert (two.lease.is_held, holder(api)) == (True, "two")
    await one.lease.look()
    assert not one.lease.is_held


async def test_each_renewal_is_a_new_sign(client: ApiServer) -> None:
    one, two = Replica(client, "one", 0), Replica(client, "two", 0)
    for _ in range(5):
        await one.lease.look()
        await two.lease.look()
        for replica in (one, two):
            replica.clock.now_s += DURATION_S / 2
        await one.lease.look()
    assert one.lease.is_held
    assert not two.lease.is_held


async def test_of_two_that_take_it_at_once_one_gets_it(api: FakeCollections, client: ApiServer) -> None:
    replicas = [Replica(client, f"replica-{number}", number) for number in range(5)]
    await asyncio.gather(*(replica.lease.look() for replica in replicas))
    assert [replica.lease.is_held for replica in replicas].count(True) == 1


async def test_a_holder_that_cannot_renew_stops_in_time(api: FakeCollections, client: ApiServer) -> None:
    one = Replica(client, "one", 0)
    await one.lease.look()
    one.clock.now_s += DURATION_S - 15
    api.failures = [500]
    with pytest.raises(ApiError):
        await one.lease.look()
    assert one.lease.is_held
    one.clock.now_s += 5
    assert not one.lease.is_held


async def test_it_is_given_back_at_the_end_so_that_the_next_begins_at_once(
    api: FakeCollections, client: ApiServer
) -> None:
    one, two = Replica(client, "one", 0), Replica(client, "two", 0)
    running = asyncio.create_task(one.lease.run())
    await until(lambda: one.lease.is_held)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert holder(api) is None
    await two.lease.look()
    assert (two.lease.is_held, holder(api)) == (True, "two")
