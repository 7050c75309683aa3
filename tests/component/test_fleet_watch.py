"""The fleet as it is told while nodes come and go: once for many changes, and only where it is another."""

import asyncio
from copy import deepcopy
from pathlib import Path

import pytest

from hack.local_cluster.pki import Authority
from kube.client import ApiServer
from kube.config import load_config
from tests.component.fake_collections import FakeCollections
from tests.unit.test_fleet_watch import offered, slices
from tests.waiting import until
from webhook import fleet_watch
from webhook.conversion.fleet import Fleet
from webhook.fleet_watch import FleetWatch

SLICES = "/apis/resource.k8s.io/v1/resourceslices"


async def test_the_fleet_is_told_when_it_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_watch, "_SETTLE_S", 0.1)
    told: list[Fleet] = []
    async with (
        FakeCollections(Authority.create(tmp_path / "ca"), tmp_path) as api,
        ApiServer(load_config(api.kubeconfig)) as client,
    ):
        for number in range(60):
            for slice_ in slices(f"node-{number}", offered(1, node=f"node-{number}")):
                api.put(SLICES, slice_)
        foreign = {"metadata": {"name": "foreign"}, "spec": {"driver": "gpu.example.org", "pool": {"name": "x"}}}
        api.put(SLICES, foreign)
        watch = FleetWatch(client, told.append)
        running = asyncio.create_task(watch.run())
        await until(lambda: watch.is_synced)
        assert [kind.cards for kind in told[0].kinds] == [60]
        assert len(api.calls) == 3, "in pages: a node has a slice of counters and one of devices"

        for name in api.names(SLICES):
            found = api.get(SLICES, "", name)
            assert found
            slice_ = deepcopy(found)
            for device in slice_["spec"].get("devices", []):
                device["attributes"]["busy"] = {"bool": True}
            api.put(SLICES, slice_)
        for number in range(10):
            for part in range(2):
                api.remove(SLICES, "", f"node-{number}-{part}")
        await until(lambda: [kind.cards for kind in told[-1].kinds] == [50])
        assert len(told) <= 3
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
