"""Selectors of devices in CEL. What a user wrote goes into them as an escaped literal, and in no other way.

Source: cel-spec, "Values"; resource.k8s.io/v1 CELDeviceSelector. Every attribute that is read here is on every device of the driver,
since an absent one fails the whole node. Pure. Not here: which alternatives a request has (webhook.conversion.preferences).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from catalog.errors import InvalidInputError
from catalog.names import CAPACITY_MEMORY, DRIVER, MIB
from catalog.quantity import format_quantity
from webhook.conversion.wishes import (
    AVOID_INDEX,
    AVOID_TYPE,
    AVOID_UUID,
    USE_INDEX,
    USE_TYPE,
    USE_UUID,
    Wishes,
    lowered,
)

LENGTH_LIMIT: Final = 10 * 1024
"""Bytes of an expression (resource.k8s.io/v1, CELSelectorExpressionMaxLength)."""

_ATTRIBUTES: Final = f'device.attributes["{DRIVER}"]'
_MEMORY: Final = f'device.capacity["{DRIVER}"].{CAPACITY_MEMORY}'
_PREFIX: Final = "nvidia-"
"""HAMi calls a card `NVIDIA-<product name>`: a type that was copied from there has to match as well."""

BUSY: Final = f"{_ATTRIBUTES}.busy"
IDLE: Final = f"!{BUSY}"
BUSY_NODE: Final = f"{_ATTRIBUTES}.nodeBusy"
IDLE_NODE: Final = f"!{BUSY_NODE}"


def literal(text: str) -> str:
    """Return a string as a CEL literal: nothing but printable ASCII, quotes and backslashes escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isascii() and char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def card_selectors(wishes: Wishes) -> tuple[str, ...]:
    """Return the expressions that are all true of the cards that the wishes allow; none is all cards.

    Raises `InvalidInputError` naming the annotation that would need a longer expression than a selector may have.
    """
    found = {
        USE_TYPE: " || ".join(map(_of_type, wishes.use_types)),
        AVOID_TYPE: " && ".join(f"!{_of_type(part)}" for part in wishes.avoid_types),
        USE_UUID: _among("uuid", map(literal, wishes.use_uuids)),
        AVOID_UUID: _not(_among("uuid", map(literal, wishes.avoid_uuids))),
        USE_INDEX: _among("index", map(str, wishes.use_indexes)),
        AVOID_INDEX: _not(_among("index", map(str, wishes.avoid_indexes))),
    }
    for annotation, expression in found.items():
        if len(expression) > LENGTH_LIMIT:
            raise InvalidInputError(
                f"annotation {annotation}: is too long for a selector of devices, which has {LENGTH_LIMIT} bytes; write fewer items"
            )
    return tuple(filter(None, found.values()))


def memory_selector(least_mib: int, most_mib: int) -> str:
    """Return the expression that is true of devices with so much memory, from least to most MiB."""
    if least_mib == most_mib:
        return f"{_MEMORY}.compareTo({_quantity(least_mib)}) == 0"
    return f"{_MEMORY}.compareTo({_quantity(least_mib)}) >= 0 && {_MEMORY}.compareTo({_quantity(most_mib)}) <= 0"


def allows(wishes: Wishes, product_name: str) -> bool:
    """Return whether cards of this name can be among those that `card_selectors` are true of; a name that is empty may be any."""
    if not product_name or not (wishes.use_types or wishes.avoid_types):
        return True
    name = _as_hami_says(product_name)
    wanted = not wishes.use_types or any(part in name for part in wishes.use_types)
    return wanted and not any(part in name for part in wishes.avoid_types)


@lru_cache(maxsize=256)
def _as_hami_says(product_name: str) -> str:
    return _PREFIX + lowered(product_name)


def _of_type(part: str) -> str:
    name = f"{_ATTRIBUTES}.productName.lowerAscii()"
    if part in _PREFIX or any(part.startswith(_PREFIX[start:]) for start in range(len(_PREFIX))):
        name = f"({literal(_PREFIX)} + {name})"
    return f"{name}.contains({literal(part)})"


def _among(attribute: str, literals: Iterable[str]) -> str:
    values = ", ".join(literals)
    return f"{_ATTRIBUTES}.{attribute} in [{values}]" if values else ""


def _not(condition: str) -> str:
    return f"!({condition})" if condition else ""


def _quantity(mib: int) -> str:
    return f"quantity({literal(format_quantity(mib * MIB))})"
