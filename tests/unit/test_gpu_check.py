"""What `make gpu-check` writes down: a part for each card, in a block of its own, and a row for the table of contexts."""

from datetime import date
from pathlib import Path

import pytest

from catalog.errors import InvalidInputError, UnavailableError
from catalog.names import MIB
from dra_driver.cards.contexts import ContextSize
from hack.gpu_check import truth
from hack.gpu_check.checks import Finding, row
from hack.gpu_check.record import recorded, section, write
from hack.gpu_check.scene import Batch, Heard, parse_heard, parse_trace, percent_between
from hack.gpu_check.tenant import REPOSITORY
from hack.gpu_check.time_checks import settling_s
from tests.unit.driver_objects import card

DOCUMENT = "before\n<!-- gpu-check: begin; written by make gpu-check -->\n{}<!-- gpu-check: end -->\nafter\n"
NOTHING = "`make gpu-check` has not yet been run on a GPU.\n"


def test_a_result_names_card_driver_and_day() -> None:
    text = section(card(), date(2026, 11, 24), [Finding("a limit", "4096 MiB", "holds")])
    assert text.startswith(f"### {card().product_name}\n\n2026-11-24, driver {card().driver_version}, CUDA ")
    assert "| a limit | 4096 MiB | holds |\n" in text


def test_results_of_several_cards_stand_beside_each_other_and_a_new_one_replaces_the_older() -> None:
    first = recorded(DOCUMENT.format(NOTHING), "### A\n\nold\n")
    assert first == DOCUMENT.format("### A\n\nold\n")
    second = recorded(first, "### B\n\nother\n")
    assert second == DOCUMENT.format("### A\n\nold\n\n### B\n\nother\n")
    assert recorded(second, "### A\n\nnew\n") == DOCUMENT.format("### B\n\nother\n\n### A\n\nnew\n")


def test_a_document_without_a_block_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="there is no block between"):
        recorded("before\nafter\n", "### A\n")


def test_the_measurements_have_a_block(tmp_path: Path) -> None:
    copy = tmp_path / "measurements.md"
    copy.write_text((REPOSITORY / "docs/measurements.md").read_text())
    write(copy, "### A card of this test\n\nseen\n")
    assert "### A card of this test\n\nseen\n<!-- gpu-check: end -->" in copy.read_text()


def test_what_was_measured_is_a_row_of_the_table() -> None:
    made = eval(row(card(), 301 * MIB), {"ContextSize": ContextSize})  # noqa: S307  our own text
    assert made.size_mib == 302
    assert made.model == card().product_name
    assert made.source == f"measured {card().product_name}, driver {card().driver_version}"


@pytest.mark.parametrize(
    ("listed_mib", "taken_mib", "is_listed"), [({7: 300}, 300, True), ({7: 0}, 40, False), ({}, 40, False)]
)
def test_where_nvml_does_not_say_what_a_process_holds_the_cards_whole_does(
    monkeypatch: pytest.MonkeyPatch, listed_mib: dict[int, int], taken_mib: int, is_listed: bool
) -> None:
    used = iter(("10", "50"))
    monkeypatch.setattr(truth, "smi", lambda *_: [["GPU-other", "9"], [card().uuid, next(used)]])
    monkeypatch.setattr(
        truth, "read_processes", lambda *_: {card().uuid: {pid: mib * MIB for pid, mib in listed_mib.items()}}
    )
    seen = truth.Truth(Path("/"), card())
    assert seen.lists(7) == is_listed
    assert seen.taken_bytes(7) == taken_mib * MIB


def test_a_missing_nvidia_smi_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="usr/bin/nvidia-smi: No such file or directory; install it"):
        truth.smi(tmp_path, "uuid")


def test_what_keep_busy_says_is_read() -> None:
    said = "keep-busy: 9 launches, 90.0 % of the card\n"
    said += "keep-busy: a unit each 22.575 us, its launch 341 ns of the host, the program 3.30 % of a core\n"
    said += "keep-busy: in all 40 launches of 20 us in 2.00 s: 88.0 % of the card by wall time, 88.6 % by events\n"
    assert parse_heard(said) == Heard(22.575, 341, 3.3, 88.6)


def test_a_program_that_did_not_come_to_its_end_is_told() -> None:
    with pytest.raises(UnavailableError, match="keep-busy did not say what it had: nothing at all"):
        parse_heard("")


def test_a_trace_says_what_a_program_had_of_the_card() -> None:
    head = "host_asked_ns,host_seen_ns,gpu_end_ns,stream,units,unit_ns\n"
    batches = parse_trace(head + "10,100,50,0,5,4\n20,200,90,1,1,30\n30,300,95,0,1,50\n")
    assert batches == [Batch(100, 20), Batch(200, 30), Batch(300, 50)]
    assert percent_between(batches, 100, 300) == 25


@pytest.mark.parametrize(("slow_ms", "settled_s"), [(0, 0.0), (300, 0.3), (2000, None)])
def test_a_new_limit_is_settled_when_two_windows_come_near_it(slow_ms: int, settled_s: float | None) -> None:
    ms = 1_000_000
    changed_ns = 5_030 * ms
    after = [Batch(changed_ns + end * ms, (3 if end <= slow_ms else 6) * ms) for end in range(5, 1001, 10)]
    before = [Batch(changed_ns - end * ms, 6 * ms) for end in range(5, 1001, 10)]
    assert settling_s([*before, *after], changed_ns, 60) == settled_s


def test_without_a_trace_nothing_settles() -> None:
    assert settling_s([], 10**9, 60) is None
