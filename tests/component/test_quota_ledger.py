"""Quotas before an API server: what claims and pods under way take, what is asked of the server and when, and two replicas that do not
know of each other's pods.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from catalog.errors import ForbiddenError, UnavailableError
from hack.local_cluster.pki import Authority
from kube.client import ApiServer
from kube.config import load_config
from tests.admitted import answer_of
from tests.component.fake_collections import FakeCollections
from tests.component.test_webhook_server import review
from tests.unit.webhook_pods import Object, container, conversion_of, pod
from tests.waiting import until
from webhook.admission import Admission
from webhook.conversion.rules import DEFAULT_RULES
from webhook.quotas import ledger as quota_ledger
from webhook.quotas.ledger import PROMISE_S, QuotaLedger
from webhook.templates.store import TemplateStore

QUOTAS = "/api/v1/resourcequotas"
CLAIMS = "/apis/resource.k8s.io/v1/resourceclaims"
CLAIM_LIST = ("GET", CLAIMS)


def spec(**limits: int) -> Object:
    template = conversion_of(pod(container("main", **limits))).template
    assert template
    return dict(template.spec)


SHARE = spec(gpu=1, gpumem=4000)


class Replica:
    def __init__(self, client: ApiServer) -> None:
        self.now_s = 0.0
        self.ledger = QuotaLedger(client, lambda: DEFAULT_RULES, lambda: 81920, lambda: self.now_s)

    async def admits(self, claim: Object = SHARE, namespace: str = "team") -> bool:
        try:
            await self.ledger.admit(namespace, claim)
        except ForbiddenError:
            return False
        return True

    async def makes(self, claim: Object = SHARE, *, is_for_pod: bool = True) -> bool:
        try:
            await self.ledger.admit_claim("team", claim, is_for_pod=is_for_pod)
        except ForbiddenError:
            return False
        return True


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeCollections]:
    async with FakeCollections(Authority.create(tmp_path / "ca"), tmp_path) as api:
        yield api


@asynccontextmanager
async def replica_of(api: FakeCollections) -> AsyncIterator[Replica]:
    async with ApiServer(load_config(api.kubeconfig)) as client:
        replica = Replica(client)
        running = asyncio.create_task(replica.ledger.run())
        await until(lambda: replica.ledger.is_synced)
        yield replica
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def replica(api: FakeCollections) -> AsyncIterator[Replica]:
    put_quota(api, requests_gpu=3)
    async with replica_of(api) as replica:
        yield replica


def put_quota(api: FakeCollections, name: str = "team", **hard: int) -> None:
    named = {key.replace("_", ".nvidia.com/", 1): str(value) for key, value in hard.items()}
    api.put(QUOTAS, {"metadata": {"namespace": "team", "name": name}, "spec": {"hard": named}})


def put_claim(api: FakeCollections, name: str, claim: Object = SHARE) -> None:
    api.put(CLAIMS, {"metadata": {"namespace": "team", "name": name}, "spec": claim})


def cards_in_use(replica: Replica) -> int:
    return replica.ledger._used["team"].cards


async def test_without_a_quota_that_concerns_us_nothing_is_asked_about_claims(api: FakeCollections) -> None:
    other = {"requests.cpu": "1", "requests.example.org/fpga": "2"}
    api.put(QUOTAS, {"metadata": {"namespace": "team", "name": "cpu"}, "spec": {"hard": other}})
    async with replica_of(api) as replica:
        assert [await replica.admits() for _ in range(5)] == [True] * 5
        assert api.calls == [("GET", QUOTAS)]


async def test_claims_are_followed_from_the_first_quota_on(api: FakeCollections) -> None:
    put_claim(api, "one")
    async with replica_of(api) as replica:
        assert CLAIM_LIST not in api.calls
        put_quota(api, requests_gpu=2)
        await until(lambda: CLAIM_LIST in api.calls)
        assert [await replica.admits() for _ in range(2)] == [True, False]


async def test_claims_are_followed_no_longer_than_there_is_a_quota_and_anew_with_the_next(api: FakeCollections) -> None:
    put_claim(api, "one")
    put_quota(api, requests_gpu=2)
    async with replica_of(api) as replica:
        await until(lambda: cards_in_use(replica) == 1)
        api.remove(QUOTAS, "team", "team")
        await until(lambda: not replica.ledger._claims.synced.is_set())
        assert replica.ledger.is_synced
        api.remove(CLAIMS, "team", "one")
        put_claim(api, "two")
        put_claim(api, "three")
        put_quota(api, requests_gpu=2)
        await until(lambda: api.calls.count(CLAIM_LIST) == 2)
        assert not await replica.admits()


async def test_claims_and_what_was_admitted_count_together(api: FakeCollections, replica: Replica) -> None:
    put_claim(api, "by-hand")
    await until(lambda: cards_in_use(replica) == 1)
    assert [await replica.admits() for _ in range(3)] == [True, True, False]


async def test_a_claim_that_appears_is_the_one_that_was_promised(api: FakeCollections, replica: Replica) -> None:
    assert [await replica.admits() for _ in range(4)] == [True, True, True, False]
    for number in range(3):
        assert await replica.makes()
        put_claim(api, f"pod-{number}")
    await until(lambda: cards_in_use(replica) == 3)
    assert not await replica.admits()
    api.remove(CLAIMS, "team", "pod-0")
    await until(lambda: cards_in_use(replica) == 2)
    assert [await replica.admits() for _ in range(2)] == [True, False]


async def test_a_pod_that_something_else_refused_counts_no_longer_than_a_while(replica: Replica) -> None:
    assert [await replica.admits() for _ in range(4)] == [True, True, True, False]
    replica.now_s += PROMISE_S
    assert await replica.admits()


async def test_only_where_a_quota_concerns_us_an_admission_has_to_count(api: FakeCollections) -> None:
    put_quota(api, requests_gpu=3)
    api.put(QUOTAS, {"metadata": {"namespace": "other", "name": "cpu"}, "spec": {"hard": {"requests.cpu": "1"}}})
    async with ApiServer(load_config(api.kubeconfig)) as client:
        assert Replica(client).ledger.may_count("other"), "which quotas there are is not known yet"
    async with replica_of(api) as replica:
        assert [replica.ledger.may_count(name) for name in ("team", "other", "third")] == [True, False, False]


async def test_a_dry_run_is_answered_and_counts_nothing(replica: Replica) -> None:
    for _ in range(5):
        await replica.ledger.admit("team", SHARE, dry_run=True)
    assert await replica.admits(spec(gpu=3, gpumem=1))
    with pytest.raises(ForbiddenError):
        await replica.ledger.admit("team", SHARE, dry_run=True)


async def test_a_claim_by_hand_has_no_promise(replica: Replica) -> None:
    assert [await replica.admits() for _ in range(3)] == [True] * 3
    assert not await replica.makes(is_for_pod=False)
    assert await replica.makes(is_for_pod=True)


async def test_a_quota_that_is_raised_or_removed_counts_at_once(api: FakeCollections, replica: Replica) -> None:
    assert not await replica.admits(spec(gpu=4, gpumem=1))
    put_quota(api, requests_gpu=4)
    await until(lambda: replica.ledger._by_namespace["team"]["team"].hard[0][1] == 4)
    assert await replica.admits(spec(gpu=4, gpumem=1))
    assert not await replica.admits()
    api.remove(QUOTAS, "team", "team")
    await until(lambda: "team" not in replica.ledger._by_namespace)
    assert await replica.admits()


async def test_quotas_are_of_their_namespace(replica: Replica) -> None:
    assert await replica.admits(spec(gpu=8, gpumem=1), namespace="other")


async def test_what_is_not_known_yet_is_an_answer_for_now(
    api: FakeCollections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota_ledger, "_SYNC_S", 0.05)
    async with ApiServer(load_config(api.kubeconfig)) as client:
        with pytest.raises(UnavailableError, match="ResourceQuotas of the cluster are not known yet; try again"):
            await Replica(client).ledger.admit("team", SHARE)


async def test_replicas_admit_too_many_pods_at_most_and_not_too_many_claims(api: FakeCollections) -> None:
    """Each replica admits as many as are free, and none knows of the other's; the claims, made one after the other, are held."""
    put_quota(api, requests_gpu=3)
    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(replica_of(api)) for _ in range(2)]
        admitted = [await replica.admits() for _ in range(4) for replica in replicas]
        assert admitted.count(True) == 6
        made = 0
        for number in range(6):
            asked = replicas[number % 2]
            if await asked.makes():
                put_claim(api, f"pod-{number}")
                made += 1
                await until(lambda: [cards_in_use(replica) for replica in replicas] == [made] * 2)  # noqa: B023
        assert made == 3


async def test_a_pod_beyond_the_quota_is_refused_in_kubernetes_words_and_writes_no_template(
    api: FakeCollections, replica: Replica
) -> None:
    async with ApiServer(load_config(api.kubeconfig)) as client:
        admission = Admission(TemplateStore(client))
        admission.quotas = replica.ledger
        before = len(api.calls)
        manifest = pod(container("main", gpu=4, gpumem=4000))
        answer = json.loads(await answer_of(admission, json.dumps(review(manifest)).encode()))
    assert answer["response"]["status"] == {
        "code": 403,
        "reason": "Forbidden",
        "message": "exceeded quota: team, requested: requests.nvidia.com/gpu=4, used: requests.nvidia.com/gpu=0,"
        " limited: requests.nvidia.com/gpu=3",
    }
    assert len(api.calls) == before


async def test_a_pod_whose_template_cannot_be_written_counts_nothing(api: FakeCollections, replica: Replica) -> None:
    async with ApiServer(load_config(api.kubeconfig)) as client:
        admission = Admission(TemplateStore(client))
        admission.quotas = replica.ledger
        api.failures = [500]
        body = json.dumps(review(pod(container("main", gpu=3, gpumem=4000)))).encode()
        assert json.loads(await answer_of(admission, body))["response"]["status"]["code"] == 503
        assert json.loads(await answer_of(admission, body))["response"]["allowed"] is True
