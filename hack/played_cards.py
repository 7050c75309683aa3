"""A card of a node that is only played: what a bench or a probe of the scheduler publishes, where no driver runs.

Not here: its slices (dra_driver.slices.plan).
"""

from dra_driver.cards.card import Card


def played_card(node_name: str, index: int, *, numa_node: int, pcie_root: str, nvlink_domain: int) -> Card:
    """Return an A100 of 80 GB. `nvlink_domain` is the lowest index of the cards that it is linked with."""
    return Card(
        index=index,
        minor=index,
        uuid=f"GPU-{node_name}-{index}",
        product_name="NVIDIA A100-SXM4-80GB",
        brand="Nvidia",
        architecture="Ampere",
        compute_capability=(8, 0),
        memory_bytes=80 * 2**30,
        driver_version="580.95.05",
        cuda_version=(13, 0),
        pci_bus_id=f"0000:{0x17 + index:02x}:00.0",
        numa_node=numa_node,
        pcie_root=pcie_root,
        mig_enabled=False,
        nvlink_domain=nvlink_domain,
    )
