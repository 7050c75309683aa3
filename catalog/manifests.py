"""What an administrator applies once per cluster: device classes, and what driver and webhook may do.

Sources: resource.k8s.io/v1 DeviceClass; rbac.authorization.k8s.io/v1. Pure. Not here: the webhook's registration (webhook.registration).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from catalog.names import (
    DRIVER,
    HAMI_DRA,
    MANAGED_BY,
    MANAGED_BY_LABEL,
    MIG_CLASS,
    SHARE_CLASS,
    TYPE_MIG,
    TYPE_SHARE,
    TYPE_WHOLE,
    WHOLE_CARD_CLASS,
)

DRIVER_ROLE: Final = "hami-dra-driver"
WEBHOOK_ROLE: Final = "hami-dra-webhook"
CERTIFICATE_ROLE: Final = "hami-dra-webhook-certificate"
LEASE_ROLE: Final = "hami-dra-webhook-lease"
LEASE_NAME: Final = "hami-dra-webhook"
"""The Lease by which one replica of the webhook is told from the others."""

_RBAC_GROUP: Final = "rbac.authorization.k8s.io"
_LEASES_GROUP: Final = "coordination.k8s.io"
_DEVICES_GROUP: Final = "resource.k8s.io"
_SERVICE_ACCOUNT_PREFIX: Final = "system:serviceaccount:"

Manifest = dict[str, Any]


def device_classes() -> tuple[Manifest, ...]:
    """Return the classes of shares, whole cards and MIG devices. What always holds of those stands here and not in requests."""
    classes = {SHARE_CLASS: TYPE_SHARE, WHOLE_CARD_CLASS: TYPE_WHOLE, MIG_CLASS: TYPE_MIG}
    return tuple(_device_class(name, device_type) for name, device_type in classes.items())


def hami_dra_class() -> Manifest:
    """Return the class of shares under the name that HAMi-DRA's manifests ask for. Where HAMi-DRA itself runs, it owns that name."""
    return _device_class(HAMI_DRA, TYPE_SHARE)


class DriverScope(StrEnum):
    """Whose claims the driver may report on, by the identity that it has."""

    NODE = "node"
    """Those of the node that its token names: a pod's service account."""
    CLUSTER = "cluster"
    """All: for an identity that names no node, such as a certificate."""


def driver_role(scope: DriverScope = DriverScope.NODE) -> Manifest:
    """Return what the node driver may do. The right to write a claim's devices names the driver (KEP-4817, from 1.36)."""
    node = "associated-node" if scope is DriverScope.NODE else "arbitrary-node"
    return _cluster_role(
        DRIVER_ROLE,
        _rule(_DEVICES_GROUP, "resourceclaims", ["get"]),
        _rule(_DEVICES_GROUP, "resourceclaims/status", ["patch"]),
        _rule(_DEVICES_GROUP, "resourceclaims/driver", [f"{node}:patch"], [DRIVER]),
        _rule(_DEVICES_GROUP, "resourceslices", ["get", "list", "watch", "create", "update", "patch", "delete"]),
        _rule("", "nodes", ["get", "watch"]),
        _rule("", "events", ["create", "patch"]),
    )


def webhook_role() -> Manifest:
    """Return what the webhook may do: see cards, claims, quotas, pods that name templates and other webhooks, keep templates,
    and write events."""
    seen = ["list", "watch"]
    return _cluster_role(
        WEBHOOK_ROLE,
        _rule(_DEVICES_GROUP, "resourceclaimtemplates", ["get", "list", "watch", "create", "patch", "delete"]),
        _rule(_DEVICES_GROUP, "resourceslices", seen),
        _rule(_DEVICES_GROUP, "resourceclaims", seen),
        _rule("", "resourcequotas", seen),
        _rule("", "pods", ["list"]),
        _rule("", "events", ["create"]),
        _rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations", ["list"]),
    )


def lease_role(namespace: str) -> Manifest:
    """Return what the webhook may do to its Lease. A right to create cannot name the object."""
    rules = [_rule(_LEASES_GROUP, "leases", ["get", "patch"], [LEASE_NAME]), _rule(_LEASES_GROUP, "leases", ["create"])]
    return _in_namespace(_cluster_role(LEASE_ROLE, *rules), namespace)


def lease_binding(namespace: str, user: str) -> Manifest:
    """Return the grant of `lease_role`; `user` as for `role_binding`."""
    return _in_namespace(role_binding(LEASE_ROLE, user), namespace)


def certificate_roles(namespace: str, secret: str, registration: str) -> tuple[Manifest, Manifest]:
    """Return what a webhook may do that keeps its certificates itself: in the cluster to its registrations, and in a namespace to a Secret.

    A right to create cannot name the object (rbac.authorization.k8s.io/v1, `resourceNames`).
    """
    seen = ["get", "list", "watch", "patch"]
    kinds = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
    registrations = [_rule("admissionregistration.k8s.io", kind, seen, [registration]) for kind in kinds]
    secrets = [_rule("", "secrets", seen, [secret]), _rule("", "secrets", ["create"])]
    return (
        _cluster_role(CERTIFICATE_ROLE, *registrations),
        _in_namespace(_cluster_role(CERTIFICATE_ROLE, *secrets), namespace),
    )


def certificate_bindings(namespace: str, user: str) -> tuple[Manifest, Manifest]:
    """Return the grants of `certificate_roles`; `user` as for `role_binding`."""
    return role_binding(CERTIFICATE_ROLE, user), _in_namespace(role_binding(CERTIFICATE_ROLE, user), namespace)


def role_binding(role: str, user: str) -> Manifest:
    """Return the grant of a cluster role, all over the cluster.

    `user` is a user's name, or a service account's as the API server spells it: `system:serviceaccount:<namespace>:<name>`.
    """
    return {
        "apiVersion": f"{_RBAC_GROUP}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": _metadata(role),
        "roleRef": {"apiGroup": _RBAC_GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [_subject(user)],
    }


def _device_class(name: str, device_type: str) -> Manifest:
    expression = f'device.driver == "{DRIVER}" && device.attributes["{DRIVER}"].type == "{device_type}"'
    return {
        "apiVersion": f"{_DEVICES_GROUP}/v1",
        "kind": "DeviceClass",
        "metadata": _metadata(name),
        "spec": {"selectors": [{"cel": {"expression": expression}}]},
    }


def _cluster_role(name: str, *rules: Manifest) -> Manifest:
    return {
        "apiVersion": f"{_RBAC_GROUP}/v1",
        "kind": "ClusterRole",
        "metadata": _metadata(name),
        "rules": list(rules),
    }


def _in_namespace(manifest: Manifest, namespace: str) -> Manifest:
    """Return a cluster's role, or the grant of one, as that of a namespace."""
    kind = manifest["kind"].removeprefix("Cluster")
    found = manifest | {"kind": kind, "metadata": manifest["metadata"] | {"namespace": namespace}}
    return found | ({"roleRef": manifest["roleRef"] | {"kind": "Role"}} if kind == "RoleBinding" else {})


def _rule(group: str, resource: str, verbs: Sequence[str], names: Sequence[str] = ()) -> Manifest:
    rule = {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}
    return rule | ({"resourceNames": list(names)} if names else {})


def _subject(user: str) -> Manifest:
    account = user.removeprefix(_SERVICE_ACCOUNT_PREFIX)
    if account != user and account.count(":") == 1:
        namespace, name = account.split(":")
        return {"kind": "ServiceAccount", "namespace": namespace, "name": name}
    return {"apiGroup": _RBAC_GROUP, "kind": "User", "name": user}


def _metadata(name: str) -> Manifest:
    return {"name": name, "labels": {MANAGED_BY_LABEL: MANAGED_BY}}
