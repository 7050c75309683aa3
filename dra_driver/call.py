"""The call of the kubelet that is being answered: which claim it is about, and which pods wait for it.

Whatever is logged or reported while a call runs may ask for it here, without being handed it. Not here: what calls do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod, as a claim names those it is reserved for."""

    namespace: str
    name: str
    uid: str


@dataclass(slots=True)
class Call:
    """One claim of one call. The pods become known when the claim has been read."""

    namespace: str
    name: str
    uid: str
    pods: tuple[Pod, ...] = ()


_CURRENT: Final[ContextVar[Call | None]] = ContextVar("call", default=None)


def current_call() -> Call | None:
    """Return the call that this code runs for, or None."""
    return _CURRENT.get()


@contextmanager
def answering(call: Call) -> Iterator[Call]:
    """Make `call` the current one inside the block, and in tasks and threads that are started there."""
    token = _CURRENT.set(call)
    try:
        yield call
    finally:
        _CURRENT.reset(token)
