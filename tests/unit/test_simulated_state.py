"""Health and load in the cards file: what it may say, that it reaches the card files in place, and what a running driver ignores."""

import logging
import struct
from pathlib import Path

import pytest

from catalog.errors import InvalidInputError
from dra_driver.simulated.backend import load_cards
from dra_driver.simulated.card_file import new_card_file, static_part
from dra_driver.simulated.card_layout import FILE_SIZE, STATE_FIELDS, STATIC_SIZE
from dra_driver.simulated.cards import SimulatedHealth, parse_cards
from dra_driver.simulated.state import CardsFile

CARD = "- model: NVIDIA L4\n"
SICK = CARD + "  health: {xid: 79, uncorrectedEccErrors: 3}\n"
LOST = CARD + "  health: {lost: true}\n"
BUSY = CARD + "  utilization: {gpu: 90, memory: 35}\n"
WELL_AND_IDLE = dict.fromkeys(STATE_FIELDS, 0)


@pytest.fixture
def cards(tmp_path: Path) -> CardsFile:
    """A cards file of two well cards, and their card files."""
    path = tmp_path / "cards.yaml"
    path.write_text("cards:\n" + 2 * CARD)
    (tmp_path / "dev").mkdir()
    for card in load_cards(path, "node"):
        (tmp_path / f"dev/hami-sim{card.index}").write_bytes(new_card_file(card))
    return CardsFile(path, "node", tmp_path)


def state(cards: CardsFile, index: int) -> dict[str, int]:
    content = (cards.driver_root / f"dev/hami-sim{index}").read_bytes()
    assert len(content) == FILE_SIZE
    return {
        name: struct.unpack_from(fmt, content, STATIC_SIZE + offset)[0] for name, (offset, fmt) in STATE_FIELDS.items()
    }


def say(cards: CardsFile, *specs: str) -> None:
    cards.path.write_text("cards:\n" + "".join(specs))
    cards.look()


def test_health_reaches_the_card_files_in_place_and_goes_again(cards: CardsFile) -> None:
    inode = (cards.driver_root / "dev/hami-sim0").stat().st_ino
    say(cards, SICK, LOST)
    assert state(cards, 0) == WELL_AND_IDLE | {"xid": 79, "uncorrected_ecc_errors": 3}
    assert state(cards, 1) == WELL_AND_IDLE | {"lost": 1}
    say(cards, CARD, CARD)
    assert state(cards, 0) == state(cards, 1) == WELL_AND_IDLE
    assert (cards.driver_root / "dev/hami-sim0").stat().st_ino == inode


def test_what_nvml_refuses_reaches_the_card_files_in_place_and_goes_again(cards: CardsFile) -> None:
    say(cards, CARD + "  refusals: {processes: noPermission, samples: notSupported}\n", CARD)
    assert state(cards, 0) == WELL_AND_IDLE | {"processes_refusal": 4, "samples_refusal": 3}
    assert state(cards, 1) == WELL_AND_IDLE
    say(cards, CARD, CARD)
    assert state(cards, 0) == WELL_AND_IDLE


def test_load_reaches_the_card_files_in_place_and_goes_again(cards: CardsFile) -> None:
    say(cards, BUSY, CARD)
    assert state(cards, 0) == WELL_AND_IDLE | {"gpu_percent": 90, "memory_percent": 35}
    assert state(cards, 1) == WELL_AND_IDLE
    say(cards, CARD, CARD)
    assert state(cards, 0) == WELL_AND_IDLE


def test_load_over_100_percent_is_refused_with_field_and_remedy() -> None:
    with pytest.raises(InvalidInputError, match=r"cards\[0\]\.utilization\.gpu: .*<= 100"):
        parse_cards({"cards": [{"model": "NVIDIA L4", "utilization": {"gpu": 101}}]}, "n", "f")
    with pytest.raises(InvalidInputError, match="the fields here are gpu, memory"):
        parse_cards({"cards": [{"model": "NVIDIA L4", "utilization": {"sm": 1}}]}, "n", "f")


def test_a_card_that_is_sick_is_still_the_same_card() -> None:
    well, sick = (
        parse_cards({"cards": [{"model": "NVIDIA L4", **more}]}, "n", "f")[0] for more in ({}, {"health": {"xid": 79}})
    )
    assert sick.health == SimulatedHealth(xid=79)
    assert static_part(sick) == static_part(well)


def test_a_file_that_cannot_be_used_changes_nothing_and_is_named_once(
    cards: CardsFile, caplog: pytest.LogCaptureFixture
) -> None:
    say(cards, SICK, CARD)
    say(cards, "nonsense\n")
    cards.look()
    assert state(cards, 0)["xid"] == 79
    assert caplog.text.count("the cards stay as they are") == 1
    cards.path.unlink()
    cards.look()
    assert state(cards, 0)["xid"] == 79


def test_another_card_waits_for_the_next_start(cards: CardsFile, caplog: pytest.LogCaptureFixture) -> None:
    say(cards, SICK.replace("L4", "A10"), CARD)
    assert "more than health, utilization and refusals has changed; restart the driver to use it" in caplog.text
    assert state(cards, 0)["xid"] == 0


def test_what_changed_is_said(cards: CardsFile, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        say(cards, CARD, SICK)
        say(cards, CARD, CARD)
        say(cards, BUSY, CARD)
    assert "card 1 is now xid 79, uncorrected_ecc_errors 3, 0 % busy" in caplog.text
    assert "card 1 is now well" in caplog.text
    assert "card 0 is now well, 90 % busy" in caplog.text


@pytest.mark.parametrize(
    ("health", "words"),
    [
        ({"xid": -1}, r"f: cards\[0\]\.health\.xid: .*>= 0"),
        ({"sick": True}, "the fields here are lost, xid, uncorrectedEccErrors"),
        ({"lost": "yes"}, r"cards\[0\]\.health\.lost"),
    ],
)
def test_health_that_cannot_be_is_refused_with_field_and_remedy(health: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        parse_cards({"cards": [{"model": "NVIDIA L4", "health": health}]}, "n", "f")
