"""What admission knows of a real cluster: quotas that conversion would hide, templates that come back, claims written by hand, and the
namespaces that are converted.
"""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.errors import UnavailableError
from hack.local_system import WEBHOOK_USER, LocalSystem
from kube.client import ApiServer
from kube.config import load_config
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import container, deployment, pod
from tests.waiting import until
from webhook.templates.life import TemplateLife
from webhook.templates.store import TemplateStore

pytestmark = pytest.mark.control_plane

Object = dict[str, Any]
TYPE = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig"}


def quota(**hard: int) -> Object:
    named = {key.replace("_", ".nvidia.com/", 1): str(value) for key, value in hard.items()}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": named}}


def claim(name: str, memory: str = "3000Mi", parameters: Object | None = None, kind: str = "ResourceClaim") -> Object:
    exactly = {"deviceClassName": "gpu.hami.io", "capacity": {"requests": {"memory": memory}}}
    devices: Object = {"requests": [{"name": "main", "exactly": exactly}]}
    if parameters is not None:
        devices["config"] = [{"opaque": {"driver": "hami.io", "parameters": parameters}}]
    spec = {"devices": devices}
    wrapped = {"spec": spec} if kind == "ResourceClaimTemplate" else spec
    return {"apiVersion": "resource.k8s.io/v1", "kind": kind, "metadata": {"name": name}, "spec": wrapped}


def from_template(name: str, template: str) -> Object:
    """A pod as conversion leaves it, or as somebody writes it who knows DRA."""
    user = container()
    user["resources"] = {"claims": [{"name": "hami", "request": "main"}]}
    return pod(name, user, resourceClaims=[{"name": "hami", "resourceClaimTemplateName": template}])


def refusal(namespace: Namespace, *manifests: Object) -> str:
    with pytest.raises(UnavailableError) as refused:
        namespace.apply(*manifests)
    return str(refused.value)


def test_a_quota_on_legacy_resources_holds_for_pods_deployments_and_claims_by_hand(namespace: Namespace) -> None:
    namespace.apply(quota(requests_gpu=3, limits_gpumem=8000))
    namespace.apply(pod("one", container(gpu=1, gpumem=3000)), claim("by-hand"))
    words = (
        "exceeded quota: team, requested: limits.nvidia.com/gpumem=3000, used: limits.nvidia.com/gpumem=6000,"
        " limited: limits.nvidia.com/gpumem=8000"
    )
    assert f'admission webhook "pods.hami.io" denied the request: {words}' in refusal(
        namespace, pod("two", container(gpu=1, gpumem=3000))
    )
    assert f'admission webhook "claims.hami.io" denied the request: {words}' in refusal(namespace, claim("another"))

    namespace.kubectl("delete", "resourceclaim", "by-hand")
    namespace.apply(deployment("many", 4, container(gpu=1, gpumem=2000)))
    eventually(lambda: len(namespace.objects("resourceclaims")) == 3, "one pod and two replicas fit")
    [replicas] = namespace.objects("replicasets")
    eventually(lambda: "exceeded quota: team" in namespace.events(replicas["metadata"]["name"]), "its author reads why")
    assert len(namespace.objects("pods")) == 3


def test_a_claim_from_a_template_by_hand_meets_the_quota_when_it_is_made(namespace: Namespace) -> None:
    namespace.apply(quota(limits_gpumem=2000), claim("own", kind="ResourceClaimTemplate"))
    namespace.apply(from_template("waits", "own"))
    eventually(lambda: "exceeded quota: team" in namespace.events("waits"), "the pod's events say why it waits")
    assert namespace.objects("resourceclaims") == []
    namespace.kubectl("patch", "resourcequota", "team", "-p", json.dumps({"spec": quota(limits_gpumem=3000)["spec"]}))
    assert namespace.claim_of("waits")


def test_a_template_that_is_deleted_comes_back_for_the_pods_that_wait(namespace: Namespace) -> None:
    namespace.apply(pod("first", container(gpu=1, gpumem=3000)))
    [template] = namespace.objects("resourceclaimtemplates")
    name = template["metadata"]["name"]
    namespace.kubectl("delete", "resourceclaimtemplate", name)
    namespace.apply(from_template("waits", name))
    assert namespace.claim_of("waits")["spec"] == namespace.claim_of("first")["spec"]
    assert namespace.get("resourceclaimtemplate", name)["metadata"]["uid"] != template["metadata"]["uid"]


async def test_a_template_goes_a_day_after_the_last_pod_that_names_it(
    namespace: Namespace, system: LocalSystem
) -> None:
    """With the webhook's own rights, at times that are said: nobody waits a day."""
    await asyncio.to_thread(namespace.apply, pod("legacy", container(gpu=1, gpumem=3000)))
    now = datetime.now(UTC)

    def templates() -> int:
        return len(namespace.objects("resourceclaimtemplates"))

    async with ApiServer(load_config(system.cluster.kubeconfig_for(WEBHOOK_USER))) as api:
        life = TemplateLife(api, TemplateStore(api), lambda: True)
        running = asyncio.create_task(life.run())
        await until(lambda: any(key[0] == namespace.name for key in life._mirror.items))
        await life.collect(now + timedelta(days=2))
        await asyncio.to_thread(namespace.kubectl, "delete", "pod", "legacy", "--force", "--grace-period=0")

        def is_marked() -> bool:
            return any(each.unused_since for key, each in life._mirror.items.items() if key[0] == namespace.name)

        await life.collect(now)
        await until(is_marked)
        await life.collect(now + timedelta(hours=23))
        assert await asyncio.to_thread(templates) == 1
        await life.collect(now + timedelta(hours=25))
        assert await asyncio.to_thread(templates) == 0
        running.cancel()


def test_a_warning_about_the_pods_of_a_controller_is_an_event_on_it(namespace: Namespace) -> None:
    manifest = deployment("draws", 2, container(gpu=1, gpumem=3000))
    manifest["spec"]["template"]["metadata"]["annotations"] = {"hami.io/vulkan": "true"}
    namespace.apply(manifest)
    [replicas] = eventually(lambda: namespace.objects("replicasets"), "a replica set")
    eventually(lambda: "Vulkan" in namespace.events(replicas["metadata"]["name"]), "its author reads the warning")


@pytest.mark.parametrize(("kind", "path"), [("ResourceClaim", "spec"), ("ResourceClaimTemplate", "spec.spec")])
def test_a_configuration_by_hand_is_checked_by_its_path(namespace: Namespace, kind: str, path: str) -> None:
    words = refusal(namespace, claim("mine", parameters=TYPE | {"cores": 30}, kind=kind))
    assert f"{path}.devices.config[0].opaque.parameters.cores: is no field of ShareConfig" in words
    namespace.apply(claim("mine", parameters=TYPE | {"priority": 0}, kind=kind))


def test_only_claims_of_ours_depend_on_the_webhook(namespace: Namespace, system: LocalSystem) -> None:
    foreign = claim("foreign")
    foreign["spec"]["devices"]["requests"][0]["exactly"]["deviceClassName"] = "gpu.example.org"
    system.webhook.stop()
    try:
        namespace.apply(foreign, claim("template", kind="ResourceClaimTemplate"))
        assert 'failed calling webhook "claims.hami.io"' in refusal(namespace, claim("ours"))
    finally:
        system.webhook.start()


@pytest.fixture
def registered_as_before(system: LocalSystem) -> Iterator[None]:
    yield
    system.cluster.kubectl("apply", "-f", "-", stdin=system.manifests())


@pytest.mark.usefixtures("registered_as_before")
def test_the_scope_says_which_namespaces_are_converted(namespace: Namespace, system: LocalSystem) -> None:
    def is_converted() -> bool:
        manifest = json.dumps(pod("legacy", container(gpu=1, gpumem=3000)))
        made = json.loads(namespace.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", stdin=manifest))
        return "resourceClaims" in made["spec"]

    kubectl = system.cluster.kubectl
    assert is_converted()
    kubectl("apply", "-f", "-", stdin=system.manifests("--convert", "labelled"))
    eventually(lambda: not is_converted(), "a namespace without the label is left alone")
    kubectl("label", "namespace", namespace.name, "hami.io/webhook=convert")
    eventually(is_converted, "one with the label is converted")
    kubectl("apply", "-f", "-", stdin=system.manifests("--convert", "none"))
    eventually(lambda: not is_converted(), "none is")
