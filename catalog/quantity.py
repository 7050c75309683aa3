"""Kubernetes quantities, exact both ways, as whole numbers of their unit.

Source: k8s.io/apimachinery/pkg/api/resource/quantity.go. Values that are not whole (`100m` of a byte) are refused:
nothing here is divisible. Not here: what a quantity means.

>>> parse_quantity("1.5Gi")
1610612736
>>> format_quantity(1610612736)
'1536Mi'
"""

import re
from fractions import Fraction
from typing import Final

from catalog.errors import InvalidInputError

_PATTERN: Final = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?", re.ASCII)
_BINARY: Final = {f"{prefix}i": 1024**power for power, prefix in enumerate("KMGTPE", start=1)}
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_LIMIT: Final = 2**63 - 1
_MAX_LENGTH: Final = 64
_PLAIN_DIGITS: Final = 18
"""So many digits fit 63 bits whatever they are: most quantities are these, and need no fraction."""


def parse_quantity(text: str) -> int:
    """Return the value of a quantity in its unit (bytes, percent, pieces).

    Raises `InvalidInputError` for anything that is no quantity, is not whole, or does not fit 63 bits.
    """
    if text.isascii() and text.isdigit() and len(text) <= _PLAIN_DIGITS:
        return int(text)
    match = _PATTERN.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if match is None:
        raise InvalidInputError(f"{text[:_MAX_LENGTH]!r} is not a quantity; write a number such as 4000, 4Gi or 512Mi")
    sign, digits, suffix, exponent = match.groups()
    value = Fraction(digits) * _scale(suffix or "", exponent)
    if value.denominator != 1:
        raise InvalidInputError(f"{text!r} is not a whole number; write one such as 4000, 4Gi or 512Mi")
    if value > _LIMIT:
        raise InvalidInputError(f"{text!r} is too large; the largest quantity is {_LIMIT}")
    return -int(value) if sign == "-" else int(value)


def format_quantity(value: int) -> str:
    """Return the shortest exact form with a binary suffix, as the API server prints it: `4000Mi`, `80Gi`, `30`."""
    if value == 0:
        return "0"
    for suffix, factor in reversed(_BINARY.items()):
        if value % factor == 0:
            return f"{value // factor}{suffix}"
    return str(value)


def _scale(suffix: str, exponent: str | None) -> Fraction:
    if exponent is not None:
        return Fraction(10) ** int(exponent)
    return Fraction(_BINARY[suffix]) if suffix in _BINARY else Fraction(10) ** _DECIMAL[suffix]
