"""Which boot of the machine this is: what lives in memory, pages and containers, is of one boot alone."""

from pathlib import Path
from typing import Final
from uuid import UUID

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def read_boot_id() -> UUID:
    """Return the id of this boot of the machine (proc_sys_kernel(5))."""
    return UUID(_BOOT_ID.read_text().strip())
