"""`hami-dra webhook`: the webhook's flags. The webhook itself is imported when it runs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import InvalidInputError

if TYPE_CHECKING:
    from webhook.certificates.own import Place
    from webhook.main import CertificateFiles

LOG_LEVELS = ("debug", "info", "warning", "error")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the webhook."""
    parser.add_argument("--listen", default="0.0.0.0:9443", metavar="ADDRESS:PORT", help="(%(default)s)")
    parser.add_argument(
        "--service",
        metavar="NAMESPACE/NAME",
        help="the Service that leads here: certificates of its own are made for it, shared by all replicas in a Secret of that "
        "namespace, renewed in time, and told to the API server",
    )
    parser.add_argument(
        "--tls-secret", default="hami-dra-webhook-tls", metavar="NAME", help="with --service: that Secret (%(default)s)"
    )
    parser.add_argument(
        "--tls-name",
        action="append",
        default=[],
        metavar="NAME",
        help="with --service: a further DNS name or address of the webhook; may be repeated",
    )
    for flag, purpose in (("cert", "PEM certificate chain"), ("key", "PEM private key")):
        parser.add_argument(
            f"--tls-{flag}", type=Path, metavar="FILE", help=f"instead: {purpose}; read again when it changes"
        )
    parser.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="default: $KUBECONFIG, else the pod's service account"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="rules of conversion, followed while the webhook runs"
    )
    parser.add_argument(
        "--namespace",
        metavar="NAME",
        help="where its Lease is kept (default: that of --service, else the pod's own, else kube-system)",
    )
    parser.add_argument(
        "--metrics-listen",
        default="127.0.0.1:9397",
        metavar="ADDRESS:PORT",
        help="where metrics are served; empty: nowhere (%(default)s)",
    )
    parser.add_argument(
        "--drain",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="how long it still answers after it was told to stop, so that nobody meets a closed door (%(default)s)",
    )
    parser.add_argument(
        "--max-connections",
        type=int,
        default=512,
        metavar="NUMBER",
        help="clients at a time; beyond it idle ones are closed, then new ones (%(default)s)",
    )
    parser.add_argument("--log-format", choices=("text", "json"), default="text", help="(%(default)s)")
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="info", help="(%(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Run the webhook until it is told to stop."""
    host, port = _address(arguments.listen)

    import asyncio

    from daemon.logs import set_up_logging
    from daemon.metrics_server import Address
    from webhook.main import Options
    from webhook.main import run as run_webhook

    set_up_logging(arguments.log_format, arguments.log_level)
    options = Options(
        host=host,
        port=port,
        certificate=_certificate(arguments),
        kubeconfig=arguments.kubeconfig,
        configuration_file=arguments.config.absolute() if arguments.config else None,
        metrics_address=Address.parse(arguments.metrics_listen) if arguments.metrics_listen else None,
        drain_s=_drain_s(arguments.drain),
        lease_namespace=_namespace(arguments),
        connections_max=_connections_max(arguments.max_connections),
    )
    asyncio.run(run_webhook(options))
    return 0


def _certificate(arguments: argparse.Namespace) -> "CertificateFiles | Place":
    from webhook.certificates.own import place_for
    from webhook.main import CertificateFiles

    files = (arguments.tls_cert, arguments.tls_key)
    if arguments.service and not any(files):
        return place_for(arguments.service, arguments.tls_secret, arguments.tls_name)
    if arguments.service or not all(files):
        raise InvalidInputError(
            "--service NAMESPACE/NAME, for certificates of the webhook's own, or both --tls-cert and --tls-key: give one of the two"
        )
    return CertificateFiles(*files)


def _namespace(arguments: argparse.Namespace) -> str:
    from kube.config import own_namespace

    service = str(arguments.service or "").partition("/")[0]
    return str(arguments.namespace or service or own_namespace() or "kube-system")


def _drain_s(seconds: float) -> float:
    if not 0 <= seconds <= 600:
        raise InvalidInputError(f"--drain {seconds}: write seconds from 0 to 600")
    return seconds


def _connections_max(number: int) -> int:
    if not 16 <= number <= 100_000:
        raise InvalidInputError(f"--max-connections {number}: write a number from 16 to 100000")
    return number


def _address(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InvalidInputError(f"--listen {text}: write ADDRESS:PORT, such as 0.0.0.0:9443 or [::]:9443")
    return host, int(port)
