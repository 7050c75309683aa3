"""The driver's capabilities of MIG instances: the device files without which a container cannot use a MIG device.

Source: NVIDIA MIG User Guide, Device Nodes and Capabilities. The kernel module says in /proc which minor number of
`/dev/nvidia-caps/nvidia-cap<minor>` opens an instance. Not here: what else a container gets of a card (dra_driver.cards.driver_root).
"""

import re
from pathlib import Path
from typing import Final

from dra_driver.cards.mig import MigDevice

FOLDER: Final = Path("driver/nvidia/capabilities")
"""Below /proc."""

_MINOR: Final = re.compile(r"^DeviceFileMinor:\s*(\d+)\s*$", re.ASCII | re.MULTILINE)


def access_files(proc: Path, card_minor: int, mig: MigDevice) -> tuple[Path, Path]:
    """Return where /proc speaks of the GPU instance and of the compute instance of a MIG device."""
    instance = proc / FOLDER / f"gpu{card_minor}/mig/gi{mig.gpu_instance}"
    return instance / "access", instance / f"ci{mig.compute_instance}/access"


def device_file(access_file: Path) -> Path | None:
    """Return the device file, below the driver root, that `access_file` speaks of; None where it does not say."""
    try:
        found = _MINOR.search(access_file.read_text())
    except OSError:
        return None
    return Path(f"dev/nvidia-caps/nvidia-cap{found[1]}") if found else None
