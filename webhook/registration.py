"""The MutatingWebhookConfiguration: which pods the API server asks about, and where.

Source: admissionregistration.k8s.io/v1. Match conditions keep all pods away that name no legacy resource: those never depend on
this webhook. Pure. Not here: classes and roles (catalog.manifests).
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from catalog.errors import InvalidInputError
from catalog.names import CONVERTED_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, WEBHOOK_LABEL
from webhook.needs import RESOURCES

MUTATE_PATH: Final = "/mutate"
TIMEOUT_S: Final = 10
"""For the first replica of a workload, whose template has to be written; the others take milliseconds."""


@dataclass(frozen=True, slots=True)
class Service:
    """A webhook that runs as pods behind a Service."""

    namespace: str
    name: str
    port: int = 443


def webhook_configuration(
    endpoint: str | Service, ca_certificates: bytes, resources: Sequence[str] = RESOURCES
) -> dict[str, Any]:
    """Return the registration of the webhook at an https URL or a Service, whose certificate `ca_certificates` (PEM) vouches for.

    Only pods that name one of `resources` are asked about: those of the webhook's own rules.

    Raises `InvalidInputError` for a URL or certificates that the API server could not use.
    """
    if b"-----BEGIN CERTIFICATE-----" not in ca_certificates:
        raise InvalidInputError(
            "the CA file holds no PEM certificate; give the one that signed the webhook's certificate"
        )
    names_resources = {"name": "names-legacy-resources", "expression": _names_one_of(resources)}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "hami-dra", "labels": {MANAGED_BY_LABEL: MANAGED_BY}},
        "webhooks": [
            _webhook("pods.hami.io", "CREATE", "Fail", [names_resources], _client(endpoint, ca_certificates)),
            # A manifest that is applied again brings the limits back. Without us the API server refuses that; nothing runs unheld.
            _webhook(
                "applied-again.pods.hami.io",
                "UPDATE",
                "Ignore",
                [_WAS_CONVERTED, names_resources],
                _client(endpoint, ca_certificates),
            ),
        ],
    }


def _webhook(
    name: str, operation: str, failure_policy: str, conditions: Sequence[Mapping[str, str]], client: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "admissionReviewVersions": ["v1"],
        "clientConfig": client,
        "rules": [
            {
                "operations": [operation],
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "resources": ["pods"],
                "scope": "Namespaced",
            }
        ],
        "namespaceSelector": {"matchExpressions": [_is_not("kubernetes.io/metadata.name", "kube-system"), _opted_in()]},
        "objectSelector": {"matchExpressions": [_opted_in()]},
        "matchConditions": [dict(condition) for condition in conditions],
        "failurePolicy": failure_policy,
        "reinvocationPolicy": "IfNeeded",
        "sideEffects": "NoneOnDryRun",
        "timeoutSeconds": TIMEOUT_S,
    }


def _client(endpoint: str | Service, ca_certificates: bytes) -> dict[str, Any]:
    return _address(endpoint) | {"caBundle": base64.b64encode(ca_certificates).decode()}


def _address(endpoint: str | Service) -> dict[str, Any]:
    if isinstance(endpoint, Service):
        service = {"namespace": endpoint.namespace, "name": endpoint.name, "path": MUTATE_PATH, "port": endpoint.port}
        return {"service": service}
    return {"url": _with_path(endpoint)}


def _with_path(text: str) -> str:
    try:
        url = urlsplit(text)
        _ = url.port  # checked only when it is read
    except ValueError as error:
        raise _unusable_url(text) from error
    if url.scheme != "https" or not url.hostname or url.username or url.query or url.fragment:
        raise _unusable_url(text)
    return text if url.path.strip("/") else text.rstrip("/") + MUTATE_PATH


def _unusable_url(text: str) -> InvalidInputError:
    return InvalidInputError(f"the webhook's URL is {text!r}; write https://ADDRESS:PORT{MUTATE_PATH}")


def _opted_in() -> dict[str, Any]:
    return _is_not(WEBHOOK_LABEL, "ignore")


def _is_not(label: str, value: str) -> dict[str, Any]:
    return {"key": label, "operator": "NotIn", "values": [value]}


def _names_one_of(resources: Sequence[str]) -> str:
    """A CEL expression. A field that is absent must be tested for before it is read, or the pod would be refused."""
    names = json.dumps(resources)
    in_sections = " || ".join(
        f"(has(c.resources.{section}) && {names}.exists(r, r in c.resources.{section}))"
        for section in ("limits", "requests")
    )
    return " || ".join(
        f"(has(object.spec.{field}) && object.spec.{field}.exists(c, has(c.resources) && ({in_sections})))"
        for field in ("containers", "initContainers")
    )


_WAS_CONVERTED: Final = {
    "name": "was-converted",
    "expression": f"has(object.metadata.annotations) && {json.dumps(CONVERTED_ANNOTATION)} in object.metadata.annotations",
}
