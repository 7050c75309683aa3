"""NVML's door for processes: which hold memory of a card, and how much. Source: nvml.h, running processes.

PIDs are those of the PID namespace that the driver runs in. Not here: whose they are (dra_driver.shares.processes).
"""

from collections.abc import Collection
from pathlib import Path

import pynvml

from dra_driver.nvml.cards import session


def read_processes(driver_root: Path, uuids: Collection[str]) -> dict[str, dict[int, int]]:
    """Return the bytes of each process by PID, for each card; a card that is lost has none, and one that does not say it is left out.

    Raises `UnavailableError` where NVML fails as a whole.
    """
    with session(driver_root):
        found = {uuid: _of_card(uuid) for uuid in uuids}
    return {uuid: listed for uuid, listed in found.items() if listed is not None}


def _of_card(uuid: str) -> dict[int, int] | None:
    """Return None where the card does not say who computes on it; of graphics many do not."""
    found: dict[int, int] = {}
    computing = pynvml.nvmlDeviceGetComputeRunningProcesses_v3
    drawing = pynvml.nvmlDeviceGetGraphicsRunningProcesses_v3
    clients = pynvml.nvmlDeviceGetMPSComputeRunningProcesses_v3  # who may be in no other list
    for ask in (computing, drawing, clients):
        try:
            listed = ask(pynvml.nvmlDeviceGetHandleByUUID(uuid))
        except (pynvml.NVMLError_NotSupported, pynvml.NVMLError_NoPermission):
            if ask is computing:
                return None
            continue
        except pynvml.NVMLError:  # lost, or a driver without the question; the health watch says what is to be said
            continue
        for process in listed:  # a process with several kinds is in several lists, with the same bytes; None: not known
            found[process.pid] = max(found.get(process.pid, 0), process.usedGpuMemory or 0)
    return found
