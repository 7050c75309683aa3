"""`hami-dra manifests`: prints what an administrator applies once per cluster, as YAML."""

import argparse
from pathlib import Path
from typing import Any

from catalog.errors import InvalidInputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags: where the webhook is, and who driver and webhook are."""
    parser.add_argument(
        "--webhook-url",
        required=True,
        metavar="URL",
        help="where the API server reaches the webhook: https://ADDRESS:PORT/mutate",
    )
    parser.add_argument(
        "--ca-file",
        required=True,
        type=Path,
        metavar="FILE",
        help="PEM certificate that signed the webhook's certificate",
    )
    parser.add_argument(
        "--webhook-config",
        type=Path,
        metavar="FILE",
        help="the webhook's configuration: pods are asked about that name one of its resources (default: HAMi's names)",
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
    from webhook.registration import webhook_configuration

    grants = ((manifests.DRIVER_ROLE, arguments.driver_user), (manifests.WEBHOOK_ROLE, arguments.webhook_user))
    return [
        *manifests.device_classes(),
        *([manifests.hami_dra_class()] if arguments.hami_dra_class else []),
        manifests.driver_role(manifests.DriverScope(arguments.driver_scope)),
        manifests.webhook_role(),
        *(manifests.role_binding(role, user) for role, user in grants if user),
        webhook_configuration(arguments.webhook_url, _read(arguments.ca_file), _resources(arguments.webhook_config)),
    ]


def _resources(path: Path | None) -> tuple[str, ...]:
    from webhook.rules import DEFAULT_RULES, rules_from

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
