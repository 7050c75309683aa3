"""What the card says, beside the library: memory by process where NVML lists it, else the card's whole, which nobody else may use then."""

import subprocess
from pathlib import Path

from catalog.errors import UnavailableError
from catalog.names import MIB
from dra_driver.cards.card import Card
from dra_driver.nvml.processes import read_processes


class Truth:
    """Of one card."""

    def __init__(self, driver_root: Path, card: Card) -> None:
        self._driver_root = driver_root
        self._card = card
        self._idle_bytes = self._used_bytes()

    def others(self) -> int:
        """Return how many processes NVML lists on the card."""
        return len(self._listed())

    def lists(self, pid: int) -> bool:
        """Whether NVML knows the process by the PID that it has here, and what it holds."""
        return bool(self._listed().get(pid))

    def taken_bytes(self, pid: int) -> int:
        """Return what a process holds of the card; where NVML does not say, what is used now beside what was used at first."""
        return self._listed().get(pid) or max(0, self._used_bytes() - self._idle_bytes)

    def _listed(self) -> dict[int, int]:
        return read_processes(self._driver_root, [self._card.uuid]).get(self._card.uuid, {})

    def _used_bytes(self) -> int:
        rows = smi(self._driver_root, "uuid,memory.used")
        return next(int(used) for uuid, used in rows if uuid == self._card.uuid) * MIB


def smi(driver_root: Path, fields: str) -> list[list[str]]:
    """Return what nvidia-smi says of each card, without units. Raises `UnavailableError` where it fails."""
    program = [str(smi_path(driver_root)), f"--query-gpu={fields}", "--format=csv,noheader,nounits"]
    try:
        ended = subprocess.run(program, check=False, capture_output=True, text=True)
    except OSError as error:
        raise UnavailableError(f"{program[0]}: {error.strerror}; install it with the NVIDIA driver") from error
    if ended.returncode:
        raise UnavailableError(f"{program[0]}: {(ended.stdout + ended.stderr).strip()}")
    return parse_smi(ended.stdout)


def parse_smi(text: str) -> list[list[str]]:
    """Return the fields of each line."""
    return [line.split(", ") for line in text.splitlines()]


def smi_path(driver_root: Path) -> Path:
    """Return where nvidia-smi is."""
    return driver_root / "usr/bin/nvidia-smi"
