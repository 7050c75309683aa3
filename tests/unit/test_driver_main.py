"""The driver's wiring where no process is needed: when slices are published, and options that cannot be used."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.errors import InvalidInputError
from catalog.names import MIB
from dra_driver import main
from dra_driver.cards.contexts import context_bytes
from dra_driver.main import Options, run
from dra_driver.slices.publisher import Publisher
from tests.unit.driver_objects import card


class Published(Exception):  # noqa: N818  an event, not an error
    pass


async def publish_now(_publisher: Publisher) -> None:
    raise Published


async def test_slices_wait_for_the_kubelet_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Publisher, "run", publish_now)
    monkeypatch.setattr(main, "_REGISTRATION_S", 0.01)
    with pytest.raises(Published), caplog.at_level(logging.WARNING):
        await main._publish(Publisher.__new__(Publisher), asyncio.Event())
    assert "publishing all the same. Does it run, and is --kubelet-dir right?" in caplog.text


async def test_slices_follow_registration_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Publisher, "run", publish_now)
    registered = asyncio.Event()
    registered.set()
    with pytest.raises(Published):
        await main._publish(Publisher.__new__(Publisher), registered)
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options("n", Path("l"), backend="simulated"), "--backend simulated needs --cards FILE"),
        (Options("n", Path("l"), cards_file=Path("c")), "--cards is for --backend simulated"),
        (Options("n", Path("l"), split_count=1001), "--split-count 1001: write a number from 1 to 1000"),
    ],
)
async def test_options_that_cannot_be_used_are_refused_before_anything_is_touched(options: Options, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        await run(options)


def test_contexts_are_charged_by_the_cards_file_or_the_table_or_not_at_all(tmp_path: Path) -> None:
    cards = tmp_path / "cards.yaml"
    cards.write_text("cards:\n- model: Tesla T4\n- model: Tesla T4\n  contextMiB: 16\n")
    simulated = Options("n", Path("l"), backend="simulated", cards_file=cards)
    assert sorted(main._context_bytes(simulated, ()).values()) == [16 * MIB, 64 * MIB]
    assert main._context_bytes(replace(simulated, account_overhead=False), ()) == {}
    assert main._context_bytes(Options("n", Path("l")), (card(),)) == {card().uuid: context_bytes(card())}
    assert main._context_bytes(Options("n", Path("l"), account_overhead=False), (card(),)) == {}
