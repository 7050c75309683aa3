"""NVML's door to MIG: the MIG devices of a card, inside a session of dra_driver.nvml.cards.

Source: nvml.h, multi-instance GPU. Where a GPU instance lies is told to root alone. Not here: their files (dra_driver.cards.driver_root).
"""

import logging
from collections.abc import Iterator
from typing import Final

import pynvml

from catalog.names import MIB
from dra_driver.cards.mig import MigDevice, smallest_first

_LOG: Final = logging.getLogger(__name__)


def read_mig_devices(card: object) -> tuple[MigDevice, ...]:
    """Return the MIG devices of a card's handle, smallest first; none for a card that is not in MIG mode.

    One that cannot be read, as it is destroyed meanwhile, is left out and named in the log. Raises `pynvml.NVMLError`.
    """
    return smallest_first(_devices(card))


def _devices(card: object) -> Iterator[MigDevice]:
    for index in range(_most(card)):
        try:
            handle = pynvml.nvmlDeviceGetMigDeviceHandleByIndex(card, index)
            device = _device(card, handle)
        except pynvml.NVMLError_NotFound:
            continue  # indexes may have gaps
        if device.profile:
            yield device
        else:
            _LOG.error("MIG device %s: the driver does not say its profile; left out", device.uuid)


def _most(card: object) -> int:
    try:
        return int(pynvml.nvmlDeviceGetMaxMigDeviceCount(card))
    except (pynvml.NVMLError_NotSupported, pynvml.NVMLError_FunctionNotFound):
        return 0


def _device(card: object, handle: object) -> MigDevice:
    gpu_instance = int(pynvml.nvmlDeviceGetGpuInstanceId(handle))
    placement = pynvml.nvmlGpuInstanceGetInfo(pynvml.nvmlDeviceGetGpuInstanceById(card, gpu_instance)).placement
    attributes = pynvml.nvmlDeviceGetAttributes_v2(handle)
    return MigDevice(
        uuid=str(pynvml.nvmlDeviceGetUUID(handle)),
        profile=profile_in(str(pynvml.nvmlDeviceGetName(handle))),
        gpu_instance=gpu_instance,
        compute_instance=int(pynvml.nvmlDeviceGetComputeInstanceId(handle)),
        start=int(placement.start),
        memory_bytes=int(attributes.memorySizeMB) * MIB,
        multiprocessors=int(attributes.multiprocessorCount),
    )


def profile_in(name: str) -> str:
    """Return the profile at the end of a MIG device's name, `NVIDIA A100-SXM4-80GB MIG 1g.10gb`; empty where there is none."""
    return name.rpartition(" MIG ")[2].strip() if " MIG " in name else ""
