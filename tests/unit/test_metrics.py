"""Metrics in one process: calls, errors by reason, shares by pod and container, and pages that cannot be read."""

import asyncio
import struct
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client import generate_latest

from catalog.errors import ConflictError, InvalidInputError
from daemon.metrics_server import Address
from dra_driver.claims.allocation import read_claim
from dra_driver.metrics import Metrics, Observed
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import change_overhead
from dra_driver.shares.pages_layout import CARD_FIELDS, SLOT_BYTES, SLOT_FIELDS, USAGE_FIELDS
from dra_driver.shares.share import Claim
from tests.unit.driver_objects import NODE, Object, add_sample, card, claim_object, share_result, whole_result

SECOND_SHARE = "0d6dbb7e-0000-4a9d-9d0a-6f2f6c1b8e02"


def metrics_of(folder: Path, held: Iterable[Claim] = ()) -> Metrics:
    return Metrics("1.2.3", observed_at(folder, held))


def observed_at(folder: Path, held: Iterable[Claim] = ()) -> Observed:
    return Observed(
        node_name=NODE,
        shares_folder=folder,
        held=lambda: held,
        slice_writes=lambda: {"create": 2, "update": 5},
        is_published=lambda: True,
        is_sharing=lambda: False,
        has_rivals=lambda: True,
    )


def samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for metric in metrics.registry.collect()
        for sample in metric.samples
    }


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return samples(metrics).get((name, frozenset(labels.items())))


def claim(*results: Object) -> Claim:
    document = claim_object(*results)
    document["status"]["reservedFor"] = [{"resource": "pods", "name": "trainer", "uid": "uid"}]
    return read_claim(document, NODE, (card(0), card(1)))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (InvalidInputError("x"), "InvalidInput"),
        (ConflictError("x"), "Conflict"),
        (KeyError("x"), "Fault"),
        (asyncio.CancelledError(), "Cancelled"),
    ],
)
def test_errors_are_counted_by_reason_and_passed_on(tmp_path: Path, error: BaseException, reason: str) -> None:
    metrics = metrics_of(tmp_path)
    with pytest.raises(type(error)), metrics.observing("prepare"):
        raise error
    assert value(metrics, "hami_dra_claim_errors_total", operation="prepare", reason=reason) == 1
    assert value(metrics, "hami_dra_claim_duration_seconds_count", operation="prepare") == 1
    assert value(metrics, "hami_dra_claims_in_flight", operation="prepare") == 0


def test_what_is_under_way_is_in_flight(tmp_path: Path) -> None:
    metrics = metrics_of(tmp_path)
    with metrics.observing("unprepare"):
        assert value(metrics, "hami_dra_claims_in_flight", operation="unprepare") == 1
    assert value(metrics, "hami_dra_claims_in_flight", operation="unprepare") == 0


def value_of(metrics: Metrics, wanted: str) -> float:
    """The one sample of that name."""
    (number,) = (number for (name, _), number in samples(metrics).items() if name == wanted)
    return number


def test_operations_are_there_before_the_first_call(tmp_path: Path) -> None:
    for operation in ("prepare", "unprepare"):
        assert value(metrics_of(tmp_path), "hami_dra_claim_duration_seconds_count", operation=operation) == 0


def test_each_share_is_told_apart_and_whole_cards_are_counted(tmp_path: Path) -> None:
    results = (share_result(), share_result("gpu-1-share", share_id=SECOND_SHARE), whole_result("gpu-1", "big"))
    held = claim(*results)
    folders = ShareFolders(tmp_path, UUID(int=7))
    for share in held.shares:
        folders.create(share)
    metrics = metrics_of(tmp_path, [held])
    assert value(metrics, "hami_dra_prepared_claims") == 1
    assert value(metrics, "hami_dra_prepared_shares", kind="share") == 2
    assert value(metrics, "hami_dra_prepared_shares", kind="whole") == 1
    limits = {
        (labels["pod"], labels["container"], labels["vdevice_index"], labels["device_uuid"], labels["claim"]): number
        for (name, pairs), number in samples(metrics).items()
        if name == "hami_vgpu_memory_limit_bytes" and (labels := dict(pairs))
    }
    assert limits == {
        ("trainer", "main", "0", card(0).uuid, "claim"): 4000 * 2**20,
        ("trainer", "main", "1", card(1).uuid, "claim"): 4000 * 2**20,
    }


def test_contexts_of_a_share_that_is_used_are_shown(tmp_path: Path) -> None:
    held = claim(share_result())
    (share,) = held.shares
    ShareFolders(tmp_path, UUID(int=7)).create(share)
    slots, column = USAGE_FIELDS["slots"][0], SLOT_FIELDS["context_bytes"][0]
    with (tmp_path / share.name / "usage").open("r+b") as usage:
        for offset, value in ((slots + column, 64), (slots + 1023 * SLOT_BYTES + column, 7)):
            usage.seek(offset)
            usage.write(struct.pack("<Q", value))
    assert value_of(metrics_of(tmp_path, [held]), "hami_vgpu_memory_context_bytes") == 0, "nothing is used"
    with (tmp_path / share.name / "usage").open("r+b") as usage:
        usage.seek(USAGE_FIELDS["word"][0])
        usage.write(struct.pack("<Q", 1000))
    assert value_of(metrics_of(tmp_path, [held]), "hami_vgpu_memory_context_bytes") == 71


def test_overhead_and_unknown_functions_of_a_share_are_shown(tmp_path: Path) -> None:
    held = claim(share_result())
    (share,) = held.shares
    ShareFolders(tmp_path, UUID(int=7)).create(share)
    with (tmp_path / share.name / "limits").open("r+b") as limits:
        change_overhead(limits.fileno(), 300 * 2**20)
    offset, form = USAGE_FIELDS["unknown_functions"]
    with (tmp_path / share.name / "usage").open("r+b") as usage:
        usage.seek(offset)
        usage.write(struct.pack(form, 5))
    shown = {name: number for (name, _), number in samples(metrics_of(tmp_path, [held])).items()}
    assert shown["hami_vgpu_memory_overhead_bytes"] == 300 * 2**20
    assert shown["hami_vgpu_unknown_functions_total"] == 5


def test_the_time_of_shares_and_cards_is_shown(tmp_path: Path) -> None:
    held = claim(share_result())
    (share,) = held.shares
    for name in ("shares", "cards"):
        (tmp_path / name).mkdir()
    folders = ShareFolders(tmp_path / "shares", UUID(int=7), cards=CardPages(tmp_path / "cards", UUID(int=7)))
    folders.create(share)
    folder = tmp_path / "shares" / share.name
    add_sample(folder / "limits", 2_500_000_000, 7)
    slot = USAGE_FIELDS["slots"][0]
    for page, offset, form, number in (
        ("usage", USAGE_FIELDS["credit_ns"][0], "<q", -500_000_000),
        ("usage", slot + SLOT_FIELDS["busy_ns"][0], "<Q", 2_000_000_000),
        ("usage", slot + SLOT_FIELDS["throttled_ns"][0], "<Q", 1_500_000_000),
        ("usage", slot + SLOT_FIELDS["launches"][0], "<Q", 77),
        ("card", CARD_FIELDS["lease"][0], "<Q", 9 << 16 | 1),
        ("card", CARD_FIELDS["active"][0] + 120, "<Q", 5),
    ):
        with (folder / page).open("r+b") as file:
            file.seek(offset)
            file.write(struct.pack(form, number))
    metrics = metrics_of(tmp_path / "shares", [held])
    shown = {name: number for (name, _), number in samples(metrics).items() if name != "hami_dra_card_seats"}
    assert shown["hami_vgpu_core_busy_seconds_total"] == 2.5
    assert shown["hami_vgpu_core_accounted_seconds"] == 2
    assert shown["hami_vgpu_core_throttled_seconds"] == 1.5
    assert shown["hami_vgpu_core_launches"] == 77
    assert shown["hami_vgpu_core_credit_seconds"] == -0.5
    assert shown["hami_vgpu_core_factor_ratio"] == 1
    assert shown["hami_dra_card_lease_grants_total"] == 9
    assert value(metrics, "hami_dra_card_seats", state="active", device_uuid=card().uuid, node=NODE) == 2
    assert value(metrics, "hami_dra_card_seats", state="queued", device_uuid=card().uuid, node=NODE) == 0


def test_samples_and_findings_are_shown_by_card(tmp_path: Path) -> None:
    observed = replace(
        observed_at(tmp_path), sampled=lambda: {"GPU-1": False}, findings=lambda: {("outside", "GPU-1"): 3}
    )
    metrics = Metrics("1.2.3", observed)
    assert value(metrics, "hami_dra_time_samples", device_uuid="GPU-1", node=NODE) == 0
    assert value(metrics, "hami_dra_cross_check_findings_total", reason="outside", device_uuid="GPU-1", node=NODE) == 3


def test_a_share_that_is_gone_meanwhile_is_left_out_and_a_damaged_one_counted(tmp_path: Path) -> None:
    held = claim(share_result(), share_result(share_id=SECOND_SHARE, request="other"))
    damaged, _ = held.shares
    ShareFolders(tmp_path, UUID(int=7)).create(damaged)
    (tmp_path / damaged.name / "usage").write_bytes(b"nonsense")
    metrics = metrics_of(tmp_path, [held])
    assert value(metrics, "hami_dra_unreadable_shares") == 1
    assert not [name for name, _ in samples(metrics) if name.startswith("hami_vgpu_")]


def test_slices_and_build_are_shown(tmp_path: Path) -> None:
    metrics = metrics_of(tmp_path)
    assert value(metrics, "hami_dra_slice_writes_total", kind="update") == 5
    assert value(metrics, "hami_dra_slices_published") == 1
    assert value(metrics, "hami_dra_cards_shared") == 0
    assert value(metrics, "hami_dra_rivals") == 1
    assert value(metrics, "hami_dra_build_info", version="1.2.3") == 1


def test_the_text_has_no_sample_of_when_a_count_was_made(tmp_path: Path) -> None:
    assert b"_created" not in generate_latest(metrics_of(tmp_path).registry)


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:9398", Address("127.0.0.1", 9398)), ("[::1]:0", Address("::1", 0)), ("host:1", Address("host", 1))],
)
def test_an_address_is_read_and_written_alike(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize("text", ["", "9398", ":9398", "h:", "h:x", "h:65536", "h:-1", "[]:1"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInputError, match="write ADDRESS:PORT, such as"):
        Address.parse(text)
