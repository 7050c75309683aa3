"""What people see of shares on a real cluster: status of the claim, metadata in the container, events, metrics, health."""

import json
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest

from catalog.manifests import DriverScope, device_classes, driver_role, role_binding
from hack.local_system import COMMAND, LocalSystem
from kube.client import ApiError, ApiServer
from kube.config import ApiServerConfig
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, IDLE, Object, container, pod

pytestmark = pytest.mark.node

METADATA = "/var/run/kubernetes.io/dra-device-attributes"


def samples(system: LocalSystem, namespace: Namespace) -> dict[str, float]:
    """The driver's metrics of the shares of a namespace, by name."""
    text = urllib.request.urlopen(system.metrics_url, timeout=5).read().decode()  # noqa: S310
    own = [line for line in text.splitlines() if f'namespace="{namespace.name}"' in line]
    return {line.partition("{")[0]: float(line.rpartition(" ")[2]) for line in own}


def test_describe_shows_what_a_claim_was_granted(namespace: Namespace) -> None:
    namespace.apply(pod("tenant", container(command=IDLE, gpu=1, gpumem=4000, gpucores=30)))
    namespace.wait_running("tenant")
    shown = namespace.granted("tenant")
    assert "Reason: Prepared Status: True Type: Ready" in shown
    assert "Cores: 30 Memory: 4000Mi" in shown
    assert "Card: GPU-" in shown


def test_a_container_reads_the_limits_of_its_share(namespace: Namespace) -> None:
    namespace.apply(pod("curious", container(command=IDLE, gpu=2, gpumem=3000, gpucores=20)))
    namespace.wait_running("curious")
    path = f"{METADATA}/resourceclaimtemplates/hami/main/hami.io-metadata.json"
    newest, _ = namespace.kubectl("exec", "curious", "--", "cat", path).splitlines()
    document = json.loads(newest)
    assert document["apiVersion"] == "metadata.resource.k8s.io/v1beta1"
    (request,) = document["requests"]
    assert request["name"] == "main"
    assert len({device["attributes"]["uuid"]["string"] for device in request["devices"]}) == 2
    for device in request["devices"]:
        assert device["attributes"]["shareMemoryMiB"] == {"int": 3000}
        assert device["attributes"]["shareCores"] == {"int": 20}


@pytest.fixture
def unlimited_class(system: LocalSystem) -> Iterator[str]:
    """A class of shares without limits, which the driver refuses. Claims that say so themselves are not even admitted."""
    name = "unlimited.gpu.hami.io"
    shares, *_ = device_classes()
    parameters = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig", "enforce": False}
    spec = {**shares["spec"], "config": [{"opaque": {"driver": "hami.io", "parameters": parameters}}]}
    system.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(shares | {"metadata": {"name": name}, "spec": spec}))
    yield name
    system.cluster.kubectl("delete", "deviceclass", name)


def test_a_refused_claim_is_told_on_the_pod(namespace: Namespace, unlimited_class: str) -> None:
    namespace.apply(claim_of(unlimited_class, "without-limits"), user_of("without-limits"))
    event = eventually(lambda: refusals(namespace, "user"), "the pod has an event")[0]
    assert event["type"] == "Warning"
    assert "ShareConfig.enforce is false" in event["message"]
    assert event["source"]["component"] == "hami-dra"


def refusals(namespace: Namespace, name: str) -> list[Object]:
    return namespace.objects("events", "--field-selector", f"involvedObject.name={name},reason=ClaimRefused")


def claim_of(device_class: str, name: str) -> Object:
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaim",
        "metadata": {"name": name},
        "spec": {"devices": {"requests": [{"name": "main", "exactly": {"deviceClassName": device_class}}]}},
    }


def user_of(claim: str) -> Object:
    asking = container(command=IDLE) | {"resources": {"claims": [{"name": "card"}]}}
    return pod("user", asking, resourceClaims=[{"name": "card", "resourceClaimName": claim}])


def test_metrics_show_what_a_share_holds(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("full", container(command=HOLD, gpu=1, gpumem=4000, gpucores=30)))
    namespace.wait_running("full")
    limit = 4000 * 2**20
    found = eventually(
        lambda: seen if (seen := samples(system, namespace)).get("hami_vgpu_memory_used_bytes") == limit else {},
        "the share is full",
    )
    assert found["hami_vgpu_memory_limit_bytes"] == found["hami_vgpu_memory_peak_bytes"] == limit
    assert found["hami_vgpu_core_limit_ratio"] == 30
    assert found["hami_vgpu_memory_refusals_total"] >= 1
    namespace.delete_pod("full")
    eventually(lambda: not samples(system, namespace), "the share is gone from the metrics")


def test_a_probe_finds_the_driver_serving(system: LocalSystem) -> None:
    command = [str(COMMAND), "healthy", "--kubelet-dir", str(system.cluster.kubelet_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_an_account_of_the_nodes_pod_may_report_on_its_node_and_no_other_identity_may(
    namespace: Namespace, system: LocalSystem
) -> None:
    namespace.apply(pod("reported", container(command=IDLE, gpu=1, gpumem=1000)))
    namespace.wait_running("reported")
    claim = eventually(
        lambda: found if (found := namespace.claim_of("reported"))["status"].get("devices") else {}, "a status"
    )
    role = driver_role(DriverScope.NODE) | {"metadata": {"name": namespace.name}}
    binding = role_binding(namespace.name, f"system:serviceaccount:{namespace.name}:driver")
    namespace.kubectl("create", "serviceaccount", "driver")
    namespace.apply(role, binding)
    try:
        of_node = ("--bound-object-kind=Node", f"--bound-object-name={system.cluster.node_name}")
        await report_as(namespace.kubectl("create", "token", "driver", *of_node), claim, system)
        with pytest.raises(ApiError, match="arbitrary-node:patch"):
            await report_as(namespace.kubectl("create", "token", "driver"), claim, system)
    finally:
        namespace.kubectl("delete", "clusterrole,clusterrolebinding", namespace.name)


async def report_as(token: str, claim: Object, system: LocalSystem) -> None:
    """Write the status of a claim that it has already, with one word changed, as whom the token names."""
    tls = ssl.create_default_context(cafile=str(system.cluster.ca_cert))
    (device,) = claim["status"]["devices"]
    changed = device | {"data": device["data"] | {"reporter": token[-8:].lower()}}
    async with ApiServer(ApiServerConfig(url=system.cluster.api_url, tls=tls, token=token.strip())) as api:
        path = "/apis/resource.k8s.io/v1/namespaces/{namespace}/resourceclaims/{name}/status".format(
            **claim["metadata"]
        )
        await api.patch(path, {"status": {"devices": [changed]}})
