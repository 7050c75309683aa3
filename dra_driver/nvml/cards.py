"""The one door to NVML: what cards this node has, as frozen values.

Real and simulated cards come in here alike; only the driver root differs. Source: nvml.h. Not here: what a container is given
of a card (dra_driver.cards.driver_root).
"""

import ctypes
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pynvml

from catalog.errors import UnavailableError
from dra_driver.cards.card import Card
from dra_driver.cards.driver_root import LIBRARY_FOLDERS
from dra_driver.cards.islands import SWITCH, nvlink_domains
from dra_driver.nvml.mig import read_mig_devices

_ARCHITECTURES: Final = {
    pynvml.NVML_DEVICE_ARCH_KEPLER: "Kepler",
    pynvml.NVML_DEVICE_ARCH_MAXWELL: "Maxwell",
    pynvml.NVML_DEVICE_ARCH_PASCAL: "Pascal",
    pynvml.NVML_DEVICE_ARCH_VOLTA: "Volta",
    pynvml.NVML_DEVICE_ARCH_TURING: "Turing",
    pynvml.NVML_DEVICE_ARCH_AMPERE: "Ampere",
    pynvml.NVML_DEVICE_ARCH_ADA: "Ada Lovelace",
    pynvml.NVML_DEVICE_ARCH_HOPPER: "Hopper",
    pynvml.NVML_DEVICE_ARCH_BLACKWELL: "Blackwell",
    pynvml.NVML_DEVICE_ARCH_RUBIN: "Rubin",
}
_BRANDS: Final = {
    pynvml.NVML_BRAND_QUADRO: "Quadro",
    pynvml.NVML_BRAND_TESLA: "Tesla",
    pynvml.NVML_BRAND_GEFORCE: "GeForce",
    pynvml.NVML_BRAND_NVS: "NVS",
    pynvml.NVML_BRAND_GRID: "Grid",
    pynvml.NVML_BRAND_TITAN: "Titan",
    pynvml.NVML_BRAND_NVIDIA_VAPPS: "NvidiaVApps",
    pynvml.NVML_BRAND_NVIDIA_VPC: "NvidiaVPC",
    pynvml.NVML_BRAND_NVIDIA_VCS: "NvidiaVCS",
    pynvml.NVML_BRAND_NVIDIA_VWS: "NvidiaVWS",
    pynvml.NVML_BRAND_NVIDIA_CLOUD_GAMING: "NvidiaCloudGaming",
    pynvml.NVML_BRAND_QUADRO_RTX: "QuadroRTX",
    pynvml.NVML_BRAND_NVIDIA_RTX: "NvidiaRTX",
    pynvml.NVML_BRAND_NVIDIA: "Nvidia",
    pynvml.NVML_BRAND_GEFORCE_RTX: "GeForceRTX",
    pynvml.NVML_BRAND_TITAN_RTX: "TitanRTX",
}
_LOG: Final = logging.getLogger(__name__)
_SYSTEM_SYSFS: Final = Path("/sys")


def read_cards(driver_root: Path) -> tuple[Card, ...]:
    """Return the cards that the driver under `driver_root` shows, by index.

    Raises `UnavailableError` when there is no driver or it does not answer.
    """
    with session(driver_root):
        driver_version = str(pynvml.nvmlSystemGetDriverVersion())
        cuda_major, cuda_rest = divmod(int(pynvml.nvmlSystemGetCudaDriverVersion_v2()), 1000)
        sysfs = _sysfs(driver_root)
        found = (
            _present(lambda index: _card(index, driver_version, (cuda_major, cuda_rest // 10), sysfs), index)
            for index in range(pynvml.nvmlDeviceGetCount())
        )
        cards = [card for card in found if card is not None]
        links = {card.pci_bus_id: frozenset(_linked(pynvml.nvmlDeviceGetHandleByIndex(card.index))) for card in cards}
        domains = nvlink_domains(cards, links)
        return tuple(replace(card, nvlink_domain=domains[card.uuid]) for card in cards)


@contextmanager
def session(driver_root: Path) -> Iterator[None]:
    """Keep NVML open inside the block; sessions may overlap. Raises `UnavailableError` where NVML fails."""
    _preload(driver_root)
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        raise UnavailableError(
            f"NVML under driver root {driver_root} does not start ({error}); install the NVIDIA driver, name its place with "
            "--driver-root, or run with --backend simulated --cards FILE"
        ) from error
    try:
        yield
    except pynvml.NVMLError as error:
        raise UnavailableError(
            f"NVML under driver root {driver_root} fails ({error}); does nvidia-smi work?"
        ) from error
    finally:
        pynvml.nvmlShutdown()


def _preload(driver_root: Path) -> None:
    """Load the NVML of a driver root other than `/`: pynvml opens it by soname, and the loader then knows that name."""
    if driver_root == Path("/"):
        return
    candidates = [driver_root / folder / "libnvidia-ml.so.1" for folder in LIBRARY_FOLDERS]
    library = next((path for path in candidates if path.exists()), None)
    if library is None:
        raise UnavailableError(
            f"driver root {driver_root}: no libnvidia-ml.so.1 in {', '.join(map(str, LIBRARY_FOLDERS))}; "
            "install the NVIDIA driver there or correct --driver-root"
        )
    try:
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    except OSError as error:
        raise UnavailableError(f"{library} cannot be loaded ({error}); install the driver anew") from error


def _present(read: Callable[[int], Card], index: int) -> Card | None:
    """Return a card; None for one that fell off the bus, so that it does not take the node's other cards with it."""
    try:
        return read(index)
    except pynvml.NVMLError_GpuIsLost:
        _LOG.error(
            "card %d: fell off the bus and is left out; when it is back (reboot the node, or reset its bus), restart the driver",
            index,
        )
        return None


def _card(index: int, driver_version: str, cuda_version: tuple[int, int], sysfs: Path) -> Card:
    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    address = _address(pynvml.nvmlDeviceGetPciInfo(handle))
    memory = _supported(pynvml.nvmlDeviceGetMemoryInfo, handle)
    major, minor = pynvml.nvmlDeviceGetCudaComputeCapability(handle)
    mig_enabled = _mig_enabled(handle)
    return Card(
        index=index,
        minor=pynvml.nvmlDeviceGetMinorNumber(handle),
        uuid=str(pynvml.nvmlDeviceGetUUID(handle)),
        product_name=str(pynvml.nvmlDeviceGetName(handle)),
        brand=_BRANDS.get(_supported(pynvml.nvmlDeviceGetBrand, handle), "Unknown"),
        architecture=_ARCHITECTURES.get(_supported(pynvml.nvmlDeviceGetArchitecture, handle), "Unknown"),
        compute_capability=(int(major), int(minor)),
        memory_bytes=0 if memory is None else int(memory.total),
        driver_version=driver_version,
        cuda_version=cuda_version,
        pci_bus_id=address,
        numa_node=read_numa_node(sysfs, address),
        pcie_root=read_pcie_root(sysfs, address),
        mig_enabled=mig_enabled,
        mig_devices=read_mig_devices(handle) if mig_enabled else (),
    )


def _address(pci: Any) -> str:  # noqa: ANN401  nvmlPciInfo_t
    return f"{pci.domain:04x}:{pci.bus:02x}:{pci.device:02x}.0"


def _linked(handle: object) -> Iterator[str]:
    """Yield what is at the far ends of a card's active NVLinks: PCI addresses, and `SWITCH`."""
    for link in range(pynvml.NVML_NVLINK_MAX_LINKS):
        try:
            if pynvml.nvmlDeviceGetNvLinkState(handle, link) != pynvml.NVML_FEATURE_ENABLED:
                continue
            kind = _supported(pynvml.nvmlDeviceGetNvLinkRemoteDeviceType, handle, link)
            yield SWITCH if kind == pynvml.NVML_NVLINK_DEVICE_TYPE_SWITCH else _far_end(handle, link)
        except (pynvml.NVMLError_NotSupported, pynvml.NVMLError_InvalidArgument, pynvml.NVMLError_FunctionNotFound):
            return  # there are no further links


def _far_end(handle: object, link: int) -> str:
    return _address(pynvml.nvmlDeviceGetNvLinkRemotePciInfo(handle, link))


def _supported(call: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401  whatever NVML returns
    """Return what NVML says, or None where card or driver cannot say."""
    try:
        return call(*arguments)
    except (pynvml.NVMLError_NotSupported, pynvml.NVMLError_FunctionNotFound):
        return None


def _mig_enabled(handle: object) -> bool:
    modes = _supported(pynvml.nvmlDeviceGetMigMode, handle)
    return modes is not None and modes[0] == pynvml.NVML_DEVICE_MIG_ENABLE


def _sysfs(driver_root: Path) -> Path:
    own = driver_root / "sys"
    return own if (own / "bus/pci/devices").is_dir() else _SYSTEM_SYSFS


def read_numa_node(sysfs: Path, pci_bus_id: str) -> int | None:
    """Return the NUMA node of a PCI device, or None where sysfs does not say (it writes -1 for that)."""
    try:
        node = int((sysfs / "bus/pci/devices" / pci_bus_id / "numa_node").read_text())
    except (OSError, ValueError):
        return None
    return node if node >= 0 else None


def read_pcie_root(sysfs: Path, pci_bus_id: str) -> str | None:
    """Return the PCIe root complex above a PCI device, `pci0000:17`, or None where sysfs does not say.

    Source: the standard attribute resource.kubernetes.io/pcieRoot, which is this part of the device's sysfs path.
    """
    try:
        target = (sysfs / "bus/pci/devices" / pci_bus_id).readlink()
    except OSError:
        return None
    return next((part for part in target.parts if part.startswith("pci") and ":" in part), None)
