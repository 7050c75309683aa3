"""`hami-dra webhook`: the webhook's flags. The webhook itself is imported when it runs."""

import argparse
from pathlib import Path

from catalog.errors import InvalidInputError

LOG_LEVELS = ("debug", "info", "warning", "error")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the webhook."""
    parser.add_argument("--listen", default="0.0.0.0:9443", metavar="ADDRESS:PORT", help="(%(default)s)")
    for flag, purpose in (("cert", "PEM certificate chain"), ("key", "PEM private key")):
        parser.add_argument(
            f"--tls-{flag}", required=True, type=Path, metavar="FILE", help=f"{purpose}; read again when it changes"
        )
    parser.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="default: $KUBECONFIG, else the pod's service account"
    )
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="info", help="(%(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Run the webhook until it is told to stop."""
    host, port = _address(arguments.listen)

    import asyncio
    import logging

    from webhook.main import Options
    from webhook.main import run as run_webhook

    logging.basicConfig(level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    options = Options(
        host=host,
        port=port,
        tls_certificate=arguments.tls_cert,
        tls_key=arguments.tls_key,
        kubeconfig=arguments.kubeconfig,
    )
    asyncio.run(run_webhook(options))
    return 0


def _address(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InvalidInputError(f"--listen {text}: write ADDRESS:PORT, such as 0.0.0.0:9443 or [::]:9443")
    return host, int(port)
