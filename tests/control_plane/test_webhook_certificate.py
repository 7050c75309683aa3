"""The webhook's own certificates on a real API server, with no right but those that `hami-dra manifests` grants: the Secret is made once,
the registration is told, and a pod is then asked about over a connection that the API server trusts.
"""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.manifests import certificate_bindings, certificate_roles
from hack.local_system import LocalSystem
from kube.client import ApiServer
from kube.config import load_config
from tests.admitted import answer_of
from tests.cluster.namespace import Namespace, Object
from tests.cluster.objects import container, pod
from webhook.admission import Admission
from webhook.certificates import own as own_certificate
from webhook.certificates.own import OwnCertificate, place_for
from webhook.certificates.shown import ShownCertificate
from webhook.conversion.template import Template
from webhook.serving.readiness import Readiness
from webhook.serving.server import Server

pytestmark = pytest.mark.control_plane

REGISTRATION = "own-certificate"
USER = "own-certificate-webhook"


class NoTemplates:
    def is_known(self, namespace: str, template: Template) -> bool:
        """Whether there is nothing to wait for."""
        return True

    async def ensure(self, namespace: str, template: Template) -> None:
        """Write nothing."""


def registration(namespace: str, url: str) -> Object:
    """For pods of one namespace, and without a caBundle: nobody is trusted yet."""
    webhook = {
        "name": "pods.own-certificate.hami.io",
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": url},
        "rules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "sideEffects": "NoneOnDryRun",
        "timeoutSeconds": 5,
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": REGISTRATION},
        "webhooks": [webhook],
    }


@pytest.fixture
def kubeconfig(namespace: Namespace, system: LocalSystem, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(own_certificate, "CONFIGURATION_NAME", REGISTRATION)
    rights = (
        *certificate_roles(namespace.name, "webhook-tls", REGISTRATION),
        *certificate_bindings(namespace.name, USER),
    )
    items = json.dumps({"apiVersion": "v1", "kind": "List", "items": rights})
    system.cluster.kubectl("apply", "-f", "-", stdin=items)
    yield system.cluster.kubeconfig_for(USER)
    system.cluster.kubectl("delete", "mutatingwebhookconfiguration", REGISTRATION, "--ignore-not-found")


def bundle(system: LocalSystem) -> bytes:
    text = system.cluster.kubectl("get", "mutatingwebhookconfiguration", REGISTRATION, "-o", "json")
    return base64.b64decode(json.loads(text)["webhooks"][0]["clientConfig"].get("caBundle", ""))


async def test_the_api_server_trusts_the_webhook_that_made_its_certificate(
    namespace: Namespace, system: LocalSystem, kubeconfig: Path
) -> None:
    address = system.cluster.host_address
    place = place_for(f"{namespace.name}/webhook", "webhook-tls", [address])
    shown, answers = ShownCertificate(), Admission(NoTemplates())
    asked: list[bytes] = []

    async def answer(body: bytes) -> bytes:
        asked.append(body)
        return await answer_of(answers, body)

    async with ApiServer(load_config(kubeconfig)) as api:
        own, other = OwnCertificate(api, place, shown), OwnCertificate(api, place, ShownCertificate())
        await own.look()
        async with Server({"/mutate": answer}, Readiness(), shown.context, address, 0) as server:
            url = f"https://{address}:{server.port}/mutate"
            manifest = json.dumps(registration(namespace.name, url))
            await asyncio.to_thread(system.cluster.kubectl, "apply", "-f", "-", stdin=manifest)
            assert bundle(system) == b""
            await other.look()
            secret = namespace.get("secret", "webhook-tls")
            assert bundle(system) == base64.b64decode(secret["data"]["ca.crt"])
            await asyncio.to_thread(system.cluster.kubectl, "apply", "-f", "-", stdin=manifest)
            assert bundle(system) != b"", "who applies the registration again does not take it away"
            await asked_about(namespace, asked)
        await own.look()
        assert (
            namespace.get("secret", "webhook-tls")["metadata"]["resourceVersion"]
            == secret["metadata"]["resourceVersion"]
        )


async def asked_about(namespace: Namespace, asked: list[bytes]) -> None:
    """Create pods until the API server has seen the registration and asks."""
    async with asyncio.timeout(30):
        while not asked:
            await asyncio.to_thread(namespace.apply, pod("plain", container()), dry_run=True)
