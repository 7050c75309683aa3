"""NVML's door for watching: one thread that waits for events of the cards and looks at them every three seconds.

Source: nvml.h, event handling. Blocks, so it is called in a thread of its own. While it runs NVML is open, and a card
cannot be reset: an operator stops the driver for that. Not here: what the signs mean (dra_driver.cards.health).
"""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pynvml

from dra_driver.cards.health import Look, Signs
from dra_driver.nvml.cards import session

_LOOK_EVERY_S: Final = 3.0
"""Longest wait for an event, too."""
_REFUSED_S: Final = 1.0
"""Pause where a driver cannot wait: it may say so at once, as long as a card is lost."""
_REOPEN_S: Final = 30.0
"""How long a session that cannot ask a card is kept: NVML finds a card that came back only when it is opened anew."""
_EVENTS: Final = pynvml.nvmlEventTypeXidCriticalError | pynvml.nvmlEventTypeDoubleBitEccError
_ADVICE: Final = {
    pynvml.NVML_GPU_RECOVERY_ACTION_NONE: "",
    pynvml.NVML_GPU_RECOVERY_ACTION_GPU_RESET: "reset the card",
    pynvml.NVML_GPU_RECOVERY_ACTION_NODE_REBOOT: "reboot the node",
    pynvml.NVML_GPU_RECOVERY_ACTION_DRAIN_P2P: "drain the card's peers",
    pynvml.NVML_GPU_RECOVERY_ACTION_DRAIN_AND_RESET: "drain the card, then reset it",
    pynvml.NVML_GPU_RECOVERY_ACTION_RECOVER_IMEX_DOMAIN: "recover the IMEX domain",
    pynvml.NVML_GPU_RECOVERY_ACTION_BUS_RESET: "reset the card's PCIe bus",
    pynvml.NVML_GPU_RECOVERY_ACTION_SYSTEM_REBOOT: "reboot the system",
}
_GONE: Final = (pynvml.NVMLError_GpuIsLost, pynvml.NVMLError_NotFound, pynvml.NVMLError_GpuNotFound)

Report = Callable[[Look], None]


def watch_cards(driver_root: Path, uuids: Sequence[str], report: Report, stop: threading.Event) -> None:
    """Report looks at the cards until `stop` is set: at once, every three seconds, and when one has an event.

    Raises `UnavailableError` when NVML fails as a whole.
    """
    while not stop.is_set():
        with session(driver_root):
            events = _Events(uuids)
            try:
                _watch_session(events, uuids, report, stop)
            finally:
                events.close()


def _watch_session(events: "_Events", uuids: Sequence[str], report: Report, stop: threading.Event) -> None:
    opened_s = time.monotonic()
    next_look_s, urgent = opened_s, False
    errors: list[tuple[str, int]] = []
    while not stop.is_set():
        if urgent or time.monotonic() >= next_look_s:
            signs = {uuid: read_signs(uuid) for uuid in uuids}
            report(Look(signs, tuple(errors)))
            next_look_s, errors = time.monotonic() + _LOOK_EVERY_S, []
            if any(sign.lost or sign.failure for sign in signs.values()) and time.monotonic() - opened_s > _REOPEN_S:
                return
        urgent = events.wait(errors, stop, max(0.0, next_look_s - time.monotonic()))


class _Events:
    """Critical events of the cards that can have them; the others are only looked at."""

    def __init__(self, uuids: Sequence[str]) -> None:
        self._set = pynvml.nvmlEventSetCreate()
        self._registered = [uuid for uuid in uuids if self._register(uuid)]

    def close(self) -> None:
        pynvml.nvmlEventSetFree(self._set)

    def wait(self, errors: list[tuple[str, int]], stop: threading.Event, patience_s: float) -> bool:
        """Add the XID error that comes within that time; return whether the cards must be looked at now."""
        if not self._registered:
            stop.wait(patience_s)
            return False
        try:
            event = pynvml.nvmlEventSetWait_v2(self._set, int(patience_s * 1000))
        except pynvml.NVMLError_Timeout:
            return False
        except pynvml.NVMLError:
            stop.wait(_REFUSED_S)
            return True
        if event.eventType == pynvml.nvmlEventTypeXidCriticalError:
            errors += [(uuid, int(event.eventData)) for uuid in self._meant(event.device)]
        return True

    def _register(self, uuid: str) -> bool:
        try:
            handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
            kinds = pynvml.nvmlDeviceGetSupportedEventTypes(handle) & _EVENTS
            if kinds:
                pynvml.nvmlDeviceRegisterEvents(handle, kinds, self._set)
        except pynvml.NVMLError:
            return False
        return bool(kinds)

    def _meant(self, handle: Any) -> list[str]:  # noqa: ANN401  a ctypes pointer
        """Return the card of an event, if it is one of ours."""
        try:
            uuid = str(pynvml.nvmlDeviceGetUUID(handle))
        except pynvml.NVMLError:
            return []  # it is lost, which the look that follows says
        return [uuid] if uuid in self._registered else []


def read_signs(uuid: str) -> Signs:
    """Ask NVML about one card, inside a session."""
    try:
        handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
        return Signs(advice=_advice(handle), uncorrected_ecc_errors=_uncorrected_errors(handle))
    except _GONE:
        return Signs(lost=True)
    except pynvml.NVMLError as error:
        return Signs(failure=str(error))


def _advice(handle: object) -> str | None:
    """Return what the driver says must be done; None before R570, which does not know the question."""
    try:
        (value,) = pynvml.nvmlDeviceGetFieldValues(handle, [pynvml.NVML_FI_DEV_GET_GPU_RECOVERY_ACTION])
    except (pynvml.NVMLError_NotSupported, pynvml.NVMLError_FunctionNotFound, pynvml.NVMLError_InvalidArgument):
        return None
    if value.nvmlReturn != pynvml.NVML_SUCCESS:
        return None
    action = int(value.value.uiVal)
    return _ADVICE.get(action, f"recovery action {action}")


def _uncorrected_errors(handle: object) -> int:
    """Return the count since the last reset; 0 for a card without ECC."""
    try:
        return int(
            pynvml.nvmlDeviceGetTotalEccErrors(
                handle, pynvml.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, pynvml.NVML_VOLATILE_ECC
            )
        )
    except (pynvml.NVMLError_NotSupported, pynvml.NVMLError_FunctionNotFound):
        return 0
