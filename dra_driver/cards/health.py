"""Whether a card is well: from what NVML says of it, and the XID errors it reported, to a verdict with its reason. Pure.

The driver's own advice decides where it gives any (from R570 on): an error stands until nothing needs to be done about the card.
Before, it stands until this process is started again. Not here: asking NVML (dra_driver.nvml.watch), taints (dra_driver.health.taints).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

PROGRAM_ERRORS: Final = frozenset({13, 31, 43, 45, 68, 109})
"""XID errors that a program causes, and that end with it. Source: NVIDIA, XID errors (docs.nvidia.com/deploy/xid-errors)."""
SETTLING_S: Final = 10.0
"""How long after an error the driver may still be making up its mind about the card."""


class Condition(Enum):
    """What is known of a card."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardHealth:
    """A verdict: `reason` is one word for a taint (a label's value), `message` is for people; empty where all is well."""

    condition: Condition
    reason: str = ""
    message: str = ""


HEALTHY: Final = CardHealth(Condition.HEALTHY)


@dataclass(frozen=True, slots=True)
class Signs:
    """What NVML says of one card at one look."""

    lost: bool = False
    """It fell off the bus, or the driver does not find it any more."""
    failure: str = ""
    """NVML's words where it could not answer."""
    advice: str | None = None
    """What the driver says must be done to recover the card; empty: nothing; None: this driver cannot say."""
    uncorrected_ecc_errors: int = 0
    """Since its last reset; 0 on a card without ECC."""


@dataclass(frozen=True, slots=True)
class XidError:
    """A critical error that a card reported."""

    number: int
    at_s: float
    """On the monotonic clock."""
    advised: bool = False
    """Whether the driver has advised something since."""


@dataclass(frozen=True, slots=True)
class Look:
    """All cards at one moment, by UUID, and the XID errors that came since the last look, in order."""

    signs: Mapping[str, Signs]
    errors: tuple[tuple[str, int], ...] = ()

    def errors_of(self, uuid: str) -> tuple[int, ...]:
        """Return the numbers of one card's errors, in order."""
        return tuple(number for card, number in self.errors if card == uuid)


def standing(error: XidError | None, new: Sequence[int], signs: Signs, now_s: float) -> XidError | None:
    """Return the error that stands after a look: the latest of `new` that is one of the card, else `error` until it is settled."""
    critical = [number for number in new if number not in PROGRAM_ERRORS]
    if critical:
        error = XidError(critical[-1], now_s)
    if error is None or signs.lost or signs.failure or signs.advice is None:
        return error
    if signs.advice:
        return replace(error, advised=True)
    settled = error.advised or now_s - error.at_s >= SETTLING_S
    return None if settled else error


def judge(signs: Signs, error: XidError | None) -> CardHealth:
    """Return the verdict on a card. A card that NVML cannot answer for is not known to be sick.

    ECC errors count unless the driver says that nothing needs to be done: since Ampere it sets the broken rows aside.
    """
    if signs.lost:
        return _unhealthy("lost", "the card fell off the bus; reboot the node, or reset the card's bus")
    if error is not None:
        return _unhealthy(f"xid-{error.number}", f"XID error {error.number}; {_remedy(signs)}")
    if signs.failure:
        return CardHealth(Condition.UNKNOWN, message=f"NVML does not answer for the card: {signs.failure}")
    if signs.uncorrected_ecc_errors and signs.advice != "":
        return _unhealthy("ecc", f"{signs.uncorrected_ecc_errors} uncorrected ECC errors; {_remedy(signs)}")
    if signs.advice:
        return _unhealthy("recovery-needed", f"the driver says: {signs.advice}")
    return HEALTHY


def _remedy(signs: Signs) -> str:
    if signs.advice:
        return f"the driver says: {signs.advice}"
    return "look it up in the node's kernel log, and reset the card if it does not recover"


def _unhealthy(reason: str, message: str) -> CardHealth:
    return CardHealth(Condition.UNHEALTHY, reason, message)
