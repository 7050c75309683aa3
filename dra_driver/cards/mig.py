"""A MIG device: the part of a card in MIG mode that one container can have for itself, as values.

Source: NVIDIA MIG User Guide (a MIG device is a compute instance in a GPU instance). Not here: the card (dra_driver.cards.card), NVML
(dra_driver.nvml.mig), and how MIG devices are offered (dra_driver.slices.mig_devices).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class MigDevice:
    """One MIG device that exists."""

    uuid: str
    """`MIG-…`."""
    profile: str
    """`1g.10gb`; with `1c.` before it where it is not all of its GPU instance."""
    gpu_instance: int
    compute_instance: int
    start: int
    """The first memory slice of its GPU instance on the card."""
    memory_bytes: int
    """Of its GPU instance."""
    multiprocessors: int

    @property
    def name(self) -> str:
        """What its DRA device is called behind the card: `mig-1g10gb-0`.

        Compute instances that share a GPU instance share its start: their profile begins with `<n>c.`, and their number tells
        them apart.
        """
        own = f"-c{self.compute_instance}" if "c." in self.profile else ""
        return f"mig-{_NOT_IN_A_NAME.sub('', self.profile.lower())}-{self.start}{own}"


def smallest_first(devices: Iterable[MigDevice]) -> tuple[MigDevice, ...]:
    """Return MIG devices in the order in which they are offered: a scheduler takes the first that fits."""
    return tuple(
        sorted(devices, key=lambda mig: (mig.memory_bytes, mig.multiprocessors, mig.start, mig.compute_instance))
    )
