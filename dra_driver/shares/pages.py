"""The pages of a share as bytes: build a limits page, an empty usage page and a card's, change limits in place, read them.

The layout is native/include/hami_pages.h (mirrored in `pages_layout`). Not here: which share has which page and where the files
lie, and the accounting itself, which is the interceptor's.
"""

import mmap
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from catalog.errors import CorruptStateError, InvalidInputError
from catalog.names import CORES_PER_CARD
from catalog.share_config import CorePolicy
from dra_driver.shares import pages_layout as layout

_POLICIES: Final = {
    CorePolicy.DEFAULT: layout.CORES_DEFAULT,
    CorePolicy.FORCE: layout.CORES_FORCE,
    CorePolicy.DISABLE: layout.CORES_DISABLE,
}
_CRC_OFFSET: Final = layout.HEAD_FIELDS["crc"][0]
_VERSION_OFFSET, _VERSION_FORMAT = layout.LIMITS_FIELDS["version"]
_RECORD_BYTES: Final = layout.LIMITS_RECORD_FIELDS["crc"][0] + 4
_RECORD_OFFSETS: Final = tuple(
    layout.LIMITS_FIELDS["places"][0] + place * layout.LIMITS_PLACE_BYTES for place in range(2)
)
_SHAPES: Final = {
    layout.LIMITS_MAGIC: (layout.HEAD_BYTES, 0, 0),
    layout.USAGE_MAGIC: (layout.USAGE_HEADER_BYTES, layout.SLOT_BYTES, layout.SLOTS),
    layout.CARD_MAGIC: (layout.CARD_HEADER_BYTES, layout.SEAT_BYTES, layout.SEATS),
}
"""Bytes before the slots, bytes of a slot, slots: as the head says them."""
_KNOWN_FLAGS: Final = (
    layout.LIMITS_STRICT
    | layout.LIMITS_FIXED_CORES
    | layout.LIMITS_MANAGED
    | layout.LIMITS_YIELDS
    | layout.LIMITS_COPIES
)
_MOST_WEIGHT: Final = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on a share."""

    card_uuid: str
    version: int
    memory_bytes: int
    cores_percent: int
    """Of the card; 0: not limited."""
    priority: int
    policy: CorePolicy
    weight: int
    strict: bool = False
    """Functions of the driver that the library does not know are not found."""
    overhead_bytes: int = 0
    """Charged to the share beside what its processes account."""
    context_bytes: int = 0
    """Accounted by a process for each context that it has, from the moment that it is made; the page is made with it and keeps it.
    0: neither contexts nor other overhead are charged."""
    fixed_cores: bool = False
    """Cores and priority do not change while the container runs."""
    seat: int = 0
    """Of the share, on the page of its card; the page is made with it and keeps it."""
    managed: bool = False
    """Allocations are managed memory where they can be. The page is made with it and keeps it, as the next."""
    pinned_bytes: int = 0
    """Of an oversubscribed card, most that cannot be evicted: the share's part of what it has; 0: the card is not oversubscribed."""
    yields: bool = False
    """A share of priority 0 is on the card, and this one waits while that is at work, whether it has cores or not."""
    copies: bool = False
    """Copies and memsets are charged as kernels are. The page is made with it and keeps it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a share's processes account in sum, at one moment."""

    used_bytes: int
    peak_bytes: int
    refusals: int
    """Allocations that were refused for the limit."""
    unknown_functions: int = 0
    """Functions of the driver that were asked for and that the interceptor does not know."""


def limits_page(limits: Limits, boot_id: UUID) -> bytes:
    """Return a whole limits page (`LIMITS_BYTES`). Raises `InvalidInputError` for a UUID that does not fit."""
    page = bytearray(layout.LIMITS_BYTES)
    _put_head(page, layout.LIMITS_MAGIC, limits.card_uuid, boot_id, limits.context_bytes)
    _put(page, layout.LIMITS_FIELDS["seat"], limits.seat)
    _put_record(page, limits)
    return bytes(page)


def usage_page(uuid: str, boot_id: UUID) -> bytes:
    """Return an empty usage page (`USAGE_BYTES`). Raises `InvalidInputError` for a UUID that does not fit."""
    page = bytearray(layout.USAGE_BYTES)
    _put_head(page, layout.USAGE_MAGIC, uuid, boot_id)
    return bytes(page)


def card_page(uuid: str, boot_id: UUID) -> bytes:
    """Return the page of a card on which nobody has a seat (`CARD_BYTES`). Raises `InvalidInputError` for a UUID that does not fit."""
    page = bytearray(layout.CARD_BYTES)
    _put_head(page, layout.CARD_MAGIC, uuid, boot_id)
    return bytes(page)


def card_of(head: bytes) -> tuple[str, UUID]:
    """Return the card of the head of a card's page, and the boot that it was made in. Raises `CorruptStateError`."""
    if len(head) < layout.HEAD_BYTES:
        raise CorruptStateError(f"page of a card: {_wrong_size(len(head), layout.CARD_BYTES)}")
    uuid = _check_head(head, "page of a card", layout.CARD_MAGIC)
    return uuid, UUID(bytes=struct.unpack_from("<16s", head, layout.HEAD_FIELDS["boot_id"][0])[0])


def change_limits(
    descriptor: int, *, memory_bytes: int, cores_percent: int, priority: int, policy: CorePolicy, weight: int
) -> int:
    """Put new limits in force on the limits page open for writing at `descriptor`; return their version.

    The record that is not in force is written first, then the version: a reader sees the old limits or the new ones.
    In place, since containers hold the file mapped; strict stays as it is. Raises `CorruptStateError` when it is no limits page.
    """

    def changed(now: Limits) -> Limits:
        return replace(
            now,
            version=now.version + 1,
            memory_bytes=memory_bytes,
            cores_percent=cores_percent,
            priority=priority,
            policy=policy,
            weight=weight,
        )

    return _change(descriptor, changed)


def change_overhead(descriptor: int, overhead_bytes: int) -> int:
    """Charge a share with `overhead_bytes` beside what its processes account, as `change_limits` does; return the version."""
    return _change(descriptor, lambda now: replace(now, version=now.version + 1, overhead_bytes=overhead_bytes))


def change_yields(descriptor: int, *, yields: bool) -> int:
    """Have a share wait for those of priority 0 or not, as `change_limits` does; return the version."""
    return _change(descriptor, lambda now: replace(now, version=now.version + 1, yields=yields))


def _change(descriptor: int, change: Callable[[Limits], Limits]) -> int:
    if os.fstat(descriptor).st_size != layout.LIMITS_BYTES:
        raise CorruptStateError(f"limits page: {_wrong_size(os.fstat(descriptor).st_size, layout.LIMITS_BYTES)}")
    with mmap.mmap(descriptor, layout.LIMITS_BYTES) as page:
        changed = change(read_limits(page[:]))
        _put_record(page, changed)
        page.flush()
    return changed.version


def read_limits(page: bytes) -> Limits:
    """Return the limits in force. Raises `CorruptStateError` for anything but a limits page of this version."""
    uuid = _check(page, "limits page", layout.LIMITS_MAGIC, layout.LIMITS_BYTES)
    (version,) = struct.unpack_from(_VERSION_FORMAT, page, _VERSION_OFFSET)
    offset = _RECORD_OFFSETS[version & 1]
    record = page[offset : offset + _RECORD_BYTES]
    values = {name: struct.unpack_from(form, record, at)[0] for name, (at, form) in layout.LIMITS_RECORD_FIELDS.items()}
    if values["crc"] != zlib.crc32(record[:-4]) or values["version"] != version:
        raise CorruptStateError("limits page: the record in force is damaged; unprepare and prepare the claim again")
    return Limits(
        uuid,
        version,
        values["memory_bytes"],
        *_known(values["cores_percent"], values["priority"], values["policy"], values["weight"]),
        bool(values["flags"] & layout.LIMITS_STRICT),
        values["overhead_bytes"],
        _context_bytes(page),
        bool(values["flags"] & layout.LIMITS_FIXED_CORES),
        struct.unpack_from(layout.LIMITS_FIELDS["seat"][1], page, layout.LIMITS_FIELDS["seat"][0])[0],
        bool(values["flags"] & layout.LIMITS_MANAGED),
        values["pinned_bytes"],
        bool(values["flags"] & layout.LIMITS_YIELDS),
        bool(values["flags"] & layout.LIMITS_COPIES),
    )


def _known(cores_percent: int, priority: int, policy: int, weight: int) -> tuple[int, int, CorePolicy, int]:
    """Return what these mean here: what no driver of this version writes is the strictest that it does, as the interceptor has it
    (native/src/pages.c)."""
    known_policy = next((known for known, number in _POLICIES.items() if number == policy), CorePolicy.FORCE)
    return min(cores_percent, CORES_PER_CARD), min(priority, 1), known_policy, max(1, min(weight, _MOST_WEIGHT))


def read_totals(header: bytes) -> Totals:
    """Return what the header of a usage page (`USAGE_HEADER_BYTES`) sums up. Raises `CorruptStateError` for anything else.

    Processes change the page all the while: the numbers are each right, and need not add up to one another.
    """
    if len(header) != layout.USAGE_HEADER_BYTES:
        raise CorruptStateError(f"usage page: {_wrong_size(len(header), layout.USAGE_HEADER_BYTES)}")
    _check_head(header, "usage page", layout.USAGE_MAGIC)
    used, _ = struct.unpack_from("<2Q", header, layout.USAGE_FIELDS["word"][0])
    peak, refusals, unknown = (
        struct.unpack_from(layout.USAGE_FIELDS[name][1], header, layout.USAGE_FIELDS[name][0])[0]
        for name in ("peak_bytes", "refusals", "unknown_functions")
    )
    return Totals(used, peak, refusals, unknown)


def _context_bytes(page: bytes) -> int:
    """Return what the head says; 0, since the place was reserved, on pages of the minor version before it was there."""
    offset, form = layout.HEAD_FIELDS["context_bytes"]
    found: int = struct.unpack_from(form, page, offset)[0]
    return found


def _put(page: bytearray | mmap.mmap, field: tuple[int, str], value: int | bytes, start: int = 0) -> None:
    offset, form = field
    struct.pack_into(form, page, start + offset, value)


def _put_head(page: bytearray, magic: int, uuid: str, boot_id: UUID, context_bytes: int = 0) -> None:
    name = uuid.encode()
    if not name or len(name) >= int(layout.HEAD_FIELDS["card_uuid"][1][1:-1]):
        raise InvalidInputError(f"card {uuid!r}: its UUID must have 1 to 47 bytes to fit the pages of a share")
    header_bytes, slot_bytes, slots = _SHAPES[magic]
    values: dict[str, int | bytes] = {
        "magic": magic,
        "abi_hash": layout.ABI_HASH,
        "major": layout.PAGES_MAJOR,
        "minor": layout.PAGES_MINOR,
        "header_bytes": header_bytes,
        "slot_bytes": slot_bytes,
        "slots": slots,
        "file_bytes": len(page),
        "boot_id": boot_id.bytes,
        "card_uuid": name,
        "context_bytes": context_bytes,
    }
    for field, value in values.items():
        _put(page, layout.HEAD_FIELDS[field], value)
    _put(page, layout.HEAD_FIELDS["crc"], zlib.crc32(page[:_CRC_OFFSET]))


def _put_record(page: bytearray | mmap.mmap, limits: Limits) -> None:
    (version,) = struct.unpack_from(_VERSION_FORMAT, page, _VERSION_OFFSET)
    in_force = _RECORD_OFFSETS[version & 1]
    record = bytearray(page[in_force : in_force + _RECORD_BYTES])  # what is not known here stays as it is
    flags_offset, flags_format = layout.LIMITS_RECORD_FIELDS["flags"]
    (flags,) = struct.unpack_from(flags_format, record, flags_offset)
    values = {
        "version": limits.version,
        "memory_bytes": limits.memory_bytes,
        "overhead_bytes": limits.overhead_bytes,
        "cores_percent": limits.cores_percent,
        "policy": _POLICIES[limits.policy],
        "priority": limits.priority,
        "weight": limits.weight,
        "pinned_bytes": limits.pinned_bytes,
        "flags": flags & ~_KNOWN_FLAGS | _flags(limits),
    }
    for field, value in values.items():
        _put(record, layout.LIMITS_RECORD_FIELDS[field], value)
    _put(record, layout.LIMITS_RECORD_FIELDS["crc"], zlib.crc32(record[:-4]))
    offset = _RECORD_OFFSETS[limits.version & 1]
    page[offset : offset + _RECORD_BYTES] = bytes(record)
    # Copied as a whole, where pack_into would write byte by byte under the eyes of readers.
    page[_VERSION_OFFSET : _VERSION_OFFSET + 8] = struct.pack(_VERSION_FORMAT, limits.version)


def _flags(limits: Limits) -> int:
    strict = layout.LIMITS_STRICT if limits.strict else 0
    fixed_cores = layout.LIMITS_FIXED_CORES if limits.fixed_cores else 0
    yields = layout.LIMITS_YIELDS if limits.yields else 0
    copies = layout.LIMITS_COPIES if limits.copies else 0
    return strict | fixed_cores | yields | copies | (layout.LIMITS_MANAGED if limits.managed else 0)


def _check(page: bytes, what: str, magic: int, size: int) -> str:
    """Return the card's UUID of a page that is whole."""
    if len(page) != size:
        raise CorruptStateError(f"{what}: {_wrong_size(len(page), size)}")
    return _check_head(page, what, magic)


def _check_head(page: bytes, what: str, magic: int) -> str:
    """Return the card's UUID of a page whose head is whole."""
    head = {name: struct.unpack_from(form, page, offset)[0] for name, (offset, form) in layout.HEAD_FIELDS.items()}
    remedy = "unprepare and prepare the claim again"
    if head["magic"] != magic:
        raise CorruptStateError(f"{what}: magic is {head['magic']:#x}, not {magic:#x}: this is another file; {remedy}")
    if head["crc"] != zlib.crc32(page[:_CRC_OFFSET]):
        raise CorruptStateError(f"{what}: its head is damaged (CRC); {remedy}")
    if head["major"] != layout.PAGES_MAJOR:
        raise CorruptStateError(
            f"{what}: version {head['major']}, this driver reads version {layout.PAGES_MAJOR}; {remedy}"
        )
    if head["minor"] == layout.PAGES_MINOR and head["abi_hash"] != layout.ABI_HASH:
        raise CorruptStateError(f"{what}: ABI hash {head['abi_hash']:#x}, not {layout.ABI_HASH:#x}; {remedy}")
    text: bytes = head["card_uuid"]
    return text.rstrip(b"\0").decode()


def _wrong_size(found: int, expected: int) -> str:
    return f"{found} bytes long, not {expected}; unprepare and prepare the claim again"
