"""Cards, claims and files as the driver's tests need them."""

from pathlib import Path
from typing import Any

from dra_driver.cards.card import Card
from dra_driver.cards.driver_root import DriverFile, DriverRoot
from dra_driver.containers.edits import NodeFiles
from dra_driver.containers.library import Library
from dra_driver.shares.time_pages import SamplePage

NODE = "node-a"
CLAIM_UID = "3c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d11"
SHARE_ID = "b7e3ff1b-52a4-4a9d-9d0a-6f2f6c1b8e02"

Object = dict[str, Any]


def card(index: int = 0, memory_mib: int = 81920, *, mig_enabled: bool = False) -> Card:
    return Card(
        index=index,
        minor=index,
        uuid=f"GPU-0000000{index % 10}-0000-4000-8000-{index:012d}",
        product_name="NVIDIA A100-SXM4-80GB",
        brand="Nvidia",
        architecture="Ampere",
        compute_capability=(8, 0),
        memory_bytes=memory_mib * 2**20,
        driver_version="580.95.05",
        cuda_version=(13, 0),
        pci_bus_id=f"0000:{0x17 + index:02x}:00.0",
        numa_node=index % 2,
        pcie_root="pci0000:10",
        mig_enabled=mig_enabled,
        nvlink_domain=index // 2 * 2,
    )


def share_result(
    device: str = "gpu-0-share",
    request: str = "main",
    share_id: str | None = SHARE_ID,
    memory: str = "4000Mi",
    cores: str = "30",
    slots: str = "100",
) -> Object:
    result = {"driver": "hami.io", "pool": NODE, "device": device, "request": request}
    consumed = {"memory": memory, "cores": cores, "slots": slots}
    return result | ({"shareID": share_id} if share_id else {}) | {"consumedCapacity": consumed}


def whole_result(device: str = "gpu-0", request: str = "main") -> Object:
    return {"driver": "hami.io", "pool": NODE, "device": device, "request": request}


def claim_object(
    *results: Object, config: list[Object] | None = None, uid: str = CLAIM_UID, name: str = "claim"
) -> Object:
    devices = {"results": list(results)} | ({"config": config} if config else {})
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaim",
        "metadata": {"namespace": "team", "name": name, "uid": uid},
        "spec": {"devices": {}},
        "status": {"allocation": {"devices": devices, "nodeSelector": {}}},
    }


def opaque(parameters: Object, *requests: str, source: str = "FromClaim", driver: str = "hami.io") -> Object:
    config = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig"} | parameters
    return {"source": source, "requests": list(requests), "opaque": {"driver": driver, "parameters": config}}


def add_sample(limits: Path, busy_ns: int, now_ns: int) -> None:
    """Write on a limits page what the node saw of a share's time."""
    page = SamplePage(limits)
    page.add_busy(busy_ns)
    page.date(now_ns)
    page.close()


def files_of_simulated_node(*cards: Card) -> NodeFiles:
    root = "/var/lib/hami.io/simulated"
    libraries = [f"/usr/lib/x86_64-linux-gnu/{name}" for name in ("libcuda.so.1", "libnvidia-ml.so.1")]
    return NodeFiles(
        driver_root=DriverRoot(
            libraries=tuple(
                DriverFile(root + path, path, is_device=False) for path in ("/usr/bin/nvidia-smi", *libraries)
            ),
            control_files=(),
            device_files={
                card.uuid: DriverFile(f"{root}/dev/hami-sim{card.index}", f"/dev/hami-sim{card.index}", is_device=False)
                for card in cards
            },
        ),
        library=Library(Path("/var/lib/hami.io/lib/0123/libvgpu.so"), Path("/var/lib/hami.io/lib/0123/ld.so.preload")),
        shares=Path("/var/lib/hami.io/shares"),
        metadata=Path("/var/lib/hami.io/metadata"),
    )


def files_of_real_node(*cards: Card) -> NodeFiles:
    library = "/usr/lib/x86_64-linux-gnu/libcuda.so.1"
    return NodeFiles(
        driver_root=DriverRoot(
            libraries=(DriverFile(library, library, is_device=False),),
            control_files=tuple(
                DriverFile(path, path, is_device=True) for path in ("/dev/nvidiactl", "/dev/nvidia-uvm")
            ),
            device_files={
                card.uuid: DriverFile(f"/dev/nvidia{card.minor}", f"/dev/nvidia{card.minor}", is_device=True)
                for card in cards
            },
        ),
        library=Library(Path("/var/lib/hami.io/lib/0123/libvgpu.so"), Path("/var/lib/hami.io/lib/0123/ld.so.preload")),
        shares=Path("/var/lib/hami.io/shares"),
        metadata=Path("/var/lib/hami.io/metadata"),
    )
