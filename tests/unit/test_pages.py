"""The pages of a share as bytes: what is written is read, in-place changes keep the other record, damage is told apart."""

import mmap
import struct
import tempfile
import zlib
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import CorruptStateError, InvalidInputError
from catalog.share_config import CorePolicy
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.pages import (
    Limits,
    Totals,
    change_limits,
    change_overhead,
    limits_page,
    read_limits,
    read_totals,
    usage_page,
)

UUID_OF_CARD = "GPU-d44a7138-833d-5b67-a74e-fe6be8aa622e"
BOOT = UUID("6a1e8d0c-7a5e-4f4e-9f66-0a7c3a3c9d11")

limits = st.builds(
    Limits,
    card_uuid=st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1, max_size=47),
    version=st.integers(1, 2**63),
    memory_bytes=st.integers(0, 2**64 - 1),
    cores_percent=st.integers(0, 100),
    priority=st.integers(0, 1),
    policy=st.sampled_from(CorePolicy),
    weight=st.integers(1, 1000),
    strict=st.booleans(),
    context_bytes=st.integers(0, 2**64 - 1),
    fixed_cores=st.booleans(),
    seat=st.integers(0, layout.SEATS - 1),
    managed=st.booleans(),
    pinned_bytes=st.integers(0, 2**64 - 1),
    yields=st.booleans(),
    copies=st.booleans(),
)
new_limits = limits.filter(lambda wanted: wanted.version < 2**63 - 1)


def page_of(wanted: Limits) -> bytes:
    return limits_page(wanted, BOOT)


@given(limits)
def test_limits_are_read_as_they_were_written(wanted: Limits) -> None:
    page = page_of(wanted)
    assert len(page) == layout.LIMITS_BYTES
    assert read_limits(page) == wanted


@given(limits.filter(lambda wanted: wanted.version < 2**63), st.integers(0, 2**64 - 1))
def test_limits_change_in_place_and_leave_the_record_before(wanted: Limits, memory_bytes: int) -> None:
    before = page_of(wanted)
    with tempfile.TemporaryFile() as file:
        file.write(before)
        file.flush()
        with mmap.mmap(file.fileno(), layout.LIMITS_BYTES) as mapped_by_a_container:
            version = change_limits(
                file.fileno(), memory_bytes=memory_bytes, cores_percent=5, priority=0, policy=CorePolicy.FORCE, weight=7
            )
            after = mapped_by_a_container[:]
    changed = replace(
        wanted,
        version=wanted.version + 1,
        memory_bytes=memory_bytes,
        cores_percent=5,
        priority=0,
        policy=CorePolicy.FORCE,
        weight=7,
    )
    assert version == wanted.version + 1
    assert read_limits(after) == changed
    old = layout.LIMITS_FIELDS["places"][0] + (wanted.version & 1) * layout.LIMITS_PLACE_BYTES
    assert after[old : old + layout.LIMITS_PLACE_BYTES] == before[old : old + layout.LIMITS_PLACE_BYTES]


@given(new_limits, st.integers(0, 2**64 - 1))
def test_overhead_changes_nothing_else_and_outlives_new_limits(wanted: Limits, overhead_bytes: int) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(page_of(wanted))
        file.flush()
        change_overhead(file.fileno(), overhead_bytes)
        file.seek(0)
        assert read_limits(file.read()) == replace(wanted, version=wanted.version + 1, overhead_bytes=overhead_bytes)
        change_limits(
            file.fileno(),
            memory_bytes=wanted.memory_bytes,
            cores_percent=wanted.cores_percent,
            priority=wanted.priority,
            policy=wanted.policy,
            weight=wanted.weight,
        )
        file.seek(0)
        assert read_limits(file.read()) == replace(wanted, version=wanted.version + 2, overhead_bytes=overhead_bytes)


def with_record(page: bytes, **values: int) -> bytes:
    """Return a limits page of version 1 whose record says other values, as whoever wrote it may mean them."""
    changed, place = bytearray(page), layout.LIMITS_FIELDS["places"][0] + layout.LIMITS_PLACE_BYTES
    for name, value in values.items():
        offset, form = layout.LIMITS_RECORD_FIELDS[name]
        struct.pack_into(form, changed, place + offset, value)
    crc_offset, form = layout.LIMITS_RECORD_FIELDS["crc"]
    struct.pack_into(form, changed, place + crc_offset, zlib.crc32(changed[place : place + crc_offset]))
    return bytes(changed)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"cores_percent": 101, "policy": 3, "priority": 2, "weight": 0}, (100, CorePolicy.FORCE, 1, 1)),
        (dict.fromkeys(("cores_percent", "policy", "priority", "weight"), 2**32 - 1), (100, CorePolicy.FORCE, 1, 1000)),
        ({"cores_percent": 30, "policy": 2, "priority": 0, "weight": 7}, (30, CorePolicy.DISABLE, 0, 7)),
    ],
)
def test_what_no_driver_writes_is_taken_for_the_strictest(
    written: dict[str, int], meant: tuple[int, CorePolicy, int, int]
) -> None:
    page = limits_page(Limits(UUID_OF_CARD, 1, 1, 0, 1, CorePolicy.DEFAULT, 100), BOOT)
    read = read_limits(with_record(page, **written))
    assert (read.cores_percent, read.policy, read.priority, read.weight) == meant


def test_flags_that_are_not_known_outlive_a_change() -> None:
    flag = 1 << 30
    page = limits_page(Limits(UUID_OF_CARD, 1, 1, 0, 1, CorePolicy.DEFAULT, 100, strict=True), BOOT)
    with tempfile.TemporaryFile() as file:
        file.write(with_record(page, flags=flag | layout.LIMITS_STRICT))
        file.flush()
        change_overhead(file.fileno(), 5)
        file.seek(0)
        after = file.read()
    offset, form = layout.LIMITS_RECORD_FIELDS["flags"]
    assert struct.unpack_from(form, after, layout.LIMITS_FIELDS["places"][0] + offset) == (flag | layout.LIMITS_STRICT,)
    assert read_limits(after).strict


def test_an_empty_usage_page_says_that_nothing_is_used() -> None:
    page = usage_page(UUID_OF_CARD, BOOT)
    assert len(page) == layout.USAGE_BYTES
    assert read_totals(page[: layout.USAGE_HEADER_BYTES]) == Totals(0, 0, 0, 0)
    assert not any(page[layout.HEAD_BYTES :])


def test_a_page_of_the_minor_version_before_contexts_says_that_they_are_not_charged() -> None:
    page = bytearray(limits_page(Limits(UUID_OF_CARD, 1, 1, 0, 1, CorePolicy.DEFAULT, 100), BOOT))
    for field, value in {"minor": 1, "abi_hash": 7}.items():
        offset, form = layout.HEAD_FIELDS[field]
        struct.pack_into(form, page, offset, value)
    crc_offset = layout.HEAD_FIELDS["crc"][0]
    struct.pack_into("<I", page, crc_offset, zlib.crc32(page[:crc_offset]))
    assert read_limits(bytes(page)).context_bytes == 0


@pytest.mark.parametrize("uuid", ["", "G" * 48])
def test_a_uuid_that_does_not_fit_is_refused(uuid: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 47 bytes"):
        usage_page(uuid, BOOT)


@pytest.mark.parametrize(
    ("field", "message"),
    [("magic", "this is another file"), ("abi_hash", "damaged"), ("card_uuid", "damaged"), ("crc", "damaged")],
)
def test_a_damaged_head_is_told(field: str, message: str) -> None:
    page = bytearray(usage_page(UUID_OF_CARD, BOOT))
    page[layout.HEAD_FIELDS[field][0]] ^= 1
    with pytest.raises(CorruptStateError, match=message):
        read_totals(bytes(page[: layout.USAGE_HEADER_BYTES]))


def test_another_size_is_told() -> None:
    with pytest.raises(CorruptStateError, match="4095 bytes long, not 4096"):
        read_limits(bytes(4095))


def test_a_limits_page_is_no_usage_page() -> None:
    page = limits_page(Limits(UUID_OF_CARD, 1, 1, 0, 1, CorePolicy.DEFAULT, 100), BOOT)
    with pytest.raises(CorruptStateError, match="this is another file"):
        read_totals(page[: layout.USAGE_HEADER_BYTES])


def test_a_damaged_record_is_told() -> None:
    page = bytearray(limits_page(Limits(UUID_OF_CARD, 1, 1, 0, 1, CorePolicy.DEFAULT, 100), BOOT))
    page[layout.LIMITS_FIELDS["places"][0] + layout.LIMITS_PLACE_BYTES + 8] ^= 1
    with pytest.raises(CorruptStateError, match="record in force is damaged"):
        read_limits(bytes(page))


def test_changing_limits_of_another_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "limits"
    file.write_bytes(b"something else")
    with file.open("r+b") as opened, pytest.raises(CorruptStateError, match="14 bytes long"):
        change_limits(
            opened.fileno(), memory_bytes=1, cores_percent=0, priority=1, policy=CorePolicy.DEFAULT, weight=100
        )
    assert file.read_bytes() == b"something else"


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_the_header_of_a_usage_page_sums_up_what_is_used(used: int, peak: int, refusals: int) -> None:
    page = bytearray(usage_page(UUID_OF_CARD, BOOT))
    for field, value in (("word", used), ("peak_bytes", peak), ("refusals", refusals)):
        struct.pack_into("<Q", page, layout.USAGE_FIELDS[field][0], value)
    totals = read_totals(bytes(page[: layout.USAGE_HEADER_BYTES]))
    assert (totals.used_bytes, totals.peak_bytes, totals.refusals) == (used, peak, refusals)


@given(st.binary(max_size=2 * layout.USAGE_HEADER_BYTES))
def test_anything_else_is_no_header_of_a_usage_page(header: bytes) -> None:
    with pytest.raises(CorruptStateError, match="usage page: "):
        read_totals(header)
