"""The card file's bytes: the static part of a simulated card, its state, and whether processes hold the card.

The offsets are those of native/sim/sim_card.h. Not here: where card files stand (dra_driver.simulated.backend), and the accounting
of physical memory, which is the simulated driver's alone.
"""

import errno
import fcntl
import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dra_driver.simulated.card_layout import (
    FILE_SIZE,
    GUARD_BYTE,
    LINK_FIELDS,
    LINK_SIZE,
    LINKS_OFFSET,
    MAGIC,
    SLOT_LOCK_BYTE,
    SLOTS,
    STATE_FIELDS,
    STATE_SIZE,
    STATIC_FIELDS,
    STATIC_SIZE,
    VERSION,
)
from dra_driver.simulated.cards import Refusal, SimulatedCard
from dra_driver.simulated.mig import SimulatedInstance

_IDLE_TEMPERATURE_C = 31
_IDLE_POWER_MW = 52_000
_ANSWERS: Mapping[Refusal | None, int] = {None: 0, Refusal.NOT_SUPPORTED: 3, Refusal.NO_PERMISSION: 4}
"""nvmlReturn_t (nvml.h)."""


def static_part(card: SimulatedCard) -> bytes:
    """Return the first `STATIC_SIZE` bytes of the card's file."""
    page = bytearray(STATIC_SIZE)
    _pack(page, 0, STATIC_FIELDS, _static_values(card))
    for number, bus_id in enumerate(card.linked_bus_ids):
        link: dict[str, int | str] = {"active": 1, "remote_pci_bus_id": bus_id}
        _pack(page, LINKS_OFFSET + number * LINK_SIZE, LINK_FIELDS, link)
    return bytes(page)


def new_card_file(card: SimulatedCard) -> bytes:
    """Return the whole file of a card that no process holds: its static part, its state, and free slots."""
    return static_part(card) + _state_part(card) + bytes(FILE_SIZE - STATIC_SIZE - STATE_SIZE)


@contextmanager
def unused(descriptor: int) -> Iterator[bool]:
    """Yield whether no process holds the card of this open file; while inside, none can begin to.

    The locks are those of the header: the guard, then the life locks of all slots.
    """
    _lock(descriptor, fcntl.F_OFD_SETLKW, fcntl.F_WRLCK, GUARD_BYTE, 1)
    try:
        yield _lock(descriptor, fcntl.F_OFD_SETLK, fcntl.F_WRLCK, SLOT_LOCK_BYTE, SLOTS)
    finally:
        _lock(descriptor, fcntl.F_OFD_SETLK, fcntl.F_UNLCK, GUARD_BYTE, 1 + SLOTS)


def rewrite(descriptor: int, card: SimulatedCard) -> None:
    """Make an open card file that card's, in place: only inside `unused`."""
    os.pwrite(descriptor, new_card_file(card), 0)


def write_state(descriptor: int, card: SimulatedCard) -> None:
    """Set the state of an open card file in place; processes that hold the card see it at once."""
    os.pwrite(descriptor, _state_part(card), STATIC_SIZE)


def _state_part(card: SimulatedCard) -> bytes:
    part = bytearray(STATE_SIZE)
    values = {
        "lost": int(card.health.lost),
        "xid": card.health.xid,
        "uncorrected_ecc_errors": card.health.uncorrected_ecc_errors,
        "gpu_percent": card.utilization.gpu,
        "memory_percent": card.utilization.memory,
        "processes_refusal": _ANSWERS[card.refusals.processes],
        "samples_refusal": _ANSWERS[card.refusals.samples],
    }
    _pack(part, 0, STATE_FIELDS, values)
    return bytes(part)


def _static_values(card: SimulatedCard) -> Mapping[str, int | str]:
    major, minor = card.compute_capability
    return {
        "magic": MAGIC,
        "version": VERSION,
        "index": card.index,
        "file_bytes": FILE_SIZE,
        "memory_bytes": card.memory_bytes,
        "reserved_bytes": card.reserved_bytes,
        "context_bytes": card.context_bytes,
        "minor_number": card.index,
        "brand": card.brand,
        "architecture": card.architecture,
        "compute_major": major,
        "compute_minor": minor,
        "multiprocessors": card.multiprocessors,
        "mig_capable": int(card.mig_capable),
        "cuda_version": card.cuda_version,
        "pci_device_id": card.pci_device_id,
        "idle_temperature_c": _IDLE_TEMPERATURE_C,
        "idle_power_mw": _IDLE_POWER_MW,
        "numa_node": card.numa_node,
        "uuid": card.uuid,
        "name": card.name,
        "pci_bus_id": card.pci_bus_id,
        "driver_version": card.driver_version,
        "link_count": len(card.linked_bus_ids),
        "mig_enabled": int(card.instances is not None),
        **_instance_values(card.instance),
    }


def _instance_values(instance: SimulatedInstance | None) -> Mapping[str, int]:
    return {
        "is_instance": int(instance is not None),
        "gpu_instance": instance.number if instance else 0,
        "compute_instance": 0,
        "memory_start": instance.start if instance else 0,
        "memory_slices": instance.memory_slices if instance else 0,
        "compute_slices": instance.compute_slices if instance else 0,
    }


def _pack(page: bytearray, base: int, fields: Mapping[str, tuple[int, str]], values: Mapping[str, int | str]) -> None:
    for name, (offset, fmt) in fields.items():
        value = values[name]
        struct.pack_into(fmt, page, base + offset, value.encode("ascii") if isinstance(value, str) else value)


def _lock(descriptor: int, command: int, kind: int, start: int, length: int) -> bool:
    """Do one open-file-description lock operation on bytes [start, start + length); return whether it was granted."""
    request = struct.pack("@hhqqi4x", kind, os.SEEK_SET, start, length, 0)
    try:
        fcntl.fcntl(descriptor, command, request)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True
