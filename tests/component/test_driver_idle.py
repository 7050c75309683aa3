"""A driver in whose node nothing happens writes nothing: ten minutes of looks and of new watches, on a fast clock."""

import asyncio
from pathlib import Path

import pytest

from dra_driver.claims.allocation import read_claim
from dra_driver.configuration import NodeConfiguration
from dra_driver.configuration_file import ConfigurationFile
from dra_driver.health.board import HealthBoard
from dra_driver.shares.share import Claim
from dra_driver.slices import offering, publisher
from dra_driver.slices.offering import Offering
from dra_driver.slices.publisher import Publisher
from kube.client import ApiServer
from kube.config import load_config
from tests.component.fake_api import SLICES, FakeApi
from tests.unit.driver_objects import NODE, card, claim_object, share_result
from tests.waiting import until

LOOKS = 300
WATCHES = 20


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "_LOOK_S", 0.001)
    monkeypatch.setattr(publisher, "_SETTLE_S", 0.0)


@pytest.mark.usefixtures("fast_clock")
async def test_looks_and_new_watches_write_nothing_while_nothing_happens(tmp_path: Path) -> None:
    cards = (card(),)
    held = read_claim(claim_object(share_result()), NODE, cards)
    looks = 0

    def look() -> tuple[Claim, ...]:
        nonlocal looks
        looks += 1
        return (held,)

    offer = Offering(cards, ConfigurationFile(None, NODE, NodeConfiguration()), look)
    board = HealthBoard(cards)
    board.known.set()
    async with FakeApi(tmp_path) as api, ApiServer(load_config(api.kubeconfig)) as server:
        publishing = Publisher(server, NODE, offer.current(), board)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(publishing.run()), group.create_task(offer.follow(publishing.offer))]
            await publishing.published.wait()
            assert len(api.writes()) == 2, "the counters and the devices"
            api.calls.clear()
            looks = 0
            for _ in range(WATCHES):
                await until(api.end_watches, "slices are watched")
            await until(lambda: looks >= LOOKS, "many looks")
            assert api.calls.count(("GET", SLICES)) >= WATCHES
            assert api.writes() == []
            for task in tasks:
                task.cancel()
