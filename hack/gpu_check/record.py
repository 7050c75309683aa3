"""The generated block of docs/measurements.md: what `make gpu-check` last saw on each kind of card. Pure, but for the file."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from dra_driver.cards.card import Card
from hack.gpu_check.checks import Finding

_BEGIN: Final = "<!-- gpu-check: begin; written by make gpu-check -->\n"
_END: Final = "<!-- gpu-check: end -->\n"
_NOTHING: Final = "`make gpu-check` has not yet been run on a GPU.\n"
_HEADING: Final = re.compile(r"^### ", flags=re.MULTILINE)


def section(card: Card, today: date, findings: Sequence[Finding]) -> str:
    """Return the part of one card."""
    cuda = ".".join(map(str, card.cuda_version))
    rows = [f"| {finding.what} | {finding.seen} | {finding.verdict} |" for finding in findings]
    return "\n".join(
        [
            f"### {card.product_name}",
            "",
            f"{today.isoformat()}, driver {card.driver_version}, CUDA {cuda}.",
            "",
            "| what | seen | |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def recorded(document: str, part: str) -> str:
    """Return the document with a card's part in its block, in the place of an older one of that card."""
    before, begin, rest = document.partition(_BEGIN)
    block, end, after = rest.partition(_END)
    if not (begin and end):
        raise InvalidInputError(
            f"there is no block between {_BEGIN.strip()} and {_END.strip()}; write both lines into it"
        )
    heading = part.partition("\n")[0]
    older = [f"### {text.strip()}\n" for text in _HEADING.split(block.replace(_NOTHING, "")) if text.strip()]
    kept = [text for text in older if text.partition("\n")[0] != heading]
    return before + _BEGIN + "\n".join([*kept, part]) + _END + after


def write(path: Path, part: str) -> None:
    """Put a card's part into the file. Raises `InvalidInputError` where the file has no block."""
    path.write_text(recorded(path.read_text(), part))
