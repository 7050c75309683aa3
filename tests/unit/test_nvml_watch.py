"""What NVML's answers are taken for where no simulated card can give them: old drivers, cards without ECC or events, failures."""

import ctypes
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from catalog.errors import UnavailableError
from dra_driver.cards.health import Look, Signs
from dra_driver.nvml import watch as nvml_watch
from dra_driver.nvml.watch import read_signs, watch_cards

UUID = "GPU-0"


class FakeNvml:
    """NVML with one card; each answer is a value, or an error to raise."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: dict[str, Any] = {
            "nvmlDeviceGetHandleByUUID": "handle",
            "nvmlDeviceGetUUID": UUID,
            "nvmlDeviceGetFieldValues": [self.field(0)],
            "nvmlDeviceGetTotalEccErrors": 0,
            "nvmlDeviceGetSupportedEventTypes": 0xFFFF,
            "nvmlDeviceRegisterEvents": None,
            "nvmlEventSetCreate": "set",
            "nvmlEventSetFree": None,
            "nvmlEventSetWait_v2": pynvml.NVMLError(pynvml.NVML_ERROR_TIMEOUT),
            "nvmlInit": None,
            "nvmlShutdown": None,
        }
        self.calls: list[str] = []
        for name in self.answers:
            monkeypatch.setattr(pynvml, name, self._answering(name))

    def fail(self, name: str, code: int) -> None:
        self.answers[name] = pynvml.NVMLError(code)

    @staticmethod
    def field(action: int, code: int = 0) -> Any:  # noqa: ANN401  NVML's structure
        return SimpleNamespace(nvmlReturn=code, value=SimpleNamespace(uiVal=action))

    def _answering(self, name: str) -> Callable[..., Any]:
        def answer(*_arguments: object) -> Any:  # noqa: ANN401
            self.calls.append(name)
            found = self.answers[name]
            if isinstance(found, Exception):
                raise found
            return found() if callable(found) else found

        return answer


@pytest.fixture
def nvml(monkeypatch: pytest.MonkeyPatch) -> FakeNvml:
    return FakeNvml(monkeypatch)


def looks(count: int) -> list[Look]:
    """Watch the card until it was looked at `count` times."""
    seen: list[Look] = []
    stop = threading.Event()

    def report(look: Look) -> None:
        seen.append(look)
        if len(seen) == count:
            stop.set()

    watch_cards(Path("/"), [UUID], report, stop)
    return seen


def test_a_card_without_ecc_under_a_driver_without_advice_is_well(nvml: FakeNvml) -> None:
    nvml.fail("nvmlDeviceGetTotalEccErrors", pynvml.NVML_ERROR_NOT_SUPPORTED)
    for code in (pynvml.NVML_ERROR_FUNCTION_NOT_FOUND, pynvml.NVML_ERROR_NOT_SUPPORTED):
        nvml.fail("nvmlDeviceGetFieldValues", code)
        assert read_signs(UUID) == Signs(advice=None)
    nvml.answers["nvmlDeviceGetFieldValues"] = [nvml.field(0, pynvml.NVML_ERROR_NOT_SUPPORTED)]
    assert read_signs(UUID) == Signs(advice=None)


@pytest.mark.parametrize(
    ("action", "words"), [(0, ""), (1, "reset the card"), (2, "reboot the node"), (99, "recovery action 99")]
)
def test_the_drivers_advice_is_put_in_words(nvml: FakeNvml, action: int, words: str) -> None:
    nvml.answers["nvmlDeviceGetFieldValues"] = [nvml.field(action)]
    assert read_signs(UUID) == Signs(advice=words)


@pytest.mark.parametrize(
    "code", [pynvml.NVML_ERROR_GPU_IS_LOST, pynvml.NVML_ERROR_NOT_FOUND, pynvml.NVML_ERROR_GPU_NOT_FOUND]
)
def test_a_card_that_the_driver_does_not_find_is_lost(nvml: FakeNvml, code: int) -> None:
    nvml.fail("nvmlDeviceGetHandleByUUID", code)
    assert read_signs(UUID) == Signs(lost=True)


def test_other_failures_are_kept_in_nvmls_words(nvml: FakeNvml) -> None:
    nvml.fail("nvmlDeviceGetTotalEccErrors", pynvml.NVML_ERROR_UNKNOWN)
    assert read_signs(UUID) == Signs(failure="Unknown Error")


def test_an_event_brings_a_look_at_once_and_its_error(nvml: FakeNvml, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml_watch, "_LOOK_EVERY_S", 3600.0)
    nvml.answers["nvmlEventSetWait_v2"] = SimpleNamespace(
        device=ctypes.c_void_p(1), eventType=pynvml.nvmlEventTypeXidCriticalError, eventData=79
    )
    first, second = looks(2)
    assert (first.errors, second.errors) == ((), ((UUID, 79),))
    nvml.answers["nvmlDeviceGetUUID"] = "GPU-of-another-kind"
    assert looks(2)[1].errors == ()


def test_a_card_without_events_is_looked_at_all_the_same(nvml: FakeNvml, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml_watch, "_LOOK_EVERY_S", 0.0)
    nvml.answers["nvmlDeviceGetSupportedEventTypes"] = 0
    assert [look.signs[UUID] for look in looks(3)] == [Signs(advice="")] * 3
    assert "nvmlEventSetWait_v2" not in nvml.calls
    assert nvml.calls[-2:] == ["nvmlEventSetFree", "nvmlShutdown"]


def test_a_wait_that_fails_is_no_end(nvml: FakeNvml, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml_watch, "_REFUSED_S", 0.0)
    monkeypatch.setattr(nvml_watch, "_LOOK_EVERY_S", 3600.0)
    nvml.fail("nvmlEventSetWait_v2", pynvml.NVML_ERROR_GPU_IS_LOST)
    assert len(looks(2)) == 2


def test_nvml_is_opened_anew_as_long_as_a_card_cannot_be_asked(nvml: FakeNvml, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_LOOK_EVERY_S", "_REFUSED_S", "_REOPEN_S"):
        monkeypatch.setattr(nvml_watch, name, 0.0)
    nvml.fail("nvmlDeviceGetHandleByUUID", pynvml.NVML_ERROR_NOT_FOUND)
    assert [look.signs[UUID].lost for look in looks(3)] == [True] * 3
    assert nvml.calls.count("nvmlInit") == nvml.calls.count("nvmlShutdown") == 3


def test_a_driver_that_does_not_start_is_an_error_with_a_remedy(nvml: FakeNvml) -> None:
    nvml.fail("nvmlInit", pynvml.NVML_ERROR_DRIVER_NOT_LOADED)
    with pytest.raises(UnavailableError, match="install the NVIDIA driver"):
        looks(1)
