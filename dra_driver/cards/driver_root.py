"""What the driver root holds for a container: the driver's libraries and programs, and the device files of each card.

One rule for real and simulated cards: a character device becomes a device node, a regular file a bind mount. A file's place
in the container is its path without the root. Not here: NVML (dra_driver.nvml.cards), and the CDI edits (dra_driver.containers.edits).
"""

import logging
import re
import stat
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from dra_driver.cards.card import Card
from dra_driver.cards.mig import MigDevice
from dra_driver.cards.mig_capabilities import FOLDER, access_files, device_file

LIBRARY_FOLDERS: Final = (
    Path("usr/lib/x86_64-linux-gnu"),
    Path("usr/lib/aarch64-linux-gnu"),
    Path("usr/lib64"),
    Path("usr/lib"),
)
"""Where distributions put the NVIDIA driver's libraries, below the root."""

_LIBRARY: Final = re.compile(r"lib(cuda|cudadebugger|nvidia-[a-z0-9-]+|nvcuvid|nvoptix)\.so\.[0-9.]+", re.ASCII)
_CACHE_LINE: Final = re.compile(r"^\s*(\S+) \([^)]*(?:x86-64|AArch64)[^)]*\) => (\S+)$", re.ASCII | re.MULTILINE)
_PROGRAMS: Final = (Path("usr/bin/nvidia-smi"),)
_LOG: Final = logging.getLogger(__name__)
_CONTROL_FILES: Final = (Path("dev/nvidiactl"), Path("dev/nvidia-uvm"), Path("dev/nvidia-uvm-tools"))


@dataclass(frozen=True, slots=True)
class DriverFile:
    """One file of the driver root and where a container finds it."""

    host_path: str
    container_path: str
    is_device: bool
    """Whether it is a character device; else it is a regular file."""


@dataclass(frozen=True, slots=True)
class DriverRoot:
    """What the containers of a node get of its driver."""

    libraries: tuple[DriverFile, ...]
    """Libraries and programs, the same for every card."""
    control_files: tuple[DriverFile, ...]
    """Device files that every card needs."""
    device_files: Mapping[str, DriverFile]
    """The device file of each card, by card UUID."""
    mig_files: Mapping[str, tuple[DriverFile, ...]] = field(default_factory=dict)
    """The device files of each MIG device, beside its card's, by its UUID; one without them cannot be given to anybody."""


def read_driver_root(root: Path, cards: Collection[Card]) -> DriverRoot:
    """Look through the driver root. Raises `UnavailableError` when it lacks libcuda.so.1 or a card's device file."""
    libraries = [*_libraries(root), *(path for path in _below(root, _PROGRAMS) if path.exists())]
    if not any(path.name == "libcuda.so.1" for path in libraries):
        raise UnavailableError(
            f"driver root {root}: no libcuda.so.1; install the NVIDIA driver there or correct --driver-root"
        )
    return DriverRoot(
        libraries=tuple(_driver_file(root, path) for path in sorted(set(libraries))),
        control_files=tuple(_driver_file(root, path) for path in _below(root, _CONTROL_FILES) if path.exists()),
        device_files={card.uuid: _device_file(root, card) for card in cards},
        mig_files=dict(_all_mig_files(root, cards)),
    )


def parse_loader_cache(text: str) -> tuple[Path, ...]:
    """Return the driver's libraries among what `ldconfig -p` prints, those of this word size only."""
    return tuple(Path(path) for name, path in _CACHE_LINE.findall(text) if _LIBRARY.fullmatch(name))


def _libraries(root: Path) -> list[Path]:
    """Return one path per library name: the folder that comes first holds the right word size."""
    found = [path for folder in _below(root, LIBRARY_FOLDERS) for path in sorted(folder.glob("lib*.so.*"))]
    driver = [path for path in found if _LIBRARY.fullmatch(path.name)]
    everywhere = [*driver, *_loader_cache()] if root == Path("/") else driver
    return list({path.name: path for path in reversed(everywhere)}.values())


def _loader_cache() -> tuple[Path, ...]:
    """Ask the loader, which knows folders of distributions that we do not."""
    try:
        answer = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return parse_loader_cache(answer.stdout)


def _device_file(root: Path, card: Card) -> DriverFile:
    candidates = _below(root, (Path(f"dev/nvidia{card.minor}"), Path(f"dev/hami-sim{card.index}")))
    for path in candidates:
        if path.exists():
            return _driver_file(root, path)
    raise UnavailableError(
        f"card {card.index} ({card.uuid}): neither {candidates[0]} nor {candidates[1]} exists; "
        "load the NVIDIA kernel modules (nvidia-smi does) or correct --driver-root"
    )


def _all_mig_files(root: Path, cards: Iterable[Card]) -> Iterator[tuple[str, tuple[DriverFile, ...]]]:
    own = root / "proc"
    proc = own if (own / FOLDER).is_dir() else Path("/proc")
    for card in cards:
        for mig in card.mig_devices:
            files = _mig_files(root, proc, card, mig)
            if files:
                yield mig.uuid, files


def _mig_files(root: Path, proc: Path, card: Card, mig: MigDevice) -> tuple[DriverFile, ...]:
    """Return the files of a MIG device; none, said in the log, where one is missing."""
    simulated = root / f"dev/hami-sim{card.index}mig{mig.gpu_instance}"
    if simulated.exists():
        return (_driver_file(root, simulated),)
    files = []
    for access in access_files(proc, card.minor, mig):
        path = device_file(access)
        if path is None or not (root / path).exists():
            _LOG.error(
                "card %d: MIG device %s (%s) is left out: %s; create it with nvidia-modprobe -f %s and restart the driver",
                card.index,
                mig.profile,
                mig.uuid,
                f"no {root / path}" if path else f"{access} names no device file",
                access,
            )
            return ()
        files.append(_driver_file(root, root / path))
    return tuple(files)


def _driver_file(root: Path, path: Path) -> DriverFile:
    is_device = stat.S_ISCHR(path.stat().st_mode)
    return DriverFile(str(path), f"/{path.relative_to(root)}", is_device)


def _below(root: Path, paths: Iterable[Path]) -> list[Path]:
    return [root / path for path in paths]
