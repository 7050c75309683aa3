"""The sample that keeps a card busy, on a card of the simulated driver: what it says of its share of the card's time."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards

pytestmark = pytest.mark.native

BUILD = Path(__file__).parents[2] / "build"
PROGRAM = BUILD / "samples/keep-busy"
LAST = re.compile(
    r"keep-busy: in all (\d+) launches of (\d+) us in ([\d.]+) s: ([\d.]+) % of the card by wall time, ([\d.]+) % by events\n$"
)
ROUNDING = 0.2


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "cards.yaml").write_text("cards: [{model: NVIDIA A100-SXM4-80GB}]\n")
    cards = load_cards(tmp_path / "cards.yaml", "node-a")
    build_driver_root(cards, BUILD / "sim", tmp_path / "root", real_driver=tmp_path / "none")
    return tmp_path / "root"


def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"LD_LIBRARY_PATH": str(root / LIBRARY_FOLDER)}
    return subprocess.Popen(
        [PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def told(program: subprocess.Popen[str]) -> tuple[int, int, float, float, float]:
    """Return launches, their length in µs, seconds, and the two shares in percent."""
    output, errors = program.communicate(timeout=60)
    found = LAST.search(output)
    assert program.returncode == 0, errors
    assert found, output
    launches, unit_us, *rest = found.groups()
    seconds, wall_percent, event_percent = map(float, rest)
    return int(launches), int(unit_us), seconds, wall_percent, event_percent


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--unit-us", "20"),
        ("--sync", "--unit-us", "300"),
        ("--graph", "7"),
        ("--streams", "3", "--unit-us", "4000"),
    ],
)
def test_its_share_is_the_time_of_its_units(root: Path, arguments: tuple[str, ...]) -> None:
    launches, unit_us, seconds, wall_percent, event_percent = told(start(root, "--seconds", "1", *arguments))
    busy_s = launches * unit_us / 1e6
    assert seconds >= 1
    assert launches > 0
    assert abs(wall_percent - 100 * busy_s / seconds) <= 1
    assert wall_percent <= 100 + ROUNDING
    assert event_percent <= 100 + ROUNDING


def test_two_have_no_more_than_the_card_together(root: Path) -> None:
    before_s = time.monotonic()
    programs = [start(root, "--seconds", "1", "--unit-us", unit_us) for unit_us in ("100", "7000")]
    answers = [told(program) for program in programs]
    passed_s = time.monotonic() - before_s
    assert sum(launches * unit_us for launches, unit_us, *_ in answers) / 1e6 <= passed_s
    assert all(launches > 0 for launches, *_ in answers)


def test_it_says_how_it_is_used(root: Path) -> None:
    helped = start(root, "--help")
    output, _ = helped.communicate(timeout=10)
    assert helped.returncode == 0
    assert "--unit-us N" in output
    for wrong in (("--streams", "0"), ("--unit-us", "x"), ("--graph", "1001"), ("more",)):
        refused = start(root, *wrong)
        _, errors = refused.communicate(timeout=10)
        assert refused.returncode == 2
        assert "usage: keep-busy" in errors


def test_it_tells_what_the_driver_refused(root: Path) -> None:
    (root / "dev/hami-sim0").unlink()
    refused = start(root)
    _, errors = refused.communicate(timeout=10)
    assert (refused.returncode, errors) == (1, "keep-busy: cuInit(0): CUDA_ERROR_NO_DEVICE\n")
