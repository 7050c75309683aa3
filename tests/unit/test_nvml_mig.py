"""MIG devices as NVML tells them: gaps in its indexes, a device destroyed while it is read, one without a profile, old drivers."""

from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from dra_driver.nvml.mig import read_mig_devices

CARD = "card"


class FakeNvml:
    """The calls about MIG, for GPU instances by index; None is a gap."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *instances: int | None) -> None:
        self.instances = instances
        self.vanishing: set[int] = set()
        self.nameless: set[int] = set()
        for name in (name for name in dir(self) if name.startswith("nvml")):
            monkeypatch.setattr(pynvml, name, getattr(self, name))

    def nvmlDeviceGetMaxMigDeviceCount(self, card: str) -> int:  # noqa: N802  NVML's name
        assert card == CARD
        return len(self.instances)

    def nvmlDeviceGetMigDeviceHandleByIndex(self, _card: str, index: int) -> int:  # noqa: N802
        found = self.instances[index]
        if found is None:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return found

    def nvmlDeviceGetGpuInstanceId(self, handle: int) -> int:  # noqa: N802
        return handle

    def nvmlDeviceGetComputeInstanceId(self, _handle: int) -> int:  # noqa: N802
        return 0

    def nvmlDeviceGetGpuInstanceById(self, _card: str, number: int) -> int:  # noqa: N802
        if number in self.vanishing:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return number

    def nvmlGpuInstanceGetInfo(self, number: int) -> Any:  # noqa: N802, ANN401
        return SimpleNamespace(placement=SimpleNamespace(start=number, size=1))

    def nvmlDeviceGetAttributes_v2(self, handle: int) -> Any:  # noqa: N802, ANN401
        return SimpleNamespace(memorySizeMB=9728 * (10 - handle), multiprocessorCount=14)

    def nvmlDeviceGetUUID(self, handle: int) -> str:  # noqa: N802
        return f"MIG-{handle}"

    def nvmlDeviceGetName(self, handle: int) -> str:  # noqa: N802
        return "NVIDIA A100-SXM4-80GB" if handle in self.nameless else "NVIDIA A100-SXM4-80GB MIG 1g.10gb"


def found() -> list[str]:
    return [device.uuid for device in read_mig_devices(CARD)]


def test_gaps_are_passed_over_and_the_smallest_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeNvml(monkeypatch, None, 1, 5, None, 3)
    assert found() == ["MIG-5", "MIG-3", "MIG-1"]
    first = read_mig_devices(CARD)[0]
    assert (first.profile, first.gpu_instance, first.start, first.memory_bytes) == ("1g.10gb", 5, 5, 5 * 9728 * 2**20)


def test_one_that_is_destroyed_while_it_is_read_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    nvml = FakeNvml(monkeypatch, 1, 2)
    nvml.vanishing.add(1)
    assert found() == ["MIG-2"]


def test_one_without_a_profile_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nvml = FakeNvml(monkeypatch, 1, 2)
    nvml.nameless.add(2)
    assert found() == ["MIG-1"]
    assert "MIG device MIG-2: the driver does not say its profile; left out" in caplog.text


def test_a_driver_that_does_not_know_mig_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeNvml(monkeypatch, 1)

    def unknown(_card: str) -> int:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlDeviceGetMaxMigDeviceCount", unknown)
    assert found() == []
