"""Who is told of a finding: the pod by its events, the log by its name, and where it is configured the pod is evicted, and no other."""

from pathlib import Path
from typing import Any

import pytest

from dra_driver.accounting.cross_check import Finding, Reason
from dra_driver.accounting.cross_check_reports import CrossCheckReports
from dra_driver.claims.allocation import read_claim
from dra_driver.claims.pod_events import PodEvents
from dra_driver.configuration import CrossCheckPolicy
from tests.unit.driver_objects import NODE, Object, card, claim_object, share_result
from tests.unit.reporting import Letters, RecordedApi

CARD = card().uuid
POD_UID = "0d6dbb7e-0000-4a9d-9d0a-6f2f6c1b8e02"
OTHER_UID = "11111111-0000-4a9d-9d0a-6f2f6c1b8e02"
CLAIM_PATH = "/apis/resource.k8s.io/v1/namespaces/team/resourceclaims/claim"
EVENTS = "/api/v1/namespaces/team/events"
EVICTION = "/api/v1/namespaces/team/pods/trainer/eviction"


def held_by_two() -> Object:
    document = claim_object(share_result())
    document["status"]["reservedFor"] = [
        {"resource": "pods", "name": name, "uid": uid} for name, uid in (("other", OTHER_UID), ("trainer", POD_UID))
    ]
    return document


class Desk:
    """Everything that is sent, and a node that holds one claim of two pods."""

    def __init__(self, logs: Path, policy: CrossCheckPolicy = CrossCheckPolicy.REPORT) -> None:
        self.api, self.letters, self.policy = RecordedApi(), Letters(), policy
        self.claim = read_claim(held_by_two(), NODE, (card(),))
        self.claims = [self.claim]
        events = PodEvents(self.api, self.letters, NODE)
        self.reports = CrossCheckReports(self.api, self.letters, events, lambda: self.claims, lambda: self.policy, logs)

    async def tell(
        self, reason: Reason, share: str | None, pod_uid: str | None = POD_UID
    ) -> list[tuple[str, str, Any]]:
        self.reports.report(Finding(reason, CARD, 7, pod_uid, share, "card GPU-0: process 7 uses it"))
        await self.letters.deliver()
        return [call for call in self.api.calls if call[0] != "GET"]

    @property
    def share(self) -> str:
        return self.claim.shares[0].name


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / f"team_trainer_{POD_UID}").mkdir()
    return tmp_path


async def test_the_pod_and_the_log_are_told(logs: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(logs)
    ((method, path, event),) = await desk.tell(Reason.UNACCOUNTED, desk.share)
    assert (method, path, event["reason"]) == ("POST", EVENTS, "CardUsedOutsideOfShare")
    assert event["involvedObject"] == {
        "apiVersion": "v1",
        "kind": "Pod",
        "namespace": "team",
        "name": "trainer",
        "uid": POD_UID,
    }
    assert "process 7 uses it" in event["message"]
    assert "pod team/trainer" in caplog.text


async def test_a_pod_that_has_no_claim_of_ours_is_told_too(logs: Path) -> None:
    ((_, path, event),) = await Desk(logs).tell(Reason.OUTSIDE, None)
    assert (path, event["involvedObject"]["name"]) == (EVENTS, "trainer")


async def test_where_the_name_cannot_be_seen_the_users_of_the_claim_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.api.objects[CLAIM_PATH] = held_by_two()
    told = await desk.tell(Reason.UNACCOUNTED, desk.share)
    assert [event["involvedObject"]["name"] for _, _, event in told] == ["other", "trainer"]


async def test_a_pod_of_which_nothing_is_known_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert await Desk(tmp_path).tell(Reason.OUTSIDE, None) == []
    assert f"pod with UID {POD_UID}" in caplog.text


async def test_the_nodes_own_processes_are_left_alone(logs: Path) -> None:
    assert await Desk(logs, CrossCheckPolicy.EVICT).tell(Reason.NODE, None, pod_uid=None) == []


async def test_an_mps_server_stands_in_the_log_and_its_pod_stays(logs: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert await Desk(logs, CrossCheckPolicy.EVICT).tell(Reason.MPS, None) == []
    assert "cross-check: card GPU-0: process 7 uses it" in caplog.text


async def test_the_very_pod_is_evicted_where_it_is_configured(logs: Path) -> None:
    told = await Desk(logs, CrossCheckPolicy.EVICT).tell(Reason.OUTSIDE, None)
    assert [path for _, path, _ in told] == [EVENTS, EVICTION]
    assert told[1][2] == {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"namespace": "team", "name": "trainer"},
        "deleteOptions": {"preconditions": {"uid": POD_UID}},
    }


async def test_of_a_claims_pods_only_the_one_of_the_process_is_evicted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CrossCheckPolicy.EVICT)
    desk.api.objects[CLAIM_PATH] = held_by_two()
    told = await desk.tell(Reason.MEMORY, desk.share)
    assert [path for _, path, _ in told if path.endswith("eviction")] == [EVICTION]


async def test_a_share_of_a_process_in_no_pod_evicts_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CrossCheckPolicy.EVICT)
    desk.api.objects[CLAIM_PATH] = held_by_two()
    told = await desk.tell(Reason.UNACCOUNTED, desk.share, pod_uid=None)
    assert [path for _, path, _ in told] == [EVENTS, EVENTS]


async def test_a_claim_that_is_gone_ends_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CrossCheckPolicy.EVICT)
    assert await desk.tell(Reason.MEMORY, desk.share) == []


def test_who_monitors_a_card_is_known_by_the_namespace_of_its_claim(logs: Path) -> None:
    desk = Desk(logs)
    assert not desk.reports.is_monitor(CARD, POD_UID), "nobody has admin access"
    monitor = read_claim(
        claim_object(share_result() | {"adminAccess": True}, uid="4c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d11"),
        NODE,
        (card(),),
    )
    desk.claims.append(monitor)
    (logs / f"elsewhere_x_{OTHER_UID}").mkdir()
    assert desk.reports.is_monitor(CARD, POD_UID)
    assert not desk.reports.is_monitor(CARD, OTHER_UID)
    assert not desk.reports.is_monitor(card(1).uuid, POD_UID)
    assert not desk.reports.is_monitor(CARD, None), "a process of the node is none"
    assert desk.reports.is_monitor(CARD, "22222222-0000-4a9d-9d0a-6f2f6c1b8e02"), "it cannot be known"
