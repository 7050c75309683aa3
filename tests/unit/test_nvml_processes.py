"""Who uses a card, by a played NVML: one that does not say it is told from one that nobody uses, and from one that is lost."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from dra_driver.nvml import processes as nvml_processes
from dra_driver.nvml.processes import read_processes

CARD = "GPU-1"
COMPUTE, GRAPHICS = "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v3"
MPS = "nvmlDeviceGetMPSComputeRunningProcesses_v3"


def says(listed: list[tuple[int, int]] | int) -> Callable[[Any], list[SimpleNamespace]]:
    """Return a question of NVML that is answered by processes, or by an error."""

    def ask(_: object) -> list[SimpleNamespace]:
        if isinstance(listed, int):
            raise pynvml.NVMLError(listed)
        return [SimpleNamespace(pid=pid, usedGpuMemory=size) for pid, size in listed]

    return ask


@pytest.mark.parametrize(
    ("compute", "graphics", "expected"),
    [
        ([(7, 100)], [(8, 5), (7, 100)], {CARD: {7: 100, 8: 5}}),
        ([(7, 100)], pynvml.NVML_ERROR_NOT_SUPPORTED, {CARD: {7: 100}}),
        ([], [], {CARD: {}}),
        (pynvml.NVML_ERROR_GPU_IS_LOST, pynvml.NVML_ERROR_GPU_IS_LOST, {CARD: {}}),
        (pynvml.NVML_ERROR_NOT_SUPPORTED, [], {}),
        (pynvml.NVML_ERROR_NO_PERMISSION, pynvml.NVML_ERROR_NO_PERMISSION, {}),
    ],
)
def test_who_uses_a_card_and_whether_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
    compute: list[tuple[int, int]] | int,
    graphics: list[tuple[int, int]] | int,
    expected: dict[str, dict[int, int]],
) -> None:
    monkeypatch.setattr(nvml_processes, "session", lambda _: nullcontext())
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda uuid: uuid)
    monkeypatch.setattr(pynvml, COMPUTE, says(compute))
    monkeypatch.setattr(pynvml, GRAPHICS, says(graphics))
    monkeypatch.setattr(pynvml, MPS, says(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND))
    assert read_processes(Path("/"), [CARD]) == expected
