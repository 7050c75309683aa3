"""What is held on a page that is read again and again: as one that reads it as a whole each time would say."""

import fcntl
import os
import struct
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dra_driver.shares import pages_layout as layout
from dra_driver.shares.pages import usage_page
from dra_driver.shares.slots import HoldingsReader
from tests.holdings import read_holdings

operations = st.lists(st.tuples(st.sampled_from([0, 1, 511, 1023]), st.integers(0, 2**40)), max_size=12)


class Page:
    """A usage page whose processes do one operation after another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(usage_page("GPU-1", UUID(int=7)))
        self.sequences: dict[int, int] = {}
        self.charges: dict[int, int] = {}

    def put(self, offset: int, form: str, *values: int) -> None:
        with self.path.open("r+b") as page:
            page.seek(offset)
            page.write(struct.pack(form, *values))

    def charge(self, slot: int, size: int) -> None:
        """An operation after which the slot holds `size`, as the library does it: the slot first, then the word."""
        start = layout.USAGE_HEADER_BYTES + slot * layout.SLOT_BYTES
        sequence = self.sequences[slot] = self.sequences.get(slot, 0) + 1
        self.charges[slot] = size
        self.put(start + layout.SLOT_FIELDS["charge_bytes"][0] + 8 * (sequence & 1), "<Q", size)
        self.put(start, "<Q", sequence)
        self.put(layout.USAGE_FIELDS["word"][0], "<2Q", sum(self.charges.values()), slot << 48 | sequence)
        self.put(start + layout.SLOT_FIELDS["done"][0], "<Q", sequence)
        self.put(start + layout.SLOT_FIELDS["pid_namespace"][0], "<QI", 77, 1000 + slot)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(operations)
def test_what_is_remembered_is_what_is_there(tmp_path: Path, steps: list[tuple[int, int]]) -> None:
    page, reader = Page(tmp_path / "usage"), HoldingsReader()
    for slot, size in steps:
        page.charge(slot, size)
        found = reader.read(str(page.path))
        assert (found.living_bytes, found.dead_bytes) == (0, sum(page.charges.values()))
        assert found == reader.read(str(page.path)) == read_holdings(page.path)


def test_a_process_that_dies_is_dead_though_nothing_was_written(tmp_path: Path) -> None:
    page, reader = Page(tmp_path / "usage"), HoldingsReader()
    page.charge(5, 100)
    with page.path.open("r+b") as holder:
        lock = struct.pack("=hh4xqqi4x", fcntl.F_WRLCK, os.SEEK_SET, layout.SLOT_LOCK_OFFSET + 5, 1, 0)
        fcntl.fcntl(holder, fcntl.F_OFD_SETLK, lock)
        found = reader.read(str(page.path))
        assert (found.living_bytes, found.dead_bytes, found.living) == (100, 0, frozenset({(77, 1005)}))
    found = reader.read(str(page.path))
    assert (found.living_bytes, found.dead_bytes, found.living) == (0, 100, frozenset())
    reader.forget_all_but(set())
    assert reader.read(str(page.path)).dead_bytes == 100
