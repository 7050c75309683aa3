"""Templates after admission, before an API server: restored while pods wait, marked and collected when none names them, never from under
an admission.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.errors import ConflictError
from hack.local_cluster.pki import Authority
from kube.client import ApiServer
from kube.config import load_config
from tests.component.fake_collections import FakeCollections
from tests.unit.webhook_pods import container, conversion_of, pod
from tests.waiting import until
from webhook.conversion.template import Template
from webhook.templates import life as template_life
from webhook.templates.life import TemplateLife
from webhook.templates.store import FOLLOWED_MEMORY_S, TemplateStore
from webhook.templates.stored import KEPT_UNUSED, UNUSED_ANNOTATION, Fate

TEMPLATES = "/apis/resource.k8s.io/v1/resourceclaimtemplates"
PODS = "/api/v1/pods"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = KEPT_UNUSED + timedelta(minutes=1)


def template(memory_mib: int = 4000) -> Template:
    found = conversion_of(pod(container("main", gpu=1, gpumem=memory_mib))).template
    assert found
    return found


class Webhook:
    """The part of a webhook that knows templates."""

    def __init__(self, client: ApiServer) -> None:
        self.store = TemplateStore(client, FOLLOWED_MEMORY_S)
        self.holds_lease = True
        self.life = TemplateLife(client, self.store, lambda: self.holds_lease)

    async def admits(self, wanted: Template, namespace: str = "team") -> None:
        await self.store.ensure(namespace, wanted)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeCollections]:
    async with FakeCollections(Authority.create(tmp_path / "ca"), tmp_path) as api:
        yield api


@pytest.fixture
async def webhook(api: FakeCollections, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Webhook]:
    monkeypatch.setattr(template_life, "_SETTLE_S", 0.05)
    monkeypatch.setattr(template_life, "_FIRST_PAUSE_S", 0.05)
    async with ApiServer(load_config(api.kubeconfig)) as client:
        webhook = Webhook(client)
        running = asyncio.create_task(webhook.life.run())
        await until(lambda: webhook.life.is_synced)
        yield webhook
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def put_pod(api: FakeCollections, name: str, wanted: Template, *, has_claim: bool = False) -> None:
    statuses = [{"name": "hami", "resourceClaimName": f"{name}-hami-x"}] if has_claim else []
    spec = {"resourceClaims": [{"name": "hami", "resourceClaimTemplateName": wanted.name}]}
    status = {"phase": "Pending", "resourceClaimStatuses": statuses}
    api.put(PODS, {"metadata": {"namespace": "team", "name": name}, "spec": spec, "status": status})


def mark_of(api: FakeCollections, wanted: Template) -> str | None:
    item = api.get(TEMPLATES, "team", wanted.name)
    assert item
    mark: str | None = (item["metadata"].get("annotations") or {}).get(UNUSED_ANNOTATION)
    return mark


async def collects(webhook: Webhook, api: FakeCollections, now: datetime) -> None:
    """Collect once the webhook has seen all that has happened: a template that comes last is the sign."""
    sign = template(1)
    api.put(
        TEMPLATES, sign.manifest() | {"metadata": sign.manifest()["metadata"] | {"namespace": f"at-{now:%H%M%S%f}"}}
    )
    await until(lambda: (f"at-{now:%H%M%S%f}", sign.name) in webhook.life._mirror.items)
    await webhook.life.collect(now)


async def test_a_template_that_is_deleted_while_a_pod_waits_comes_back_as_it_was(
    api: FakeCollections, webhook: Webhook
) -> None:
    wanted = template()
    await webhook.admits(wanted)
    before = api.get(TEMPLATES, "team", wanted.name)
    put_pod(api, "waits", wanted)
    await until(lambda: ("team", wanted.name) in webhook.life._mirror.items)
    api.remove(TEMPLATES, "team", wanted.name)
    await until(lambda: api.get(TEMPLATES, "team", wanted.name))
    after = api.get(TEMPLATES, "team", wanted.name)
    assert before
    assert after
    assert (after["spec"], after["metadata"]["labels"]) == (before["spec"], before["metadata"]["labels"])
    assert after["metadata"]["uid"] != before["metadata"]["uid"]


async def test_a_template_that_nobody_waits_for_stays_deleted_until_an_admission_names_it(
    api: FakeCollections, webhook: Webhook
) -> None:
    wanted = template()
    await webhook.admits(wanted)
    put_pod(api, "runs", wanted, has_claim=True)
    await until(lambda: ("team", wanted.name) in webhook.life._mirror.items)
    api.remove(TEMPLATES, "team", wanted.name)
    await until(lambda: ("GET", "/api/v1/namespaces/team/pods") in api.calls)
    assert api.get(TEMPLATES, "team", wanted.name) is None
    await webhook.admits(wanted)
    assert api.get(TEMPLATES, "team", wanted.name), "the memory of it went with it"


async def test_who_waits_is_looked_at_until_the_server_answers(api: FakeCollections, webhook: Webhook) -> None:
    wanted = template()
    await webhook.admits(wanted)
    put_pod(api, "waits", wanted)
    await until(lambda: ("team", wanted.name) in webhook.life._mirror.items)
    api.failures = [500, 500]
    api.remove(TEMPLATES, "team", wanted.name)
    await until(lambda: api.get(TEMPLATES, "team", wanted.name))


async def test_a_template_is_collected_a_day_after_the_last_pod_that_names_it(
    api: FakeCollections, webhook: Webhook
) -> None:
    wanted = template()
    await webhook.admits(wanted)
    put_pod(api, "runs", wanted, has_claim=True)
    await collects(webhook, api, NOW)
    assert mark_of(api, wanted) is None
    api.remove(PODS, "team", "runs")
    await collects(webhook, api, NOW + DAY)
    assert mark_of(api, wanted) == "2026-11-25T12:01:00+00:00"
    await collects(webhook, api, NOW + DAY + KEPT_UNUSED / 2)
    assert mark_of(api, wanted)
    await collects(webhook, api, NOW + 2 * DAY)
    assert api.get(TEMPLATES, "team", wanted.name) is None


async def test_a_pod_that_comes_back_takes_the_mark_away(api: FakeCollections, webhook: Webhook) -> None:
    wanted = template()
    await webhook.admits(wanted)
    await collects(webhook, api, NOW)
    assert mark_of(api, wanted)
    put_pod(api, "again", wanted)
    await collects(webhook, api, NOW + DAY)
    assert mark_of(api, wanted) is None


async def test_an_admission_takes_the_mark_away_before_the_pod_is_admitted(
    api: FakeCollections, webhook: Webhook
) -> None:
    wanted = template()
    await webhook.admits(wanted)
    await collects(webhook, api, NOW)
    await collects(webhook, api, NOW + timedelta(hours=1))
    await webhook.admits(wanted)
    assert mark_of(api, wanted) is None


async def test_a_collection_that_is_under_way_fails_where_an_admission_was_faster(
    api: FakeCollections, webhook: Webhook
) -> None:
    wanted = template()
    await webhook.admits(wanted)
    await collects(webhook, api, NOW)
    await collects(webhook, api, NOW + timedelta(hours=1))
    marked = webhook.life._mirror.items["team", wanted.name]
    await webhook.admits(wanted)
    await webhook.life._apply(("team", wanted.name), marked, Fate.COLLECT, NOW + DAY)
    assert api.get(TEMPLATES, "team", wanted.name)


async def test_what_somebody_applied_by_hand_is_never_collected(api: FakeCollections, webhook: Webhook) -> None:
    wanted = template()
    api.put(
        TEMPLATES, wanted.manifest() | {"metadata": wanted.manifest()["metadata"] | {"namespace": "team"}}, "kubectl"
    )
    for days in range(3):
        await collects(webhook, api, NOW + days * DAY)
    assert mark_of(api, wanted) is None


async def test_without_the_lease_nothing_is_touched(api: FakeCollections, webhook: Webhook) -> None:
    wanted = template()
    await webhook.admits(wanted)
    webhook.holds_lease = False
    await collects(webhook, api, NOW)
    assert mark_of(api, wanted) is None


async def test_a_planted_template_is_refused_although_it_is_followed(api: FakeCollections, webhook: Webhook) -> None:
    wanted, other = template(), template(8000)
    planted = other.manifest() | {"metadata": wanted.manifest()["metadata"] | {"namespace": "team"}}
    api.put(TEMPLATES, planted)
    await until(lambda: ("team", wanted.name) in webhook.life._mirror.items)
    with pytest.raises(ConflictError, match="does not hold what its name stands for"):
        await webhook.admits(wanted)
