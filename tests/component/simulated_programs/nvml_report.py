"""Print, as JSON, what every NVML call that the project relies on answers through pynvml: `nvml_report.py LIBRARY`."""

import ctypes
import json
import sys
from collections.abc import Callable
from typing import Any

ctypes.CDLL(sys.argv[1], ctypes.RTLD_GLOBAL)

import pynvml  # noqa: E402  the loader must know the library first


def error_of(call: Callable[..., Any], *arguments: Any) -> int:  # noqa: ANN401  ctypes values
    """Return the error code of a call, 0 when it succeeds."""
    try:
        call(*arguments)
    except pynvml.NVMLError as error:
        return int(error.value)
    return 0


def card(handle: Any) -> dict[str, Any]:  # noqa: ANN401  a ctypes pointer
    """Return all that NVML says of one card."""
    memory, memory_v2 = (
        pynvml.nvmlDeviceGetMemoryInfo(handle),
        pynvml.nvmlDeviceGetMemoryInfo(handle, pynvml.nvmlMemory_v2),
    )
    pci, utilization = pynvml.nvmlDeviceGetPciInfo(handle), pynvml.nvmlDeviceGetUtilizationRates(handle)
    linked = error_of(pynvml.nvmlDeviceGetNvLinkState, handle, 0) == 0
    return {
        "name": pynvml.nvmlDeviceGetName(handle),
        "uuid": pynvml.nvmlDeviceGetUUID(handle),
        "index": pynvml.nvmlDeviceGetIndex(handle),
        "minor": pynvml.nvmlDeviceGetMinorNumber(handle),
        "brand": pynvml.nvmlDeviceGetBrand(handle),
        "architecture": pynvml.nvmlDeviceGetArchitecture(handle),
        "compute_capability": pynvml.nvmlDeviceGetCudaComputeCapability(handle),
        "memory": [memory.total, memory.used, memory.free],
        "memory_v2": [memory_v2.total, memory_v2.reserved, memory_v2.used, memory_v2.free],
        "pci": [pci.busId, pci.busIdLegacy, pci.domain, pci.bus, pci.device, pci.pciDeviceId],
        "by_bus_id": pynvml.nvmlDeviceGetUUID(pynvml.nvmlDeviceGetHandleByPciBusId(pci.busId)),
        "by_uuid": pynvml.nvmlDeviceGetIndex(pynvml.nvmlDeviceGetHandleByUUID(pynvml.nvmlDeviceGetUUID(handle))),
        "mig_error": error_of(pynvml.nvmlDeviceGetMigMode, handle),
        "utilization": [utilization.gpu, utilization.memory],
        "processes": [[p.pid, p.usedGpuMemory] for p in pynvml.nvmlDeviceGetComputeRunningProcesses(handle)],
        "link": pynvml.nvmlDeviceGetNvLinkState(handle, 0) if linked else None,
        "link_to": pynvml.nvmlDeviceGetNvLinkRemotePciInfo(handle, 0).busId if linked else None,
        "temperature": pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU),
        "power": pynvml.nvmlDeviceGetPowerUsage(handle),
    }


def main() -> None:
    """Report the whole node, and the errors of calls that must fail."""
    before = error_of(pynvml.nvmlDeviceGetCount)
    pynvml.nvmlInit()
    handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
    report = {
        "driver": pynvml.nvmlSystemGetDriverVersion(),
        "nvml": pynvml.nvmlSystemGetNVMLVersion(),
        "cuda": [pynvml.nvmlSystemGetCudaDriverVersion(), pynvml.nvmlSystemGetCudaDriverVersion_v2()],
        "cards": [card(handle) for handle in handles],
        "errors": {
            "before init": before,
            "index out of range": error_of(pynvml.nvmlDeviceGetHandleByIndex, len(handles)),
            "unknown uuid": error_of(pynvml.nvmlDeviceGetHandleByUUID, "GPU-0"),
            "unknown bus id": error_of(pynvml.nvmlDeviceGetHandleByPciBusId, "0000:00:00.0"),
            "link out of range": error_of(pynvml.nvmlDeviceGetNvLinkState, handles[0], 99),
        },
        "sentence": str(pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)),
    }
    pynvml.nvmlShutdown()
    report["errors"]["after shutdown"] = error_of(pynvml.nvmlDeviceGetCount)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
