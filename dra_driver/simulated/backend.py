"""The simulated backend: from a cards file to a driver root that looks as a GPU node's does.

    <root>/usr/lib/x86_64-linux-gnu/{libcuda.so.1,libnvidia-ml.so.1}   usr/bin/nvidia-smi
    <root>/dev/hami-sim<index>   hami-sim<index>mig<GPU instance>   sys/bus/pci/devices/<address>

Not here: what the cards are used for. From here on the driver asks NVML, as on real cards.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from catalog.errors import ConflictError, InvalidInputError
from catalog.yaml_text import parse_yaml
from dra_driver.simulated.card_file import new_card_file, rewrite, static_part, unused, write_state
from dra_driver.simulated.card_layout import FILE_SIZE, STATIC_SIZE
from dra_driver.simulated.cards import CARD_FILE_PREFIX, SimulatedCard, files_of, parse_cards

__all__ = ["CARD_FILE_PREFIX", "LIBRARY_FOLDER", "SimulatedCard", "build_driver_root", "load_cards", "set_state"]

LIBRARY_FOLDER: Final = Path("usr/lib/x86_64-linux-gnu")

_PROGRAM_FOLDER: Final = Path("usr/bin")
_CONTENT: Final = {
    "libcuda.so.1": LIBRARY_FOLDER,
    "libnvidia-ml.so.1": LIBRARY_FOLDER,
    "nvidia-smi": _PROGRAM_FOLDER,
}
_REAL_DRIVER: Final = Path("/dev/nvidiactl")


def load_cards(path: Path, node_name: str) -> tuple[SimulatedCard, ...]:
    """Read a cards file; generated UUIDs follow from `node_name` and the card's index.

    Raises `InvalidInputError` naming file, field and remedy.
    """
    try:
        text = path.read_text(encoding="utf-8")
        document = parse_yaml(text, str(path))
    except OSError as error:
        raise InvalidInputError(
            f"{path}: {error.strerror}; name a cards file such as those in docs/examples/cards"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path}: not YAML ({error}); docs/examples/cards shows complete files") from error
    except InvalidInputError as error:
        raise InvalidInputError(f"{error}; docs/examples/cards shows complete files") from error
    return parse_cards(document, node_name, str(path))


def build_driver_root(
    cards: Sequence[SimulatedCard], libraries: Path, root: Path, real_driver: Path = _REAL_DRIVER
) -> None:
    """Lay out `root` for `cards`, with the simulated driver taken from `libraries`; repeating it changes nothing.

    Card files that are right already keep their state: running containers hold them. Nothing is changed when it raises:
    `ConflictError` where a real driver is (`real_driver` exists) or a card that must change is in use,
    `InvalidInputError` where the simulated driver is incomplete or `root` is the machine's own.
    """
    _check_place(libraries, root, real_driver)
    devices = root / "dev"
    wanted = files_of(cards)
    for path in sorted(devices.glob(f"{CARD_FILE_PREFIX}*")):
        _check_replaceable(path, wanted.get(path.name))
    for name, folder in _CONTENT.items():
        _install(libraries / name, root / folder / name)
    devices.mkdir(parents=True, exist_ok=True)
    for path in devices.glob(f"{CARD_FILE_PREFIX}*"):
        if path.name not in wanted:
            path.unlink()
    for name, card in wanted.items():
        _write_card(devices / name, card)
    set_state(cards, root)
    _write_sysfs(cards, root / "sys")


def set_state(cards: Sequence[SimulatedCard], root: Path) -> None:
    """Make the cards below `root` as well or sick, and as busy, as `cards` say, in place: running containers hold their files."""
    for card in cards:
        with (root / "dev" / card.file_name).open("r+b") as file:
            write_state(file.fileno(), card)


def _check_place(libraries: Path, root: Path, real_driver: Path) -> None:
    if real_driver.exists():
        raise ConflictError(
            f"{real_driver} exists: this node has a real NVIDIA driver, and simulated cards beside it would mislead; "
            "run with --backend nvml"
        )
    if root.resolve() == Path("/"):
        raise InvalidInputError("the driver root cannot be /; give a folder of its own")
    for name in _CONTENT:
        if not (libraries / name).is_file():
            raise InvalidInputError(f"{libraries / name}: no such file; build the simulated driver with `make native`")


def _check_replaceable(path: Path, card: SimulatedCard | None) -> None:
    """Raise `ConflictError` if the file at `path` must change for `card` (None: must go) while processes hold it."""
    with path.open("r+b") as file:
        if card is not None and file.read(STATIC_SIZE) == static_part(card):
            return
        with unused(file.fileno()) as free:
            if not free:
                what = "is removed from" if card is None else "differs in"
                raise ConflictError(
                    f"{path}: this card {what} the cards file while containers use it; stop them or restore the cards file"
                )


def _write_card(path: Path, card: SimulatedCard) -> None:
    if not path.exists():
        _place(path, new_card_file(card), 0o666)
        return
    with path.open("r+b") as file:
        if file.read(STATIC_SIZE) == static_part(card) and os.fstat(file.fileno()).st_size >= FILE_SIZE:
            return
        with unused(file.fileno()) as free:
            if not free:
                raise ConflictError(f"{path}: a container began to use this card meanwhile; start again")
            rewrite(file.fileno(), card)


def _install(source: Path, target: Path) -> None:
    """Put a library or program in its place, by rename: whoever has the old one mapped keeps it."""
    content = source.read_bytes()
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    _place(target, content, 0o755)


def _place(target: Path, content: bytes, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)  # containers run under any user, whatever the umask here
    Path(temporary).rename(target)


def _write_sysfs(cards: Sequence[SimulatedCard], sysfs: Path) -> None:
    """Show each card as sysfs does: a folder below its PCIe root, and a link to it by address."""
    by_address = sysfs / "bus/pci/devices"
    by_address.mkdir(parents=True, exist_ok=True)
    addresses = {card.pci_bus_id.lower(): card for card in cards}
    for link in by_address.iterdir():
        if link.name not in addresses:
            link.unlink()
    for address, card in addresses.items():
        domain, bus, _ = address.split(":")
        device = Path("devices", f"pci{domain}:{int(bus, 16) & 0xF0:02x}", address)
        (sysfs / device).mkdir(parents=True, exist_ok=True)
        for name, value in _sysfs_files(card).items():
            (sysfs / device / name).write_text(f"{value}\n")
        if not (by_address / address).is_symlink():
            (by_address / address).symlink_to(Path("../../..") / device)


def _sysfs_files(card: SimulatedCard) -> dict[str, str]:
    return {
        "numa_node": str(card.numa_node),
        "vendor": f"0x{card.pci_device_id & 0xFFFF:04x}",
        "device": f"0x{card.pci_device_id >> 16:04x}",
        "class": "0x030200",
    }
