"""MPS servers: how one is told, and that its clients are asked for too."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pynvml
import pytest

from dra_driver.accounting.mps import serves_mps
from dra_driver.nvml import processes as nvml_processes
from dra_driver.nvml.processes import read_processes

CARD = "GPU-1"


@pytest.mark.parametrize(
    ("comm", "is_server"), [("nvidia-cuda-mps\n", True), ("nvidia-cuda\n", False), ("python3\n", False)]
)
def test_a_server_is_told_by_its_name_as_the_kernel_cuts_it(tmp_path: Path, comm: str, is_server: bool) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/comm").write_text(comm)
    assert serves_mps(7, tmp_path) is is_server


def test_a_process_that_is_gone_is_none(tmp_path: Path) -> None:
    assert not serves_mps(7, tmp_path)


@dataclass(frozen=True)
class Listed:
    pid: int
    usedGpuMemory: int | None  # noqa: N815  NVML's name


def test_a_process_in_several_lists_holds_its_bytes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server and a client in the list of compute, the same client and another in that of MPS."""

    @contextmanager
    def session(_: Path) -> Iterator[None]:
        yield

    def refuses(_: object) -> list[Listed]:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    monkeypatch.setattr(nvml_processes, "session", session)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda uuid: uuid)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetComputeRunningProcesses_v3", lambda _: [Listed(1, 30), Listed(2, 500)])
    monkeypatch.setattr(pynvml, "nvmlDeviceGetGraphicsRunningProcesses_v3", refuses)
    monkeypatch.setattr(
        pynvml, "nvmlDeviceGetMPSComputeRunningProcesses_v3", lambda _: [Listed(2, 500), Listed(3, None)]
    )
    assert read_processes(Path("/"), [CARD]) == {CARD: {1: 30, 2: 500, 3: 0}}
