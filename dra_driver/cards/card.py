"""A physical card, as the driver knows it: the value that NVML fills in and slices, claims and edits are made from."""

from dataclasses import dataclass

from dra_driver.cards.mig import MigDevice


@dataclass(frozen=True, slots=True)
class Card:
    """One card. Versions are (major, minor); `pci_bus_id` is as in sysfs (`0000:17:00.0`)."""

    index: int
    minor: int
    """Number of its device file, `/dev/nvidia<minor>`."""
    uuid: str
    product_name: str
    brand: str
    architecture: str
    compute_capability: tuple[int, int]
    memory_bytes: int
    """0 where the driver does not say: memory that the card shares with the machine."""
    driver_version: str
    cuda_version: tuple[int, int]
    pci_bus_id: str
    numa_node: int | None
    """None where the machine does not say."""
    pcie_root: str | None
    """`pci<domain>:<bus>`; None where the machine does not say."""
    mig_enabled: bool
    nvlink_domain: int | None = None
    """NVLink island: the lowest index in it (dra_driver.cards.islands). None where nobody looked."""
    mig_devices: tuple[MigDevice, ...] = ()
    """Of a card in MIG mode, smallest first."""

    @property
    def device_name(self) -> str:
        """Name of the device that is the whole card."""
        return f"gpu-{self.index}"

    @property
    def share_device_name(self) -> str:
        """Name of the device of which shares are given."""
        return f"gpu-{self.index}-share"

    def mig_device_name(self, mig: MigDevice) -> str:
        """Return the name of the device that is one of its MIG devices."""
        return f"{self.device_name}-{mig.name}"
