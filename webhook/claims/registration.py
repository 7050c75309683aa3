"""The ValidatingWebhookConfiguration: which ResourceClaims and templates the API server asks about, and where.

Source: admissionregistration.k8s.io/v1. Claims that neither ask a device class of ours nor carry a configuration for our driver cost no
call, templates without such a configuration neither. Pure. Not here: the registration for pods (webhook.registration).
"""

import json
from typing import Any, Final

from catalog.names import CLASSES, DRIVER, MANAGED_BY, MANAGED_BY_LABEL
from webhook.claims.review import CLAIMS, TEMPLATES
from webhook.registration import CONFIGURATION_NAME, TIMEOUT_S, Service, client_config

VALIDATE_PATH: Final = "/validate"


def claim_webhook_configuration(endpoint: str | Service, ca_certificates: bytes | None) -> dict[str, Any]:
    """Return the registration at the webhook's endpoint; `endpoint` and `ca_certificates` are as for pods.

    No namespace is left out: claims of ours count wherever they are, and what opts out is conversion.
    """
    client = client_config(endpoint, ca_certificates, VALIDATE_PATH)
    asks = f"({_asks_for_ours('object.spec')}) || ({_configures_ours('object.spec')})"
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": CONFIGURATION_NAME, "labels": {MANAGED_BY_LABEL: MANAGED_BY}},
        "webhooks": [
            _webhook("claims.hami.io", CLAIMS, client, "asks-for-ours", asks),
            _webhook(
                "claim-templates.hami.io",
                TEMPLATES,
                client_config(endpoint, ca_certificates, VALIDATE_PATH),
                "configures-ours",
                f"has(object.spec.spec) && ({_configures_ours('object.spec.spec')})",
            ),
        ],
    }


def _webhook(name: str, resource: str, client: dict[str, Any], condition: str, expression: str) -> dict[str, Any]:
    return {
        "name": name,
        "admissionReviewVersions": ["v1"],
        "clientConfig": client,
        "rules": [
            {
                "operations": ["CREATE"],  # a spec cannot change afterwards
                "apiGroups": ["resource.k8s.io"],
                "apiVersions": ["v1"],
                "resources": [resource],
                "scope": "Namespaced",
            }
        ],
        "matchConditions": [{"name": condition, "expression": expression}],
        "failurePolicy": "Fail",
        "sideEffects": "NoneOnDryRun",
        "timeoutSeconds": TIMEOUT_S,
    }


def _asks_for_ours(spec: str) -> str:
    """A CEL expression. A field that is absent must be tested for before it is read, or the claim would be refused."""
    classes = json.dumps(CLASSES)
    exactly = f"(has(r.exactly) && r.exactly.deviceClassName in {classes})"
    listed = f"(has(r.firstAvailable) && r.firstAvailable.exists(s, s.deviceClassName in {classes}))"
    requests = f"{spec}.devices.requests"
    return f"has({spec}.devices) && has({requests}) && {requests}.exists(r, {exactly} || {listed})"


def _configures_ours(spec: str) -> str:
    config = f"{spec}.devices.config"
    ours = f"{config}.exists(c, has(c.opaque) && c.opaque.driver == {json.dumps(DRIVER)})"
    return f"has({spec}.devices) && has({config}) && {ours}"
