"""Events of refused claims: one for each pod and refusal, counted, told seldom, also where the pods were not yet known."""

from typing import Any

import pytest

from catalog.errors import ConflictError, CorruptStateError, InvalidInputError, UnavailableError
from dra_driver.call import Call, Pod
from dra_driver.claims.pod_events import PodEvents
from kube.client import ApiError
from tests.unit.driver_objects import CLAIM_UID, claim_object, share_result
from tests.unit.reporting import Letters, RecordedApi

CLAIM_PATH = "/apis/resource.k8s.io/v1/namespaces/team/resourceclaims/claim"
EVENTS = "/api/v1/namespaces/team/events"
POD = Pod("team", "pod-a", "uid-a")


class Desk:
    """What a test of events needs: a clock to turn, and everything that was sent."""

    def __init__(self) -> None:
        self.api, self.letters, self.now_s = RecordedApi(), Letters(), 0.0
        self.events = PodEvents(self.api, self.letters, "node-a", clock_s=lambda: self.now_s)

    async def refuse(self, error: Exception, *pods: Pod) -> None:
        self.events.refused(Call("team", "claim", CLAIM_UID, pods), error)
        await self.letters.deliver()

    def sent(self, method: str = "POST") -> list[Any]:
        return self.api.bodies(method)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_each_pod_of_a_claim_is_told_why(desk: Desk) -> None:
    await desk.refuse(InvalidInputError("memory is 0; ask at least 1Mi"), POD, Pod("team", "pod-b", "uid-b"))
    first, second = desk.sent()
    assert first["involvedObject"] == {
        "apiVersion": "v1",
        "kind": "Pod",
        "namespace": "team",
        "name": "pod-a",
        "uid": "uid-a",
    }
    assert second["involvedObject"]["name"] == "pod-b"
    assert (first["type"], first["reason"], first["count"]) == ("Warning", "ClaimRefused", 1)
    assert first["message"] == "memory is 0; ask at least 1Mi"
    assert first["source"] == {"component": "hami-dra", "host": "node-a"}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (InvalidInputError("x"), "ClaimRefused"),
        (ConflictError("x"), "ClaimRefused"),
        (CorruptStateError("x"), "ClaimRefused"),
        (UnavailableError("x"), "ClaimNotPrepared"),
        (ZeroDivisionError("x"), "ClaimNotPrepared"),
    ],
)
async def test_the_reason_tells_a_refusal_from_a_fault(desk: Desk, error: Exception, reason: str) -> None:
    await desk.refuse(error, POD)
    assert [event["reason"] for event in desk.sent()] == [reason]


async def test_repeats_raise_the_count_of_one_event_once_in_a_while(desk: Desk) -> None:
    for now_s in (0, 12, 24, 36, 48, 72):
        desk.now_s = now_s
        await desk.refuse(InvalidInputError("no"), POD)
    assert len(desk.sent()) == 1
    assert [change["count"] for change in desk.sent("PATCH")] == [4, 6]
    name = desk.sent()[0]["metadata"]["name"]
    assert {path for method, path, _ in desk.api.calls if method == "PATCH"} == {f"{EVENTS}/{name}"}


async def test_another_reason_is_another_event(desk: Desk) -> None:
    await desk.refuse(InvalidInputError("one"), POD)
    await desk.refuse(InvalidInputError("two"), POD)
    assert [event["message"] for event in desk.sent()] == ["one", "two"]


async def test_an_event_that_was_removed_is_made_again(desk: Desk) -> None:
    await desk.refuse(InvalidInputError("no"), POD)
    desk.api.missing.add(f"{EVENTS}/{desk.sent()[0]['metadata']['name']}")
    desk.now_s = 60
    await desk.refuse(InvalidInputError("no"), POD)
    assert [event["count"] for event in desk.sent()] == [1, 2]


async def test_pods_of_a_claim_that_was_never_read_are_looked_up(desk: Desk) -> None:
    document = claim_object(share_result())
    document["status"]["reservedFor"] = [
        {"resource": "pods", "name": "pod-a", "uid": "uid-a"},
        {"resource": "jobs", "name": "job", "uid": "uid-j"},
    ]
    desk.api.objects[CLAIM_PATH] = document
    await desk.refuse(CorruptStateError("kept aside"))
    assert [event["involvedObject"]["name"] for event in desk.sent()] == ["pod-a"]


@pytest.mark.parametrize("uid", [None, "another"])
async def test_nobody_is_told_of_a_claim_that_is_gone_or_made_anew(desk: Desk, uid: str | None) -> None:
    if uid:
        desk.api.objects[CLAIM_PATH] = claim_object(share_result(), uid=uid)
    await desk.refuse(InvalidInputError("gone"))
    assert desk.sent() == []


async def test_of_a_claim_of_many_pods_some_are_told(desk: Desk) -> None:
    await desk.refuse(InvalidInputError("no"), *(Pod("team", f"pod-{n}", f"uid-{n}") for n in range(256)))
    assert len(desk.sent()) == 8


async def test_long_names_and_messages_stay_within_the_limits(desk: Desk) -> None:
    await desk.refuse(InvalidInputError("x" * 5000), Pod("team", "p" * 253, "uid"))
    (event,) = desk.sent()
    assert len(event["message"]) <= 1024
    assert len(event["metadata"]["name"]) <= 253


async def test_old_refusals_are_forgotten(desk: Desk) -> None:
    for number in range(600):
        desk.events.refused(Call("team", "claim", CLAIM_UID, (POD,)), InvalidInputError(str(number)))
    assert len(desk.events._refusals) == 500


async def test_a_server_that_refuses_is_the_outbox_to_judge(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def forbidden(*_arguments: object, **_query: str) -> None:
        raise ApiError(403, "may not")

    monkeypatch.setattr(RecordedApi, "create", forbidden)
    with pytest.raises(ApiError, match="may not"):
        await desk.refuse(InvalidInputError("no"), POD)
