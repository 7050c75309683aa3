"""`hami-dra convert`: its flags. What it does is imported when it runs."""

import argparse
from pathlib import Path

from catalog.errors import InvalidInputError

EPILOG = """\
exit codes:
  0  done, or with --check nothing to convert
  1  something cannot be read, converted or written; nothing was written
  2  wrong usage
  3  with --check: all can be converted, and something would change

examples:
  hami-dra convert -f deployment.yaml | kubectl apply -f -
  hami-dra convert -f manifests/ -o converted/
  hami-dra convert -f manifests/ --check --cards 40GiB,80GiB
  helm template … | hami-dra convert -f - --template-path Trainer=spec.workers[*].template

Claim templates go before the manifests in standard output, and into hami-claim-templates.yaml in a folder. They refer to nothing
but their namespace: apply them with the manifests."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the conversion."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "-f",
        "--filename",
        action="append",
        required=True,
        metavar="FILE|FOLDER|-",
        help="manifests: YAML or JSON, all below a folder, or standard input; may be given several times",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="write files of the same names here (stdout)"
    )
    where.add_argument("--in-place", action="store_true", help="write the files over themselves")
    where.add_argument("--check", action="store_true", help="only tell what would convert, what not, and why")
    parser.add_argument(
        "--cards",
        metavar="[NAME=]SIZE,…",
        help="the cluster's cards, the most frequent first, such as 40GiB,80GiB or 'NVIDIA A10=23028MiB'; unknown if left out",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the webhook's configuration, or HAMi's device-config"
    )
    parser.add_argument(
        "--template-path",
        action="append",
        default=[],
        metavar="KIND=PATH",
        help="where else a kind's pod templates are: Kind or Kind.group, members with dots, * for each, [*] for each item",
    )


def run(arguments: argparse.Namespace) -> int:
    """Convert, and return the exit code."""
    from webhook.conversion.fleet import UNKNOWN_FLEET
    from webhook.conversion.rules import DEFAULT_RULES, rules_from
    from webhook.manifest_files.cards import fleet_of
    from webhook.manifest_files.converting import Options
    from webhook.manifest_files.pod_templates import KNOWN, with_paths
    from webhook.manifest_files.run import Destination
    from webhook.manifest_files.run import run as convert_all

    options = Options(
        rules=rules_from(_read(arguments.config), str(arguments.config)) if arguments.config else DEFAULT_RULES,
        fleet=fleet_of(arguments.cards) if arguments.cards is not None else UNKNOWN_FLEET,
        paths=with_paths(KNOWN, arguments.template_path),
    )
    return convert_all(arguments.filename, options, Destination(arguments.output, arguments.in_place, arguments.check))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"--config {path}: {getattr(error, 'strerror', None) or error}; give a YAML file"
        ) from error
