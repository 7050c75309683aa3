"""The status that claims get: what is said, how it is written, when it is not written, and that it stays small."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from catalog.share_config import ShareConfig
from dra_driver.claims.allocation import read_claim
from dra_driver.claims.status import ClaimStatuses, device_statuses
from dra_driver.shares.share import Claim
from kube.client import ApiError
from tests.unit.driver_objects import CLAIM_UID, NODE, SHARE_ID, card, claim_object, share_result, whole_result
from tests.unit.reporting import Letters, RecordedApi

CARDS = (card(0), card(1))
CLAIM_PATH = "/apis/resource.k8s.io/v1/namespaces/team/resourceclaims/claim"
SINCE = datetime(2026, 11, 24, 8, 30, 15, 999_999, tzinfo=UTC)


def claim(memory: str = "4000Mi", cores: str = "30") -> Claim:
    return read_claim(claim_object(share_result(memory=memory, cores=cores), whole_result("gpu-1", "big")), NODE, CARDS)


@pytest.fixture
def api() -> RecordedApi:
    return RecordedApi()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def statuses(api: RecordedApi, letters: Letters) -> ClaimStatuses:
    return ClaimStatuses(api, letters)


def test_a_share_and_a_whole_card_say_what_they_are() -> None:
    share, whole = device_statuses(claim(), SINCE)
    assert share["data"] == {"card": card(0).uuid, "memory": "4000Mi", "cores": "30"}
    assert (share["pool"], share["device"], share["shareID"]) == (NODE, "gpu-0-share", SHARE_ID)
    assert whole["data"] == {"card": card(1).uuid, "memory": "80Gi", "cores": "100"}
    assert "shareID" not in whole
    assert share["conditions"][0]["lastTransitionTime"] == "2026-11-24T08:30:15Z"


def test_cores_without_limit_are_not_shown_as_none() -> None:
    assert device_statuses(claim(cores="0"), SINCE)[0]["data"]["cores"] == "unlimited"


def test_a_share_of_an_oversubscribed_card_says_so_and_one_that_stays_there_what_it_has() -> None:
    (share, _) = claim().shares
    scaled = replace(share, memory_scaling=2.0)
    (status,) = device_statuses(replace(claim(), shares=(scaled,)), SINCE)
    assert status["data"]["memory"] == "4000Mi"
    assert "may be evicted" in status["conditions"][0]["message"]
    kept = replace(scaled, config=ShareConfig(oversubscribe=False))
    (status,) = device_statuses(replace(claim(), shares=(kept,)), SINCE)
    assert status["data"]["memory"] == "2000Mi"
    assert "evicted" not in status["conditions"][0]["message"]


def test_words_read_well_in_kubectl_which_splits_camel_case() -> None:
    for status in device_statuses(claim(), SINCE):
        assert all(key.isalpha() and key.islower() for key in status["data"])


def test_the_data_of_a_device_is_far_below_its_limit() -> None:
    assert all(len(msgspec.json.encode(status)) < 1024 for status in device_statuses(claim(), SINCE))


async def test_a_status_is_applied_to_the_very_claim(
    api: RecordedApi, letters: Letters, statuses: ClaimStatuses
) -> None:
    statuses.prepared(claim())
    await letters.deliver()
    ((method, path, body),) = api.calls
    assert (method, path) == ("PATCH", f"{CLAIM_PATH}/status")
    assert body["metadata"] == {"namespace": "team", "name": "claim", "uid": CLAIM_UID}
    assert (body["apiVersion"], body["kind"]) == ("resource.k8s.io/v1", "ResourceClaim")
    assert len(body["status"]["devices"]) == 2
    assert api.queries == [{"fieldManager": "hami.io", "force": "true", "type": "application/apply-patch+yaml"}]


async def test_a_repeated_prepare_writes_nothing_and_another_allocation_does(
    api: RecordedApi, letters: Letters, statuses: ClaimStatuses
) -> None:
    for _ in range(3):
        statuses.prepared(claim())
        await letters.deliver()
    statuses.prepared(read_claim(claim_object(whole_result("gpu-0")), NODE, CARDS))
    await letters.deliver()
    assert [len(body["status"]["devices"]) for body in api.bodies("PATCH")] == [2, 1]


async def test_a_claim_that_is_unprepared_meanwhile_is_left_alone_and_reported_when_it_returns(
    api: RecordedApi, letters: Letters, statuses: ClaimStatuses
) -> None:
    statuses.prepared(claim())
    statuses.unprepared(CLAIM_UID)
    await letters.deliver()
    assert api.calls == []
    statuses.prepared(claim())
    await letters.deliver()
    assert len(api.calls) == 1


async def test_a_claim_that_is_gone_is_no_error(api: RecordedApi, letters: Letters, statuses: ClaimStatuses) -> None:
    api.missing.add(f"{CLAIM_PATH}/status")
    statuses.prepared(claim())
    await letters.deliver()


async def test_after_a_restart_only_what_is_missing_is_written(
    api: RecordedApi, letters: Letters, statuses: ClaimStatuses
) -> None:
    document = claim_object(share_result(), whole_result("gpu-1", "big"))
    api.objects[CLAIM_PATH] = document
    document["status"]["devices"] = device_statuses(claim(), SINCE)
    statuses.resume([claim()])
    await letters.deliver()
    assert api.bodies("PATCH") == []
    document["status"]["devices"].pop()
    statuses.resume([claim()])
    await letters.deliver()
    assert len(api.bodies("PATCH")) == 1


@pytest.mark.parametrize("found", [None, "another"])
async def test_after_a_restart_claims_that_are_gone_or_made_anew_are_left_alone(
    api: RecordedApi, letters: Letters, statuses: ClaimStatuses, found: str | None
) -> None:
    if found:
        api.objects[CLAIM_PATH] = claim_object(share_result(), uid=found)
    statuses.resume([claim()])
    await letters.deliver()
    assert api.bodies("PATCH") == []


async def test_a_server_that_cannot_be_reached_is_the_outbox_to_repeat(
    api: RecordedApi, letters: Letters, statuses: ClaimStatuses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_arguments: object, **_query: str) -> None:
        raise ApiError(0, "no route")

    monkeypatch.setattr(RecordedApi, "patch", unreachable)
    statuses.prepared(claim())
    with pytest.raises(ApiError, match="no route"):
        await letters.deliver()
