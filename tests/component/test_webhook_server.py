"""The webhook over TLS, before an API server of templates: reviews and what is written for them, dry runs, memory of templates, refusals
and faults and their words, input that is no review, sizes. Nothing of a pod but its name is logged.
"""

import asyncio
import base64
import io
import json
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hack.local_cluster.pki import Authority
from kube.client import ApiServer
from kube.config import load_config
from tests.admitted import answer_of
from tests.component.fake_webhook_api import FakeWebhookApi
from tests.unit.webhook_pods import Object, container, pod
from tests.waiting import until
from webhook import admission as admission_module
from webhook.admission import Admission
from webhook.certificates.shown import Certificate
from webhook.registration import MUTATE_PATH
from webhook.serving.readiness import Readiness
from webhook.serving.server import Server
from webhook.templates import store as template_store
from webhook.templates.store import TemplateStore

LEGACY = pod(container("main", gpu=1, gpumem=4000))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def api(authority: Authority, tmp_path: Path) -> AsyncIterator[FakeWebhookApi]:
    async with FakeWebhookApi(authority, tmp_path) as api:
        yield api


@pytest.fixture
def certificate(authority: Authority, tmp_path: Path) -> Certificate:
    return Certificate(*authority.issue(tmp_path / "tls", "webhook", ["127.0.0.1"]))


@pytest.fixture
async def url(api: FakeWebhookApi, certificate: Certificate) -> AsyncIterator[str]:
    async with (
        ApiServer(load_config(api.kubeconfig)) as client,
        Server(
            {MUTATE_PATH: Admission(TemplateStore(client)).reply}, Readiness(), certificate.context, "127.0.0.1", 0
        ) as server,
    ):
        yield f"https://127.0.0.1:{server.port}"


@dataclass
class ApiServerSide:
    """Asks the webhook as the API server does."""

    session: aiohttp.ClientSession

    async def post(self, body: bytes) -> tuple[int, str]:
        async with self.session.post("/mutate", data=io.BytesIO(body)) as answer:
            return answer.status, await answer.text()

    async def ask(self, manifest: Object, **request: Any) -> Object:  # noqa: ANN401
        status, text = await self.post(json.dumps(review(manifest, **request)).encode())
        assert status == 200, text
        answer: Object = json.loads(text)
        assert (answer["apiVersion"], answer["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
        response: Object = answer["response"]
        assert response["uid"] == "review-1"
        return response


def review(manifest: Object, **request: Any) -> Object:  # noqa: ANN401
    asked = {
        "uid": "review-1",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "namespace": "team",
        "operation": "CREATE",
        "userInfo": {"username": "alice"},
        "object": manifest,
        "oldObject": None,
        "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": asked | request}


@pytest.fixture
async def webhook(url: str, authority: Authority) -> AsyncIterator[ApiServerSide]:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(ssl=trust)) as session:
        yield ApiServerSide(session)


async def test_a_legacy_pod_gets_a_patch_and_its_template_is_written_first(
    webhook: ApiServerSide, api: FakeWebhookApi
) -> None:
    response = await webhook.ask(LEGACY)
    assert response["allowed"] is True
    assert response["patchType"] == "JSONPatch"
    patch = json.loads(base64.b64decode(response["patch"]))
    [claims] = [operation["value"] for operation in patch if operation["path"] == "/spec/resourceClaims"]
    assert list(api.templates) == [("team", claims[0]["resourceClaimTemplateName"])]


async def test_a_pod_without_cards_is_allowed_as_it_is(webhook: ApiServerSide, api: FakeWebhookApi) -> None:
    assert await webhook.ask(pod(container("main"))) == {"uid": "review-1", "allowed": True}
    assert api.calls == []


async def test_a_dry_run_is_answered_the_same_and_writes_nothing(webhook: ApiServerSide, api: FakeWebhookApi) -> None:
    dry = await webhook.ask(LEGACY, dryRun=True)
    assert api.calls == []
    assert await webhook.ask(LEGACY) == dry


async def test_replicas_write_one_template_once(webhook: ApiServerSide, api: FakeWebhookApi) -> None:
    api.gate.clear()
    asked = [asyncio.create_task(webhook.ask(LEGACY)) for _ in range(20)]
    await until(lambda: bool(api.calls))
    api.gate.set()
    assert all(response["allowed"] for response in await asyncio.gather(*asked))
    await webhook.ask(LEGACY)
    assert api.calls == ["POST"]


async def test_each_namespace_has_its_own_template(webhook: ApiServerSide, api: FakeWebhookApi) -> None:
    await webhook.ask(LEGACY)
    await webhook.ask(LEGACY, namespace="other")
    assert sorted(namespace for namespace, _ in api.templates) == ["other", "team"]


async def test_a_template_that_was_written_by_another_replica_of_the_webhook_is_ours(
    webhook: ApiServerSide, api: FakeWebhookApi, authority: Authority
) -> None:
    async with ApiServer(load_config(api.kubeconfig)) as client:
        patch = (await webhook.ask(LEGACY))["patch"]
        body = json.dumps(review(LEGACY)).encode()
        answer = json.loads(await answer_of(Admission(TemplateStore(client)), body))
    assert answer["response"]["patch"] == patch
    assert api.calls == ["POST", "POST", "GET"]


async def test_only_a_pod_whose_template_is_not_known_yet_is_waited_for(api: FakeWebhookApi) -> None:
    body = json.dumps(review(LEGACY)).encode()
    async with ApiServer(load_config(api.kubeconfig)) as client:
        templates = TemplateStore(client)
        admission = Admission(templates)
        first = admission.reply(body)
        assert not isinstance(first, bytes)
        assert isinstance(admission.reply(json.dumps(review(pod(container("main")))).encode()), bytes)
        answered = await first
        assert admission.reply(body) == answered
        [(namespace, name)] = api.templates
        templates.forget(namespace, name)
        assert isinstance(admission.reply(json.dumps(review(LEGACY, dryRun=True)).encode()), bytes)
        later = admission.reply(body)
        assert not isinstance(later, bytes)
        assert await later == answered
    assert api.calls == ["POST", "POST", "GET"]


async def test_a_deleted_template_is_written_again_once_its_memory_has_faded(api: FakeWebhookApi) -> None:
    body = json.dumps(review(LEGACY)).encode()
    async with ApiServer(load_config(api.kubeconfig)) as client:
        admission = Admission(TemplateStore(client, memory_s=0))
        await answer_of(admission, body)
        api.templates.clear()
        await answer_of(admission, body)
    assert len(api.templates) == 1


async def test_memory_of_templates_is_bounded(api: FakeWebhookApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_store, "MEMORY_ENTRIES", 2)
    async with ApiServer(load_config(api.kubeconfig)) as client:
        admission = Admission(TemplateStore(client))
        for namespace in ("a", "b", "c", "c", "b", "a"):
            await answer_of(admission, json.dumps(review(LEGACY, namespace=namespace)).encode())
    assert api.calls == ["POST", "POST", "POST", "POST", "GET"], "a was forgotten when c came; b and c were not"


async def test_a_foreign_template_of_that_name_refuses_the_pod(webhook: ApiServerSide, api: FakeWebhookApi) -> None:
    await webhook.ask(LEGACY)
    [(key, template)] = api.templates.items()
    template["spec"]["spec"]["devices"]["requests"][0]["exactly"]["capacity"]["requests"]["memory"] = "1Mi"
    async with ApiServer(load_config(api.kubeconfig)) as client:
        answer = json.loads(await answer_of(Admission(TemplateStore(client)), json.dumps(review(LEGACY)).encode()))
    response = answer["response"]
    assert response["allowed"] is False
    assert response["status"]["code"] == 409
    assert (
        f"ResourceClaimTemplate team/{key[1]} does not hold what its name stands for" in response["status"]["message"]
    )
    assert "delete it" in response["status"]["message"]


async def test_fields_that_a_newer_server_fills_in_do_not_make_a_template_foreign(
    webhook: ApiServerSide, api: FakeWebhookApi
) -> None:
    await webhook.ask(LEGACY)
    [template] = api.templates.values()
    template["spec"]["spec"]["devices"]["requests"][0]["exactly"]["someDefault"] = 1
    async with ApiServer(load_config(api.kubeconfig)) as client:
        answer = json.loads(await answer_of(Admission(TemplateStore(client)), json.dumps(review(LEGACY)).encode()))
    assert answer["response"]["allowed"] is True


async def test_a_server_that_drops_capacity_refuses_the_pod_and_names_the_feature_gate(
    webhook: ApiServerSide, api: FakeWebhookApi
) -> None:
    api.drops_capacity = True
    response = await webhook.ask(LEGACY)
    assert response["allowed"] is False
    assert "DRAConsumableCapacity" in response["status"]["message"]


async def test_what_cannot_be_met_is_refused_in_words_for_its_author(
    webhook: ApiServerSide, api: FakeWebhookApi
) -> None:
    response = await webhook.ask(pod(container("main", gpu=1, gpumem=-1)))
    assert response == {
        "uid": "review-1",
        "allowed": False,
        "status": {
            "code": 422,
            "reason": "Invalid",
            "message": 'container "main": nvidia.com/gpumem: -1 is not usable; write MiB per card as a plain number, such as 4000'
            " for 4000 MiB, at most 4194304",
        },
    }
    assert api.calls == []


async def test_what_a_user_should_know_of_an_admitted_pod_is_a_warning(webhook: ApiServerSide) -> None:
    metadata = LEGACY["metadata"] | {"annotations": {"hami.io/vulkan": "true"}}
    response = await webhook.ask(LEGACY | {"metadata": metadata})
    assert response["allowed"] is True
    assert [warning.partition(":")[0] for warning in response["warnings"]] == ["annotation hami.io/vulkan"]
    assert "warnings" not in await webhook.ask(LEGACY)


@pytest.mark.parametrize("code", [403, 429, 500, 503])
async def test_while_templates_cannot_be_written_pods_are_refused_for_now(
    webhook: ApiServerSide, api: FakeWebhookApi, code: int
) -> None:
    api.failures = [code]
    response = await webhook.ask(LEGACY)
    assert response["allowed"] is False
    assert (response["status"]["code"], response["status"]["reason"]) == (503, "ServiceUnavailable")
    assert f"HTTP {code}: the server has a bad day; try again" in response["status"]["message"]
    assert (await webhook.ask(LEGACY))["allowed"] is True


async def test_a_template_that_is_not_valid_for_the_server_is_not_worth_another_try(
    webhook: ApiServerSide, api: FakeWebhookApi
) -> None:
    api.failures = [422]
    response = await webhook.ask(LEGACY)
    assert (response["status"]["code"], response["status"]["reason"]) == (409, "Conflict")
    assert "turn on the feature gate DRAConsumableCapacity" in response["status"]["message"]
    assert "try again" not in response["status"]["message"]


async def test_a_silent_api_server_is_not_waited_for_longer_than_the_admission_may_take(
    webhook: ApiServerSide, api: FakeWebhookApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_store, "API_TIMEOUT_S", 0.05)
    api.gate.clear()
    response = await webhook.ask(LEGACY)
    api.gate.set()
    assert (response["allowed"], response["status"]["code"]) == (False, 503)
    assert "no answer of the API server" in response["status"]["message"]


async def test_a_fault_of_ours_is_an_answer_without_our_insides(
    webhook: ApiServerSide, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(LEGACY["spec"]["containers"][0]["env"][0]["value"])

    monkeypatch.setattr(admission_module, "convert", fail)
    response = await webhook.ask(LEGACY)
    assert response["allowed"] is False
    assert response["status"]["code"] == 500
    assert "KeyError" in caplog.text
    assert "s3cret" not in caplog.text + response["status"]["message"]


async def test_the_log_names_the_pod_and_holds_nothing_else_of_it(
    webhook: ApiServerSide, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await webhook.ask(LEGACY)
    await webhook.ask(pod(container("main", gpumem="abc")))
    assert "converted pod team/app-7d4b9c-" in caplog.text
    assert "refused pod team/app-7d4b9c-" in caplog.text
    assert "s3cret" not in caplog.text


async def test_a_name_cannot_pass_for_a_line_of_the_log(
    webhook: ApiServerSide, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    manifest = pod(container("a\nb", gpu=1))
    manifest["metadata"]["name"] = "x\n2026-11-24 INFO converted pod kube-system/y"
    await webhook.ask(manifest)
    [record] = [record.getMessage() for record in caplog.records if record.name == "webhook.refusal"]
    assert "\n" not in record


VALID = review(LEGACY)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b'{"ignored":' + b"[" * 100_000, "recursion"),
        (b"\xff\xfe{}", ""),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `apiVersion`"),
        (json.dumps(VALID | {"apiVersion": "admission.k8s.io/v1beta1"}).encode(), "admission.k8s.io/v1beta1"),
        (json.dumps(VALID | {"request": None}).encode(), "$.request"),
        (json.dumps(review(LEGACY, uid=7)).encode(), "$.request.uid"),
        (json.dumps(review(LEGACY, namespace="../../other")).encode(), "$.request.namespace"),
        (b'{"x":' * 100_000, ""),
        (json.dumps(review(LEGACY, object=None)).encode(), "$.request.object"),
        (json.dumps(review(pod(container("main") | {"name": 3}))).encode(), "$.request.object.spec.containers[0].name"),
        (json.dumps(review(LEGACY, resource={"resource": "deployments"})).encode(), "'deployments'"),
    ],
)
async def test_what_is_no_review_of_a_pod_is_a_bad_request(webhook: ApiServerSide, body: bytes, words: str) -> None:
    status, text = await webhook.post(body)
    assert status == 400
    assert words in text
    assert "register this URL for pods" in text


async def test_a_review_of_more_than_a_mebibyte_is_answered(webhook: ApiServerSide) -> None:
    manifest = pod(container("main", gpu=1))
    manifest["metadata"]["annotations"]["example.org/large"] = "x" * 1_300_000
    assert (await webhook.ask(manifest))["allowed"] is True


async def test_what_no_object_can_reach_is_too_large(webhook: ApiServerSide) -> None:
    status, _ = await webhook.post(b" " * (4 * 2**20 + 1))
    assert status == 413


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_probes_are_answered(webhook: ApiServerSide, path: str) -> None:
    async with webhook.session.get(path) as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
