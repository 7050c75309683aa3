"""Where the memory of oversubscribed cards lies, as metrics: of cards that are oversubscribed and held, and no others."""

import struct
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from catalog.errors import UnavailableError
from catalog.names import MIB
from dra_driver.accounting.residency import Residency
from dra_driver.claims.allocation import read_claim
from dra_driver.metrics import ResidencyCollector
from dra_driver.nvml.memory import CardMemory
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.limits_file import changing
from dra_driver.shares.pages import change_overhead
from dra_driver.shares.pages_layout import USAGE_FIELDS
from dra_driver.shares.share import Claim
from tests.unit.driver_objects import NODE, card, claim_object, share_result

CARDS = (card(0), card(1))


def claim(number: int, device: str, scaling: float) -> Claim:
    result = share_result(device, share_id=f"share-{number}")
    found = read_claim(claim_object(result, uid=f"uid-{number}", name=f"c{number}"), NODE, CARDS)
    return replace(found, shares=tuple(replace(share, memory_scaling=scaling) for share in found.shares))


def use(folder: Path, held: Claim, used_bytes: int) -> None:
    (share,) = held.shares
    ShareFolders(folder, UUID(int=7)).create(share)
    with (folder / share.name / "usage").open("r+b") as usage:
        usage.seek(USAGE_FIELDS["word"][0])
        usage.write(struct.pack("<Q", used_bytes))


def shown(residency: Residency) -> dict[str, dict[str, float]]:
    return {
        metric.name.removeprefix("hami_dra_card_memory_"): {
            sample.labels["device_uuid"]: sample.value for sample in metric.samples
        }
        for metric in ResidencyCollector(NODE, residency).collect()
    }


def test_what_shares_use_together_is_held_against_what_is_in_use_on_the_card(tmp_path: Path) -> None:
    held = [claim(1, "gpu-0-share", 2.0), claim(2, "gpu-0-share", 2.0), claim(3, "gpu-1-share", 1.0)]
    for each in held:
        use(tmp_path, each, 3000 * MIB)
    asked: list[Collection[str]] = []

    def read(uuids: Collection[str]) -> Mapping[str, CardMemory]:
        asked.append(uuids)
        return {uuid: CardMemory(5000 * MIB, 4500 * MIB) for uuid in uuids}

    uuid = CARDS[0].uuid
    assert shown(Residency(tmp_path, lambda: held, read)) == {
        "scaling_ratio": {uuid: 2},
        "usable_bytes": {uuid: 5000 * MIB},
        "used_bytes": {uuid: 4500 * MIB},
        "accounted_bytes": {uuid: 6000 * MIB},
        "nonresident_bytes": {uuid: 1500 * MIB},
    }
    assert asked == [(uuid,)]


def test_what_is_charged_beside_what_processes_account_counts(tmp_path: Path) -> None:
    held = claim(1, "gpu-0-share", 2.0)
    use(tmp_path, held, 3000 * MIB)
    with changing(tmp_path / held.shares[0].name) as page:
        change_overhead(page, 500 * MIB)
    residency = Residency(
        tmp_path, lambda: [held], lambda uuids: dict.fromkeys(uuids, CardMemory(5000 * MIB, 3100 * MIB))
    )
    assert [(one.accounted_bytes, one.nonresident_bytes) for one in residency.look()] == [(3500 * MIB, 400 * MIB)]


def test_pages_that_are_gone_count_nothing_and_more_in_use_than_accounted_is_no_negative_number(tmp_path: Path) -> None:
    held = [claim(1, "gpu-0-share", 2.0), claim(2, "gpu-0-share", 2.0)]
    use(tmp_path, held[0], 1000 * MIB)
    residency = Residency(tmp_path, lambda: held, lambda uuids: dict.fromkeys(uuids, CardMemory(9, 2000 * MIB)))
    found = shown(residency)
    assert (found["accounted_bytes"], found["nonresident_bytes"]) == ({CARDS[0].uuid: 1000 * MIB}, {CARDS[0].uuid: 0})


def test_without_oversubscribed_cards_nvml_is_not_asked_and_without_nvml_nothing_is_shown(tmp_path: Path) -> None:
    def fail(_uuids: Collection[str]) -> Mapping[str, CardMemory]:
        raise UnavailableError("NVML does not start")

    assert not any(shown(Residency(tmp_path, lambda: [claim(1, "gpu-0-share", 1.0)], fail)).values())
    assert not any(shown(Residency(tmp_path, lambda: [claim(1, "gpu-0-share", 2.0)], fail)).values())
