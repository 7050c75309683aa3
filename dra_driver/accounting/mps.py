"""MPS servers: whether a process is one, so that what NVML says of it is of its clients.

A server is told by its name, which any process can choose: so what is made of it may spare a process an event and an eviction, but never
drops it unsaid. Sources: NVIDIA, Multi-Process Service (the server owns the context on the card and is listed for its clients; since Volta
clients have contexts of their own and are listed too); proc_pid_comm(5).
"""

from pathlib import Path
from typing import Final

_NAME: Final = "nvidia-cuda-mps"
"""Of nvidia-cuda-mps-server, as far as the kernel keeps it."""


def serves_mps(pid: int, proc: Path = Path("/proc")) -> bool:
    """Return whether a process calls itself an MPS server; False for one that is gone."""
    try:
        return (proc / str(pid) / "comm").read_text(errors="replace").strip() == _NAME
    except OSError:
        return False
