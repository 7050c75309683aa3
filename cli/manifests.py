"""`hami-dra manifests`: prints what an administrator applies once per cluster, as YAML."""

import argparse
from pathlib import Path
from typing import Any

from catalog.errors import InvalidInputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags: where the webhook is, and who driver and webhook are."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--webhook-url", metavar="URL", help="where the API server reaches the webhook: https://ADDRESS:PORT/mutate"
    )
    where.add_argument(
        "--webhook-service",
        metavar="NAMESPACE/NAME",
        help="or the Service that leads to it; pods of its namespace are not converted",
    )
    parser.add_argument(
        "--ca-file",
        type=Path,
        metavar="FILE",
        help="PEM certificate that signed the webhook's certificate. With --webhook-service and without it, the webhook keeps its "
        "certificates itself (hami-dra webhook --service) and is granted what it needs for that",
    )
    parser.add_argument(
        "--cert-manager",
        metavar="NAMESPACE/CERTIFICATE",
        help="with --webhook-service: the cert-manager Certificate of which both registrations get their CA; its Secret is mounted "
        "into the webhook (--tls-cert, --tls-key)",
    )
    parser.add_argument(
        "--tls-secret",
        default="hami-dra-webhook-tls",
        metavar="NAME",
        help="the Secret that it keeps them in (%(default)s)",
    )
    parser.add_argument(
        "--webhook-config",
        type=Path,
        metavar="FILE",
        help="the webhook's configuration: pods are asked about that name one of its resources (default: HAMi's names)",
    )
    parser.add_argument(
        "--convert",
        choices=("all", "labelled", "none"),
        default="all",
        help="the namespaces whose pods are converted: all but those labelled hami.io/webhook=ignore, those labelled "
        "hami.io/webhook=convert, or none (%(default)s)",
    )
    for name in ("driver", "webhook"):
        parser.add_argument(
            f"--{name}-user",
            metavar="USER",
            help=f"grant the {name}'s role to this user, or to system:serviceaccount:NAMESPACE:NAME",
        )
    parser.add_argument(
        "--driver-scope",
        choices=("node", "cluster"),
        default="node",
        help="whose claims the driver may report on: of the node that its token names (a pod's service account), or of all "
        "nodes, for a certificate or another identity without a node (%(default)s)",
    )
    parser.add_argument(
        "--driver-evicts",
        action="store_true",
        help="grant the driver the right to evict pods, for crossCheck: evict in the configuration of the nodes",
    )
    parser.add_argument(
        "--hami-dra-class",
        action="store_true",
        help="add HAMi-DRA's device class, so that claims written for it get shares; not where HAMi-DRA itself runs",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the manifests, in the order in which they are to be applied."""
    import yaml

    print(yaml.safe_dump_all(_manifests(arguments), sort_keys=False, width=1000), end="")
    return 0


def _manifests(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    from catalog import manifests
    from webhook.claims.registration import claim_webhook_configuration
    from webhook.registration import Scope, service_of, webhook_configuration

    evictor = arguments.driver_user if arguments.driver_evicts else None
    grants = (
        (manifests.DRIVER_ROLE, arguments.driver_user),
        (manifests.EVICTION_ROLE, evictor),
        (manifests.WEBHOOK_ROLE, arguments.webhook_user),
    )
    service = service_of(arguments.webhook_service) if arguments.webhook_service else None
    endpoint = service or arguments.webhook_url
    certificates = _read(arguments.ca_file) if arguments.ca_file else None
    if service is None and certificates is None:
        raise InvalidInputError("--webhook-url: give --ca-file too, the PEM certificate that signed the webhook's")
    issued = _cert_manager(arguments)
    keeps_its_own = service is not None and certificates is None and not issued
    return [
        *manifests.device_classes(),
        *([manifests.hami_dra_class()] if arguments.hami_dra_class else []),
        manifests.driver_role(manifests.DriverScope(arguments.driver_scope)),
        *([manifests.eviction_role()] if arguments.driver_evicts else []),
        manifests.webhook_role(),
        *(manifests.role_binding(role, user) for role, user in grants if user),
        *(_certificate_rights(service.namespace, arguments) if service and keeps_its_own else ()),
        *_lease_rights(service.namespace if service else "kube-system", arguments),
        *(
            _injected(registration, issued)
            for registration in (
                webhook_configuration(
                    endpoint, certificates, _resources(arguments.webhook_config), Scope(arguments.convert)
                ),
                claim_webhook_configuration(endpoint, certificates),
            )
        ),
    ]


def _cert_manager(arguments: argparse.Namespace) -> str:
    """Return the Certificate's namespace and name, or nothing."""
    name = str(arguments.cert_manager or "")
    if name and (arguments.ca_file or not arguments.webhook_service):
        raise InvalidInputError(
            "--cert-manager: give it with --webhook-service, and no --ca-file: cert-manager fills in the CA"
        )
    if name and (not all(name.partition("/")) or name.count("/") > 1):
        raise InvalidInputError(f"--cert-manager {name}: write NAMESPACE/CERTIFICATE")
    return name


def _injected(registration: dict[str, Any], certificate: str) -> dict[str, Any]:
    """Return a registration as cert-manager is to complete it. Source: cert-manager.io/docs/concepts/ca-injector."""
    if not certificate:
        return registration
    annotations = {**registration["metadata"].get("annotations", {}), "cert-manager.io/inject-ca-from": certificate}
    return {**registration, "metadata": {**registration["metadata"], "annotations": annotations}}


def _lease_rights(namespace: str, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    from catalog import manifests

    user = arguments.webhook_user
    grants = [manifests.lease_binding(namespace, user)] if user else []
    return [manifests.lease_role(namespace), *grants]


def _certificate_rights(namespace: str, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    from catalog import manifests
    from webhook.registration import CONFIGURATION_NAME

    user = arguments.webhook_user
    roles = manifests.certificate_roles(namespace, arguments.tls_secret, CONFIGURATION_NAME)
    return [*roles, *(manifests.certificate_bindings(namespace, user) if user else ())]


def _resources(path: Path | None) -> tuple[str, ...]:
    from webhook.conversion.rules import DEFAULT_RULES, rules_from

    if path is None:
        return DEFAULT_RULES.names.all()
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise InvalidInputError(f"--webhook-config {path}: {reason}; give the webhook's configuration file") from error
    return rules_from(text, str(path)).names.all()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"--ca-file {path}: {error.strerror}; give the PEM certificate of the CA") from error
