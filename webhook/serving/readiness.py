"""Whether this replica is to be asked: named conditions, all of which must hold, and that it is not about to end.

Whoever has to be ready before answers are right registers a condition. Not here: how it is asked (webhook.serving.server).
"""

from collections.abc import Callable
from typing import Final

Condition = Callable[[], bool]

SERVING: Final = "serving"
"""The condition that ends when the program is told to stop."""


class Readiness:
    """The conditions of one program. Without any, it is ready."""

    def __init__(self) -> None:
        self.is_draining: bool = False
        """Whether the program is about to end: it answers what still comes, and asks for no more."""
        self._conditions: dict[str, Condition] = {SERVING: lambda: not self.is_draining}

    def require(self, name: str, condition: Condition) -> None:
        """Be ready only while `condition` holds; it is asked at each probe, so it must be cheap. A name can be given once."""
        if name in self._conditions:
            raise ValueError(f"the condition {name!r} is there already")
        self._conditions[name] = condition

    def drain(self) -> None:
        """Be ready no more."""
        self.is_draining = True

    def states(self) -> dict[str, bool]:
        """Return which conditions hold now, in the order in which they were registered."""
        return {name: condition() for name, condition in self._conditions.items()}

    def unmet(self) -> tuple[str, ...]:
        """Return the names of those that do not hold; none means ready."""
        return tuple(name for name, is_met in self.states().items() if not is_met)
