"""NVML's door for the time of processes: what part of a card's time each used since it was asked last.

Source: nvml.h, process utilization. It gives one sample for each process that was busy, the mean since the time that is named; where
it gives several, each is of one window. PIDs are those of the driver's PID namespace. Not here: whose they are, and what it sums up to.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pynvml

from dra_driver.nvml.cards import session

_QUESTIONS: Final = (pynvml.nvmlDeviceGetProcessesUtilizationInfo, pynvml.nvmlDeviceGetProcessUtilization)
"""The newer one, since R550, and the one before it."""
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class CardTime:
    """What NVML said of one card."""

    percents: Mapping[int, float]
    """Of the card's time, by PID: of those that used any."""
    seen_us: int
    """The time of the newest sample, on NVML's clock; as it was asked where there is none."""
    refusal: str = ""
    """Why it cannot say anything of this card; empty: it can."""


def read_card_times(driver_root: Path, seen_us: Mapping[str, int]) -> dict[str, CardTime]:
    """Return what NVML has sampled of each card, by UUID, after the given times. Raises `UnavailableError` where it fails as a whole."""
    with session(driver_root):
        return {uuid: _of_card(uuid, after_us) for uuid, after_us in seen_us.items()}


def _of_card(uuid: str, after_us: int) -> CardTime:
    refusal = ""
    for ask in _QUESTIONS:
        try:
            return _card_time(ask(pynvml.nvmlDeviceGetHandleByUUID(uuid), after_us), after_us)
        except pynvml.NVMLError_NotFound:
            return CardTime({}, after_us)
        except pynvml.NVMLError as error:
            if error.value == pynvml.NVML_SUCCESS:  # pynvml's word for no sample at all
                return CardTime({}, after_us)
            refusal = str(error)
    return CardTime({}, after_us, refusal)


def _card_time(samples: Iterable[Any], after_us: int) -> CardTime:
    """Sum up the samples; a driver's buffer may hold more than it has filled."""
    usable = [sample for sample in samples if sample.pid and sample.smUtil <= _WHOLE and sample.timeStamp > after_us]
    windows = max(Counter(sample.pid for sample in usable).values(), default=1)
    percents: dict[int, float] = {}
    for sample in usable:
        percents[sample.pid] = percents.get(sample.pid, 0.0) + sample.smUtil / windows
    return CardTime(percents, max((sample.timeStamp for sample in usable), default=after_us))
