"""The webhook as a service: ready when its certificate is there, JSON logs and metrics, rules that follow their file, and two replicas that
are exchanged under load without one refused question.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hack.local_cluster.pki import Authority
from kube.client import ApiServer
from kube.config import load_config
from tests.component.fake_objects import FakeObjects
from tests.component.webhook_process import WebhookProcess, trusting, webhook_process
from tests.unit.webhook_pods import container, pod
from tests.waiting import until
from webhook import known_defect, rivals
from webhook.certificates.own import CONFIGURATIONS

SECRET = "/api/v1/namespaces/hami-system/secrets/hami-dra-webhook-tls"
OWN = ("--service", "hami-system/hami-dra-webhook", "--tls-name", "127.0.0.1")
MUTATING = f"{CONFIGURATIONS[0]}/hami-dra"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeObjects]:
    async with FakeObjects(Authority.create(tmp_path / "ca"), tmp_path) as api:
        api.put(
            MUTATING, {"metadata": {}, "webhooks": [{"name": "pods.hami.io", "clientConfig": {"url": "https://h"}}]}
        )
        yield api


def flags(api: FakeObjects, *further: str) -> tuple[str, ...]:
    return (*OWN, "--kubeconfig", str(api.kubeconfig), "--metrics-listen", "", *further)


def authorities(api: FakeObjects) -> bytes:
    """What the API server trusts: the registration's caBundle."""
    bundle = api.objects[MUTATING]["webhooks"][0]["clientConfig"].get("caBundle", "")
    return base64.b64decode(bundle)


def review(**asked: int) -> bytes:
    request = {
        "uid": "review-1",
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "namespace": "team",
        "operation": "CREATE",
        "object": pod(container("main", **({"gpu": 1, "gpumem": 4000} | asked))),
    }
    return json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}).encode()


async def get(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with session.get(url) as answer:
        return answer.status, await answer.text()


async def test_it_is_alive_before_the_api_server_answers_and_ready_with_its_certificate(
    api: FakeObjects, tmp_path: Path
) -> None:
    api.failures = [503] * 3
    async with (
        webhook_process(tmp_path / "w", *flags(api, "--drain", "0")) as webhook,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as probe,
    ):
        assert (await get(probe, f"{webhook.url}/healthz"))[0] == 200
        while (await get(probe, f"{webhook.url}/readyz"))[0] != 200:
            status, text = await get(probe, f"{webhook.url}/readyz?verbose")
            assert text.startswith("[+]serving\n")
            assert ("[-]" in text) == (status == 503)
        await until(lambda: authorities(api))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting(authorities(api)))) as trusted:
            status, text = await get(trusted, f"{webhook.url}/readyz?verbose")
            conditions = ("serving", "certificate", "no-other-webhook", "cards", "templates", "quotas")
            assert (status, text.split()) == (200, [f"[+]{name}" for name in conditions])


async def test_its_log_is_json_and_its_metrics_count_what_it_did(api: FakeObjects, tmp_path: Path) -> None:
    options = (*OWN, "--kubeconfig", str(api.kubeconfig), "--metrics-listen", "127.0.0.1:0", "--log-format", "json")
    async with webhook_process(tmp_path / "w", *options, "--drain", "0") as webhook:
        await until(lambda: authorities(api) and "metrics: http" in webhook.log.read_text())
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting(authorities(api)))) as session:
            for body, status in ((review(), 200), (review(), 200), (b"{}", 400)):
                async with session.post(f"{webhook.url}/mutate", data=body) as answer:
                    assert answer.status == status
        lines = [json.loads(line) for line in webhook.log.read_text().splitlines()]
        assert {"time", "level", "logger", "message"} <= set(lines[0])
        (url,) = [line["message"].split()[1] for line in lines if line["message"].startswith("metrics: ")]
        async with aiohttp.ClientSession() as scraper:
            _, text = await get(scraper, url)
    metrics = dict(re.findall(r"^(hami_dra\S+) (\S+)$", text, re.MULTILINE))
    assert metrics['hami_dra_webhook_reviews_total{outcome="converted",reason="",review="mutate"}'] == "2.0"
    assert metrics['hami_dra_webhook_reviews_total{outcome="malformed",reason="BadRequest",review="mutate"}'] == "1.0"
    assert metrics['hami_dra_webhook_review_duration_seconds_count{review="mutate"}'] == "3.0"
    assert metrics["hami_dra_webhook_template_writes_total"] == "1.0"
    assert metrics["hami_dra_webhook_rivals"] == "0.0"
    assert "hami_dra_webhook_connections" in metrics
    assert float(metrics["hami_dra_webhook_certificate_expiry_timestamp_seconds"]) > 1.7e9
    assert metrics['hami_dra_webhook_condition{condition="certificate"}'] == "1.0"
    assert any(name.startswith("hami_dra_build_info{version=") for name in metrics)


@dataclass
class Service:
    """Leads new connections to the replicas that were ready at the last look, in turn, as a cluster's Service does."""

    replicas: list[WebhookProcess] = field(default_factory=list)
    ready: list[WebhookProcess] = field(default_factory=list)
    turns: int = 0

    async def follow(self) -> None:
        """Look four times a second, which is a cluster that follows fast; between two looks an endpoint may be gone already."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as probe:
            while True:
                self.ready = [each for each in self.replicas if await is_ready(probe, each)]
                await asyncio.sleep(0.25)

    def leads_to(self, replica: WebhookProcess) -> bool:
        return replica in self.ready

    def next(self) -> WebhookProcess:
        self.turns += 1
        return self.ready[self.turns % len(self.ready)]


async def is_ready(probe: aiohttp.ClientSession, replica: WebhookProcess) -> bool:
    try:
        return (await get(probe, f"{replica.url}/readyz"))[0] == 200
    except aiohttp.ClientError:
        return False


@dataclass
class Client:
    """Asks without a pause over a connection that it keeps, as the API server does; a question that fails is not repeated."""

    service: Service
    authorities: Callable[[], bytes]
    asked: int = 0
    failures: list[str] = field(default_factory=list)
    connections: int = 0

    async def ask_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.connections += 1
            await self._one_connection(self.service.next(), stop)

    async def _one_connection(self, replica: WebhookProcess, stop: asyncio.Event) -> None:
        body = review()
        head = f"POST /mutate?timeout=5s HTTP/1.1\r\nHost: webhook\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", replica.port, ssl=trusting(self.authorities()), server_hostname="127.0.0.1"
            )
        except OSError as error:
            self.failures.append(f"no connection: {error}")
            return
        try:
            closing = False
            while not stop.is_set() and not closing:
                self.asked += 1
                writer.write(head + body)
                answer_head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(answer_head.partition("content-length: ")[2].partition("\r")[0])
                answer: dict[str, Any] = json.loads(await reader.readexactly(length))
                assert answer["response"]["allowed"] is True
                closing = "connection: close" in answer_head
        except (OSError, asyncio.IncompleteReadError) as error:
            self.failures.append(f"no answer: {type(error).__name__}: {error}")
        finally:
            writer.close()


async def test_two_replicas_are_exchanged_under_load_without_a_refused_question(
    api: FakeObjects, tmp_path: Path
) -> None:
    service, stop = Service(), asyncio.Event()
    clients = [Client(service, lambda: authorities(api)) for _ in range(4)]
    async with AsyncExitStack() as stack:

        async def started(name: str) -> WebhookProcess:
            return await stack.enter_async_context(webhook_process(tmp_path / name, *flags(api, "--drain", "1")))

        old = [await started("old-1"), await started("old-2")]
        service.replicas = list(old)
        following = asyncio.create_task(service.follow())
        await until(lambda: len(service.ready) == 2 and authorities(api))
        asking = [asyncio.create_task(client.ask_until(stop)) for client in clients]
        for number, leaving in enumerate(old):
            coming = await started(f"new-{number}")
            service.replicas.append(coming)
            await until(partial(service.leads_to, coming))
            leaving.terminate()
            log = await leaving.ended()
            service.replicas.remove(leaving)
            assert "Traceback" not in log
        stop.set()
        await asyncio.gather(*asking)
        following.cancel()
    assert [failure for client in clients for failure in client.failures] == []
    assert sum(client.asked for client in clients) > 100
    assert all(client.connections >= 2 for client in clients), "nobody was asked to turn to another replica"


async def asked(session: aiohttp.ClientSession, webhook: WebhookProcess) -> str:
    """Return the patch of a pod with a card, as text."""
    async with session.post(f"{webhook.url}/mutate", data=review()) as answer:
        return base64.b64decode((await answer.json())["response"]["patch"]).decode()


async def test_rules_follow_their_file_over_an_open_connection_and_a_bad_file_changes_nothing(
    api: FakeObjects, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("nodeSelector: {pool: first}\n")
    async with webhook_process(tmp_path / "w", *flags(api, "--drain", "0", "--config", str(rules))) as webhook:
        await until(lambda: authorities(api))
        connector = aiohttp.TCPConnector(ssl=trusting(authorities(api)), limit=1)
        async with aiohttp.ClientSession(connector=connector) as session:
            assert '"first"' in await asked(session, webhook)
            (before,) = connections_to(webhook.port)
            rules.write_text("nodeSelector: {pool: [second]}\n")
            await until(lambda: "NOT TAKEN OVER" in webhook.log.read_text())
            assert '"first"' in await asked(session, webhook)
            rules.write_text("nodeSelector: {pool: third}\n")
            await until(lambda: "was read anew" in webhook.log.read_text())
            assert '"third"' in await asked(session, webhook)
            assert connections_to(webhook.port) == [before]
    log = webhook.log.read_text()
    assert log.count("NOT TAKEN OVER") == 1
    assert "nodeSelector" in log
    assert "Traceback" not in log


def connections_to(port: int) -> list[str]:
    """Return the local addresses of established connections to a port of this host, as /proc/net/tcp writes them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[2].endswith(f":{port:04X}") and row[3] == "01"]


async def test_another_webhook_that_comes_later_is_told_and_ours_goes_on(
    api: FakeObjects, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rivals, "LOOK_AGAIN_S", 0.01)
    path = f"{CONFIGURATIONS[0]}/hami-webhook"
    rules = [{"operations": ["CREATE"], "resources": ["pods"]}]
    async with ApiServer(load_config(api.kubeconfig)) as client:
        check = rivals.RivalCheck(client)
        running = asyncio.create_task(check.run())
        await until(lambda: check.is_done)
        api.put(path, {"metadata": {}, "webhooks": [{"name": "vgpu.hami.io", "rules": rules}]})
        await until(lambda: check.found)
        del api.objects[path]
        await until(lambda: not check.found)
        assert not running.done()
        running.cancel()
    (error,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "webhook vgpu.hami.io of MutatingWebhookConfiguration hami-webhook is registered in this cluster" in error


async def test_beside_another_webhook_that_converts_pods_it_ends_and_names_it(api: FakeObjects, tmp_path: Path) -> None:
    rules = [{"operations": ["CREATE"], "resources": ["pods"]}]
    path = f"{CONFIGURATIONS[0]}/hami-webhook"
    api.put(path, {"metadata": {}, "webhooks": [{"name": "vgpu.hami.io", "rules": rules}]})
    api.failures = [503] * 6  # so that it listens first
    async with webhook_process(tmp_path / "w", *flags(api, "--drain", "0")) as webhook:
        assert await webhook.process.wait() == 1
    last = webhook.log.read_text().splitlines()[-1]
    assert last.startswith(
        "hami-dra webhook: webhook vgpu.hami.io of MutatingWebhookConfiguration hami-webhook is registered"
    )
    assert "Traceback" not in webhook.log.read_text()


async def test_cards_that_this_kubernetes_would_give_out_twice_are_refused(api: FakeObjects, tmp_path: Path) -> None:
    api.kubernetes = {"major": "1", "minor": "35+"}
    async with webhook_process(tmp_path / "w", *flags(api, "--drain", "0")) as webhook:
        await until(lambda: authorities(api))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting(authorities(api)))) as session:

            async def asked(gpu: int) -> dict[str, Any]:
                async with session.post(f"{webhook.url}/mutate", data=review(gpu=gpu)) as answer:
                    response: dict[str, Any] = (await answer.json())["response"]
                    return response

            async with asyncio.timeout(20):
                while (answer := await asked(3))["allowed"]:
                    pass  # the version is read beside the first answers
            assert answer["status"]["code"] == 422
            assert "kubernetes#140438" in answer["status"]["message"]
            assert (await asked(2))["allowed"] is True


async def test_the_version_of_kubernetes_is_looked_for_until_it_can_be_read(
    api: FakeObjects, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(known_defect, "_FIRST_PAUSE_S", 0.01)
    api.kubernetes = {"message": "a proxy's"}
    async with ApiServer(load_config(api.kubeconfig)) as client:
        version = known_defect.KubernetesVersion(client)
        running = asyncio.create_task(version.run())
        await until(lambda: "names no major and minor version" in caplog.text)
        assert version.current is None
        api.kubernetes = {"major": "1", "minor": "36"}
        await until(lambda: version.current == (1, 36))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
