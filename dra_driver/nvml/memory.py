"""NVML's door for the memory of cards: how much they have, and how much of it is in use. Source: nvml.h, nvmlDeviceGetMemoryInfo_v2.

Not here: who uses it (dra_driver.nvml.processes).
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pynvml

from dra_driver.nvml.cards import session


@dataclass(frozen=True, slots=True)
class CardMemory:
    """Of one card; what its driver keeps for itself is in neither."""

    usable_bytes: int
    used_bytes: int


def read_memory(driver_root: Path, uuids: Collection[str]) -> dict[str, CardMemory]:
    """Return the memory of each card that says it, by UUID. Raises `UnavailableError` where NVML fails as a whole."""
    found = {}
    with session(driver_root):
        for uuid in uuids:
            try:
                handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
                memory = pynvml.nvmlDeviceGetMemoryInfo(handle, version=pynvml.nvmlMemory_v2)
            except pynvml.NVMLError:  # lost; the health watch says so
                continue
            found[uuid] = CardMemory(memory.total - memory.reserved, memory.used)
    return found
