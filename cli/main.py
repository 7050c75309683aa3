"""Entry of `hami-dra`: chooses the subcommand, imports it alone, and turns our errors into one line and an exit code."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from catalog.errors import HamiError

COMMANDS: Final = {
    "driver": "run the node driver: publish cards, prepare claims",
    "healthy": "say whether the node driver serves the kubelet, for probes",
    "limit": "show or change the limits of a claim's shares while its containers run",
    "webhook": "run the admission webhook: convert legacy pods into claims",
    "convert": "convert legacy pods in manifest files into claims, as admission would",
    "manifests": "print the device classes, roles and webhook registration to apply",
}
"""Subcommand → what it does. Each is a module of this package with `add_arguments(parser)` and `run(arguments) -> int`."""

EXIT_ERROR: Final = 1
EXIT_INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser(words).parse_args(words)
    try:
        return int(import_module(f"cli.{arguments.command}").run(arguments))
    except HamiError as error:
        print(f"hami-dra {arguments.command}: {error}", file=sys.stderr)
        return EXIT_ERROR
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


class _Version(argparse.Action):
    """Prints the version, which is looked up only then: that takes longer than most commands do."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:  # noqa: ANN401  what argparse passes
        """Print, and end."""
        from importlib import metadata

        print(f"hami-dra {metadata.version('hami-dra')}")
        parser.exit()


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hami-dra", description="Share accelerators on Kubernetes by DRA.")
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        dest=argparse.SUPPRESS,
        default=argparse.SUPPRESS,
        help="show the version, and end",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
        if name in words:
            import_module(f"cli.{name}").add_arguments(command)
    return parser
