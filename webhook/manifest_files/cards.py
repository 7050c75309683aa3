"""A fleet in words: what `--cards` says of a cluster that is not asked.

Pure. Not here: the cards of a cluster that is.
"""

import re
from typing import Final

from catalog.errors import InvalidInputError
from webhook.conversion.fleet import CardKind, Fleet

_KIND: Final = re.compile(r"(?:([^=,]{1,64})=)?([1-9][0-9]{0,6})(GiB|MiB|Gi|Mi)", re.ASCII)


def fleet_of(text: str) -> Fleet:
    """Return the fleet that `40GiB,NVIDIA A10=23028MiB` describes, the most frequent kind first.

    Raises `InvalidInputError` naming the part that is not understood.
    """
    parts = [part.strip() for part in text.split(",")]
    return Fleet(tuple(_kind(part, cards=len(parts) - place) for place, part in enumerate(parts)))


def _kind(text: str, cards: int) -> CardKind:
    match = _KIND.fullmatch(text)
    if match is None:
        raise InvalidInputError(
            f"--cards {text[:100]!r}: write a size such as 80GiB or 81920MiB, with a name before it NAME=80GiB"
        )
    name, number, unit = match.groups()
    return CardKind(name or "", int(number) * (1024 if unit.startswith("G") else 1), cards)
