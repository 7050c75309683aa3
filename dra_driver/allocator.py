"""How the C library keeps memory for this process: in one pool, and not in one for each thread that asks.

The driver's threads take turns at the interpreter anyway; with a pool each, what a burst of pods needed stays with every thread.
Source: mallopt(3). Not here: Python's own pools, which are as they are.
"""

import ctypes
from typing import Final

_M_ARENA_MAX: Final = -8


def use_one_arena() -> None:
    """Take effect for what is allocated from now on; call it before threads start. A C library without arenas needs none of it."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
