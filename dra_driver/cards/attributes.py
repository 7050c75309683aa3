"""What a card and a MIG device are, as attributes of the DRA API: the same in slices, and in what a container reads. Pure.

Source: resource.k8s.io/v1, DeviceAttribute. Not here: attributes that change with who uses the cards (dra_driver.slices.devices).
"""

from typing import Any

from catalog.names import MIB, TYPE_MIG
from dra_driver.cards.card import Card
from dra_driver.cards.mig import MigDevice

_VENDOR = "nvidia"
STRING_LIMIT = 64
_NO_NUMA_NODE = -1
"""As sysfs has it: cards without one agree in that, so that pods whose cards must be of one NUMA node find room there too."""


def card_attributes(card: Card, device_type: str) -> dict[str, Any]:
    """Return the attributes that a card has whoever uses it."""
    strings = {
        "type": device_type,
        "vendor": _VENDOR,
        "uuid": card.uuid,
        "productName": card.product_name,
        "brand": card.brand,
        "architecture": card.architecture,
        "resource.kubernetes.io/pciBusID": card.pci_bus_id,
        "resource.kubernetes.io/pcieRoot": card.pcie_root,
    }
    integers = {
        "index": card.index,
        "memoryMiB": card.memory_bytes // MIB,
        "nvlinkDomain": card.nvlink_domain,
        "numaNode": _NO_NUMA_NODE if card.numa_node is None else card.numa_node,
        "resource.kubernetes.io/numaNode": card.numa_node,
    }
    versions = {
        "cudaComputeCapability": "{}.{}.0".format(*card.compute_capability),
        "cudaDriverVersion": "{}.{}.0".format(*card.cuda_version),
        "driverVersion": semantic_version(card.driver_version),
    }
    return (
        {name: {"string": value[:STRING_LIMIT]} for name, value in strings.items() if value is not None}
        | {name: {"int": value} for name, value in integers.items() if value is not None}
        | {name: {"version": value} for name, value in versions.items()}
    )


def mig_attributes(card: Card, mig: MigDevice) -> dict[str, Any]:
    """Return the attributes that a MIG device has whoever uses it: its card's, with its own memory, and what it is."""
    own = {
        "memoryMiB": {"int": mig.memory_bytes // MIB},
        "migUuid": {"string": mig.uuid},
        "profile": {"string": mig.profile},
    }
    return card_attributes(card, TYPE_MIG) | own


def semantic_version(text: str) -> str:
    """Return a driver version as semver 2.0.0, which allows no leading zeros: `580.95.05` becomes `580.95.5`."""
    parts = [int(part) for part in text.split(".") if part.isdecimal()]
    return ".".join(str(part) for part in (*parts, 0, 0, 0)[:3])
