"""The MutatingWebhookConfiguration: which pods the API server asks about, and where.

Source: admissionregistration.k8s.io/v1. Match conditions keep all pods away that name no legacy resource: those never depend on
this webhook. Pure. Not here: classes and roles (catalog.manifests).
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from catalog.errors import InvalidInputError
from catalog.names import CONVERTED_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, WEBHOOK_LABEL, WEBHOOK_OPT_IN
from webhook.conversion.needs import RESOURCES

CONFIGURATION_NAME: Final = "hami-dra"
"""Of the registrations, of either kind."""
MUTATE_PATH: Final = "/mutate"
TIMEOUT_S: Final = 5
"""For the first replica of a workload, whose template has to be written; the others take milliseconds."""

_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Service:
    """A webhook that runs as pods behind a Service."""

    namespace: str
    name: str
    port: int = 443


class Scope(StrEnum):
    """The namespaces whose pods are converted. `hami.io/webhook: ignore` on a pod counts everywhere."""

    ALL = "all"
    """Those that are not labelled `hami.io/webhook: ignore`."""
    LABELLED = "labelled"
    """Those that are labelled `hami.io/webhook: convert`."""
    NONE = "none"
    """No pod is: only claims are looked at."""


def service_of(text: str, flag: str = "--webhook-service") -> Service:
    """Return the Service that is written `NAMESPACE/NAME`. Raises `InvalidInputError` naming the flag."""
    namespace, _, name = text.partition("/")
    if not (_LABEL.fullmatch(namespace) and _LABEL.fullmatch(name)):
        raise InvalidInputError(
            f"{flag} {text}: write NAMESPACE/NAME, such as hami-system/hami-dra-webhook, as the Service is called"
        )
    return Service(namespace, name)


def webhook_configuration(
    endpoint: str | Service,
    ca_certificates: bytes | None,
    resources: Sequence[str] = RESOURCES,
    scope: Scope = Scope.ALL,
) -> dict[str, Any]:
    """Return the registration of the webhook at an https URL or a Service, whose certificate `ca_certificates` (PEM) vouches for.

    None leaves them to the webhook that keeps its certificates itself, or to cert-manager. Pods of a Service's own namespace are not
    asked about: the webhook's own must start while there is none. Only pods that name one of `resources` are asked about: those of the
    webhook's own rules; `scope` says of which namespaces.

    Raises `InvalidInputError` for a URL or certificates that the API server could not use.
    """
    if ca_certificates is not None and b"-----BEGIN CERTIFICATE-----" not in ca_certificates:
        raise InvalidInputError(
            "the CA file holds no PEM certificate; give the one that signed the webhook's certificate"
        )
    client, namespaces = client_config(endpoint, ca_certificates), _namespaces(endpoint, scope)
    names_resources = {"name": "names-legacy-resources", "expression": _names_one_of(resources)}
    webhooks = [
        _webhook("pods.hami.io", "CREATE", "Fail", [names_resources], client, namespaces),
        # A manifest that is applied again brings the limits back. Without us the API server refuses that; nothing runs unheld.
        _webhook(
            "applied-again.pods.hami.io", "UPDATE", "Ignore", [_WAS_CONVERTED, names_resources], client, namespaces
        ),
    ]
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": CONFIGURATION_NAME, "labels": {MANAGED_BY_LABEL: MANAGED_BY}},
        "webhooks": [] if scope is Scope.NONE else webhooks,
    }


def _webhook(
    name: str,
    operation: str,
    failure_policy: str,
    conditions: Sequence[Mapping[str, str]],
    client: Mapping[str, Any],
    namespaces: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "name": name,
        "admissionReviewVersions": ["v1"],
        "clientConfig": deepcopy(client),  # an object of its own each: else YAML would write references
        "rules": [
            {
                "operations": [operation],
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "resources": ["pods"],
                "scope": "Namespaced",
            }
        ],
        "namespaceSelector": deepcopy(namespaces),
        "objectSelector": {"matchExpressions": [_opted_in()]},
        "matchConditions": [dict(condition) for condition in conditions],
        "failurePolicy": failure_policy,
        "reinvocationPolicy": "IfNeeded",
        "sideEffects": "NoneOnDryRun",
        "timeoutSeconds": TIMEOUT_S,
    }


def _namespaces(endpoint: str | Service, scope: Scope) -> dict[str, Any]:
    own = (endpoint.namespace,) if isinstance(endpoint, Service) else ()
    asked = {"key": WEBHOOK_LABEL, "operator": "In", "values": [WEBHOOK_OPT_IN]}
    chosen = asked if scope is Scope.LABELLED else _opted_in()
    return {"matchExpressions": [_is_not("kubernetes.io/metadata.name", "kube-system", *own), chosen]}


def client_config(endpoint: str | Service, ca_certificates: bytes | None, path: str = MUTATE_PATH) -> dict[str, Any]:
    """Return the `clientConfig` that leads to one of the webhook's paths. Raises `InvalidInputError`."""
    bundle = {} if ca_certificates is None else {"caBundle": base64.b64encode(ca_certificates).decode()}
    return _address(endpoint, path) | bundle


def _address(endpoint: str | Service, path: str) -> dict[str, Any]:
    if isinstance(endpoint, Service):
        service = {"namespace": endpoint.namespace, "name": endpoint.name, "path": path, "port": endpoint.port}
        return {"service": service}
    return {"url": _with_path(endpoint, path)}


def _with_path(text: str, path: str) -> str:
    """A URL that leads to one path leads to the others beside it, also below a gateway's prefix."""
    try:
        url = urlsplit(text)
        _ = url.port  # checked only when it is read
    except ValueError as error:
        raise _unusable_url(text) from error
    if url.scheme != "https" or not url.hostname or url.username or url.query or url.fragment:
        raise _unusable_url(text)
    if path == MUTATE_PATH and url.path.strip("/"):
        return text
    return text.removesuffix(MUTATE_PATH).rstrip("/") + path


def _unusable_url(text: str) -> InvalidInputError:
    return InvalidInputError(f"the webhook's URL is {text!r}; write https://ADDRESS:PORT{MUTATE_PATH}")


def _opted_in() -> dict[str, Any]:
    return _is_not(WEBHOOK_LABEL, "ignore")


def _is_not(label: str, *values: str) -> dict[str, Any]:
    return {"key": label, "operator": "NotIn", "values": sorted(set(values))}


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
