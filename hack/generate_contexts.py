"""Generates docs/contexts.md from the table of dra_driver.cards.contexts, or with `--check` says whether it is up to date."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dra_driver.cards.contexts import ESTIMATE, MEASURED, PUBLISHED, SIZES, ContextSize

PAGE: Final = Path(__file__).parents[1] / "docs/contexts.md"
_HEAD: Final = """\
# What contexts take

Generated from dra_driver/cards/contexts.py. What an empty CUDA context takes of a card: a share is charged it from when a process makes
one until it ends it ([architecture](architecture.md), "Contexts are part of the share"). The first row that fits counts: of the
model whose name the card's begins with (the longest), else of its architecture, else the last.

"""
_TAIL: Final = """
Where NVML shows what processes hold, what is missing here is charged within two seconds, and what is too much only leaves the share less.
Most published figures are of PyTorch's first call. They grow with the multiprocessors: 3.0 to 3.1 MiB for each on four cards of Ampere,
Ada Lovelace and Blackwell, 3.8 on a V100, 4.2 on a B200; by that the estimates are made. `make gpu-check` measures the card that it finds.
"""


def page(sizes: Sequence[ContextSize]) -> str:
    """Return the page: how many figures are how certain, and all of them."""
    counts = Counter(_kind(size) for size in sizes)
    sure = (
        f"Of {len(sizes)} figures {counts[MEASURED]} were measured on a GPU with this project's own `make gpu-check`, "
    )
    sure += f"{counts[PUBLISHED]} are published by others and {counts[ESTIMATE]} are estimates.\n\n"
    rows = ["| card | driver | MiB | source |", "| --- | --- | --- | --- |", *map(_row, sizes)]
    return _HEAD + sure + "\n".join(rows) + "\n" + _TAIL


def _row(size: ContextSize) -> str:
    card = size.model or (f"any {size.architecture}" if size.architecture else "any other")
    return f"| {card} | {size.branch or ''} | {size.size_mib} | {size.source} |"


def _kind(size: ContextSize) -> str:
    return size.source.split()[0].rstrip(":")


def main() -> int:
    """Write the page, or compare it; return the exit code."""
    wanted = page(SIZES)
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(wanted)
        return 0
    if PAGE.exists() and PAGE.read_text() == wanted:
        return 0
    print("docs/contexts.md is stale; run `python -m hack.generate_contexts`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
