"""What became of a review, in a few fixed words: the labels of its metrics.

Not here: counting (webhook.metrics).
"""

from collections.abc import Callable
from typing import Final

from webhook.conversion.review import Response

MALFORMED: Final = ("malformed", "BadRequest")
"""Of what is no review; it is answered with HTTP 400."""
_PASSING: Final = 500
"""From here on an HTTP status says that it is not the object's fault."""


Observe = Callable[[str, str, str, float], None]
"""Counts and times one review: what was asked (`mutate`, `validate`), outcome, reason, seconds."""


def unobserved(_review: str, _outcome: str, _reason: str, _duration_s: float) -> None:
    """Count nothing."""


def outcome_of(response: Response) -> tuple[str, str]:
    """Return the outcome (`converted`, `unchanged`, `refused` for the object's sake, `failed` for ours), and the reason of the last two."""
    if response.allowed:
        return ("converted" if response.patch else "unchanged"), ""
    status = response.status
    if status is None:
        return "refused", ""
    return ("failed" if status.code >= _PASSING else "refused"), status.reason
