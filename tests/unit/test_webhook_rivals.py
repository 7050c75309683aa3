"""Webhooks beside which ours does not run: HAMi's and HAMi-DRA's, whatever their releases are called."""

import pytest

from catalog.errors import ConflictError
from tests.unit.test_webhook_registration import CA
from tests.unit.webhook_pods import Object
from webhook.registration import Scope, webhook_configuration
from webhook.rivals import refuse_rivals

OURS = webhook_configuration("https://h", CA)


def registration(name: str, *webhooks: str, resource: str = "pods", operation: str = "CREATE") -> Object:
    rules = [{"resources": [resource], "operations": [operation], "apiGroups": [""], "apiVersions": ["v1"]}]
    return {"metadata": {"name": name}, "webhooks": [{"name": each, "rules": rules} for each in webhooks]}


@pytest.mark.parametrize(
    ("name", "webhook"),
    [
        ("hami-webhook", "vgpu.hami.io"),
        ("my-release-mutatingwebhookconfiguration", "mutate.hami.io"),
        ("hami-dra", "mutate.hami.io"),
        ("elsewhere", "pods.hami.io"),
    ],
)
def test_another_webhook_that_converts_pods_is_named_with_a_remedy(name: str, webhook: str) -> None:
    with pytest.raises(ConflictError) as refused:
        refuse_rivals([OURS, registration(name, webhook)])
    assert f"webhook {webhook} of MutatingWebhookConfiguration {name} is registered in this cluster" in str(
        refused.value
    )
    assert "delete its MutatingWebhookConfiguration" in str(refused.value)


def test_ours_and_those_of_others_are_no_rivals() -> None:
    refuse_rivals(
        [
            OURS,
            registration("sidecars", "inject.example.org"),
            registration("volcano", "mutate-volcano.hami.io", resource="jobs"),
            registration("updates", "mutate-update.hami.io", operation="UPDATE"),
            {"metadata": {"name": "empty"}},
        ]
    )


def test_where_ours_converts_no_pods_nobody_is_in_the_way() -> None:
    refuse_rivals(
        [webhook_configuration("https://h", CA, scope=Scope.NONE), registration("hami-webhook", "vgpu.hami.io")]
    )
