"""`python -m hack.gpu_check`, which `make gpu-check` calls. Ends with 0: all holds; 1: something does not; 77: there is no GPU."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from catalog.errors import HamiError, InvalidInputError, UnavailableError
from catalog.names import MIB
from dra_driver.cards.card import Card
from dra_driver.cards.contexts import context_size
from dra_driver.nvml.cards import read_cards
from hack.gpu_check.checks import CHECKS, Bench, Finding
from hack.gpu_check.record import section, write
from hack.gpu_check.tenant import REPOSITORY
from hack.gpu_check.time_checks import TIME_CHECKS
from hack.gpu_check.truth import Truth

NO_GPU: Final = 77
SECONDS: Final = 10
QUICK_SECONDS: Final = 2
KINDS: Final = {"memory": CHECKS, "time": TIME_CHECKS}
MEASUREMENTS: Final = REPOSITORY / "docs/measurements.md"


def main() -> int:
    """Check, show, and write down where that is wanted; return the exit code."""
    arguments = _parser().parse_args()
    try:
        cards = _cards(arguments.driver_root)
    except UnavailableError as error:
        print(f"gpu-check: no GPU is at hand, nothing was checked: {error}", file=sys.stderr)
        return NO_GPU
    try:
        card = _chosen(cards, arguments.card)
        findings = _check(card, arguments)
    except HamiError as error:
        print(f"gpu-check: {error}", file=sys.stderr)
        return 1
    if arguments.write:
        write(MEASUREMENTS, section(card, date.today(), findings))
        print(f"written into {MEASUREMENTS.relative_to(REPOSITORY)}")
    return int(any(finding.verdict == "fails" for finding in findings))


def _cards(driver_root: Path) -> Sequence[Card]:
    cards = read_cards(driver_root)
    if not cards:
        raise UnavailableError("NVML shows no card")
    return cards


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make gpu-check", description="What the interceptor holds on a real GPU.")
    parser.add_argument(
        "--driver-root", type=Path, default=Path("/"), metavar="DIR", help="where the NVIDIA driver stands"
    )
    parser.add_argument("--card", default="0", metavar="UUID|INDEX", help="an idle card (%(default)s)")
    parser.add_argument(
        "--share-mib", type=int, default=4096, metavar="N", help="size of a tenant's share (%(default)s)"
    )
    parser.add_argument(
        "--context-mib",
        type=int,
        metavar="N",
        help="what contexts are charged (default: by dra_driver/cards/contexts.py)",
    )
    parser.add_argument("--python", default=sys.executable, metavar="FILE", help="a Python that has PyTorch")
    parser.add_argument(
        "--only",
        choices=[*KINDS, *(check.__name__ for checks in KINDS.values() for check in checks)],
        action="append",
        metavar="WHAT",
        help="check this alone: %(choices)s; may be said several times (default: all)",
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"measure times for {QUICK_SECONDS} s each, not for {SECONDS}"
    )
    parser.add_argument(
        "--traces",
        type=Path,
        default=REPOSITORY / "build/gpu-check",
        metavar="DIR",
        help="where programs leave their traces (%(default)s)",
    )
    parser.add_argument("--write", action="store_true", help="write the result into docs/measurements.md")
    return parser


def _chosen(cards: Sequence[Card], wanted: str) -> Card:
    for card in cards:
        if wanted in (card.uuid, str(card.index)):
            if card.mig_enabled:
                raise InvalidInputError(
                    f"card {wanted} is in MIG mode, where the hardware holds the limits; name another"
                )
            return card
    raise InvalidInputError(f"there is no card {wanted}; there are {', '.join(card.uuid for card in cards)}")


def _checks(only: Collection[str] | None) -> list[Callable[[Bench], Iterator[Finding]]]:
    named = [(kind, check) for kind, checks in KINDS.items() for check in checks]
    return [check for kind, check in named if only is None or {kind, check.__name__} & set(only)]


def _check(card: Card, arguments: argparse.Namespace) -> list[Finding]:
    truth = Truth(arguments.driver_root, card)
    if truth.others():
        raise InvalidInputError(f"card {card.uuid} is in use by {truth.others()} processes; end them or name another")
    size = context_size(card)
    charged_mib, source = (size.size_mib, size.source)
    if arguments.context_mib is not None:
        charged_mib, source = arguments.context_mib, "--context-mib"
    print(
        f"{card.product_name} {card.uuid}, driver {card.driver_version}; contexts are charged {charged_mib} MiB ({source})"
    )
    findings = []
    arguments.traces.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hami-gpu-check-") as folder:
        bench = Bench(
            card,
            arguments.driver_root,
            Path(folder),
            arguments.share_mib,
            charged_mib * MIB,
            truth,
            arguments.python,
            QUICK_SECONDS if arguments.quick else SECONDS,
            arguments.traces.resolve(),
        )
        for check in _checks(arguments.only):
            for finding in check(bench):
                print(f"  {finding.verdict:9} {finding.what}: {finding.seen}", flush=True)
                findings.append(finding)
    return findings


if __name__ == "__main__":
    sys.exit(main())
