"""What is warned of a pod that a controller makes becomes an event on the controller, once, and never in the way of an admission."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hack.local_cluster.pki import Authority
from kube.client import ApiServer
from kube.config import load_config
from tests.admitted import answer_of
from tests.component.fake_collections import FakeCollections
from tests.component.test_webhook_bad_clients import NoTemplates
from tests.unit.webhook_pods import Object, container, pod
from tests.waiting import until
from webhook.admission import Admission
from webhook.warning_events import REASON, WarningEvents

EVENTS = "/api/v1/events"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeCollections]:
    async with FakeCollections(Authority.create(tmp_path / "ca"), tmp_path) as api:
        yield api


class Replica:
    def __init__(self, client: ApiServer) -> None:
        self.now_s = 0.0
        self.events = WarningEvents(client, lambda: self.now_s)
        self.admission = Admission(NoTemplates(), tell=self.events.tell)

    async def warns(self, made: Object, **request: object) -> list[str]:
        """Return the warnings of one admission."""
        question = {"uid": "1", "resource": {"resource": "pods"}, "namespace": "team", "object": made, **request}
        body = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": question}
        return list(
            json.loads(await answer_of(self.admission, json.dumps(body).encode()))["response"].get("warnings", ())
        )


@asynccontextmanager
async def replica_of(api: FakeCollections) -> AsyncIterator[Replica]:
    async with ApiServer(load_config(api.kubeconfig)) as client:
        replica = Replica(client)
        running = asyncio.create_task(replica.events.run())
        yield replica
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def warned_of() -> Object:
    made = pod(container("main", gpu=1))
    made["metadata"]["annotations"] = {"hami.io/vulkan": "true"}
    return made


def of_controller(uid: str = "u1", **owner: object) -> Object:
    made = warned_of()
    reference = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "train-5b5c", "uid": uid, "controller": True}
    made["metadata"]["ownerReferences"] = [reference | owner]
    return made


def events_in(api: FakeCollections) -> list[Object]:
    found = [api.get(EVENTS, "team", name) for name in api.names(EVENTS, "team")]
    return [event for event in found if event]


async def test_the_controller_of_many_pods_is_told_once_and_again_after_a_while(api: FakeCollections) -> None:
    async with replica_of(api) as replica:
        (warning,) = await replica.warns(of_controller())
        for _ in range(20):
            await replica.warns(of_controller())
        await until(lambda: events_in(api))
        await replica.warns(of_controller(uid="u2"))
        await until(lambda: len(events_in(api)) == 2)
        (event,) = [each for each in events_in(api) if each["involvedObject"]["uid"] == "u1"]
        assert (event["reason"], event["type"], event["message"]) == (REASON, "Warning", warning)
        assert event["involvedObject"]["kind"] == "ReplicaSet"
        replica.now_s += 600
        await replica.warns(of_controller())
        await until(lambda: len(events_in(api)) == 3)


@pytest.mark.parametrize(
    "made",
    [
        of_controller(controller=False),
        warned_of(),
    ],
)
async def test_who_reads_answers_gets_no_event(api: FakeCollections, made: Object) -> None:
    async with replica_of(api) as replica:
        assert await replica.warns(made)
        assert replica.events._waiting.empty()
    assert api.calls == []


async def test_a_dry_run_writes_none(api: FakeCollections) -> None:
    async with replica_of(api) as replica:
        assert await replica.warns(of_controller(), dryRun=True)
        assert replica.events._waiting.empty()


async def test_a_server_that_fails_delays_no_admission_and_ends_nothing(api: FakeCollections) -> None:
    api.failures = [503, 403, 500]
    async with replica_of(api) as replica:
        for number in range(300):  # more than wait at a time
            assert await replica.warns(of_controller(uid=f"u{number}"))
        await until(lambda: events_in(api))
        await until(replica.events._waiting.empty)
        await replica.warns(of_controller(uid="last"))
        await until(lambda: any(each["involvedObject"]["uid"] == "last" for each in events_in(api)))
