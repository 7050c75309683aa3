"""MIG devices on the real kubelet: each pod its own, with its memory as the hardware's limit, and a third pod that waits its turn."""

import pytest

from tests.cluster.namespace import Namespace
from tests.cluster.objects import HOLD, Object, container, pod
from tests.node.test_shares import proof_of

pytestmark = pytest.mark.node

SMALL = {"cel": {"expression": 'device.attributes["hami.io"].profile == "1g.10gb"'}}


def claim_template(name: str, *selectors: Object) -> Object:
    request = {"name": "mig", "exactly": {"deviceClassName": "mig.hami.io", "selectors": list(selectors)}}
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaimTemplate",
        "metadata": {"name": name},
        "spec": {"spec": {"devices": {"requests": [request]}}},
    }


def user_of(template: str, name: str) -> Object:
    asking = container(command=HOLD) | {"resources": {"claims": [{"name": "card"}]}}
    return pod(name, asking, resourceClaims=[{"name": "card", "resourceClaimTemplateName": template}])


def device_of(namespace: Namespace, name: str) -> str:
    (result,) = namespace.results_of(name)
    return str(result["device"])


def test_each_pod_has_a_mig_device_of_its_own_and_one_too_many_waits(namespace: Namespace) -> None:
    namespace.apply(claim_template("small", SMALL), user_of("small", "first"), user_of("small", "second"))
    for name in ("first", "second"):
        namespace.wait_running(name)
        assert list(proof_of(namespace, name).values()) == [(10240, 10240)]
    assert {device_of(namespace, name) for name in ("first", "second")} == {"gpu-4-mig-1g10gb-0", "gpu-4-mig-1g10gb-1"}
    listed = [namespace.kubectl("exec", name, "--", "nvidia-smi", "-L").splitlines() for name in ("first", "second")]
    assert [line.split("(")[0].split() for _, line in listed] == [["MIG", "1g.10gb", "Device", "0:"]] * 2
    assert listed[0][0] == listed[1][0], "of one card"
    assert listed[0][1] != listed[1][1]
    assert "libvgpu" not in namespace.kubectl("exec", "first", "--", "cat", "/proc/1/maps")

    namespace.apply(user_of("small", "third"))
    assert "cannot allocate all claims" in namespace.pending_reason("third")
    namespace.delete_pod("first")
    namespace.wait_running("third")
    assert list(proof_of(namespace, "third").values()) == [(10240, 10240)]


def test_the_smallest_mig_device_that_is_free_is_given_and_the_claim_says_which(namespace: Namespace) -> None:
    namespace.apply(claim_template("any"), user_of("any", "modest"))
    namespace.wait_running("modest")
    assert device_of(namespace, "modest") == "gpu-4-mig-1g10gb-0"
    shown = namespace.granted("modest")
    assert "Memory: 10Gi Mig: MIG-" in shown
    assert "Card: GPU-" in shown
